"""What documents print of one figure, and when a printed rating stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.oracle import exact_of
from tests.oracle.figures_of import COMPUTED, PUBLISHED
from tests.oracle.files import Aims, Line
from tests.oracle.rated import Band

DECIDED = ("GREEN", "AMBER", "RED")


@dataclass(frozen=True)
class Voice:
    """What one document prints of a figure under one period: the first of each, all that it prints
    of figure, target and floor.
    """

    rating: str | None
    direction: str | None
    values: tuple[Decimal, ...]
    targets: tuple[Decimal, ...]
    floors: tuple[Decimal, ...]

    @classmethod
    def of(cls, lines: Sequence[Line], beside: Sequence[Line]) -> Voice:
        """From the lines that say it; figures that they leave blank are sought beside them."""

        def figures(column: str) -> tuple[Decimal, ...]:
            for place in (lines, beside):
                found = tuple(getattr(line, column) for line in place)
                if any(figure is not None for figure in found):
                    return tuple(figure for figure in found if figure is not None)
            return ()

        def word(column: str) -> str | None:
            return next((str(word) for line in lines if (word := getattr(line, column))), None)

        return cls(
            word("rating"), word("direction"),
            figures("value"), figures("target"), figures("floor"),
        )  # fmt: skip

    def is_of(self, shown: Decimal | None, places: int) -> bool:
        """Whether it is about this very figure, as far as both are known."""
        printed = [exact_of.shown_of(value, places) for value in self.values]
        return shown is None or not printed or shown in printed

    def is_held_against(self, aims: Aims) -> bool:
        """Whether it is about this very target and floor, as far as both are known.

        Of a range documents print one end, whichever.
        """
        pairs = [
            (self.targets, {aims.target, aims.target_high}),
            (self.floors, {aims.floor, aims.floor_high}),
        ]
        return all(
            not printed or not (saved - {None}) or saved.intersection(printed)
            for printed, saved in pairs
        )


def as_previous(says: Sequence[Line], lines: Sequence[Line], before: Sequence[str]) -> list[Voice]:
    """What `says` has as previous ratings, with what the same document prints of the figure before,
    which is of these periods.
    """
    voices = []
    said = [line for line in says if line.previous_rating]
    for document in sorted({line.document for line in said}):
        beside = [line for line in lines if line.document == document and line.period in before]
        rating = next(line.previous_rating for line in said if line.document == document)
        voices.append(replace(Voice.of(beside, []), rating=rating))
    return voices


def verdict(
    computed: str,
    status: str | None,
    shown: Decimal | None,
    places: int,
    *,
    aims: Aims,
    band: Band | None,
    voices: Iterable[Voice],
) -> tuple[str, str]:
    """A printed rating stands where figures cannot decide, for the very figure and target.

    Not where figures say that there is no data, and no Green where they say that the target is
    missed.
    """
    if computed in DECIDED or status == "no_data":
        return computed, COMPUTED
    is_missed = band is not None and shown is not None and band.misses_by(shown) > 0
    for voice in voices:
        stands = voice.is_of(shown, places) and voice.is_held_against(aims)
        if voice.rating in DECIDED and stands and not (voice.rating == "GREEN" and is_missed):
            return str(voice.rating), PUBLISHED
    return computed, COMPUTED
