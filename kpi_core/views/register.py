"""The corporate risks."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import registry, risks
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.views.head import Page, page


@dataclass(frozen=True)
class RiskView:
    """The corporate risk register that goes with a report."""

    page: Page
    register: Period  #: of when it is
    before: Period | None  #: of when the one before is
    risks: pl.DataFrame  #: see risks.register
    levels: pl.DataFrame  #: see risks.levels: now, and before
    actions: pl.DataFrame  #: see risks.actions
    action_counts: pl.DataFrame  #: status, count
    bears_on: pl.DataFrame  #: risk, indicator, name: the indicators that risks name
    sentences: tuple[str, ...]


def corporate_risks(figures: Figures, report: str, at: Period) -> RiskView:
    """The register at a period. Raises UserError when there is none."""
    of = risks.register_of(figures, at)
    register, acted = risks.register(figures, of), risks.actions(figures, of)
    names = registry.definitions(figures.indicators, of).select("indicator", "name")
    named = register.select("risk", indicator="indicators").explode("indicator", empty_as_null=True)
    return RiskView(
        page=page(figures, report, at),
        register=of,
        before=risks.before(figures, of),
        risks=register,
        levels=risks.levels(figures, of),
        actions=acted,
        action_counts=risks.action_counts(acted),
        bears_on=named.drop_nulls().join(names, on="indicator", how="inner", maintain_order="left"),
        sentences=tuple(risks.sentences(figures, of)),
    )


def risks_of(figures: Figures, at: Period, code: str) -> pl.DataFrame:
    """The risks that bear on an indicator: rows of risks.register; none without a register."""
    try:
        register = risks.register(figures, risks.register_of(figures, at))
    except UserError:
        return risks.register(figures, at).clear()
    return register.filter(pl.col("indicators").list.contains(code) & ~pl.col("has_left"))
