"""The whole catalogue: reports, sections and every indicator, in the order of the report."""

from __future__ import annotations

from data.exampleshire.generator.catalogue_activities import ACTIVITIES
from data.exampleshire.generator.catalogue_kpis import KPIS
from data.exampleshire.generator.indicator import PROPOSED, YEARS, Indicator

#: Report, title, frequency.
REPORTS = (
    ("qpr", "Quarterly Performance Report", "quarter"),
    ("dashboard", "Monthly Performance Dashboard", "month"),
)

#: Letters of a section: its name and directorate, in the order of the report.
SECTIONS = {
    "CU": ("Customer Services", "Customer and Communities"),
    "LC": ("Libraries and Communities", "Customer and Communities"),
    "CO": ("Finance, People and Digital", "Corporate Services"),
    "AD": ("Adult Social Care", "Adult Social Care and Health"),
    "CH": ("Children's Social Care", "Children and Families"),
    "ES": ("Education and Skills", "Education and Skills"),
    "HT": ("Highways and Transport", "Highways and Environment"),
    "EW": ("Environment and Waste", "Highways and Environment"),
    "GP": ("Growth, Planning and Housing", "Growth and Housing"),
    "PH": ("Public Health and Protection", "Public Health and Protection"),
}

INDICATORS: tuple[Indicator, ...] = (*KPIS, *ACTIVITIES)

#: The KPI that was an activity indicator before, and the first year in which it is a KPI.
BECAME_KPI = ("PH01", "2023/24")
#: The KPI whose definition was revised, and the first year of the new one.
REVISED = ("ES05", "2025/26")


def framework(year: str) -> tuple[Indicator, ...]:
    """The indicators that stand in the framework of a year."""
    return tuple(i for i in INDICATORS if i.first[:7] <= year and (not i.last or year <= i.last))


def kind_in(indicator: Indicator, year: str) -> str:
    """What the indicator is in a year: KPI or activity indicator."""
    code, since = BECAME_KPI
    return "activity" if indicator.code == code and year < since else indicator.kind


__all__ = ["BECAME_KPI", "INDICATORS", "PROPOSED", "REPORTS", "REVISED", "SECTIONS", "YEARS"]
