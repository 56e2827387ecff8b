"""The framework of a financial year, with last year's actuals and what changed since.

Where both years are held, the change is worked out from placements, definitions and targets. Of a
year before a council's first framework often nothing is known but what was removed; then the marks
of the definitions (`lifecycle`) say what is new, moved or revised.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from kpi_core import exact, registry, series, standards
from kpi_core.figures import Figures
from kpi_core.framework.printed import as_listed, documents
from kpi_core.periods import Period, calendar
from kpi_core.words import Basis, Kind

#: What stands in the CSV, in this order.
COLUMNS = [
    "indicator", "name", "section", "kind", "actual", "actual_period", "target", "floor",
    "previous_target", "previous_floor", "lifecycle",
]  # fmt: skip


class Lifecycle(StrEnum):
    """What happened to an indicator between two frameworks."""

    NEW = "new"
    REMOVED = "removed"
    MOVED = "moved"
    REVISED = "revised"
    NONE = ""


_LIMITS = standards.TARGETS
#: Which target of a year the framework shows, where there are several.
_STATUSES = ("set", "proposed", "tbc")


def framework(figures: Figures, report: str, year: Period) -> pl.DataFrame:
    """Every KPI and activity indicator of a report's year, and those removed since the year before.

    In the report's order. Returns the COLUMNS (actual as displayed, Decimal; kind and lifecycle
    String) and actual_basis (published: a document of the year prints it; computed; null without
    one), status (of the target: set, proposed, tbc; null where there is none), target_period (empty
    for the whole year), target_high, floor_high, previous_status, previous_target_high,
    previous_floor_high, lifecycle_basis (computed, or published where only marks tell), unit,
    decimals, polarity, frequency, section_order, order, series_start.
    """
    printed = as_listed(figures, report, year)
    before = year.shift(-1)
    placed = everywhere = _charted(printed, report, year)
    if printed is not figures:
        placed = _named_as_listed(placed, figures, printed, year)
        everywhere = _charted(figures, report, year)
    placed_before = _charted(printed, report, before)
    removed = placed_before.join(everywhere, on="indicator", how="anti")
    both = pl.concat(
        [
            placed.with_columns(is_removed=pl.lit(value=False)),
            _in_order_of(removed, placed).with_columns(is_removed=pl.lit(value=True)),
        ]
    )
    now = _targets(printed.targets, year, both).rename({"period": "target_period"})
    earlier = _targets(printed.targets, before, both).drop("period")
    limits = now.join(
        earlier.rename({name: f"previous_{name}" for name in (*_LIMITS, "status")}),
        on="indicator",
    )
    actuals = _actuals(figures, printed, report, year, both)
    then = placed_before.select("indicator", section_then="section", kind_then="kind")
    joined = (
        both.join(limits, on="indicator", how="left")
        .join(actuals, on="indicator", how="left")
        .join(then, on="indicator", how="left")
    )
    gone = pl.col("is_removed")
    return (
        _with_lifecycle(joined, printed, report, year, placed, held=_is_whole(placed_before))
        .with_columns(
            pl.when(~gone).then(name).alias(name) for name in (*_LIMITS, "status", "target_period")
        )
        .sort("section_order", "order", "is_removed", "indicator", nulls_last=True)
        .select(
            *COLUMNS, "actual_basis", "status", "target_period", "target_high", "floor_high",
            "previous_status", "previous_target_high", "previous_floor_high", "lifecycle_basis",
            "unit", "decimals", "polarity", "frequency", "section_order", "order", "series_start",
        )
    )  # fmt: skip


def kpis(listed: pl.DataFrame) -> pl.DataFrame:
    """The rows of a framework that are KPIs in force: those whose targets can be set."""
    return listed.filter((pl.col("kind") == Kind.KPI) & (pl.col("lifecycle") != Lifecycle.REMOVED))


def is_held(figures: Figures, report: str, year: Period) -> bool:
    """Whether more is known of a year's framework than what the next year removed."""
    return _is_whole(_charted(figures, report, year))


def _is_whole(placed: pl.DataFrame) -> bool:
    return not placed.filter(pl.col("lifecycle") != Lifecycle.REMOVED).is_empty()


def _charted(figures: Figures, report: str, year: Period) -> pl.DataFrame:
    """The KPIs and activity indicators of a year; kind and polarity as text."""
    placed = registry.placed(figures, report, year).with_columns(
        pl.col("kind", "polarity").cast(pl.String)
    )
    return placed.filter(pl.col("kind") != Kind.TABLE)


def _named_as_listed(
    placed: pl.DataFrame, figures: Figures, printed: Figures, year: Period
) -> pl.DataFrame:
    """Where the document lists a definition that has since been replaced, its name goes with it."""
    known = registry.definitions(figures.indicators, year).select("indicator", known="from")
    listed = registry.definitions(printed.indicators, year).select(
        "indicator", listed="from", listed_name="name"
    )
    return (
        placed.join(known, on="indicator", how="left", maintain_order="left")
        .join(listed, on="indicator", how="left", maintain_order="left")
        .with_columns(
            name=pl.when(pl.col("known") != pl.col("listed")).then("listed_name").otherwise("name")
        )
        .drop("known", "listed", "listed_name")
    )


