"""What changed since the report before: two minutes for a member."""

from __future__ import annotations

from pages.performance import changes_html
from pages.shared import downloads, load, look, selection

chosen = selection.current()
look.show(changes_html.page(chosen))
found = load.what_changed(*chosen.key).found
if not found.is_empty():
    downloads.table(found, chosen, "changes", "Download these changes as CSV")
