"""Exampleshire, the made-up council: the same bytes every time, and everything on show in it."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from data.exampleshire.generator.__main__ import made
from kpi_core import quality, scorecard, settings
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.store import Store

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "exampleshire"
Q2 = Period.parse("2025/26 Q2")
YEARS = ["2020/21", "2021/22", "2022/23", "2023/24", "2024/25", "2025/26"]
Row = dict[str, str]
Key = tuple[str, str]

#: Where the README says that an error was planted: indicator and period.
PLANTED = {
    *(("CU15", f"2023/24 Q{number}") for number in (1, 2, 3, 4)), ("AD12", "2023/24 Q3"),
    ("EW13", "2024/25 Q3"), ("PH15", "2022/23 Q3"), ("LC14", "2021/22 Q3"), ("AD03", "2021/22 Q4"),
    ("PH13", "2023/24 Q2"), ("GP12", "2024/25 Q4"),
}  # fmt: skip


def table(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def observations() -> list[Row]:
    return table("observations")


@pytest.fixture(scope="module")
def definitions() -> dict[str, Row]:
    """The latest definition of each indicator."""
    return {row["indicator"]: row for row in table("indicators")}


@pytest.fixture(scope="module")
def wholes(observations: list[Row]) -> dict[Key, Row]:
    """The figures for the whole, by indicator and period."""
    return {
        (row["indicator"], row["period"]): row
        for row in observations
        if row["basis"] == "period" and not row["item"]
    }


@pytest.fixture(scope="module")
def figures(temporary_store: Path) -> Figures:
    """The figures as the product reads them."""
    store = settings.open_store("exampleshire")
    store.refresh()
    return store.figures()


def months_of(quarter: str) -> list[str]:
    period = Period.parse(quarter)
    first = Period(Frequency.MONTH, period.first_month)
    return [str(first.shift(step)) for step in range(3)]


def whole_number(text: str) -> bool:
    return Decimal(text) == int(Decimal(text))


# The generator


def generated(folder: Path) -> dict[str, bytes]:
    subprocess.run(
        [sys.executable, "-m", "data.exampleshire.generator", folder], cwd=ROOT, check=True
    )
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_generator_writes_the_same_bytes_every_time(tmp_path: Path) -> None:
    once, again = generated(tmp_path / "once"), generated(tmp_path / "again")
    assert once == again
    assert once == {name: (FOLDER / name).read_bytes() for name in once}
    assert {path.name for path in FOLDER.glob("*.csv")} < set(once)


def test_no_file_has_a_problem(tmp_path: Path) -> None:
    received = Store(FOLDER, tmp_path).check_folder()
    assert [problem for one in received for problem in one.problems] == []
    assert len(received) == 16


def test_the_files_stay_small(observations: list[Row]) -> None:
    assert len(observations) <= 16_000
    assert sum(path.stat().st_size for path in FOLDER.glob("*.csv")) < 2_500_000


# The council


def test_it_has_40_kpis_and_60_activity_indicators_in_8_directorates(figures: Figures) -> None:
    last = Period.parse("2025/26 Q4")
    assert scorecard.kpis(figures, "qpr", last).height == 40
    assert scorecard.activities(figures, "qpr", last).height == 60
    assert len({row["directorate"] for row in table("sections")}) == 8


def test_the_framework_of_next_year_has_as_many_and_only_proposed_targets(
    definitions: dict[str, Row],
) -> None:
    placed = [r for r in table("placements") if (r["report"], r["year"]) == ("qpr", "2026/27")]
    kinds = Counter(definitions[row["indicator"]]["kind"] for row in placed)
    assert kinds == {"kpi": 40, "activity": 60}
    proposed = [row for row in table("targets") if row["year"] == "2026/27"]
    assert {row["status"] for row in proposed} == {"proposed"}
    assert len({row["indicator"] for row in proposed}) >= 40


def test_the_dashboard_has_24_kpis_and_about_20_activity_indicators(figures: Figures) -> None:
    month = Period.parse("2026-03")
    rows = scorecard.kpis(figures, "dashboard", month)
    assert rows.filter(pl.col("basis") == "period").height == 24
    assert rows.filter(pl.col("basis") == "ytd").height > 15
    assert scorecard.activities(figures, "dashboard", month).height == 22


def test_six_years_are_complete(wholes: dict[Key, Row]) -> None:
    periods = {period for code, period in wholes if code == "CU11"}
    assert len([text for text in periods if " Q" in text]) == 24
    assert len([text for text in periods if "/" not in text]) == 72
    assert {"2020-04", "2026-03", "2025/26 Q4"} <= periods


def test_it_says_that_it_is_made_up(figures: Figures) -> None:
    assert figures.organisation.made_up
    for name in ("observations", "officers", "commentary", "risks"):
        assert {row["source"] for row in table(name)} == {"made up"}


# Every figure can be worked out again


def test_values_are_their_quotients(observations: list[Row], definitions: dict[str, Row]) -> None:
    wrong = set()
    for row in observations:
        if row["denominator"]:
            own = definitions[row["indicator"]]
            factor = 100 if own["unit"] == "percent" else 1
            exact = factor * Decimal(row["numerator"]) / Decimal(row["denominator"])
            places = Decimal(1).scaleb(-int(own["decimals"]))
            assert whole_number(row["numerator"])
            assert whole_number(row["denominator"])
            if exact.quantize(places, ROUND_HALF_UP) != Decimal(row["value"]):
                wrong.add((row["indicator"], row["period"]))
    assert wrong == {("PH13", "2023/24 Q2")}


def test_quarters_are_made_of_their_months(
    wholes: dict[Key, Row], definitions: dict[str, Row]
) -> None:
    wrong, seen = set(), 0
    for (code, period), row in wholes.items():
        own = definitions[code]
        if " Q" not in period or own["frequency"] != "month" or row["status"] == "no_data":
            continue
        months = [wholes[code, month] for month in months_of(period)]
        columns = ("numerator", "denominator") if row["denominator"] else ("value",)
        for column in columns:
            parts = [Decimal(month[column]) for month in months]
            total = sum(parts) if own["measure"] == "in_period" else parts[-1]
            seen += 1
            if total != Decimal(row[column]):
                wrong.add((code, period))
    assert seen > 1000
    assert wrong == {("AD12", "2023/24 Q3")}


def test_parts_make_the_whole(observations: list[Row], wholes: dict[Key, Row]) -> None:
    sums: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for row in observations:
        if row["item"]:
            column = "denominator" if row["denominator"] else "value"
            sums[row["indicator"], row["period"], row["breakdown"]].append(Decimal(row[column]))
            if row["denominator"]:
                sums[row["indicator"], row["period"], f"{row['breakdown']}/"].append(
                    Decimal(row["numerator"])
                )
    wrong = set()
    for (code, period, breakdown), parts in sums.items():
        whole = wholes[code, period]
        column = "denominator" if whole["denominator"] else "value"
        if sum(parts) != Decimal(whole["numerator" if breakdown.endswith("/") else column]):
            wrong.add((code, period))
    assert wrong == {("EW13", "2024/25 Q3")}


def test_counts_are_whole(observations: list[Row], definitions: dict[str, Row]) -> None:
    wrong = {
        (row["indicator"], row["period"])
        for row in observations
        if row["value"] and definitions[row["indicator"]]["decimals"] == "0"
        if not whole_number(row["value"])
    }
    assert wrong == {("PH15", "2022/23 Q3")}


def test_no_other_figures_rise_or_stay_in_even_steps(observations: list[Row]) -> None:
    series: dict[tuple[str, str, str, str], list[tuple[str, Decimal]]] = defaultdict(list)
    for row in observations:
        if row["value"] and row["basis"] == "period":
            kind = "month" if "/" not in row["period"] else "quarter"
            name = (row["indicator"], row["breakdown"], row["item"], kind)
            series[name].append((row["period"], Decimal(row["value"])))
    runs = set()
    for name, points in series.items():
        for at in range(len(points) - 3):
            values = [value for _, value in points[at : at + 4]]
            if len({after - before for before, after in pairwise(values)}) == 1:
                runs.add((name[0], points[at][0]))
    assert runs == {("CU15", "2023/24 Q1")}


def test_floors_lie_beyond_their_targets(definitions: dict[str, Row]) -> None:
    wrong = set()
    for row in table("targets"):
        sign = {"higher": 1, "lower": -1}.get(definitions[row["indicator"]]["polarity"], 0)
        if row["floor"] and sign * (Decimal(row["target"]) - Decimal(row["floor"])) < 0:
            wrong.add((row["indicator"], row["year"]))
    assert wrong == {("CH03", "2026/27")}


# The planted errors


def test_the_readme_lists_each_planted_error() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    _, planted = made()
    assert {(one.indicator, one.period) for one in planted} - {("CH03", "2026/27")} < PLANTED
    for one in planted:
        place = (one.indicator, one.period, one.planted, one.right)
        assert any(all(word in row for word in place) for row in rows), place
    assert any("QPR-2025-Q1" in row and "AD02" in row for row in rows)


#: What the finder of faults calls each planted error, by the words that the README has for it.
FINDINGS = {
    "four numbers in a row": "drag_fill",
    "a quarter that its months do not make": "months_and_quarter",
    "parts that do not make the total": "parts_and_total",
    "a count with decimals": "count_with_decimals",
    "a floor on the wrong side": "floor_beyond_target",
    "a value ten times too large": "scale",
    "a fraction for a percentage": "fraction",
    "numerator and denominator that do not give the value": "quotient",
    "a period copied unchanged": "copied",
    "one published figure with two values": "two_values",
}


def listed_errors() -> list[tuple[str, str, str]]:
    """The README's table of planted errors: finding, indicator, period (the last of several)."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    lines = text.partition("## Planted errors")[2].splitlines()
    cells = [line.strip("|").split("|") for line in lines if line.startswith("|")][2:]
    rows = []
    for what, _, indicator, period, *_ in cells:
        (finding,) = {name for start, name in FINDINGS.items() if what.strip().startswith(start)}
        code, last = indicator.partition(",")[0], period.rpartition(",")[2]
        rows.append((finding, code.strip(), last.strip()))
    return rows


