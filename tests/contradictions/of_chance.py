"""XmR chart, outlook and run-rate: what cannot be said beside each other, or beside the rating."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kpi_core import outcomes, trend
from kpi_core.spc import Assurance, Cause
from kpi_core.views import season_disagreement
from kpi_core.words import DECIDED, Direction, Rating
from tests.contradictions.statements import Activity, Kpi, Row

_MOVES = (Direction.IMPROVING, Direction.WORSENING)
#: What differs by less than this does so by binary rounding.
_DUST = 1e-6
_HALF = 0.5


def assurance_and_rating(kpi: Kpi) -> Iterator[str]:
    """A promise that nearly all figures meet or miss the target, and a figure that does otherwise."""
    found, row = kpi.control, kpi.row
    known = kpi.view.places.filter(pl.col("value").is_not_null())
    if not found.assurance or known["end_month"][-1] != row["end_month"]:
        return
    against = {Assurance.MET: (Rating.RED, Rating.AMBER), Assurance.MISSED: (Rating.GREEN,)}
    if row["rating"] in against.get(Assurance(found.assurance), ()):
        yield f"{found.assurance} beside the rating {row['rating']}"


def assurance_and_direction(kpi: Kpi) -> Iterator[str]:
    """`As long as nothing changes` is said of nothing that moves."""
    if kpi.control.assurance and kpi.row["direction_regression"] in _MOVES:
        yield f"{kpi.control.assurance} beside figures that are {kpi.row['direction_regression']}"


def assurance_and_causes(one: Kpi | Activity) -> Iterator[str]:
    """Assurance rests on limits that hold: no special cause in the latest stretch, and a reason where
    there is a target and none is given.
    """
    found = one.control
    if found.remark:
        return
    latest = found.places.filter(pl.col("value").is_not_null())
    has_target = any(found.latest[end] is not None for end in ("target_from", "target_to"))
    if bool(found.assurance) and bool(found.unstable):
        yield f"{found.assurance} beside “not stable: {found.unstable}”"
    if has_target is not bool(found.assurance or found.unstable):
        yield f"{'a' if has_target else 'no'} target beside {found.assurance or 'no assurance'}"
    stage = "proposed_stage" if found.proposed else "stage"
    of_stretch = latest.filter(pl.col(stage) == latest[stage][-1])
    if not found.assurance:
        return
    ends = ("proposed_lower", "proposed_upper") if found.proposed else ("lower", "upper")
    outside = ~pl.col("value").is_between(*ends)
    special = outside if found.proposed else outside | (pl.col("cause") != Cause.COMMON)
    if count := of_stretch.filter(special).height:
        yield f"{found.assurance} beside {count} special causes in {of_stretch.height} figures"


def limits_in_order(one: Kpi | Activity) -> Iterator[str]:
    """The mean lies between the limits; an assurance is what they give of the target."""
    found = one.control
    if found.remark:
        return
    row: Row = found.latest
    if row["mean"] is not None and not row["lower"] <= row["mean"] <= row["upper"]:
        yield f"a mean of {row['mean']} with limits of {row['lower']} and {row['upper']}"


def assurance_and_chance(kpi: Kpi) -> Iterator[str]:
    """What nearly all figures do, the next of them probably does: against the same target, and where
    the year's figure is that of a single period.
    """
    made, found = kpi.ahead.forecast, kpi.control
    if made is None or made.chances is None or not found.assurance or kpi.ahead.adds_up:
        return
    if (found.latest["target"], found.latest["target_high"]) != kpi.ahead.target:
        return
    green = made.chances.green
    if found.assurance == Assurance.MISSED and green > _HALF:
        yield f"{found.assurance} beside a chance of Green of {green:.0%}"
    if found.assurance == Assurance.MET and green < _HALF:
        yield f"{found.assurance} beside a chance of Green of {green:.0%}"


def forecast_in_bounds(one: Kpi | Activity) -> Iterator[str]:
    """Centre and interval lie inside the measure's bounds, and the centre inside the interval."""
    made = one.ahead.forecast
    if made is None:
        return
    smallest, largest = one.ahead.range
    said = {"centre": made.outlook.centre, "lower end": made.low, "upper end": made.high}
    is_total = one.ahead.adds_up and made.outlook.over == 1
    for name, figure in said.items():
        if smallest is not None and figure < smallest - _DUST:
            yield f"the forecast's {name} is {figure:.1f}, below {smallest}"
        if largest is not None and not is_total and figure > largest + _DUST:
            yield f"the forecast's {name} is {figure:.1f}, above {largest}"
    if not made.low - _DUST <= made.outlook.centre <= made.high + _DUST:
        yield f"about {made.outlook.centre:.2f}, but between {made.low:.2f} and {made.high:.2f}"
    known = one.view.places.filter("in_series")["value"].drop_nulls()
    if made.high - made.low < _DUST and made.outlook.spread > _DUST and known.n_unique() > 1:
        yield f"four of five outcomes lie between {made.low:.2f} and {made.high:.2f}, while figures vary"


