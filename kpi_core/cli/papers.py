"""The command that writes papers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_core.cli.parts import OrganisationOption, PeriodOption, ReportOption, app, opened

if TYPE_CHECKING:
    from kpi_core.figures import Figures
    from kpi_core.report import Edition, Progress


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
    edition: Annotated[
        int | None,
        typer.Option(
            "--edition", help="Number of an edition (kpi editions); else the latest figures."
        ),
    ] = None,
) -> None:
    """Write a paper: the report, its cover paper, the dashboard or the year's framework."""
    from kpi_core import report as papers
    from kpi_core.errors import UserError

    written_as = papers.format_of(output.name)
    figures, period, report, made_from = _chosen(
        organisation, year or period, report, edition, whole_year=paper == papers.Kind.FRAMEWORK
    )
    content = papers.make(
        figures, paper, period, written_as,
        report=report, edition=made_from, progress=_progress(),
    )  # fmt: skip
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error.strerror}.") from None
    typer.echo(f"{output}: {len(content):,} bytes", err=True)


def _chosen(
    organisation: str, period: str, report: str, number: int | None, *, whole_year: bool
) -> tuple[Figures, str, str, Edition | None]:
    """The figures to make a paper of, with the period and report that an edition is of.

    Raises UnknownName, and UserError where another period or report is asked for than the edition's.
    """
    from kpi_core import standing
    from kpi_core.archive import Archive, all_figures
    from kpi_core.report import edition_of

    store = opened(organisation)
    if number is None:
        return all_figures(store), period, report, None
    archive = Archive(store)
    edition = archive.edition(number)
    at = store.organisation.period(period) if period else None
    standing.check_asked(edition, archive.editions(), report, at, whole_year=whole_year)
    return (
        archive.figures(edition.number), period or edition.period, edition.report, edition_of(edition),
    )  # fmt: skip


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
