"""Files that come together: each is read, then all are held against each other and what is held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kpi_core.figures import Figures
from kpi_core.ingest.received import Batch, FileRead
from kpi_core.ingest.across import DEFINES, check_overlap, check_references
from kpi_core.ingest.tidy import read


def read_batch(
    contents: Mapping[str, bytes],
    figures: Figures,
    answers: Mapping[str, str] | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Batch:
    """Read files that people upload against what is held.

    `answers` maps a question's key to the code of the option chosen. Nothing is saved, and nothing
    raises over what a file holds.
    """
    files = []
    for place, (name, content) in enumerate(contents.items()):
        if progress is not None:
            progress(place / len(contents), f"Reading {name}")
        received = read(name, content, figures.year_start)
        files.append(FileRead(received.file, (received,)))
    parts = [part for one in files for part in one.parts]
    known = {
        column: getattr(figures, table)[column].unique().to_list()
        for column, table in DEFINES.items()
    }
    across = check_references(parts, known) + check_overlap(parts)
    whole = tuple(
        replace(
            one,
            parts=tuple(
                replace(
                    part,
                    problems=part.problems + tuple(p for p in across if p.file == part.file),
                )
                for part in one.parts
            ),
        )
        for one in files
    )
    return Batch(contents, whole, answers or {})
