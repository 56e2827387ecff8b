"""The fields of a proposal: a target and a floor to be moved, kept in the address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from kpi_core import rating
from kpi_core.rules import Rules
from kpi_core.views import Proposal
from kpi_core.words import Amber, Polarity
from pages.shared import asked, selection

#: What stands in the address for a limit that was taken away.
_NONE = "none"
#: As large and as fine as figures can be.
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_LARGEST = 999_999_999_999.0

_LABELS = {
    "target": "Target", "target_high": "Target, upper end",
    "floor": "Floor", "floor_high": "Floor, upper end",
}  # fmt: skip
#: Two ends: by polarity, which of the limits are the lower ends.
_LOWER_ENDS = {Polarity.RANGE: ("target", "floor"), Polarity.TARGET: ("floor",)}


def fields(kpi: Mapping[str, Any], rules: Rules) -> dict[str, str]:
    """The limits that a KPI can have, by name with their labels.

    A range has two ends; a target to be close to has one, its floor two. There is no floor where
    something else tells Amber from Red.
    """
    polarity = Polarity(kpi["polarity"])
    amber = rating.with_rules(pl.DataFrame({"indicator": [kpi["indicator"]]}), rules)[
        "amber"
    ].item()
    names = ["target", "floor"] if amber == Amber.FLOOR else ["target"]
    labels = {}
    for name in names:
        if name in _LOWER_ENDS.get(polarity, ()):
            labels[name] = f"{_LABELS[name]}, lower end"
            labels[f"{name}_high"] = _LABELS[f"{name}_high"]
        else:
            labels[name] = _LABELS[name]
    return labels


def draw(
    labels: Mapping[str, str],
    kpi: Mapping[str, Any],
    texts: Mapping[str, str],
    pinned: Mapping[str, str],
) -> Proposal:
    """Draw a field for each limit and the way back to the present ones; what they propose.

    A proposal belongs to one KPI and year, `pinned`: they go into the address with it, and numbers
    that the address has for another KPI or year are passed over.
    """
    if any(texts[name] != text for name, text in pinned.items()):
        texts = dict.fromkeys(labels, "")
    present = {name: kpi[name] for name in labels}
    values = {name: _asked(texts[name], kpi[name], labels[name]) for name in labels}
    places = _places(int(kpi["decimals"]), [*present.values(), *values.values()])
    columns = st.columns([*[2] * len(labels), 3], vertical_alignment="bottom")
    for column, (name, label) in zip(columns, labels.items(), strict=False):
        with column:
            _field(
                name, label, value=values[name], present=present[name], places=places, pinned=pinned
            )
    with columns[-1]:
        st.button(
            "Reset to the present target",
            on_click=_reset,
            args=(tuple(labels),),
            disabled=values == present,
        )
    return Proposal(**values)


def _asked(text: str, present: Decimal | None, label: str) -> Decimal | None:
    """The limit that the address asks for, or else the present one."""
    if text == _NONE:
        return None
    if not text:
        return present
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    selection.say(f"{label} “{text[:40]}” is no number: the present one is shown.")
    return present


def _places(decimals: int, limits: Sequence[Decimal | None]) -> int:
    """The decimals of the fields: the indicator's, or more where a limit has more."""
    exponents = [int(one.normalize().as_tuple().exponent) for one in limits if one is not None]
    return max(decimals, 0, *(-exponent for exponent in exponents)) if exponents else decimals


def _field(
    name: str,
    label: str,
    *,
    value: Decimal | None,
    present: Decimal | None,
    places: int,
    pinned: Mapping[str, str],
) -> None:
    key = f"{name}-chosen"
    number = None if value is None else float(value)
    if key not in st.session_state or st.session_state[key] != number:
        st.session_state[key] = number
    st.number_input(
        label,
        key=key,
        value=None,
        min_value=-_LARGEST,
        max_value=_LARGEST,
        step=_step(present if present is not None else value, places),
        format=f"%.{places}f",
        on_change=_ask,
        args=(name, key, present, places, pinned),
    )


def _step(limit: Decimal | None, places: int) -> float:
    """One in the last place; of large figures about a hundredth of them."""
    large = int(abs(limit).adjusted()) - 2 if limit else 0
    return float(Decimal(1).scaleb(max(large, -places)))


def _ask(
    name: str, key: str, present: Decimal | None, places: int, pinned: Mapping[str, str]
) -> None:
    number = st.session_state[key]
    value = None if number is None else Decimal(f"{number:.{places}f}")
    text = _NONE if value is None else f"{value:f}"
    asked.ask(name, "" if value == present else text)
    for other, wanted in pinned.items():
        asked.ask(other, wanted)


def _reset(names: Sequence[str]) -> None:
    for name in names:
        asked.ask(name, "")
