"""A preview says which printed rating no longer counts, and why."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from kpi_core.figures import Figures
from kpi_core.ingest import Received
from kpi_core.rehearsal import rehearse, said
from tests import councils, tables
from tests.conftest import ROOT, RunKpi
from tests.test_overlay import part
from tests.test_pages import open_page, shown

TODAY = date(2025, 12, 1)


def council(printed: str, *, value: str = "", target: str = "", floor: str = "") -> Figures:
    """A KPI of which document D of Q2 prints this: value, target, floor and rating."""
    aims = f"indicator | year | target | floor\nCALLS | 2024/25 | {target} | {floor}"
    return tables.figures(
        indicators="indicator | decimals\nCALLS | 1",
        placements="indicator | year | name\nCALLS | 2024/25 | Calls answered",
        observations="indicator | period | value"
        + (f"\nCALLS | 2024/25 Q2 | {value}" if value else ""),
        targets=aims if target else "indicator | year | target",
        documents="document | period\nD | 2024/25 Q2\nE | 2024/25 Q2",
        published="document | indicator | period | value | target | floor | rating\n"
        f"D | CALLS | 2024/25 Q2 | {printed}",
    )


def figure(value: str, status: str = "actual") -> Received:
    return part(
        "observations", f"indicator | period | value | status\nCALLS | 2024/25 Q2 | {value} | {status}"
    )  # fmt: skip


def aims(target: str, floor: str = "") -> Received:
    return part("targets", f"indicator | year | target | floor\nCALLS | 2024/25 | {target} | {floor}")  # fmt: skip


def sentences(before: Figures, *parts: Received) -> list[str]:
    """What the preview says of printed ratings."""
    told = said.sentences(rehearse(before, parts, TODAY))
    return [one for one in told if "no longer count" in one]


def test_another_figure_than_the_printed_one() -> None:
    before = council("80.4 | | | AMBER", target="82", value="80.4")
    assert sentences(before, figure("71")) == [
        (
            "Calls answered: document D printed Amber for 80.4% in Q2 2024/25. This upload gives 71.0%, "
            "so that rating no longer counts: the KPI becomes Undecided."
        )
    ]


def test_a_first_figure_that_is_not_the_printed_one() -> None:
    before = council("80.4 | | | GREEN", target="76", floor="72")
    assert sentences(before, figure("71")) == [
        (
            "Calls answered: document D printed Green for 80.4% in Q2 2024/25. This upload gives 71.0%, "
            "so that rating no longer counts: the KPI becomes Red."
        )
    ]


def test_the_figures_may_give_the_same_rating() -> None:
    before = council("80.4 | | | GREEN", target="76", floor="72")
    (told,) = sentences(before, figure("80.3"))
    assert told.endswith("so that rating no longer counts: the KPI stays Green.")


def test_a_printed_green_that_figures_gave_too() -> None:
    """Nothing stood as published: the Green was computed. But it must not seem to stand now."""
    before = council("80.4 | | | GREEN", target="76", value="80.4")
    assert sentences(before, figure("71")) == [
        (
            "Calls answered: document D printed Green for 80.4% in Q2 2024/25. This upload gives 71.0%, "
            "so that rating no longer counts: the KPI becomes Undecided."
        )
    ]


def test_another_target_than_the_printed_one() -> None:
    before = council("80.4 | 82 | | AMBER", target="82", value="80.4")
    assert sentences(before, aims("83.5")) == [
        (
            "Calls answered: document D printed Amber for a target of 82% in Q2 2024/25. This upload sets "
            "the target at 83.5%, so that rating no longer counts: the KPI becomes Undecided."
        )
    ]


def test_another_floor_than_the_printed_one() -> None:
    before = council(" | 82 | 75 | AMBER", target="82", floor="75")
    assert sentences(before, aims("82", "74")) == [
        (
            "Calls answered: document D printed Amber for a floor of 75% in Q2 2024/25. This upload sets "
            "the floor at 74%, so that rating no longer counts: the KPI becomes No data."
        )
    ]


def test_all_that_differs_is_named() -> None:
    before = council("80.4 | 82 | | AMBER", target="82", value="80.4")
    assert sentences(before, figure("71"), aims("83.5")) == [
        (
            "Calls answered: document D printed Amber for 80.4% and a target of 82% in Q2 2024/25. This "
            "upload gives 71.0% and sets the target at 83.5%, so that rating no longer counts: the KPI becomes "
            "Undecided."
        )
    ]


@pytest.mark.parametrize("brought", [figure("71"), aims("76")])
def test_a_green_that_misses_its_target(brought: Received) -> None:
    before = council(
        " | | | GREEN",
        target="76" if brought.table == "observations" else "",
        value="" if brought.table == "observations" else "71",
    )
    assert sentences(before, brought) == [
        (
            "Calls answered: document D printed Green in Q2 2024/25. With this upload 71.0% misses "
            "the target of 76%, so that rating no longer counts: the KPI becomes Undecided."
        )
    ]


def test_a_figure_of_which_it_is_said_that_there_is_none() -> None:
    before = council("80.4 | | | GREEN", target="76")
    assert sentences(before, figure("", "no_data")) == [
        (
            "Calls answered: document D printed Green in Q2 2024/25. This upload says that there is no "
            "figure, so that rating no longer counts: the KPI becomes No data."
        )
    ]


@pytest.mark.parametrize(
    ("before", "brought"),
    [
        # The very figure that was printed.
        (council("80.4 | | | AMBER", target="82"), figure("80.4")),
        # The document left the figure blank, the target, or the floor.
        (council(" | 82 | | AMBER", target="82"), figure("71")),
        (council("80.4 | | | AMBER", value="80.4"), aims("83")),
        (council("80.4 | 82 | | AMBER", value="80.4", target="82"), aims("82", "75")),
        # Figures decided before, and decide now.
        (council("80.4 | 82 | 75 | AMBER", value="80.4", target="82", floor="75"), figure("71")),
        # It did not count before, as another figure was saved already.
        (council("80.4 | | | AMBER", value="79", target="82"), figure("71")),
        (council("80.4 | | | GREEN", value="79", target="76"), figure("71")),
        # Another place of the report prints the same rating, and no figure.
        (council("80.4 | | | AMBER\nE | CALLS | 2024/25 Q2 | | | | AMBER", value="80.4", target="82"), figure("71")),
        # Nothing that was printed is touched.
        (
            council("80.4 | | | AMBER", value="80.4", target="82"),
            part("observations", "indicator | period | value\nCALLS | 2024/25 Q1 | 71"),
        ),
    ],
)  # fmt: skip
def test_no_word_where_no_printed_rating_is_lost(before: Figures, brought: Received) -> None:
    assert sentences(before, brought) == []


def test_many_are_counted() -> None:
    codes = [f"K{n}" for n in range(8)]
    before = tables.figures(
        indicators="\n".join(["indicator | decimals", *(f"{one} | 0" for one in codes)]),
        observations="\n".join(
            ["indicator | period | value", *(f"{one} | 2024/25 Q2 | 80" for one in codes)]
        ),
        targets="\n".join(
            ["indicator | year | target", *(f"{one} | 2024/25 | 82" for one in codes)]
        ),
        documents="document | period\nD | 2024/25 Q2",
        published="\n".join(
            [
                "document | indicator | period | value | rating",
                *(f"D | {one} | 2024/25 Q2 | 80 | AMBER" for one in codes),
            ]
        ),
    )
    brought = part(
        "observations",
        "\n".join(["indicator | period | value", *(f"{one} | 2024/25 Q2 | 71" for one in codes)]),
    )
    told = sentences(before, brought)
    assert len(told) == said.NAMED + 1
    assert told[-1] == "2 more printed ratings no longer count."


def test_a_late_figure_that_several_reports_show_is_told_once() -> None:
    before = tables.figures(
        indicators="indicator | arrears\nCALLS | 2",
        observations="indicator | period | value\nCALLS | 2024/25 Q1 | 80",
        targets="indicator | year | target\nCALLS | 2024/25 | 82",
        documents="document | period\nD | 2024/25 Q1",
        published="document | indicator | period | value | rating\nD | CALLS | 2024/25 Q1 | 80 | AMBER",
    )  # fmt: skip
    brought = part("observations", "indicator | period | value\nCALLS | 2024/25 Q1 | 71")
    assert len(sentences(before, brought)) == 1


# As people see it

PAGE = ROOT / "pages/manage/upload.py"
SENTENCE = (
    "Calls answered: document 003 printed Amber for 88% in Q4 2024/25. This upload gives 79%, so that "
    "rating no longer counts: the KPI becomes Undecided."
)
LAST = councils.QUARTERS[-1]
_NAMES = (f"superseded-{number}" for number in itertools.count())


@pytest.fixture
def testshire(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A Testshire whose floor for calls is not known, and whose document prints Amber for 88%."""
    name = next(_NAMES)
    rows = councils.tables()
    of_calls = {"indicator": "CALLS", "year": "2024/25", "target": "90", "status": "set"}
    rows["targets"] = [of_calls, *(one for one in rows["targets"] if one["indicator"] != "CALLS")]
    rows["observations"] = [
        {**one, "value": "88"} if (one["indicator"], one["period"]) == ("CALLS", LAST) else one
        for one in rows["observations"]
    ]
    rows["documents"] = [{"document": "003", "title": "Paper", "report": "qpr", "period": LAST}]
    rows["published"] = [
        {
            "document": "003", "indicator": "CALLS", "period": LAST, "basis": "period", "place": "1",
            "value": "88", "rating": "AMBER",
        }
    ]  # fmt: skip
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    councils.write_council(tmp_path / "data" / name, rows)
    return name


def test_the_upload_page_says_so(testshire: str) -> None:
    page = open_page(PAGE, organisation=testshire)
    file = councils.csv_bytes("observations", [councils.figure("CALLS", LAST, "79")])
    page.file_uploader[0].set_value(("late.csv", file, "text/csv"))
    text = shown(page.run()).text
    assert SENTENCE in text


def test_the_command_says_so(testshire: str, run_kpi: RunKpi, tmp_path: Path) -> None:
    file = tmp_path / "late.csv"
    file.write_bytes(councils.csv_bytes("observations", [councils.figure("CALLS", LAST, "79")]))
    told = run_kpi("load", file, "--dry-run", "--organisation", testshire)
    assert told.code == 0
    assert SENTENCE in told.out.splitlines()