def test_exactly_the_planted_errors_are_found(figures: Figures) -> None:
    found = quality.findings(figures)
    listed = listed_errors()
    assert len(listed) == 10
    assert sorted(found.select("finding", "indicator", "period").rows()) == sorted(listed)
    assert set(found["severity"]) == {"error"}


def test_a_value_is_ten_times_too_large(wholes: dict[Key, Row]) -> None:
    usual = Decimal(wholes["LC14", "2021/22 Q2"]["value"])
    assert 8 < Decimal(wholes["LC14", "2021/22 Q3"]["value"]) / usual < 13


def test_a_percentage_is_given_as_a_fraction(wholes: dict[Key, Row]) -> None:
    row = wholes["AD03", "2021/22 Q4"]
    assert Decimal(row["value"]) < 1
    assert row["numerator"] == row["denominator"] == ""


def test_a_period_is_copied_in_all_districts(observations: list[Row]) -> None:
    copied = [
        [r["value"] for r in observations if (r["indicator"], r["period"]) == ("GP12", period)]
        for period in ("2024/25 Q3", "2024/25 Q4")
    ]
    assert copied[0] == copied[1]
    assert len(copied[0]) == 13


def test_a_document_gives_one_figure_two_values() -> None:
    twice = defaultdict(set)
    for row in table("published"):
        if row["value"]:
            twice[row["document"], row["indicator"], row["period"], row["basis"]].add(row["value"])
    assert [key[:2] for key, values in twice.items() if len(values) > 1] == [
        ("QPR-2025-Q1", "AD02")
    ]


