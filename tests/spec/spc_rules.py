"""The tables of docs/rules/spc.md against the XmR charts of the core."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from benchmarks import steps as steps_benchmark
from kpi_core import outcomes, rating, spc, stable, steps
from kpi_core.fields import FIGURE
from tests.tables import Cells, limits, number


def series(cell: str, stages: Sequence[int] = (), baseline: int | None = None) -> pl.DataFrame:
    """The figures of a cell as `spc` takes them; a dot is a period without one."""
    figures = cell.split(", ")
    frame = pl.DataFrame(
        {
            "indicator": ["A"] * len(figures),
            "x": list(range(1, len(figures) + 1)),
            "value": [None if one == "·" else float(one) for one in figures],
        }
    ).with_columns(in_baseline=pl.col("x") <= (baseline or len(figures)))
    starts = pl.DataFrame(
        [("A", place) for place in stages],
        schema={"indicator": pl.String, "x": pl.Int64},
        orient="row",
    )
    return spc.staged(frame.filter(pl.col("value").is_not_null()), starts)


def told(chart: pl.DataFrame) -> str:
    """`1 to 7: 7 below the mean; 9: above the upper limit`, or `–`."""
    found = spc.stretches(chart).select("first", "last", "cause").rows()
    marked = [
        f"{first}: {cause}" if first == last else f"{first} to {last}: {cause}"
        for first, last, cause in found
    ]
    return "; ".join(marked) or "–"


def limits_of(case: Cells) -> None:
    screened = case["Form"] == "screened"
    found = spc.limits(series(case["Figures, oldest first"]), screened=screened).row(0, named=True)
    for column, name in (
        ("Mean", "mean"),
        ("Mean moving range", "mean_range"),
        ("Lower limit", "lower"),
        ("Upper limit", "upper"),
    ):
        assert f"{found[name]:.2f}" == f"{float(case[column]):.2f}", column
    assert found["left_out"] == int(case["Left out"])
    assert found["enough"]


def causes(case: Cells) -> None:
    chart = spc.chart(series(case["Figures, oldest first"]))
    assert told(chart) == case["Special causes, by number of the figure"]


def baseline(case: Cells) -> None:
    count = len(case["Baseline"].split(", "))
    after = series(f"{case['Baseline']}, {case['Figure after it']}", baseline=count)
    assert spc.chart(after)["cause"][-1] == case["Cause"]


def re_based(case: Cells) -> None:
    start = case["New limits from"]
    figures = series(case["Figures, oldest first"], [] if start == "–" else [int(start)])
    means = [f"{mean:g}" for mean in spc.limits(figures)["mean"]]
    assert ", ".join(means) == case["Means"]
    assert told(spc.chart(figures)) == case["Special causes, by number of the figure"]


def variation(case: Cells) -> None:
    frame = pl.DataFrame({"cause": [case["Cause"]]}, schema={"cause": spc.CAUSE})
    found = frame.select(spc.variation(pl.col("cause"), pl.lit(case["Better is"]))).item()
    assert found == case["It means"]


def assurance(case: Cells) -> None:
    target, target_high = limits(case["Target"])
    row = {
        "target": target, "target_high": target_high, "floor": None, "floor_high": None,
        "closeness": None, "lower": number(case["Lower limit"]), "upper": number(case["Upper limit"]),
    }  # fmt: skip
    frame = rating.with_bands(
        pl.DataFrame([row], schema_overrides=dict.fromkeys(row, FIGURE)).with_columns(
            polarity=pl.lit(case["Better is"])
        )
    )
    ends = (pl.col(name) for name in ("lower", "upper", "target_from", "target_to"))
    found = frame.select(spc.assurance(*ends)).item()
    assert (found or "–") == case["Assurance"]


def level_begins(case: Cells) -> None:
    figures = np.array([float(one) for one in case["Figures, oldest first"].split(", ")])
    found = [str(place + 1) for place in steps.new_levels(figures)]
    assert (", ".join(found) or "–") == case["A level begins with figure"]


def false_steps(case: Cells) -> None:
    kind = case.pop("Figures in all")
    for count, said in list(case.items())[:2]:
        # A fifth of the series that the page quotes: within three standard errors of them.
        share, series = float(said.rstrip("%")) / 100, steps_benchmark.SERIES // 5
        allowed = 3 * (max(share * (1 - share), 0.01) / series) ** 0.5
        assert abs(steps_benchmark.share_found(kind, int(count), series) - share) <= allowed


def displayed(case: Cells) -> None:
    target, decimals = number(case["Target"]), int(case["Decimals"])
    low, high = (target, None) if case["Better is"] == "higher" else (None, target)
    edges = [pl.lit(end, pl.Float64) for end in outcomes.as_displayed(low, high, decimals)]
    row = {name: float(case[f"{name.title()} limit"]) for name in ("lower", "upper")}
    found = pl.DataFrame([row]).select(spc.assurance(pl.col("lower"), pl.col("upper"), *edges))
    assert found.item() == case["Assurance"]


def stable_or_not(case: Cells) -> None:
    direction = case["Direction of travel"].replace("–", "")
    found = stable.Stretch(
        int(case["Figures"]),
        int(case["Special causes"]),
        case["Straight line"] == "trend",
        direction,
    )
    assert (found.reasons("Q1 2020/21") or "–") == case["Why it is not stable"]
    assert found.is_stable == (case["Why it is not stable"] == "–")


def remark(case: Cells) -> None:
    count, mean_range = int(case["Figures"]), float(case["Mean moving range"])
    rolling = case["Twelve months rolling"] == "yes"
    said = spc.remark(count, mean_range, f"{case['Each is a']}s", rolling=rolling)
    assert (said or "–") == case["What it says"]


CHECKS = {
    ("spc", "Limits"): limits_of,
    ("spc", "Special causes"): causes,
    ("spc", "A baseline"): baseline,
    ("spc", "Re-basing"): re_based,
    ("spc", "Step changes"): false_steps,
    ("spc", "Where a level begins"): level_begins,
    ("spc", "Better or worse"): variation,
    ("spc", "Assurance"): assurance,
    ("spc", "Held against the target as displayed"): displayed,
    ("spc", "Stable or not"): stable_or_not,
    ("spc", "Where there is nothing to chart"): remark,
}
