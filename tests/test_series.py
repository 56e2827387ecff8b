"""Which figure a period shows, the year to date, twelve months rolling."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import registry, series
from kpi_core.figures import Figures
from kpi_core.organisation import Organisation
from kpi_core.periods import Frequency, Period
from tests import oracles, tables
from tests.oracles import Part
from tests.strategies import decimals

Q2 = Period.parse("2024/25 Q2")


def points(figures: Figures, at: Period = Q2, report: str = "qpr") -> pl.DataFrame:
    placed = registry.placed(figures, report, at)
    return series.points(figures.observations, placed, figures.year_start)


def shown(figures: Figures, at: Period = Q2) -> list[tuple[str, str, object]]:
    rows = series.shown(points(figures, at), at).select("indicator", "period", "value").rows()
    return [(str(code), str(period), value) for code, period, value in rows]


def to_date(figures: Figures, at: Period = Q2) -> dict[str, tuple[object, object]]:
    placed = registry.placed(figures, "qpr", at)
    found = series.year_to_date(points(figures, at), figures.observations, placed, at)
    return {row["indicator"]: (row["value"], row["ytd_basis"]) for row in found.to_dicts()}


def rolling(figures: Figures, at: Period = Q2) -> dict[str, object]:
    rows = series.rolling_twelve_months(points(figures, at)).select("period", "rolling").rows()
    return dict(rows)


@given(
    st.dictionaries(st.integers(0, 20), st.none() | st.integers(0, 99), max_size=12),
    st.integers(0, 11),
    st.integers(0, 4),
    st.sampled_from(list(Frequency)),
)
def test_the_figure_shown_is_the_latest_that_was_due(
    known: dict[int, int | None], back: int, arrears: int, frequency: Frequency
) -> None:
    first = Period.parse("2023/24").ending_with(frequency)
    at = Period.parse("2025/26 Q4").shift(-back)
    rows = [
        f"A | {first.shift(place)} | {'' if value is None else value} | "
        f"{'no_data' if value is None else 'actual'}"
        for place, value in known.items()
    ]
    years = [f"A | {year} | {frequency}" for year in tables.YEARS]
    figures = tables.figures(
        indicators=f"indicator | arrears\nA | {arrears}",
        placements="\n".join(["indicator | year | frequency", *years]),
        observations="\n".join(["indicator | period | value | status", *rows]),
    )
    ends = {first.shift(place).end_month: str(value) for place, value in known.items()}
    expected = oracles.shown(ends, at.end_month, frequency.months, arrears)
    assert [str(value) for *_, value in shown(figures, at)] == (
        [] if expected is None else [expected if expected == "None" else f"{expected}.000000"]
    )


def test_a_figure_of_another_frequency_is_not_the_periods_own() -> None:
    figures = tables.figures(
        indicators="indicator | name\nA | A",
        observations="indicator | period | value\nA | 2024-09 | 5\nA | 2024/25 | 60",
    )
    assert shown(figures) == []


def test_a_part_of_the_whole_is_not_the_whole() -> None:
    figures = tables.figures(
        indicators="indicator | name\nA | A",
        observations="""
            indicator | period     | breakdown | item  | value
            A         | 2024/25 Q2 | district  | Dover | 5
            """,
    )
    assert shown(figures) == []


def test_a_quarters_own_figure_goes_before_a_count_at_its_last_month() -> None:
    figures = tables.figures(
        indicators="indicator | measure\nA | snapshot",
        observations="indicator | period | value\nA | 2024/25 Q2 | 7\nA | 2024-09 | 5",
    )
    assert shown(figures) == [("A", "2024/25 Q2", 7)]


def test_a_value_that_was_given_is_not_worked_out_again() -> None:
    figures = tables.figures(
        indicators="indicator | name\nA | A\nB | B",
        observations="""
            indicator | period     | value | numerator | denominator
            A         | 2024/25 Q2 | 89    | 88        | 100
            B         | 2024/25 Q2 |       | 88        | 100
            """,
    )
    assert shown(figures) == [("A", "2024/25 Q2", 89), ("B", "2024/25 Q2", 88)]


def test_a_percentage_is_a_hundred_times_its_quotient_and_nothing_else_is() -> None:
    figures = tables.figures(
        indicators="indicator | unit | decimals\nD | days | 1\nP | percent | 1",
        observations="""
            indicator | period     | numerator | denominator
            P         | 2024/25 Q2 | 1         | 8
            D         | 2024/25 Q2 | 31        | 4
            """,
    )
    assert shown(figures) == [
        ("D", "2024/25 Q2", Decimal("7.75")),
        ("P", "2024/25 Q2", Decimal("12.5")),
    ]


def test_figures_before_a_change_of_definition_are_not_shown() -> None:
    figures = tables.figures(
        indicators="""
            indicator | from       | arrears | lifecycle
            A         | 2020/21    | 1       |
            A         | 2024/25 Q2 | 1       | revised
            """,
        observations="indicator | period | value\nA | 2024/25 Q1 | 10",
    )
    assert shown(figures) == []
    assert shown(figures, Q2.shift(-1)) == [("A", "2024/25 Q1", 10)]


amounts = decimals(0, 1_000, 2)
known_parts = st.builds(Part, st.none() | amounts, st.none() | amounts, st.none() | amounts)
parts = st.lists(st.none() | known_parts, min_size=4, max_size=4)


def observed(code: str, cells: list[Part | None], first: Period) -> list[str]:
    return [
        f"{code} | {first.shift(place)} | "
        + " | ".join("" if x is None else str(x) for x in (p.value, p.numerator, p.denominator))
        for place, p in enumerate(cells)
        if p is not None
    ]


def with_value(part: Part | None, unit: str, places: int) -> Part | None:
    """A value that is not given is worked out from its parts."""
    if part is None or part.value is not None:
        return part
    if part.numerator is None or part.denominator is None:
        return part
    factor = 100 if unit == "percent" else 1
    value = oracles.quotient(part.numerator, part.denominator, factor, places)
    return Part(value, part.numerator, part.denominator)


@given(
    st.lists(parts, min_size=1, max_size=6),
    st.sampled_from(["sum", "ratio", "mean", "latest", "published"]),
    st.sampled_from(["percent", "number", "days"]),
    st.integers(0, 3),
)
def test_the_year_to_date_of_every_kind(
    many: list[list[Part | None]], rule: str, unit: str, places: int
) -> None:
    first, at = Period.parse("2023/24 Q1"), Period.parse("2023/24 Q4")
    rows = [row for place, cells in enumerate(many) for row in observed(f"A{place}", cells, first)]
    facts = [f"A{place} | {unit} | {places} | {rule}" for place in range(len(many))]
    figures = tables.figures(
        indicators="\n".join(["indicator | unit | decimals | ytd", *facts]),
        observations="\n".join(["indicator | period | value | numerator | denominator", *rows]),
    )
    found = to_date(figures, at)
    for place, cells in enumerate(many):
        valued = [with_value(part, unit, places) for part in cells]
        shown_now = valued[-1] is not None
        expected = oracles.year_to_date(rule, unit, places, valued) if shown_now else None
        assert found[f"A{place}"][0] == expected, cells


def percentage(rows: str, rule: str = "ratio", **tables_of: str) -> Figures:
    return tables.figures(
        indicators=f"indicator | ytd\nA | {rule}",
        observations="indicator | period | basis | value | numerator | denominator" + rows,
        **tables_of,
    )


def test_a_busy_quarter_counts_for_more_than_a_quiet_one() -> None:
    figures = percentage("""
        A | 2024/25 Q1 | period | 90 | 90 | 100
        A | 2024/25 Q2 | period | 20 | 10 | 50
        """)
    assert to_date(figures) == {"A": (67, "computed")}  # the mean of 90% and 20% is 55%


@pytest.mark.parametrize("rule", ["ratio", "mean"])
def test_percentages_without_their_parts_are_never_averaged(rule: str) -> None:
    figures = percentage(
        """
        A | 2024/25 Q1 | period | 90 | |
        A | 2024/25 Q2 | period | 20 | |
        """,
        rule,
    )
    assert to_date(figures) == {"A": (None, None)}


def test_a_missing_period_leaves_the_year_to_date_to_what_was_printed() -> None:
    rows = """
        A | 2024/25 Q2 | period | 20 | 10 | 50
        """
    assert to_date(percentage(rows)) == {"A": (None, None)}
    printed = rows + "A | 2024/25 Q2 | ytd | 66 | |"
    assert to_date(percentage(printed)) == {"A": (66, "published")}


def test_what_was_printed_for_another_period_does_not_stand() -> None:
    figures = percentage("""
        A | 2024/25 Q1 | ytd    | 66 | |
        A | 2024/25 Q2 | period | 20 | |
        """)
    assert to_date(figures) == {"A": (None, None)}


def test_the_year_to_date_starts_anew_with_the_financial_year() -> None:
    figures = percentage("""
        A | 2023/24 Q4 | period | | 0  | 100
        A | 2024/25 Q1 | period | | 50 | 100
        """)
    assert to_date(figures, Period.parse("2024/25 Q1")) == {"A": (50, "computed")}


def test_the_financial_year_is_the_organisations_own() -> None:
    council = Organisation("test", "Test", year_start=1)
    figures = tables.figures(
        council,
        indicators="indicator | unit | ytd | from\nA | number | sum | 2020",
        placements="indicator | year\nA | 2024",
        observations="indicator | period | value\nA | 2023 Q4 | 9\nA | 2024 Q1 | 1\nA | 2024 Q2 | 2",
    )
    assert to_date(figures, council.period("2024 Q2")) == {"A": (3, "computed")}


def test_a_figure_in_arrears_has_its_own_year_to_date() -> None:
    figures = tables.figures(
        indicators="indicator | unit | ytd | arrears\nA | number | sum | 1",
        observations="indicator | period | value\nA | 2024/25 Q1 | 4\nA | 2024/25 Q2 | 5",
    )
    assert to_date(figures, Period.parse("2024/25 Q3")) == {"A": (9, "computed")}


def test_a_change_of_definition_within_the_year_does_not_mix_two_measures() -> None:
    figures = tables.figures(
        indicators="""
            indicator | from       | unit   | ytd | lifecycle
            A         | 2020/21    | number | sum |
            A         | 2024/25 Q2 | number | sum | revised
            """,
        observations="indicator | period | value\nA | 2024/25 Q1 | 4\nA | 2024/25 Q2 | 5",
    )
    assert to_date(figures) == {"A": (None, None)}


@given(
    st.lists(st.none() | known_parts, min_size=8, max_size=8),
    st.sampled_from(["percent", "number", "currency", "days"]),
    st.integers(0, 3),
)
def test_twelve_months_rolling(cells: list[Part | None], unit: str, places: int) -> None:
    first = Period.parse("2023/24 Q1")
    figures = tables.figures(
        indicators=f"indicator | unit | decimals\nA | {unit} | {places}",
        observations="\n".join(
            [
                "indicator | period | value | numerator | denominator",
                *observed("A", cells, first),
            ]
        ),
    )
    valued = [with_value(part, unit, places) for part in cells]
    found = rolling(figures, Period.parse("2024/25 Q4"))
    for place, part in enumerate(cells):
        if part is not None:
            twelve = [None] * max(0, 3 - place) + valued[max(0, place - 3) : place + 1]
            expected = oracles.rolling(unit, places, twelve)
            assert found[str(first.shift(place))] == expected


def test_what_is_counted_over_twelve_months_already_is_not_rolled_again() -> None:
    rows = [f"A | {Q2.shift(-back)} | 100" for back in range(4)]
    figures = tables.figures(
        indicators="indicator | unit | measure\nA | number | rolling_12m",
        observations="\n".join(["indicator | period | value", *rows]),
    )
    assert rolling(figures) == {}


def test_twelve_months_do_not_reach_over_a_change_of_definition() -> None:
    rows = [f"A | {Q2.shift(-back)} | 10" for back in range(5)]
    figures = tables.figures(
        indicators="""
            indicator | from       | unit   | lifecycle
            A         | 2020/21    | number |
            A         | 2024/25 Q2 | number | revised
            """,
        observations="\n".join(["indicator | period | value", *rows]),
    )
    found = rolling(figures)
    assert (found["2024/25 Q2"], found["2024/25 Q1"]) == (None, 40)
