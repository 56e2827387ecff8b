"""The corporate risks: the register that goes with the report's period."""

from __future__ import annotations

from pages.performance import risks_html
from pages.shared import downloads, load, look, selection

chosen = selection.current()
look.show(risks_html.page(chosen))
if view := load.risks(*chosen.key):
    downloads.table(view.table, chosen, "risks", "Download this register as CSV")
