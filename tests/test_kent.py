"""Kent's real figures: what its committee was shown comes out of data/kent again."""

from __future__ import annotations

import csv
import importlib.util
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from kpi_core import reconcile, scorecard, summary
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.store import Store
from tests.conftest import ROOT

KENT = ROOT / "data" / "kent"
FILES = sorted(KENT.glob("*.csv"))
TABLES = [path for path in FILES if path.name != "omissions.csv"]

#: The tables of the executive summaries as the documents print them: green, amber, red, no data,
#: improving, stable, worsening.
Q2_2024 = {
    "Customer Services": (1, 1, 1, 0, 0, 3, 0),
    "Governance and Law": (0, 0, 2, 0, 0, 2, 0),
    "Growth, Economic Development & Communities": (1, 1, 0, 0, 0, 2, 0),
    "Environment and Transport": (5, 1, 0, 0, 2, 4, 0),
    "Children, Young People and Education (Education & Skills)": (3, 3, 1, 0, 4, 2, 1),
    "Children, Young People and Education (Integrated Children's Services)": (2, 2, 4, 0, 0, 4, 4),
    "Adult Social Care": (1, 5, 0, 0, 2, 4, 0),
    "Public Health": (3, 2, 0, 1, 3, 1, 1),
    "TOTAL": (16, 15, 8, 1, 11, 22, 6),
}
Q2_2020 = {
    "Customer Services": (2, 1, 0, 0, 0, 3, 0),
    "Economic Development & Communities": (2, 0, 0, 0, 0, 2, 0),
    "Environment and Transport": (4, 2, 0, 0, 1, 5, 0),
    "Children, Young People and Education": (7, 6, 1, 0, 3, 5, 6),
    "Adult Social Care": (3, 2, 0, 0, 0, 4, 1),
    "Public Health": (3, 0, 2, 0, 1, 3, 1),
    "TOTAL": (21, 11, 3, 0, 5, 22, 8),
}


def card_of(figures: Figures, report: str, period: str) -> pl.DataFrame:
    return scorecard.kpis(figures, report, Period.parse(period))


def counts_of(figures: Figures, period: str) -> dict[str, tuple[int, ...]]:
    card = card_of(figures, "qpr", period)
    table = summary.counts(card, figures, "qpr", Period.parse(period))
    return {
        section: tuple(counts)
        for section, *counts in table.select("section", *summary.MEASURES).iter_rows()
    }


#: Lost arrows that the counts above tell: of each section what is left once words are taken away.
BY_COUNTS = {
    "2020/21 Q2": {
        ("Customer Services", "stable"): 3,
        ("Economic Development & Communities", "stable"): 2,
        ("Environment and Transport", "stable"): 5,
    },
    "2024/25 Q2": {
        ("Customer Services", "stable"): 3,
        ("Governance and Law", "stable"): 2,
        ("Growth, Economic Development & Communities", "stable"): 2,
        ("Children, Young People and Education (Education & Skills)", "stable"): 2,
    },
}


@pytest.mark.parametrize("period", list(BY_COUNTS))
def test_printed_counts_tell_the_arrows_that_they_leave_no_choice_for(
    kent: Figures, period: str
) -> None:
    told = card_of(kent, "qpr", period).filter("direction_by_counts")
    assert set(told["direction_basis"]) == {"published"}
    found = Counter(told.select("section", pl.col("direction").cast(pl.String)).iter_rows())
    assert found == BY_COUNTS[period]


@pytest.fixture
def copy(tmp_path: Path) -> Store:
    """The store of a copy of data/kent, not yet built."""
    skip = shutil.ignore_patterns("__pycache__")
    return Store(shutil.copytree(KENT, tmp_path / "kent", ignore=skip), tmp_path / "var")


# What the committee was shown


@pytest.mark.parametrize(
    ("period", "kpis", "shown"), [("2024/25 Q2", 40, Q2_2024), ("2020/21 Q2", 35, Q2_2020)]
)
def test_the_executive_summary_section_by_section(
    kent: Figures, period: str, kpis: int, shown: dict[str, tuple[int, ...]]
) -> None:
    counts = counts_of(kent, period)
    assert list(counts.items()) == list(shown.items())
    assert card_of(kent, "qpr", period)["indicator"].n_unique() == kpis
    assert sum(counts["TOTAL"][:4]) == kpis


def test_the_quarter_before_is_known_as_far_as_it_is_printed(kent: Figures) -> None:
    at = Period.parse("2024/25 Q2")
    table = summary.counts(card_of(kent, "qpr", str(at)), kent, "qpr", at)
    total = table.filter(section="TOTAL").select(f"previous_{name}" for name in summary.MEASURES)
    assert total.row(0) == (17, 14, 8, 1, 11, 21, 7)


