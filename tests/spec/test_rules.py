"""Every table on the pages of the method, row by row, against the core."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kpi_core import (
    alerts,
    display,
    exact,
    history,
    rating,
    registry,
    robust,
    scorecard,
    series,
    summary,
    trend,
)  # fmt: skip
from kpi_core.fields import FIGURE
from kpi_core.organisation import Organisation
from kpi_core.periods import Period
from kpi_core.wording import PLAIN
from kpi_core.words import Direction
from tests import tables
from tests.spec import (
    arrow_rules,
    before_rules,
    chart_rules,
    commentary_rules,
    edition_rules,
    file_rules,
    measure_rules,
    outlook_rules,
    paper_rules,
    quality_rules,
    spc_rules,
    upload_rules,
    year_rules,
)
from tests.tables import Cells, limits, number

Q2 = Period.parse("2024/25 Q2")


def one(frame: pl.DataFrame) -> dict[str, object]:
    """The only row of a frame."""
    return frame.row(0, named=True) if frame.height == 1 else pytest.fail(f"not one row: {frame}")


def amount(cell: str) -> str:
    """A cell of a CSV: `–` is empty."""
    return str(number(cell) if number(cell) is not None else "")


def rate(polarity: str) -> Callable[[Cells], None]:
    def check(case: Cells) -> None:
        (target, target_high), (floor, floor_high) = limits(case["Target"]), limits(case["Floor"])
        row = {
            "value": number(case["Figure"]), "decimals": int(case["Decimals"]),
            "polarity": polarity, "target": target, "target_high": target_high,
            "floor": floor, "floor_high": floor_high, "closeness": Decimal(case.get("Closeness", 0)),
        }  # fmt: skip
        figures = ["value", "target", "target_high", "floor", "floor_high", "closeness"]
        frame = pl.DataFrame([row], schema_overrides=dict.fromkeys(figures, FIGURE))
        rated = one(rating.rate(frame))
        assert rated["rating"] == case["Rating"]
        assert rated["shown"] == number(case["Shown"])

    return check


def rate_by(amber: str) -> Callable[[Cells], None]:
    """A rule of Amber other than the floor."""

    def check(case: Cells) -> None:
        target, target_high = limits(case["Target"])
        row = {
            "value": number(case["Figure"]), "polarity": case["Better is"], "decimals": 4,
            "target": target, "target_high": target_high, "floor": Decimal(1),
            "floor_high": Decimal(2), "amber": amber, "closeness": number(case["Closeness"]),
            "tolerance": number(case.get("Tolerance", "")),
            "year_ago": number(case.get("A year before", "")),
        }  # fmt: skip
        figures = [name for name in row if name not in {"decimals", "polarity", "amber"}]
        frame = pl.DataFrame([row], schema_overrides=dict.fromkeys(figures, FIGURE))
        rated = one(rating.rate(frame))
        assert rated["rating"] == case["Rating"]
        assert (rated["floor"], rated["floor_high"]) == limits(case["Limits"])

    return check


def council_of(settings: str) -> Organisation:
    """An organisation of these settings."""
    return Organisation.from_toml("test", settings)


def year_before(case: Cells) -> None:
    quarters = ["2023/24 Q1", "2023/24 Q2", "2024/25 Q1", "2024/25 Q2"]
    rows = [row for quarter in quarters for row in observation(quarter, case[quarter])]
    revised = case["Revised"] != "–"
    figures = tables.figures(
        council_of('[rating]\namber = "year_ago"\n[reports]\nyear_to_date = ["qpr"]'),
        indicators="\n".join(
            [
                "indicator | from | lifecycle | ytd",
                "A | 2020/21 | | ratio",
                *([f"A | {case['Revised']} | revised | ratio"] if revised else []),
            ]
        ),
        targets="indicator | year | target\nA | 2024/25 | 85",
        observations="\n".join([HEADER, *rows]),
    )
    card = scorecard.kpis(figures, "qpr", Q2).sort("basis")
    assert card.select("basis", "floor", "rating").rows() == [
        ("period", number(case["Limit of the quarter"]), case["Quarter"]),
        ("ytd", number(case["Limit of the year to date"]), case["Year to date"]),
    ]
    placed = registry.placed(figures, "qpr", Q2)
    last = history.places(figures, "qpr", placed, Q2).row(-1, named=True)
    assert (last["floor"], last["rating"]) == card.select("floor", "rating").row(0)


def toml(cell: str) -> str:
    return cell.strip("`–").replace("; ", "\n")


def own_rule(case: Cells) -> None:
    council = council_of(
        f"[rating]\n{toml(case['The council says'])}\n"
        f"[rating.kpi.RB01]\n{toml(case['The KPI says'])}"
    )
    rule = council.rules.rule_of("RB01")
    tolerance, closeness = number(case["Tolerance"]), number(case["Closeness"])
    assert (rule.by, rule.tolerance, rule.closeness) == (case["Amber"], tolerance, closeness)


def alert(case: Cells) -> None:
    lower, upper = limits(case["Expected range"])
    row = {"value": number(case["Figure"]), "lower": lower, "upper": upper}
    frame = pl.DataFrame([row], schema_overrides=dict.fromkeys(row, FIGURE))
    shown = exact.shown(pl.col("value"), pl.lit(int(case["Decimals"])))
    verdict = frame.select(alerts.alert(shown, pl.col("lower"), pl.col("upper"))).item()
    assert (verdict or "–") == case["Alert"]


def alert_of_year(case: Cells) -> None:
    held, figure = case["Held against"], Decimal(case["Figure"])
    thresholds = [f"A | 2024/25 | | {amount_range(case['Range of the year'])} | {held}"]
    if case["Range of the period"] != "–":
        own = amount_range(case["Range of the period"])
        thresholds.append(f"A | 2024/25 | 2024/25 Q2 | {own} | {held}")
    figures = tables.figures(
        indicators="indicator | kind | unit | ytd\nA | activity | number | sum",
        observations=f"""
            indicator | period     | basis  | value
            A         | 2024/25 Q1 | period | {Decimal(case["Year to date"]) - figure}
            A         | 2024/25 Q2 | period | {figure}
            """,
        thresholds="\n".join(["indicator | year | period | lower | upper | basis", *thresholds]),
    )
    row = one(scorecard.activities(figures, "qpr", Q2))
    assert (row["alert"], row["basis"]) == (case["Alert"], held)


def amount_range(cell: str) -> str:
    low, high = limits(cell)
    return f"{low} | {high}"


def direction(case: Cells) -> None:
    values = [number(cell.replace("·", "–")) for cell in case["Figures, oldest first"].split(", ")]
    low, high = limits(case["Target"])
    history = pl.DataFrame(
        {
            "end_month": [3 * place for place in range(len(values))],
            "unrounded": [None if value is None else float(value) for value in values],
        },
        schema_overrides={"unrounded": pl.Float64},
    ).with_columns(
        indicator=pl.lit("A"), months=3, polarity=pl.lit(case["Better is"]),
        target_from=pl.lit(low, FIGURE), target_to=pl.lit(high, FIGURE),
    )  # fmt: skip
    lines = trend.fit(trend.points_of(history))
    known = one(trend.direction(lines.with_columns(polarity=pl.lit(case["Better is"]))))
    assert known["direction"] == case["Direction"]
    assert f"{known['p']:.3f}" == case["p"]


def direction_to_target(case: Cells) -> None:
    target, closeness = Decimal(case["Target"]), Decimal(case["Closeness"])
    band = f"{target - closeness} to {target + closeness}"
    direction(case | {"Better is": "target", "Target": band})


def compared(case: Cells) -> None:
    target, target_high = limits(case["Target"])
    row = {
        "value": number(case["Now"]), "before": number(case["Before"]), "target": target,
        "target_high": target_high, "floor": None, "floor_high": None,
        "closeness": number(case["Closeness"]), "polarity": case["Better is"],
    }  # fmt: skip
    figures = [name for name in row if name != "polarity"]
    frame = rating.with_bands(pl.DataFrame([row], schema_overrides=dict.fromkeys(figures, FIGURE)))
    heading = frame.select(trend.compared(pl.col("before"), Decimal(case["Tie"]))).item()
    assert heading == case["Direction"]


def two_figures(case: Cells) -> None:
    first = case["First"]
    second = "year_ago" if first == "previous" else "previous"
    quarters = {name: " ".join(reversed(name.split())) for name in list(case)[:3]}
    rows = [f"A | {quarters[name]} | {case[name]}" for name in quarters if case[name] != "–"]
    late, revised = case["Quarters late"], case["Revised"]
    figures = tables.figures(
        council_of(f'[direction]\nby = ["{first}", "{second}"]'),
        indicators="\n".join(
            [
                "indicator | from | lifecycle | arrears",
                f"A | 2020/21 | | {late}",
                *([f"A | {revised} | revised | {late}"] if revised != "–" else []),
            ]
        ),
        documents="document | period\nD | 2024/25 Q2",
        published=f"document | indicator | period | direction\nD | A | 2024/25 Q2 | "
        f"{case['Printed'].strip('–')}",
        observations="\n".join(["indicator | period | value", *rows]),
    )
    row = one(scorecard.kpis(figures, "qpr", Q2))
    said = ["direction_previous", "direction_year_ago", "direction", "direction_basis"]
    assert [row[name] for name in said] == list(case.values())[-4:]
    assert row["direction_regression"] is None


def listed(case: Cells) -> None:
    """What the page says to write is what the settings take."""
    written = "\n".join(
        part.strip("` ") for part in case["What to write under `[rating]`"].split("and")
    )
    rule = council_of(f"[rating]\n{written}").rules.amber
    said = case["What Amber means"]
    assert str(rule.tolerance if rule.tolerance is not None else "") in said
    words = {
        "floor": "floor standard", "points": "own unit", "percent": "percent of it",
        "none": "no Amber", "year_ago": "a year before",
    }  # fmt: skip
    assert words[rule.by] in said


def window(case: Cells) -> None:
    count, missing = int(case["Quarters with a figure"]), int(case["Missing among the last"])
    back = [0, *range(1 + missing, count + missing)]
    rows = [f"A | {Q2.shift(-n)} | 70" for n in back]
    figures = tables.figures(
        indicators=f"indicator | trend_window\nA | {amount(case['Window'])}",
        observations="\n".join(["indicator | period | value", *rows]),
    )
    row = one(scorecard.kpis(figures, "qpr", Q2))
    assert row["n"] == int(case["Figures charted"])


def chance(points: int, steepness: float) -> float:
    """The chance that the test finds a slope, exactly: Student's t moved off its centre."""
    from scipy.stats import nct, t

    edge = t.ppf(1 - trend.SIGNIFICANCE / 2, points - 2)
    off_centre = steepness * np.sqrt((points**3 - points) / 12)
    found = nct.sf(edge, points - 2, off_centre) + nct.cdf(-edge, points - 2, off_centre)
    return float(found)


