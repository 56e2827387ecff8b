"""What the pages of a year's framework let people choose, kept in the address."""

from __future__ import annotations

from collections.abc import Sequence

from kpi_core.organisation import Organisation
from kpi_core.periods import Period
from pages.shared import asked, load, selection
from pages.shared.selection import Selection


def year(chosen: Selection, wanted: str, unasked: Period, forget: Sequence[str] = ()) -> Period:
    """Draw the box of the years; the one asked for, or else `unasked`."""
    known = {
        str(one): one for one in load.years(chosen.organisation, chosen.version, chosen.report)
    }
    shown = wanted if wanted in known else str(unasked)
    asked.box("Year", "year", list(known), shown, unasked=str(unasked), forget=forget)
    if wanted and wanted not in known:
        selection.say(f"There is no framework of “{wanted[:40]}”: that of {shown} is shown.")
    return known[shown]


def of_period(chosen: Selection, council: Organisation) -> Period:
    """The year of the period chosen. A period has a report, so its year has a framework."""
    return council.period(chosen.period).year
