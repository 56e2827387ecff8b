"""The commands that publish: freeze a period, confirm it, list editions, tell what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kpi_core.cli.parts import (
    ByOption,
    Format,
    FormatOption,
    OrganisationOption,
    PeriodOption,
    ReportOption,
    app,
    opened,
    show,
    user,
)

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from kpi_core.archive import Archive
    from kpi_core.figures import Figures
    from kpi_core.standing import Edition

NoteOption = Annotated[str, typer.Option("--note", help="Why; stands in the log.")]

#: Columns of `kpi editions`.
EDITIONS = (
    "edition", "report", "period", "standing", "prepared_by", "prepared_at",
    "confirmed_by", "published_at", "hash", "version", "note",
)  # fmt: skip


@app.command()
def publish(  # noqa: PLR0917  options, each by its name
    organisation: OrganisationOption = "kent",
    period: PeriodOption = "",
    report: ReportOption = "",
    by: ByOption = "",
    note: NoteOption = "",
    confirm: Annotated[
        int | None,
        typer.Option("--confirm", help="Publish this draft, which another person prepared."),
    ] = None,
    withdraw: Annotated[
        int | None,
        typer.Option("--withdraw", help="Withdraw this edition; it stays readable."),
    ] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is open; freeze nothing.")
    ] = False,
) -> None:
    """Freeze a period as an edition: its figures, and the ratings as they are shown now."""
    from kpi_core import views
    from kpi_core.archive import Archive, all_figures

    store = opened(organisation)
    archive = Archive(store)
    if confirm is not None and not dry_run:
        _say(archive.confirm(confirm, by or user(), note), organisation)
        return
    if withdraw is not None and not dry_run:
        _say(archive.withdraw(withdraw, by or user(), note), organisation)
        return
    figures = all_figures(store)
    report, at = views.report_and_period(figures, report, period)
    for said, about in views.told(views.open_points(figures, report, at)):
        typer.echo(f"Open: {said}.\n" + "\n".join(f"  {line}" for line in about), err=True)
    if dry_run:
        typer.echo(f"{at.words} of {report} was not frozen (--dry-run).")
        return
    _say(archive.prepare(report, at, by or user(), note), organisation)


@app.command()
def editions(
    organisation: OrganisationOption = "kent", format: FormatOption = Format.TABLE
) -> None:
    """Every edition: of which report and period, by whom, where it stands, and its hash."""
    import polars as pl

    from kpi_core.archive import Archive

    rows = [
        (
            one.number, one.report, one.period, str(one.standing), one.prepared_by,
            _moment(one.prepared_at), one.confirmed_by, _moment(one.published_at), one.hash, one.version,
            one.note,
        )
        for one in Archive(opened(organisation)).editions()
    ]  # fmt: skip
    schema = dict.fromkeys(EDITIONS, pl.String()) | {"edition": pl.Int64()}
    show(pl.DataFrame(rows, schema=schema, orient="row"), format)


@app.command()
def restatements(
    organisation: OrganisationOption = "kent",
    edition: Annotated[
        str,
        typer.Option("--edition", help="Number of an edition, or code of a document; else all."),
    ] = "",
    period: Annotated[
        str, typer.Option("--period", help='Only what was published of it, as "2024/25 Q2".')
    ] = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """What has changed since it was published, and which ratings would differ now."""
    import polars as pl

    from kpi_core.archive import Archive, all_figures

    store = opened(organisation)
    archive, figures = Archive(store), all_figures(store)
    table = _of_one(archive, figures, edition) if edition else _of_all(archive, figures)
    if period:
        table = table.filter(pl.col("period") == str(figures.organisation.period(period)))
    show(table, format)
    differ = (table["what"] == "rating").sum()
    typer.echo(f"Changed since: {table.height}, of these ratings: {differ}", err=True)


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _say(edition: Edition, organisation: str) -> None:
    from kpi_core.standing import Standing

    said = f"Edition {edition.number} of {edition.report}, {edition.period}"
    do = f"{edition.number} --organisation {organisation} --by NAME"
    if edition.is_draft:
        typer.echo(f"{said}: a DRAFT. Another person publishes it with: kpi publish --confirm {do}")
    elif edition.standing is Standing.WITHDRAWN:
        typer.echo(
            f"{said}: withdrawn. It stays readable, and its papers say that it is withdrawn."
        )
    else:
        typer.echo(f"{said}: published. To withdraw it: kpi publish --withdraw {do}")
    typer.echo(f"edition {edition.number}\nhash {edition.hash}")


def _of_one(archive: Archive, figures: Figures, edition: str) -> pl.DataFrame:
    """Of one edition, or of one document. Raises UnknownName."""
    import polars as pl

    from kpi_core import restated, standing
    from kpi_core.errors import UnknownName

    numbers = [str(one.number) for one in archive.editions()]
    documents = figures.documents["document"].to_list()
    if edition in documents and edition not in numbers:
        return restated.of_documents(figures).filter(pl.col("edition") == edition)
    if one := standing.numbered(archive.editions(), edition):
        return restated.since(str(one.number), archive.figures(one.number), figures)
    raise UnknownName("edition or document", edition, [*numbers, *documents])


def _of_all(archive: Archive, figures: Figures) -> pl.DataFrame:
    """Of every document, and of the editions that are published now."""
    import polars as pl

    from kpi_core import restated
    from kpi_core.standing import Standing

    published = [one for one in archive.editions() if one.standing is Standing.PUBLISHED]
    since = [
        restated.since(str(one.number), archive.figures(one.number), figures) for one in published
    ]
    return pl.concat([restated.of_documents(figures), *since])
