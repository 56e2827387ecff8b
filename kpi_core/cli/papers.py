"""The command that writes papers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_core.cli.parts import OrganisationOption, PeriodOption, ReportOption, app, opened

if TYPE_CHECKING:
    from kpi_core.report import Progress


@app.command()
def report(
    paper: Annotated[str, typer.Argument(help="qpr, cover-paper, dashboard or framework.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file: .pdf, .docx, .xlsx or .html.")
    ],
    *,
    organisation: OrganisationOption = "kent",
    period: PeriodOption = "",
    year: Annotated[
        str, typer.Option("--year", help='Of a framework: the year, such as "2024/25".')
    ] = "",
    report: ReportOption = "",
) -> None:
    """Write a paper: the report, its cover paper, the dashboard or the year's framework."""
    from kpi_core import report as papers
    from kpi_core.errors import UserError

    written_as = papers.format_of(output.name)
    figures = opened(organisation).figures()
    content = papers.make(
        figures, paper, year or period, written_as, report=report, progress=_progress()
    )
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error.strerror}.") from None
    typer.echo(f"{output}: {len(content):,} bytes", err=True)


def _progress() -> Progress:
    """Tells on standard error what is being done; on a terminal, how much of it is."""
    told = ""

    def tell(doing: str, share: float) -> None:
        nonlocal told
        if sys.stderr.isatty():
            end = "\n" if share >= 1 else ""
            typer.echo(f"\r{doing}: {share:.0%}   {end}", err=True, nl=False)
        elif doing != told:
            typer.echo(f"{doing} …", err=True)
        told = doing

    return tell
