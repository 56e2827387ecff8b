"""One thing given two values: a figure, a target or a floor."""

from __future__ import annotations

from functools import partial

import polars as pl

from kpi_core.figures import Figures
from kpi_core.periods import with_calendar
from kpi_core.quality.facts import (
    CELL,
    RESTATED,
    Row,
    defined,
    said,
    told,
    whole_name,
    words,
)

#: Zeros at the end of a figure that may be rounding: thousands of thousands.
_ZEROS = 6
_DOCUMENT = ["document", "place"]


def _half(value: pl.Expr) -> pl.Expr:
    """What rounding can hide in a figure as printed: half of its last digit that is not 0."""
    ends = [pl.when(value % 10**n == 0).then(10.0**n) for n in range(_ZEROS, -1, -1)]
    decimals = [pl.when((value * 10**n) % 1 == 0).then(10.0**-n) for n in range(1, 7)]
    return pl.when(value == 0).then(1.0).otherwise(pl.coalesce(*ends, *decimals)) / 2


def _differ(one: str, other: str) -> pl.Expr:
    """Whether two printed figures are more apart than rounding one of them, or both, explains."""
    apart = (pl.col(one) - pl.col(other)).cast(pl.Float64).abs()
    return apart > pl.max_horizontal(_half(pl.col(one)), _half(pl.col(other))) + 1e-9


def _named(rows: pl.DataFrame, figures: Figures) -> pl.DataFrame:
    """Rows with indicator and period, with their definition, label and place in time."""
    return whole_name(defined(with_calendar(rows, figures.year_start), figures))


def two_values(figures: Figures, known: pl.DataFrame) -> pl.DataFrame:
    """One indicator, period, basis and part with two values: a finding for each.

    `known` is what `facts.observed` returns. Held against each other: what a document prints in two
    places (an error), what two documents print, and what is printed against what is now held (each
    a warning). Rounding explains half of the last digit that is not 0 (8.7 thousand is 8,702). A
    later value is no contradiction where the note of the figure says that it was restated.
    """
    printed = figures.published.with_columns(pl.col("basis").cast(pl.String)).filter(
        pl.col("value").is_not_null()
    )
    first = printed.sort(*CELL, *_DOCUMENT).select(*CELL, *_DOCUMENT, "value", "source")
    in_one = first.join(first, on=[*CELL, "document"], suffix="_too", maintain_order="left").filter(
        (pl.col("place") < pl.col("place_too")) & _differ("value", "value_too")
    )
    held = known.filter(pl.col("value").is_not_null()).select(
        *CELL, value_too="value", source_too="source", note="note"
    )
    noted = known.filter(pl.col("note").str.contains(RESTATED)).select(CELL)
    in_place = in_one.select(CELL)
    against_held = (
        first.join(held, on=CELL, how="inner", maintain_order="left")
        .filter(_differ("value", "value_too"))
        .join(noted, on=CELL, how="anti", maintain_order="left")
        .join(in_place, on=CELL, how="anti", maintain_order="left")
    )
    between = (
        first.join(first, on=CELL, suffix="_too", maintain_order="left")
        .filter((pl.col("document") < pl.col("document_too")) & _differ("value", "value_too"))
        .join(noted, on=CELL, how="anti", maintain_order="left")
        .join(in_place, on=CELL, how="anti", maintain_order="left")
        .join(against_held.select(CELL), on=CELL, how="anti", maintain_order="left")
    )
    return pl.concat(
        [
            _given_twice(figures, "error", in_one, "two places of document {document}"),
            _given_twice(
                figures, "warning", against_held, "document {document} and the figures now held"
            ),
            _given_twice(figures, "warning", between, "documents {document} and {document_too}"),
        ]
    )


