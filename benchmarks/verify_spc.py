"""Holds XmR charts against the NHS-R community's package: make verify-spc SOURCE=folder.

SOURCE/cases.json has cases of NHSRplotthedots with what the package gave; SOURCE/ae_attendances.csv
has the 428 series of which the NHS draws such charts. Every case must hold; on every series limits
and causes, screened and plain, must be those of an oracle of plain loops and fractions. What differs
is printed, a count last; exit code 1 if anything did.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks import attendances
from kpi_core import runs, spc, xmr
from kpi_core.spc import Assurance, Cause, Variation
from tests.oracle import xmr as oracle

Case = dict[str, Any]

#: The package's words for ours.
CAUSES = {
    Cause.ABOVE: "Above UCL",
    Cause.BELOW: "Below LCL",
    Cause.RISING: "7 Point Trend (Increasing)",
    Cause.FALLING: "7 Point Trend (Decreasing)",
    Cause.NEAR_UPPER: "2 in 3 Above CL",
    Cause.NEAR_LOWER: "2 in 3 Below CL",
    Cause.HIGH: "7 Points Above CL",
    Cause.LOW: "7 Points Below CL",
    Cause.COMMON: "Common Cause",
}
VARIATIONS = {
    Variation.IMPROVEMENT: "special_cause_improvement",
    Variation.CONCERN: "special_cause_concern",
    Variation.HIGHER: "special_cause_neutral_high",
    Variation.LOWER: "special_cause_neutral_low",
    Variation.COMMON: "common_cause",
}
ASSURANCES = {
    Assurance.MET: "consistent_pass",
    Assurance.MISSED: "consistent_fail",
    Assurance.HIT_AND_MISS: "inconsistent",
}
POLARITIES = {"increase": "higher", "decrease": "lower", "neutral": "none"}


def points(figures: Sequence[float], baseline: int | None = None) -> pl.DataFrame:
    """One series as `spc` takes it; limits are made from the first so many figures."""
    count = len(figures)
    return pl.DataFrame(
        {
            "indicator": ["A"] * count,
            "stage": pl.Series([0] * count, dtype=pl.UInt32),
            "x": list(range(count)),
            "value": pl.Series(figures, dtype=pl.Float64),
            "in_baseline": [place < (baseline or count) for place in range(count)],
        }
    )


def one(count: int) -> runs.Block:
    """A block of a single series."""
    return runs.Block(slice(0, 1), slice(0, count), np.array([count]))


def signs(marks: Sequence[int]) -> xmr.Signs:
    """Marks of +1, 0 and −1."""
    return np.array(marks, dtype=np.int8)


def words(found: xmr.Signals) -> list[str]:
    """The causes of these signals, in the package's words."""
    return [CAUSES[list(Cause)[code]] for code in spc.first_cause(found)]


def varied(causes: Sequence[str], direction: str) -> list[str]:
    """What causes, in the package's words, mean where this direction is better."""
    ours = {theirs: cause for cause, theirs in CAUSES.items()}
    frame = pl.DataFrame({"cause": [str(ours[cause]) for cause in causes]})
    found = frame.select(spc.variation(pl.col("cause"), pl.lit(POLARITIES[direction])))
    return [VARIATIONS[Variation(variation)] for variation in found.to_series()]


def close(found: float, expected: float, digits: float) -> bool:
    """Whether two figures agree to so many significant digits, or a fraction of 1."""
    return abs(found - expected) <= digits * max(abs(expected), 1)


