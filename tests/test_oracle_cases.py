"""The oracle by itself: what Kent's documents print, and small cases that can be told by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.councils import Row, figure, write_council
from tests.oracle.council import Council
from tests.oracle.exact_of import Part, quotient, shown, year_to_date
from tests.oracle.files import Folder
from tests.oracle.lasting import lasting
from tests.oracle.totals import summary


@pytest.fixture(scope="module")
def kent() -> Council:
    return Council(Folder(ROOT / "data/kent"))


def rows(council: Council, report: str, period: str) -> dict[str, dict[str, object]]:
    """What the oracle says of each KPI's period."""
    at = council.calendar.read(period)
    return {
        str(row["indicator"]): row for row in council.kpis(report, at) if row["basis"] == "period"
    }


def of(row: Mapping[str, object], *columns: str) -> tuple[object, ...]:
    return tuple(row[column] for column in columns)


def test_document_003_prints_the_figure_before(kent: Council) -> None:
    printed = rows(kent, "qpr", "2020/21 Q2")
    gases = of(printed["ET-GHG"], "value", "rating", "previous_value", "previous_period")
    assert gases == (28152, "GREEN", 29926, "2019/20 Q4")
    at_home = of(printed["AS-HOME91"], "value", "previous_value")
    assert at_home == (84, 88)


def test_document_003_rates_the_schools_by_the_target_beside_their_figure(kent: Council) -> None:
    schools = rows(kent, "qpr", "2020/21 Q2")["ES-SCHOOLS"]
    seen = of(
        schools,
        "period",
        "value",
        "target",
        "target_basis",
        "target_year",
        "rating",
        "rating_basis",
    )
    assert seen == ("2019/20 Q4", 91, 90, "printed", "2020/21", "GREEN", "computed")


@pytest.mark.parametrize(
    ("period", "expected"), [("2024/25 Q2", (16, 15, 8, 1)), ("2020/21 Q2", (21, 11, 3, 0))]
)
def test_the_summaries_are_those_printed(
    kent: Council, period: str, expected: tuple[int, ...]
) -> None:
    at = kent.calendar.read(period)
    total = summary(kent, "qpr", at, list(kent.kpis("qpr", at)))[-1]
    assert of(total, "green", "amber", "red", "no_data") == expected


def test_document_004_prints_52_ratings(kent: Council) -> None:
    at = kent.calendar.read("2025-03")
    printed = {
        (code, basis): line.rating
        for (code, basis), lines in kent.printed("dashboard").items()
        for line in lines
        if line.rating in {"GREEN", "AMBER", "RED"}
    }
    found = {(row["indicator"], row["basis"]): row["rating"] for row in kent.kpis("dashboard", at)}
    assert len(printed) == 52
    assert {key: found[key] for key in printed} == printed


# Small cases

YEARS = ("2023/24", "2024/25")
TARGETS = [
    {"indicator": "A", "year": "2023/24", "status": "set", "target": "80", "floor": "75"},
    {"indicator": "A", "year": "2024/25", "status": "set", "target": "90", "floor": "85"},
]


def small(
    folder: Path,
    figures: Mapping[str, str],
    *,
    arrears: str = "0",
    frequency: str = "quarter",
    published: tuple[Row, ...] = (),
    targets: list[Row] | None = None,
) -> Council:
    """A council of one KPI, higher being better: 80 is the target of 2023/24, 90 that of 2024/25."""
    write_council(folder, {
        "reports": [{"report": "qpr", "title": "Report", "frequency": "quarter"}],
        "sections": [{"report": "qpr", "section": "S", "year": year, "order": "1"} for year in YEARS],
        "indicators": [{
            "indicator": "A", "from": "2022/23", "name": "A", "kind": "kpi", "unit": "percent",
            "decimals": "0", "polarity": "higher", "frequency": frequency, "measure": "in_period",
            "ytd": "none", "arrears": arrears,
        }],
        "placements": [
            {"report": "qpr", "year": year, "indicator": "A", "section": "S", "order": "1",
             "name": "A", "frequency": frequency} for year in YEARS
        ],
        "targets": TARGETS if targets is None else targets,
        "observations": [
            figure("A", period, value) if value else figure("A", period, "", status="no_data")
            for period, value in figures.items()
        ],
        "documents": [{"document": "D", "report": "qpr", "period": "2024/25 Q1"}],
        "published": [{"document": "D", "place": "1", "indicator": "A", "basis": "period", **row} for row in published],
    })  # fmt: skip
    return Council(Folder(folder))


COLUMNS = (
    "period", "rating", "previous_value", "previous_rating", "previous_period",
    "reported_value", "reported_rating", "reported_period",
)  # fmt: skip


