"""A comparison as HTML, cached by the store's version, the selection and what is compared."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st
from markupsafe import Markup

from kpi_core import lines, scatter, svg
from kpi_core.charts import THEMED, WIDE, Size
from kpi_core.periods import Frequency
from kpi_core.report import mounted
from kpi_core.views import Pair, Together, compared, paired
from pages.explore import loaded
from pages.explore.comparison import AGAINST, BY_DIRECTORATE, INDEX, SIDE, TOGETHER, Comparison
from pages.shared import cards, downloads, load, look
from pages.shared.selection import Selection

_CACHED = 200
_NARROW = Size(400, 300)
_SQUARE, _LAGS = Size(460, 410, text=12.5), Size(460, 250, text=12.5)


def head(selection: Selection) -> str:
    """What stands above the search."""
    top = load.head(*selection.key)
    return look.render(
        "titled.html", top.wording, page=top, seen=selection.seen, title="Compare", who=""
    )


def _view(selection: Selection, of: Comparison) -> Together:
    return loaded.together(*selection.key, of.keys, first=of.first, last=of.last)


def _pair(selection: Selection, of: Comparison) -> Pair:
    return loaded.pair(*selection.key, of.keys, lag=int(of.shift), first=of.first, last=of.last)


def chosen(selection: Selection, of: Comparison, find: str) -> str:
    """What is compared: a letter each, and the links that take it out or put it first."""
    view = _view(selection, of)
    keys = list(of.keys)
    often = dict(view.points.select("key", "frequency").unique().iter_rows())
    return look.render(
        "compare_chosen.html",
        view.page.wording,
        rows=[
            {
                **row,
                "often": often.get(row["key"], ""),
                "page": cards.way_to(selection, row["indicator"], selection.period),
                "without": of.link(selection, [one for one in keys if one != row["key"]], find),
                "first": of.link(
                    selection, [row["key"], *(one for one in keys if one != row["key"])], find
                ),
                "dash": _sample(row["place"])
                if of.view == TOGETHER and row["place"] < lines.MOST
                else "",
            }
            for row in view.chosen.iter_rows(named=True)
        ],
        pair=of.view == AGAINST,
        lined=of.view == TOGETHER,
        nothing=Comparison().link(selection, ()),
    )


@st.cache_resource(show_spinner=False)
def _sample(place: int) -> Markup:
    """A short piece of a line, as it looks in the chart."""
    return look.drawn(
        svg.draw(lines.sample(place, THEMED), f"How line {place + 1} is drawn in the chart")
    )


@st.cache_resource(max_entries=_CACHED, show_spinner="Drawing the comparison …")
def pictures(selection: Selection, of: Comparison) -> str:
    """The pictures with their words."""
    view = _view(selection, of)
    shares = compared.indexed(view) if of.view == TOGETHER and of.scale == INDEX else None
    without = _without(view, shares) if shares is not None else []
    return look.render(
        "compare.html",
        view.page.wording,
        view=of.view,
        has_figures=view.has_figures,
        groups=_groups(view, of) if of.view == SIDE else [],
        drawn=[look.drawn(one) for one in _drawn(selection, of)] if view.has_figures else [],
        base=compared.start(shares) if shares is not None else "",
        without=without,
        left_out=max(view.chosen.height - lines.MOST, 0),
        against=_against(selection, of) if of.view == AGAINST else None,
        several=view.chosen.height > 1,
    )


def _groups(view: Together, of: Comparison) -> list[dict[str, Any]]:
    """The small charts, each on its own axis, all over the same stretch of time."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row, picture in zip(view.chosen.to_dicts(), _small(view), strict=True):
        name = (row["directorate"] or row["section"]) if of.order == BY_DIRECTORATE else ""
        drawn = look.drawn(picture) if picture else None
        groups.setdefault(name, []).append({**row, "picture": drawn})
    return [{"name": name, "cards": held} for name, held in groups.items()]


def _small(view: Together) -> list[str]:
    """The small chart of each series; empty for one without figures in this stretch."""
    pictures = []
    for row in view.chosen.to_dicts():
        own = view.points.filter(letter=row["letter"])
        known = own["y"].is_not_null().any()
        wording = view.page.wording
        pictures.append(
            lines.small(own, view.stretch, row["label"], unit=row["unit"], wording=wording)
            if known
            else ""
        )
    return pictures


