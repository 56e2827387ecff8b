"""The outlook, and the scores of past forecasts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import calibration, forecast
from kpi_core.forecast import Aim, Model, Outlook
from kpi_core.words import Ytd

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
def test_misses_are_outcome_less_forecast(ahead: int, total: bool) -> None:
    figures = wandering(30)
    history = forecast.past(figures, MONTHS, 4)
    missed = []
    for moment in range(12, 30 - ahead + 1):
        said = [figures[moment - 12 + step] for step in range(ahead)]
        came = figures[moment : moment + ahead]
        missed.append(sum(came) - sum(said) if total else came[-1] - said[-1])
    assert history.misses(Model.SEASON, ahead, total=total) == pytest.approx(missed)


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


def test_an_interval_ends_where_figures_end() -> None:
    view = Outlook(Model.LAST, 97, 4, 5, 8)
    low, high = view.interval()
    assert high > 100
    assert view.interval(0, 100) == (low, 100)
    assert Outlook(Model.LAST, 1, 4, 5, 8).interval(smallest=0)[0] == 0


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


@given(
    st.floats(0, 100), st.floats(0, 20), st.integers(10, 90), st.integers(0, 10), st.integers(0, 2)
)
def test_chances_of_the_three_ratings_add_up(
    centre: float, spread: float, target: int, leeway: int, decimals: int
) -> None:
    view = Outlook(Model.LAST, centre, spread, 4, 8)
    for aim in (
        Aim(target, None, target - leeway, None, decimals),
        Aim(None, target, None, target + leeway, decimals),
        Aim(target, target + 5, target - leeway, target + 5 + leeway, decimals),
    ):
        found = forecast.chances(view, aim)
        assert found is not None
        known = [chance for chance in found if chance is not None]
        assert len(known) == 3
        assert sum(known) == pytest.approx(1)
        assert all(-1e-12 <= chance <= 1 + 1e-12 for chance in known)


def test_without_a_target_there_is_no_chance_of_anything() -> None:
    assert forecast.chances(Outlook(Model.LAST, 5, 1, 4, 8), Aim(None, None, None, None, 0)) is None


def test_a_year_adds_up_as_its_rule_says() -> None:
    figures = wandering(40)
    history = forecast.past(figures, MONTHS, 8)
    last, total = (forecast.outlook(history, 8, total=total) for total in (False, True))
    assert last is not None
    assert total is not None
    done = figures[-4:]
    year = {how: forecast.year_end(history, how, done, 8) for how in Ytd}
    assert year[Ytd.LATEST] == year[Ytd.NONE] == last
    by_sum, by_mean = year[Ytd.SUM], year[Ytd.MEAN]
    assert by_sum is not None
    assert by_mean is not None
    assert by_sum.centre == pytest.approx(sum(done) + total.centre)
    assert by_sum.spread == total.spread
    assert by_mean == year[Ytd.RATIO]
    assert by_mean.centre == pytest.approx(by_sum.centre / 12)
    assert by_mean.spread == pytest.approx(total.spread / 12)


AIM = Aim(100, None, 95, None, 0)


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
        view = forecast.outlook(then, 3)
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