def power(case: Cells) -> None:
    for steepness in ("0", "0.1", "0.2", "0.3", "0.5"):
        found = chance(int(case["Figures"]), float(steepness))
        assert f"{found:.0%}" == case[steepness], steepness


def share_of_arrows(series_of: np.ndarray) -> float:
    """How many of these random series, one in each row, the rule gives an arrow."""
    runs, length = series_of.shape
    frame = pl.DataFrame(
        {
            "indicator": np.repeat(np.arange(runs).astype(str), length),
            "x": np.tile(np.arange(length, dtype=float), runs),
            "y": series_of.ravel(),
        }
    )
    lines = trend.fit(frame).with_columns(polarity=pl.lit("higher"))
    heading = trend.direction(lines)["direction"]
    return float((heading != Direction.STABLE).sum() / runs)


def false_alarms(case: Cells) -> None:
    runs, length = 8_000, int(case["Figures"])
    noise = np.random.default_rng(20240930).standard_normal((runs, length + 20))
    quarters, months = (
        np.lib.stride_tricks.sliding_window_view(noise, overlap, axis=1).sum(axis=2)
        for overlap in (4, 12)
    )
    hanging = noise.copy()
    for place in range(1, length + 20):
        hanging[:, place] += 0.5 * hanging[:, place - 1]
    for name, made in (
        ("Each half like the one before", hanging),
        ("Rolling twelve months, by quarter", quarters),
        ("Rolling twelve months, by month", months),
    ):
        said = float(case[name].rstrip("%")) / 100
        assert share_of_arrows(made[:, -length:]) == pytest.approx(said, abs=0.015), name


