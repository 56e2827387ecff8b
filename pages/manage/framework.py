"""The framework of a year: its KPIs and activity indicators, what changed, what to look at."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.manage import choices, framework_html
from pages.shared import asked, downloads, load, look, selection

chosen = selection.current()
texts = asked.also("year", "list")
council = load.figures(chosen.organisation, chosen.version).organisation
head = st.container()
which, what = st.columns([1, 2])
with which:
    year = choices.year(chosen, texts["year"], choices.of_period(chosen, council))
wanted = texts["list"] if texts["list"] in framework_html.SHOWN else framework_html.ALL
with what:
    asked.box("Show", "list", list(framework_html.SHOWN), wanted, framework_html.SHOWN.__getitem__)
with head:
    look.show(framework_html.head(chosen, str(year)))
look.show(framework_html.page(chosen, str(year), wanted))
view = load.framework(chosen.organisation, chosen.version, chosen.report, str(year))
downloads.table(
    framework_html.table(view), replace(chosen, period=str(year)), "framework",
    "Download this framework as CSV",
)  # fmt: skip
