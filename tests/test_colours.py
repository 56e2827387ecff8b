"""Colours of ratings: those that are kept, derived, and refused."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import colours, contrast
from kpi_core.colours import KENT, UNSET, Colours
from kpi_core.contrast import LEAST_FOR_MARKS, LEAST_FOR_TEXT
from kpi_core.errors import SettingsError
from kpi_core.palette import DARK, LIGHT
from kpi_core.wording import key_of
from kpi_core.words import Rating

BACKGROUNDS = (LIGHT.background, DARK.background)


def read(text: str) -> Colours:
    return colours.from_settings("ex", tomllib.loads(f"[colours]\n{text}"))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#949494", "#ffffff", 3.03),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.00),
        ("#00703c", "#ffffff", 6.21),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast.ratio(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast.ratio(other, one) == contrast.ratio(one, other)


def test_a_council_that_sets_nothing_has_the_colours_of_kent() -> None:
    assert colours.from_settings("ex", {}) == UNSET
    assert UNSET.palettes() == (LIGHT, DARK)


def test_the_colours_of_kent_written_down_are_those_of_kent() -> None:
    assert read('green = "#00703C"\namber = "#c67600"\nred = "#b3261e"') == UNSET
    assert read('green = { light = "#00703c", dark = "#62d09a" }') == UNSET


def test_one_colour_serves_mark_tint_word_and_zone_in_both_themes() -> None:
    council = read('red = "#7b2d8b"')
    light, dark = council.of(Rating.RED)
    assert light.mark == "#7b2d8b"
    assert light.zone == "rgba(123,45,139,0.07)"
    assert contrast.luminance(dark.mark) > contrast.luminance(light.mark)
    assert council.palettes()[0].red == light.mark
    assert council.palettes()[1].zone_red == dark.zone
    assert council.of(Rating.GREEN) == KENT[Rating.GREEN]
    assert council.palettes()[0].green == LIGHT.green


def test_each_theme_can_have_its_own() -> None:
    light, dark = read('not_rated = { light = "#1d70b8", dark = "#6fb3f2" }').of(Rating.NOT_RATED)
    assert (light.mark, dark.mark) == ("#1d70b8", "#6fb3f2")


def hue(colour: str) -> list[int]:
    """The order of the channels, which a shade of the same hue keeps."""
    parts = contrast.channels(colour)
    return sorted(range(3), key=lambda place: parts[place])


chosen = st.tuples(*[st.integers(0, 255)] * 3).map(lambda c: "#{:02x}{:02x}{:02x}".format(*c))


@given(chosen, st.sampled_from(list(Rating)))
def test_what_is_accepted_can_be_read_and_what_is_refused_names_a_shade_that_will_do(
    colour: str, rating: Rating
) -> None:
    key = key_of(rating)
    try:
        council = read(f'{key} = "{colour}"')
    except SettingsError as error:
        said = str(error)
        if "WCAG" in said:
            assert contrast.ratio(colour, LIGHT.background) < LEAST_FOR_MARKS
            shade = re.findall(r"#[0-9a-f]{6}", said)[-1]
            assert contrast.ratio(shade, LIGHT.background) >= LEAST_FOR_MARKS
            assert read(f'{key} = "{shade}"')
        else:
            assert "cannot be told apart" in said
        return
    for shades, background in zip(council.of(rating), BACKGROUNDS, strict=True):
        if rating in dict(council.own):
            assert contrast.ratio(shades.mark, background) >= LEAST_FOR_MARKS
        assert contrast.ratio(shades.text, shades.tint) >= LEAST_FOR_TEXT
        assert contrast.ratio(shades.text, background) >= LEAST_FOR_TEXT


@given(chosen, st.sampled_from(BACKGROUNDS), st.sampled_from([3.0, 4.5]))
def test_the_nearest_shade_is_the_first_that_will_do(
    colour: str, background: str, least: float
) -> None:
    shade = contrast.nearest(colour, background, least)
    assert contrast.ratio(shade, background) >= least
    if contrast.ratio(colour, background) >= least:
        assert shade == colour
        return
    back = contrast.mixed(shade, colour, 0.9)  # a tenth of the way back no longer does
    assert back == shade or contrast.ratio(back, background) < least


def test_a_shade_keeps_its_hue() -> None:
    for colour in ("#ffbf00", "#f47738", "#85c1e9"):
        assert hue(contrast.nearest(colour, "#ffffff", 4.5)) == hue(colour)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('amber = "#ffbf00"', r"\[colours\] amber: #ffbf00 has a contrast of 1\.6\d to 1 on the light background #ffffff; it needs 3 to 1 .*nearest shade of the same hue that does: #[0-9a-f]{6}\."),
        ('red = { light = "#b3261e", dark = "#5a0f0a" }', r"#5a0f0a has a contrast of 1\.\d\d to 1 on the dark background #10161d"),
        ('red = "red"', '"red" is not a colour. Write # and six of the digits'),
        ('red = "#fff"', '"#fff" is not a colour'),
        ("red = 5", '"5" is not a colour'),
        ('red = { dark = "#ff9a90" }', "red: the light colour is missing"),
        ('red = { light = "#b3261e", night = "#ff9a90" }', 'there is no theme "night"'),
        ('rad = "#b3261e"', r'\[colours\]: there is no setting "rad". Did you mean "red"'),
        ('red = "#00703c"', "red and green are both #00703c in the light theme"),
        ('no_data = "#1d70b8"\nnot_rated = "#1D70B8"', "no_data and not_rated are both #1d70b8"),
        ('red = { light = "#7b2d8b", dark = "#62d09a" }', "red and green are both #62d09a in the dark theme"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_or_told_apart_is_refused(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as refused:
        read(text)
    assert str(refused.value).startswith("ex/organisation.toml")


def test_colours_are_a_table() -> None:
    with pytest.raises(SettingsError, match=r"\[colours\] is a table"):
        colours.from_settings("ex", {"colours": "#00703c"})