def seasonal_alarms(case: Cells) -> None:
    runs, length = 8_000, int(case["Figures"])
    periods = 12 if case["Each is a"] == "month" else 4
    random = np.random.default_rng(20240930)
    place = np.arange(length) / periods + random.uniform(0, 1, (runs, 1))
    wave = float(case["Height of the season"]) * np.sin(2 * np.pi * place)
    said = float(case["False alarms"].rstrip("%")) / 100
    found = share_of_arrows(wave + random.standard_normal((runs, length)))
    assert found == pytest.approx(said, abs=0.015)


def arrows_by_chance(case: Cells) -> None:
    ways, many = case["KPIs with a direction"], case["Shown as improving or worsening by chance"]
    said = robust.by_chance(int(ways), PLAIN)
    if many == "–":
        assert said == ""
        return
    assert said.startswith(
        f"If all {ways} KPIs with a direction were stable, about {many} would still be shown"
    )


def figure_shown(case: Cells) -> None:
    known = [entry.split(": ") for entry in case["Figures known"].split("; ")]
    rows = [
        f"A | {period} | | no_data" if value == "no data" else f"A | {period} | {value} | actual"
        for period, value in known
    ]
    measure = {"in the period": "in_period", "at its end": "snapshot"}[case["Measured"]]
    years = [f"A | {year} | {case['Due every']}" for year in tables.YEARS]
    figures = tables.figures(
        indicators=f"indicator | arrears | measure\nA | {case['Periods late']} | {measure}",
        placements="\n".join(["indicator | year | frequency", *years]),
        observations="\n".join(["indicator | period | value | status", *rows]),
    )
    at = Period.parse(case["Report for"])
    placed = registry.placed(figures, "qpr", at)
    found = series.shown(series.points(figures.observations, placed, figures.year_start), at)
    if case["Shows"] == "–":
        assert found.is_empty()
        return
    row = one(found)
    assert (row["value"], row["period"]) == (
        number(case["Shows"].replace("no data", "–")),
        case["Of"],
    )
    if case["Shows"] == "no data":
        assert row["status"] == "no_data"


