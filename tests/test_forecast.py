"""The outlook, and the scores of past forecasts."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import forecasts as held_back
from kpi_core import calibration, exact, forecast, outcomes, rating
from kpi_core.bounded import PLAIN, Scale
from kpi_core.fields import FIGURE
from kpi_core.forecast import Aim, Model, Outlook, SoFar
from kpi_core.words import DECIDED, Rating, Ytd

MONTHS = 12


def wandering(count: int, seed: int = 7) -> list[float]:
    """A level that drifts and a season on top of it."""
    random = np.random.default_rng(seed)
    level = 100 + random.standard_normal(count).cumsum()
    season = 10 * np.sin(np.arange(count) * 2 * np.pi / MONTHS)
    figures = level + season + random.standard_normal(count)
    return [round(float(figure), 1) for figure in figures]


def test_each_model_says_what_its_name_says() -> None:
    figures = wandering(30)
    made = {model: rows[-1] for model, rows in forecast.past(figures, MONTHS, 3).forecasts.items()}
    assert made[Model.LAST].tolist() == [figures[-1]] * 3
    assert made[Model.SEASON].tolist() == figures[18:21]
    step = (figures[-1] - figures[0]) / 29
    assert made[Model.DRIFT] == pytest.approx([figures[-1] + n * step for n in (1, 2, 3)])
    assert np.ptp(made[Model.SMOOTHED]) == 0
    assert made[Model.BLEND] == pytest.approx((made[Model.SMOOTHED] + made[Model.SEASON]) / 2)


@pytest.mark.parametrize("seed", range(12))
def test_the_level_is_that_of_statsmodels_at_each_moment(seed: int) -> None:
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    figures = wandering(30, seed)
    levels = forecast.past(figures, 4, 1).forecasts[Model.SMOOTHED][:, 0]
    for moment in (6, 12, 21, 30):
        seen = np.array(figures[:moment])
        model = SimpleExpSmoothing(
            seen, initialization_method="known", initial_level=seen[:3].mean()
        )
        best = model.fit()
        nearby = [
            model.fit(smoothing_level=share, optimized=False).forecast(1)[0]
            for share in np.clip(best.params["smoothing_level"] + np.array([-0.01, 0, 0.01]), 0, 1)
        ]
        assert min(nearby) - 1e-6 <= levels[moment] <= max(nearby) + 1e-6


def test_what_was_not_known_then_changes_nothing() -> None:
    figures = wandering(34)
    changed = [*figures[:26], *[999.0] * 8]
    then = [forecast.past(known, MONTHS, 3).until(26) for known in (figures, changed)]
    assert forecast.outlook(then[0], 3) == forecast.outlook(then[1], 3)
    assert forecast.outlook(then[0], 3) == forecast.outlook(
        forecast.past(figures[:26], MONTHS, 3), 3
    )


@pytest.mark.parametrize(("ahead", "total"), [(1, False), (3, False), (3, True)])
def test_what_came_is_held_against_what_was_forecast(ahead: int, total: bool) -> None:
    figures = wandering(30)
    history = forecast.past(figures, MONTHS, 4)
    expected = []
    for moment in range(12, 30 - ahead + 1):
        said = [figures[moment - 12 + step] for step in range(ahead)]
        came = figures[moment : moment + ahead]
        pair = (sum(came) / ahead, sum(said) / ahead) if total else (came[-1], said[-1])
        expected.append(pair)
    found = history.came_and_forecast(Model.SEASON, ahead, total=total)
    assert list(zip(*found, strict=True)) == [pytest.approx(pair) for pair in expected]


@pytest.mark.parametrize(("season", "ahead"), [(12, 1), (12, 6), (4, 2), (1, 1)])
def test_a_history_is_long_enough_just_when_it_says_so(season: int, ahead: int) -> None:
    count = forecast.periods_needed(season, ahead)
    long, short = (forecast.past(wandering(n), season, ahead) for n in (count, count - 1))
    assert forecast.outlook(long, ahead) is not None
    assert forecast.outlook(short, ahead) is None
    assert forecast.too_short(count - 1, season, ahead, "months") == (
        f"{count - 1} months in a row are too short a history to look {ahead} ahead. "
        f"It takes {count}."
    )


def test_an_empty_history_has_no_outlook() -> None:
    assert forecast.outlook(forecast.past([], MONTHS, 3), 3) is None


@given(st.floats(0, 100), st.floats(0, 100), st.sampled_from([PLAIN, Scale(0), Scale(0, 100)]))
def test_a_scale_keeps_order_and_leads_back(one: float, other: float, scale: Scale) -> None:
    low, high = sorted([one, other])
    assert scale.of(low) <= scale.of(high)
    assert float(scale.figures(scale.of(one))) == pytest.approx(one, abs=1e-6)


@given(st.floats(-5, 5))
def test_no_place_of_a_bounded_scale_leads_out_of_its_bounds(place: float) -> None:
    assert 0 <= float(Scale(0, 100).figures(place)) <= 100
    assert float(Scale(0).figures(place)) >= 0


@given(
    st.lists(st.integers(900, 1000), min_size=16, max_size=28),
    st.integers(1, 3),
    st.sampled_from([Ytd.MEAN, Ytd.LATEST, Ytd.SUM]),
)
def test_percentages_near_100_stay_percentages(known: list[int], left: int, how: Ytd) -> None:
    history = forecast.past([one / 10 for one in known], 4, left, Scale(0, 100)).at_one_level
    view = forecast.year_end(history, how, SoFar(sum(known[-2:]) / 10, 2, left))
    if view is not None:
        low, high = view.interval()
        most = sum(known[-2:]) / 10 + 100 * left if how == Ytd.SUM else 100
        assert 0 <= low <= view.centre <= high <= most + 1e-9


def test_a_rise_towards_100_does_not_go_beyond() -> None:
    """The straight line through these goes on to 103.9."""
    rising = [60 + 2.3 * place for place in range(17)]
    plain, bounded = (
        forecast.outlook(forecast.past(rising, 4, 3, scale), 3) for scale in (PLAIN, Scale(0, 100))
    )
    assert plain is not None
    assert bounded is not None
    assert plain.centre == pytest.approx(103.7)
    low, high = bounded.interval()
    assert rising[-1] < low < bounded.centre < high <= 100


def test_a_change_of_level_does_not_make_the_rest_less_sure() -> None:
    noise = np.random.default_rng(4).standard_normal(24)
    steady, shifted = noise + 50, noise + 50 - 10 * (np.arange(24) < 16)
    views = [
        forecast.outlook(forecast.past(figures, 4, 2).at_one_level, 2)
        for figures in (steady, shifted)
    ]
    assert views[0] is not None
    assert views[1] is not None
    assert views[1].centre == pytest.approx(views[0].centre, abs=0.7)
    assert views[1].spread < 1.3 * views[0].spread


@pytest.mark.parametrize("kind", ["noise", "trend"])
def test_where_nothing_changed_at_once_no_level_is_moved(kind: str) -> None:
    random = np.random.default_rng(8)
    moved = 0
    for _ in range(300):
        figures = random.standard_normal(28) + (0.3 * np.arange(28) if kind == "trend" else 0)
        history = forecast.past(figures, 4, 2)
        moved += history.at_one_level is not history
    assert moved <= 6


def test_intervals_hold_four_of_five_of_every_kind_and_stay_in_bounds() -> None:
    """The short form of `make benchmark-forecasts`."""
    found = held_back.scored(held_back.held_back(130), "kind")
    assert found["kind"].to_list() == list(held_back.KINDS)
    # 260 forecasts and more of each kind: two and a half standard errors beside the bounds meant.
    low, high = held_back.COVERAGE
    for row in found.iter_rows(named=True):
        assert low - 0.03 <= row["coverage"] <= high + 0.03, row
        assert row["outside"] == 0, row


@pytest.mark.parametrize(
    ("known", "since"),
    [
        ({1: 5, 2: 6, 3: 7}, [5, 6, 7]),
        ({1: 5, 3: 6, 4: 7}, [6, 7]),
        ({4: 7, 1: 5, 3: 6}, [6, 7]),
        ({1: 5, 2: None, 3: 6, 4: 7, 6: 8, 7: 9}, [8, 9]),
        ({1: 5, 2: 6, 3: None}, [5, 6]),
        ({}, []),
    ],
)
def test_history_is_what_came_since_the_last_gap(
    known: dict[int, float | None], since: list[float]
) -> None:
    points = pl.DataFrame(
        list(known.items()), schema={"x": pl.Int64, "value": pl.Float64}, orient="row"
    )
    assert forecast.unbroken(points) == since


def test_a_forecast_far_ahead_is_less_sure_than_a_near_one() -> None:
    random = np.random.default_rng(3)
    history = forecast.past((100 + random.standard_normal(60).cumsum()).tolist(), 4, 6)
    widths = []
    for ahead in (1, 3, 6):
        view = forecast.outlook(history, ahead)
        assert view is not None
        low, high = view.interval()
        widths.append(high - low)
    assert widths == sorted(widths)


@given(st.floats(-50, 50), st.floats(0.1, 20), st.floats(2, 30), st.floats(-60, 60))
def test_interval_and_chances_are_those_of_student(
    centre: float, spread: float, freedom: float, edge: float
) -> None:
    from scipy.stats import t as student

    view = Outlook(Model.LAST, centre, spread, freedom, 8)
    low, high = student.interval(0.8, freedom, centre, spread)
    assert view.interval() == pytest.approx((low, high))
    assert view.chance_below(edge) == pytest.approx(student.cdf(edge, freedom, centre, spread))


ends = st.none() | st.integers(-300, 1300).map(lambda n: Decimal(n).scaleb(-1))
#: Target and floor, lower and upper end, floors on the wrong side and empty ranges included.
all_bands = st.tuples(ends, ends, ends, ends)


def aim(*bands: Decimal | int | None, decimals: int) -> Aim | None:
    low, high, floor_low, floor_high = (None if one is None else Decimal(one) for one in bands)
    return outcomes.aim(low, high, floor_low, floor_high, decimals)


@given(
    st.floats(0, 100), st.floats(0, 0.4), all_bands, st.integers(0, 2),
    st.sampled_from([PLAIN, Scale(0), Scale(0, 100)]),
)  # fmt: skip
def test_chances_are_chances_whatever_target_and_floor(
    centre: float,
    spread: float,
    bands: tuple[Decimal | None, ...],
    decimals: int,
    scale: Scale,
) -> None:
    view = Outlook(Model.LAST, float(scale.of(centre)), spread, 4, 8, scale)
    found = forecast.chances(view, aim(*bands, decimals=decimals))
    assert (found is None) == (bands[:2] == (None, None))
    if found is not None:
        known = [chance for chance in found if chance is not None]
        assert all(0 <= chance <= 1 for chance in known)
        if len(known) == 3:
            assert sum(known) == pytest.approx(1)


@given(st.integers(-400, 1400).map(lambda n: Decimal(n).scaleb(-2)), all_bands, st.integers(0, 2))
def test_an_outcome_that_is_certain_has_the_rating_of_that_figure(
    figure: Decimal, bands: tuple[Decimal | None, ...], decimals: int
) -> None:
    names = ("target_from", "target_to", "floor_from", "floor_to")
    row = pl.DataFrame(
        [(*bands, figure, decimals)],
        schema={**dict.fromkeys([*names, "value"], FIGURE), "decimals": pl.Int32()},
        orient="row",
    )
    shown = row.with_columns(shown=exact.shown(pl.col("value"), pl.col("decimals")))
    expected = shown.select(rating.verdict()).item()
    sure = Outlook(Model.LAST, float(figure), 0, 4, 8)
    found = forecast.chances(sure, aim(*bands, decimals=decimals))
    if expected == Rating.NOT_RATED:
        assert found is None
    else:
        assert found is not None
        assert found.green == (expected == Rating.GREEN)
        if None not in found:
            assert list(found) == [float(one == expected) for one in DECIDED]


def test_without_a_target_there_is_no_chance_of_anything() -> None:
    view = Outlook(Model.LAST, 5, 1, 4, 8)
    assert forecast.chances(view, aim(None, None, 3, 4, decimals=0)) is None


def test_a_year_adds_up_as_its_rule_says() -> None:
    figures = wandering(40)
    history = forecast.past(figures, MONTHS, 8)
    last, total = (forecast.outlook(history, 8, total=total) for total in (False, True))
    assert last is not None
    assert total is not None
    done = figures[-4:]
    year = {how: forecast.year_end(history, how, SoFar(sum(done), 4, 8)) for how in Ytd}
    assert year[Ytd.LATEST] == year[Ytd.NONE] == last
    by_sum, by_mean = year[Ytd.SUM], year[Ytd.MEAN]
    assert by_sum is not None
    assert by_mean is not None
    assert by_sum.centre == pytest.approx(sum(done) + total.centre)
    assert by_sum.spread == total.spread
    assert by_mean == year[Ytd.RATIO]
    assert by_mean.centre == pytest.approx(by_sum.centre / 12)
    assert np.ptp(by_mean.interval()) == pytest.approx(np.ptp(by_sum.interval()) / 12)


AIM = aim(100, None, 95, None, decimals=0)


@pytest.fixture(scope="module")
def history() -> forecast.Past:
    return forecast.past(wandering(40), MONTHS, 3)


def test_each_past_forecast_is_the_one_of_its_moment(history: forecast.Past) -> None:
    replays = calibration.replayed(history, 3, aim=AIM)
    own = replays.filter(method="chosen")
    assert own["moment"].to_list() == list(range(forecast.periods_needed(MONTHS, 3), 38))
    for row in own.iter_rows(named=True):
        moment = row["moment"]
        then = forecast.past(history.values[:moment].tolist(), MONTHS, 3)
        view = forecast.outlook(then.at_one_level, 3)
        assert view is not None
        assert (row["centre"], row["model"]) == (view.centre, view.model)
        assert (row["low"], row["high"]) == view.interval()
        assert (row["green"], row["amber"], row["red"]) == forecast.chances(view, AIM)
        outcome = history.values[moment + 2]
        assert row["outcome"] == outcome
        shown = np.floor(outcome + 0.5)
        came = [shown >= 100, 95 <= shown < 100, shown < 95]
        assert [row["came_green"], row["came_amber"], row["came_red"]] == came
    others = replays.filter(pl.col("method") != "chosen")
    assert dict(others.select("method", "model").unique().rows()) == {
        "naive": "the latest figure",
        "seasonal-naive": "the figure of a year before",
    }


def test_scores_are_those_worked_out_by_hand() -> None:
    replays = pl.DataFrame(
        {
            "method": ["chosen"] * 2, "low": [8.0, 8.0], "centre": [10.0, 10.0],
            "high": [12.0, 12.0], "outcome": [11.0, 17.0], "scale": [1.0, 2.0],
            "green": [0.5, 0.9], "amber": [0.3, 0.1], "red": [0.2, 0.0],
            "came_green": [1.0, 0.0], "came_amber": [0.0, 0.0], "came_red": [0.0, 1.0],
        }
    )  # fmt: skip
    row = calibration.scores(replays).row(0, named=True)
    assert (row["forecasts"], row["coverage"]) == (2, 0.5)
    # The mean of 0.3, 0.5 and 0.1; and that of 0.9, 3.5 and 4.5, in steps of 2.
    assert row["pinball"] == pytest.approx((0.3 + 8.9 / 6) / 2)
    # 0.25 + 0.09 + 0.04 and 0.81 + 0.01 + 1
    assert row["brier"] == pytest.approx((0.38 + 1.82) / 2)


def test_without_an_aim_there_is_no_brier_score(history: forecast.Past) -> None:
    found = calibration.scores(calibration.replayed(history, 3))
    assert found["brier"].to_list() == [None] * 3
    assert found["coverage"].is_between(0, 1).all()


def test_a_history_in_which_nothing_ever_moved_is_not_scored() -> None:
    level = forecast.past([5.0] * 40, MONTHS, 3)
    assert calibration.replayed(level, 3).is_empty()
    assert calibration.scores(calibration.replayed(level, 3)).is_empty()
