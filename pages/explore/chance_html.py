"""Whether an indicator's figures are more than chance, as HTML: the XmR chart and its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from kpi_core import control, display, views
from kpi_core.charts import CARD, WIDE
from kpi_core.control import SHAPES
from kpi_core.spc import Assurance, Variation
from kpi_core.views import Control
from kpi_core.wording import Wording
from pages.explore import loaded
from pages.shared import load, look
from pages.shared.selection import Selection

SCREENED, PLAIN = "screened", "plain"
#: The two forms of the limits, by the code in the address.
FORMS = {SCREENED: "Screened: extreme steps left out", PLAIN: "Plain: every step counts"}

_MEANT = {
    Variation.IMPROVEMENT: "chance alone seldom brings that about, and it is for the better",
    Variation.CONCERN: "chance alone seldom brings that about, and it is for the worse",
    Variation.HIGHER: "chance alone seldom brings that about; it is higher than usual",
    Variation.LOWER: "chance alone seldom brings that about; it is lower than usual",
}
_KEPT = {
    Assurance.MET: "As long as nothing changes, nearly all figures will meet the target of {}.",
    Assurance.MISSED: "As long as nothing changes, nearly all figures will miss the target of {}.",
    Assurance.HIT_AND_MISS: (
        "The target of {} is within the reach of chance: until something changes, some figures "
        "will meet it and some will miss it."
    ),
}
_NOT_STABLE = "not stable, no assurance"
_MARKS = {
    Assurance.MET: "✓",
    Assurance.MISSED: "✕",
    Assurance.HIT_AND_MISS: "?",
    _NOT_STABLE: "–",
}


@dataclass(frozen=True)
class Limits:
    """How the limits are made: their form, where they begin anew by hand (parted by commas), up to where
    figures make them; periods by their codes, empty where nothing was chosen.
    """

    form: str = SCREENED
    rebase: str = ""
    baseline: str = ""


def _control(selection: Selection, code: str, of: Limits) -> Control:
    return loaded.control(
        *selection.key, code, screened=of.form == SCREENED, rebase=of.rebase, baseline=of.baseline
    )


def has_chart(selection: Selection, code: str) -> bool:
    """Whether there is a chart, so that its limits can be chosen."""
    return _control(selection, code, Limits()).remark is None


def bases(selection: Selection, code: str, asked: str) -> tuple[dict[str, str], dict[str, str]]:
    """Where the limits can begin anew, and up to where figures can make them; first, that they do not.

    They can begin anew more than once: where the address asks for that, it is one of the options.
    """
    anew, upto = views.bases(loaded.indicator(*selection.key, code))
    several = views.asked_periods(asked)
    if len(several) > 1 and several == [period for period in anew if period in several]:
        anew[asked] = display.listed([anew[period] for period in several])
    return (
        {"": "Only with a new definition", **{code: f"In {words}" for code, words in anew.items()}},
        {"": "All figures", **{code: f"Figures up to {words}" for code, words in upto.items()}},
    )


@st.cache_resource(max_entries=400, show_spinner="Drawing the chart …")
def section(selection: Selection, code: str, of: Limits) -> str:
    """The chart with its words and the table of its special causes, or the remark in its place."""
    found, page = _control(selection, code, of), load.head(*selection.key)
    if found.remark:
        return look.render("chance.html", page.wording, remark=found.remark)
    name = str(loaded.indicator(*selection.key, code).indicator["name"])
    target = found.assurance or (_NOT_STABLE if found.unstable else "")
    said = control.alternative(found.places, found.stretches, name, target, page.wording)
    said = " ".join([said, *_chosen(found)])
    latest = found.latest
    return look.render(
        "chance.html",
        page.wording,
        remark="",
        variation=latest["variation"],
        assurance=target,
        proposal=_proposal(selection, code, of, found),
        marks={**{str(key): shape for key, (_, shape) in SHAPES.items()}, **_MARKS},
        sentences=_sentences(found, page.wording),
        pictures=[
            look.drawn(control.picture(found.places, said, size, page.wording))
            for size in (WIDE, CARD)
        ],
        key=_key(found),
        stretches=found.stretches.to_dicts(),
        breaks=found.breaks,
        form=" ".join([_form(found), *_chosen(found)]),
    )


def _sentences(found: Control, wording: Wording) -> list[str]:
    row: dict[str, Any] = found.latest
    figure = display.figure(row["shown"], row["unit"], row["decimals"], wording)
    latest = f"The latest figure, {figure} in {row['words']},"
    if row["variation"] == Variation.COMMON:
        said = [f"{latest} differs from the others by no more than chance makes figures differ."]
    else:
        said = [f"{latest} is a special cause ({row['cause']}): {_MEANT[row['variation']]}."]
    aim = display.band(row["target"], row["target_high"], row["unit"], wording)
    by = f"y the limits proposed from {found.proposed_in}" if found.proposed else ""
    if found.assurance:
        kept = _KEPT[Assurance(found.assurance)].format(aim)
        said.append(f"B{by}: {kept[0].lower()}{kept[1:]}" if by else kept)
    elif found.unstable:
        begins = f"Even b{by} the process" if by else "The process"
        said.append(
            f"{begins} is not stable, so limits give no assurance about the target of {aim}: "
            f"{found.unstable}."
        )
    return said


def _proposal(selection: Selection, code: str, of: Limits, found: Control) -> dict[str, str] | None:
    """What is proposed in words, and the link that accepts it."""
    again = control.proposed(found.places, load.head(*selection.key).wording)
    if again is None:
        return None
    since, mean, lower, upper = again
    chosen = {"limits": of.form if of.form != SCREENED else ""}
    chosen["rebase"] = ",".join([*views.asked_periods(of.rebase), *found.proposed])
    more = {name: text for name, text in chosen.items() if text}
    return {
        "changed": found.proposed_in,
        "limits": f"From {since} on they would lie between {lower} and {upper}, about a mean of {mean}.",
        "link": selection.link("indicator", indicator=code, **more),
    }


def _key(found: Control) -> list[tuple[str, str]]:
    """The shapes that the chart shows, with their words."""
    shown = set(found.places["variation"].drop_nulls().cast(str).to_list())
    return [(shape, str(means)) for means, (_, shape) in SHAPES.items() if means in shown]


def _chosen(found: Control) -> list[str]:
    """What somebody chose about the limits, in words."""
    said = []
    if found.rebase:
        said.append(f"Limits begin anew in {found.rebase}, as chosen here.")
    if found.baseline:
        said.append(
            f"Figures up to {found.baseline} make the limits, and those after it are held against them, "
            "as chosen here."
        )
    return said


def _form(found: Control) -> str:
    """How the limits were made."""
    if not found.screened:
        return "Plain form: every step from one figure to the next makes the limits."
    count = found.left_out
    out = "none was" if not count else "1 was" if count == 1 else f"{count} were"
    return f"Screened form: extreme steps from one figure to the next are left out; {out} here."
