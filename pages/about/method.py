"""How everything is worked out: the council's own rules, then each rule with the cases of the tests."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from kpi_core import explained
from kpi_core.organisation import Organisation
from pages.shared import load, look, selection

DOCS = Path(__file__).resolve().parents[2] / "docs"
#: Not a rule with cases, but how often each rule is right: written by `make simulated`.
SIMULATED = "simulated"
ORDER = [
    "rating",
    "other-rules",
    "rounding",
    "own-period",
    "published",
    "direction",
    "other-measures",
    "spc",
    SIMULATED,
    "outlook",
    "which-figure",
    "previous",
    "year-to-date",
    "alerts",
    "counts",
    "framework",
    "risks",
    "quality",
    "files",
    "uploads",
    "editions",
    "commentary",
    "papers",
    "charts",
]

council = selection.council() or Organisation("", "")
chosen = selection.chosen()
look.show(
    look.render(
        "method.html",
        council.wording,
        council=council,
        settings=explained.settings(
            council, load.reports(chosen.organisation, chosen.version) if chosen else {}
        ),
        ratings=explained.ratings(council),
    )
)
for name in ORDER:
    folder = DOCS if name == SIMULATED else DOCS / "rules"
    text = (folder / f"{name}.md").read_text(encoding="utf-8")
    title, _, body = text.partition("\n")
    with st.expander(title.removeprefix("# "), key=f"rule-{name}"):
        st.markdown(body)