def _given_twice(figures: Figures, severity: str, rows: pl.DataFrame, where: str) -> pl.DataFrame:
    once = _named(rows, figures).unique(CELL, keep="first", maintain_order=True)

    def sentence(row: Row) -> str:
        basis = {"ytd": ", year to date", "12m": ", 12 months"}.get(row["basis"], "")
        return (
            f"{row['label']}: {words(row['period'], figures.year_start)}{basis} is given as "
            f"{said(row['value'], row['unit'])} and as {said(row['value_too'], row['unit'])}, "
            f"{said(abs(row['value'] - row['value_too']))} apart, in {where.format(**row)}; "
            "neither rounding nor a note explains it."
        )

    return told(once.sort(*CELL), "two_values", severity, sentence, ["source", "source_too"])


def two_targets(figures: Figures) -> pl.DataFrame:
    """One period with two targets, or two floors: a finding for each.

    What a document prints in two places (an error), and what a document prints against what is set
    for that period or its year (a warning). A proposal is not held against what was set in the end.
    For a range, the target printed may be either end of it.
    """
    found = [_two_limits(figures, "target"), _two_limits(figures, "floor")]
    return pl.concat(found)


def _two_limits(figures: Figures, limit: str) -> pl.DataFrame:
    printed = _named(
        figures.published.filter(pl.col(limit).is_not_null() & (pl.col("breakdown") == ""))
        .with_columns(pl.col("basis").cast(pl.String))
        .select(*CELL, *_DOCUMENT, "source", value=limit),
        figures,
    ).sort(*CELL, *_DOCUMENT)  # fmt: skip
    in_one = printed.join(
        printed.select(*CELL, *_DOCUMENT, "source", value_too="value"),
        on=[*CELL, "document"], suffix="_too", maintain_order="left",
    ).filter((pl.col("place") < pl.col("place_too")) & (pl.col("value") != pl.col("value_too")))  # fmt: skip
    against = _limits_of(figures, printed, limit)
    same = (pl.col("value") == pl.col("value_too")) | (pl.col("value") == pl.col("high"))
    agrees = same.fill_null(value=False).any().over([*CELL, *_DOCUMENT])
    of_its_time = (pl.col("status") == "set") & pl.col("own")
    differing = against.filter(~agrees & of_its_time).join(
        in_one.select(CELL), on=CELL, how="anti", maintain_order="left"
    )

    def sentence(row: Row, where: str) -> str:
        return (
            f"{row['name']}: the {limit} for {words(row['period'], figures.year_start)} is given as "
            f"{said(row['value'], row['unit'])} and as {said(row['value_too'], row['unit'])}, "
            f"{said(abs(row['value'] - row['value_too']))} apart, in {where.format(**row)}."
        )

    cases = (
        ("error", in_one, "two places of document {document}"),
        ("warning", differing, "document {document} and what is set"),
    )
    return pl.concat(
        told(
            frame.unique(CELL, keep="first", maintain_order=True),
            "two_targets", severity, partial(sentence, where=where), ["source", "source_too"],
        )
        for severity, frame, where in cases
    )  # fmt: skip


def _limits_of(figures: Figures, printed: pl.DataFrame, limit: str) -> pl.DataFrame:
    """Each limit printed beside those held: for its period, and for that of its document.

    Adds value_too, high, source_too, status, and own (whether it is for the figure's period).
    """
    held = figures.targets.filter(pl.col(limit).is_not_null()).select(
        "indicator", "year", pl.col("status").cast(pl.String), "source",
        of=pl.col("period"), value_too=limit, high=f"{limit}_high",
    )  # fmt: skip
    edition = with_calendar(figures.documents.select("document", "period"), figures.year_start)
    own = printed.with_columns(at=pl.col("period"), own=pl.lit(value=True))
    later = printed.drop("year").join(
        edition.select("document", "year", at="period"), on="document", how="inner"
    )
    both = pl.concat([own, later.with_columns(own=pl.lit(value=False)).select(own.columns)])
    return both.join(held, on=["indicator", "year"], suffix="_too", maintain_order="left").filter(
        (pl.col("of") == pl.col("at")) | (pl.col("of") == "")
    )
