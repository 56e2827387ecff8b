"""The commands that take files in: what is wrong, what is asked, what would change, and saving."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_core.cli.parts import (
    ByOption,
    NoteOption,
    OrganisationOption,
    app,
    opened,
    progress_shown,
    user,
)
from kpi_core.errors import UserError

if TYPE_CHECKING:
    from kpi_core.ingest import Batch, FileRead, Received
    from kpi_core.store import Store

AnswerOption = Annotated[
    list[str] | None,
    typer.Option("--answer", help="KEY=CODE, as the question gives it; once for each question."),
]

#: Rows named before the rest is only counted.
_LISTED = 5


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="CSV or XLSX files; else the whole folder.")
    ] = None,
    organisation: OrganisationOption = "kent",
    answer: AnswerOption = None,
    problems: Annotated[
        Path | None,
        typer.Option("--problems", help="Write a copy of the file here, with what is wrong."),
    ] = None,
    *,
    questions: Annotated[
        bool, typer.Option("--questions", help="List every way in which something can be read.")
    ] = False,
) -> None:
    """Validate files without saving anything; of the whole folder also say what is missing."""
    if not files:
        _check_folder(organisation)
        return
    batch = _read(opened(organisation), files, answer)
    if problems is not None:
        _write_annotated(batch, problems)
    _refuse_unsound(batch)
    for one in batch.files:
        _tell_how_read(one, whole=questions)


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="CSV or XLSX files; all are saved, or none.")],
    *,
    organisation: OrganisationOption = "kent",
    by: ByOption = "",
    note: NoteOption = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; save nothing.")
    ] = False,
    answer: AnswerOption = None,
) -> None:
    """Check files, say what they change, and save them."""
    store = opened(organisation)
    batch = _read(store, files, answer)
    _refuse_unsound(batch)
    for one in batch.files:
        if not one.is_plain:
            _tell_how_read(one)
    _tell_changes(store, batch)
    if dry_run:
        typer.echo("Nothing was saved (--dry-run).")
        return
    with progress_shown() as progress:
        upload = store.commit(batch, by or user(), note, progress=progress)
    typer.echo(
        f"Saved as upload {upload.id}. To take it back: kpi undo {upload.id} --organisation {organisation}"
    )


def _read(store: Store, files: list[Path], answers: list[str] | None) -> Batch:
    """The files, read. Raises UserError for an answer that fits no question."""
    with progress_shown() as progress:
        batch = store.check(_contents(files), _answers(answers or []), progress)
    _refuse_idle_answers(batch)
    return batch


def _refuse_unsound(batch: Batch) -> None:
    """Raise RefusedFiles or OpenQuestions for files that cannot be saved."""
    from kpi_core import asked
    from kpi_core.errors import OpenQuestions, RefusedFiles

    if batch.problems:
        raise RefusedFiles(batch.problems)
    if batch.open_questions:
        raise OpenQuestions(asked.texts(batch))


def _write_annotated(batch: Batch, path: Path) -> None:
    """Write a copy of the file with a column of problems."""
    from kpi_core.ingest import told

    if len(batch.files) != 1:
        raise UserError("--problems writes a copy of one file. Check the files one by one.")
    (one,) = batch.files
    try:
        path.write_bytes(told.annotated(one, batch.contents[one.file], batch.answers))
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from None


def _tell_how_read(one: FileRead, *, whole: bool = False) -> None:
    """How a file was read: its rows by table, and everything that was not read to the letter.

    What was read in one of several ways is told with that way, or as a `whole` with all of them.
    """
    from kpi_core import asked

    for part in one.parts:
        typer.echo(_no_problems(part))
    for reading in one.readings:
        typer.echo(f"  {_places(reading.rows)}{reading.text}")
    for reading in one.aside:
        typer.echo(f"  {_places(reading.rows)}set aside: {reading.text}")
    for question in one.questions:
        typer.echo(asked.text(one.file, question) if whole else f"  {asked.settled(question)}")
    if one.questions and not whole:
        typer.echo(
            "  To have something read otherwise: kpi check FILE --questions lists the answers."
        )


def _places(rows: tuple[int, ...]) -> str:
    if not rows:
        return ""
    listed = ", ".join(str(row) for row in rows[:_LISTED])
    more = f" and {len(rows) - _LISTED} more" if len(rows) > _LISTED else ""
    return f"row {listed}: " if len(rows) == 1 else f"rows {listed}{more}: "


def _tell_changes(store: Store, batch: Batch) -> None:
    """What the files would add, restate and leave as it is, what that changes, what looks wrong."""
    from kpi_core import standing, views
    from kpi_core.archive import Archive, all_figures

    with progress_shown() as progress:
        seen = views.rehearsed(
            all_figures(store),
            batch.parts,
            datetime.now().astimezone().date(),
            published=standing.published(Archive(store).editions()),
            progress=progress,
        )
    for line in seen.said():
        typer.echo(line)


def _check_folder(organisation: str) -> None:
    """Say what is wrong with the folder, what is right, and what is missing still."""
    from kpi_core import completeness, settings
    from kpi_core.errors import RefusedFiles

    store = settings.open_store(organisation)
    council = store.organisation
    received = store.check_folder()
    problems = [problem for one in received for problem in one.problems]
    unsure = {one.table for one in received if one.problems}
    figures = completeness.figures_of(council, [*received, *store.loaded()])
    missing = completeness.notes(figures, council.rules, unsure)
    if problems:
        typer.echo(str(RefusedFiles(problems)), err=True)
    else:
        for one in received:
            if one.rows.height:
                typer.echo(_no_problems(one))
        bare = [one.file for one in received if one.rows.is_empty()]
        if bare:
            typer.echo(f"Without rows: {', '.join(bare)}")
    if missing:
        typer.echo("Missing still, in the order of what to do next:", err=bool(problems))
        for place, note in enumerate(missing, start=1):
            typer.echo(f"{place}. {note}", err=bool(problems))
    elif not problems:
        typer.echo("Nothing is missing.")
    if problems:
        raise typer.Exit(1)


def _no_problems(one: Received) -> str:
    rows = "1 row" if one.rows.height == 1 else f"{one.rows.height} rows"
    return f"{one.file}: {rows} of {one.table}, no problems"


def _contents(files: list[Path]) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for path in files:
        if not path.is_file():
            raise UserError(f"{path} is not a file. Give the path of a CSV or XLSX file.")
        if path.name in contents:
            raise UserError(f"Two of the files are called {path.name}. Rename one.")
        try:
            contents[path.name] = path.read_bytes()
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}.") from None
    return contents


def _answers(given: list[str]) -> dict[str, str]:
    """The answers by the key of their question: `KEY=CODE`, the last = being the one between."""
    answers = {}
    for text in given:
        key, sign, code = text.rpartition("=")
        if not sign:
            raise UserError(f'"{text}" is no answer. Write it as --answer KEY=CODE.')
        answers[key] = code
    return answers


def _refuse_idle_answers(batch: Batch) -> None:
    """An answer to a question that nobody asked is a slip of the pen, not to be passed over."""
    from kpi_core.errors import UnknownName

    asked = {
        question.key: [option.code for option in question.options]
        for one in batch.files
        for question in one.questions
    }
    for key, code in batch.answers.items():
        if key not in asked:
            raise UnknownName("question", key, asked)
        if code not in asked[key]:
            raise UnknownName(f"option of {key}", code, asked[key])
