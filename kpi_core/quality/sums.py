"""Parts against their total: items against the whole, months and quarters against longer periods.

What rounding can explain is no fault. Each printed figure hides at most half of its last digit, so
a total and the sum of n parts may differ by (n + 1) halves; a count of whole things hides nothing
(see `facts.observed`, step). Nothing is said of a list of parts that is not complete.
"""

from __future__ import annotations

import polars as pl

from kpi_core import display
from kpi_core.periods import Frequency
from kpi_core.quality.facts import Row, said, several, told, words
from kpi_core.words import FigureBasis, Measure, Ytd

#: Other windows that must add up before figures that are not defined as sums are taken for such.
EVIDENCE = 2
_FIGURES = ("value", "numerator", "denominator")
#: Parts that a sentence lists one by one.
_LISTED = 4
_PLACE = ["indicator", "breakdown", "item", "era", "figure"]


def _long(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each value, numerator and denominator: figure (which), amount, half (of a step)."""
    keep = [
        "line", "indicator", "period", "basis", "breakdown", "item", "frequency", "months",
        "first_month", "end_month", "era", "name", "label", "unit", "measure", "ytd", "source",
    ]  # fmt: skip
    return pl.concat(
        rows.filter(pl.col(name).is_not_null()).select(
            *keep, figure=pl.lit(name), amount=name,
            half=(
                pl.col("step") if name == "value"
                else pl.when(pl.col(name) % 1 == 0).then(0).otherwise(1)
            ).cast(pl.Float64) / 2,
        )
        for name in _FIGURES
    )  # fmt: skip


def parts(rows: pl.DataFrame) -> pl.DataFrame:
    """Totals that the parts of a breakdown do not make.

    A breakdown counts as complete where its parts make the total in at least one other period or
    basis, and in at least half of them; a list with fewer parts than have ever made the total, and
    less than it, is taken to be incomplete. Numerators and denominators are added up as well.

    Returns one row for each total: the columns of CELL, name, unit, breakdown_by, figure, made,
    amount (the total), allowed, n, parts and sources (lists).
    """
    figures = _long(rows)
    by = ["indicator", "period", "basis", "era", "figure"]
    totals = figures.filter(pl.col("item") == "").select(
        *by, "name", "unit", "amount", "source", total_half="half", line="line"
    )
    sums = (
        figures.filter(pl.col("item") != "")
        .sort("line")
        .group_by(*by, "breakdown", maintain_order=True)
        .agg(
            n=pl.len().cast(pl.Int64), made=pl.col("amount").sum(), half=pl.col("half").sum(),
            most=pl.col("half").max(), least=pl.col("amount").min(), parts=pl.col("amount"), part_sources=pl.col("source"),
        )
    )  # fmt: skip
    both = sums.join(totals, on=by, how="inner", maintain_order="left").with_columns(
        allowed=pl.col("half") + pl.col("total_half"),
        grain=2 * pl.max_horizontal("total_half", "most"),
        off=(pl.col("made") - pl.col("amount")).cast(pl.Float64),
    )
    fits = pl.col("off").abs() <= pl.col("allowed") + 1e-9
    kind = ["indicator", "era", "breakdown", "figure"]
    good = fits.sum().over(kind).cast(pl.Int64)
    complete = pl.col("n") >= pl.when(fits).then("n").min().over(kind)
    return (
        both.filter(
            ~fits
            & (good >= 1)
            & (2 * good >= pl.len().over(kind) - 1)
            & (complete | ((pl.col("off") > 0) & (pl.col("least") >= 0)))
        )
        .sort("line", "breakdown", _rank(pl.col("figure")))
        .unique(["line", "breakdown"], keep="first", maintain_order=True)
        .with_columns(item=pl.lit(""), by=pl.col("breakdown"), breakdown=pl.lit(""))
    )


def parts_said(row: Row, year_start: int) -> str:
    """What is wrong with a row of `parts`: the arithmetic, without the indicator's name."""
    return (
        f"the {display.count(row['n'])} {_of(row['figure'])}parts for {_stretch(row, year_start)} "
        f"make {said(row['made'], row['unit'])} against a total of "
        f"{said(row['amount'], row['unit'])}; {_allowance(row['allowed'], row['grain'])}"
    )


def parts_and_total(found: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each row of `parts`: an error."""

    def sentence(row: Row) -> str:
        return f"{row['name']}, by {row['by']}: {parts_said(row, year_start)}"

    return told(found, "parts_and_total", "error", sentence, ["source", "part_sources"])


def periods(rows: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """Figures of a longer stretch of time that its months or quarters do not make.

    The longer stretch: a quarter, a year, a year to date or twelve months; quarters are taken
    where they are complete, else months. An indicator whose year to date is a sum adds up by
    definition; so do, by experience, numerators, denominators and other figures that are counted in
    the period, where at least two other windows of the same series add up, and half of all. Of
    figures taken at the period's end (snapshot) or rolling, the last one must be the longer
    period's, again where at least two others are. Where some periods are missing, what is there
    must not make more than the whole. Returns one row for each longer stretch: as `parts` does, with
    frequency_of (that of its parts), short (whether some are missing) and rule (sum or last).
    """
    figures = _long(rows).with_columns(
        year_of=(pl.col("first_month") - (year_start - 1)) // 12, rank=_rank(pl.col("figure"))
    )
    on_period = pl.col("basis") == FigureBasis.PERIOD
    into_year = (pl.col("end_month") - 1 - (year_start - 1)) % 12
    longer = (
        figures.filter(~on_period | (pl.col("frequency") != Frequency.MONTH))
        .with_columns(
            begins=pl.when(pl.col("basis") == FigureBasis.TWELVE_MONTHS)
            .then(pl.col("end_month") - 12)
            .when(pl.col("basis") == FigureBasis.YTD)
            .then(pl.col("end_month") - 1 - into_year)
            .otherwise("first_month"),
        )
        .with_columns(
            span=pl.col("end_month") - pl.col("begins"),
            year_of=pl.concat_list(
                (pl.col("begins") - (year_start - 1)) // 12,
                (pl.col("end_month") - 1 - (year_start - 1)) // 12,
            ).list.unique(),
        )
        .explode("year_of", empty_as_null=False, keep_nulls=False)
    )
    pieces = figures.filter(on_period).select(
        *_PLACE, "year_of", "amount", "half", "source",
        "frequency", "months", "first_month", "end_month", piece=pl.col("line"),
    )  # fmt: skip
    held = longer.join(pieces, on=[*_PLACE, "year_of"], suffix="_of", maintain_order="left").filter(
        (pl.col("first_month_of") >= pl.col("begins"))
        & (pl.col("end_month_of") <= pl.col("end_month"))
        & (pl.col("piece") != pl.col("line"))
        & ((pl.col("months_of") < pl.col("span")) | ~on_period)
    )
    counted = pl.col("measure") == Measure.IN_PERIOD
    last = pl.col("end_month_of") == pl.col("end_month")
    held = held.filter(counted | (on_period & last)).with_columns(
        rule=pl.when(counted).then(pl.lit("sum")).otherwise(pl.lit("last"))
    )
    return _told(
        held.sort("line", "rank", "months_of", "first_month_of")
        .group_by("line", "rank", "frequency_of", maintain_order=True)
        .agg(
            pl.col(
                "indicator", "period", "basis", "breakdown", "item", "era", "figure", "label",
                "unit", "ytd", "frequency", "amount", "source", "span", "rule",
            ).first(),
            pl.col("months_of").first(),
            covered=pl.col("months_of").sum(), n=pl.len().cast(pl.Int64),
            made=pl.col("amount_of").sum(), least=pl.col("amount_of").min(),
            allowed=pl.col("half").first() + pl.col("half_of").sum(),
            grain=2 * pl.max_horizontal(pl.col("half").first(), pl.col("half_of").max()),
            parts=pl.col("amount_of"), part_sources=pl.col("source_of"),
        )
    )  # fmt: skip


def _told(held: pl.DataFrame) -> pl.DataFrame:
    """Of what periods make against longer ones, the rows that cannot be: see `periods`."""
    summed = pl.col("rule") == "sum"
    short = summed & (pl.col("covered") < pl.col("span"))
    off = (pl.col("made") - pl.col("amount")).cast(pl.Float64)
    best = (  # complete before incomplete, quarters before months
        # One month is what its year to date is, whether months add up or not: it proves no sum.
        held.with_columns(short=short, off=off, alone=pl.col("n") == 1)
        .sort("line", "rank", "short", "months_of", descending=[False, False, False, True])
        .unique(["line", "rank"], keep="first", maintain_order=True)
    )
    fits = pl.col("off").abs() <= pl.col("allowed") + 1e-9
    kind = ["indicator", "era", "figure", "basis", "frequency", "rule", "short", "alone"]
    good = fits.sum().over(kind).cast(pl.Int64)
    by_definition = summed & (pl.col("figure") == "value") & (pl.col("ytd") == Ytd.SUM)
    by_experience = (good >= EVIDENCE) & (2 * good >= pl.len().over(kind) - 1) & ~pl.col("short")
    too_much = (pl.col("off") > 0) & (pl.col("least") >= 0)
    wrong = ~fits & (by_definition | by_experience) & (~pl.col("short") | too_much)
    return best.filter(wrong).unique("line", keep="first", maintain_order=True)


def _rank(figure: pl.Expr) -> pl.Expr:
    """Value, numerator, denominator."""
    return figure.replace_strict(
        {name: at for at, name in enumerate(_FIGURES)}, return_dtype=pl.Int8
    )


def periods_said(row: Row, year_start: int) -> str:
    """What is wrong with a row of `periods`: the arithmetic, without the indicator's name."""
    stretch, kind = _stretch(row, year_start), row["frequency_of"]
    unit = row["unit"] if row["figure"] == "value" else ""
    made, total = said(row["made"], unit), said(row["amount"], unit)
    if row["rule"] == "last":
        what = (
            f"the {_of(row['figure'])}last {kind} is {made} against {total} for {stretch}, "
            "although both stand at the same day"
        )
    else:
        pieces = f"{display.count(row['n'])} {kind}{'s' if row['n'] > 1 else ''}"
        known = " known" if row["short"] else ""
        listed = f" {several(row['parts'], unit)}" if row["n"] <= _LISTED else ""
        what = (
            f"the {_of(row['figure'])}{pieces}{known}{listed} make {made} against a printed "
            f"{total} for {stretch}"
        )
    return f"{what}; {_allowance(row['allowed'], row['grain'])}"


def periods_and_total(found: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each row of `periods`: an error."""

    def sentence(row: Row) -> str:
        return f"{row['label']}: {periods_said(row, year_start)}"

    of_quarter = (
        (pl.col("frequency_of") == Frequency.MONTH)
        & (pl.col("frequency") == Frequency.QUARTER)
        & (pl.col("basis") == FigureBasis.PERIOD)
    )
    cite = ["source", "part_sources"]
    return pl.concat(
        [
            told(found.filter(of_quarter), "months_and_quarter", "error", sentence, cite),
            told(found.filter(~of_quarter), "periods_and_year", "error", sentence, cite),
        ]
    )


def _of(figure: str) -> str:
    return "" if figure == "value" else f"{figure} of the "


def _stretch(row: Row, year_start: int) -> str:
    """`Q2 2024/25`, `the 12 months to Q2 2024/25`, `the year to Q2 2024/25`."""
    period = words(str(row["period"]), year_start)
    return {
        str(FigureBasis.TWELVE_MONTHS): f"the 12 months to the end of {period}",
        str(FigureBasis.YTD): f"the year to the end of {period}",
    }.get(str(row["basis"]), period)


def _allowance(allowed: float, grain: float) -> str:
    """`rounding explains at most 2.`: whole steps only, as printed figures differ by such."""
    if not grain:
        return "these are whole counts, so rounding does not explain it."
    return f"rounding explains at most {int(allowed / grain + 1e-9) * grain:,.4g}."