def observation(period: str, cell: str) -> list[str]:
    """The row of a figure as the tables write it: `45 of 50`, `4 over 10`, `12`, `no data`, `–`."""
    if cell == "–":
        return []
    if cell == "no data":
        return [f"A | {period} | | | | no_data"]
    top, _, bottom = cell.partition(" of ")
    if bottom:
        return [f"A | {period} | | {top} | {bottom} | actual"]
    value, _, bottom = cell.partition(" over ")
    return [f"A | {period} | {value} | | {bottom} | actual"]


HEADER = "indicator | period | value | numerator | denominator | status"


def year_to_date(case: Cells) -> None:
    rows = [row for q in ("Q1", "Q2", "Q3") for row in observation(f"2024/25 {q}", case[q])]
    rows = [f"{row} | period" for row in rows]
    if case["Printed"] != "–":
        rows.append(f"A | 2024/25 Q3 | {case['Printed']} | | | actual | ytd")
    figures = tables.figures(
        indicators=f"indicator | unit | ytd\nA | {case['Unit']} | {case['How']}",
        observations="\n".join([f"{HEADER} | basis", *rows]),
    )
    at = Period.parse("2024/25 Q3")
    placed = registry.placed(figures, "qpr", at)
    points = series.points(figures.observations, placed, figures.year_start)
    to_date = series.year_to_date(points, figures.observations, placed, at)
    assert to_date.filter(pl.col("value").is_not_null())["value"].to_list() == (
        [] if case["Year to date"] == "–" else [number(case["Year to date"])]
    )


def rolling(case: Cells) -> None:
    periods = {"Q3": "2023/24 Q3", "Q4": "2023/24 Q4", "Q1": "2024/25 Q1", "Q2": "2024/25 Q2"}
    rows = [row for q, period in periods.items() for row in observation(period, case[q])]
    figures = tables.figures(
        indicators=f"indicator | unit\nA | {case['Unit']}",
        observations="\n".join([HEADER, *rows]),
    )
    placed = registry.placed(figures, "qpr", Q2)
    points = series.points(figures.observations, placed, figures.year_start)
    up_to = series.rolling_twelve_months(points).filter(pl.col("period") == "2024/25 Q2")
    assert one(up_to)["rolling"] == number(case["Twelve months to Q2"])


