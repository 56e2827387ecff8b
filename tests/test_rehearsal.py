"""A rehearsal: what files would change is what saving them changes."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from kpi_core import ingest, registry, scorecard
from kpi_core.figures import Figures
from kpi_core.rehearsal import Rehearsal, extent, rehearse, said
from kpi_core.store import Store
from tests import tables
from tests.councils import write_council
from tests.random_council import Council, rules
from tests.test_overlay import part, uploads

TODAY = date(2025, 12, 1)

FIGURES = {
    "indicators": """
        indicator | name           | kind
        CALLS     | Calls answered | kpi
        ROADS     | Roads mended   | kpi
        BINS      | Bins emptied   | kpi
        VISITS    | Visits         | activity
        """,
    "placements": """
        indicator | year    | name           | order
        CALLS     | 2024/25 | Calls answered | 1
        ROADS     | 2024/25 | Roads mended   | 2
        BINS      | 2024/25 | Bins emptied   | 3
        VISITS    | 2024/25 | Visits         | 4
        """,
    "targets": "\n".join(
        [
            "indicator | year | target | floor",
            *(f"{code} | 2024/25 | 90 | 80" for code in ("CALLS", "ROADS", "BINS")),
        ]
    ),
    "thresholds": "indicator | year | lower | upper\nVISITS | 2024/25 | 100 | 200",
    "observations": """
        indicator | period     | value
        CALLS     | 2024/25 Q1 | 91
        CALLS     | 2024/25 Q2 | 85
        ROADS     | 2024/25 Q1 | 95
        ROADS     | 2024/25 Q2 | 95
        BINS      | 2024/25 Q2 | 92
        VISITS    | 2024/25 Q2 | 150
        """,
}


@pytest.fixture
def council() -> Figures:
    return tables.figures(**FIGURES)


def rehearsed(council: Figures, *parts: ingest.Received) -> Rehearsal:
    return rehearse(council, parts, TODAY)


def figures_of(*rows: str) -> ingest.Received:
    return part("observations", "\n".join(["indicator | period | value", *rows]))


def moves(rows: pl.DataFrame) -> list[tuple[str, str, str | None, str | None]]:
    return rows.select("indicator", "period", "was", "now").rows()


def counts(rehearsal: Rehearsal, period: str) -> dict[str, tuple[int, int]]:
    rows = rehearsal.verdicts.counts.filter(pl.col("period") == period)
    return {rating: (was, now) for rating, was, now in rows.select("rating", "was", "now").rows()}


# What changes


def test_a_corrected_figure_turns_amber_to_red(council: Figures) -> None:
    found = rehearsed(council, figures_of("CALLS | 2024/25 Q2 | 71"))
    (row,) = found.verdicts.ratings.iter_rows(named=True)
    assert (row["name"], row["period"], row["was"], row["now"]) == (
        "Calls answered", "2024/25 Q2", "AMBER", "RED",
    )  # fmt: skip
    assert (row["was_value"], row["now_value"]) == (85, 71)
    assert counts(found, "2024/25 Q2") == {"GREEN": (2, 2), "AMBER": (1, 0), "RED": (0, 1)}
    assert [str(one) for one in found.changes] == ["0 added, 1 restated, 0 unchanged"]
    first, second = said.sentences(found)[:2]
    assert first == (
        "Performance report, Q2 2024/25: 1 rating changes: Calls answered Amber → Red; "
        "Amber 1 → 0, Red 0 → 1."
    )
    assert second == "observations: 0 added, 1 restated, 0 unchanged."


def test_rows_that_are_held_already_change_nothing(council: Figures) -> None:
    found = rehearsed(council, figures_of("CALLS | 2024/25 Q2 | 85", "ROADS | 2024/25 Q1 | 95"))
    assert found.is_idle
    assert found.findings.is_empty()
    assert said.sentences(found) == [
        "Nothing that is shown would change: every row is held already."
    ]


def test_a_figure_that_moves_no_rating_says_so(council: Figures) -> None:
    found = rehearsed(council, figures_of("CALLS | 2024/25 Q2 | 84"))
    assert said.sentences(found) == [
        "No rating, direction or alert changes.",
        "observations: 0 added, 1 restated, 0 unchanged.",
    ]


def test_a_target_moves_the_ratings_of_its_year(council: Figures) -> None:
    found = rehearsed(
        council, part("targets", "indicator | year | target | floor\nROADS | 2024/25 | 96 | 80")
    )
    assert moves(found.verdicts.ratings) == [
        ("ROADS", "2024/25 Q2", "GREEN", "AMBER"),
        ("ROADS", "2024/25 Q1", "GREEN", "AMBER"),
    ]
    first, second = said.sentences(found)[:2]
    assert first == "In 2 periods of reports 2 ratings change."
    assert second == (
        "Performance report, Q2 2024/25: 1 rating changes: Roads mended Green → Amber; "
        "Green 2 → 1, Amber 1 → 2."
    )


def test_an_expected_range_moves_an_alert(council: Figures) -> None:
    found = rehearsed(
        council,
        part("thresholds", "indicator | year | lower | upper\nVISITS | 2024/25 | 100 | 140"),
    )
    assert moves(found.verdicts.alerts) == [("VISITS", "2024/25 Q2", "Yes", "Above")]
    assert found.verdicts.ratings.is_empty()
    assert (
        "1 alert changes: Visits In expected range → Above expected range"
        in said.sentences(found)[0]
    )


def test_a_definition_turns_ratings_over(council: Figures) -> None:
    turned = part("indicators", "indicator | name | polarity\nCALLS | Calls answered | lower")
    assert (
        moves(rehearsed(council, turned).verdicts.ratings)
        == [
            ("CALLS", "2024/25 Q1", "GREEN", "RED"),
            ("CALLS", "2024/25 Q2", "AMBER", "GREEN"),
        ][::-1]
    )


def test_a_new_quarter_is_held_against_the_one_before(council: Figures) -> None:
    found = rehearsed(
        council,
        figures_of("CALLS | 2024/25 Q3 | 79", "ROADS | 2024/25 Q3 | 95", "BINS | 2024/25 Q3 | 92"),
    )
    assert moves(found.verdicts.ratings) == [("CALLS", "2024/25 Q3", "AMBER", "RED")]
    assert said.sentences(found)[0] == (
        "Performance report, Q3 2024/25, new, against Q2 2024/25: 1 rating changes: "
        "Calls answered Amber → Red; Amber 1 → 0, Red 0 → 1."
    )


def test_counts_are_of_all_kpis_also_those_that_no_file_touches(council: Figures) -> None:
    found = rehearsed(council, figures_of("CALLS | 2024/25 Q3 | 95"))
    assert counts(found, "2024/25 Q3") == {"GREEN": (2, 1), "AMBER": (1, 0), "NO DATA": (0, 2)}


def test_a_kpi_that_had_no_rating_is_named(council: Figures) -> None:
    more = [
        part("indicators", "indicator | name\nPARKS | Parks open"),
        part("placements", "indicator | year | name\nPARKS | 2024/25 | Parks open"),
        part("targets", "indicator | year | target | floor\nPARKS | 2024/25 | 50 | 40"),
        figures_of("PARKS | 2024/25 Q2 | 60"),
    ]
    found = rehearsed(council, *more)
    assert found.verdicts.first_rated.rows() == [("qpr", "PARKS", "Parks open")]
    assert "1 KPI gets a rating that had none: Parks open." in said.sentences(found)
    assert counts(found, "2024/25 Q2")["GREEN"] == (2, 3)


def test_a_direction_changes_with_the_sixth_figure() -> None:
    rising = [f"A | {year} Q{q} | {n}" for n, (year, q) in enumerate(
        [("2022/23", 1), ("2022/23", 2), ("2022/23", 3), ("2022/23", 4), ("2023/24", 1)], start=60
    )]  # fmt: skip
    council = tables.figures(
        indicators="indicator | name\nA | Calls",
        observations="\n".join(["indicator | period | value", *rising]),
    )
    found = rehearsed(council, figures_of("A | 2023/24 Q2 | 65"))
    assert moves(found.verdicts.directions) == [
        ("A", "2023/24 Q2", "not enough history", "improving")
    ]


@pytest.mark.parametrize("code", ["CALLS", "ROADS", "BINS", "VISITS"])
def test_a_figure_changes_what_rests_on_it_and_nothing_else(council: Figures, code: str) -> None:
    verdicts = rehearsed(council, figures_of(f"{code} | 2024/25 Q2 | 1")).verdicts
    assert {row[0] for row in moves(pl.concat([verdicts.ratings, verdicts.alerts]))} == {code}


def test_it_says_how_far_it_is(council: Figures) -> None:
    told: list[float] = []
    rehearse(
        council, [figures_of("CALLS | 2024/25 Q2 | 1")], TODAY,
        progress=lambda share, _: told.append(share),
    )  # fmt: skip
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)


# How far it looks


def test_what_is_not_looked_at_is_said() -> None:
    quarters = [f"{year} Q{q}" for year in tables.YEARS for q in (1, 2, 3, 4)]
    council = tables.figures(
        indicators="indicator | name\nA | Calls",
        targets="\n".join(["indicator | year | target", *(f"A | {y} | 50" for y in tables.YEARS)]),
        observations="\n".join(
            ["indicator | period | value", *(f"A | {q} | 60" for q in quarters)]
        ),
    )
    turned = rehearsed(
        council, part("indicators", "indicator | name | polarity\nA | Calls | lower")
    )
    (stretch,) = turned.stretches
    assert [str(at) for at, _ in stretch.looked_at] == quarters[::-1][: extent.MOST_PERIODS]
    assert [str(at) for at in stretch.passed_over] == quarters[::-1][extent.MOST_PERIODS :]
    assert turned.verdicts.ratings.height == extent.MOST_PERIODS
    assert said.sentences(turned)[-1] == (
        "Performance report: ratings were worked out for 12 of the 16 periods that can change; "
        "not for 4 between Q1 2022/23 and Q4 2022/23."
    )


def test_of_an_old_figure_its_own_period_is_looked_at_first() -> None:
    months = [f"{year}-{month:02d}" for year in range(2018, 2025) for month in range(1, 13)]
    placed = [
        f"A | {year} | month" for year in ("2017/18", *(f"20{y}/{y + 1}" for y in range(18, 25)))
    ]
    council = tables.figures(
        reports="report | title | frequency\nqpr | Monthly | month",
        indicators="indicator | name | frequency | trend_window\nA | Calls | month | 40",
        placements="\n".join(["indicator | year | frequency", *placed]),
        observations="\n".join(["indicator | period | value", *(f"A | {m} | 60" for m in months)]),
    )
    (stretch,) = rehearsed(council, figures_of("A | 2018-03 | 61")).stretches
    shown = [str(at) for at, _ in stretch.looked_at]
    assert shown == months[2 : 2 + extent.MOST_PERIODS][::-1]


# Against the store

Verdict = tuple[str, str, str]


def verdicts_of(figures: Figures, wanted: str) -> dict[Verdict, str | None]:
    """Every rating, direction or alert by period, indicator and basis (alerts have one)."""
    card = scorecard.activities if wanted == "alert" else scorecard.kpis
    return {
        (str(at), row["indicator"], "" if wanted == "alert" else row["basis"]): row[wanted]
        for at in registry.report_periods(figures, "qpr")
        for row in card(figures, "qpr", at).iter_rows(named=True)
    }


@given(uploads(), rules())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_verdicts_that_change_are_those_that_saving_changes(
    tmp_path_factory: pytest.TempPathFactory,
    upload: tuple[Council, dict[str, bytes]],
    own_rules: str,
) -> None:
    council, files = upload
    base = tmp_path_factory.mktemp("rehearsed")
    store = Store(write_council(base / "odd", council, own_rules), base / "var")
    store.refresh()
    before = store.figures()
    parts = [ingest.read(name, content, before.year_start) for name, content in files.items()]
    found = rehearse(before, parts, TODAY)
    store.commit(files, "A. Analyst", "")
    after = store.figures()
    assert not any(one.passed_over for one in found.stretches)
    new = {str(at) for one in found.stretches for at, held in one.looked_at if at != held}
    for wanted, rows in (
        ("rating", found.verdicts.ratings),
        ("direction", found.verdicts.directions),
        ("alert", found.verdicts.alerts),
    ):
        was, now = verdicts_of(before, wanted), verdicts_of(after, wanted)
        expected = {
            key: (was.get(key), now.get(key))
            for key in was.keys() | now.keys()
            if key[0] not in new and was.get(key) != now.get(key)
        }
        told = {
            (row["period"], row["indicator"], "" if wanted == "alert" else row["basis"]): (
                row["was"],
                row["now"],
            )
            for row in rows.iter_rows(named=True)
            if row["period"] not in new
        }
        assert told == expected
    ratings = Counter((at, rating) for (at, _, _), rating in verdicts_of(after, "rating").items())
    for row in found.verdicts.counts.iter_rows(named=True):
        assert row["now"] == ratings[row["period"], row["rating"]]