def test_the_monthly_dashboard_rates_the_month_and_the_year_to_date(kent: Figures) -> None:
    rated = card_of(kent, "dashboard", "2025-03").filter(
        pl.col("rating").cast(pl.String).is_in(["GREEN", "AMBER", "RED"])
    )
    counts = dict(rated.group_by("basis").len().iter_rows())
    assert counts == {"period": 27, "ytd": 25}
    assert set(rated["rating_basis"]) == {"computed"}


def test_the_eleven_alerts(kent: Figures) -> None:
    judged = scorecard.activities(kent, "dashboard", Period.parse("2025-03"))
    alerts = judged.filter(pl.col("alert").is_not_null()).select(
        "indicator", "basis", pl.col("alert").cast(pl.String)
    )
    assert alerts.rows() == [
        ("GL02b", "ytd", "Above"),
        ("GL03b", "ytd", "Above"),
        ("CS08", "ytd", "Yes"),
        ("CS12", "ytd", "Yes"),
        ("CS13", "ytd", "Yes"),
        ("CS14", "ytd", "Below"),
        ("HR12", "period", "Below"),
        ("HR13", "period", "Above"),
        ("HR16", "period", "Below"),
        ("HR21", "period", "Above"),
        ("HR23", "period", "Above"),
    ]


def test_no_printed_rating_is_contradicted(kent: Figures) -> None:
    table = reconcile.reconcile(kent)
    assert table.height == 127
    counts = dict(table["result"].value_counts().iter_rows())
    assert counts == {"agree": 105, "as_published": 21, "no_data": 1}
    agree = table.filter(result="agree")
    assert agree["computed"].to_list() == agree["published"].to_list()
    assert set(agree["reason"]) == {""}
    rest = table.filter(pl.col("result") != "agree")
    assert rest["computed"].is_null().all()
    assert set(rest["reason"]) == {"no floor printed", "no value printed", "no data"}


def ratings_of(figures: Figures) -> pl.DataFrame:
    shown = [("qpr", "2024/25 Q2"), ("qpr", "2020/21 Q2"), ("dashboard", "2025-03")]
    return pl.concat(
        card_of(figures, report, period).select(
            "report", "indicator", "period", "basis", "value", "rating", "rating_basis"
        )
        for report, period in shown
    )


def test_without_what_was_published_every_computed_rating_is_still_there(
    kent: Figures, copy: Store
) -> None:
    (copy.folder / "published.csv").unlink()
    copy.refresh()
    with_papers, without = ratings_of(kent), ratings_of(copy.figures())
    computed = with_papers.filter(rating_basis="computed")
    assert computed.height == 127 - 21
    joined = computed.join(without, on=computed.columns, how="semi", nulls_equal=True)
    assert joined.height == computed.height
    assert set(without["rating_basis"]) == {"computed"}
    undecided = without.join(computed, on=["report", "indicator", "basis", "period"], how="anti")
    assert set(undecided["rating"].cast(pl.String)) == {"NO DATA", "UNDECIDED"}


def test_one_figure_changes_its_rating_the_counts_and_the_sentence(copy: Store) -> None:
    def said(figures: Figures) -> tuple[str, str]:
        at = Period.parse("2024/25 Q2")
        row = card_of(figures, "qpr", str(at)).filter(indicator="CS07").row(0, named=True)
        return row["rating"], summary.sentence(row, at)

    copy.refresh()
    name = "% of complaints responded to within timescale"
    before = copy.figures()
    assert said(before) == (
        "RED",
        f"{name}: 71%, 14 points below target and 9 below the floor of 80%. Red, as last quarter.",
    )
    file = copy.folder / "observations.csv"
    text = file.read_text(encoding="utf-8")
    changed = text.replace("CS07,2024/25 Q2,period,,,71,", "CS07,2024/25 Q2,period,,,86,")
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    copy.refresh()
    after = copy.figures()
    assert said(after) == (
        "GREEN",
        f"{name}: 86%, 1 point above the target of 85%. Green; it was Red last quarter.",
    )
    counts = counts_of(after, "2024/25 Q2")
    assert counts["Customer Services"][:3] == (2, 1, 0)
    assert counts["TOTAL"][:3] == (17, 15, 7)
    others = {name for name in counts if name not in ("Customer Services", "TOTAL")}
    assert {name: counts[name] for name in others} == {name: Q2_2024[name] for name in others}
    contradicted = reconcile.reconcile(after).filter(result="contradicted")
    assert contradicted["indicator"].unique().to_list() == ["CS07"]


def test_the_store_is_built_once_and_then_stays_as_it_is(copy: Store) -> None:
    shares: list[float] = []
    copy.refresh(lambda share, _: shares.append(share))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    version, log = copy.version, copy.log()
    copy.refresh(lambda share, _: shares.append(share))
    assert (copy.version, copy.log(), shares[-1]) == (version, log, 1.0)
    assert [one.kind for one in log] == ["folder"]
    assert "omissions.csv" not in log[0].files


