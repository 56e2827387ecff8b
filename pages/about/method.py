"""How everything is worked out: the rules, with the cases that the tests run."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.shared import look

RULES = Path(__file__).resolve().parents[2] / "docs" / "rules"
ORDER = [
    "rating",
    "rounding",
    "published",
    "direction",
    "which-figure",
    "year-to-date",
    "alerts",
    "counts",
    "quality",
]

look.show(look.render("method.html"))
for name in ORDER:
    text = (RULES / f"{name}.md").read_text(encoding="utf-8")
    title, _, body = text.partition("\n")
    with st.expander(title.removeprefix("# "), key=f"rule-{name}"):
        st.markdown(body)