# What is on show


def numbers(wholes: dict[Key, Row], code: str, periods: Iterable[str]) -> list[Decimal]:
    return [Decimal(wholes[code, period]["value"]) for period in periods]


def quarters() -> Iterator[str]:
    return (f"{year} Q{number}" for year in YEARS for number in (1, 2, 3, 4))


def test_seasons(wholes: dict[Key, Row]) -> None:
    for year in YEARS[1:]:
        summer, winter = numbers(wholes, "EW12", [f"{year} Q2", f"{year} Q4"])
        assert summer > winter * Decimal("1.2")


def test_a_shock_in_spring_2020_and_recovery(wholes: dict[Key, Row]) -> None:
    first, *_, later = numbers(wholes, "LC11", ["2020-04", "2021-04", "2022-04"])
    assert first < later / 20
    assert numbers(wholes, "LC02", ["2020-04"])[0] < 40
    assert numbers(wholes, "LC02", ["2021-04"])[0] > 90


def test_every_way_of_counting_time(definitions: dict[str, Row]) -> None:
    rows = list(definitions.values())
    assert {row["measure"] for row in rows} == {
        "in_period", "rolling_12m", "year_to_date", "snapshot"
    }  # fmt: skip
    assert {row["arrears"] for row in rows} == {"0", "1", "2"}
    assert {row["frequency"] for row in rows} == {"month", "quarter", "year"}
    assert {row["ytd"] for row in rows} == {
        "sum", "ratio", "mean", "latest", "published", "none"
    }  # fmt: skip
    assert {row["polarity"] for row in rows} == {"higher", "lower", "range", "target", "none"}
    assert {row["unit"] for row in rows} >= {
        "percent", "number", "currency", "days", "rate", "tonnes", "seconds"
    }  # fmt: skip


