"""What a rehearsal says, in plain sentences: what changes, where, and what was not looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from kpi_core import display, quality
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.rehearsal import Rehearsal, Stretch, superseded
from kpi_core.wording import Wording
from kpi_core.words import Alert, FigureBasis

#: Changes that a sentence names, and periods of a report that have a sentence of their own.
NAMED, PERIODS = 6, 6
#: What stands for a verdict where there is none: the indicator is not in the report, or has no year
#: to date.
NOT_SHOWN = "not shown"


def sentences(rehearsal: Rehearsal) -> list[str]:
    """What saving would do, the ratings first.

    `Quarterly report, Q2 2024/25: 1 rating changes: Calls answered Amber → Red; Amber 4 → 3, Red 2
    → 3; 2 directions change: …`
    """
    if rehearsal.is_idle:
        return ["Nothing that is shown would change: every row is held already."]
    return [
        *_totals(rehearsal),
        *(line for stretch in rehearsal.stretches for line in _of_report(rehearsal, stretch)),
        *_superseded(rehearsal),
        *_first_rated(rehearsal),
        *(f"{one.table}: {one}." for one in rehearsal.changes),
        *_passed_over(rehearsal),
        *_unsearched(rehearsal),
    ]


def label(kind: str, code: str | None, wording: Wording) -> str:
    """A rating, direction or alert (`kind`) by its name."""
    if code is None:
        return NOT_SHOWN
    if kind == "alert":
        return Alert(code).label
    return wording.label(code) if kind == "rating" else wording.direction_label(code)


def title(rehearsal: Rehearsal, report: str) -> str:
    """A report's title, or its code where it has none."""
    titles = rehearsal.after.reports.filter(pl.col("report") == report)["title"].to_list()
    return str(titles[0]) if titles and titles[0] else report


def _by_kind(rehearsal: Rehearsal) -> dict[str, pl.DataFrame]:
    verdicts = rehearsal.verdicts
    return {"rating": verdicts.ratings, "direction": verdicts.directions, "alert": verdicts.alerts}


def _changes(count: int, noun: str) -> str:
    """`1 rating changes`, `3 ratings change`."""
    return f"{count:,} {noun} changes" if count == 1 else f"{count:,} {noun}s change"


def _totals(rehearsal: Rehearsal) -> Iterator[str]:
    """How many change in all, where that is in several periods; or that none does."""
    frames = _by_kind(rehearsal)
    places = pl.concat([one.select("report", "period") for one in frames.values()]).n_unique()
    if places == 0:
        yield "No rating, direction or alert changes."
    elif places > 1:
        counted = [_changes(one.height, noun) for noun, one in frames.items() if one.height]
        yield f"In {places} periods of reports {display.listed(counted)}."


def _of_report(rehearsal: Rehearsal, stretch: Stretch) -> Iterator[str]:
    """A sentence for each period in which something changes, the latest first."""
    said = []
    for at, held in stretch.looked_at:
        parts = _of_period(rehearsal, stretch.report, at)
        if parts:
            new = "" if at == held else f", new, against {held.words}"
            said.append(f"{title(rehearsal, stretch.report)}, {at.words}{new}: {'; '.join(parts)}.")
    yield from said[:PERIODS]
    if len(said) > PERIODS:
        yield f"{title(rehearsal, stretch.report)}: the same in {len(said) - PERIODS} more periods."


def _of_period(rehearsal: Rehearsal, report: str, at: Period) -> list[str]:
    here = (pl.col("report") == report) & (pl.col("period") == str(at))
    wording = rehearsal.after.organisation.wording
    parts = []
    for kind, frame in _by_kind(rehearsal).items():
        rows = frame.filter(here)
        if rows.height:
            named = [
                f"{row['name']}{on(row['basis'])} {label(kind, row['was'], wording)} → "
                f"{label(kind, row['now'], wording)}"
                for row in rows.head(NAMED).iter_rows(named=True)
            ]
            more = [f"{rows.height - NAMED:,} more"] if rows.height > NAMED else []
            parts.append(f"{_changes(rows.height, kind)}: {', '.join([*named, *more])}")
        if kind == "rating":
            parts += _counts(rehearsal.verdicts.counts.filter(here), wording)
    return parts


def on(basis: str) -> str:
    """What stands after the name of a verdict on the year to date."""
    return " (year to date)" if basis == FigureBasis.YTD else ""


