"""What the address asks to compare, and the links that ask for something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_core import display
from kpi_core.views import compared
from pages.shared import load
from pages.shared.selection import Selection

SIDE, TOGETHER, AGAINST = "side", "together", "against"
#: The views, by the code in the address.
VIEWS = {
    SIDE: "Side by side",
    TOGETHER: "In one chart",
    AGAINST: "One against the other",
}
GROUPS = {"": "As chosen", "directorate": "By directorate"}
VALUES, INDEX = "values", "index"
SCALES = {VALUES: "The figures themselves", INDEX: "Shares of the start, which is 100"}
#: Shifts of the second against the first, in periods.
SHIFTS = [str(lag) for lag in range(-compared.LAGS, compared.LAGS + 1)]
#: What parts the keys in the address; no code has it.
PARTED = "|"


@dataclass(frozen=True)
class Comparison:
    """One comparison: everything that its address says, as far as it can be done."""

    keys: tuple[str, ...]
    view: str
    scale: str
    group: str
    shift: str
    first: str
    last: str
    find: str
    unit: str | None
    periods: Mapping[str, str]  #: by code, what they are called; oldest first
    remarks: tuple[str, ...]  #: what was asked for and cannot be shown

    @classmethod
    def asked(cls, selection: Selection, texts: Mapping[str, str], find: str) -> Comparison:
        """The comparison that an address asks for. What it does not know it says, and leaves out."""
        asked = tuple(dict.fromkeys(key for key in texts["with"].split(PARTED) if key))
        found = load.together(*selection.key, asked)
        keys = tuple(found.chosen["key"])
        remarks = []
        if found.unknown:
            unknown = display.listed([f"“{key[:40]}”" for key in found.unknown])
            remarks.append(f"This report has nothing called {unknown} to compare: it is left out.")
        periods = {str(period): period.words for period in found.periods}
        first = _one_of(texts["from"], list(periods), 0, "period", remarks)
        later = (
            [code for code in periods if list(periods).index(code) >= list(periods).index(first)]
            if periods
            else []
        )
        last = _one_of(texts["to"], later, -1, "period", remarks)
        views = _views(keys)
        view = _one_of(texts["view"], views, 0, "view", remarks)
        shift = _one_of(texts["shift"], SHIFTS, compared.LAGS, "shift", remarks)
        scale = _one_of(texts["scale"], list(SCALES), 0, "scale", remarks)
        group = _one_of(texts["group"], list(GROUPS), 0, "order", remarks)
        return cls(
            keys, view, scale if found.unit else INDEX, group, shift, first, last, find, found.unit,
            periods, tuple(remarks),
        )  # fmt: skip

    @property
    def views(self) -> list[str]:
        """The views that so many series allow."""
        return _views(self.keys)

    @property
    def later(self) -> dict[str, str]:
        """The periods that the stretch can end with."""
        codes = list(self.periods)
        return (
            {code: self.periods[code] for code in codes[codes.index(self.first) :]} if codes else {}
        )

    def link(self, selection: Selection, keys: tuple[str, ...], **more: str) -> str:
        """The address of the same comparison of other series."""
        asked = {
            "with": PARTED.join(keys),
            "view": "" if self.view == SIDE else self.view,
            "scale": "" if self.scale == VALUES or not self.unit else self.scale,
            "group": self.group,
            "shift": "" if self.shift == "0" else self.shift,
            "from": "" if self.first == next(iter(self.periods), "") else self.first,
            "to": "" if self.last == next(reversed(list(self.periods)), "") else self.last,
            "find": self.find,
        } | more  # fmt: skip
        return selection.link("compare", **{name: text for name, text in asked.items() if text})


def _views(keys: tuple[str, ...]) -> list[str]:
    return list(VIEWS) if len(keys) > 1 else [SIDE]


def _one_of(wanted: str, known: list[str], place: int, name: str, remarks: list[str]) -> str:
    """What is asked for where it is known, else what stands at a place; that is told."""
    usual = known[place] if known else ""
    if wanted and wanted not in known and name != "view":
        remarks.append(f"There is no {name} “{wanted[:40]}” here: the usual one is shown.")
    return wanted if wanted in known else usual
