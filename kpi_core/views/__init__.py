"""Where store and core meet: a selection in, everything that a page shows out.

Pages cache what these functions give by the store's version and the selection. Nothing here knows
how a thing is drawn. One module for each kind of page; `head` has what all of them begin with.
"""

from kpi_core.views.executive import GRID_WINDOW, SummaryView, executive_summary
from kpi_core.views.faults import Faults, Place, explanations, faults, place
from kpi_core.views.head import (
    Page,
    commentary,
    directorate,
    latest_period,
    officers,
    page,
    report_and_period,
    sections,
)
from kpi_core.views.in_tables import Area, DashboardView, dashboard, dashboard_title
from kpi_core.views.one_indicator import IndicatorView, all_indicators, indicator
from kpi_core.views.one_section import CARD_WINDOW, SectionView, section
from kpi_core.views.over_time import MatrixView, ratings_over_time
from kpi_core.views.register import RiskView, corporate_risks, risks_of, with_registers
from kpi_core.views.since import ChangesView, what_changed_since
from kpi_core.views.target import Proposal, TargetView, kpis, target_setting
from kpi_core.views.year import FrameworkView, framework, years

__all__ = [
    "CARD_WINDOW", "GRID_WINDOW", "Area", "ChangesView", "DashboardView", "Faults", "FrameworkView",
    "IndicatorView", "MatrixView", "Page", "Place", "Proposal", "RiskView", "SectionView", "SummaryView",
    "TargetView", "all_indicators", "commentary", "corporate_risks", "dashboard",
    "dashboard_title", "directorate", "executive_summary", "explanations", "faults", "framework",
    "indicator", "kpis", "latest_period", "officers", "page", "place", "ratings_over_time", "report_and_period",
    "risks_of", "section", "sections", "target_setting", "what_changed_since", "with_registers", "years",
]  # fmt: skip
