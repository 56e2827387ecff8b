"""The commands that take figures in and look after them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_core.cli.parts import (
    ByOption,
    Format,
    FormatOption,
    OrganisationOption,
    app,
    opened,
    show,
    user,
)
from kpi_core.errors import UserError

if TYPE_CHECKING:
    from kpi_core.ingest import Received


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="CSV files; else the whole folder.")
    ] = None,
    organisation: OrganisationOption = "kent",
) -> None:
    """Validate files without saving anything; of the whole folder also say what is missing."""
    from kpi_core.errors import RefusedFiles

    if not files:
        _check_folder(organisation)
        return
    received = opened(organisation).check(_contents(files))
    problems = [problem for one in received for problem in one.problems]
    if problems:
        raise RefusedFiles(problems)
    for one in received:
        typer.echo(_no_problems(one))


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="CSV files; all are saved, or none.")],
    organisation: OrganisationOption = "kent",
    by: ByOption = "",
    note: Annotated[str, typer.Option("--note", help="Why; stands in the log.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; save nothing.")
    ] = False,
) -> None:
    """Check files, say what they change, and save them."""
    from kpi_core.changes import compare
    from kpi_core.errors import RefusedFiles

    store = opened(organisation)
    contents = _contents(files)
    received = store.check(contents)
    problems = [problem for one in received for problem in one.problems]
    if problems:
        raise RefusedFiles(problems)
    current = store.figures()
    for one in received:
        changes = compare(one.table, one.rows, getattr(current, one.table))
        typer.echo(f"{one.file}, {one.table}: {changes}")
    if dry_run:
        typer.echo("Nothing was saved (--dry-run).")
        return
    upload = store.commit(contents, by or user(), note)
    typer.echo(
        f"Saved as upload {upload.id}. To take it back: kpi undo {upload.id} --organisation {organisation}"
    )


@app.command()
def log(organisation: OrganisationOption = "kent", format: FormatOption = Format.TABLE) -> None:
    """Every upload: when, by whom, which files, and what was undone."""
    import polars as pl

    rows = [
        {
            "id": one.id,
            "at": one.at.isoformat(timespec="seconds"),
            "by": one.by,
            "kind": one.kind,
            "undoes": one.undoes,
            "files": ", ".join(one.files),
            "note": one.note,
        }
        for one in opened(organisation).log()
    ]
    schema = {
        "id": pl.Int64, "at": pl.String, "by": pl.String, "kind": pl.String,
        "undoes": pl.Int64, "files": pl.String, "note": pl.String,
    }  # fmt: skip
    show(pl.DataFrame(rows, schema=schema), format)


@app.command()
def undo(
    upload: Annotated[int, typer.Argument(help="Number of the upload, as `kpi log` gives it.")],
    organisation: OrganisationOption = "kent",
    by: ByOption = "",
    note: Annotated[str, typer.Option("--note", help="Why; stands in the log.")] = "",
) -> None:
    """Take an upload back. Undoing the undoing brings it back again."""
    done = opened(organisation).undo(upload, by or user(), note)
    typer.echo(f"Upload {upload} is undone, as upload {done.id}.")


@app.command()
def rebuild(organisation: OrganisationOption = "kent") -> None:
    """Build the database anew from the files received."""
    from kpi_core import settings

    store = settings.open_store(organisation)
    store.rebuild()
    uploads = len(store.log())
    typer.echo(f"Rebuilt from {uploads} {'upload' if uploads == 1 else 'uploads'}.")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Letters, digits and hyphens, such as mallowshire.")],
) -> None:
    """Write a folder for a new council, with a walk-through to its own dashboard."""
    from kpi_core import newcomer, settings

    data = settings.data_folder()
    shown = settings.as_shown(data / name)
    newcomer.write(data, name, shown)
    typer.echo(
        f"Written: {shown}. Begin with {shown}/README.md, a walk-through of ten minutes.\n"
        f"What to do next at any time: kpi check --organisation {name}"
    )


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
            raise UserError(f"{path} is not a file. Give the path of a CSV file.")
        if path.name in contents:
            raise UserError(f"Two of the files are called {path.name}. Rename one.")
        try:
            contents[path.name] = path.read_bytes()
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}.") from None
    return contents
