"""Faults in what figures are judged by: targets, floors, definitions and the periods they cover."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from kpi_core.figures import Figures
from kpi_core.periods import calendar, with_calendar
from kpi_core.quality.facts import Row, defined, said, told, words
from kpi_core.words import FigureBasis, Kind, Polarity

#: A year's targets are there when this share of a report's KPIs has one.
MOST = 0.5
#: Indicators with a figure at which a period has come.
COME = 2


def floor_beyond_target(figures: Figures) -> pl.DataFrame:
    """Floors on the better side of their target, set or proposed: an error for each.

    Such a KPI can never be Amber, and may be Green below its minimum. Judged by the definition in
    force when the target begins to hold. What a document prints is judged as well, by the
    definition under which the same document gives the KPI's latest figure: that is the measure its
    reader has before him. Where target and floor are the same, nothing is said: such a KPI is met
    or missed, which is a choice. (The floors of a range are checked on the way in.)
    """
    year_start = figures.year_start
    set_rows = figures.targets.with_columns(
        pl.col("status").cast(pl.String),
        about=pl.when(pl.col("period") == "").then("year").otherwise("period"),
    ).filter(pl.col("target").is_not_null())
    dated = with_calendar(set_rows.drop("period", "year").rename({"about": "period"}), year_start)
    held = defined(dated, figures)
    wrong = held.filter(_beyond())

    def sentence(row: Row) -> str:
        proposed = "proposed " if row["status"] == "proposed" else ""
        return (
            f"{row['name']}: the {proposed}floor for {words(row['period'], year_start)}, "
            f"{said(_floor(row), row['unit'])}, lies on the better side of the target, "
            f"{said(row['target'], row['unit'])}: {_better(row)}."
        )

    ordered = wrong.sort("indicator", "first_month")
    return pl.concat(
        [told(ordered, "floor_beyond_target", "error", sentence), _as_printed(figures, wrong)]
    )


def _beyond() -> pl.Expr:
    better = pl.col("polarity")
    floor, high, target = pl.col("floor"), pl.col("floor_high"), pl.col("target")
    return (
        pl.when(better == Polarity.HIGHER)
        .then(floor > target)
        .when(better == Polarity.LOWER)
        .then(floor < target)
        .when(better == Polarity.TARGET)
        .then((floor > target).fill_null(value=False) | (high < target).fill_null(value=False))
        .otherwise(pl.lit(value=False))
        .fill_null(value=False)
    )


def _floor(row: Row) -> Decimal:
    """The floor that lies wrong: of two, the one on the far side of the target."""
    high: Decimal | None = row["floor_high"]
    floor: Decimal = row["floor"]
    above = high is not None and row["polarity"] == Polarity.TARGET and high < row["target"]
    return high if above and high is not None else floor


def _better(row: Row) -> str:
    return {
        str(Polarity.HIGHER): "higher is better, so the floor must be below it",
        str(Polarity.LOWER): "lower is better, so the floor must be above it",
    }.get(str(row["polarity"]), "the closest is best, so the floors must enclose it")


def _as_printed(figures: Figures, known: pl.DataFrame) -> pl.DataFrame:
    """The same for what documents print, save what is told of the targets already."""
    whole = with_calendar(figures.published.filter(pl.col("breakdown") == ""), figures.year_start)
    of_document = ["document", "indicator"]
    latest = (
        whole.filter(pl.col("value").is_not_null())
        .sort("end_month")
        .unique(of_document, keep="last", maintain_order=True)
        .select(*of_document, "first_month", about="period", figure="value", figure_source="source")
    )
    printed = whole.filter(pl.col("target").is_not_null() & pl.col("floor").is_not_null()).select(
        *of_document, "period", "year", "target", "floor", "source",
        floor_high=pl.lit(None, pl.Decimal(18, 6)),
    )  # fmt: skip
    judged = defined(printed.join(latest, on=of_document, how="inner"), figures)
    wrong = (
        judged.filter(_beyond() & pl.col("polarity").is_in(["higher", "lower"]))
        .join(known.select("indicator", "year"), on=["indicator", "year"], how="anti")
        .sort("document", "indicator", "period")
        .unique([*of_document, "year", "target", "floor"], keep="first", maintain_order=True)
    )

    def sentence(row: Row) -> str:
        return (
            f"{row['name']}: document {row['document']} prints {said(row['figure'], row['unit'])} for "
            f"{words(row['about'], figures.year_start)} beside a target of {said(row['target'], row['unit'])} "
            f"and a floor of {said(row['floor'], row['unit'])}, which lies on the better side of the "
            f"target: {_better(row)}."
        )

    return told(wrong, "floor_beyond_target", "error", sentence, ["source", "figure_source"])


def kpi_without_target(figures: Figures) -> pl.DataFrame:
    """KPIs in a year's framework that have no row of targets, not even a "to be confirmed".

    A warning for each. Only of reports and years of which at least half of the KPIs have one: of
    others the targets are not held at all.
    """
    years = calendar(figures.placements["year"].to_list(), figures.year_start).select(
        "first_month", year="period"
    )
    placed = figures.placements.select("report", "year", "indicator", "section", "source").join(
        years, on="year", how="left"
    )
    kpis = defined(placed, figures).filter(pl.col("kind") == Kind.KPI)
    aimed = (
        figures.targets.select("indicator", "year").unique().with_columns(aimed=pl.lit(value=True))
    )
    known = kpis.join(aimed, on=["indicator", "year"], how="left").with_columns(
        pl.col("aimed").fill_null(value=False)
    )
    share = pl.col("aimed").mean().over("report", "year")
    lacking = known.filter(~pl.col("aimed") & (share >= MOST)).sort("year", "report", "indicator")

    def sentence(row: Row) -> str:
        return (
            f"{row['name']}: a KPI of the framework {row['year']} ({row['section']}) without a target, "
            "and without a word that it is to be confirmed."
        )

    return told(
        lacking.unique(["indicator", "year"], keep="first", maintain_order=True).with_columns(
            period="year"
        ),
        "kpi_without_target",
        "warning",
        sentence,
    )


def overlapping_definitions(figures: Figures) -> pl.DataFrame:
    """Definitions that end after the next one begins, or before they begin: a warning for each."""
    rows = figures.indicators
    dates = calendar([p for p in [*rows["from"], *rows["to"]] if p], figures.year_start)
    begins = dates.select(pl.col("period").alias("from"), starts="first_month")
    ends = dates.select(pl.col("period").alias("to"), stops="end_month")
    dated = (
        rows.join(begins, on="from", how="left")
        .join(ends, on="to", how="left")
        .sort("indicator", "starts")
        .with_columns(
            next_from=pl.col("from").shift(-1).over("indicator"),
            next_starts=pl.col("starts").shift(-1).over("indicator"),
        )
    )
    turned = pl.col("stops") <= pl.col("starts")
    wrong = dated.filter(turned | (pl.col("stops") > pl.col("next_starts")))

    def sentence(row: Row) -> str:
        return f"{row['name']}: the definition from {row['from']} holds to {row['to']}, " + (
            "which is before it begins."
            if row["stops"] <= row["starts"]
            else f"but another one holds from {row['next_from']}: the two overlap."
        )

    return told(wrong.with_columns(period="from"), "overlapping_definitions", "warning", sentence)


def after_end(figures: Figures, known: pl.DataFrame) -> pl.DataFrame:
    """Figures of a period that begins after the last definition of their indicator has ended.

    A warning for each. `known` is what `facts.observed` returns.
    """
    rows = figures.indicators
    ends = calendar([p for p in rows["to"] if p], figures.year_start).select(
        to="period", stops="end_month"
    )
    begins = calendar(rows["from"].to_list(), figures.year_start).select(
        pl.col("period").alias("from"), starts="first_month"
    )
    last = (
        rows.join(begins, on="from", how="left")
        .sort("indicator", "starts")
        .unique("indicator", keep="last", maintain_order=True)
        .join(ends, on="to", how="inner")
        .select("indicator", "to", "stops")
    )
    late = known.join(last, on="indicator", how="inner", maintain_order="left").filter(
        pl.col("first_month") >= pl.col("stops")
    )

    def sentence(row: Row) -> str:
        return (
            f"{row['label']}: there is a figure for {words(row['period'], figures.year_start)}, "
            f"{said(row['value']) if row['value'] is not None else 'in parts'}, although the indicator "
            f"ended with {row['to']}."
        )

    return told(late, "after_end", "warning", sentence)


def future(known: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """Figures of a period that begins after all others have ended: an error for each.

    Figures have come up to the end of the last period in which at least two indicators have one.
    The very next period may have its first figure from one indicator before the others; a later
    one leaves a gap, and its year or month is likely to be mistyped. Figures for a whole year
    count from its beginning. `known` is what `facts.observed` returns.
    """
    ends = known.group_by("end_month").agg(n=pl.col("indicator").n_unique())
    come = ends.filter(pl.col("n") >= COME)["end_month"].max()
    if come is None:  # nothing to compare with
        come = known["end_month"].max()
    early = known.filter(
        (pl.col("first_month") > pl.lit(come, pl.Int32)) & (pl.col("basis") == FigureBasis.PERIOD)
    )
    up_to = known.filter(pl.col("end_month") == pl.lit(come, pl.Int32))["period"].first()

    def sentence(row: Row) -> str:
        return (
            f"{row['label']}: there is a figure for {words(row['period'], year_start)}, although those "
            f"of other indicators end with {words(str(up_to), year_start)}."
        )

    return told(early, "future", "error", sentence)
