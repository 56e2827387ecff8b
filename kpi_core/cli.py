"""The `kpi` command: all that the pages do, for scripts and for people who prefer a terminal.

Heavy imports stand inside the commands, so that `kpi --help` answers at once.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from kpi_core.errors import KpiError, UserError

if TYPE_CHECKING:
    import polars as pl

    from kpi_core.figures import Figures
    from kpi_core.ingest import Received
    from kpi_core.periods import Period
    from kpi_core.store import Store

app = typer.Typer(
    help="See how a council is performing against its targets, quarter by quarter.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


OrganisationOption = Annotated[
    str, typer.Option("--organisation", help="Folder name of the organisation.")
]
PeriodOption = Annotated[
    str, typer.Option("--period", help='"2024/25 Q2", "2024-09" or "2024/25"; else the latest.')
]
ReportOption = Annotated[str, typer.Option("--report", help="qpr, dashboard …; else by period.")]
FormatOption = Annotated[Format, typer.Option("--format", help="table, csv or json.")]
ByOption = Annotated[str, typer.Option("--by", help="Who does it; stands in the log.")]

RATINGS = [
    "report", "indicator", "name", "section", "period", "basis", "value", "target", "target_high",
    "floor", "floor_high", "rating", "rating_basis", "previous_rating", "direction",
    "direction_basis",
]  # fmt: skip


#: Columns of a table that goes to a file or another program: wide enough never to wrap.
_UNWRAPPED = 400


@app.command()
def ratings(
    organisation: OrganisationOption = "kent",
    period: PeriodOption = "",
    report: ReportOption = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """Every KPI of a period with its rating: one row for each KPI and basis."""
    from kpi_core import scorecard

    figures, report, at = _asked(organisation, report, period)
    _show(scorecard.kpis(figures, report, at).select(RATINGS), format)


@app.command()
def summary(
    organisation: OrganisationOption = "kent",
    period: PeriodOption = "",
    report: ReportOption = "",
    previous: Annotated[
        bool, typer.Option("--previous", help="Add the counts of the period before.")
    ] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """The executive summary: ratings and directions by section, and in total."""
    from kpi_core import scorecard
    from kpi_core import summary as executive

    figures, report, at = _asked(organisation, report, period)
    card = scorecard.kpis(figures, report, at)
    table = executive.counts(card, figures, report, at)
    before = [f"previous_{name}" for name in executive.MEASURES] if previous else []
    _show(table.select("section", *executive.MEASURES, *before), format)


@app.command()
def alerts(
    organisation: OrganisationOption = "kent",
    period: PeriodOption = "",
    report: ReportOption = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """Activity indicators against their expected range: Yes, Above or Below."""
    import polars as pl

    from kpi_core import scorecard

    figures, report, at = _asked(organisation, report, period)
    judged = scorecard.activities(figures, report, at).filter(pl.col("alert").is_not_null())
    columns = ["indicator", "name", "basis", "value", "lower", "upper", "alert"]
    _show(judged.select(columns), format)


@app.command()
def reconcile(
    organisation: OrganisationOption = "kent", format: FormatOption = Format.TABLE
) -> None:
    """Every rating that documents print, against the rating worked out from their figures."""
    from kpi_core import reconcile as against

    table = against.reconcile(_open(organisation).figures())
    _show(table, format)
    counts = table["result"].value_counts(sort=True)
    said = ", ".join(f"{n} {result}" for result, n in counts.iter_rows())
    typer.echo(f"{table.height} printed ratings: {said or 'none'}", err=True)


@app.command()
def framework(
    organisation: OrganisationOption = "kent",
    year: Annotated[
        str,
        typer.Option("--year", help='Financial year such as "2024/25"; else the latest report\'s.'),
    ] = "",
    report: ReportOption = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """The indicators of a year: last year's actual, targets and floors, what is new or removed."""
    from kpi_core import framework as frameworks

    figures, report, at = _asked(organisation, report, year)
    table = frameworks.framework(figures, report, at.year).select(frameworks.COLUMNS)
    _show(table, format)
    kpis = (table["kind"] == "kpi").sum()
    typer.echo(f"KPIs: {kpis}, activity indicators: {table.height - kpis}", err=True)
    for finding in frameworks.checks(figures, report, at.year).iter_rows(named=True):
        typer.echo(f"{finding['indicator']}: {finding['message']}", err=True)