@pytest.mark.parametrize(
    ("figures", "more", "period", "expected"),
    [
        pytest.param(
            {"2023/24 Q3": "70", "2023/24 Q4": "78", "2024/25 Q1": "92"}, {"arrears": "1"}, "2024/25 Q2",
            ("2024/25 Q1", "GREEN", 78, "AMBER", "2023/24 Q4", 78, "AMBER", "2023/24 Q4"),
            id="one quarter late",
        ),
        pytest.param(
            {"2023/24 Q3": "70", "2023/24 Q4": "78"}, {"arrears": "2"}, "2024/25 Q2",
            ("2023/24 Q4", "AMBER", 70, "RED", "2023/24 Q3", 70, "RED", "2023/24 Q3"),
            id="two quarters late",
        ),
        pytest.param(  # today's figure came in time, so that of Q1 is taken to have come in time
            {"2023/24 Q4": "78", "2024/25 Q1": "92", "2024/25 Q2": "84"}, {"arrears": "1"}, "2024/25 Q2",
            ("2024/25 Q2", "RED", 92, "GREEN", "2024/25 Q1", 92, "GREEN", "2024/25 Q1"),
            id="a figure in time of a KPI that may come late",
        ),
        pytest.param(
            {"2022/23": "70", "2023/24": "82"}, {"frequency": "year"}, "2024/25 Q2",
            ("2023/24", "GREEN", 70, "RED", "2022/23", 82, "GREEN", "2023/24"),
            id="yearly in a quarterly report, no new figure",
        ),
        pytest.param(
            {"2024/25 Q1": "92"}, {"arrears": "0"}, "2024/25 Q2",
            ("2024/25 Q2", "NO DATA", 92, "GREEN", "2024/25 Q1", 92, "GREEN", "2024/25 Q1"),
            id="the new figure has not come",
        ),
        pytest.param(
            {"2023/24 Q3": "78", "2024/25 Q2": "92"}, {}, "2024/25 Q2",
            ("2024/25 Q2", "GREEN", 78, "AMBER", "2023/24 Q3", None, None, None),
            id="a gap, and nothing at all known of the quarter before",
        ),
        pytest.param(
            {"2023/24 Q4": "82", "2024/25 Q1": "82"}, {}, "2024/25 Q1",
            ("2024/25 Q1", "RED", 82, "GREEN", "2023/24 Q4", 82, "GREEN", "2023/24 Q4"),
            id="first quarter of a year with another target",
        ),
        pytest.param(
            {"2024/25 Q1": "", "2024/25 Q2": "92"}, {}, "2024/25 Q2",
            ("2024/25 Q2", "GREEN", None, "NO DATA", None, None, "NO DATA", None),
            id="the quarter before says no data",
        ),
        pytest.param(
            {"2024/25 Q1": "92", "2024/25 Q2": "92"},
            {"published": ({"period": "2024/25 Q1", "value": "84", "rating": "RED"},)}, "2024/25 Q2",
            ("2024/25 Q2", "GREEN", 92, "GREEN", "2024/25 Q1", 84, "RED", "2024/25 Q1"),
            id="restated since its document",
        ),
    ],
)  # fmt: skip
def test_what_came_before(
    tmp_path: Path,
    figures: dict[str, str],
    more: dict[str, object],
    period: str,
    expected: tuple[object, ...],
) -> None:
    council = small(tmp_path / "c", figures, **more)  # type: ignore[arg-type]
    assert of(rows(council, "qpr", period)["A"], *COLUMNS) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ({"value": "71", "rating": "RED"}, "RED"),
        ({"value": "80.4", "rating": "RED"}, "UNDECIDED"),  # another figure
        ({"value": "71.4", "rating": "RED"}, "RED"),  # shown as the same
        ({"rating": "RED"}, "RED"),  # left blank
        ({"target": "88", "rating": "RED"}, "UNDECIDED"),  # another target
        ({"value": "71", "target": "90", "rating": "AMBER"}, "AMBER"),
        ({"value": "71", "rating": "GREEN"}, "UNDECIDED"),  # it misses its target
        ({"value": "71", "rating": "NO DATA"}, "UNDECIDED"),
    ],
)
def test_a_printed_rating_stands_for_its_very_figure(
    tmp_path: Path, printed: dict[str, str], expected: str
) -> None:
    row = {"period": "2024/25 Q1", **printed}
    targets = [{"indicator": "A", "year": "2024/25", "status": "set", "target": "90"}]
    council = small(tmp_path / "c", {"2024/25 Q1": "71"}, published=(row,), targets=list(targets))
    assert rows(council, "qpr", "2024/25 Q1")["A"]["rating"] == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("92 70 70 70", ("RED", 3, False)),
        ("70 70 70 70", ("RED", 4, True)),
        ("70 - 70 70", ("RED", 2, True)),
        ("70 no 70 70", ("RED", 2, True)),
        ("70 70 70 92", ("GREEN", 1, False)),
    ],
)
def test_how_long_a_rating_has_lasted(
    tmp_path: Path, values: str, expected: tuple[object, ...]
) -> None:
    quarters = [f"2024/25 Q{number}" for number in (1, 2, 3, 4)]
    pairs = zip(quarters, values.split(), strict=True)
    figures = {of_: "" if value == "no" else value for of_, value in pairs if value != "-"}
    council = small(tmp_path / "c", figures)
    (row,) = lasting(council, "qpr", council.calendar.read("2024/25 Q4"))
    assert of(row, "rating", "lasts", "at_least") == expected


def test_counts_stay_exact() -> None:
    """Days, no decimals: 5/2 and 3/4 have the mean 8/6, shown as 1; rounded first it would be 2."""
    counts = [Part(None, Decimal(5), Decimal(2)), Part(None, Decimal(3), Decimal(4))]
    parts = [Part(quotient(part, "days"), part.numerator, part.denominator) for part in counts]
    assert shown(year_to_date("mean", "days", parts), 0) == 1