def limits_agree(case: Case) -> bool:
    """Limits to 1e-9 of the package's run and as its tests print them, and the type of each point."""
    figures, options = case["input"]["y"], case["input"]["options"]
    series, block = points(figures, options.get("fix")), one(len(figures))
    screened = options["so"]
    frame = spc.limits(series, screened=screened).row(0, named=True)
    found = {"mean": frame["mean"], "lpl": frame["lower"], "upl": frame["upper"]}
    run, printed = (
        case["expected_full_precision_from_package_run"],
        case["expected_printed_in_source"],
    )
    value, base = (series[name].to_numpy() for name in ("value", "in_baseline"))
    told = words(xmr.signals(block, value, xmr.limits(block, value, base, screened=screened)))
    types = varied(told, "increase")
    return (
        all(close(found[name], run[name], 1e-9) for name in found)
        and all(
            close(found[name], of, 5e-3) for name, of in (printed or {}).items() if name in found
        )
        and frame["enough"] == (frame["n"] >= spc.SPC_MINIMUM_POINTS)
        and told == run["special_cause_type"]
        and types == run["point_type"]
        and types[-2:] == (printed or {}).get("last_two_point_type", types[-2:])
        and types.count("common_cause")
        == (printed or {}).get("common_cause", types.count("common_cause"))
    )


def at_each_end(mark: Callable[[int], Any], count: int) -> list[int]:
    """A rule of the package that marks the last of seven: ours, asked of what came until then."""
    return [int(mark(place + 1)) for place in range(count)]


def helper_agrees(case: Case) -> bool:
    """The package's helpers mark the seventh point, then all seven; our rules mark all at once."""
    first, *more = case["input"]
    count = len(first)
    found: list[int] = []
    match case["fn"]:
        case "ptd_seven_point_one_side_mean":
            side = signs(first)
            found = at_each_end(lambda end: xmr.one_side(one(end), side[:end])[-1], count)
        case "ptd_seven_point_trend":
            figures = np.array(first, dtype=float)
            found = at_each_end(lambda end: xmr.trends(one(end), figures[:end])[-1], count)
        case "ptd_part_of_seven_trend":
            found = xmr.one_side(one(count), sides_of(first)).astype(int).tolist()
        case "ptd_two_in_three":
            close = np.array(first, dtype=bool)
            found = xmr.in_three(one(count), close, signs(more[0])).astype(int).tolist()
        case "ptd_part_of_two_in_three":
            marks = [np.array(flags, dtype=bool) for flags in case["input"]]
            found = xmr.two_of_three(*marks).astype(int).tolist()
    return bool(found == case["expected"])


def sides_of(marks: Sequence[int]) -> xmr.Signs:
    """A series of sides in which just the marked points are the seventh or later of a row."""
    side = [0] * len(marks)
    for place, mark in enumerate(marks):
        if mark:
            side[place - 6 : place + 1] = [mark] * 7
    return signs(side)


def precedence_agrees(case: Case) -> bool:
    """Which rule names a point that several mark."""
    flags = case["input_flags"]
    side, step = signs(flags["relative_to_mean"]), 1 if flags["y"][-1] > flags["y"][0] else -1
    marked = {name: np.abs(signs(marks)) for name, marks in flags.items()}
    found = xmr.Signals(
        outside=side * marked["outside"],
        trend=signs([step]) * marked["part_7_trend"],
        two_of_three=side * marked["part_2_in_3"],
        one_side=side * marked["part_7_one_side"],
    )
    return bool(words(found) == case["expected"])


def assurance_agrees(case: Case) -> bool:
    """Limits and a target."""
    given, polarity = case["input"], POLARITIES[case["improvement_direction"]]
    target = pl.lit(given["target"], dtype=pl.Float64)
    none = pl.lit(None, dtype=pl.Float64)
    ends = {"higher": (target, none), "lower": (none, target), "none": (none, none)}[polarity]
    frame = pl.DataFrame({"lower": given["lpl"], "upper": given["upl"]})
    found = frame.select(spc.assurance(pl.col("lower"), pl.col("upper"), *ends)).to_series()
    told = [None if one is None else ASSURANCES[Assurance(one)] for one in found]
    return bool(told == case["expected"])


def few_agree(case: Case) -> bool:
    """Which numbers of points are too few."""
    warned = [not spc.limits(points(range(count)))["enough"].item() for count in case["input"]["n"]]
    return bool(warned == case["expected"])