@app.command()
def risks(
    organisation: OrganisationOption = "kent",
    period: PeriodOption = "",
    report: ReportOption = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """The corporate risk register of a report: levels, changes and the actions on each risk."""
    from kpi_core import risks as registers

    figures = _open(organisation).figures()
    at = figures.organisation.period(period) if period else _latest(figures, report)
    of = registers.register_of(figures, at)
    counts = registers.sentences(figures, of)
    if format is Format.TABLE:
        typer.echo("\n".join([f"Corporate risk register, {of.words}", *counts, ""]))
        _show(registers.register(figures, of).drop("has_left", "indicators"), format)
        typer.echo()
        _show(registers.actions(figures, of).drop("counts_as"), format)
        return
    _show(registers.table(figures, of), format)
    typer.echo("\n".join(counts), err=True)


@app.command()
def quality(organisation: OrganisationOption = "kent", format: FormatOption = Format.TABLE) -> None:
    """What is wrong, or looks wrong, with the figures, found from the figures alone."""
    from kpi_core import quality as faults

    table = faults.findings(_open(organisation).figures())
    _show(table.select(faults.COLUMNS), format)
    counts = {word: (table["severity"] == word).sum() for word in faults.SEVERITIES}
    said = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts.items() if n)
    typer.echo(f"Findings: {said or 'none'}", err=True)


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
    received = _open(organisation).check(_contents(files))
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

    store = _open(organisation)
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
    upload = store.commit(contents, by or _user(), note)
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
        for one in _open(organisation).log()
    ]
    schema = {
        "id": pl.Int64, "at": pl.String, "by": pl.String, "kind": pl.String,
        "undoes": pl.Int64, "files": pl.String, "note": pl.String,
    }  # fmt: skip
    _show(pl.DataFrame(rows, schema=schema), format)


@app.command()
def undo(
    upload: Annotated[int, typer.Argument(help="Number of the upload, as `kpi log` gives it.")],
    organisation: OrganisationOption = "kent",
    by: ByOption = "",
    note: Annotated[str, typer.Option("--note", help="Why; stands in the log.")] = "",
) -> None:
    """Take an upload back. Undoing the undoing brings it back again."""
    done = _open(organisation).undo(upload, by or _user(), note)
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


def main() -> None:
    """Run the command; a user's mistake is one plain message and exit code 1."""
    try:
        code = app(standalone_mode=False)
    except KpiError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except TyperException as error:  # a command, option or argument that is not there
        typer.echo(error.format_message(), err=True)
        sys.exit(1)
    sys.exit(code)


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
    missing = completeness.notes(figures, getattr(council, "rules", None), unsure)
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


def _open(organisation: str) -> Store:
    from kpi_core import settings

    store = settings.open_store(organisation)
    store.refresh()
    return store


def _asked(organisation: str, report: str, period: str) -> tuple[Figures, str, Period]:
    """The figures, report and period that the options mean."""
    from kpi_core import views

    figures = _open(organisation).figures()
    return (figures, *views.report_and_period(figures, report, period))


def _latest(figures: Figures, report: str) -> Period:
    """The latest period of a report."""
    from kpi_core import views

    return views.report_and_period(figures, report, "")[1]


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


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except OSError:  # no such user on this machine, as in some containers
        return "unknown"


def _show(frame: pl.DataFrame, format: Format) -> None:
    from kpi_core import export

    if format is Format.CSV:
        sys.stdout.write(export.to_csv(frame))
    elif format is Format.JSON:
        sys.stdout.write(export.to_json(frame) + "\n")
    else:
        _table(frame)


def _table(frame: pl.DataFrame) -> None:
    """A plain table for reading; columns without any entry are left out."""
    import io

    import polars as pl
    from rich.console import Console
    from rich.table import Table

    from kpi_core import export

    text = pl.read_csv(io.StringIO(export.to_csv(frame)), infer_schema=False)
    if text.is_empty():
        typer.echo("There is nothing to show.", err=True)
        return
    filled = [name for name in text.columns if (text[name].fill_null("") != "").any()]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in filled:
        numeric = frame.schema[name].is_numeric()
        table.add_column(name.replace("_", " "), justify="right" if numeric else "left")
    for row in text.select(filled).iter_rows():
        table.add_row(*(cell or "" for cell in row))
    Console(width=None if sys.stdout.isatty() else _UNWRAPPED).print(table)


if __name__ == "__main__":
    main()
