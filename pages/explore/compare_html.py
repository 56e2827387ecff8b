"""A comparison as HTML, cached by the store's version, the selection and what is compared."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from kpi_core import catalogue, charts, lines, scatter, svg
from kpi_core.charts import CARD, THEMED, WIDE, Size
from kpi_core.report import mounted
from kpi_core.views import Pair, Together, compared
from pages.explore.comparison import AGAINST, INDEX, SIDE, TOGETHER, Comparison
from pages.shared import cards, load, look
from pages.shared.selection import Selection

#: Hits that are listed, and series that are compared at most.
_HITS, _MOST = 12, 24
_SQUARE, _LAGS = Size(460, 380), Size(460, 220)
#: Ready comparisons offered to begin with.
_READY = 4
#: Parts of a whole that a ready comparison takes.
_PARTS = 5
_OF = {"whole": "", "part": "part", "elsewhere": "elsewhere"}


def head(selection: Selection) -> str:
    """What stands above the search."""
    top = load.head(*selection.key)
    return look.render(
        "titled.html", top.wording, page=top, seen=selection.seen, title="Compare", who=""
    )


def _view(selection: Selection, of: Comparison) -> Together:
    return load.together(*selection.key, of.keys, first=of.first, last=of.last)


@st.cache_resource(max_entries=200, show_spinner=False)
def search(selection: Selection, of: Comparison) -> str:
    """What plain words find, each with the link that adds it; ready comparisons to begin with."""
    known = load.comparable(*selection.key)
    found = catalogue.search(known, of.find) if of.find else known.clear()
    left = found.filter(~pl.col("key").is_in(of.keys))
    return look.render(
        "compare_search.html",
        load.head(*selection.key).wording,
        find=of.find,
        hits=[
            {**row, "kept": _OF[row["of"]], "link": of.link(selection, (*of.keys, row["key"]))}
            for row in left.head(_HITS).iter_rows(named=True)
        ],
        more=max(left.height - _HITS, 0),
        any=found.height > 0,
        full=len(of.keys) >= _MOST,
        ready=[] if of.keys or of.find else _ready(selection, of, known),
        count=known.height,
    )


def _ready(selection: Selection, of: Comparison, known: pl.DataFrame) -> list[dict[str, str]]:
    """Comparisons that the figures themselves suggest: a whole and its parts, here and elsewhere,
    the first two KPIs of a section.
    """
    wholes = known.filter(of="whole")
    found: list[tuple[str, str, list[str]]] = []
    for kind, words in (("elsewhere", "here and elsewhere"), ("part", "the whole and its parts")):
        codes = known.filter(of=kind)["indicator"].unique(maintain_order=True).to_list()
        for row in wholes.filter(pl.col("indicator").is_in(codes)).head(1).iter_rows(named=True):
            own = known.filter((pl.col("indicator") == row["indicator"]) & (pl.col("of") == kind))
            keys = [row["key"], *own["key"].head(_PARTS)]
            found.append((row["name"], words, keys))
    for (section,), rows in wholes.filter(kind="kpi").group_by("section", maintain_order=True):
        if rows.height > 1 and len(found) < _READY:
            found.append((str(section), "its KPIs", rows["key"].head(_PARTS + 1).to_list()))
    return [
        {"name": name, "words": words, "link": of.link(selection, tuple(keys), find="")}
        for name, words, keys in found
    ]


@st.cache_resource(max_entries=200, show_spinner=False)
def shown(selection: Selection, of: Comparison) -> str:
    """What is compared: a letter each, and the links that take it out or move it to the front."""
    view = _view(selection, of)
    return look.render(
        "compare_chosen.html",
        view.page.wording,
        rows=[
            {
                **row,
                "page": cards.link(selection, row["indicator"]),
                "without": of.link(selection, tuple(key for key in of.keys if key != row["key"])),
                "first": of.link(
                    selection, (row["key"], *(key for key in of.keys if key != row["key"]))
                ),
                "dash": _sample(place) if of.view == TOGETHER and place < lines.MOST else None,
            }
            for place, row in enumerate(view.chosen.iter_rows(named=True))
        ],
        pair=of.view == AGAINST,
        nothing=of.link(selection, ()),
    )


def _sample(place: int) -> Any:
    """A short piece of a line, as it looks in the chart."""
    said = f"How the line {compared.LETTERS[place]} is drawn in the chart."
    return look.drawn(svg.draw(lines.sample(place, THEMED), said))


@st.cache_resource(max_entries=200, show_spinner="Drawing the comparison …")
def figures(selection: Selection, of: Comparison) -> str:
    """The pictures with their words, and the table of the figures."""
    view = _view(selection, of)
    return look.render(
        "compare.html",
        view.page.wording,
        view=of.view,
        has_figures=view.has_figures,
        groups=_groups(view, of) if of.view == SIDE else [],
        drawn=[look.drawn(one) for one in _drawn(view, of)],
        words=_words(view, of),
        base=_base(view) if of.scale == INDEX else "",
        against=_against(view, of),
        left_out=max(view.chosen.height - lines.MOST, 0) if of.view == TOGETHER else 0,
        table=_table(view),
    )


def _groups(view: Together, of: Comparison) -> list[dict[str, Any]]:
    """The small charts, each on its own axis, all over the same stretch of time."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row, picture in zip(view.chosen.to_dicts(), _small(view), strict=True):
        name = (row["directorate"] or row["section"]) if of.group else ""
        groups.setdefault(name, []).append(
            {
                "letter": row["letter"],
                "name": row["label"],
                "section": row["section"],
                "picture": look.drawn(picture) if picture else None,
            }
        )
    return [{"name": name, "cards": held} for name, held in groups.items()]