def test_means_with_and_without_denominators(
    wholes: dict[Key, Row], definitions: dict[str, Row]
) -> None:
    of_means = [
        bool(row["denominator"])
        for (code, _), row in wholes.items()
        if definitions[code]["ytd"] == "mean"
    ]
    assert {True, False} == set(of_means)


def test_twelve_months_rolling_are_the_sums_of_what_was_counted(wholes: dict[Key, Row]) -> None:
    ends = [Decimal(wholes["EW03", quarter]["value"]) for quarter in list(quarters())[:-1]]
    assert len(ends) == 23
    assert ends[0] > ends[-1] * Decimal("1.3")
    assert all(abs(after - before) < 1500 for before, after in pairwise(ends))


def test_since_april_starts_anew_each_year(wholes: dict[Key, Row]) -> None:
    for year in YEARS[1:]:
        planted = numbers(wholes, "EW04", [f"{year} Q{number}" for number in (1, 2, 3, 4)])
        assert planted == sorted(planted)
        assert planted[0] < planted[3] / 10


def test_late_figures_are_not_there_yet(wholes: dict[Key, Row]) -> None:
    assert ("AD03", "2025/26 Q3") in wholes
    assert ("AD03", "2025/26 Q4") not in wholes
    assert ("ES02", "2025/26 Q2") in wholes
    assert ("ES02", "2025/26 Q3") not in wholes


def test_targets_of_every_kind(definitions: dict[str, Row]) -> None:
    rows = table("targets")
    now = [row for row in rows if row["year"] == "2025/26"]
    assert {row["indicator"] for row in now if row["status"] == "tbc"} == {"LC01"}
    by_quarter = Counter(row["indicator"] for row in now if row["period"])
    assert by_quarter == {"EW03": 4, "EW04": 4}
    assert [row["indicator"] for row in now if row["target_high"]] == ["CO04"]
    kpis = {row["indicator"] for row in now if definitions[row["indicator"]]["kind"] == "kpi"}
    without_floor = {r["indicator"] for r in now if r["status"] == "set" and not r["floor"]}
    assert without_floor & kpis == {"EW01", "CO06", "HT04", "AD05"}
    assert definitions["AD05"]["polarity"] == "target"


def test_new_removed_revised_and_moved_indicators() -> None:
    rows = table("indicators")
    lives = Counter(row["lifecycle"] for row in rows)
    assert lives["new"] >= 3
    assert lives["removed"] >= 5
    assert [(r["indicator"], r["from"]) for r in rows if r["lifecycle"] == "revised"] == [
        ("ES05", "2025/26")
    ]
    assert [(r["kind"], r["from"], r["lifecycle"]) for r in rows if r["indicator"] == "PH01"] == [
        ("activity", "2020/21", ""), ("kpi", "2023/24", "moved"),
    ]  # fmt: skip
    placed = {(r["indicator"], r["year"]) for r in table("placements")}
    assert {("CU05", "2022/23"), ("CH04", "2022/23")} <= placed
    assert not {("CU05", "2023/24"), ("CH04", "2021/22")} & placed


def test_a_definition_breaks_its_series(figures: Figures) -> None:
    row = scorecard.kpis(figures, "qpr", Q2).filter(pl.col("indicator") == "ES05")
    assert (row["direction"].item(), row["n"].item()) == ("not enough history", 2)


def test_provisional_figures_have_a_note(observations: list[Row]) -> None:
    provisional = [row for row in observations if row["status"] == "provisional"]
    assert {row["indicator"] for row in provisional} >= {"EW01", "HT13", "EW11"}
    assert all(row["note"].startswith("Provisional") for row in provisional)


def test_some_figures_were_restated(wholes: dict[Key, Row]) -> None:
    """What a document printed is still the figure held, but for those restated and the drafts."""
    differ = set()
    for row in table("published"):
        held = wholes.get((row["indicator"], row["period"]))
        printed = row["value"] if row["basis"] == "period" else ""
        if printed and held and Decimal(printed) != Decimal(held["value"]):
            differ.add((row["indicator"], row["period"]))
    assert differ == {
        ("CU03", "2025/26 Q1"), ("CO06", "2024/25 Q1"), ("HT15", "2024/25 Q2"),
        ("PH02", "2024/25 Q3"), ("GP02", "2024/25 Q4"), ("HT13", "2024/25 Q2"),
        ("AD02", "2025/26 Q1"),
    }  # fmt: skip
    for key in differ - {("AD02", "2025/26 Q1")}:
        assert wholes[key]["note"].startswith("Revised in Q")


