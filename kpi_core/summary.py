"""The executive summary: counts by section, and one plain sentence for each KPI."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from kpi_core import display, limits, printed, reported
from kpi_core.figures import Figures
from kpi_core.periods import Period, when
from kpi_core.wording import PLAIN, Wording
from kpi_core.words import DECIDED, Amber, Basis, Direction, FigureBasis, Polarity, Rating

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
    (what the report of the period before showed; null where that is not known), directions_basis. In
    the figures of an edition they are those that it showed.
    """
    if held := figures.shown_in(report, at):
        return held.counts
    kpis = scorecard.filter(pl.col("basis") == FigureBasis.PERIOD)
    on_paper = _printed(figures, report, at)
    table = _with_total(_directions_from_paper(_count(kpis), on_paper))
    before = _before(figures, report, at, on_paper)
    return table.join(before, on="section", how="left", maintain_order="left").select(
        "section",
        *MEASURES,
        "not_rated",
        *(f"previous_{name}" for name in MEASURES),
        directions_basis=pl.when(pl.col("from_paper") > 0)
        .then(pl.lit(Basis.PUBLISHED))
        .otherwise(pl.lit(Basis.COMPUTED)),
    )


def _before(figures: Figures, report: str, at: Period, on_paper: pl.DataFrame) -> pl.DataFrame:
    """The counts of the report of the period before, by its own sections, and the total.

    Those of its edition, where there is one. Else its KPIs are counted where the rating of each is
    known, and what documents print stands elsewhere: its own, or today's as the counts before. Returns
    section and previous_ of each measure Int64.
    """
    then = at.shift(-1)
    if frozen := figures.edition_of(report, then):
        return frozen.counts.select(
            "section", *(pl.col(name).alias(f"previous_{name}") for name in MEASURES)
        )
    kpis = reported.kpis(figures, report, at).filter(
        (pl.col("basis") == FigureBasis.PERIOD) & pl.col("section").is_not_null()
    )
    counted = _with_total(_count_ratings(kpis, pl.col("reported_rating")))
    called = on_paper.select(
        "section",
        *(pl.col(f"printed_previous_{name}").alias(f"called_{name}") for name in MEASURES),
    )
    both = counted.join(called, on="section", how="full", coalesce=True).join(
        _printed(figures, report, then), on="section", how="full", coalesce=True
    )
    # A report without KPIs, or of which nothing is saved, has no counts: not counts of nought.
    all_known = pl.lit(not kpis.is_empty()) & (pl.col("not_rated") == 0)
    return both.select(
        "section",
        *(
            pl.coalesce(
                pl.when(all_known).then(name) if name in RATINGS else pl.lit(None, pl.Int64),
                f"printed_{name}",
                f"called_{name}",
            ).alias(f"previous_{name}")
            for name in MEASURES
        ),
    )


def _directions_from_paper(counted: pl.DataFrame, on_paper: pl.DataFrame) -> pl.DataFrame:
    """Take the printed counts of directions in sections of which an arrow is lost, or is known only by
    those counts.

    Adds from_paper Int64: 1 in such a section, else 0.
    """
    both = counted.join(on_paper, on="section", how="left", maintain_order="left")
    from_paper = (pl.col("not_printed") > 0) & pl.col("is_printed").fill_null(value=False)
    # Within a section that the document counts, a measure it does not print was blank: none.
    return both.with_columns(
        pl.when(from_paper).then(pl.col(f"printed_{name}").fill_null(0)).otherwise(name).alias(name)
        for name in DIRECTIONS
    ).select(*counted.columns, from_paper=from_paper.cast(pl.Int64))


def _count(kpis: pl.DataFrame) -> pl.DataFrame:
    heading = pl.col("direction").cast(pl.String)
    directions = kpis.group_by("section", maintain_order=True).agg(
        *((heading == word).sum().cast(pl.Int64).alias(name) for name, word in DIRECTIONS.items()),
        not_printed=((heading == Direction.NOT_PRINTED) | pl.col("direction_by_counts"))
        .sum()
        .cast(pl.Int64),
    )
    ratings = _count_ratings(kpis, pl.col("rating").cast(pl.String))
    return ratings.join(directions, on="section", maintain_order="left")


def _count_ratings(kpis: pl.DataFrame, rating: pl.Expr) -> pl.DataFrame:
    """section, each of RATINGS, and not_rated: those of any other rating, or of none."""
    known = [str(r) for r in RATINGS.values()]
    return kpis.group_by("section", maintain_order=True).agg(
        *((rating == word).sum().cast(pl.Int64).alias(name) for name, word in RATINGS.items()),
        not_rated=rating.is_in(known).fill_null(value=False).not_().sum().cast(pl.Int64),
    )


def _with_total(counted: pl.DataFrame) -> pl.DataFrame:
    total = counted.select(pl.exclude("section").sum()).with_columns(section=pl.lit(TOTAL))
    return pl.concat([counted, total.select(counted.columns)])


