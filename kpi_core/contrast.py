"""The arithmetic of colours that have to be read: contrast as WCAG 2.2 defines it.

Colours are texts `#rrggbb` in small letters.
"""

from __future__ import annotations

#: What WCAG 2.2 asks at level AA: of text (1.4.3), of marks that mean something (1.4.11).
LEAST_FOR_TEXT, LEAST_FOR_MARKS = 4.5, 3.0

BLACK, WHITE = "#000000", "#ffffff"
#: Below it, light grows evenly with a channel (the curve of sRGB).
_DARKEST = 0.04045
#: Shades tried from a colour to black or white: more than a screen can tell apart.
STEPS = 512


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """The relative luminance, from 0 for black to 1 for white."""
    red, green, blue = (
        part / 12.92 if part <= _DARKEST else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """A share of the colour, the rest of the other one."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * two):02x}" for one, two in pairs)


def nearest(colour: str, background: str, least: float) -> str:
    """The nearest shade of the same hue that has at least this contrast on the background.

    Darker on a light background, lighter on a dark one; the colour itself if it will do. Black or
    white where no shade has as much.
    """
    end = away_from(background)
    for step in range(STEPS + 1):
        shade = mixed(colour, end, 1 - step / STEPS)
        if ratio(shade, background) >= least:
            return shade
    return end


def away_from(background: str) -> str:
    """Black or white, whichever stands out more."""
    return max(BLACK, WHITE, key=lambda end: ratio(end, background))
