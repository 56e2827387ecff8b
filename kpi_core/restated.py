"""What has changed since a committee was shown it, and which ratings would differ today.

An edition is compared with the figures of now, table by table and rating by rating. What documents
of before the product print counts as published too: each printed figure is held against the one that
is held now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kpi_core import exact, quotients, rating, reconcile, registry, scorecard, series, standards
from kpi_core.fields import FIGURE
from kpi_core.figures import AsPublished, Figures
from kpi_core.periods import Period, with_calendar
from kpi_core.reconcile import Result
from kpi_core.shown import Shown, Types
from kpi_core.words import Amber, FigureBasis

COLUMNS = [
    "edition", "report", "period", "indicator", "name", "what", "of", "published", "latest",
    "rating_published", "rating_latest",
]  # fmt: skip

#: Everything that can be restated, in the order in which it is told of an indicator.
WHAT = (
    "rating", "direction", "alert", "value", "numerator", "denominator", "target", "floor", "range",
    "definition", "commentary",
)  # fmt: skip

#: One difference while it is being found; `part` is the part of a breakdown, empty for the whole.
_FOUND = ("indicator", "part", "what", "of", "published", "latest")

_CELL = ["indicator", "period", "basis", "breakdown", "item"]
_VALUES: Types = {**dict.fromkeys(_CELL, pl.String), "value": FIGURE}
#: What makes a definition: the series' beginning is worked out from other rows.
_DEFINING = [
    "name", "section", "frequency", *(n for n in registry.DEFINITION if n != "series_start"),
]  # fmt: skip
_TARGET_ENDS = {"target": ("target", "target_high"), "floor": ("floor", "floor_high")}


def since(edition: str, then: AsPublished, now: Figures) -> pl.DataFrame:
    """All that differs between the figures of an edition and those of now.

    Returns COLUMNS, all String: `what` is one of WHAT, `of` the period (or year) that it is about,
    `published` and `latest` are empty where nothing was or is known. One row for each difference,
    in the order of the report. Figures of later periods than the edition's are no difference.
    """
    held = then.shown
    at, report = now.organisation.period(held.period), held.report
    framework = [registry.placed(one, report, at) for one in (then, now)]
    placed = pl.concat(framework).unique("indicator", keep="last", maintain_order=True)
    codes = placed["indicator"].to_list()
    card = scorecard.kpis(now, report, at)
    rows = [
        *_verdicts(held, card, scorecard.activities(now, report, at)),
        *_observations(then, now, codes, at),
        *_aims(then, now, codes, at),
        _definitions(*framework),
        *_commentary(then, now, report, at),
    ]
    about = {"edition": edition, "report": report, "period": held.period}
    whole = [one.filter(pl.col("basis") == FigureBasis.PERIOD) for one in (held.kpis, card)]
    ratings = whole[0].select("indicator", rating_published="rating").join(
        whole[1].select("indicator", rating_latest=pl.col("rating").cast(pl.String)),
        on="indicator", how="full", coalesce=True,
    )  # fmt: skip
    return _told(pl.concat(rows), placed, ratings, about)


def of_documents(figures: Figures) -> pl.DataFrame:
    """What documents print against what is held now; `edition` is the code of the document.

    Returns COLUMNS. A figure is compared as the indicator displays it, a rating with the one that
    its figures give today (see reconcile), a target with the one that is set, or else proposed. A
    target of which none is held is not compared.
    """
    rated = reconcile.reconcile(figures)
    printed = pl.concat([_printed_values(figures), *_printed_targets(figures)])
    tables = [_empty()]
    for document, report, about in figures.documents.select(
        "document", "report", "period"
    ).iter_rows():
        here = rated.filter(pl.col("document") == document)
        contradicted = here.filter(pl.col("result") == Result.CONTRADICTED).select(
            "indicator", part=pl.lit(""), what=pl.lit("rating"), of=_of(),
            published="published", latest="computed",
        )  # fmt: skip
        ratings = here.filter(pl.col("basis") == FigureBasis.PERIOD).select(
            "indicator", rating_published="published", rating_latest="computed"
        )
        own = printed.filter(pl.col("document") == document).select(_FOUND)
        placed = registry.placed(figures, report, figures.organisation.period(about))
        told = {"edition": document, "report": report, "period": about}
        tables.append(_told(pl.concat([contradicted, own]), placed, ratings, told))
    return pl.concat(tables)


def _empty() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


def _told(
    rows: pl.DataFrame, placed: pl.DataFrame, ratings: pl.DataFrame, about: Mapping[str, str]
) -> pl.DataFrame:
    """The differences with their names and ratings, in the order of the report."""
    named = placed.with_row_index("line").select("indicator", "line", "name")
    part = pl.when(pl.col("part") != "").then(": " + pl.col("part")).otherwise(pl.lit(""))
    return (
        rows.with_row_index("found")
        .join(named, on="indicator", how="left", maintain_order="left")
        .join(
            ratings.unique("indicator", keep="first"), on="indicator", how="left",
            maintain_order="left",
        )
        .with_columns(
            # What is said of a section has its name as a part, and no indicator.
            name=pl.coalesce("name", "indicator") + part,
            place=pl.col("what").replace_strict(
                {word: place for place, word in enumerate(WHAT)}, return_dtype=pl.Int32
            ),
            **{column: pl.lit(text) for column, text in about.items()},
        )
        .with_columns(
            name=pl.when(pl.col("indicator") == "").then("part").otherwise("name"),
        )
        .sort("line", "indicator", "place", "found", nulls_last=True)
        .select(pl.col(COLUMNS).fill_null(""))
    )  # fmt: skip


def _differ(
    then: pl.DataFrame, now: pl.DataFrame, key: Sequence[str], whats: Mapping[str, pl.Expr | str]
) -> list[pl.DataFrame]:
    """The rows of two tables of which something differs, for each of the things to compare.

    `whats` gives the text of each thing; a row that is missing has none.
    """
    texts = {what: pl.col(of) if isinstance(of, str) else of for what, of in whats.items()}
    sides = [one.select(*key, **texts) for one in (then, now)]
    both = sides[0].join(
        sides[1], on=list(key), how="full", coalesce=True, suffix="_now", nulls_equal=True
    )
    return [
        both.filter(~pl.col(what).fill_null("").eq(pl.col(f"{what}_now").fill_null("")))
        .sort(key)
        .select(*key, what=pl.lit(what), published=what, latest=f"{what}_now")
        for what in whats
    ]  # fmt: skip


def _verdicts(held: Shown, card: pl.DataFrame, judged: pl.DataFrame) -> list[pl.DataFrame]:
    """Ratings, directions and alerts that differ."""
    words = {name: pl.col(name).cast(pl.String) for name in ("rating", "direction", "alert")}
    alert = {"alert": words.pop("alert")}
    found = [
        *_differ(held.kpis, card, ["indicator", "basis"], words),
        *_differ(held.activities, judged, ["indicator", "basis"], alert),
    ]
    when = pl.lit(held.period).alias("period")
    return [
        one.with_columns(when).with_columns(part=pl.lit(""), of=_of()).select(_FOUND)
        for one in found
    ]


def _observations(
    then: Figures, now: Figures, codes: Sequence[str], at: Period
) -> list[pl.DataFrame]:
    """Figures up to the period that were restated, came late or went."""

    def known(figures: Figures) -> pl.DataFrame:
        rows = figures.observations.filter(pl.col("indicator").is_in(codes))
        return (
            with_calendar(rows, at.year_start)
            .filter(pl.col("end_month") <= at.end_month)
            .with_columns(pl.col("basis").cast(pl.String))
        )

    texts = {name: exact.text(pl.col(name)) for name in ("value", "numerator", "denominator")}
    found = _differ(known(then), known(now), _CELL, texts)
    return [one.with_columns(part=pl.col("item"), of=_of()).select(_FOUND) for one in found]


def _aims(then: Figures, now: Figures, codes: Sequence[str], at: Period) -> list[pl.DataFrame]:
    """Targets and floors that rate, and expected ranges, of the years up to that of the period."""

    def in_years(rows: pl.DataFrame) -> pl.DataFrame:
        return (
            with_calendar(
                rows.filter(pl.col("indicator").is_in(codes)).rename({"period": "of", "year": "period"}),
                at.year_start,
            )
            .filter(pl.col("end_month") <= at.year.end_month)
            .with_columns(of=pl.when(pl.col("of") == "").then("period").otherwise("of"))
        )  # fmt: skip

    def set_targets(figures: Figures) -> pl.DataFrame:
        return in_years(figures.targets.filter(pl.col("status").cast(pl.String) == "set"))

    key = ["indicator", "of"]
    targets = {name: _band(*ends) for name, ends in _TARGET_ENDS.items()}
    ranges = {"range": _band("lower", "upper")}
    found = [
        *_differ(set_targets(then), set_targets(now), key, targets),
        *_differ(in_years(then.thresholds), in_years(now.thresholds), key, ranges),
    ]
    return [one.with_columns(part=pl.lit("")).select(_FOUND) for one in found]


def _definitions(then: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Indicators of which the framework or the definition says something else than it did."""
    before, after = (
        {row["indicator"]: row for row in one.select("indicator", *_DEFINING).to_dicts()}
        for one in (then, now)
    )
    rows = []
    for code in before.keys() | after.keys():
        if code not in after or code not in before:
            said = ["in the report", "not in the report"]
            rows.append((code, *(said if code in before else reversed(said))))
            continue
        changed = [name for name in _DEFINING if before[code][name] != after[code][name]]
        if changed:
            texts = ("; ".join(f"{n} {side[code][n]}" for n in changed) for side in (before, after))
            rows.append((code, *texts))
    schema = dict.fromkeys(("indicator", "published", "latest"), pl.String)
    return pl.DataFrame(sorted(rows), schema=schema, orient="row").select(
        "indicator", part=pl.lit(""), what=pl.lit("definition"), of=pl.lit(""),
        published="published", latest="latest",
    )  # fmt: skip


