"""What the address asks to compare, and the links that ask for something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_core import catalogue, display
from kpi_core.views import Together, compared, paired
from pages.explore import loaded
from pages.shared.selection import Selection

PAGE = "compare"
SIDE, TOGETHER, AGAINST = "side", "together", "against"
#: The views, by the code in the address.
VIEWS = {SIDE: "Side by side", TOGETHER: "In one chart", AGAINST: "One against the other"}
AS_CHOSEN, BY_DIRECTORATE = "chosen", "directorate"
#: How the small charts stand, by the code in the address.
ORDERS = {AS_CHOSEN: "As chosen", BY_DIRECTORATE: "By directorate"}
INDEX, VALUES = "index", "values"
#: What the one chart shows, by the code in the address.
SCALES = {INDEX: "Start is 100", VALUES: "The figures"}
#: Shifts of the second against the first in periods; the first stands for no shift.
SHIFTS = sorted(map(str, range(-paired.LAGS, paired.LAGS + 1)), key=lambda lag: lag != "0")
#: What the address of the page asks for by name, beside the search.
NAMES = ("with", "view", "from", "to", "by", "scale", "shift")
#: Of a key that is not known, as much is repeated.
_LONGEST = 40


@dataclass(frozen=True)
class Comparison:
    """One comparison: everything that its address says, as far as it can be done."""

    keys: tuple[str, ...] = ()
    view: str = SIDE
    order: str = AS_CHOSEN
    scale: str = INDEX
    shift: str = "0"
    first: str = ""  #: the period that the stretch begins with; empty for the first there is
    last: str = ""

    def link(self, selection: Selection, keys: Sequence[str], find: str = "", **more: str) -> str:
        """The address of the same comparison of other series."""
        usual = Comparison()
        asked = {
            "with": catalogue.joined(keys),
            "view": self.view if self.view != usual.view else "",
            "from": self.first,
            "to": self.last,
            "by": self.order if self.order != usual.order else "",
            "scale": self.scale if self.scale != usual.scale else "",
            "shift": self.shift if self.shift != usual.shift else "",
            "find": find,
        } | more
        return selection.link(PAGE, **{name: text for name, text in asked.items() if text})


def asked_keys(selection: Selection, text: str) -> tuple[tuple[str, ...], list[str]]:
    """The keys of an address that the report has, and what to say of the others."""
    keys = catalogue.apart(text)
    known = set(loaded.comparable(*selection.key)["key"])
    unknown = [f"“{key[:_LONGEST]}”" for key in keys if key not in known]
    found = tuple(key for key in keys if key in known)
    most, said = len(compared.LETTERS), []
    if unknown:
        them = "it is" if len(unknown) == 1 else "they are"
        said.append(
            f"This report has no {display.listed(unknown)} with figures to compare: {them} left out."
        )
    if len(found) > most:
        said.append(f"No more than {most} can be compared at once: the first {most} are shown.")
    return found[:most], said


def asked(view: Together, texts: Mapping[str, str]) -> tuple[Comparison, list[str]]:
    """The comparison that an address asks for, and what to say of what it asks for in vain."""
    said: list[str] = []
    periods = {str(period): period.words for period in view.periods}
    first = _one_of(texts["from"], list(periods), "period", said)
    later = list(periods)[list(periods).index(first) :] if first else list(periods)
    last = _one_of(texts["to"], later, "later period" if first else "period", said)
    keys = tuple(view.chosen["key"])
    wanted = _one_of(texts["view"], list(VIEWS), "view", said) or SIDE
    scale = _one_of(texts["scale"], list(SCALES), "scale", said) or INDEX
    return Comparison(
        keys=keys,
        view=wanted if len(keys) > 1 else SIDE,
        order=_one_of(texts["by"], list(ORDERS), "order", said) or AS_CHOSEN,
        scale=scale if view.unit else INDEX,
        shift=_one_of(texts["shift"], SHIFTS, "shift", said) or "0",
        first=first if first != next(iter(periods), "") else "",
        last=last if last != next(reversed(periods), "") else "",
    ), said


def _one_of(wanted: str, known: Sequence[str], name: str, said: list[str]) -> str:
    """What is asked for, where it is known; else nothing, and that is told."""
    if wanted and wanted not in known:
        said.append(f"There is no {name} “{wanted[:_LONGEST]}” here: the usual one is shown.")
        return ""
    return wanted
