"""The tables of docs/rules/other-measures.md against the measures beside the direction of travel."""

from __future__ import annotations

import numpy as np
import polars as pl

from kpi_core import robust, season_aware, trend
from tests.tables import Cells


def measures(case: Cells) -> None:
    cells = case["Figures, oldest first"].split(", ")
    known = [(float(x), float(cell)) for x, cell in enumerate(cells) if cell != "·"]
    x, y = (np.array(column) for column in zip(*known, strict=True))
    line = trend.fit(pl.DataFrame({"indicator": "A", "x": x, "y": y}))
    slope = robust.theil_sen(x, y)
    assert slope is not None
    assert f"{line['p'].item():.3f}" == case["p of the published rule"]
    assert slope.slope == float(case["Theil–Sen slope"])
    assert f"{robust.mann_kendall(x, y):.3f}" == case["p by Mann–Kendall"]


def season(case: Cells) -> None:
    before = case["The year before"].removeprefix("–")
    cells = [
        cell
        for part in (before, case["Figures charted, oldest first"])
        if part
        for cell in part.split(", ")
    ]
    start = len(before.split(", ")) if before else 0
    x = np.array([place for place, cell in enumerate(cells) if cell != "·"], dtype=np.float64)
    y = np.array([float(cell) for cell in cells if cell != "·"])
    points = pl.DataFrame({"indicator": "A", "x": x, "y": y})
    line = trend.fit(points.filter(pl.col("x") >= start))
    assert f"{line['p'].item():.3f}" == case["p of the published rule"]
    found = season_aware.trend(x, y, {"quarter": 4, "month": 12}[case["Each is a"]], start)
    said = (f"{found.slope:.2f}", f"{found.p:.3f}") if found else ("–", "–")
    assert said == (case["Slope"], case["p where the season is allowed for"])


def smallest(case: Cells) -> None:
    line = pl.DataFrame(
        {"n": [int(case["Figures"])], "stderr": [float(case["Standard error of the slope"])]}
    )
    found = robust.detectable(line)["detectable"].item()
    assert f"{found:.2f}" == case["Smallest change a period"]


def lags(case: Cells) -> None:
    found = robust.lags(int(case["Figures"]), int(case["Figures that overlap"]))
    assert found == int(case["Lags"])


CHECKS = {
    ("other-measures", "Wild figures and gaps"): measures,
    ("other-measures", "The smallest change that would show"): smallest,
    ("other-measures", "Allowing for the season"): season,
    ("other-measures", "Lags of Newey–West"): lags,
}
