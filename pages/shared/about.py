"""What other pages know about one indicator: the risks that it bears on, the faults in its figures."""

from __future__ import annotations

from kpi_core.wording import Wording
from pages.shared import load, look
from pages.shared.selection import Selection

#: The addresses of these pages.
RISKS = "risks"
QUALITY = "quality"


def indicator(selection: Selection, code: str, wording: Wording) -> str:
    """Both for the indicator's own page; empty where there is neither."""
    found = load.findings(selection.organisation, selection.version)
    return look.render(
        "about.html",
        wording,
        risks=load.risks_of(*selection.key, code).to_dicts(),
        risks_link=selection.link(RISKS),
        findings=found.rows_of(code).to_dicts(),
        quality_link=selection.link(QUALITY),
    )
