"""Where store and core meet: a selection in, everything that a page shows out.

Pages cache what these functions give by the store's version and the selection. Nothing here knows
how a thing is drawn. One module for each kind of page; `head` has what all of them begin with.
"""

from kpi_core.views.ahead import AheadView, Open, ahead
from kpi_core.views.chance import Control, asked_periods, bases, control
from kpi_core.views.compared import Together, ready, together
from kpi_core.views.executive import GRID_WINDOW, OVERALL, SummaryView, executive_summary
from kpi_core.views.faults import Faults, Place, explanations, faults, place
from kpi_core.views.forecasts import ForecastsView, past_forecasts
from kpi_core.views.head import (
    Page,
    directorate,
    latest_period,
    officers,
    page,
    report_and_period,
    sections,
)
from kpi_core.views.in_tables import Area, DashboardView, dashboard, dashboard_title
from kpi_core.views.one_indicator import IndicatorView, all_indicators, indicator
from kpi_core.views.one_section import CARD_WINDOW, SectionView, every_section, section
from kpi_core.views.over_time import MatrixView, ratings_over_time
from kpi_core.views.paired import Pair, pair
from kpi_core.views.published import open_points, told
from kpi_core.views.register import RiskView, corporate_risks, risks_of, with_registers
from kpi_core.views.rehearsed import Rehearsed, TableChanges, rehearsed
from kpi_core.views.seasons import Seasons, seasons
from kpi_core.views.since import ChangesView, what_changed_since
from kpi_core.views.target import Proposal, TargetView, target_setting
from kpi_core.views.telling import Telling, Tests, telling
from kpi_core.views.time_of_year import season_disagreement, season_note
from kpi_core.views.written import WrittenView, kinds, next_order, written
from kpi_core.views.year import FrameworkView, framework, years

__all__ = [
    "CARD_WINDOW", "GRID_WINDOW", "OVERALL", "AheadView", "Area", "ChangesView", "Control", "DashboardView", "Faults",
    "ForecastsView", "FrameworkView", "IndicatorView", "MatrixView", "Open", "Page", "Pair", "Place", "Proposal", "Rehearsed",
    "RiskView", "Seasons", "SectionView", "SummaryView", "TableChanges", "TargetView", "Telling", "Tests", "Together", "WrittenView",
    "ahead", "all_indicators", "asked_periods", "bases", "control", "corporate_risks", "dashboard", "dashboard_title", "directorate",
    "every_section", "executive_summary", "explanations", "faults", "framework", "indicator",
    "kinds", "latest_period", "next_order", "officers", "open_points", "page", "pair", "past_forecasts", "place",
    "ratings_over_time", "ready", "rehearsed", "report_and_period", "risks_of", "season_disagreement", "season_note", "seasons", "section", "sections",
    "target_setting", "telling", "together", "told", "what_changed_since", "with_registers", "written", "years",
]  # fmt: skip
