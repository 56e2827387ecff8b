"""One indicator in depth: its whole past, its trend, its breakdowns, its definition."""

from __future__ import annotations

import streamlit as st

from kpi_core import views
from pages.explore import chance_html, compare_search, indicator_html, loaded, telling_html
from pages.shared import asked, downloads, load, look, selection

chosen = selection.current()
figures = load.figures(chosen.organisation, chosen.version)
known = views.all_indicators(figures, chosen.report, figures.organisation.period(chosen.period))
names = {row["indicator"]: f"{row['name']} ({row['indicator']})" for row in known.to_dicts()}
if not names:
    st.info("The report has no indicators in this period. Choose another period in the sidebar.")
    st.stop()
which, search = st.columns([3, 2])
with search:
    find = compare_search.field("Find one in plain words")
if find:
    look.show(compare_search.indicators(chosen, find))
wanted = st.query_params.get("indicator", "")
if wanted and wanted not in names:
    st.warning("There is no such indicator in this report. Shown instead is the one chosen below.")
# A link or the back button changes the address, a choice the box: whichever has moved, counts.
if wanted in names and wanted != st.session_state.get("indicator-shown"):
    st.session_state["indicator-chosen"] = wanted
with which:
    code = st.selectbox(
        "Indicator", list(names), format_func=names.__getitem__, key="indicator-chosen"
    ) or next(iter(names))
st.session_state["indicator-shown"] = code
st.query_params["indicator"] = code
load.findings(chosen.organisation, chosen.version)  # here, where its spinner has a place
texts = asked.also("window", "limits", "rebase", "baseline")
windows = indicator_html.windows(chosen, code)
window = selection.one_of("window", texts["window"], windows)
reach = int(window) if window else None
look.show(indicator_html.top(chosen, code, reach))
if len(windows) > 1:
    asked.box("Look back over", "window", list(windows), window, windows.__getitem__)
look.show(telling_html.section(chosen, code, reach))
form, rebase, baseline = chance_html.FORMS, *chance_html.bases(chosen, code, texts["rebase"])
limits = chance_html.Limits(
    selection.one_of("limits", texts["limits"], form),
    selection.one_of("rebase", texts["rebase"], rebase),
    selection.one_of("baseline", texts["baseline"], baseline),
)
if chance_html.has_chart(chosen, code):
    boxes = st.columns(3)
    with boxes[0]:
        asked.box("Limits", "limits", list(form), limits.form, form.__getitem__)
    with boxes[1]:
        asked.box("Begin anew", "rebase", list(rebase), limits.rebase, rebase.__getitem__)
    with boxes[2]:
        asked.box("Made from", "baseline", list(baseline), limits.baseline, baseline.__getitem__)
look.show(chance_html.section(chosen, code, limits) + indicator_html.rest(chosen, code))
view = loaded.indicator(*chosen.key, code)
downloads.table(indicator_html.table(view), chosen, code, "Download this history as CSV")