def _printed(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """The counts that the report's document of the period prints, and is_printed Boolean (true)."""
    return printed.counts(figures, report, at, MEASURES).with_columns(is_printed=pl.lit(value=True))


def sentence(kpi: Mapping[str, Any], at: Period, wording: Wording = PLAIN) -> str:
    """One KPI in one plain sentence, each clause tied to a figure.

    Takes a row of the scorecard. `Percentage of complaints responded to within timescale: 71%, 14
    points below target and 9 below the floor of 80%. Red, as last quarter.`
    """
    parts = [reason(kpi, wording), standing(kpi, at, wording)]
    return f"{kpi['name']}: {' '.join(part for part in parts if part)}"


def reason(kpi: Mapping[str, Any], wording: Wording = PLAIN) -> str:
    """Value against target and floor.

    `71%, 14 points below target and 9 below the floor of 80%.`
    """
    unit, decimals = kpi["unit"], kpi["decimals"]
    value: Decimal | None = kpi["value"]
    published = kpi["rating_basis"] == Basis.PUBLISHED
    if value is None:
        known = "the document prints a rating but no figure"
        return f"{known if published else 'no figure for this period'}."
    text = display.figure(value, unit, decimals, wording)
    target, high = kpi["target"], kpi["target_high"]
    if target is None:
        return f"{text}; no target {'is printed' if published else 'has been set'}."
    floor = limits.against(kpi, value, wording)
    if high is not None and kpi["polarity"] == Polarity.RANGE:
        aim = display.band(target, high, unit, wording)
        place = _against_range(kpi, value, wording)
        return f"{text}, {place} the target range of {aim}{floor}."
    return f"{text}, {_against_target(kpi, value, floor, wording)}."


def _against_target(kpi: Mapping[str, Any], value: Decimal, floor: str, wording: Wording) -> str:
    """Where a value stands to a target that is one figure; `floor` ends the sentence on a miss."""
    unit, target, polarity = kpi["unit"], kpi["target"], kpi["polarity"]
    gap = value - target
    if gap == 0:
        return "at target"
    aim, size = display.limit(target, unit, wording), display.difference(gap, unit, wording)
    if polarity == Polarity.TARGET and kpi["target_from"] <= value <= kpi["target_to"]:
        close = display.difference(kpi["target_to"] - target, unit, wording)
        return f"within {close} of the target of {aim}"
    which_way = _WHICH_WAY.get(polarity, "")
    if polarity == Polarity.LOWER and gap < 0:
        return f"{size} better than the target of {aim}{which_way}"
    side = "above" if gap > 0 else "below"
    against = f"target{floor}" if floor else f"the target of {aim}"
    return f"{size} {side} {against}{which_way}"


_WHICH_WAY = {
    str(Polarity.LOWER): " (lower is better)",
    str(Polarity.TARGET): " (the closer to the target the better)",
}


def _against_range(kpi: Mapping[str, Any], value: Decimal, wording: Wording) -> str:
    if value < kpi["target"]:
        return f"{display.difference(kpi['target'] - value, kpi['unit'], wording)} below"
    if value > kpi["target_high"]:
        return f"{display.difference(value - kpi['target_high'], kpi['unit'], wording)} above"
    return "inside"


def why_red(kpi: Mapping[str, Any], at: Period, wording: Wording = PLAIN) -> str:
    """Why a KPI is Red, for a table that shows its value and limits.

    `9 points below the floor; 66% last quarter.`
    """
    value = kpi["value"]
    if value is None:
        return "Rating as published; the document prints no value."
    said = [limits.why_red(kpi, value, wording)]
    before = kpi["previous_value"]
    if before is not None:
        text = display.figure(before, kpi["unit"], kpi["decimals"], wording)
        said.append(f"{text} {when(kpi['previous_period'], at)}")
    if kpi["direction"] == Direction.WORSENING:
        said.append("worsening")
    return f"{'; '.join(said)}."


def activity(row: Mapping[str, Any], at: Period, wording: Wording = PLAIN) -> str:
    """An activity indicator in one sentence: its figure, its range, how it compares with before."""
    unit, decimals, value = row["unit"], row["decimals"], row["value"]
    if value is None:
        return "No figure for this period."
    text = display.figure(value, unit, decimals, wording)
    said = f"{text} this year to date" if row["basis"] == FigureBasis.YTD else text
    if row["alert"] is not None:
        place = {"Yes": "inside", "Above": "above", "Below": "below"}[row["alert"]]
        said += f", {place} the expected range of {expected(row, wording)}"
    before = row["previous_value"]
    if before is None or row["basis"] == FigureBasis.YTD:
        return f"{said}."
    then = when(row["previous_period"], at)
    if before == value:
        return f"{said}; the same as {then}."
    change = display.difference(value - before, unit, wording)
    return f"{said}; {change} {'more' if value > before else 'less'} than {then}."


def expected(row: Mapping[str, Any], wording: Wording = PLAIN) -> str:
    """The range in which an activity indicator is expected: `20 to 30`, `at most 30`."""
    low, high = row["lower"], row["upper"]
    if low is not None and high is not None:
        return display.band(low, high, row["unit"], wording)
    only = display.limit(high if low is None else low, row["unit"], wording)
    return f"at most {only}" if low is None else f"at least {only}"


def standing(kpi: Mapping[str, Any], at: Period, wording: Wording = PLAIN) -> str:
    """The rating, against that in the report before.

    `Red, as last quarter.`, `Amber; it was Green last quarter.`, `Red; no new figure since Q4 2023/24.`
    """
    now, before = Rating(kpi["rating"]), kpi["reported_rating"]
    name = wording.label(now)
    if now is Rating.NO_DATA:
        return ""
    if now is Rating.UNDECIDED:
        a_year_ago = limits.rule(kpi) is Amber.YEAR_AGO
        return f"{name}: no {'figure of a year ago' if a_year_ago else 'floor'} is known."
    last = f"last {at.frequency}"
    basis = " (as published)" if kpi["rating_basis"] == Basis.PUBLISHED else ""
    if kpi["same_figure"]:
        return f"{name}{basis}; no new figure since {Period.parse(kpi['period'], at.year_start).words}."
    if before is None or before in (Rating.NO_DATA, Rating.NOT_RATED, Rating.UNDECIDED):
        return f"{name}{basis}."
    if before == now:
        return f"{name}{basis}, as {last}."
    return f"{name}{basis}; it was {wording.label(before)} {last}."


def headline(scorecard: pl.DataFrame, at: Period, wording: Wording = PLAIN) -> str:
    """What matters, in a sentence: how many are Red, in the words of the rule, and what moved."""
    kpis = scorecard.filter(pl.col("basis") == FigureBasis.PERIOD)
    decided = kpis.filter(pl.col("rating").is_in(DECIDED))
    if kpis.is_empty():
        return ""
    if decided.is_empty():
        return f"No KPI has a rating for {at.words}."
    outcome = outcomes(decided, wording)
    if kpis.height == 1:
        return f"The one KPI {outcome[Rating(kpis['rating'].item())].format(its='its', be='is')}."
    red = decided.filter(pl.col("rating") == Rating.RED)
    fresh = red.filter(
        pl.col("reported_rating").is_in([Rating.GREEN, Rating.AMBER]) & ~pl.col("same_figure")
    ).height
    green = decided.filter(pl.col("rating") == Rating.GREEN).height
    all_of_them = display.count(kpis.height, wording)
    one = {"its": "its", "be": "is"}
    how = outcome[Rating.RED].format(**(one if red.height <= 1 else {"its": "their", "be": "are"}))
    if red.is_empty():
        none_of = "Neither" if kpis.height == _PAIR else "None"
        said = f"{none_of} of the {all_of_them} KPIs {how}"
    else:
        missed = f"{display.count(red.height, wording).capitalize()} of {all_of_them} KPIs {how}"
        said = f"{missed}{_newly(fresh, red.height, at, wording)}"
    met = display.count(green, wording) if green else "none"
    said += f"; {met} met {'its' if green <= 1 else 'their'} target"
    unrated = kpis.height - decided.height
    if unrated:
        has = "has" if unrated == 1 else "have"
        said += f", and {display.count(unrated, wording)} {has} no rating"
    return f"{said}."


#: Of two it is neither, of more none.
_PAIR = 2

_TOLERANCE = {
    Rating.AMBER: "missed {its} target, but by no more than the tolerance",
    Rating.RED: "missed {its} target by more than the tolerance",
}
_OUTCOMES = {
    Amber.FLOOR: {
        Rating.AMBER: "missed {its} target but not {its} floor standard",
        Rating.RED: "missed {its} floor standard",
    },
    Amber.POINTS: _TOLERANCE,
    Amber.PERCENT: _TOLERANCE,
    Amber.NONE: {
        Rating.AMBER: "missed {its} target",
        Rating.RED: "missed {its} target",
    },
    Amber.YEAR_AGO: {
        Rating.AMBER: "missed {its} target, but {be} no worse than a year ago",
        Rating.RED: "missed {its} target and {be} worse than a year ago",
    },
}


def outcomes(decided: pl.DataFrame, wording: Wording) -> dict[Rating, str]:
    """What each rating says that KPIs did: by the general rule, or by its name where KPIs go by
    several rules. `missed {its} floor standard`: to be filled in with `its` or `their`, `is` or `are`.
    """
    met = {Rating.GREEN: "met {its} target"}
    applied = (
        set(decided["amber"].fill_null(wording.amber)) if "amber" in decided.columns else set()
    )
    if applied <= {str(wording.amber)}:
        return met | _OUTCOMES[wording.amber]
    named = {one: wording.label(one).replace("{", "{{").replace("}", "}}") for one in DECIDED}
    return {one: f"{{be}} rated {name}" for one, name in named.items()} | met


def _newly(fresh: int, red: int, at: Period, wording: Wording) -> str:
    """How many of the Reds were Green or Amber in the report before."""
    if fresh == 0:
        return ""
    if red == 1:
        return f", newly this {at.frequency}"
    return f", {'all' if fresh == red else display.count(fresh, wording)} of them newly"
