"""What every search for faults starts from: figures with their definition, place in time and words.

A *series* is one indicator, basis, breakdown and item on one side of a break in definition, in
periods of one length: the figures that can be held against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import chain
from typing import Any

import polars as pl

from kpi_core import display
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period, calendar, with_calendar
from kpi_core.words import Measure, Ytd

#: What `findings` of every kind return.
COLUMNS = ("finding", "severity", "indicator", "period", "message", "sources")

#: What identifies a figure within a council.
CELL = ["indicator", "period", "basis", "breakdown", "item"]
#: What tells series apart; `observed` numbers them in that order, as numbers group ten times faster.
_APART = ["indicator", "basis", "breakdown", "item", "frequency", "era"]
SERIES = ["series"]

#: Words in a name, description or note that say that figures are given rounded.
ROUNDED = r"(?i)thousand|million|\b000s?\b|£\s?m\b|£[\d.,]+m\b|\brounded\b|\baround\b|\bover\b|\babout\b|approx|nearly"
#: Words in a note that say that a figure was changed after it was first given.
RESTATED = r"(?i)revis|restat|amend|correct|updated|\blate\b|backdat|re-?count|since changed"


Row = Mapping[str, Any]


def told(
    found: pl.DataFrame,
    finding: str,
    severity: str,
    sentence: Callable[[Row], str],
    cite: Iterable[str] = ("source",),
) -> pl.DataFrame:
    """A finding for each row found: the columns COLUMNS, all String.

    Takes rows with indicator, period and the columns named in `cite` (a source, or a list of
    them); `sentence` says what is wrong with a row.
    """
    rows = [
        {
            "finding": finding,
            "severity": severity,
            "indicator": row["indicator"],
            "period": row["period"],
            "message": sentence(row),
            "sources": sources(row[name] for name in cite),
        }
        for row in found.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String))


def sources(given: Iterable[str | list[str] | None]) -> str:
    """The sources of several rows, each once, parted by |."""
    texts = chain.from_iterable([one] if isinstance(one, str) else one or [] for one in given)
    return " | ".join(dict.fromkeys(text for text in texts if text))


def said(value: Decimal, unit: str = "number") -> str:
    """A figure as a sentence prints it: with all the decimals it has, and a % where it is one."""
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return display.number(value, places) + ("%" if unit == "percent" else "")


def several(values: Iterable[Decimal], unit: str = "number") -> str:
    """Figures as a list in words: `118, 112, 115 and 114`."""
    *most, last = [said(value, unit) for value in values]
    return f"{', '.join(most)} and {last}" if most else last


def words(period: str, year_start: int) -> str:
    """A period for people; empty stays empty."""
    return Period.parse(period, year_start).words if period else ""


def whole_name(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `label`: the indicator's name, and the part where the figure is one."""
    part = pl.when(pl.col("item") != "").then(pl.format(", {}", "item")).otherwise(pl.lit(""))
    return frame.with_columns(label=pl.format("{}{}", "name", part))


def definitions(figures: Figures) -> pl.DataFrame:
    """Every definition with `starts` (its first month) and `era` (breaks up to it), by `starts`."""
    starts = calendar(figures.indicators["from"].to_list(), figures.year_start).select(
        pl.col("period").alias("from"), starts="first_month"
    )
    return (
        figures.indicators.join(starts, on="from", how="left")
        .sort("indicator", "starts")
        .with_columns(
            era=(pl.col("lifecycle") == "revised").cum_sum().over("indicator").cast(pl.Int32),
            place=pl.int_range(pl.len()).over("indicator"),
        )
        # A first definition also reads the figures that are older than itself.
        .with_columns(starts=pl.when(pl.col("place") == 0).then(0).otherwise("starts").cast(pl.Int32))
        .sort("starts", "indicator")
        .select(
            "indicator", "starts", "era", "name", "unit", "decimals", "description",
            *(pl.col(name).cast(pl.String) for name in ("kind", "polarity", "measure", "ytd")),
        )
    )  # fmt: skip


def defined(rows: pl.DataFrame, figures: Figures) -> pl.DataFrame:
    """Rows with indicator and first_month, each with the definition that held then.

    Adds the columns of `definitions` but starts. Rows of an indicator without a definition are
    left out.
    """
    return rows.sort("first_month").join_asof(
        definitions(figures), left_on="first_month", right_on="starts", by="indicator",
        check_sortedness=False,
    ).filter(pl.col("name").is_not_null()).drop("starts")  # fmt: skip


def observed(figures: Figures) -> pl.DataFrame:
    """Every observation that has a figure, with its definition and place in time, as in the files.

    The columns of observations (basis and status String) without file_row; line (its place in the
    files), frequency, months, first_month, end_month, year; era, name, label, unit, decimals, kind,
    polarity, measure, ytd; series (its number); step Decimal (half of it is what rounding can hide: 0 for whole counts),
    counted (whether it is a sum of single events or payments of the period).
    """
    in_file = figures.observations.sort("file_row", maintain_order=True, nulls_last=True)
    rows = in_file.drop("file_row").with_row_index("line")
    known = rows.filter(
        pl.col("value").is_not_null()
        | pl.col("numerator").is_not_null()
        | pl.col("denominator").is_not_null()
    ).with_columns(pl.col("basis", "status").cast(pl.String))
    dated = with_calendar(known, figures.year_start).with_columns(
        months=pl.col("frequency").replace_strict(
            {str(one): one.months for one in Frequency}, return_dtype=pl.Int32
        )
    )
    found = whole_name(defined(dated, figures)).sort("line")
    numbers = found.select(_APART).unique().sort(_APART).with_row_index("series")
    numbered = found.join(numbers, on=_APART, how="left", maintain_order="left")
    return numbered.with_columns(step=_step(), counted=_counted())


def _given_rounded() -> pl.Expr:
    """Whether the indicator says that its figures are rounded, such as "in thousands"."""
    return (pl.col("name") + " " + pl.col("description")).str.contains(ROUNDED)


def _counted() -> pl.Expr:
    """Whether a figure is the sum of single events or payments of its period.

    Such a sum varies at least as a Poisson count does. The people who use a service do not: most
    of them are the same as a quarter before.
    """
    return (
        pl.col("unit").is_in(["number", "currency"])
        & (pl.col("decimals") == 0)
        & (pl.col("measure") == Measure.IN_PERIOD)
        & (pl.col("ytd") == Ytd.SUM)
        & ~_given_rounded()
    )


def _step() -> pl.Expr:
    """The step between two figures as they are printed.

    A count of people or things is whole, so that rounding hides nothing in it, unless name,
    description or note say otherwise ("in thousands", "over 1,300"). A figure that a note calls
    rounded is taken to be so to its last digit that is not 0.
    """
    unit = pl.lit(10.0).pow(-pl.col("decimals").cast(pl.Float64))
    ends = [
        pl.when(pl.col("value") % 10**power == 0).then(10.0**power) for power in range(6, 0, -1)
    ]
    by_note = pl.col("note").str.contains(ROUNDED)
    counted = (pl.col("unit") == "number") & (pl.col("decimals") == 0) & ~_given_rounded()
    return (
        pl.when(by_note & (pl.col("value") != 0))
        .then(pl.coalesce(*ends, unit))
        .when(counted & (pl.col("value") % 1 == 0))
        .then(0.0)
        .otherwise(unit)
        .cast(pl.Decimal(18, 6))
    )
