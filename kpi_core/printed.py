"""What documents print of KPIs, and when a printed rating stands.

It stands only where figures cannot decide, and only for the very figure, target and floor that it was
printed for. Nothing is ever worked out from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kpi_core import exact
from kpi_core.fields import FIGURE
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.words import DECIDED, Rating

VERDICTS = ("rating", "previous_rating", "direction")
_FIGURES = ("value", "target", "floor")
#: A document's verdicts on an indicator, and every figure that it prints beside them.
_PRINTS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "indicator": pl.String, "basis": pl.String, "period": pl.String, "document": pl.String,
    "about": pl.String, **dict.fromkeys(VERDICTS, pl.String), **dict.fromkeys(_FIGURES, pl.List(FIGURE)),
}  # fmt: skip

#: What `standing` needs of a verdict.
VERDICT = ("line", "rating", *_FIGURES)
_ASKED = ("line", "indicator", "basis")
_OPEN = [str(r) for r in (Rating.NO_DATA, Rating.NOT_RATED, Rating.UNDECIDED)]


def rows(figures: Figures, report: str, about: Period | None = None) -> pl.DataFrame:
    """The rows of `published` that a report's documents print of wholes, in the order of documents
    and places, with `about` String, the period that the document is about; given one, only those of
    documents about it.
    """
    documents = figures.documents.filter(pl.col("report") == report).select(
        "document", about="period"
    )
    if about is not None:
        documents = documents.filter(pl.col("about") == str(about))
    return (
        figures.published.filter(pl.col("breakdown") == "")
        .join(documents, on="document", how="inner", maintain_order="left")
        .with_columns(pl.col("basis", *VERDICTS).cast(pl.String))
        .sort("document", "place")
    )


def prints(printed: pl.DataFrame) -> pl.DataFrame:
    """One row for each document, indicator, basis and period: the first of each verdict that it
    prints, and all its values, targets and floors. Takes what `rows` gives; the columns of _PRINTS.
    """
    return (
        printed.group_by("indicator", "basis", "period", "document", "about", maintain_order=True)
        .agg(
            *(pl.col(name).drop_nulls().first() for name in VERDICTS),
            *(pl.col(name).drop_nulls() for name in _FIGURES),
        )
        .select(list(_PRINTS))
    )


def beside(printed: pl.DataFrame) -> pl.DataFrame:
    """Targets as printed beside figures: what `standards.with_targets` takes. Takes what `rows` gives."""
    both = pl.all_horizontal(pl.col("value", "target").is_not_null())
    return printed.filter(both).select(
        "indicator", "basis", "period",
        *(pl.col(name).alias(f"printed_{name}") for name in _FIGURES),
    )  # fmt: skip


def under(rated: pl.DataFrame, at: Period) -> pl.DataFrame:
    """Where documents may print each row: under the period of the report, or under its own.

    Takes rated with line, indicator, basis, period; returns what `about` takes.
    """
    return pl.concat([under_report(rated, pl.lit(str(at))), under_own(rated)])


def under_own(rated: pl.DataFrame) -> pl.DataFrame:
    """Each row under the period of its figure, in whichever document. For `about`.

    A column `also` is another name of that period: of a snapshot dated by its last month.
    """
    names = ["period", *(["also"] if "also" in rated.columns else [])]
    return pl.concat(
        rated.select(*_ASKED, period=name, in_report=pl.lit(None, pl.String)) for name in names
    ).unique(maintain_order=True)


def under_report(rated: pl.DataFrame, report: pl.Expr) -> pl.DataFrame:
    """Each row under the period of a report, in documents about that period alone: what others print
    under it is about the figure of that very period. For `about`.
    """
    return rated.select(*_ASKED, period=report, in_report=report)


def about(asked: pl.DataFrame, prints: pl.DataFrame) -> pl.DataFrame:
    """What each document says of the rows asked about.

    Takes asked with line UInt32, indicator, basis, period, and in_report String (the period that the
    document must be about; null: any): several rows of a line are several periods under which a document
    may print it, the first to count first. Takes and returns the
    columns of `prints` (without indicator, basis and period), with line: one row for each line and
    document, in the order of documents. Of each list the first that is not empty is taken, first from
    where the rating is printed.
    """
    found = (
        asked.with_row_index("asked_first")
        .join(prints, on=["indicator", "basis", "period"], maintain_order="left_right")
        .filter(pl.col("in_report").is_null() | (pl.col("in_report") == pl.col("about")))
        .sort("line", "document", pl.col("rating").is_null(), "asked_first")
    )
    return found.group_by("line", "document", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().first() for name in VERDICTS),
        *(pl.col(name).filter(pl.col(name).list.len() > 0).first() for name in _FIGURES),
    )


def called_previous(asked: pl.DataFrame, of: pl.DataFrame, prints: pl.DataFrame) -> pl.DataFrame:
    """Ratings that documents call previous, with what they print of that figure itself.

    Takes asked and of as `about` does: where the verdict stands, and the figure that it is about.
    Returns line, document, rating, value, target, floor.
    """
    said = about(asked, prints).select("line", "document", rating="previous_rating")
    beside = about(of, prints).select("line", "document", *_FIGURES)
    return said.join(beside, on=["line", "document"], how="left", maintain_order="left")


def standing(rated: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The printed rating that stands for each row of `rated` that figures cannot decide.

    Takes rated with `line` UInt32, value and rating (as worked out), status, decimals, target,
    target_high, floor, floor_high; verdicts with line, rating, and value, target and floor as lists of
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

    Takes what `standing` does, with direction. Returns line, printed_direction String (that stands; null
    where it is lost), is_rated Boolean (whether a rating beside the very figure is printed), word String
    (the direction that is printed, of whichever figure); only lines that a document rates or gives a
    direction.
    """
    both = _with_saved(rated, verdicts)
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


_SAVED = ("value", "rating", "status", "decimals", "target", "target_high", "floor", "floor_high")


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
_ENDS = {"value": ("value",), "target": ("target", "target_high"), "floor": ("floor", "floor_high")}


def _agrees(name: str) -> pl.Expr:
    """Whether what is saved is among what is printed. Nothing on either side is no difference."""
    saved = [pl.col(f"saved_{end}") for end in _ENDS[name]]
    missing = pl.all_horizontal(one.is_null() for one in saved)
    blank = (pl.col(name).list.len() == 0).fill_null(value=True)
    found = pl.any_horizontal(
        pl.col(name).list.contains(one).fill_null(value=False) for one in saved
    )
    return missing | blank | found