def _in_order_of(removed: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Indicators of the year before, their sections in the order of this year where it has them."""
    order = placed.select("section", here="section_order").unique()
    return (
        removed.join(order, on="section", how="left", maintain_order="left")
        .with_columns(section_order=pl.coalesce("here", "section_order"))
        .drop("here")
    )


def _targets(targets: pl.DataFrame, year: Period, asked: pl.DataFrame) -> pl.DataFrame:
    """One target a KPI: indicator, status, period, target, target_high, floor, floor_high.

    A set one before a proposed one before one to be agreed; the whole year's before that of a
    period, and among periods the last, which is where the year is to end.
    """
    kpis = asked.filter(pl.col("kind") == Kind.KPI).select("indicator")
    ends = calendar([p for p in targets["period"].to_list() if p], year.year_start)
    rank = pl.col("status").replace_strict(
        {status: place for place, status in enumerate(_STATUSES)}, return_dtype=pl.Int8
    )
    chosen = (
        targets.filter(pl.col("year") == str(year))
        .with_columns(pl.col("status").cast(pl.String))
        .join(ends.select("period", "end_month"), on="period", how="left")
        .sort(rank, "end_month", descending=[False, True], nulls_last=False)
        .unique("indicator", keep="first", maintain_order=True)
    )
    columns = ["status", "period", *_LIMITS]
    return asked.select("indicator").join(
        chosen.join(kpis, on="indicator").select("indicator", *columns), on="indicator", how="left"
    )


def _actuals(
    figures: Figures, printed: Figures, report: str, year: Period, asked: pl.DataFrame
) -> pl.DataFrame:
    """Last year's actual of each indicator: indicator, actual, actual_period, actual_basis.

    As the year's own document prints it, where it prints any; else the figure that a report at the
    end of last year shows.
    """
    before = year.shift(-1)
    of_year = documents(figures, report, year)["document"].implode()
    rows = figures.published.filter(
        pl.col("document").is_in(of_year)
        & (pl.col("breakdown") == "")
        & (pl.col("basis").cast(pl.String) == "period")
        & pl.col("value").is_not_null()
    )
    dated = rows.join(calendar(rows["period"].to_list(), year.year_start), on="period")
    paper = dated.filter(pl.col("year") == str(before)).sort("end_month", "place")
    if not paper.is_empty():
        return paper.unique("indicator", keep="last", maintain_order=True).select(
            "indicator",
            actual="value",
            actual_period="period",
            actual_basis=pl.lit(Basis.PUBLISHED),
        )
    then = registry.definitions(printed.indicators, before).select(
        "indicator", *registry.DEFINITION
    )
    of_then = asked.select("indicator", "frequency", "months").join(then, on="indicator")
    lookup = of_then.with_columns(pl.col("arrears").fill_null(0))
    history = series.points(figures.observations, lookup, year.year_start)
    return (
        series.shown(history, before)
        .filter(pl.col("value").is_not_null())
        .select(
            "indicator",
            actual=exact.shown(pl.col("value"), pl.col("decimals")),
            actual_period="period",
            actual_basis=pl.lit(Basis.COMPUTED),
        )
    )


def _with_lifecycle(
    rows: pl.DataFrame,
    figures: Figures,
    report: str,
    year: Period,
    placed: pl.DataFrame,
    *,
    held: bool,
) -> pl.DataFrame:
    """Add lifecycle and lifecycle_basis; `held` says whether the year before is known (`is_held`)."""
    moved = (pl.col("kind") != pl.col("kind_then")) | (
        (pl.col("section") != pl.col("section_then"))
        & pl.col("section_then").is_in(placed["section"].unique().implode())
    )
    started = (pl.col("series_start") >= year.first_month) & (
        pl.col("series_start") < year.end_month
    )
    differs = pl.any_horizontal(
        pl.col(name) != pl.col(f"previous_{name}") for name in _LIMITS
    ).fill_null(value=False)
    worked_out = (
        pl.when(pl.col("kind_then").is_null())
        .then(pl.lit(Lifecycle.NEW))
        .when(moved.fill_null(value=False))
        .then(pl.lit(Lifecycle.MOVED))
        .when(started | differs)
        .then(pl.lit(Lifecycle.REVISED))
        .otherwise(pl.lit(Lifecycle.NONE))
    )
    marked = (
        pl.when(pl.col("mark") != "")
        .then("mark")
        .when(differs)
        .then(pl.lit(Lifecycle.REVISED))
        .otherwise(pl.lit(Lifecycle.NONE))
    )
    if not held:
        rows = rows.join(_marks(figures, report, year), on="indicator", how="left")
    return rows.with_columns(
        lifecycle=pl.when("is_removed")
        .then(pl.lit(Lifecycle.REMOVED))
        .otherwise(worked_out if held else marked),
        lifecycle_basis=pl.lit(Basis.COMPUTED if held else Basis.PUBLISHED),
    )


def _marks(figures: Figures, report: str, year: Period) -> pl.DataFrame:
    """What definitions say of themselves in a year: indicator, mark (new, moved, revised or null).

    The mark belongs to the year in which the definition begins; that of a new indicator also to the
    first year in which the report places it, since its figures may reach further back.
    """
    first = (
        figures.placements.filter(pl.col("report") == report)
        .group_by("indicator")
        .agg(first_year=pl.col("year").min())
    )
    starts = calendar(figures.indicators["from"].to_list(), year.year_start).select(
        pl.col("period").alias("from"), begins="year"
    )
    defined = registry.definitions(figures.indicators, year)
    begins_here = pl.col("begins") == str(year)
    placed_first = (pl.col("lifecycle") == Lifecycle.NEW) & (pl.col("first_year") == str(year))
    of_change = pl.col("lifecycle").is_in([Lifecycle.NEW, Lifecycle.MOVED, Lifecycle.REVISED])
    return (
        defined.join(starts, on="from", how="left")
        .join(first, on="indicator", how="left")
        .select(
            "indicator",
            mark=pl.when(of_change & (begins_here | placed_first)).then("lifecycle"),
        )
    )
