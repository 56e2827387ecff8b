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


# Is it more than chance?

STEADY = ["81", "83"] * 6


def test_too_few_for_a_chart_get_the_sentence(opened: Open) -> None:
    page = opened(council(STEADY[:11]))
    assert "11 quarters are too few points for an XmR chart. It needs 12 or more." in page.text
    assert not [picture for picture in page.pictures if "XmR" in str(picture.get("aria-label"))]


def test_a_steady_indicator_varies_by_chance_and_misses_its_target(opened: Open) -> None:
    # mean 82, steps of 2: limits 82 ± 5.32
    page = opened(council(STEADY))
    assert "Common cause" in page.texts
    assert "Consistently missed" in page.texts
    assert "nearly all figures will miss the target of 90%" in page.text
    said = [str(picture.get("aria-label")) for picture in page.pictures]
    assert [text for text in said if "XmR" in text] == [
        (
            "Calls answered, XmR chart: 12 figures, from 81% in Q3 2021/22 to 83% in Q2 2024/25. "
            "Mean 82.0%, limits 76.7% to 87.3%. No special cause. Target 90%: consistently missed."
        )
    ] * 2


def test_a_special_cause_is_named_dated_and_judged(opened: Open) -> None:
    # docs/rules/spc.md: of 10, 12, … 10, 36 the last is above the upper limit, the others below
    page = opened(council([*["50", "52"] * 5, "50", "76"]))
    assert "The latest figure, 76% in Q2 2024/25, is a special cause (above the upper limit)" in page.text  # fmt: skip
    assert "it is for the better" in page.text
    assert "Improvement" in page.texts
    said = next(text for p in page.pictures if "XmR" in (text := str(p.get("aria-label"))))
    assert "7 below the mean from Q3 2021/22 to Q1 2024/25 (concern)" in said
    assert "above the upper limit in Q2 2024/25 (improvement)" in said


def test_special_causes_have_shapes_of_their_own(opened: Open) -> None:
    page = opened(council([*["50", "52"] * 5, "50", "76"]))
    start = page.text.index("Is it more than chance?")
    for word in ("◆", "■", "improvement", "concern"):
        assert word in page.text[start:]


def test_the_form_of_the_limits_is_asked_for_in_the_address(opened: Open) -> None:
    rows = council([*["50", "52"] * 5, "50", "76"])
    assert "Screened form: extreme steps from one figure to the next are left out; 1 was here." in opened(rows).text  # fmt: skip
    plain = opened(rows, limits="plain")
    assert "Plain form: every step" in plain.text
    # mean 53, mean step 46/11: limits 53 ± 11.12
    assert "limits 41.9% to 64.1%" in "".join(str(p.get("aria-label")) for p in plain.pictures)


def test_a_new_definition_begins_limits_anew(opened: Open) -> None:
    rows = council([*["50", "52"] * 6, *["70", "72"] * 6])
    first = next(row for row in rows["indicators"] if row["indicator"] == "CALLS")
    rows["indicators"].append({**first, "from": "2021/22 Q3", "lifecycle": "revised"})
    page = opened(rows)
    said = next(text for p in page.pictures if "XmR" in (text := str(p.get("aria-label"))))
    assert "Mean 71.0%" in said
    assert "Limits begin anew once." in said
    assert "No special cause" in said


def test_rolling_figures_and_equal_ones_get_a_sentence(opened: Open) -> None:
    assert "make no XmR chart" in opened(council(STEADY, measure="rolling_12m")).text
    assert "nothing varies" in opened(council(["82"] * 12)).text


def test_neither_way_is_better_of_an_activity_indicator(opened: Open) -> None:
    page = opened(council([*["50", "52"] * 5, "50", "76"], "VISITS"), "VISITS")
    assert "it is higher than usual" in page.text
    assert "Consistently" not in page.text


# Outlook for the year

YEARLY = {"ytd": "mean", "unit": "days"}


def test_the_run_rate_is_one_sentence(opened: Open) -> None:
    # four quarters of 90 are 360: 360 less 88 and 86 leaves 93 for each of two
    said = opened(council(["88", "86"], ytd="ratio")).text
    assert "To end 2024/25 on target (90%), it needs at least 93.0% in each of the next two quarters." in said  # fmt: skip
    # 40 less 9.5 and 9.4 leaves 10.55 for each, rounded down
    said = opened(council(["9.5", "9.4"], "DAYS", **YEARLY), "DAYS").text
    assert "it needs at most 10.5 days in each of the next two quarters." in said


def test_numerators_and_denominators_weigh(opened: Open) -> None:
    # 90 of 100 and 30 of 50 are 80% so far: 360 less 160 leaves 100 for each of two
    rows = council(["90", "60"], ytd="ratio")
    pairs = [("90", "100"), ("30", "50")]
    rows["observations"] = [
        {**row, "numerator": above, "denominator": below}
        for row, (above, below) in zip(rows["observations"], pairs, strict=True)
    ]
    assert "it needs at least 100.0% in each of the next two quarters." in opened(rows).text


def test_a_target_met_or_out_of_reach_is_said(opened: Open) -> None:
    rows = council(["60", "60"], ytd="ratio")
    assert "The target of 90% for 2024/25 is out of reach, whatever comes." in opened(rows).text
    few = council(["20", "21"], "DAYS", **YEARLY)
    assert "The target of 10 days for 2024/25 is out of reach, whatever comes." in opened(few, "DAYS").text  # fmt: skip


def test_where_the_last_figure_counts(opened: Open) -> None:
    said = opened(council(["88", "86"], ytd="latest")).text
    assert "What counts is the year's last figure: Q4 2024/25 needs at least 90%." in said


def test_a_short_history_gets_no_forecast(opened: Open) -> None:
    said = opened(council(["88", "86"], ytd="ratio")).text
    assert "2 quarters in a row are too short a history to look 2 ahead. It takes 15." in said
    assert "four outcomes of five" not in said


def test_a_gap_in_the_year_leaves_it_open(opened: Open) -> None:
    rows = council(["84", "", "86"], ytd="ratio")
    assert "A figure of 2024/25 is missing" in opened(rows).text


def test_a_forecast_has_its_interval_and_chances(opened: Open) -> None:
    # sixteen equal figures: no model has ever missed
    page = opened(council(["82"] * 16, ytd="ratio"))
    assert "If nothing changes, 2024/25 ends at about 82%; four outcomes of five lie between 82% and 82%." in page.text  # fmt: skip
    start = page.text.index("Outlook for the year")
    chances = " ".join(page.text[start:].split())
    assert "● Green under 1% ▲ Amber over 99% ■ Red under 1%" in chances
    assert "Model: the latest figure, which came closest in 9 forecasts" in page.text


def test_activity_indicators_have_a_forecast_and_no_target(opened: Open) -> None:
    page = opened(council(["150"] * 16, "VISITS", ytd="sum"), "VISITS")
    assert "If nothing changes, 2024/25 ends at about 600;" in page.text
    start = page.text.index("Outlook for the year")
    assert "target" not in page.text[start : page.text.index("All figures")]


def test_the_end_of_a_year_leaves_nothing_ahead(opened: Open) -> None:
    rows = council(["88", "86"], ytd="ratio")
    rows["observations"] += [
        figure("CALLS", f"2024/25 Q{quarter}", "90", basis="period") for quarter in (3, 4)
    ]
    page = opened(rows, period="2024/25 Q4")
    assert "The year 2024/25 is complete: nothing is left to look ahead to." in page.text
