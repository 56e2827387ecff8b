"""Data quality: what is wrong, or looks wrong, with the figures held."""

from __future__ import annotations

import streamlit as st

from kpi_core import quality
from kpi_core.wording import ALL
from pages.manage import quality_html
from pages.shared import downloads, load, look, selection


def choose(label: str, name: str, options: dict[str, str], known: dict[str, str]) -> str:
    """A choice that stands in the address by its code; unknown codes are told, not obeyed.

    `options` are offered, by code with what they are called; `known` may be asked for besides.
    """
    asked = st.query_params.get(name, ALL)
    if asked in known:
        options |= {asked: known[asked]}
    elif asked not in options:
        selection.say(f"There is no such {label.lower()} as is asked for: all are shown.")
        asked = ALL
    key, shown = f"quality-{name}", f"quality-{name}-shown"
    # A link or the back button changes the address, a choice the box: whichever has moved, counts.
    if asked != st.session_state.get(shown) or key not in st.session_state:
        st.session_state[key] = asked
    code = st.selectbox(label, list(options), format_func=options.__getitem__, key=key) or ALL
    st.session_state[shown] = code
    if code != ALL:
        st.query_params[name] = code
    elif name in st.query_params:
        del st.query_params[name]
    return code


chosen = selection.current()
found = load.findings(chosen.organisation, chosen.version)
look.show(quality_html.head(chosen))
if not found.findings.is_empty():
    here = found.findings
    named = {name: f"{name.capitalize()}s" for name in quality.SEVERITIES}
    left, right = st.columns([1, 3])
    with left:
        severities = {s: named[s] for s in quality.SEVERITIES if (here["severity"] == s).any()}
        severity = choose("Severity", "severity", {ALL: ALL, **severities}, named)
    with right:
        kinds = {k: said for k, said in quality.KINDS.items() if (here["finding"] == k).any()}
        kind = choose("Kind", "kind", {ALL: ALL, **kinds}, quality.KINDS)
    look.show(quality_html.listed(chosen, severity, kind))
    downloads.table(
        quality_html.table(chosen, severity, kind),
        chosen,
        "findings",
        "Download these findings as CSV",
    )
