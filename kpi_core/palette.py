"""The colours of the look, in light and dark, and as CSS variables that serve both.

A chart is drawn in one palette. Drawn in THEMED, its colours are placeholders that stand nowhere
else; `svg.draw` turns each into `var(--kpi-…)`, so that one cached picture follows the theme of the
page around it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from kpi_core.words import Rating


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they are for; the zones and the band are translucent."""

    background: str
    text: str
    muted: str
    series: str
    green: str
    amber: str
    red: str
    rule: str
    zone_green: str
    zone_amber: str
    zone_red: str
    band: str
    #: Lines that stand together, the first being `series`: dark and light enough for anybody to
    #: see, and far apart for those who see colours otherwise. Dashes and marks tell them apart too.
    second: str
    third: str
    fourth: str
    fifth: str
    sixth: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The colours of lines that stand together, in their order."""
        return (self.series, self.second, self.third, self.fourth, self.fifth, self.sixth)

    def mark(self, rating: str | None) -> str | None:
        """The colour of a rating's mark; none for a rating that is drawn hollow."""
        marks = {Rating.GREEN: self.green, Rating.AMBER: self.amber, Rating.RED: self.red}
        return marks[Rating(rating)] if rating in marks else None

    def zone(self, rating: Rating) -> str:
        """The colour of the zone in which a value has that rating."""
        zones = {
            Rating.GREEN: self.zone_green,
            Rating.AMBER: self.zone_amber,
            Rating.RED: self.zone_red,
        }
        return zones[rating]


LIGHT = Palette(
    background="#ffffff",
    text="#16202c",
    muted="#566170",
    series="#12436d",
    green="#00703c",
    amber="#c67600",
    red="#b3261e",
    rule="#dfe4ea",
    zone_green="rgba(0,112,60,0.07)",
    # At 7% the amber of the marks cannot be told from the red: a yellower one can.
    zone_amber="rgba(245,170,0,0.09)",
    zone_red="rgba(179,38,30,0.07)",
    band="rgba(18,67,109,0.11)",
    second="#b4460a",
    third="#1c7d75",
    fourth="#801650",
    fifth="#7a5cc0",
    sixth="#4d4d4d",
)

DARK = Palette(
    background="#10161d",
    text="#e8edf3",
    muted="#a3afbd",
    series="#8fc1f0",
    green="#62d09a",
    amber="#f5bd5a",
    red="#ff9a90",
    rule="#2a3440",
    zone_green="rgba(98,208,154,0.09)",
    zone_amber="rgba(245,189,90,0.09)",
    zone_red="rgba(255,154,144,0.09)",
    band="rgba(143,193,240,0.15)",
    second="#f7a774",
    third="#5fd0c2",
    fourth="#f48fc0",
    fifth="#c4b2f5",
    sixth="#c9c9c9",
)

_NAMES = [field.name for field in fields(Palette)]

THEMED = Palette(**{name: f"#fe{place:02x}9d" for place, name in enumerate(_NAMES)})


def _variable(name: str) -> str:
    return f"--kpi-{name.replace('_', '-')}"


#: What stands in a finished picture for each colour of THEMED.
VARIABLES = {colour: f"var({_variable(name)})" for name, colour in asdict(THEMED).items()}


def css_variables(palette: Palette) -> str:
    """The declarations that give a palette's colours to pictures drawn in THEMED."""
    return " ".join(f"{_variable(name)}: {colour};" for name, colour in asdict(palette).items())