def _small(view: Together) -> list[str | None]:
    """The small chart of each series; none for one without figures in this stretch."""
    pictures: list[str | None] = []
    for row in view.chosen.to_dicts():
        own = view.points.filter(letter=row["letter"])
        if not own["value"].is_not_null().any():
            pictures.append(None)
            continue
        points = own.select(
            "period", "label", "words", "text", place=pl.int_range(pl.len()), value="y"
        )
        chart = charts.activity_chart(
            points, CARD, THEMED, unit=row["unit"], wording=view.page.wording
        )
        pictures.append(svg.draw(chart, lines.told(own, row["label"])))
    return pictures


def _points(view: Together, of: Comparison) -> pl.DataFrame:
    """What one chart of several lines draws."""
    of_lines = view.chosen["letter"].head(lines.MOST)
    points = compared.indexed(view) if of.scale == INDEX else view.points
    return points.filter(pl.col("letter").is_in(of_lines.to_list()))


def _unit(view: Together, of: Comparison) -> str:
    return lines.INDEX if of.scale == INDEX or view.unit is None else view.unit


def _drawn(view: Together, of: Comparison) -> list[str]:
    """The large pictures: for wide and for narrow windows, or the pairs and the lags."""
    wording = view.page.wording
    if of.view == TOGETHER:
        points = _points(view, of)
        if not points["y"].is_not_null().any():
            return []
        return [
            lines.picture(points, view.names, size, _unit(view, of), wording)
            for size in (WIDE, Size(400, 300))
        ]
    if of.view == AGAINST:
        found = compared.pair(view, int(of.shift))
        if found.remark:
            return []
        return [
            scatter.picture(found.pairs, found.units, _pairs_told(found), _SQUARE, wording),
            scatter.picture_of_lags(found.lags, _lags_told(found), _LAGS, wording),
        ]
    return []


def _pairs_told(found: Pair) -> str:
    last = found.pairs["tip"][-1]
    shifted = compared.later(found.lag, found.each)
    return (
        f"{found.one} (A) across, {found.other} (B) upwards, {shifted}: {found.pairs.height} pairs; "
        f"{compared.correlation(found.now)}. The latest: {last}."
    )


def _lags_told(found: Pair) -> str:
    return f"How closely they go together at each shift. {'; '.join(found.lags['tip'])}."


def _words(view: Together, of: Comparison) -> list[str]:
    if of.view != AGAINST:
        return []
    found = compared.pair(view, int(of.shift))
    return [found.remark] if found.remark else compared.said(found)


def _against(view: Together, of: Comparison) -> dict[str, str] | None:
    """What stands beside the pictures of pairs."""
    if of.view != AGAINST:
        return None
    found = compared.pair(view, int(of.shift))
    return {
        "one": found.one,
        "other": found.other,
        "later": compared.later(found.lag, found.each),
        "best": "" if found.remark else compared.best(found),
        "each": found.each,
    }


def _base(view: Together) -> str:
    """The period that is 100, in words; empty where there is none."""
    points = compared.indexed(view)
    known = points.filter(pl.col("end_month") == pl.col("base"))["words"]
    return known[0] if known.len() else ""


def _table(view: Together) -> dict[str, Any]:
    """Periods in rows, the latest first; a column for each series."""
    texts = {
        (end, letter): text
        for end, letter, text, value in view.points.select(
            "end_month", "letter", "text", "value"
        ).iter_rows()
        if value is not None
    }
    ends = (
        view.points.sort("end_month", descending=True)
        .unique("end_month", maintain_order=True)
        .select("end_month", "words")
    )
    letters = view.chosen["letter"].to_list()
    return {
        "columns": view.chosen.select("letter", "label").to_dicts(),
        "rows": [
            (words, [texts.get((end, letter), "–") for letter in letters])
            for end, words in ends.iter_rows()
            if any((end, letter) in texts for letter in letters)
        ],
    }


def shift(selection: Selection, of: Comparison, code: str) -> str:
    """What a shift is called."""
    view = _view(selection, of)
    return compared.later(int(code), compared.pair(view, 0).each)


def table(selection: Selection, of: Comparison) -> pl.DataFrame:
    """The figures as they are downloaded."""
    return compared.table(_view(selection, of))


def has_picture(selection: Selection, of: Comparison) -> bool:
    """Whether there is anything drawn to take along."""
    view = _view(selection, of)
    return view.has_figures and (of.view == SIDE or bool(_drawn(view, of)))


def sheet(selection: Selection, of: Comparison) -> str:
    """The pictures of the page on one sheet, as SVG."""
    view = _view(selection, of)
    names = [f"{letter}  {name}" for letter, name in view.names.items()]
    if of.view == SIDE:
        pictures = [
            (name, picture)
            for name, picture in zip(names, _small(view), strict=True)
            if picture is not None
        ]
    elif of.view == AGAINST:
        found = compared.pair(view, int(of.shift))
        pairs, lags = _drawn(view, of)
        title = f"A  {found.one}; B  {found.other}: {compared.later(found.lag, found.each)}"
        pictures = [(title, pairs), ("How closely they go together at each shift", lags)]
    else:
        title = "; ".join(names[: lines.MOST])
        pictures = [(title, _drawn(view, of)[0])]
    page = view.page
    base = (
        f"Shares of {_base(view)}, which is 100. "
        if of.view == TOGETHER and of.scale == INDEX
        else ""
    )
    made_up = " Made up: these figures are not real." if selection.made_up else ""
    return mounted.svg(
        f"{page.organisation}: compared up to {page.at.words}",
        f"{base}{page.report_title}, {selection.seen}.{made_up}",
        pictures,
        1 if of.view == TOGETHER else 2,
    )
