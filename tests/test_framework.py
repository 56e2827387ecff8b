"""The framework of a year: Kent's against its document line by line, and what changes in it."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import framework, views
from kpi_core.errors import UnknownName
from kpi_core.figures import Figures, tables_in_order
from kpi_core.organisation import Organisation
from kpi_core.periods import Period
from kpi_core.schemas import TABLES
from tests import tables
from tests.conftest import ROOT
from tests.random_council import Council, councils

YEAR = Period.parse("2024/25")

#: Every line of document 000 that names an indicator, read from its text, not from data/kent.
with (ROOT / "tests" / "framework_2024_25.csv").open(encoding="utf-8", newline="") as lines:
    PRINTED = list(csv.DictReader(lines))


def listed(figures: Figures, year: Period = YEAR) -> dict[str, dict[str, object]]:
    rows = framework.framework(figures, "qpr", year)
    return {str(row["indicator"]): row for row in rows.iter_rows(named=True)}


@pytest.fixture(scope="module")
def of_kent(kent: Figures) -> dict[str, dict[str, object]]:
    return listed(kent)


# Kent, 2024/25


@pytest.mark.parametrize("line", PRINTED, ids=lambda line: f"{line['lines']} {line['indicator']}")
def test_kent_lists_what_its_document_prints(
    line: dict[str, str], of_kent: dict[str, dict[str, object]]
) -> None:
    row = of_kent[line["indicator"]]
    for name in ("section", "kind", "lifecycle"):
        assert row[name] == line[name]
    for name in ("actual", "target", "floor", "previous_target", "previous_floor"):
        assert row[name] == (Decimal(line[name]) if line[name] else None), name
    assert (row["actual_period"] or "") == line["actual_period"]
    assert (row["status"] == "tbc") == (line["to_be_agreed"] == "yes")


def test_kent_lists_nothing_else(of_kent: dict[str, dict[str, object]]) -> None:
    assert set(of_kent) == {line["indicator"] for line in PRINTED}
    kinds = [row["kind"] for row in of_kent.values()]
    assert (kinds.count("kpi"), kinds.count("activity")) == (46, 51)


def test_sections_stand_in_the_order_of_the_document(
    of_kent: dict[str, dict[str, object]],
) -> None:
    def order(rows: list[dict[str, str]]) -> list[str]:
        return list(dict.fromkeys(str(row["section"]) for row in rows))

    assert order(list(of_kent.values())) == order(PRINTED)  # type: ignore[arg-type]


def test_a_target_set_after_the_document_is_still_to_be_agreed_in_it(
    kent: Figures, of_kent: dict[str, dict[str, object]]
) -> None:
    later = kent.targets.filter((pl.col("indicator") == "ES-FTER") & pl.col("target").is_not_null())
    assert later["target"].to_list() == [180]
    row = of_kent["ES-FTER"]
    assert (row["status"], row["target"], row["floor"]) == ("tbc", None, None)


def test_a_proposal_shows_that_it_is_one(of_kent: dict[str, dict[str, object]]) -> None:
    proposed = [code for code, row in of_kent.items() if row["status"] == "proposed"]
    assert proposed == ["PH-STIREC"]


def test_a_target_of_one_quarter_says_so(of_kent: dict[str, dict[str, object]]) -> None:
    of = {code: row["target_period"] for code, row in of_kent.items() if row["target_period"]}
    assert of == {"ET-GHG": "2024/25 Q3"}


def test_the_floor_of_the_annual_reviews_lies_on_the_wrong_side(kent: Figures) -> None:
    found = framework.checks(kent, "qpr", YEAR).filter(finding="floor_beyond_target")
    assert found.select("indicator", "message").rows() == [
        (
            "ES-EHCPREV",
            "The floor of 60% lies above the target of 50%, on its better side: higher is better.",
        )
    ]


def test_kents_targets_that_ask_for_less_than_last_year(kent: Figures) -> None:
    found = framework.checks(kent, "qpr", YEAR).filter(finding="easier_than_actual")
    easier = set()
    for line in PRINTED:
        if line["actual"] and line["target"] and line["indicator"] != "ES-EHCPREV":
            actual, target, floor = (Decimal(line[n]) for n in ("actual", "target", "floor"))
            if (actual > target) if target > floor else (actual < target):
                easier.add(line["indicator"])
    assert set(found["indicator"]) == easier
    assert len(easier) == 11


# Kent, other years and reports


def test_2020_21_has_the_kpis_of_its_report(kent: Figures) -> None:
    rows = listed(kent, Period.parse("2020/21"))
    kpis = {code: row for code, row in rows.items() if row["kind"] == "kpi"}
    printed = kent.published.filter(
        (pl.col("document") == "003") & pl.col("rating").is_not_null() & (pl.col("place") == 1)
    )
    assert set(printed["indicator"]) == set(kpis)
    assert [code for code, row in kpis.items() if row["lifecycle"] == "new"] == ["IC-FRONTDOOR"]
    assert (kpis["ES-SCHOOLS"]["actual"], kpis["ES-SCHOOLS"]["actual_basis"]) == (91, "computed")
    assert kpis["ET-GHG"]["actual_period"] == "2019/20 Q4"
    assert all(row["target"] is not None for row in kpis.values())
    assert (kpis["IC-CPP2"]["target"], kpis["IC-CPP2"]["target_high"]) == (
        Decimal("17.5"),
        Decimal("22.5"),
    )


def test_of_2023_24_only_what_was_removed_is_known_and_nothing_is_checked(kent: Figures) -> None:
    view = views.framework(kent, "qpr", Period.parse("2023/24"))
    removed = {line["indicator"] for line in PRINTED if line["lifecycle"] == "removed"}
    assert set(view.rows["indicator"]) == removed
    assert view.checks.is_empty()
    assert not view.is_whole
    assert "Of the framework of 2023/24 only what 2024/25 removed is known." in view.notes


def test_the_dashboard_has_a_framework_of_its_own(kent: Figures) -> None:
    kinds = framework.framework(kent, "dashboard", YEAR)["kind"].to_list()
    assert (kinds.count("kpi"), kinds.count("activity")) == (27, 23)


# A document is told apart by being cited


def council(**more: str) -> Figures:
    return tables.figures(**{
        "documents": "document | report | period | file\nLIST | qpr | 2024/25 | list.txt",
        "indicators": "indicator | name\nA | A\nB | B",
        "placements": """
            indicator | year    | source
            A         | 2024/25 | list.txt:1 a list
            B         | 2024/25 | report.txt:9 mentioned later
            """,
        "targets": """
            indicator | year    | status | target | source
            A         | 2024/25 | tbc    |        | list.txt:1 a list
            A         | 2024/25 | set    | 85     | report.txt:9 set later
            """,
        **more,
    })  # fmt: skip


def test_what_only_a_later_report_mentions_is_not_listed() -> None:
    rows = listed(council())
    assert list(rows) == ["A"]
    assert rows["A"]["status"] == "tbc"


def test_without_its_document_all_that_is_placed_is_listed() -> None:
    rows = listed(council(documents="document | period\nLIST | 2024/25 Q2"))
    assert list(rows) == ["A", "B"]
    assert (rows["A"]["status"], rows["A"]["target"]) == ("set", 85)


def test_a_document_that_nothing_cites_takes_nothing_away() -> None:
    documents = "document | report | period | file\nLIST | qpr | 2024/25 | other.txt"
    assert list(listed(council(documents=documents))) == ["A", "B"]


def test_the_actual_is_as_the_document_prints_it_even_when_restated() -> None:
    figures = council(
        observations="indicator | period | value\nA | 2023/24 Q4 | 71\nB | 2023/24 Q4 | 60",
        published="document | indicator | period | value\nLIST | A | 2023/24 Q4 | 70",
    )
    row = listed(figures)["A"]
    assert (row["actual"], row["actual_basis"]) == (70, "published")


# Two years held


def test_removed_ones_keep_their_place_and_show_what_they_were_held_to() -> None:
    figures = tables.figures(
        indicators="indicator | name\nA | A\nB | B\nC | C",
        placements="""
            indicator | year    | order | section
            A         | 2023/24 | 1     | Roads
            B         | 2023/24 | 2     | Roads
            C         | 2023/24 | 3     | Roads
            A         | 2024/25 | 1     | Roads
            C         | 2024/25 | 3     | Roads
            """,
        targets="indicator | year | target | floor\nB | 2023/24 | 85 | 80\nB | 2024/25 | 90 | 80",
        observations="indicator | period | value\nB | 2023/24 Q4 | 71",
    )
    rows = listed(figures)
    assert list(rows) == ["A", "B", "C"]
    gone = rows["B"]
    assert [gone[n] for n in framework.COLUMNS[4:]] == [
        71, "2023/24 Q4", None, None, 85, 80, "removed",
    ]  # fmt: skip
    assert gone["status"] is None


def test_another_section_is_a_move_but_another_name_of_it_is_none() -> None:
    figures = tables.figures(
        indicators="indicator | name\nA | A\nB | B\nC | C",
        placements="""
            indicator | year    | section
            A         | 2023/24 | Roads
            B         | 2023/24 | Libraries
            C         | 2023/24 | Waste
            A         | 2024/25 | Libraries
            B         | 2024/25 | Libraries
            C         | 2024/25 | Waste and Climate
            """,
    )
    moved = {code: row["lifecycle"] for code, row in listed(figures).items()}
    assert moved == {"A": "", "B": "", "C": ""}
    figures = tables.figures(
        indicators="indicator | name\nA | A\nB | B\nC | C",
        placements="""
            indicator | year    | section
            A         | 2023/24 | Roads
            B         | 2023/24 | Libraries
            C         | 2023/24 | Roads
            A         | 2024/25 | Libraries
            B         | 2024/25 | Libraries
            C         | 2024/25 | Roads
            """,
    )
    moved = {code: row["lifecycle"] for code, row in listed(figures).items()}
    assert moved == {"A": "moved", "B": "", "C": ""}


def test_what_parts_make_is_no_part_of_the_framework() -> None:
    figures = tables.figures(
        indicators="indicator | name | kind\nA | A | kpi\nT | T | table",
    )
    assert list(listed(figures)) == ["A"]


def test_a_year_to_come_is_a_framework_and_rates_nothing() -> None:
    to_come = Period.parse("2025/26")
    figures = tables.figures(
        indicators="indicator | name\nA | A",
        targets="""
            indicator | year    | status   | target | floor
            A         | 2024/25 | set      | 85     | 80
            A         | 2025/26 | proposed | 90     | 85
            """,
        observations="indicator | period | value\nA | 2024/25 Q4 | 87\nA | 2025/26 Q1 | 91",
    )
    row = listed(figures, to_come)["A"]
    assert (row["status"], row["target"], row["previous_target"]) == ("proposed", 90, 85)
    assert (row["lifecycle"], row["actual"]) == ("revised", 87)
    view = views.framework(figures, "qpr", to_come)
    assert "One target is proposed, and does not rate yet." in view.notes
    assert str(views.years(figures, "qpr")[0]) == "2025/26"


# Any two years, against a plain account of them

CODES = ("A", "B", "C")
SIDES = st.none() | st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["kpi", "activity"]),
        "section": st.sampled_from(["Roads", "Libraries"]),
        "target": st.sampled_from([None, 85, 90]),
        "floor": st.sampled_from([None, 75, 80]),
    }
)
Side = dict[str, Any] | None


def plainly(then: Side, now: Side, sections: set[str]) -> str:
    if then is None or now is None:
        return "new" if now else "removed"
    if then["kind"] != now["kind"]:
        return "moved"
    if then["section"] != now["section"] and then["section"] in sections:
        return "moved"
    pairs = [(then[n], now[n]) for n in ("target", "floor")] if now["kind"] == "kpi" else []
    known = [(a, b) for a, b in pairs if None not in (a, b)]
    return "revised" if any(a != b for a, b in known) else ""


@given(st.fixed_dictionaries({code: st.tuples(SIDES, SIDES) for code in CODES}))
def test_changes_equal_a_plain_account_of_two_years(years: dict[str, tuple[Side, Side]]) -> None:
    names = [
        "indicator | from | name | kind",
        "REST | 2020/21 | REST | activity",
        *(f"{code} | 2020/21 | {code} | kpi" for code in CODES),
    ]
    placed = ["indicator | year | section", "REST | 2023/24 | Rest", "REST | 2024/25 | Rest"]
    targets = ["indicator | year | status | target | floor"]
    for code, sides in years.items():
        for year, side in zip(("2023/24", "2024/25"), sides, strict=True):
            if side is None:
                continue
            names.append(f"{code} | {year} | {code} | {side['kind']}")
            placed.append(f"{code} | {year} | {side['section']}")
            if side["kind"] == "kpi":
                limits = " | ".join(str(side[n] or "") for n in ("target", "floor"))
                targets.append(f"{code} | {year} | {'set' if side['target'] else 'tbc'} | {limits}")
    figures = tables.figures(
        indicators="\n".join(names), placements="\n".join(placed), targets="\n".join(targets)
    )
    here = {side["section"] for _, side in years.values() if side}
    wanted = {code: plainly(then, now, here) for code, (then, now) in years.items() if then or now}
    found = {code: row["lifecycle"] for code, row in listed(figures).items() if code != "REST"}
    assert found == wanted


@given(councils())
def test_a_council_nobody_would_make_has_a_framework(council: Council) -> None:
    figures = Figures(
        Organisation("odd", "Odd"),
        *tables_in_order(
            {name: tables.table(name, [dict(r) for r in council.get(name, [])]) for name in TABLES}
        ),
    )
    for report in figures.placements["report"].unique().sort().to_list():
        for year in views.years(figures, report):
            view = views.framework(figures, report, year)
            of_year = figures.placements.filter(year=str(year), report=report)["indicator"]
            assert view.rows["indicator"].n_unique() == view.rows.height
            in_force = view.rows.filter(pl.col("lifecycle") != "removed")["indicator"]
            assert set(in_force) <= set(of_year)
            for code in framework.kpis(view.rows)["indicator"].to_list():
                target = views.target_setting(
                    figures, report, year, code,
                    target=Decimal(50), floor=None, listed=view.rows,
                )  # fmt: skip
                assert target.counts["was"].sum() == target.rehearsal.height


# Checks


def test_the_sentences_of_the_checks() -> None:
    figures = tables.figures(
        indicators="indicator | polarity | unit\nA | lower | days\nB | higher | percent",
        targets="""
            indicator | year    | target | floor
            A         | 2024/25 | 10     | 8
            B         | 2024/25 | 85     |
            """,
        observations="\n".join(
            ["indicator | period | value"]
            + [f"A | 2023/24 Q{n} | {9 - n}" for n in (1, 2, 3, 4)]
            + [f"B | 2023/24 Q{n} | 70" for n in (1, 2, 3, 4)]
        ),
    )
    assert framework.checks(figures, "qpr", YEAR)["message"].to_list() == [
        "The floor of 8 days lies below the target of 10 days, on its better side: lower is better.",
        "The target of 10 days is easier than last year's actual of 5 days (Q4 2023/24).",
        (
            "The target of 10 days was met by all 4 figures from Q1 2023/24 to Q4 2023/24, "
            "which lie between 5 days and 8 days."
        ),
        (
            "No floor is known: when the target of 85% is missed, "
            "Amber and Red cannot be told apart."
        ),
        (
            "The target of 85% was met by none of the 4 figures from Q1 2023/24 to Q4 2023/24, "
            "which are all 70%."
        ),
    ]


def test_figures_from_before_a_new_definition_say_nothing_about_its_target() -> None:
    definitions = "indicator | from | lifecycle\nA | 2020/21 |\nA | 2024/25 | {}"
    observed = "\n".join(
        ["indicator | period | value", *(f"A | 2023/24 Q{n} | 90" for n in (1, 2, 3, 4))]
    )
    targets = "indicator | year | target | floor\nA | 2024/25 | 85 | 80"
    found = [
        framework.checks(
            tables.figures(
                indicators=definitions.format(mark), observations=observed, targets=targets
            ),
            "qpr", YEAR,
        )["finding"].to_list()
        for mark in ("", "revised")
    ]  # fmt: skip
    assert found == [["easier_than_actual", "never_missed"], []]


# Rehearsal


def test_a_rehearsal_shows_what_was_rated_and_what_would_be(kent: Figures) -> None:
    rows = framework.rehearsal(kent, "CS07", Period.parse("2025/26"), Decimal(70), Decimal(66))
    assert rows.select("period", "value", "rating", "proposed_rating").rows() == [
        ("2024/25 Q1", 66, "RED", "AMBER"),
        ("2024/25 Q2", 71, "RED", "GREEN"),
        ("2024/25 Q3", 71, "RED", "GREEN"),
        ("2024/25 Q4", 70, "RED", "GREEN"),
    ]


def test_the_rehearsal_of_the_targets_that_were_set_changes_nothing(kent: Figures) -> None:
    kpis = framework.framework(kent, "qpr", YEAR).filter(
        (pl.col("status") == "set") & (pl.col("target_period") == "")
    )
    seen = 0
    for row in kpis.iter_rows(named=True):
        if row["indicator"] == "ES-EHCPREV":  # listed by its former definition
            continue
        rows = framework.rehearsal(
            kent, row["indicator"], Period.parse("2025/26"), row["target"], row["floor"]
        ).filter(pl.col("rating_basis") == "computed")
        assert rows["rating"].to_list() == rows["proposed_rating"].to_list(), row["indicator"]
        seen += rows.height
    assert seen > 30


def test_a_rehearsal_knows_its_kpis(kent: Figures) -> None:
    with pytest.raises(UnknownName, match=r'There is no KPI "CS7"\. Did you mean "CS07"'):
        framework.rehearsal(kent, "CS7", YEAR, None, None)


def test_figures_of_another_measure_are_not_rehearsed() -> None:
    figures = tables.figures(
        indicators="indicator | from | lifecycle\nA | 2020/21 |\nA | 2024/25 | revised",
        targets="indicator | year | target | floor\nA | 2023/24 | 85 | 80",
        observations="indicator | period | value\nA | 2023/24 Q4 | 90",
    )
    rows = framework.rehearsal(figures, "A", YEAR, Decimal(85), Decimal(80))
    assert rows.select("rating", "proposed_rating").rows() == [("GREEN", None)]


# What the pages show


def test_the_view_of_a_framework_counts_what_changed(kent: Figures) -> None:
    view = views.framework(kent, "qpr", YEAR)
    assert view.counts.to_dicts() == [
        {"kind": "kpi", "indicators": 41, "new": 7, "removed": 5, "moved": 1, "revised": 2},
        {"kind": "activity", "indicators": 50, "new": 3, "removed": 1, "moved": 0, "revised": 0},
    ]
    assert view.sections["section"].to_list()[:2] == ["Customer Services", "Governance and Law"]
    assert view.sections["directorate"].null_count() == 0
    assert "2 targets are still to be agreed." in view.notes


def test_the_view_of_a_target_counts_last_years_ratings_before_and_after(kent: Figures) -> None:
    view = views.target_setting(kent, "qpr", YEAR, "CS07", target=Decimal(50), floor=Decimal(40))
    assert view.indicator["target"] == 85
    assert {r["rating"]: (r["was"], r["would_be"]) for r in view.counts.to_dicts()} == {
        "NO DATA": (3, 3), "NOT RATED": (1, 0), "GREEN": (0, 1),
    }  # fmt: skip
    assert view.places["period"].to_list()[-1] == "2023/24 Q4"


def test_only_kpis_in_force_have_a_target_to_set(kent: Figures) -> None:
    codes = framework.kpis(framework.framework(kent, "qpr", YEAR))["indicator"].to_list()
    assert len(codes) == 41
    with pytest.raises(UnknownName):
        views.target_setting(kent, "qpr", YEAR, "CS13", target=None, floor=None)
