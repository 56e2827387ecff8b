"""What documents print of KPIs, and when a printed rating stands.

It stands only where figures cannot decide, and only for the very figure, target and floor that it was
printed for. Nothing is ever worked out from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpi_core import exact, spoken
from kpi_core.figures import Figures
from kpi_core.periods import Period, with_calendar
from kpi_core.standards import SET_FLOORS
from kpi_core.words import DECIDED, Rating

_VERDICTS = ("rating", "previous_rating", "direction")
_FIGURES = ("value", "target", "floor")

#: What `standing` needs of a verdict.
VERDICT = ("line", "rating", *_FIGURES)
_OPEN = [str(r) for r in (Rating.NO_DATA, Rating.NOT_RATED, Rating.UNDECIDED)]


def rows(figures: Figures, report: str, about: Period | None = None) -> pl.DataFrame:
    """The rows of `published` that a report's documents print of wholes, in the order of documents
    and places, with `about` and `about_year` String, the period that the document is about and its
    financial year; given a period, only those of documents about it.
    """
    documents = figures.documents.filter(pl.col("report") == report)
    if about is not None:
        documents = documents.filter(pl.col("period") == str(about))
    documents = with_calendar(documents.select("document", "period"), figures.year_start).select(
        "document", about="period", about_year="year"
    )
    return (
        figures.published.filter(pl.col("breakdown") == "")
        .join(documents, on="document", how="inner", maintain_order="left")
        .with_columns(pl.col("basis", *_VERDICTS).cast(pl.String))
        .sort("document", "place")
    )


def beside(printed: pl.DataFrame) -> pl.DataFrame:
    """Targets as printed beside figures: what `standards.with_targets` takes. Takes what `rows` gives."""
    both = pl.all_horizontal(pl.col("value", "target").is_not_null())
    return printed.filter(both).select(
        "indicator", "basis", "period",
        *(pl.col(name).alias(f"printed_{name}") for name in _FIGURES),
        printed_year="about_year",
    )  # fmt: skip


def about(rated: pl.DataFrame, says: pl.DataFrame, at: Period | None = None) -> pl.DataFrame:
    """What documents say of the figure of each row, the first to count first.

    Those about the period of the report count first, then in the order of documents; ratings that are
    called previous last. Takes rated with line, indicator, basis and ends (of its period); what
    `spoken.said` gives. Returns line and what that has beside these.
    """
    found = rated.select("line", "indicator", "basis", end_month="ends").join(
        says, on=["indicator", "basis", "end_month"], maintain_order="left_right"
    )
    is_called = pl.col("how") == spoken.AS_PREVIOUS
    is_other = pl.col("about") != ("" if at is None else str(at))
    return found.sort("line", is_called, is_other, "document", "how", maintain_order=True).drop(
        "indicator", "basis", "end_month"
    )


def standing(rated: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The printed rating that stands for each row of `rated` that figures cannot decide.

    Takes rated with `line` UInt32, value and rating (as worked out), status, decimals, target,
    target_high, set_floor, set_floor_high; verdicts with line, rating, and value, target and floor as lists of
    what is printed beside it, the first to count first. Returns line, printed_rating String.
    """
    both = _with_saved(rated, verdicts).filter(pl.col("rating").is_in([str(r) for r in DECIDED]))
    worked_out = pl.col("saved_rating").cast(pl.String)
    stands = (
        worked_out.is_in(_OPEN)
        & (pl.col("saved_status").fill_null("") != "no_data")
        & pl.all_horizontal(_agrees(name) for name in _FIGURES)
        # UNDECIDED means that the target is missed, which no Green survives.
        & ~((worked_out == Rating.UNDECIDED) & (pl.col("rating") == Rating.GREEN))
    )
    return _first(both.filter(stands), printed_rating="rating")


