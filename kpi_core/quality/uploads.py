"""Faults that only an upload can have: periods that have not ended, or are published already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from kpi_core import display
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period, calendar, with_calendar
from kpi_core.quality.facts import CELL, Row, defined, said, told, whole_name, words

#: Figures of one kind and period that are told one by one; more are told in one sentence.
SINGLY = 10
#: Figures that such a sentence names.
_NAMED = 3


def not_ended(cells: pl.DataFrame, figures: Figures, today: date) -> pl.DataFrame:
    """Figures of a period that has not ended by a day: a finding `future` for each, or for many.

    An error where the period has not begun, else a warning. The day itself belongs to its period
    still. Takes rows of observations.
    """
    start = figures.year_start
    month = Period.containing(today, Frequency.MONTH, start).first_month
    dates = calendar(cells["period"].unique().to_list(), start)
    early = dates.filter(pl.col("end_month") > month)["period"]
    rows = _with_names(cells.filter(pl.col("period").is_in(early.implode())), figures)

    def when(text: str) -> str:
        period = Period.parse(text, start)
        begun = period.first_month <= month
        day = period.last_day if begun else period.start
        return (
            f"{words(text, start)}, which {'ends' if begun else 'begins'} on {day.day} {day:%B %Y}"
        )

    def one(row: Row) -> str:
        return f"{row['label']}: there is a figure for {when(row['period'])}."

    def many(row: Row) -> str:
        return f"There are {row['n']:,} figures for {when(row['period'])}: {_listed(row, _label)}."

    begun = pl.col("first_month") <= month
    return pl.concat(
        _one_or_many(rows.filter(which), "future", severity, by=["period"], one=one, many=many)
        for which, severity in ((~begun, "error"), (begun, "warning"))
    )


def restated(
    changed: pl.DataFrame, figures: Figures, editions: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Figures that change although their period is published: a warning for each, or for many.

    A period is published when a document or an edition reports on it, for the indicators that the
    report has in that year; so are the months and quarters within it. Takes rows of observations
    with what they were (see `changes`), and `editions` with report and period. A note, a source or
    a status that changes is nothing.
    """
    start = figures.year_start
    facts = ("value", "numerator", "denominator")
    differs = pl.any_horizontal(~pl.col(name).eq_missing(pl.col(f"was_{name}")) for name in facts)
    shown = _published(figures, editions)
    within = (
        calendar(changed["period"].unique().to_list(), start)
        .select("period", "first_month", "end_month")
        .join(shown.drop("indicator").unique(), how="cross")
        .filter(
            (pl.col("first_month") >= pl.col("shown_from"))
            & (pl.col("end_month") <= pl.col("shown_to"))
        )
        .drop("first_month", "end_month")
    )
    hit = (
        changed.join(within.select("period").unique(), on="period", how="semi")
        .filter(differs)
        .pipe(_with_names, figures)
        .join(within, on="period", how="inner", maintain_order="left")
        .join(shown.select("indicator", "shown"), on=["indicator", "shown"], how="semi")
        # The shortest published period that holds it.
        .sort(pl.col("shown_to") - pl.col("shown_from"), maintain_order=True)
        .unique(CELL, keep="first", maintain_order=True)
        .sort(CELL)
    )

    def change(row: Row) -> str:
        was, now = _figure(row, "was_"), _figure(row)
        return f"from {was} to {now}" if was != now else f"in the parts of {now}"

    def one(row: Row) -> str:
        return (
            f"{row['label']}: the figure for {words(row['period'], start)} changes {change(row)}, "
            f"although the report of {words(row['shown'], start)} is published."
        )

    def many(row: Row) -> str:
        listed = _listed(row, lambda one: f"{one['label']} {change(one)}")
        return (
            f"{row['n']:,} figures for {words(row['period'], start)} change, although the report of "
            f"{words(row['shown'], start)} is published: {listed}."
        )

    return _one_or_many(hit, "restated", "warning", by=["period", "shown"], one=one, many=many)


def _published(figures: Figures, editions: pl.DataFrame | None) -> pl.DataFrame:
    """indicator, shown (a period published of a report that has it), shown_from and shown_to."""
    usual = figures.reports.select("report", usual=pl.col("frequency").cast(pl.String))
    # A document about another stretch of time, such as the framework of a year, shows no figures.
    of_reports = (
        _dated(figures.documents, figures)
        .join(usual, on="report", how="left")
        .filter(pl.col("frequency") == pl.col("usual").fill_null(pl.col("frequency")))
        .drop("usual")
    )
    dated = of_reports if editions is None else pl.concat([of_reports, _dated(editions, figures)])
    placed = figures.placements.select("report", "year", "indicator")
    return (
        dated.join(placed, on=["report", "year"], how="inner")
        .select(
            "indicator", shown="period", shown_from="first_month", shown_to="end_month"
        )
        .unique()
    )  # fmt: skip


def _dated(rows: pl.DataFrame, figures: Figures) -> pl.DataFrame:
    """The report and period of each row, once, with its place in time."""
    once = rows.select("report", "period").unique().filter(pl.col("period") != "")
    return with_calendar(once, figures.year_start)


def _with_names(rows: pl.DataFrame, figures: Figures) -> pl.DataFrame:
    """Rows of observations with their place in time, definition and label, in order of the file."""
    dated = with_calendar(rows, figures.year_start)
    return whole_name(defined(dated, figures)).sort("file_row", nulls_last=True)


def _figure(row: Row, when: str = "") -> str:
    """The value, or the parts that stand for it."""
    value, top, bottom = (row[f"{when}{name}"] for name in ("value", "numerator", "denominator"))
    if value is not None:
        return said(value, row["unit"])
    if top is None or bottom is None:
        return "no figure"
    return f"{said(top)} of {said(bottom)}"


def _label(row: Row) -> str:
    return str(row["label"])


def _listed(row: Row, name: Callable[[Row], str]) -> str:
    """The first few of many, and how many more."""
    named = [name(one) for one in row["first"]]
    return display.listed([*named, f"{row['n'] - len(named):,} more"])


def _one_or_many(
    rows: pl.DataFrame,
    finding: str,
    severity: str,
    *,
    by: list[str],
    one: Callable[[Row], str],
    many: Callable[[Row], str],
) -> pl.DataFrame:
    """A finding for each row; or for all that have the same `by`, where they are many."""
    number = pl.len().over(by)
    groups = (
        rows.filter(number > SINGLY)
        .group_by(by, maintain_order=True)
        .agg(
            n=pl.len(), first=pl.struct(pl.all()).head(_NAMED), source=pl.col("source").head(_NAMED)
        )
        .with_columns(indicator=pl.lit(""))
    )
    return pl.concat(
        [
            told(rows.filter(number <= SINGLY), finding, severity, one),
            told(groups, finding, severity, many),
        ]
    )
