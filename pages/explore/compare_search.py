"""The search in plain words, what it finds, and comparisons to begin with."""

from __future__ import annotations

import streamlit as st

from kpi_core import catalogue
from kpi_core.views import compared
from pages.explore import loaded
from pages.explore.comparison import Comparison
from pages.shared import cards, load, look
from pages.shared.selection import Selection

#: What is found and listed at most.
_HITS = 8


def field(label: str) -> str:
    """The field to search with; what is typed stands in the address."""
    typed = st.text_input(
        label, key="find", bind="query-params", placeholder="potholes, complaints, call waiting …"
    )
    return typed.strip()


def found(selection: Selection, of: Comparison, find: str) -> str:
    """What plain words find, each with the link that adds it; or comparisons to begin with."""
    known = loaded.comparable(*selection.key)
    hits = catalogue.search(known, find) if find else known.clear()
    offered = [] if find else compared.ready(known)
    return look.render(
        "compare_search.html",
        load.head(*selection.key).wording,
        find=find,
        hits=[
            {
                **row,
                "kept": row["key"] in of.keys,
                "link": of.link(selection, (*of.keys, row["key"]), find),
            }
            for row in hits.head(_HITS).iter_rows(named=True)
        ],
        more=max(hits.height - _HITS, 0),
        full=len(of.keys) >= len(compared.LETTERS),
        ready=[
            {
                "title": one.title,
                "words": one.words,
                "link": Comparison(view=one.view, scale=one.scale).link(selection, one.keys),
            }
            for one in offered
        ],
        count=known.height,
    )


def indicators(selection: Selection, find: str) -> str:
    """The indicators that plain words find, each a link to its page."""
    hits = catalogue.search(loaded.findable(*selection.key), find)
    return look.render(
        "found_indicators.html",
        load.head(*selection.key).wording,
        find=find,
        hits=[
            {**row, "link": cards.link(selection, row["indicator"])}
            for row in hits.head(_HITS).iter_rows(named=True)
        ],
        more=max(hits.height - _HITS, 0),
    )
