"""The corporate risks."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import commentary, registry, risks, scorecard
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import Page, page
from kpi_core.words import FigureBasis, Kind


@dataclass(frozen=True)
class RiskView:
    """The corporate risk register that goes with a report."""

    page: Page
    register: Period  #: of when it is
    before: Period | None  #: of when the one before is
    compared: bool  #: whether the risks of the one before are held, not its counts alone
    risks: pl.DataFrame  #: see risks.register
    levels: pl.DataFrame  #: see risks.levels: now, and before
    actions: pl.DataFrame  #: see risks.actions
    action_counts: pl.DataFrame  #: status, count
    bears_on: pl.DataFrame  #: the indicators that risks name, see `bears_on`
    sentences: tuple[str, ...]
    texts: pl.DataFrame  #: heading, text: what the report says of its risks
    table: pl.DataFrame  #: see risks.table


def corporate_risks(figures: Figures, report: str, at: Period) -> RiskView:
    """The register at a period. Raises UserError when there is none."""
    of = risks.register_of(figures, at)
    register, acted = risks.register(figures, of), risks.actions(figures, of)
    last = risks.before(figures, of)
    return RiskView(
        page=page(figures, report, at),
        register=of,
        before=last,
        compared=last is not None and (figures.risks["period"] == str(last)).any(),
        risks=register,
        levels=risks.levels(figures, of),
        actions=acted,
        action_counts=risks.action_counts(acted),
        bears_on=bears_on(figures, report, at, register),
        sentences=tuple(risks.sentences(figures, of)),
        texts=commentary.texts(figures, report, at)
        .filter(pl.col("where") == commentary.Where.REGISTER)
        .select("heading", text="said"),
        table=risks.table(figures, of),
    )


def bears_on(figures: Figures, report: str, at: Period, register: pl.DataFrame) -> pl.DataFrame:
    """The indicators that the risks of a register name, in its order.

    Returns risk, indicator, name, rating (of a KPI of the report), alert (of an activity indicator;
    both null otherwise), is_placed Boolean (whether the report shows the indicator).
    """
    named = (
        register.select("risk", indicator="indicators")
        .explode("indicator", empty_as_null=True)
        .drop_nulls()
    )
    names = registry.definitions(figures.indicators, at).select("indicator", "name")
    known = named.join(names, on="indicator", how="inner", maintain_order="left")
    if known.is_empty():
        return known.with_columns(
            rating=pl.lit(None, pl.String),
            alert=pl.lit(None, pl.String),
            is_placed=pl.lit(value=False),
        )
    placed = registry.placed(figures, report, at)
    shown = placed.filter(pl.col("kind").cast(pl.String) != Kind.TABLE)["indicator"]
    kpis = scorecard.kpis(figures, report, at).filter(pl.col("basis") == FigureBasis.PERIOD)
    alerts = scorecard.activities(figures, report, at).unique("indicator", keep="first")
    return (
        known.join(
            kpis.select("indicator", pl.col("rating").cast(pl.String)),
            on="indicator", how="left", maintain_order="left",
        )
        .join(
            alerts.select("indicator", pl.col("alert").cast(pl.String)),
            on="indicator", how="left", maintain_order="left",
        )
        .with_columns(is_placed=pl.col("indicator").is_in(shown.to_list()))
    )  # fmt: skip


def with_registers(figures: Figures, report: str) -> list[tuple[Period, Period]]:
    """The periods of a report that have a register, latest first, each with that of its register."""
    found = []
    for at in registry.report_periods(figures, report):
        try:
            found.append((at, risks.register_of(figures, at)))
        except UserError:
            continue
    return found


def risks_of(figures: Figures, at: Period, code: str) -> pl.DataFrame:
    """The risks that bear on an indicator: rows of risks.register; none without a register."""
    try:
        register = risks.register(figures, risks.register_of(figures, at))
    except UserError:
        return risks.register(figures, at).clear()
    return register.filter(pl.col("indicators").list.contains(code) & ~pl.col("has_left"))
