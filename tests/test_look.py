"""Colours that can be read, and nothing from data that can break out of its text."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import contrast
from kpi_core.colours import UNSET
from kpi_core.contrast import LEAST_FOR_MARKS, LEAST_FOR_TEXT
from kpi_core.organisation import Organisation
from kpi_core.palette import DARK, LIGHT
from kpi_core.wording import PLAIN
from pages.shared import look

HERE = Path(look.__file__).parent
TEMPLATES = sorted((HERE / "templates").glob("*.html"))
COUNCIL = Organisation("ex", "Exampleshire")
TINTS = UNSET.tints()

THEMES = {"light": 0, "dark": 1}
PALETTES = {"light": asdict(LIGHT), "dark": asdict(DARK)}


def over(colour: str, background: str) -> str:
    """A translucent colour as it looks on a background."""
    found = re.fullmatch(r"rgba\((\d+),(\d+),(\d+),([\d.]+)\)", colour.replace(" ", ""))
    assert found, colour
    share = float(found[4])
    behind = [int(background[place : place + 2], 16) for place in (1, 3, 5)]
    mixed = [round(share * int(found[n + 1]) + (1 - share) * part) for n, part in enumerate(behind)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


@pytest.mark.parametrize("rating", ["green", "amber", "red"])
@pytest.mark.parametrize("theme", THEMES)
def test_the_word_of_a_rating_can_be_read_on_its_tint(theme: str, rating: str) -> None:
    place = THEMES[theme]
    word, tint = TINTS[f"on-{rating}"][place], TINTS[f"tint-{rating}"][place]
    assert contrast.ratio(word, tint) >= 5.4
    assert contrast.ratio(word, PALETTES[theme]["background"]) >= 5.4


@pytest.mark.parametrize("theme", THEMES)
def test_texts_can_be_read(theme: str) -> None:
    palette, place = PALETTES[theme], THEMES[theme]
    tint = TINTS["tint-none"][place]
    assert contrast.ratio(palette["text"], tint) >= LEAST_FOR_TEXT
    for behind in (palette["background"], over(palette["band"], palette["background"])):
        for name in ("text", "muted", "series"):
            assert contrast.ratio(palette[name], behind) >= LEAST_FOR_TEXT, (name, behind)


@pytest.mark.parametrize("zone", ["zone_green", "zone_amber", "zone_red"])
@pytest.mark.parametrize("mark", ["green", "amber", "red", "series"])
@pytest.mark.parametrize("theme", THEMES)
def test_marks_stand_out_from_every_zone(theme: str, mark: str, zone: str) -> None:
    palette = PALETTES[theme]
    behind = over(palette[zone], palette["background"])
    assert contrast.ratio(palette[mark], behind) >= LEAST_FOR_MARKS


def test_every_colour_that_is_used_is_declared() -> None:
    sheet = look.stylesheet(COUNCIL)
    declared = set(re.findall(r"(--kpi-[\w-]+):", sheet))
    templates = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    used = set(re.findall(r"var\((--kpi-[\w-]+)\)", sheet + templates))
    assert used <= declared


def test_every_class_of_a_template_has_a_rule_or_is_a_hook() -> None:
    """A rule that nothing uses, or a class that nothing styles, is a slip of the pen."""
    sheet = look.stylesheet(COUNCIL)
    templates = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    plain = {
        name
        for text in re.findall(r'class="([^"]*)"', templates)
        for name in re.sub(r"\{[{%].*?[%}]\}", " ", text).split()
    }
    styled = set(re.findall(r"\.([a-z][a-z-]*)", re.sub(r"\{[^}]*\}", "", sheet)))
    assert plain <= styled, plain - styled


def test_nothing_is_fetched_from_elsewhere() -> None:
    sources = [look.stylesheet(COUNCIL), *(path.read_text(encoding="utf-8") for path in TEMPLATES)]
    assert not [found for text in sources for found in re.findall(r"https?://|@import|url\(", text)]


@given(st.text())
def test_any_text_comes_out_as_text(text: str) -> None:
    html = look.render("section.html", PLAIN, **_section(text))
    body = html.replace("\r\n", "\n").replace("\r", "\n")
    heading = re.search(r"<h1>(.*?)</h1>", body, re.DOTALL)
    assert heading
    assert "<" not in heading[1]
    # What a browser makes of character references to control characters is its own business.
    if text.isprintable():
        assert unescape(heading[1]) == text


def _section(text: str) -> dict[str, object]:
    counts = dict.fromkeys(
        ["green", "amber", "red", "no_data", "not_rated", "improving", "stable", "worsening"], 0
    )
    page: dict[str, object] = {"made_up": True, "organisation": text, "report_title": text}
    page["at"] = {"words": text, "last_month_words": text}
    return {
        "page": page, "seen": text, "section": text, "who": text, "counts": counts, "headline": text, "cards": [], "counted_on_paper": True,
        "none_shown": text, "activities": [], "silent": [], "tables": [], "restated": text,
        "commentary": [{"heading": text, "texts": [text]}],
        "remarks": [{"heading": text, "texts": [text]}],
    }  # fmt: skip


@given(st.text())
def test_a_picture_is_packed_without_angle_brackets(text: str) -> None:
    packed = str(look.drawn(f"<svg>{text}</svg>"))
    inner = re.fullmatch(
        r'<script type="application/json" class="kpi-picture">(.*)</script>', packed, re.DOTALL
    )
    assert inner
    assert not set("<>") & set(inner[1])
    assert json.loads(inner[1]) == f"<svg>{text}</svg>"
