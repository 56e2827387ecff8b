"""Which target, floor and expected range a figure is judged by: those of its own period.

A figure of 2023/24 Q4 that the report of 2024/25 Q1 shows is judged by what was set for 2023/24. Where
nothing was set, by what a document prints beside that very figure, else by what the report's year has.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from kpi_core import exact
from kpi_core.fields import FIGURE
from kpi_core.words import Polarity

TARGETS = ["target", "target_high", "floor", "floor_high"]
_RANGE = ["lower", "upper"]


class Whose(StrEnum):
    """Whose target or range a figure is judged by."""

    OWN = "own"  #: set for the period of the figure, or for its year
    PRINTED = "printed"  #: printed by a document beside that very figure
    REPORT_YEAR = "report_year"  #: set for the year of the report that shows it


#: What a document prints of a figure: see `with_targets`.
PRINTED: dict[str, pl.DataType | type[pl.DataType]] = {
    "indicator": pl.String, "basis": pl.String, "period": pl.String, "printed_value": FIGURE,
    "printed_target": FIGURE, "printed_floor": FIGURE, "printed_year": pl.String,
}  # fmt: skip
_NOTHING_PRINTED = pl.DataFrame(schema=PRINTED)


def with_targets(
    frame: pl.DataFrame, targets: pl.DataFrame, printed: pl.DataFrame = _NOTHING_PRINTED
) -> pl.DataFrame:
    """Add target, target_high, floor, floor_high, target_basis (a Whose) and target_year String.

    Takes frame with indicator, period and own_year (the financial year of the period), optionally
    report_year (null where that of the report does not count) and also (another name of the period); rows of the table `targets`; and what
    documents print, with the columns of PRINTED, the first to count first. That is looked at only in a
    frame that also has basis, value, decimals and polarity. Only a set target counts; its row is taken whole.
    All four figures, target_basis and target_year are null where no target is known.
    """
    is_set = pl.col("status").cast(pl.String) == "set"
    aims = pl.any_horizontal(pl.col("target", "target_high").is_not_null())
    found = in_force(frame, targets.filter(is_set & aims), TARGETS, "target")
    return _with_printed(found, printed) if printed.height else found


#: The floors as they are set, beside the limits of Amber by an organisation's rule.
SET_FLOORS = ("set_floor", "set_floor_high")


def with_set_floors(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep floor and floor_high, which `rating.with_bands` replaces by its limits, as SET_FLOORS."""
    return frame.with_columns(set_floor="floor", set_floor_high="floor_high")


def with_thresholds(frame: pl.DataFrame, thresholds: pl.DataFrame, basis: str) -> pl.DataFrame:
    """Add lower, upper, range_basis (a Whose) and range_year: the expected range on that basis.

    Takes the same frame as `with_targets`; rows of the table `thresholds`.
    """
    on_basis = pl.col("basis").cast(pl.String) == basis
    known = pl.any_horizontal(pl.col(_RANGE).is_not_null())
    return in_force(frame, thresholds.filter(on_basis & known), _RANGE, "range")


def in_force(
    frame: pl.DataFrame, rows: pl.DataFrame, columns: list[str], what: str
) -> pl.DataFrame:
    """Join the row for the period itself, else for the whole of its year, else of the report's.

    Takes frame as `with_targets` does; rows with indicator, year, period (empty for the whole year) and
    `columns`. Adds these, and `what`_basis and `what`_year.
    """
    row = pl.struct(columns)
    of_period = rows.filter(pl.col("period") != "").select("indicator", "period", by_period=row)
    whole = rows.filter(pl.col("period") == "").select("indicator", "year", row.alias("row"))
    if "report_year" not in frame.columns:
        frame = frame.with_columns(report_year=pl.lit(None, pl.String))
    joined = frame.join(of_period, on=["indicator", "period"], how="left", maintain_order="left")
    if "also" in frame.columns:
        other = of_period.rename({"period": "also", "by_period": "by_other"})
        joined = (
            joined.join(other, on=["indicator", "also"], how="left", maintain_order="left")
            .with_columns(pl.coalesce("by_period", "by_other"))
            .drop("by_other")
        )
    for year in ("own_year", "report_year"):
        of_year = whole.select(
            "indicator", pl.col("year").alias(year), pl.col("row").alias(f"by_{year}")
        )
        joined = joined.join(of_year, on=["indicator", year], how="left", maintain_order="left")
    found = pl.coalesce("by_period", "by_own_year", "by_report_year")
    own = pl.any_horizontal(pl.col("by_period", "by_own_year").is_not_null())
    reports = pl.col("by_report_year").is_not_null()
    return joined.with_columns(
        *(found.struct.field(name).alias(name) for name in columns),
        pl.when(own)
        .then(pl.lit(Whose.OWN))
        .when(reports)
        .then(pl.lit(Whose.REPORT_YEAR))
        .alias(f"{what}_basis"),
        pl.when(own).then("own_year").when(reports).then("report_year").alias(f"{what}_year"),
    ).drop("by_period", "by_own_year", "by_report_year", "report_year")


def _with_printed(found: pl.DataFrame, printed: pl.DataFrame) -> pl.DataFrame:
    """What stands beside the very figure, where nothing was set for its own period or year."""
    places = pl.col("decimals")
    own = found.with_row_index("line").select(
        "line", "indicator", "basis", "period", "value", "decimals",
        *(["also"] if "also" in found.columns else []),
    )  # fmt: skip
    named = [own.select(pl.exclude("also"))]
    if "also" in own.columns:
        named.append(own.with_columns(period="also").select(pl.exclude("also")))
    beside = (
        pl.concat(named)
        .unique(maintain_order=True)
        .join(printed, on=["indicator", "basis", "period"], maintain_order="left_right")
        .filter(
            exact.shown(pl.col("value"), places) == exact.shown(pl.col("printed_value"), places)
        )
        .unique("line", keep="first", maintain_order=True)
        .select("line", "printed_target", "printed_floor", "printed_year")
    )
    joined = found.with_row_index("line").join(beside, on="line", how="left", maintain_order="left")
    # Documents print one figure as target; of a range that is only its lower end.
    is_range = pl.col("polarity").cast(pl.String) == Polarity.RANGE
    not_own = pl.col("target_basis").fill_null("") != Whose.OWN
    takes = pl.col("printed_target").is_not_null() & not_own & ~is_range
    given = {
        "target": pl.col("printed_target"), "floor": pl.col("printed_floor"),
        "target_basis": pl.lit(Whose.PRINTED), "target_year": pl.col("printed_year"),
    }  # fmt: skip
    upper = {name: pl.lit(None, FIGURE) for name in ("target_high", "floor_high")}
    return joined.with_columns(
        pl.when(takes).then(value).otherwise(name).alias(name)
        for name, value in (given | upper).items()
    ).drop("line", "printed_target", "printed_floor", "printed_year")
