"""What the catalogue says of an indicator: its definition, its framework years, its history."""

from __future__ import annotations

from dataclasses import dataclass

#: The six years that have figures, and the year after them that has proposed targets only.
YEARS = ("2020/21", "2021/22", "2022/23", "2023/24", "2024/25", "2025/26")
PROPOSED = "2026/27"


@dataclass(frozen=True)
class Shape:
    """How a quantity moves over the six years.

    `knots` are its levels each April from 2020 to 2026, with straight lines between them; one knot
    stands for all. `sd` is the usual scatter, `amp` how far the season (a name in `shapes.SEASONS`)
    swings, `shock` what spring 2020 added, `lasting` the months until that had passed, `step` the month
    (April 2020 is 0) in which it jumped for good, and by how much. For a level
    these are in its own unit, for a size they are shares of it.
    """

    knots: tuple[float, ...]
    sd: float
    season: str = ""
    amp: float = 0.0
    shock: float = 0.0
    lasting: int = 9
    step: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Indicator:
    """One indicator of the made-up council.

    `level` is the percentage, mean or rate, `size` its denominator in each period of the
    indicator's frequency; a count has a size alone. A figure without numerator has a level alone.
    `aim` has one word for each year from 2020/21 to 2026/27, the last one repeated: `90/85` is
    target and floor, `8-12/6-14` a range, `92` a target without floor, `tbc`, or `-` for none.
    """

    code: str
    name: str
    kind: str
    frequency: str
    unit: str
    decimals: int
    polarity: str
    ytd: str
    measure: str = "in_period"
    arrears: int = 0
    trend_window: int = 0  #: periods that its direction looks at; 0 for the usual twelve
    level: Shape | None = None
    size: Shape | None = None
    aim: str = ""
    expected: str = ""  #: activity: `period` or `ytd` and the half-width in percent: `ytd:8`
    first: str = "2020/21"  #: first year or quarter with figures
    last: str = ""  #: last year in the framework, empty while it is still there
    lifecycle: str = ""
    about: str = ""
    parts: tuple[str, ...] = ()  #: names of its breakdowns, see `parts`
    peers: str = ""  #: benchmarks: `quarter` or `year` and how far England lies off: `year:+2`
    mean_size: bool = False  #: over twelve months the denominator is averaged, not added up

    @property
    def section(self) -> str:
        """The section's letters, which begin the code."""
        return self.code[:2]

    @property
    def is_count(self) -> bool:
        """Whether the figure is a plain count, without numerator and denominator."""
        return self.level is None


def shape(
    knots: str,
    sd: float,
    season: str = "",
    amp: float = 0.0,
    *,
    shock: float = 0.0,
    lasting: int = 9,
    step: str = "0 0",
) -> Shape:
    """A shape from its knots and step written as words."""
    month, jump = (float(word) for word in step.split())
    levels = tuple(float(knot) for knot in knots.split())
    return Shape(levels, sd, season, amp, shock, lasting, (month, jump))