def test_some_figures_are_missing(wholes: dict[Key, Row]) -> None:
    none = {key for key, row in wholes.items() if row["status"] == "no_data"}
    assert ("GP01", "2025/26 Q2") in none
    assert ("CO05", "2021-11") in none
    assert all(wholes[key]["note"] for key in none)
    for code, quarter in (("CH15", "2020/21 Q2"), ("ES12", "2021/22 Q3"), ("CO06", "2023/24 Q2")):
        assert (code, quarter) not in wholes


def test_benchmarks_of_england_and_six_neighbours(definitions: dict[str, Row]) -> None:
    rows = table("benchmarks")
    assert len({row["area"] for row in rows}) == 7
    assert len({row["indicator"] for row in rows}) >= 15
    assert any(" Q" in row["period"] for row in rows)
    assert any(" Q" not in row["period"] for row in rows)


def test_breakdowns(observations: list[Row]) -> None:
    found = defaultdict(set)
    items = defaultdict(set)
    for row in observations:
        if row["item"]:
            found[row["breakdown"]].add(row["indicator"])
            items[row["breakdown"]].add(row["item"])
    assert len(items["district"]) == 12
    assert len(found["district"]) >= 8
    assert found["service"] == {"CU04", "CU11", "CU13"}
    assert found["age"] == found["status"] == {"CH11"}
    assert found["severity"] == {"HT13"}


def test_histories_differ_in_length(wholes: dict[Key, Row]) -> None:
    lengths = Counter(code for code, period in wholes if " Q" in period)
    assert lengths["LC01"] == 8
    assert 8 < lengths["PH16"] < lengths["CH11"] == 24


# What the product says of it


def test_all_ratings_and_directions_are_there(figures: Figures) -> None:
    card = scorecard.kpis(figures, "qpr", Q2)
    ratings = Counter(card["rating"].cast(pl.String))
    assert set(ratings) == {"GREEN", "AMBER", "RED", "NO DATA", "NOT RATED", "UNDECIDED"}
    assert 19 <= ratings["GREEN"] <= 24
    assert 7 <= ratings["AMBER"] <= 12
    assert 4 <= ratings["RED"] <= 8
    directions = Counter(card["direction"].cast(pl.String))
    assert set(directions) == {"improving", "stable", "worsening", "not enough history"}
    assert min(directions["improving"], directions["stable"], directions["worsening"]) >= 6
    red = card.filter(pl.col("rating") == "RED")
    assert red["section"].n_unique() >= 4


def test_ratings_vary_from_quarter_to_quarter(figures: Figures) -> None:
    seen = defaultdict(set)
    for quarter in list(quarters())[-8:]:
        card = scorecard.kpis(figures, "qpr", Period.parse(quarter))
        for code, rating in card.select("indicator", pl.col("rating").cast(pl.String)).iter_rows():
            seen[code].add(rating)
    assert sum(len(ratings) > 1 for ratings in seen.values()) >= 12


def test_all_alerts_are_there(figures: Figures) -> None:
    rows = scorecard.activities(figures, "qpr", Q2).filter(pl.col("alert").is_not_null())
    assert set(rows["alert"].cast(pl.String)) == {"Yes", "Above", "Below"}
    assert set(rows["basis"]) == {"period", "ytd"}
    assert 40 <= rows.height <= 59


def test_eight_quarters_were_published() -> None:
    documents = [row for row in table("documents") if row["document"].startswith("QPR")]
    assert [row["period"] for row in documents] == list(quarters())[-8:]
    for name, least in (("published", 90), ("published_counts", 77)):
        rows = Counter(row["document"] for row in table(name))
        assert all(rows[document["document"]] >= least for document in documents)


def test_published_counts_are_those_of_the_published_ratings() -> None:
    kpis = {row["indicator"] for row in table("targets")} | {"LC01"}
    for measure, word in (("green", "GREEN"), ("amber", "AMBER"), ("red", "RED")):
        counted = {
            row["document"]: int(row["count"])
            for row in table("published_counts")
            if (row["section"], row["measure"]) == ("TOTAL", measure)
        }
        printed = Counter(
            row["document"]
            for row in table("published")
            if row["indicator"] in kpis and row["rating"] == word and row["place"] == "1"
        )
        assert counted == dict(printed)