def stages_agree(case: Case) -> bool:
    """Where the chart is re-based, in days since the first."""
    days = [date[-2:] for date in case["input"]["rebase"]]
    rows = pl.DataFrame({"indicator": "A", "x": list(range(2, 12))})
    starts = pl.DataFrame({"indicator": "A", "x": [int(day) for day in days]})
    stage = spc.staged(rows, starts)["stage"]
    return bool(stage.diff().fill_null(0).cast(pl.Int64).to_list() == case["expected"])


def refusals_agree(case: Case) -> bool:
    """Two figures of one date, dates that are none, and figures that are none are refused."""
    series = points([1.0, 2.0])
    wrong = [
        series.with_columns(x=pl.lit(1)),
        series.with_columns(x=pl.lit("first")),
        series.with_columns(value=pl.lit("one")),
    ]
    return len(case["rules"]) == len(wrong) and all(map(refused, wrong))


def refused(series: pl.DataFrame) -> bool:
    """Whether a series raises an error that says why."""
    try:
        spc.chart(series)
    except (TypeError, ValueError):
        return True
    return False


CHECKS: dict[str, Callable[[Case], bool]] = {
    "xmr_limits": limits_agree,
    "special_cause_helper": helper_agrees,
    "special_cause_precedence": precedence_agrees,
    "point_type": lambda case: (
        varied(case["input"], case["improvement_direction"]) == case["expected"]
    ),
    "assurance": assurance_agrees,
    "short_group_warning": few_agree,
    "rebase": stages_agree,
    "validation": refusals_agree,
}


def wrong_cases(cases: Sequence[Case]) -> Iterator[str]:
    """The cases that do not hold."""
    for number, case in enumerate(cases, start=1):
        if not CHECKS[case["kind"]](case):
            name = case.get("name") or case.get("fn") or case.get("improvement_direction", "")
            yield f"cases.json, case {number}: {case['kind']} {name} does not hold"


def wrong_series(series: pl.DataFrame, *, screened: bool) -> Iterator[str]:
    """The series whose limits or causes are not those of the oracle, all charted at once."""
    placed = series.select(
        "indicator", "x", stage=pl.lit(0, pl.UInt32), in_baseline=pl.lit(value=True),
        value=pl.col("breaches").cast(pl.Float64),
    )  # fmt: skip
    charted = spc.chart(placed, screened=screened).partition_by(
        "indicator", as_dict=True, maintain_order=True
    )
    for row in spc.limits(placed, screened=screened).iter_rows(named=True):
        of_one = charted[row["indicator"],]
        figures = [Fraction(int(value)) for value in of_one["value"]]
        held = oracle.limits(figures, screened=screened)
        same = all(
            close(row[name], float(getattr(held, name)), 1e-9)
            for name in ("mean", "mean_range", "lower", "upper")
        )
        expected = oracle.causes(figures, held) if row["enough"] else [None] * len(figures)
        if not (
            same and row["left_out"] == held.left_out and of_one["cause"].to_list() == expected
        ):
            yield f"{row['indicator']}: not as the oracle has it ({screened=})"


def main() -> int:
    """Print what differs; 0 if nothing does."""
    source = Path(sys.argv[1])
    cases = json.loads((source / "cases.json").read_text(encoding="utf-8"))["cases"]
    series = attendances.read(source)
    wrong = [
        *wrong_cases(cases),
        *wrong_series(series, screened=True),
        *wrong_series(series, screened=False),
    ]
    kinds = Counter(case["kind"] for case in cases)
    print(
        "\n".join(
            [*wrong, f"Cases: {len(cases)} ({', '.join(f'{n} {k}' for k, n in kinds.items())})"]
        )
    )
    lengths = series.group_by("indicator").len()["len"]
    charted = (lengths >= spc.SPC_MINIMUM_POINTS).sum()
    print(
        f"Series: {len(lengths)}, screened and plain, {len(series):,} points; {charted} have "
        f"{spc.SPC_MINIMUM_POINTS} points or more and are judged point by point"
    )
    print(f"{len(wrong)} wrong")
    return 1 if wrong or not cases or series.is_empty() else 0


if __name__ == "__main__":
    sys.exit(main())