@st.cache_resource(max_entries=_CACHED, show_spinner="Drawing the comparison …")
def _drawn(selection: Selection, of: Comparison) -> list[str]:
    """The large pictures: one chart for wide and for narrow windows, or the pairs and the shifts."""
    view = _view(selection, of)
    wording = view.page.wording
    if of.view == TOGETHER:
        is_index = of.scale == INDEX
        points = (compared.indexed(view) if is_index else view.points).filter(
            pl.col("place") < lines.MOST
        )
        if not points["y"].is_not_null().any():
            return []
        unit = lines.INDEX if is_index else view.unit or "number"
        return [
            lines.picture(points, view.stretch, view.names, size, unit=unit, wording=wording)
            for size in (WIDE, _NARROW)
        ]
    if of.view == AGAINST:
        found = _pair(selection, of)
        if found.remark:
            return []
        return [
            scatter.picture(
                found.pairs,
                found.units,
                (found.one, found.other),
                paired.told(found),
                _SQUARE,
                wording=wording,
            ),
            scatter.picture_of_lags(found.lags, paired.lags_told(found), _LAGS, wording),
        ]
    return []


def _without(view: Together, shares: pl.DataFrame) -> list[str]:
    """The letters of those that have figures but no share, though there is a common start."""
    has = shares.filter(pl.col("y").is_not_null())["letter"].unique().to_list()
    known = view.points.filter(pl.col("value").is_not_null())["letter"].unique(maintain_order=True)
    return [letter for letter in known if letter not in has] if has else []


def _against(selection: Selection, of: Comparison) -> dict[str, Any]:
    """What stands beside the pictures of pairs."""
    found = _pair(selection, of)
    return {
        "one": found.one,
        "other": found.other,
        "later": paired.later(found.lag, found.each),
        "words": [] if found.remark else paired.said(found),
        "note": found.note,
        "remark": found.remark,
        "best": "" if found.remark else paired.best(found),
        "each": found.each,
    }


def figures(selection: Selection, of: Comparison) -> str:
    """The figures as a table: periods in rows, the latest first, and a column for each series."""
    view = _view(selection, of)
    known = view.points.filter(pl.col("value").is_not_null())
    texts = {
        (words, letter): text
        for words, letter, text in known.select("words", "letter", "text").iter_rows()
    }
    months = pl.col("frequency").replace_strict({str(one): one.months for one in Frequency})
    rows = known.with_columns(months=months).unique(["end_month", "months"], maintain_order=True)
    letters = view.chosen["letter"].to_list()
    return look.render(
        "compare_table.html",
        view.page.wording,
        table={
            "columns": view.chosen.select("letter", "label").to_dicts(),
            "rows": [
                (words, [texts.get((words, letter), "") for letter in letters])
                for words in rows.sort("end_month", "months", descending=True)["words"]
            ],
        },
    )


def shifts(selection: Selection, of: Comparison) -> dict[str, str]:
    """What each shift is called, by its code in the address."""
    lags = _pair(selection, of).lags
    return {str(lag): words for lag, words in lags.select("lag", "words").iter_rows()}


def table(selection: Selection, of: Comparison) -> pl.DataFrame:
    """The figures as they are downloaded."""
    view = _view(selection, of)
    is_index = of.view == TOGETHER and of.scale == INDEX
    return compared.table(view, compared.indexed(view) if is_index else None)


def has_figures(selection: Selection, of: Comparison) -> bool:
    """Whether there is any figure in the stretch of time."""
    return _view(selection, of).has_figures


def has_picture(selection: Selection, of: Comparison) -> bool:
    """Whether there is anything drawn to take along."""
    return of.view == SIDE or bool(_drawn(selection, of))


def sheet(selection: Selection, of: Comparison) -> str:
    """The pictures of the page on one sheet, as SVG."""
    view = _view(selection, of)
    page = view.page
    names = [f"{letter}  {name}" for letter, name in view.names.items()]
    base, key = "", []
    if of.view == SIDE:
        small = zip(names, _small(view), strict=True)
        pictures = [(name, picture) for name, picture in small if picture]
    elif of.view == AGAINST:
        found = _pair(selection, of)
        titles = (paired.later(found.lag, found.each), "How closely they go together at each shift")
        pictures = list(zip(titles, _drawn(selection, of), strict=True))
        base = f"{' '.join(paired.said(found)[:2])} "
    else:
        samples = (svg.draw(lines.sample(place, THEMED), "") for place in range(lines.MOST))
        key = list(zip(samples, names, strict=False))
        pictures = [("", _drawn(selection, of)[0])]
        if of.scale == INDEX:
            base = f"100 is each one’s own figure of {compared.start(compared.indexed(view))}. "
    return mounted.svg(
        f"{page.organisation}: {view.stretch[0].words} to {view.stretch[-1].words}",
        base + downloads.caption(page, selection),
        pictures,
        1 if of.view == TOGETHER else 2,
        key,
    )
