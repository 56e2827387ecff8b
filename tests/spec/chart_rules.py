"""Checks for the page about charts: how far an axis reaches."""

from __future__ import annotations

import polars as pl

from kpi_core import plots
from kpi_core.charts import CARD
from kpi_core.palette import LIGHT
from kpi_core.wording import PLAIN
from kpi_core.words import Kind
from tests.tables import Cells

_LIMITS = {"Target": "target_from", "Floor": "floor_from", "Lower": "lower", "Upper": "upper"}


def axis(case: Cells) -> None:
    figures = [float(one) for one in case["Figures"].split(", ")]
    limits = {
        column: None if case[name] == "–" else float(case[name]) for name, column in _LIMITS.items()
    }
    points = pl.DataFrame(
        [
            {
                "place": place,
                "period": f"{2000 + place}",
                "label": f"{2000 + place}",
                "value": value,
            }
            for place, value in enumerate(figures)
        ]
    ).with_columns(pl.lit(value, pl.Float64).alias(name) for name, value in limits.items())
    kind = Kind.ACTIVITY if limits["lower"] is not None else Kind.KPI
    drawn = plots.plot_of(
        plots.rows_of(points), kind, CARD, LIGHT, unit=case["Unit"], wording=PLAIN
    ).axis
    assert (f"{drawn.low:.7g}", f"{drawn.high:.7g}") == (case["From"], case["To"])


CHECKS = {("charts", "How much an axis spans at least"): axis}
