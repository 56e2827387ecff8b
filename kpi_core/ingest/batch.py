"""Files that come together: each is read, then all are held against each other and what is held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kpi_core.errors import Problem
from kpi_core.figures import Figures
from kpi_core.ingest.across import DEFINES, check_overlap, check_references
from kpi_core.ingest.one_file import read_file
from kpi_core.ingest.received import Batch, FileRead


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
    read = []
    for place, (name, content) in enumerate(contents.items()):
        if progress is not None:
            progress(place / len(contents), f"Reading {name}")
        read.append(read_file(name, content, figures, answers or {}))
    parts = [part for one in read for part in one.parts]
    known = {
        column: getattr(figures, table)[column].unique().to_list()
        for column, table in DEFINES.items()
    }
    across = check_references(parts, known) + check_overlap(parts)
    return Batch(contents, tuple(_with(one, across) for one in read), answers or {})


def _with(one: FileRead, across: tuple[Problem, ...]) -> FileRead:
    """A file with the problems that its rows have with others; these rows are refused too."""
    names = {part.file for part in one.parts}
    own = [problem for problem in across if problem.file in names]
    if not own:
        return one
    before = {(problem.file, problem.row) for problem in one.problems}
    more = {(problem.file, problem.row) for problem in own} - before
    parts, left = [], own
    for part in one.parts:
        tables_own = tuple(problem for problem in left if problem.file == part.file)
        parts.append(replace(part, problems=part.problems + tables_own))
        left = [problem for problem in left if problem.file != part.file]
    return replace(
        one, parts=tuple(parts), read=one.read - len(more), refused=one.refused + len(more)
    )