def round_figure(case: Cells) -> None:
    value, places = number(case["Figure"]), int(case["Decimals"])
    assert value is not None
    frame = pl.DataFrame({"value": [value], "places": [places]}, schema_overrides={"value": FIGURE})
    shown = frame.select(exact.shown(pl.col("value"), pl.col("places"))).item()
    assert shown == number(case["Shown"])
    assert display.figure(value, "number", places) == case["Shown"]


def percentage(case: Cells) -> None:
    parts = {"top": number(case["Numerator"]), "bottom": number(case["Denominator"])}
    frame = pl.DataFrame([parts], schema_overrides=dict.fromkeys(parts, FIGURE))
    places = pl.lit(int(case["Decimals"]))
    found = frame.select(
        exact.quotient(pl.col("top"), pl.col("bottom"), pl.lit(100), places)
    ).item()
    assert found == number(case["Percentage"])


_BY_COUNTS = " by the counts"


def card(rows: list[tuple[str, str]]) -> pl.DataFrame:
    """What counts need of a scorecard: one KPI for each pair of rating and direction."""
    return pl.DataFrame(
        [
            (word, heading.removesuffix(_BY_COUNTS), heading.endswith(_BY_COUNTS), "Roads", "period", None)
            for word, heading in rows
        ],
        schema={
            "rating": rating.RATING, "direction": trend.DIRECTION, "direction_by_counts": pl.Boolean,
            "section": pl.String, "basis": pl.String, "previous_rating": rating.RATING,
        },
        orient="row",
    )  # fmt: skip


def count_ratings(case: Cells) -> None:
    kpis = card([(word, "stable") for word in case["KPIs of the section"].split(", ")])
    row = summary.counts(kpis, tables.figures(), "qpr", Q2).row(0, named=True)
    names = ["green", "amber", "red", "no_data", "not_rated"]
    assert [str(row[name]) for name in names] == list(case.values())[1:]


def count_directions(case: Cells) -> None:
    kpis = card([("GREEN", word) for word in case["KPIs of the section"].split(", ")])
    said = [] if case["The document counts"] == "–" else case["The document counts"].split(", ")
    rows = [f"D | Roads | {' | '.join(entry.split(' '))}" for entry in said]
    figures = tables.figures(
        documents="document | period\nD | 2024/25 Q2",
        published_counts="\n".join(["document | section | measure | count", *rows]),
    )
    section, total = summary.counts(kpis, figures, "qpr", Q2).iter_rows(named=True)
    names = ["improving", "stable", "worsening", "directions_basis"]
    assert [str(section[name]) for name in names] == list(case.values())[2:]
    assert [total[name] for name in names] == [section[name] for name in names]


def published(case: Cells) -> None:
    figure = case["Figure"]
    rows = [] if figure == "–" else observation("2024/25 Q2", figure)
    target, floor = amount(case["Target"]), amount(case["Floor"])
    figures = tables.figures(
        indicators="indicator | name\nA | A",
        documents="document | period\nD | 2024/25 Q2",
        observations="\n".join([HEADER, *rows]),
        targets=f"indicator | year | status | target | floor\nA | 2024/25 | "
        f"{'set' if target else 'tbc'} | {target} | {floor}",
        published=f"document | indicator | period | rating\nD | A | 2024/25 Q2 | "
        f"{case['The document prints'].replace('–', '')}",
    )
    row = one(scorecard.kpis(figures, "qpr", Q2))
    assert (row["rating"], row["rating_basis"]) == (case["Shown"], case["Basis"])


def published_for(case: Cells) -> None:
    figure, target, floor, *printed, rating, shown, basis = case.values()
    beside = " | ".join(cell.strip("–") for cell in printed)
    figures = tables.figures(
        indicators="indicator | name | decimals\nA | A | 0",
        documents="document | period\nD | 2024/25 Q2",
        observations="\n".join(
            [HEADER, *([] if figure == "–" else observation("2024/25 Q2", figure))]
        ),
        targets="indicator | year | target | floor"
        + ("" if target == "–" else f"\nA | 2024/25 | {target} | {floor.strip('–')}"),
        published="document | indicator | period | value | target | floor | rating\n"
        f"D | A | 2024/25 Q2 | {beside} | {rating}",
    )
    row = one(scorecard.kpis(figures, "qpr", Q2))
    assert (row["rating"], row["rating_basis"]) == (shown, basis)