# Every row has its source


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_row_says_where_it_comes_from(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    column = {"documents": "file", "reports": "title"}.get(path.stem, "source")
    cited = {"documents": r"\S+\.txt", "reports": ".+"}.get(
        path.stem, r"\d{3}_\S+\.txt:\d[\d,-]*\b.*"
    )
    for number, row in enumerate(rows, start=2):
        for part in row[column].split(" | "):
            assert re.fullmatch(cited, part), f"{path.name} row {number}: {part!r}"


def test_every_source_is_a_document_of_the_folder(kent: Figures) -> None:
    files = set(kent.documents["file"])
    cited = {
        name
        for _, table in kent.tables()
        if "source" in table.columns
        for source in table["source"]
        for name in re.findall(r"\S+\.txt", source)
    }
    assert cited == files


# The check against the published texts (they are not in the repository)

Verify = Callable[[str], tuple[int, list[str]]]


@pytest.fixture
def verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Verify:
    """Runs the script on a folder with one figure, 1,234 on line 2 of a.txt, and on a text.

    Gives its exit code and the lines that it prints.
    """
    spec = importlib.util.spec_from_file_location("verify", KENT / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    (tmp_path / "texts").mkdir()
    observe(tmp_path, "1234", "a.txt:2 table")
    omit(tmp_path)
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["verify.py", str(tmp_path / "texts")])

    def run(text: str) -> tuple[int, list[str]]:
        (tmp_path / "texts" / "a.txt").write_text(text, encoding="utf-8")
        capsys.readouterr()
        code = script.main()
        return code, capsys.readouterr().out.split("\n")[:-1]

    return run


def observe(folder: Path, value: str, source: str, note: str = "") -> None:
    text = f"indicator,period,value,note,source\nX1,2024/25 Q1,{value},{note},{source}\n"
    (folder / "observations.csv").write_text(text, encoding="utf-8")


def omit(folder: Path, *rows: str) -> None:
    text = "\n".join(["file,lines,number,reason", *rows, ""])
    (folder / "omissions.csv").write_text(text, encoding="utf-8")


ALL_THERE = (0, ["0 missing, 0 wrong citations"])


def test_a_number_that_a_row_cites_is_accounted_for(verify: Verify) -> None:
    assert verify("Heading\n1,234 calls were answered") == ALL_THERE


def test_a_number_that_no_row_has_is_missing(verify: Verify) -> None:
    assert verify("Heading\n1,234 calls, 56 of them late") == (
        1, ["a.txt:2: 56 in ...1,234 calls, 56 of them late...", "1 missing, 0 wrong citations"],
    )  # fmt: skip


def test_a_number_on_another_line_than_the_one_cited_is_missing(verify: Verify) -> None:
    code, said = verify("1,234 calls\n1,234 calls")
    assert (code, said[-1]) == (1, "1 missing, 0 wrong citations")
    assert said[0].startswith("a.txt:1: 1,234 in ")


@pytest.mark.parametrize(
    "omission",
    [
        "a.txt,1,2024,a year",
        "a.txt,1,*,a heading",
        "a.txt,*,2024,a year",
        "*,*,/\\b20\\d\\d\\b/,a year",
        "a.txt,1-2,/20(?=24)|24/,a year",
    ],
)
def test_an_omission_accounts_for_a_number(verify: Verify, tmp_path: Path, omission: str) -> None:
    omit(tmp_path, omission)
    assert verify("Report 2024\n1,234 calls") == ALL_THERE


@pytest.mark.parametrize(
    "omission", ["a.txt,2,2024,a year", "b.txt,1,2024,a year", "a.txt,1,202,part of a number"]
)
def test_an_omission_of_something_else_does_not(
    verify: Verify, tmp_path: Path, omission: str
) -> None:
    omit(tmp_path, omission)
    assert verify("Report 2024\n1,234 calls")[1][-1] == "1 missing, 0 wrong citations"


@pytest.mark.parametrize("source", ["a.txt:1 table", "a.txt:9 table", "b.txt:2 table"])
def test_a_citation_must_lead_to_a_figure_of_its_row(
    verify: Verify, tmp_path: Path, source: str
) -> None:
    observe(tmp_path, "1234", f"a.txt:2 table | {source}")
    place = source.removesuffix(" table")
    assert verify("Heading\n1,234 calls") == (
        1,
        [
            f"observations.csv row 2: none of its figures stands at {place}",
            "0 missing, 1 wrong citations",
        ],
    )


@pytest.mark.parametrize(
    ("value", "text"), [("7", "Heading\nseven calls"), ("150", "Heading\n2 minutes 30 seconds")]
)
def test_a_figure_may_stand_in_words_or_in_minutes(
    verify: Verify, tmp_path: Path, value: str, text: str
) -> None:
    observe(tmp_path, value, "a.txt:2 table", note="2 minutes 30" if value == "150" else "")
    assert verify(text) == ALL_THERE


def test_without_texts_nothing_is_verified(
    verify: Verify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["verify.py", str(tmp_path / "elsewhere")])
    assert verify("Heading\n1,234 calls")[0] == 1
