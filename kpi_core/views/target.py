"""The setting of a KPI's target: last year as it was rated, and as a proposal would rate it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from decimal import Decimal

import polars as pl

from kpi_core import exact, history, ingest, rating, registry, schemas
from kpi_core import framework as frameworks
from kpi_core.errors import UnknownName
from kpi_core.fields import FIGURE
from kpi_core.figures import Figures
from kpi_core.ingest.kept import NONE
from kpi_core.periods import Period
from kpi_core.views.head import Page, page
from kpi_core.views.one_section import CARD_WINDOW
from kpi_core.words import Amber

#: What stands in the `source` of a row that was put together here.
SOURCE = "Proposed on the page Setting targets"


@dataclass(frozen=True)
class Proposal:
    """A target and a floor; the upper ends where they are ranges. None where there is no limit."""

    target: Decimal | None = None
    target_high: Decimal | None = None
    floor: Decimal | None = None
    floor_high: Decimal | None = None


@dataclass(frozen=True)
class TargetView:
    """The setting of a KPI's target: last year as it was rated, and under a proposal."""

    page: Page
    indicator: dict[str, object]  #: its row of framework.framework
    amber: Amber  #: the rule that tells its Amber from Red
    rehearsal: pl.DataFrame  #: see framework.rehearsal
    counts: pl.DataFrame  #: rating, was, would_be: how many periods had and would have each
    places: pl.DataFrame  #: see history.places: its past, last year under the proposal, to be drawn
    checks: pl.DataFrame  #: see framework.checks: what is wrong with the proposal
    #: the proposal as a row of targets.csv, its limits String: none where a proposed one is saved that
    #: is to go
    row: pl.DataFrame
    refused: tuple[str, ...]  #: why targets.csv cannot have that row, each a sentence


def target_setting(
    figures: Figures,
    report: str,
    year: Period,
    code: str,
    *,
    target: Decimal | None,
    floor: Decimal | None,
    target_high: Decimal | None = None,
    floor_high: Decimal | None = None,
    listed: pl.DataFrame | None = None,
) -> TargetView:
    """One KPI of a year under a target and floor.

    `listed` is the framework of the year, where it has been worked out already. Raises UnknownName
    for an indicator that is no KPI in force.
    """
    rows = frameworks.framework(figures, report, year) if listed is None else listed
    kpis = frameworks.kpis(rows)
    own = kpis.filter(pl.col("indicator") == code)
    if own.is_empty():
        raise UnknownName("KPI", code, kpis["indicator"].to_list())
    proposal = Proposal(target, target_high, floor, floor_high)
    rehearsed = frameworks.rehearsal(
        figures, code, year, target, floor,
        target_high=target_high, floor_high=floor_high, report=report,
    )  # fmt: skip
    row = _row(code, year, proposal)
    proposed = own.with_columns(
        pl.lit(value, dtype=FIGURE).alias(name) for name, value in asdict(proposal).items()
    )
    read = ingest.read("targets.csv", row.write_csv().encode(), figures.year_start)
    return TargetView(
        page=page(figures, report, year),
        indicator=own.row(0, named=True),
        amber=Amber(rating.with_rules(own, figures.organisation.rules)["amber"].item()),
        rehearsal=rehearsed,
        counts=_counts(rehearsed),
        places=_places(figures, report, year, code, proposal),
        checks=frameworks.checks_of(figures, report, year, proposed),
        row=_as_file(row, figures.targets),
        refused=tuple(problem.message for problem in read.problems),
    )


def _counts(rehearsed: pl.DataFrame) -> pl.DataFrame:
    was = rehearsed.group_by("rating").agg(was=pl.len().cast(pl.Int32))
    would = rehearsed.group_by(rating="proposed_rating").agg(would_be=pl.len().cast(pl.Int32))
    return (
        was.join(would, on="rating", how="full", coalesce=True)
        .drop_nulls("rating")
        .with_columns(pl.col("was", "would_be").fill_null(0))
        .sort("rating")
    )


def _row(code: str, year: Period, proposal: Proposal) -> pl.DataFrame:
    """The columns of targets.csv."""
    facts = {
        "indicator": code, "year": str(year), "period": "", "status": "proposed",
        **asdict(proposal), "source": SOURCE,
    }  # fmt: skip
    kinds = {name: FIGURE if name in asdict(proposal) else pl.String() for name in facts}
    return pl.DataFrame([facts], schema=kinds).select(schemas.columns("targets").keys())


def _as_file(row: pl.DataFrame, saved: pl.DataFrame) -> pl.DataFrame:
    """The row with `none` for each limit that is saved and not proposed any more: a blank cell would
    leave it as it is.
    """
    key = schemas.key("targets")
    before = saved.with_columns(pl.col("status").cast(pl.String)).join(row, on=key, how="semi")
    limits = list(asdict(Proposal()))
    return row.with_columns(
        pl.coalesce(
            exact.text(pl.col(name)),
            pl.lit(NONE if before[name].drop_nulls().len() else None, pl.String),
        ).alias(name)
        for name in limits
    )


def _places(
    figures: Figures, report: str, year: Period, code: str, proposal: Proposal
) -> pl.DataFrame:
    """The past of a KPI up to the year, as if last year had been held against the proposal."""
    before = year.shift(-1)
    of_then = (pl.col("indicator") == code) & (pl.col("year") == str(before))
    targets = figures.targets.filter(~of_then)
    if proposal.target is not None:
        as_set = figures.targets.clear(1).with_columns(
            pl.lit(value, dtype=targets.schema[name]).alias(name)
            for name, value in {
                "indicator": code, "year": str(before), "period": "", "status": "set",
                **asdict(proposal),
            }.items()
        )  # fmt: skip
        targets = pl.concat([targets, as_set])
    last_year = {
        text
        for text in figures.published["period"].unique().to_list()
        if str(figures.organisation.period(text).year) == str(before)
    }
    printed = (pl.col("indicator") == code) & pl.col("period").is_in(sorted(last_year))
    supposed = replace(figures, targets=targets, published=figures.published.filter(~printed))
    placed = registry.placed(figures, report, year).filter(pl.col("indicator") == code)
    return history.places(supposed, report, placed, before, CARD_WINDOW)