def _commentary(then: Figures, now: Figures, report: str, at: Period) -> list[pl.DataFrame]:
    """What was said of the period and is said otherwise now."""

    def said(figures: Figures) -> pl.DataFrame:
        rows = figures.commentary.filter(pl.col("report") == report)
        own = with_calendar(rows, at.year_start).filter(pl.col("end_month") == at.end_month)
        return own.with_columns(pl.col("kind").cast(pl.String))

    key = ["section", "indicator", "period", "kind", "order"]
    found = _differ(said(then), said(now), key, {"commentary": "text"})
    whose = pl.when(pl.col("indicator") == "").then("section").otherwise(pl.lit(""))
    return [one.with_columns(part=whose, of="period").select(_FOUND) for one in found]


def _printed_values(figures: Figures) -> pl.DataFrame:
    """Printed figures that differ, as displayed, from those held: _FOUND and document.

    A year to date of which nothing is held, nor can be worked out, is not compared.
    """
    latest = figures.indicators.sort("indicator", "from").unique("indicator", keep="last")
    units = latest.select("indicator", "unit", "decimals")
    printed = figures.published.filter(pl.col("value").is_not_null()).sort("document", "place")

    def defined(rows: pl.DataFrame) -> pl.DataFrame:
        own = rows.with_columns(pl.col("basis").cast(pl.String))
        return own.join(units, on="indicator", how="left", maintain_order="left")

    displayed = exact.shown(pl.col("value"), pl.col("decimals"))
    known = quotients.worked_out(defined(figures.observations)).select(*_CELL, value=displayed)
    kept = pl.concat([known, _to_date(figures)])
    held = kept.unique(_CELL, keep="first").rename({"value": "latest"})
    is_known = pl.col("latest").is_not_null() | (pl.col("basis") == FigureBasis.PERIOD)
    return (
        defined(printed)
        .with_columns(value=displayed)
        .join(held, on=_CELL, how="left", maintain_order="left")
        .filter(is_known & ~pl.col("value").eq_missing(pl.col("latest")))
        .select(
            "document", "indicator", part="item", what=pl.lit("value"), of=_of(),
            published=exact.text(pl.col("value")), latest=exact.text(pl.col("latest")),
        )
    )  # fmt: skip


