"""The commands that look after what was taken in: the log, undoing, building anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kpi_core.cli.parts import (
    ByOption,
    Format,
    FormatOption,
    NoteOption,
    OrganisationOption,
    app,
    opened,
    show,
    user,
)
from kpi_core.errors import UserError

if TYPE_CHECKING:
    import polars as pl

    from kpi_core.journal import Upload
    from kpi_core.store import Store


@app.command()
def log(
    organisation: OrganisationOption = "kent",
    format: FormatOption = Format.TABLE,
    files: Annotated[
        bool, typer.Option("--files", help="A line for each file: its size and SHA-256.")
    ] = False,
) -> None:
    """Every upload: when, by whom, which files, and what was undone."""
    uploads = opened(organisation).log()
    show(_files_kept(uploads) if files else _entries(uploads, format), format)


@app.command()
def undo(
    upload: Annotated[int, typer.Argument(help="Number of the upload, as `kpi log` gives it.")],
    organisation: OrganisationOption = "kent",
    by: ByOption = "",
    note: NoteOption = "",
) -> None:
    """Take an upload back. Undoing the undoing brings it back again."""
    from kpi_core import changes

    store = opened(organisation)
    before = store.figures()
    done = store.undo(upload, by or user(), note)
    typer.echo(f"Upload {upload} is undone, as upload {done.id}.")
    for line in changes.between(before, store.figures()):
        typer.echo(f"{line}.")


@app.command()
def rebuild(organisation: OrganisationOption = "kent") -> None:
    """Build the database anew from the files received."""
    from kpi_core import settings

    store = settings.open_store(organisation)
    store.rebuild()
    uploads = len(store.log())
    typer.echo(f"Rebuilt from {uploads} {'upload' if uploads == 1 else 'uploads'}.")
    _tell_damage(store)


@app.command()
def verify(organisation: OrganisationOption = "kent") -> None:
    """Check that every file and entry is as it was received, editions included."""
    store = opened(organisation)
    _tell_damage(store)
    uploads = store.log()
    files = sum(len(one.kept) for one in uploads)
    typer.echo(
        f"{len(uploads)} entries of the log and their {files} files are as they were received."
    )


def _tell_damage(store: Store) -> None:
    """Say what was changed since it was received. Raises UserError if anything was."""
    if damage := store.damage():
        raise UserError("\n".join(damage))


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


#: Files of an entry that a table for reading names; of more it gives the number.
_NAMED = 3


def _entries(uploads: list[Upload], format: Format) -> pl.DataFrame:
    import polars as pl

    rows = [
        {
            "id": one.id,
            "at": one.at.isoformat(timespec="seconds"),
            "by": one.by,
            "kind": one.kind,
            "undoes": one.undoes,
            "files": f"{len(one.files)} files"
            if format is Format.TABLE and len(one.files) > _NAMED
            else ", ".join(one.files),
            "note": one.note,
        }
        for one in uploads
    ]
    schema = {
        "id": pl.Int64, "at": pl.String, "by": pl.String, "kind": pl.String,
        "undoes": pl.Int64, "files": pl.String, "note": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _files_kept(uploads: list[Upload]) -> pl.DataFrame:
    import polars as pl

    rows = [(one.id, kept.name, kept.size, kept.sha256) for one in uploads for kept in one.kept]
    schema = {"id": pl.Int64, "file": pl.String, "bytes": pl.Int64, "sha256": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
