"""Setting targets: last year's periods rated under a target and floor that anybody can move."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kpi_core import framework as frameworks
from kpi_core import views
from pages.manage import choices, proposals, targets_html
from pages.shared import asked, downloads, load, look, selection

_NAMES = ("target", "target_high", "floor", "floor_high")

chosen = selection.current()
texts = asked.also("year", "kpi", *_NAMES)
figures = load.figures(chosen.organisation, chosen.version)
head = st.container()
which, what = st.columns([1, 3])
with which:
    newest = load.years(chosen.organisation, chosen.version, chosen.report)[0]
    year = choices.year(chosen, texts["year"], newest, forget=_NAMES)
listed = load.framework(chosen.organisation, chosen.version, chosen.report, str(year)).rows
kpis = frameworks.kpis(listed)
names = {row["indicator"]: f"{row['name']} ({row['indicator']})" for row in kpis.to_dicts()}
with head:
    look.show(targets_html.head(chosen, str(year)))
if not names:
    look.show(look.render("nothing.html", text=targets_html.no_kpis(year)))
    st.stop()
code = texts["kpi"] if texts["kpi"] in names else next(iter(names))
if texts["kpi"] and texts["kpi"] != code:
    selection.say(f"{year} has no KPI “{texts['kpi'][:40]}”: the first one is shown.")
with what:
    asked.box("KPI", "kpi", list(names), code, names.__getitem__, forget=_NAMES)
row = kpis.filter(indicator=code).row(0, named=True)
fields = proposals.fields(row, figures.organisation.rules)
proposal = proposals.draw(fields, row, texts, {"kpi": code, "year": str(year)})
view = views.target_setting(
    figures, chosen.report, year, code,
    target=proposal.target, target_high=proposal.target_high,
    floor=proposal.floor, floor_high=proposal.floor_high, listed=listed,
)  # fmt: skip
look.show(targets_html.page(view, chosen))
if not view.refused:
    downloads.table(
        view.row, replace(chosen, period=str(year)), f"target-{code}",
        "Download this proposal as a row of targets.csv",
    )  # fmt: skip
