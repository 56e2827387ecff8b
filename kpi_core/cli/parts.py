"""What every command shares: the options, the store it opens, how a table is printed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl

    from kpi_core.figures import Figures
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
NoteOption = Annotated[str, typer.Option("--note", help="Why; stands in the log.")]

#: Columns of a table that goes to a file or another program: wide enough never to wrap.
_UNWRAPPED = 400


def opened(organisation: str) -> Store:
    """The store of an organisation, with what has changed in its folder taken in."""
    from kpi_core import settings

    store = settings.open_store(organisation)
    store.refresh()
    return store


@contextlib.contextmanager
def progress_shown() -> Iterator[Callable[[float, str], None] | None]:
    """A bar on standard error while work lasts, where a person is looking at it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def told(share: float, what: str) -> None:
            bar.update(task, completed=share, description=what)

        yield told


def asked(organisation: str, report: str, period: str) -> tuple[Figures, str, Period]:
    """The figures, report and period that the options mean."""
    from kpi_core import archive, views

    figures = archive.all_figures(opened(organisation))
    return (figures, *views.report_and_period(figures, report, period))


def latest(figures: Figures, report: str) -> Period:
    """The latest period of a report."""
    from kpi_core import views

    return views.report_and_period(figures, report, "")[1]


def show(frame: pl.DataFrame, format: Format) -> None:
    """Print a table: CSV and JSON alone on standard output."""
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


def user() -> str:
    """The name of whoever is logged in at this machine."""
    import getpass

    try:
        return getpass.getuser()
    except OSError:  # no such user on this machine, as in some containers
        return "unknown"
