"""The executive summary: counts by section, and one plain sentence for each KPI."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from kpi_core import display
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.words import TRENDS, Basis, Direction, FigureBasis, Polarity, Rating

#: The counts of a summary, by column: which ratings and which directions.
RATINGS = {
    "green": Rating.GREEN, "amber": Rating.AMBER, "red": Rating.RED, "no_data": Rating.NO_DATA,
}  # fmt: skip
DIRECTIONS = {
    "improving": Direction.IMPROVING, "stable": Direction.STABLE, "worsening": Direction.WORSENING,
}  # fmt: skip
MEASURES = [*RATINGS, *DIRECTIONS]
TOTAL = "TOTAL"


def counts(scorecard: pl.DataFrame, figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """The summary table: ratings and directions by section, and the total.

    Ratings are counted from the scorecard. Directions too, unless the arrow of one of the section's
    KPIs is known only as a count: then the printed count of that section stands. Returns section
    String, the seven MEASURES Int64, not_rated Int64 (rated neither way), previous_ of each measure
    (null where it is not known), directions_basis.
    """
    kpis = scorecard.filter(pl.col("basis") == FigureBasis.PERIOD)
    sections = kpis.select("section", "section_order").unique(maintain_order=True)
    counted = _with_total(_count(kpis))
    printed = _printed(figures, report, at)
    table = pl.concat([sections.select("section"), pl.DataFrame({"section": [TOTAL]})])
    table = table.join(counted, on="section", how="left", maintain_order="left").join(
        printed, on="section", how="left", maintain_order="left"
    )
    lost = pl.col("not_printed") > 0
    # Within a section that the document counts, a measure it does not print was blank: none.
    from_paper = lost & pl.col("is_printed").fill_null(value=False)
    table = table.with_columns(
        pl.when(from_paper).then(pl.col(f"printed_{name}").fill_null(0)).otherwise(name).alias(name)
        for name in DIRECTIONS
    )
    section_sums = table.filter(pl.col("section") != TOTAL).select(
        pl.col(name).sum() for name in DIRECTIONS
    )
    table = table.with_columns(
        pl.when(pl.col("section") == TOTAL)
        .then(pl.lit(section_sums[name].item()))
        .otherwise(name)
        .alias(name)
        for name in DIRECTIONS
    )
    total_before = {name: pl.col(f"printed_previous_{name}") for name in MEASURES}
    all_known = pl.col("previous_unknown") == 0
    return table.with_columns(
        *(
            pl.when(all_known)
            .then(f"previous_{name}")
            .otherwise(total_before[name])
            .alias(f"previous_{name}")
            for name in RATINGS
        ),
        *(total_before[name].alias(f"previous_{name}") for name in DIRECTIONS),
        directions_basis=pl.when(lost)
        .then(pl.lit(Basis.PUBLISHED))
        .otherwise(pl.lit(Basis.COMPUTED)),
    ).select(
        "section",
        *MEASURES,
        "not_rated",
        *(f"previous_{name}" for name in MEASURES),
        "directions_basis",
    )


def _count(kpis: pl.DataFrame) -> pl.DataFrame:
    rated, before = pl.col("rating").cast(pl.String), pl.col("previous_rating").cast(pl.String)
    heading = pl.col("direction").cast(pl.String)
    known = [str(r) for r in RATINGS.values()]
    return kpis.group_by("section", maintain_order=True).agg(
        *((rated == word).sum().cast(pl.Int64).alias(name) for name, word in RATINGS.items()),
        *((heading == word).sum().cast(pl.Int64).alias(name) for name, word in DIRECTIONS.items()),
        *(
            (before == word).sum().cast(pl.Int64).alias(f"previous_{name}")
            for name, word in RATINGS.items()
        ),
        not_rated=rated.is_in(known).not_().sum().cast(pl.Int64),
        not_printed=(heading == Direction.NOT_PRINTED).sum().cast(pl.Int64),
        previous_unknown=before.is_in(known).fill_null(value=False).not_().sum().cast(pl.Int64),
    )


def _with_total(counted: pl.DataFrame) -> pl.DataFrame:
    total = counted.select(pl.exclude("section").sum()).with_columns(section=pl.lit(TOTAL))
    return pl.concat([counted, total.select(counted.columns)])


def _printed(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """The counts that the report's document of the period prints, one row for each section."""
    documents = figures.documents.filter(
        (pl.col("report") == report) & (pl.col("period") == str(at))
    )["document"].to_list()
    rows = figures.published_counts.filter(pl.col("document").is_in(documents)).sort("document")
    columns = []
    for name in MEASURES:
        of_measure = pl.col("measure").cast(pl.String) == name
        columns.append(
            pl.col("count").filter(of_measure).first().cast(pl.Int64).alias(f"printed_{name}")
        )
        columns.append(
            pl.col("previous").filter(of_measure).drop_nulls().first().cast(pl.Int64)
            .alias(f"printed_previous_{name}")
        )  # fmt: skip
    return rows.group_by("section", maintain_order=True).agg(
        *columns, is_printed=pl.lit(value=True)
    )


