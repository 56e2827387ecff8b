"""The tables of docs/rules/outlook.md against run-rate and forecast."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from kpi_core import forecast, outcomes, rating, run_rate
from kpi_core.bounded import Scale
from kpi_core.fields import FIGURE
from kpi_core.forecast import Model, Outlook
from kpi_core.views.ahead import between
from kpi_core.words import Ytd
from tests.tables import Cells, limits, number


def bands(polarity: str, target: str, floor: str = "–") -> list[Decimal | None]:
    """The ends of the bands in which a figure is Green, and in which it is at least Amber."""
    (low, high), (floor_low, floor_high) = limits(target), limits(floor)
    row = {"target": low, "target_high": high, "floor": floor_low, "floor_high": floor_high}
    frame = rating.with_bands(
        pl.DataFrame([row], schema_overrides=dict.fromkeys(row, FIGURE)).with_columns(
            polarity=pl.lit(polarity)
        )
    )
    return [frame[name].item() for name in ("target_from", "target_to", "floor_from", "floor_to")]


def decimals_of(cell: str) -> list[Decimal]:
    return [figure for one in cell.split(", ") if (figure := number(one)) is not None]


def so_far(case: Cells) -> run_rate.YearSoFar:
    how, left = Ytd(case["How the year adds up"]), int(case["Left"])
    if " for " in case["So far"]:
        weighed = [one.split(" for ") for one in case["So far"].split(", ")]
        figures, cases = ([Decimal(one) for one in column] for column in zip(*weighed, strict=True))
        return run_rate.YearSoFar(how, figures, left, weights=cases)
    if how != Ytd.RATIO:
        return run_rate.YearSoFar(how, decimals_of(case["So far"]), left)
    pairs = [one.split(" of ") for one in case["So far"].split(", ")]
    parts = [(Decimal(above), Decimal(below)) for above, below in pairs]
    return run_rate.YearSoFar(
        how, [above / below for above, below in parts], left, parts, factor=100
    )


def needed(case: Cells) -> None:
    low, high, *_ = bands(case["Better is"], case["Target"])
    found = run_rate.needed(so_far(case), low, high)
    said = "–"
    if found is not None:
        largest = 100 if case["How the year adds up"] == "ratio" else None
        least, most = found.shown(found.places(int(case["Decimals"])))
        ends = [f"at least {least}"] * (least is not None) + [f"at most {most}"] * (
            most is not None
        )
        said = " and ".join(ends)
        if found.certain(0, largest):
            said = "any: met already"
        elif not found.possible(0, largest):
            said = "none: out of reach"
    assert said == case["Each period left must bring"]


def history(case: Cells, season: int = 4) -> forecast.Past:
    figures = [float(figure) for figure in decimals_of(case["Figures, oldest first"])]
    return forecast.past(figures, season, horizon=4)


def model(case: Cells) -> None:
    known, ahead = history(case, int(case["In a year"])), int(case["Ahead"])
    found = forecast.outlook(known, ahead)
    enough = len(known.values) >= forecast.periods_needed(known.season, ahead)
    assert (found is not None) is enough
    if found is None:
        assert (case["Forecast"], case["Model"]) == ("too short", "–")
    else:
        assert (f"{found.centre:g}", found.model) == (case["Forecast"], case["Model"])
        assert found.interval() == pytest.approx((found.centre, found.centre))


def year_end(case: Cells) -> None:
    known, left = history(case), int(case["Left"])
    done = known.values[-int(case["Of this year"]) :].tolist()
    so_far = forecast.SoFar(sum(done), len(done), left)
    found = forecast.year_end(known, Ytd(case["How the year adds up"]), so_far)
    if found is None:
        assert case["Forecast"] == ("–" if left == 0 else "too short")
    else:
        assert found.centre == pytest.approx(float(case["Forecast"]))


def bounds(case: Cells) -> None:
    target = number(case["Target"])
    found = between(pl.Series(decimals_of(case["Figures"])), case["Unit"], target)
    assert [written(end) for end in found] == [case["Smallest"], case["Largest"]]


def written(end: int | None) -> str:
    return "–" if end is None else str(end)


def bounded(case: Cells) -> None:
    first, change, smallest, largest = (
        None if (one := number(case[name])) is None else float(one)
        for name in ("First figure", "Change each quarter", "Smallest", "Largest")
    )
    assert first is not None
    assert change is not None
    line = first + change * np.arange(17)
    figures = line if smallest is None else np.maximum(line, smallest)
    found = forecast.outlook(forecast.past(figures.tolist(), 4, 3, Scale(smallest, largest)), 3)
    assert found is not None
    assert f"{found.centre:.1f}" == case["Forecast"]
    assert "{:.1f} to {:.1f}".format(*found.interval()) == case["Interval"]


def chances(case: Cells) -> None:
    view = Outlook(Model.LAST, float(case["Forecast"]), float(case["Spread"]), 2, 8)
    assert "{:.1f} to {:.1f}".format(*view.interval()) == case["Interval"]
    low, high, floor_low, floor_high = bands(case["Better is"], case["Target"], case["Floor"])
    found = forecast.chances(view, outcomes.aim(low, high, floor_low, floor_high, decimals=0))
    assert found is not None
    shown = ["–" if chance is None else f"{chance:.0%}" for chance in found]
    assert shown == [case["Green"], case["Amber"], case["Red"]]


CHECKS = {
    ("outlook", "The run-rate"): needed,
    ("outlook", "Which model"): model,
    ("outlook", "Bounds"): bounds,
    ("outlook", "Inside the bounds"): bounded,
    ("outlook", "The year's end"): year_end,
    ("outlook", "Interval and chances"): chances,
}
