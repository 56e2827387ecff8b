"""Which indicator a row of a wide table is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nlargest

from kpi_core.figures import Figures
from kpi_core.ingest.asking import LEAVE, Asking
from kpi_core.ingest.received import Option

#: What marks a footnote at a name.
_STARS, _NUMBERS = " *†‡", "¹²³⁴⁵⁶⁷⁸⁹"
#: No name of an indicator is longer.
_LONGEST = 300
_MOST_OFFERED, _LIKE = 5, 0.6
#: How many names are compared letter by letter.
_COMPARED = 30
#: How much of a text is shown.
_SHOWN = 80


@dataclass(frozen=True)
class Names:
    """The indicators that are defined, by their codes and names without case and footnote marks."""

    codes: Mapping[str, str]
    names: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, figures: Figures) -> Names:
        """From definitions, and the names by which reports print them."""
        defined = figures.indicators["indicator"].unique(maintain_order=True).to_list()
        codes = {code: code for code in defined} | {_bare(code): code for code in defined}
        by_name: dict[str, set[str]] = {}
        for table in (figures.indicators, figures.placements):
            for code, name in table.select("indicator", "name").iter_rows():
                if _bare(code) in codes:
                    by_name.setdefault(_bare(name), set()).add(code)
        return cls(codes, {name: frozenset(codes) for name, codes in by_name.items()})

    def knows(self, ref: str) -> bool:
        """Whether it is the code of an indicator."""
        return self._code(ref) is not None

    def label(self, column: Sequence[str]) -> str:
        """`ref` or `name` where most cells of a column are the codes or names of indicators."""
        bare = [_bare(cell) for cell in column]
        for label, known in (("ref", self.codes), ("name", self.names)):
            if 2 * sum(cell in known for cell in bare) > len(bare):
                return label
        return ""

    def find(self, ref: str, name: str, row: int, asking: Asking) -> str:
        """The code of the row's indicator, LEAVE, or empty while that is open.

        The reference decides; the name where there is none that is known. Where the two are of
        different indicators, or neither is known, it is asked.
        """
        by_ref, by_name = self._code(ref), self.names.get(_bare(name), frozenset())
        if by_ref and (not by_name or by_ref in by_name):
            return by_ref
        if not by_ref:
            # some tables have the code in the column of names, or the name in that of references
            by_ref = self._code(name)
            by_name = by_name or self.names.get(_bare(ref), frozenset())
        found = frozenset({by_ref} if by_ref else ()) | by_name
        if len(found) == 1 and (by_ref or not ref or _bare(ref) in self.names):
            return next(iter(found))
        shown = " ".join(part[:_SHOWN] for part in (ref, name) if part)
        near = sorted(found) or self._near(ref, name)
        wrong = "fits more than one indicator" if len(found) > 1 else "is not a defined indicator"
        options = [Option(code, f"{code}: {self._name_of(code)}") for code in near]
        return asking.ask(
            f"indicator:{row}",
            f"Row {row}, {shown or 'without reference and name'}, {wrong}. Which one is it? A new one is first defined in "
            "indicators.csv.",
            [*options, Option(LEAVE, "leave this row out")],
            proposed=near[0] if len(found) == 1 else "",
            rows=[row],
        )

    def _code(self, text: str) -> str | None:
        return self.codes.get(text) or self.codes.get(_bare(text))

    def _near(self, ref: str, name: str) -> list[str]:
        codes = [
            self.codes[one]
            for one in get_close_matches(_bare(ref), self.codes, _MOST_OFFERED, _LIKE)
        ]
        alike = get_close_matches(_bare(name), self._sharing_words(name), _MOST_OFFERED, _LIKE)
        codes += [code for one in alike for code in sorted(self.names[one])]
        return list(dict.fromkeys(codes))[:_MOST_OFFERED]

    def _sharing_words(self, name: str) -> list[str]:
        """The names that share most words with one: to compare all, letter by letter, is slow."""
        words = set(_bare(name).split())
        return nlargest(_COMPARED, self.names, key=lambda one: len(words & set(one.split())))

    def _name_of(self, code: str) -> str:
        return next((name for name, codes in self.names.items() if code in codes), "")


def _bare(text: str) -> str:
    bare = text[:_LONGEST].lstrip(_STARS).rstrip(_STARS + _NUMBERS)
    return " ".join(bare.casefold().split())
