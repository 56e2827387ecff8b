"""What happened to single figures: gaps, provisional ones, and those restated later."""

from __future__ import annotations

from dataclasses import dataclass

#: Rows that are simply not there.
ABSENT = {
    ("CH15", "2020/21 Q2"), ("ES12", "2021/22 Q3"), ("HT15", "2022/23 Q4"), ("CO06", "2023/24 Q2"),
}  # fmt: skip

#: Rows that say that there is no figure, and why.
NO_DATA = {
    ("GP01", "2025/26 Q2"): "No figure: cases are being moved to the new planning system.",
    ("CO05", "2021-11"): "No figure: the service desk changed systems in November 2021.",
    ("CO05", "2021/22 Q3"): "No figure: the service desk changed systems in November 2021.",
    ("ES04", "2020/21"): "No tests were held in summer 2020.",
    ("LC17", "2020/21 Q1"): "Libraries were shut.",
    ("PH14", "2020/21 Q1"): "Inspections were suspended nationally.",
}


@dataclass(frozen=True)
class Provisional:
    """The latest periods of an indicator are provisional."""

    quarters: int
    note: str


PROVISIONAL = {
    "EW01": Provisional(2, "Provisional until the national waste return is checked."),
    "EW02": Provisional(1, "Provisional until the national waste return is checked."),
    "EW11": Provisional(1, "Provisional until the national waste return is checked."),
    "HT13": Provisional(2, "Provisional: police records are still being completed."),
    "ES14": Provisional(1, "Provisional until the school census is matched."),
    "PH13": Provisional(1, "Provisional: taken from the national system before year-end checks."),
    "CH01": Provisional(1, "Provisional until the annual return on children in need."),
    "GP12": Provisional(1, "Provisional until the national homelessness return is closed."),
}


@dataclass(frozen=True)
class Restated:
    """A quarter's figure that was first given otherwise.

    The first figure had a numerator, or for a count a value, that was `first` percent of the one
    held now. It stood in the documents from the quarter's own up to, but without, `until`.
    """

    indicator: str
    period: str
    first: int
    until: str
    note: str


RESTATED = (
    Restated("CU03", "2025/26 Q1", 93, "2025/26 Q2", "Revised in Q2 after late returns from two services."),
    Restated("CO06", "2024/25 Q1", 95, "2024/25 Q2", "Revised in Q2 after late returns."),
    Restated("HT15", "2024/25 Q2", 94, "2024/25 Q4", "Revised in Q4: the permits of one gas company had been left out."),
    Restated("PH02", "2024/25 Q3", 90, "2025/26 Q2", "Revised in Q2 2025/26 after late returns from surgeries."),
    Restated("GP02", "2024/25 Q4", 96, "2025/26 Q1", "Revised in Q1 after checks against council tax records."),
    Restated("HT13", "2024/25 Q2", 96, "2025/26 Q1", "Revised in Q1 2025/26 as police records were completed."),
)  # fmt: skip
