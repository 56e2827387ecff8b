"""What a test that allows for the time of year says beside the direction of travel, in sentences."""

from __future__ import annotations

from kpi_core import display, season_aware, trend
from kpi_core.periods import Frequency
from kpi_core.season_aware import Trend
from kpi_core.views.one_indicator import IndicatorView
from kpi_core.views.telling import Tests
from kpi_core.words import Comparison, Direction, Measure, Polarity


def season_disagreement(view: IndicatorView, tests: Tests) -> str:
    """One sentence where the test and the direction of travel disagree; else empty.

    `tests` are those of the indicator's own window, which the direction rests on.
    """
    way = _way(view)
    if tests.season is None or way is None:
        return ""
    found = _found(tests.season, view)
    if found is way:
        return ""
    chance = f"(p {_equal(display.p_value(tests.season.p, view.page.wording))})"
    allowing = "allowing for the time of year"
    if way is Direction.STABLE:
        which = "better" if found is Direction.IMPROVING else "worse"
        return f"The season may hide a trend: {allowing}, there's one for the {which} {chance}."
    name = _name(view)
    if found is Direction.STABLE:
        return f"The {name} may only show the season: {allowing}, there's no clear trend {chance}."
    return (
        f"The {name} may only show the season: {allowing}, the trend goes the other way {chance}."
    )


def season_note(view: IndicatorView, tests: Tests) -> str:
    """What the row of the season means, or why there is none; empty where a season has no place."""
    each = str(view.indicator["frequency"])
    if str(view.indicator["measure"]) == Measure.YEAR_TO_DATE and each != Frequency.YEAR:
        return (
            f"Each figure counts from the start of the year, so figures rise or fall with the {each}s "
            f"whatever happens. Compare each with the same {each} a year before."
        )
    if tests.comparable is None:
        return ""
    if tests.season is None:
        few, periods = season_aware.FEWEST, 12 // Frequency(each).months
        count = display.count(tests.comparable, view.page.wording)
        return (
            f"Too short to allow for the season: {count if tests.comparable else 'none'} of these "
            f"figures can be compared with the same {each} of another year, and it takes "
            f"{display.count(few)} ({few + periods} {each}s in a row)."
        )
    return (
        f"The row for the season gives each {each} of the year its own level, known from the year before "
        "as well, and tests the slope that is left."
    )


def _way(view: IndicatorView) -> Direction | None:
    """The direction that the regression gives."""
    if view.line is None or view.line["direction"] is None:
        return None
    way = Direction(str(view.line["direction"]))
    return way if way in (Direction.IMPROVING, Direction.STABLE, Direction.WORSENING) else None


def _found(season: Trend, view: IndicatorView) -> Direction:
    """The direction when the time of year is allowed for: see trend.direction."""
    if season.p >= trend.SIGNIFICANCE or season.slope == 0:
        return Direction.STABLE
    is_higher_better = str(view.indicator["polarity"]) == Polarity.HIGHER
    better = season.slope > 0 if is_higher_better else season.slope < 0
    return Direction.IMPROVING if better else Direction.WORSENING


def _name(view: IndicatorView) -> str:
    """The arrow, where it is the regression's."""
    return "arrow" if view.page.wording.direction is Comparison.REGRESSION else "trend"


def _equal(chance: str) -> str:
    return chance if chance.startswith("<") else f"= {chance}"