def arrows(rated: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The directions that documents print of each row, and whether they stand for its very figure.

    Takes rated as `standing` does, verdicts as `about` gives them. Returns line, printed_direction String
    (that stands; null where it is lost), is_rated Boolean (whether a rating beside the very figure is
    printed), word String (the direction that is printed, of whichever figure); only lines that a document
    rates or gives a direction.
    """
    own = verdicts.filter(pl.col("how") != spoken.AS_PREVIOUS)
    both = _with_saved(rated, own)
    is_rated = pl.col("rating").is_in([str(r) for r in DECIDED]).fill_null(value=False)
    return (
        both.with_columns(is_rated=is_rated, agrees=_agrees("value"))
        .filter(pl.col("is_rated") | pl.col("direction").is_not_null())
        .group_by("line", maintain_order=True)
        .agg(
            (pl.col("is_rated") & pl.col("agrees")).any(),
            printed_direction=pl.col("direction").filter("agrees").drop_nulls().first(),
            word=pl.col("direction").drop_nulls().first(),
        )
    )


def counts(figures: Figures, report: str, at: Period, measures: Sequence[str]) -> pl.DataFrame:
    """The counts that documents of a report and period print, one row for each section.

    Returns section, printed_ and printed_previous_ of each measure Int64: the first that is printed, in
    the order of documents; null where none is.
    """
    documents = figures.documents.filter(
        (pl.col("report") == report) & (pl.col("period") == str(at))
    )["document"].to_list()
    found = figures.published_counts.filter(pl.col("document").is_in(documents)).sort("document")
    columns = []
    for name in measures:
        of_measure = pl.col("measure").cast(pl.String) == name
        counted, before = (
            pl.col(column).filter(of_measure).cast(pl.Int64) for column in ("count", "previous")
        )
        columns.append(counted.first().alias(f"printed_{name}"))
        columns.append(before.drop_nulls().first().alias(f"printed_previous_{name}"))
    return found.group_by("section", maintain_order=True).agg(*columns)


def differences(rated: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Which of the figures printed beside each verdict differ from what is saved.

    Takes what `standing` does. Returns the columns of verdicts, and differs List(String): those of value,
    target and floor for which that is so.
    """
    named = (pl.when(~_agrees(name)).then(pl.lit(name)) for name in _FIGURES)
    return _with_saved(rated, verdicts).select(
        *verdicts.columns, differs=pl.concat_list(named).list.drop_nulls()
    )


def _first(rows: pl.DataFrame, **columns: str) -> pl.DataFrame:
    return rows.unique("line", keep="first", maintain_order=True).select("line", **columns)


_SAVED = ("value", "rating", "status", "decimals", "target", "target_high", *SET_FLOORS)


def _with_saved(rated: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The verdicts beside what is saved, as `saved_` and the column's name; printed values rounded as
    the indicator shows its own.
    """
    saved = rated.select("line", *(pl.col(name).alias(f"saved_{name}") for name in _SAVED))
    both = verdicts.join(saved, on="line", maintain_order="left").with_row_index("at")
    shown = (
        both.select("at", "value", "saved_decimals")
        .explode("value", empty_as_null=True)
        .with_columns(value=exact.shown(pl.col("value"), pl.col("saved_decimals")))
        .group_by("at", maintain_order=True)
        .agg(pl.col("value").drop_nulls())
    )
    return both.with_columns(shown["value"]).drop("at")


#: The ends of a range, each of which may be the one that is printed.
_ENDS = {
    "value": ("value",),
    "target": ("target", "target_high"),
    "floor": ("set_floor", "set_floor_high"),
}


def _agrees(name: str) -> pl.Expr:
    """Whether what is saved is among what is printed. Nothing on either side is no difference."""
    saved = [pl.col(f"saved_{end}") for end in _ENDS[name]]
    missing = pl.all_horizontal(one.is_null() for one in saved)
    blank = (pl.col(name).list.len() == 0).fill_null(value=True)
    found = pl.any_horizontal(
        pl.col(name).list.contains(one).fill_null(value=False) for one in saved
    )
    return missing | blank | found
