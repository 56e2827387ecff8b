"""The dashboard: every indicator of the report in tables, service by service."""

from __future__ import annotations

from pages.performance import dashboard_html
from pages.shared import downloads, load, look, selection

chosen = selection.current()
look.show(dashboard_html.page(chosen))
downloads.dashboard(load.dashboard(*chosen.key), chosen)