def _to_date(figures: Figures) -> pl.DataFrame:
    """The years to date, as worked out, at the period of each document: _CELL and value."""
    tables = []
    for report, about in figures.documents.select("report", "period").unique().iter_rows():
        at = figures.organisation.period(about)
        placed = registry.placed(figures, report, at)
        history = series.points(figures.observations, placed, figures.year_start)
        rows = series.year_to_date(history, figures.observations, placed, at)
        tables.append(
            rows.join(placed.select("indicator", "decimals"), on="indicator").select(
                "indicator", "period", basis=pl.lit(FigureBasis.YTD), breakdown=pl.lit(""),
                item=pl.lit(""), value=exact.shown(pl.col("value"), pl.col("decimals")),
            )
        )  # fmt: skip
    return pl.concat(tables) if tables else pl.DataFrame(schema=_VALUES)


def _printed_targets(figures: Figures) -> list[pl.DataFrame]:
    """Printed targets and floors that differ from those that are held: _FOUND and document.

    Where another rule than the floor tells Amber from Red, the floor printed is its limit, which no
    table holds.
    """
    ranked = figures.targets.filter(pl.col("target").is_not_null()).sort(
        pl.col("status").cast(pl.String) != "set"
    )
    in_force = ranked.unique(["indicator", "year", "period"], keep="first", maintain_order=True)
    held = {name: f"held_{name}" for name in _TARGET_ENDS}
    whole = figures.published.filter(pl.col("breakdown") == "").sort("document", "place")
    dated = with_calendar(whole, figures.year_start).with_columns(own_year="year")
    aimed = standards.in_force(dated, in_force.rename(held), list(held.values()), "held")
    both = rating.with_rules(aimed, figures.organisation.rules)
    by_floor = pl.col("amber") == Amber.FLOOR
    return [
        both.filter((pl.col(name) != pl.col(other)) & (by_floor | (name != "floor"))).select(
            "document", "indicator", part=pl.lit(""), what=pl.lit(name), of=_of(),
            published=exact.text(pl.col(name)), latest=exact.text(pl.col(other)),
        )
        for name, other in held.items()
    ]  # fmt: skip


def _of() -> pl.Expr:
    """The period of a figure, with its basis where that is another than the period."""
    basis = pl.col("basis").cast(pl.String)
    other = pl.when(basis != FigureBasis.PERIOD).then(" " + basis).otherwise(pl.lit(""))
    return pl.col("period") + other


def _band(low: str, high: str) -> pl.Expr:
    """`90`, `17.5 to 22.5`, or with one end open `up to 200`; null without any end."""
    lower, upper = exact.text(pl.col(low)), exact.text(pl.col(high))
    return pl.coalesce(lower + " to " + upper, lower, "up to " + upper)