def _counts(rows: pl.DataFrame, wording: Wording) -> list[str]:
    """`Green 18 → 17, Red 2 → 3`, for the period and for the year to date."""
    moved = rows.filter(pl.col("was") != pl.col("now"))
    return [
        ", ".join(
            f"{wording.label(row['rating'])}{on(row['basis'])} {row['was']:,} → {row['now']:,}"
            for row in group.iter_rows(named=True)
        )
        for _, group in moved.group_by("basis", maintain_order=True)
    ]


def _superseded(rehearsal: Rehearsal) -> Iterator[str]:
    """Which printed ratings no longer count, a sentence for each."""
    rows = rehearsal.verdicts.superseded
    for row in rows.head(NAMED).iter_rows(named=True):
        yield _superseded_sentence(row, rehearsal.after)
    if rows.height > NAMED:
        rest = rows.height - NAMED
        yield f"{rest:,} more printed {'rating no longer counts' if rest == 1 else 'ratings no longer count'}."


def _superseded_sentence(row: Mapping[str, Any], figures: Figures) -> str:
    """Which printed rating no longer counts, and why.

    `Calls answered: document 003 printed Green for 80.4% in Q2 2020/21. This upload gives 71%, so that
    rating no longer counts: the KPI becomes Red.`
    """
    wording = figures.organisation.wording
    shown = _figures_of(row, wording)
    differing = [name for name in row["because"] if name in _DIFFERS]
    beside = [_DIFFERS[name][0].format(shown[f"printed_{name}"]) for name in differing]
    for_what = f" for {display.listed(beside)}" if beside else ""
    changed = [_DIFFERS[name][1].format(shown[name]) for name in differing]
    if superseded.NO_DATA in row["because"]:
        changed.append("says that there is no figure")
    if superseded.MISSED in row["because"]:
        why = f"With this upload {shown['value']} misses the target of {shown['target']}"
    else:
        why = f"This upload {display.listed(changed)}"
    rating = wording.label(row["printed_rating"])
    becomes = "stays" if row["rating"] == row["printed_rating"] else "becomes"
    return (
        f"{row['name']}{on(row['basis'])}: document {row['document']} printed {rating}{for_what} in "
        f"{figures.organisation.period(row['period']).words}. {why}, so that rating no longer "
        f"counts: the KPI {becomes} {wording.label(row['rating'])}."
    )


#: How a figure is told that was printed, and that differs now.
_DIFFERS = {
    "value": ("{}", "gives {}"),
    "target": ("a target of {}", "sets the target at {}"),
    "floor": ("a floor of {}", "sets the floor at {}"),
}


def _figures_of(row: Mapping[str, Any], wording: Wording) -> dict[str, str]:
    """The figures of a row of SUPERSEDED as displayed."""
    unit, decimals = row["unit"], row["decimals"]
    return {
        **{
            name: display.figure(row[name], unit, decimals, wording)
            for name in ("value", "printed_value")
        },
        **{
            name: display.band(row[name], row.get(f"{name}_high"), unit, wording)
            for name in ("target", "floor", "printed_target", "printed_floor")
        },
    }


def _first_rated(rehearsal: Rehearsal) -> Iterator[str]:
    rows = rehearsal.verdicts.first_rated.unique("indicator", keep="first", maintain_order=True)
    if rows.height:
        names = rows["name"].head(NAMED).to_list()
        more = [f"{rows.height - NAMED:,} more"] if rows.height > NAMED else []
        verb = (
            "KPI gets a rating that had none"
            if rows.height == 1
            else "KPIs get a rating that had none"
        )
        yield f"{rows.height:,} {verb}: {display.listed([*names, *more])}."


def _passed_over(rehearsal: Rehearsal) -> Iterator[str]:
    """What was not looked at for ratings, as there was too much."""
    for stretch in rehearsal.stretches:
        if stretch.passed_over:
            latest, earliest = stretch.passed_over[0], stretch.passed_over[-1]
            looked, not_looked = len(stretch.looked_at), len(stretch.passed_over)
            yield (
                f"{title(rehearsal, stretch.report)}: ratings were worked out for {looked} of the "
                f"{looked + not_looked} periods that can change; not for {not_looked} between "
                f"{earliest.words} and {latest.words}."
            )


def _unsearched(rehearsal: Rehearsal) -> Iterator[str]:
    if rehearsal.after.observations.height > quality.MOST_FIGURES:
        yield (
            f"There are {rehearsal.after.observations.height:,} figures: faults were looked for in "
            f"those of the indicators in these files, the latest {quality.MOST_FIGURES:,} or so."
        )