def chances_add_up(kpi: Kpi) -> Iterator[str]:
    """Chances are chances."""
    made = kpi.ahead.forecast
    if made is None or made.chances is None:
        return
    for rating, chance in zip(DECIDED, made.chances, strict=True):
        if chance is not None and not -_DUST <= chance <= 1 + _DUST:
            yield f"a chance of {rating} of {chance:.0%}"
    known = [chance for chance in made.chances if chance is not None]
    if len(known) == len(DECIDED) and abs(sum(known) - 1) > _DUST:
        yield f"chances that add up to {sum(known):.0%}"


def chance_and_centre(kpi: Kpi) -> Iterator[str]:
    """The centre is as likely to be exceeded as not: on target Green is the likelier, off it the
    less likely.
    """
    made, ahead = kpi.ahead.forecast, kpi.ahead
    if made is None or made.chances is None:
        return
    low, high = _edges(kpi)
    if low is not None and high is not None:
        return
    centre, green = made.outlook.centre, made.chances.green
    met = (low is None or centre >= low) and (high is None or centre < high)
    near = any(abs(centre - end) < _DUST for end in (low, high) if end is not None)
    if not near and (green > _HALF + _DUST if not met else green < _HALF - _DUST):
        yield f"about {centre:.2f} beside a chance of Green of {green:.0%} and a target of {ahead.target[0]}"


def _edges(kpi: Kpi) -> tuple[float | None, float | None]:
    """From which figure to which the year is displayed on target."""
    target, polarity = kpi.ahead.target[0], str(kpi.view.indicator["polarity"])
    if target is None or kpi.ahead.target[1] is not None or polarity not in ("higher", "lower"):
        return -1.0, 1.0
    decimals = int(str(kpi.view.indicator["decimals"]))
    if polarity == "higher":
        return outcomes.as_displayed(target, None, decimals)
    return outcomes.as_displayed(None, target, decimals)


def run_rate(kpi: Kpi) -> Iterator[str]:
    """What is needed can be done; `met already` and `out of reach` are what the chances say."""
    rate, made = kpi.ahead.rate, kpi.ahead.forecast
    if rate is None:
        return
    unit, decimals = str(kpi.view.indicator["unit"]), int(str(kpi.view.indicator["decimals"]))
    places = rate.places(decimals + (1 if kpi.ahead.adds_up and unit == "percent" else 0))
    least, most = rate.shown(places)
    if least is not None and most is not None and least > most:
        yield f"needs at least {least} and at most {most}"
    green = made.chances.green if made and made.chances else None
    certain, possible = rate.certain(*kpi.ahead.range), rate.possible(*kpi.ahead.range)
    if certain and not possible:
        yield "the target is met already and out of reach"
    if green is not None and certain and green < 1 - _DUST:
        yield f"“met already, whatever comes” beside a chance of Green of {green:.2%}"
    if green is not None and not possible and green > _DUST:
        yield f"“out of reach, whatever comes” beside a chance of Green of {green:.2%}"


def season_and_arrow(kpi: Kpi) -> Iterator[str]:
    """What allows for the time of year says so beside an arrow that does not."""
    tests = kpi.telling.tests
    if tests is None or tests.season is None or kpi.view.line is None:
        return
    said, way = season_disagreement(kpi.view, tests), kpi.view.line["direction"]
    season = tests.season
    moves = season.p < trend.SIGNIFICANCE and season.slope != 0
    if "no clear trend" in said and moves:
        yield f"“{said}” beside p {season.p:.3f}"
    if not said and way in _MOVES and not moves:
        yield f"{way} beside p {season.p:.3f} where the time of year is allowed for, and not a word of it"
    if said and way == Direction.STABLE and not moves:
        yield f"“{said}” beside p {season.p:.3f}"
