"""Texts held against the data, whatever they are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import commentary, ingest, registry, scorecard, settings
from kpi_core.commentary import Place, Standing, Subject
from kpi_core.figures import Figures
from kpi_core.wording import Wording
from kpi_core.words import Said

PLACE = Place("qpr", "Roads, “& more”", "CALLS", "2024/25 Q2", "action", 3)

numbers = st.decimals(min_value=-(10**11), max_value=10**11, places=3, allow_nan=False)
subjects = st.builds(
    Subject,
    name=st.text(max_size=8),
    unit=st.sampled_from(["percent", "currency", "days", "number", "seconds"]),
    decimals=st.integers(0, 4),
    polarity=st.sampled_from(["higher", "lower", "range", "none"]),
    is_kpi=st.booleans(),
    value=st.none() | numbers,
    previous=st.none() | numbers,
    direction=st.sampled_from(["improving", "stable", "worsening", "not enough history"]),
    moved=st.sampled_from(["improving", "stable", "worsening", "not enough history"]),
    standings=st.lists(
        st.builds(
            Standing, st.sampled_from(["GREEN", "RED", "NO DATA"]), numbers, numbers, numbers
        ),
        max_size=2,
    ).map(tuple),
    figures=st.frozensets(numbers, max_size=3),
    limits=st.frozensets(numbers, max_size=2),
    wording=st.sampled_from(
        [
            Wording(),
            Wording(currency="€", decimal_mark=",", thousands_mark="."),
            Wording(currency=""),
        ]
    ),
)
#: What the checks look for, in any order, with anything between.
pieces = st.sampled_from(
    ["It ", "improved ", "from ", "to ", "71", "% ", "£", "1,234.5m ", "target of ", "floor. ",
     "is Green. ", "99999999999999999999% ", "0.00000000001% ", "trend ", "stood at ", "\n", "1.234,5"]
)  # fmt: skip
texts = st.text() | st.lists(pieces | st.text(max_size=4), max_size=12).map("".join)


@given(texts, subjects, st.lists(texts, max_size=2))
def test_any_text_can_be_asked_about(text: str, about: Subject, before: list[str]) -> None:
    for doubt in commentary.of_text(text, about, before):
        assert doubt.finding in commentary.KINDS
        assert doubt.message.endswith((".", "?"))


@given(texts, st.text(max_size=20), st.text(max_size=20))
def test_what_is_typed_is_what_is_taken_in(text: str, heading: str, author: str) -> None:
    said = commentary.tidy(text)
    received = ingest.read(commentary.FILE, commentary.file_of(PLACE, heading, text, author))
    if not said:
        assert received.problems
        return
    assert not received.problems
    row = received.rows.row(0, named=True)
    assert row["text"] == said
    assert {name: row[name] for name in PLACE.key} == PLACE.key


@pytest.mark.parametrize("report", ["qpr", "dashboard"])
def test_nearly_nothing_is_asked_about_what_kent_wrote(report: str, kent: Figures) -> None:
    """What its documents say agrees with their figures; the one question is about a part."""
    asked = [
        (finding, code)
        for at in registry.report_periods(kent, report)
        for finding, code in commentary.of_report(kent, report, at)
        .filter(pl.col("finding") != "no_action")
        .select("finding", "indicator")
        .iter_rows()
    ]
    assert asked == ([("number", "GL03")] if report == "qpr" else [])


@pytest.fixture(scope="module")
def exampleshire() -> Figures:
    store = settings.open_store("exampleshire")
    store.refresh()
    return store.figures()


def stated(figures: Figures) -> Iterator[tuple[str, Subject]]:
    """The texts of a quarter that begin with a percentage of their KPI."""
    at = figures.organisation.period("2025/26 Q3")
    known = commentary.subjects(figures, "qpr", at, scorecard.kpis(figures, "qpr", at))
    told = commentary.of_period(figures, "qpr", at, [Said.COMMENTARY])
    for code, text in told.select("indicator", "text").iter_rows():
        about = known.get(code)
        if about and about.is_kpi and about.unit == "percent" and about.value is not None:
            yield text, about


def test_a_wrong_figure_is_asked_about(exampleshire: Figures) -> None:
    checked = 0
    for text, about in stated(exampleshire):
        now = f"{about.value:.{about.decimals}f}%"
        wrong = f"{about.value + Decimal(40):.{about.decimals}f}%"  # type: ignore[operator]
        if now in text:
            checked += 1
            assert not commentary.of_text(text, about), text
            found = commentary.of_text(text.replace(now, wrong, 1), about)
            assert "number" in [doubt.finding for doubt in found], text
    assert checked > 5


def test_one_red_of_exampleshire_was_forgotten(exampleshire: Figures) -> None:
    organisation = exampleshire.organisation
    missing = [
        (str(at), code)
        for at in registry.report_periods(exampleshire, "qpr")
        if str(at) >= "2024/25 Q1"
        for code in commentary.of_report(exampleshire, "qpr", organisation.period(str(at)))
        .filter(pl.col("finding") == "no_action")["indicator"]
        .to_list()
    ]
    assert missing == [("2025/26 Q4", "GP03")]