def published_before(case: Cells) -> None:
    before, own, later = list(case.values())[:3]
    figures = tables.figures(
        indicators="indicator | name\nA | A",
        documents="document | period\nOLD | 2024/25 Q1\nNEW | 2024/25 Q2",
        observations="\n".join(["indicator | period | value", f"A | 2024/25 Q1 | {before}"])
        if before != "–"
        else "indicator | period | value",
        targets="indicator | year | target | floor\nA | 2024/25 | 85 | 80",
        published=f"""
            document | indicator | period     | rating                | previous_rating
            OLD      | A         | 2024/25 Q1 | {own.strip("–")}   |
            NEW      | A         | 2024/25 Q2 |                       | {later.strip("–")}
            """,
    )
    row = one(scorecard.kpis(figures, "qpr", Q2))
    said = (case["Shown as previous"], case["Basis"])
    assert (row["previous_rating"], row["previous_basis"]) == said


CHECKS: dict[tuple[str, str], Callable[[Cells], None]] = {
    ("rating", "Higher is better"): rate("higher"),
    ("rating", "Lower is better"): rate("lower"),
    ("rating", "A range is best"): rate("range"),
    ("rating", "The closer to the target the better"): rate("target"),
    ("other-rules", "A council's own rules"): listed,
    ("other-rules", "A tolerance in points"): rate_by("points"),
    ("other-rules", "A tolerance in percent"): rate_by("percent"),
    ("other-rules", "Met or missed"): rate_by("none"),
    ("other-rules", "No worse than a year before"): rate_by("year_ago"),
    ("other-rules", "Which figure is that of a year before"): year_before,
    ("other-rules", "One KPI with a rule of its own"): own_rule,
    ("other-rules", "A direction from two figures"): compared,
    ("other-rules", "Which figures are compared"): two_figures,
    ("alerts", "Cases"): alert,
    ("alerts", "Period or year to date"): alert_of_year,
    ("direction", "Cases"): direction,
    ("direction", "The closer to the target the better"): direction_to_target,
    ("direction", "The window"): window,
    ("direction", "What it can tell"): power,
    ("direction", "When figures hang together"): false_alarms,
    ("direction", "When figures come and go with the season"): seasonal_alarms,
    ("direction", "What chance makes of the counts"): arrows_by_chance,
    ("which-figure", "Cases"): figure_shown,
    ("year-to-date", "Cases"): year_to_date,
    ("year-to-date", "Twelve months rolling"): rolling,
    ("rounding", "Figures"): round_figure,
    ("rounding", "Percentages"): percentage,
    ("counts", "Ratings"): count_ratings,
    ("counts", "Directions"): count_directions,
    ("published", "Cases"): published,
    ("published", "For which figure it stands"): published_for,
    ("published", "The quarter before"): published_before,
    **arrow_rules.CHECKS,
    **before_rules.CHECKS,
    **year_rules.CHECKS,
    **quality_rules.CHECKS,
    **file_rules.CHECKS,
    **upload_rules.CHECKS,
    **edition_rules.CHECKS,
    **commentary_rules.CHECKS,
    **spc_rules.CHECKS,
    **outlook_rules.CHECKS,
    **measure_rules.CHECKS,
    **paper_rules.CHECKS,
    **chart_rules.CHECKS,
}

PAGES = sorted(tables.RULES.glob("*.md"))
CASES = [case for page in PAGES for case in tables.cases_of(page)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.page}: {case}")
def test_the_page_says_what_the_core_does(case: tables.Case) -> None:
    CHECKS[case.page, case.heading](case.cells)


def test_every_table_is_checked_and_every_check_has_its_table() -> None:
    assert {(case.page, case.heading) for case in CASES} == set(CHECKS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_opens_with_its_title_and_explains_itself_before_its_first_table(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert lines[2][0].isalpha()
