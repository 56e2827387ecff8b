"""What an indicator's page says beyond its figures, for small councils worked out by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kpi_core import settings as places
from kpi_core.figures import Figures
from tests.councils import Row, figure, tables, write_council
from tests.html import Shown
from tests.test_pages import FILES, open_page, shown

_NAMES = (f"depth-{number}" for number in itertools.count())
Open = Callable[..., Shown]


def quarters(count: int, last: str = "2024/25 Q2") -> list[str]:
    """The last so many quarters."""
    end = 4 * int(last[:4]) + int(last[-1]) - 1
    return [
        f"{n // 4}/{(n // 4 + 1) % 100:02d} Q{n % 4 + 1}" for n in range(end - count + 1, end + 1)
    ]


def council(values: Sequence[str], code: str = "CALLS", **definition: str) -> dict[str, list[Row]]:
    """Testshire with these figures of one indicator, the last of Q2 2024/25; empty is a gap."""
    rows = tables()
    rows["observations"] = [
        figure(code, quarter, value)
        for quarter, value in zip(quarters(len(values)), values, strict=True)
        if value
    ]
    rows["indicators"] = [
        {**row, "from": "2010/11", **definition} if row["indicator"] == code else row
        for row in rows["indicators"]
    ]
    return rows


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page of an indicator of a council, as at Q2 2024/25."""

    def page(rows: dict[str, list[Row]], code: str = "CALLS", **asked: str) -> Shown:
        name = next(_NAMES)
        write_council(tmp_path / "data" / name, rows)
        places.open_store(name).refresh()
        chosen = {"organisation": name, "period": "2024/25 Q2", "indicator": code, **asked}
        return shown(open_page(FILES["indicator"], **chosen))

    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    return page


# What the figures can tell


def test_changes_on_the_period_before_and_a_year_before(opened: Open) -> None:
    said = opened(council(["88", "85", "86", "90", "92"])).text
    assert "Q2 2024/25, 92%: up 2 points on the quarter before; up 4 points on the same quarter a year before." in said  # fmt: skip
    said = opened(council(["92", "92", "", "93", "92"])).text
    assert "down 1 point on the quarter before; the same as the same quarter a year before." in said
    said = opened(council(["", "92", "", "", "92"])).text
    assert "no figure of the quarter before to compare with" in said


def test_few_figures_get_one_sentence_and_no_table(opened: Open) -> None:
    said = opened(council(["88", "85", "86", "90", "92"])).text
    assert "5 figures are too few to tell a trend from chance: it takes 6." in said
    assert "Mann–Kendall" not in said
    assert "There is no figure yet" in opened(council(["100"], "VISITS")).text


def test_the_honesty_line_and_the_measures(opened: Open) -> None:
    # residuals of 80, 81, 79, 83, 82, 84 about their line have a standard error of the slope of
    # 0.318; times (2.776 + 0.941) that is 1.18
    said = opened(council(["80", "81", "79", "83", "82", "84"])).text
    assert "6 points: a change smaller than about 1.2 points a quarter would not show." in said
    for name in ("Regression (the published rule)", "Theil–Sen", "Mann–Kendall"):
        assert name in said
    assert "Known overlap" not in said


def test_a_straight_line_hides_nothing(opened: Open) -> None:
    said = opened(council(["80", "81", "82", "83", "84", "85"])).text
    assert "6 points on one straight line: any change would show." in said
    assert "+1 point" in said


def test_overlapping_figures_are_told_apart(opened: Open) -> None:
    rolling = council(["80", "81", "83", "84", "84", "85", "87", "88"], measure="rolling_12m")
    said = opened(rolling).text
    assert "Known overlap" in said
    assert "looks like a trend even where nothing moves" in said


def test_the_strip_has_every_rating_with_its_period(opened: Open) -> None:
    page = opened(council(["79", "85", "", "92"]))
    start = page.texts.index("Ratings, oldest first")
    strip = " ".join(text.strip() for text in page.texts[start:] if text.strip())
    assert "Q3 2023/24: ■ Red Q4 2023/24: ▲ Amber" in strip
    assert "Q2 2024/25: ● Green" in strip


def test_activity_indicators_are_told_of_without_ratings(opened: Open) -> None:
    page = opened(council(["100", "120", "110", "130", "150", "140"], "VISITS"), "VISITS")
    assert "What the figures can tell" in page.text
    assert "Theil–Sen" in page.text
    assert "Ratings, oldest first" not in page.text


@pytest.mark.parametrize("code", ["CS07", "CS04", "CS12", "GE-HOMES"])
def test_kent_is_told_of(code: str, kent: Figures) -> None:
    page = shown(open_page(FILES["indicator"], period="2024/25 Q2", indicator=code))
    assert "What the figures can tell" in page.text
