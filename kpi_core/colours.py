"""The colours of the ratings: Kent's, or those that an organisation sets, checked for contrast.

From one colour of a rating comes all that is drawn in it: its mark, the tint of its pill, the word
on the tint, the faint zone of a chart.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from kpi_core import contrast
from kpi_core.contrast import LEAST_FOR_MARKS, LEAST_FOR_TEXT
from kpi_core.errors import SettingsError, UnknownSetting
from kpi_core.palette import DARK, LIGHT, Palette
from kpi_core.wording import key_of
from kpi_core.words import DECIDED, Rating

THEMES = ("light", "dark")
_PALETTES = (LIGHT, DARK)
#: The share of a rating's colour in its tint and in its zone, light and dark.
_TINT = (0.11, 0.2)
_ZONE = (0.07, 0.09)
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of one rating in one theme."""

    mark: str
    tint: str
    text: str  #: on the tint
    zone: str


Pair = tuple[Shades, Shades]  #: light and dark

_NEUTRAL = (
    Shades("#c3cad3", "#eceff3", LIGHT.text, "transparent"),
    Shades("#4a5665", "#26303b", DARK.text, "transparent"),
)
#: What holds where nothing is set. Words on tints have a contrast of at least 5.4.
KENT: dict[Rating, Pair] = {
    Rating.GREEN: (
        Shades(LIGHT.green, "#e3f3ea", "#00703c", LIGHT.zone_green),
        Shades(DARK.green, "#0f3323", "#62d09a", DARK.zone_green),
    ),
    Rating.AMBER: (
        Shades(LIGHT.amber, "#fdf0d9", "#8a4b00", LIGHT.zone_amber),
        Shades(DARK.amber, "#3a2a0c", "#f5bd5a", DARK.zone_amber),
    ),
    Rating.RED: (
        Shades(LIGHT.red, "#fbe6e4", "#b3261e", LIGHT.zone_red),
        Shades(DARK.red, "#45191a", "#ff9a90", DARK.zone_red),
    ),
    Rating.NO_DATA: _NEUTRAL,
    Rating.NOT_RATED: _NEUTRAL,
    Rating.UNDECIDED: _NEUTRAL,
}


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of an organisation's ratings; Kent's where it sets none."""

    own: tuple[tuple[Rating, Pair], ...] = ()

    def of(self, rating: Rating) -> Pair:
        """The shades of a rating, light and dark."""
        return dict(self.own).get(rating, KENT[rating])

    def palettes(self) -> tuple[Palette, Palette]:
        """The palettes of charts, light and dark."""
        light, dark = (
            replace(
                palette,
                **{one.lower(): self.of(one)[place].mark for one in DECIDED},
                **{f"zone_{one.lower()}": self.of(one)[place].zone for one in DECIDED},
            )
            for place, palette in enumerate(_PALETTES)
        )
        return light, dark

    def tints(self) -> dict[str, tuple[str, str]]:
        """The colours of words on their tints by what they are for, each in light and in dark."""
        pairs = {}
        for rating in DECIDED:
            light, dark = self.of(rating)
            pairs[f"tint-{rating.lower()}"] = (light.tint, dark.tint)
            pairs[f"on-{rating.lower()}"] = (light.text, dark.text)
        light, dark = KENT[Rating.NO_DATA]
        shares = self.of(Rating.NO_DATA)
        return pairs | {
            "tint-none": (light.tint, dark.tint),
            "none": (shares[0].mark, shares[1].mark),
        }

    def variables(self) -> dict[str, tuple[str, str]]:
        """Every colour of a page by the name of its CSS variable, in light and in dark."""
        light, dark = (asdict(palette) for palette in self.palettes())
        return {name.replace("_", "-"): (light[name], dark[name]) for name in light} | self.tints()


#: Where an organisation sets none.
UNSET = Colours()


def from_settings(code: str, settings: Mapping[str, Any]) -> Colours:
    """From the table [colours] of an organisation.toml. Raises SettingsError with the way out."""
    given = settings.get("colours", {})
    if not isinstance(given, dict):
        raise SettingsError(
            f'{code}/organisation.toml: [colours] is a table. Write for example green = "#00703c" '
            "on a line below it."
        )
    keys = {key_of(rating): rating for rating in Rating}
    own: dict[Rating, Pair] = {}
    for key, value in given.items():
        if key not in keys:
            raise UnknownSetting(f"{code}/organisation.toml, [colours]", key, keys)
        pair = _pair(f"{code}/organisation.toml, [colours] {key}", keys[key], value)
        if pair != KENT[keys[key]]:
            own[keys[key]] = pair
    colours = Colours(tuple(own.items()))
    for rating in own:
        _refuse_twin(code, colours, rating)
    return colours


def _refuse_twin(code: str, colours: Colours, rating: Rating) -> None:
    for other in Rating:
        for place, theme in enumerate(THEMES):
            colour = colours.of(rating)[place].mark
            if other is not rating and colour == colours.of(other)[place].mark:
                raise SettingsError(
                    f"{code}/organisation.toml, [colours]: {key_of(rating)} and {key_of(other)} are "
                    f"both {colour} in the {theme} theme, so that they cannot be told apart. "
                    f"Give {key_of(rating)} another colour."
                )


def _pair(where: str, rating: Rating, value: object) -> Pair:
    """The shades for both themes, from one colour or one for each."""
    if isinstance(value, dict):
        for key in value:
            if key not in THEMES:
                raise SettingsError(
                    f'{where}: there is no theme "{key}". Write {{ light = "…", dark = "…" }}.'
                )
        if "light" not in value:
            raise SettingsError(
                f'{where}: the light colour is missing. Write {{ light = "…", dark = "…" }}.'
            )
    light, dark = (value.get(theme) if isinstance(value, dict) else None for theme in THEMES)
    first = _colour(where, value if light is None else light)
    if dark is None:
        if first == KENT[rating][0].mark:
            return KENT[rating]
        return _shades(where, rating, first, 0), _derived(_lighter(first), 1)
    return _shades(where, rating, first, 0), _shades(where, rating, _colour(where, dark), 1)


def _colour(where: str, value: object) -> str:
    colour = value.strip().lower() if isinstance(value, str) else ""
    if not _COLOUR.fullmatch(colour):
        raise SettingsError(
            f'{where}: "{value}" is not a colour. '
            'Write # and six of the digits 0 to 9 and a to f, for example "#00703c".'
        )
    return colour


def _shades(where: str, rating: Rating, mark: str, place: int) -> Shades:
    """The shades of a colour that somebody chose. Raises SettingsError where it is too faint."""
    kent, background = KENT[rating][place], _PALETTES[place].background
    if mark == kent.mark:
        return kent
    found = contrast.ratio(mark, background)
    if found < LEAST_FOR_MARKS:
        raise SettingsError(
            f"{where}: {mark} has a contrast of {_down(found)} to 1 on the {THEMES[place]} "
            f"background {background}; it needs {LEAST_FOR_MARKS:g} to 1 to be seen (WCAG 2.2, "
            "1.4.11). The nearest shade of the same hue that does: "
            f"{contrast.nearest(mark, background, LEAST_FOR_MARKS)}."
        )
    return _derived(mark, place)


def _derived(mark: str, place: int) -> Shades:
    tint = contrast.mixed(mark, _PALETTES[place].background, _TINT[place])
    red, green, blue = contrast.channels(mark)
    text = contrast.nearest(mark, tint, LEAST_FOR_TEXT)
    return Shades(mark, tint, text, f"rgba({red},{green},{blue},{_ZONE[place]})")


def _lighter(colour: str) -> str:
    """The colour for the dark theme: lightened until it can be read on its own tint."""
    shades = (
        contrast.mixed(colour, contrast.WHITE, 1 - step / contrast.STEPS)
        for step in range(contrast.STEPS + 1)
    )
    return next(
        shade
        for shade in shades
        if contrast.ratio(shade, contrast.mixed(shade, DARK.background, _TINT[1])) >= LEAST_FOR_TEXT
    )


def _down(found: float) -> str:
    """Two decimals, rounded down: 2.999 must not read as 3.00."""
    return f"{math.floor(found * 100) / 100:.2f}"
