"""Texts held against the data: what contradicts it, what is last quarter's, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpi_core import scorecard
from kpi_core.commentary import movement, numbers, pasted, rows, standing
from kpi_core.commentary.sentences import sentences
from kpi_core.commentary.subject import Subject, subjects
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.quality import COLUMNS
from kpi_core.words import FigureBasis, Rating, Said

#: Every kind of finding, in the order in which they are listed, and what it says.
KINDS = {
    "no_action": "A Red without a management action",
    "rating": "A rating, target or floor that is not the KPI's",
    "movement": "A word of movement that the figures contradict",
    "number": "A number that is no figure of the indicator",
    "pasted": "The text of the period before again",
}
#: Texts that are written anew for each period. Notes and methods may well stay as they are.
_WRITTEN_ANEW = (Said.COMMENTARY, Said.SUMMARY, Said.ACTION)


@dataclass(frozen=True)
class Doubt:
    """Something about a text to be looked at."""

    finding: str  #: one of KINDS
    severity: str  #: warning or note
    message: str


def of_text(text: str, about: Subject | None, before: Sequence[str] = ()) -> list[Doubt]:
    """What is to be asked about a text.

    Takes the indicator that it is about (none for a section's text) and the texts that stood in its
    place in the period before. Where the indicator's figure has not changed, the same text may be
    as true as before. Never raises, whatever the text.
    """
    found: dict[str, Doubt] = {}
    for finding, message in _contradictions(text, about) if about else ():
        found.setdefault(message, Doubt(finding, "warning", message))
    if (about is None or about.has_changed) and pasted.again(text, before):
        message = "This is the text of the period before, its numbers too. Is it still true?"
        found[message] = Doubt("pasted", "note", message)
    return sorted(found.values(), key=lambda doubt: list(KINDS).index(doubt.finding))


def _contradictions(text: str, about: Subject) -> Iterator[tuple[str, str]]:
    for sentence in sentences(text):
        for finding, search in (
            ("rating", standing.contradicted),
            ("movement", movement.contradicted),
            ("number", numbers.strange),
        ):
            for message in search(sentence, about):
                yield finding, message


def of_report(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """Everything to be looked at in the commentary of a report and period.

    Returns quality.COLUMNS, all String: finding (one of KINDS), severity, indicator (empty for a
    section's text), period, message (it begins with the name of what it is about), sources. By
    KINDS, then in the order of the texts.
    """
    card = scorecard.kpis(figures, report, at)
    return findings(figures, report, at, card, subjects(figures, report, at, card))


def findings(
    figures: Figures, report: str, at: Period, card: pl.DataFrame, known: Mapping[str, Subject]
) -> pl.DataFrame:
    """The same, where the scorecard and its subjects are known already."""
    earlier = _texts(figures, report, at.shift(-1))
    said = rows.of_period(figures, report, at, [*_WRITTEN_ANEW, Said.NOTE])
    found = []
    for row in said.iter_rows(named=True):
        about = known.get(row["indicator"])
        before = earlier.get((row["section"], row["indicator"], row["kind"]), ())
        name = about.name if about else row["indicator"] or row["section"] or "The whole report"
        for doubt in of_text(row["text"], about, before):
            message = f"{name}: {doubt.message}"
            found.append(
                (
                    doubt.finding,
                    doubt.severity,
                    row["indicator"],
                    row["period"],
                    message,
                    row["source"],
                )
            )
    for code, name in without_action(figures, card, at).select("indicator", "name").iter_rows():
        message = f"{name}: it is Red, and nothing says what management does about it, and by when."
        found.append(("no_action", "warning", code, str(at), message, ""))
    frame = pl.DataFrame(found, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    place = pl.col("finding").replace_strict(
        {kind: n for n, kind in enumerate(KINDS)}, return_dtype=pl.Int32
    )
    return frame.sort(place, maintain_order=True)


def _texts(figures: Figures, report: str, at: Period) -> dict[tuple[str, str, str], list[str]]:
    """The texts of a period that are written anew, by section, indicator and kind."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in rows.of_period(figures, report, at, _WRITTEN_ANEW).iter_rows(named=True):
        found.setdefault((row["section"], row["indicator"], row["kind"]), []).append(row["text"])
    return found


def without_action(figures: Figures, card: pl.DataFrame, at: Period) -> pl.DataFrame:
    """The rows of a scorecard that are Red and about which no text says what is done."""
    acted = rows.actions(figures, at)["indicator"].unique().to_list()
    return card.filter(
        (pl.col("basis") == FigureBasis.PERIOD)
        & (pl.col("rating").cast(pl.String) == Rating.RED)
        & ~pl.col("indicator").is_in(acted)
    )
