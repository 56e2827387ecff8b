"""An organisation's rules of rating and direction, as its `organisation.toml` sets them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kpi_core.words import Amber, Comparison


@dataclass(frozen=True, slots=True)
class AmberRule:
    """How far a KPI may miss its target and still be Amber."""

    by: Amber = Amber.FLOOR
    tolerance: Decimal | None = None  #: points, or percent of the target
    closeness: Decimal = Decimal(0)  #: polarity "target": how far off still counts as on target


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of an organisation. Those of Kent are the ones that hold when nothing is said."""

    amber: AmberRule = AmberRule()
    own: tuple[tuple[str, AmberRule], ...] = ()  #: KPIs that have a rule of their own
    directions: tuple[Comparison, ...] = (Comparison.REGRESSION,)  #: the first one counts
    tie: Decimal = Decimal(0)  #: a difference up to this is no change
