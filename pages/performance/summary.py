"""The executive summary."""

from __future__ import annotations

from pages.performance import summary_html
from pages.shared import downloads, load, look, selection

chosen = selection.current()
view = load.executive_summary(*chosen.key)
look.show(summary_html.page(chosen))
downloads.scorecard(view.scorecard, chosen, "ratings")
