"""The addresses of the section pages, made from the sections' names."""

from __future__ import annotations

import re

from kpi_core import views
from kpi_core.figures import Figures


def slug(text: str) -> str:
    """A name as part of an address: `growth-economic-development-communities`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "")).strip("-")


def of_sections(figures: Figures) -> dict[tuple[str, str], str]:
    """The address of each report's section in any year; names that come to the same are numbered."""
    addresses: dict[tuple[str, str], str] = {}
    for report in sorted(figures.reports["report"].to_list()):
        for section in sorted(views.sections(figures, report)):
            plain = f"{slug(report)}-{slug(section)}"
            alike = [plain, *(f"{plain}-{number}" for number in range(2, len(addresses) + 3))]
            taken = set(addresses.values())
            addresses[report, section] = next(one for one in alike if one not in taken)
    return addresses
