"""The commands that show: ratings, summary, alerts, framework, risks, what documents print, faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kpi_core.cli.parts import (
    Format,
    FormatOption,
    OrganisationOption,
    PeriodOption,
    ReportOption,
    app,
    asked,
    latest,
    opened,
    show,
)

if TYPE_CHECKING:
    pass

RATINGS = [
    "report", "indicator", "name", "section", "period", "basis", "value", "target", "target_high",
    "floor", "floor_high", "rating", "rating_basis", "previous_rating", "direction",
    "direction_basis", "previous_value",
]  # fmt: skip


@app.command()
def ratings(
    organisation: OrganisationOption = "kent",
    period: PeriodOption = "",
    report: ReportOption = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """Every KPI of a period with its rating: one row for each KPI and basis."""
    from kpi_core import scorecard

    figures, report, at = asked(organisation, report, period)
    show(scorecard.kpis(figures, report, at).select(RATINGS), format)


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

    figures, report, at = asked(organisation, report, period)
    card = scorecard.kpis(figures, report, at)
    table = executive.counts(card, figures, report, at)
    before = [f"previous_{name}" for name in executive.MEASURES] if previous else []
    show(table.select("section", *executive.MEASURES, *before), format)


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

    figures, report, at = asked(organisation, report, period)
    judged = scorecard.activities(figures, report, at).filter(pl.col("alert").is_not_null())
    columns = ["indicator", "name", "basis", "value", "lower", "upper", "alert"]
    show(judged.select(columns), format)


@app.command()
def reconcile(
    organisation: OrganisationOption = "kent",
    everything: Annotated[
        bool,
        typer.Option("--all", help="Previous ratings and values too, told by a column `what`."),
    ] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """Every rating that documents print, against the rating worked out from their figures."""
    from kpi_core import reconcile as against

    figures = opened(organisation).figures()
    table = against.everything(figures) if everything else against.reconcile(figures)
    show(table, format)
    counts = table["result"].value_counts(sort=True)
    said = ", ".join(f"{n} {result}" for result, n in counts.iter_rows())
    what = "printed ratings and figures" if everything else "printed ratings"
    typer.echo(f"{table.height} {what}: {said or 'none'}", err=True)


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

    figures, report, at = asked(organisation, report, year)
    table = frameworks.framework(figures, report, at.year).select(frameworks.COLUMNS)
    show(table, format)
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

    figures = opened(organisation).figures()
    at = figures.organisation.period(period) if period else latest(figures, report)
    of = registers.register_of(figures, at)
    counts = registers.sentences(figures, of)
    if format is Format.TABLE:
        typer.echo("\n".join([f"Corporate risk register, {of.words}", *counts, ""]))
        show(registers.register(figures, of).drop("has_left", "indicators"), format)
        typer.echo()
        show(registers.actions(figures, of).drop("counts_as"), format)
        return
    show(registers.table(figures, of), format)
    typer.echo("\n".join(counts), err=True)


@app.command()
def quality(organisation: OrganisationOption = "kent", format: FormatOption = Format.TABLE) -> None:
    """What is wrong, or looks wrong, with the figures, found from the figures alone."""
    from kpi_core import quality as faults

    table = faults.findings(opened(organisation).figures())
    show(table.select(faults.COLUMNS), format)
    counts = {word: (table["severity"] == word).sum() for word in faults.SEVERITIES}
    said = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts.items() if n)
    typer.echo(f"Findings: {said or 'none'}", err=True)