def sentence(kpi: Mapping[str, Any], at: Period, currency: str = "£") -> str:
    """One KPI in one plain sentence, each clause tied to a figure.

    Takes a row of the scorecard. `Percentage of complaints responded to within timescale: 71%, 14
    points below target and 9 below the floor of 80%. Red, as last quarter.`
    """
    parts = [reason(kpi, currency), standing(kpi, at)]
    return f"{kpi['name']}: {' '.join(part for part in parts if part)}"


def reason(kpi: Mapping[str, Any], currency: str = "£") -> str:
    """Value against target and floor: `71%, 14 points below target and 9 below the floor of 80%.`"""
    unit, decimals = kpi["unit"], kpi["decimals"]
    value: Decimal | None = kpi["value"]
    if value is None:
        said = "no figure"
        if kpi["rating"] == Rating.NO_DATA:
            return f"{said} for this period."
        return f"rated as published; the document prints {said}."
    text = display.figure(value, unit, decimals, currency)
    target, high = kpi["target"], kpi["target_high"]
    if target is None:
        return f"{text}; no target has been set."
    aim = display.band(target, high, unit, decimals, currency)
    if high is not None:
        return f"{text}, {_against_range(kpi, value, currency)} the target range of {aim}{_of_floor(kpi, value, currency)}."
    gap = value - target
    if gap == 0:
        return f"{text}, at target."
    met = kpi["rating"] == Rating.GREEN
    side = "above" if gap > 0 else "below"
    size = display.difference(gap, unit, currency)
    if met and kpi["polarity"] == Polarity.LOWER:
        return f"{text}, {size} better than the target of {aim} (lower is better)."
    if met:
        return f"{text}, {size} {side} the target of {aim}."
    floor = _of_floor(kpi, value, currency)
    return f"{text}, {size} {side} {'target' if floor else f'the target of {aim}'}{floor}."


def _against_range(kpi: Mapping[str, Any], value: Decimal, currency: str) -> str:
    if value < kpi["target"]:
        return f"{display.difference(kpi['target'] - value, kpi['unit'], currency)} below"
    if value > kpi["target_high"]:
        return f"{display.difference(value - kpi['target_high'], kpi['unit'], currency)} above"
    return "inside"


def _of_floor(kpi: Mapping[str, Any], value: Decimal, currency: str) -> str:
    """How a value that missed its target stands to its floor."""
    high_side = kpi["target_to"] is not None and value > kpi["target_to"]
    floor = kpi["floor_to"] if high_side else kpi["floor_from"]
    missed = kpi["rating"] in (Rating.RED, Rating.AMBER)
    if floor is None or not missed:
        return ""
    text = display.limit(floor, kpi["unit"], kpi["decimals"], currency)
    if value == floor:
        return f" and at the floor of {text}"
    size = (
        display.difference(value - floor, kpi["unit"], currency)
        .removesuffix(" points")
        .removesuffix(" point")
    )
    side = "above" if value > floor else "below"
    by = "" if kpi["rating"] == Rating.AMBER else f"{size} "
    return f" and {by}{side} the floor of {text}"


def standing(kpi: Mapping[str, Any], at: Period) -> str:
    """The rating, against the one before: `Red, as last quarter.`, `Amber; it was Green last quarter.`"""
    now, before = Rating(kpi["rating"]), kpi["previous_rating"]
    if now is Rating.NO_DATA:
        return ""
    last = f"last {at.frequency}"
    basis = " (as published)" if kpi["rating_basis"] == Basis.PUBLISHED else ""
    if before is None or before in (Rating.NO_DATA, Rating.NOT_RATED, Rating.UNDECIDED):
        return f"{now.label}{basis}."
    if before == now:
        return f"{now.label}{basis}, as {last}."
    return f"{now.label}{basis}; it was {Rating(before).label} {last}."


def headline(scorecard: pl.DataFrame, at: Period) -> str:
    """What matters, in a sentence or two: how many missed their floor, and what moved."""
    kpis = scorecard.filter(pl.col("basis") == FigureBasis.PERIOD)
    if kpis.is_empty():
        return ""
    red = kpis.filter(pl.col("rating") == Rating.RED)
    fresh = red.filter(pl.col("previous_rating") != Rating.RED).filter(
        pl.col("previous_rating").is_in([Rating.GREEN, Rating.AMBER])
    )
    rated = kpis.filter(pl.col("rating").is_in([Rating.GREEN, Rating.AMBER, Rating.RED]))
    if rated.is_empty():
        return f"No KPI has a rating for {at.words}."
    if red.is_empty():
        first = f"None of the {display.count(kpis.height)} KPIs missed its floor standard"
        if kpis.height == 1:
            first = "The one KPI did not miss its floor standard"
    else:
        verb = "its" if red.height == 1 else "their"
        first = (
            f"{display.count(red.height).capitalize()} of {display.count(kpis.height)} KPIs "
            f"missed {verb} floor standard"
        )
    if fresh.height:
        first += f", {display.count(fresh.height)} of them newly"
    green = kpis.filter(pl.col("rating") == Rating.GREEN).height
    return f"{first}; {display.count(green)} met {'its' if green == 1 else 'their'} target."


__all__ = ["MEASURES", "TOTAL", "TRENDS", "counts", "headline", "reason", "sentence", "standing"]
