"""What the commentary can say about one figure: a small grammar over the report's own numbers.

Every number in a sentence comes from a row of the scorecard, as a page displays it. What lay behind
a move, and what is done about it, comes from `words_kpis.toml` and `words_activities.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.exampleshire.generator import standing
from data.exampleshire.generator.turns import Turns, in_season
from kpi_core import display
from kpi_core.periods import Frequency, Period
from kpi_core.words import Direction, FigureBasis, Measure, Polarity, Rating

Row = Mapping[str, Any]

#: A move is worth a reason from this share of the figure on.
_MATERIAL = Decimal("0.01")
_ACTIVITY_MATERIAL = Decimal("0.03")
#: How far from a target that wants to be met closely a figure may lie without anything being done.
_CLOSE = Decimal("0.02")


def words() -> dict[str, dict[str, Any]]:
    """Topic, fact and reasons of each indicator, by its code."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("words_kpis.toml", "words_activities.toml"):
        text = Path(__file__).with_name(name).read_text(encoding="utf-8")
        found |= tomllib.loads(text)
    return found


def when(row: Row, at: Period) -> str:
    """The stretch of time that the figure covers, as a sentence begins or ends with it."""
    period = _period(row, at)
    if row["basis"] == FigureBasis.YTD:
        first = Period(Frequency.MONTH, period.year.first_month, period.year_start).words
        last = period.last_month_words
        same_year = first.split()[1] == last.split()[1]
        return f"from {first.split()[0] if same_year else first} to {last}"
    if row["measure"] == Measure.ROLLING:
        return f"over the twelve months to {period.last_month_words}"
    if row["measure"] == Measure.SNAPSHOT and period.frequency is not Frequency.YEAR:
        return f"at the end of {period.last_month_words}"
    if row["measure"] == Measure.YEAR_TO_DATE:
        return f"by the end of {period.last_month_words}"
    if period.frequency is Frequency.QUARTER:
        number = f"in Quarter {period.quarter_number}"
        return number if period == at else f"{number} of {period.year}"
    return f"in {period.words}"


def of_kpi(row: Row, a_year_ago: Decimal | None, at: Period, words: Row, turns: Turns) -> str:
    """Figure, target, how it moved, why, and what is being done, of a KPI that has a figure."""
    now = _figure(row, row["value"])
    fact = words["fact"].format(v=now)
    said = [_stated(fact, when(row, at), standing.of_target(row), turns)]
    grows = row["measure"] == Measure.YEAR_TO_DATE
    before = a_year_ago if grows else row["previous_value"]
    move = 0 if before is None else _better(row, row["value"], before)
    # A running total can only be compared with that of a year earlier.
    earlier = None if grows else before
    then = None if standing.names_year_ago(row) else a_year_ago
    said.append(_moved(row, earlier, then, move, turns))
    if before is not None and _is_material(row["value"], before, _MATERIAL):
        reasons = words["better"] if move > 0 else words["worse"] if move < 0 else []
        said.append(turns.pick(in_season(reasons, _period(row, at))))
    said.append(_trend(row, move, turns))
    said.append(_action(row, words, turns))
    return " ".join(part for part in said if part)


def of_activity(row: Row, a_year_ago: Decimal | None, at: Period, words: Row, turns: Turns) -> str:
    """Figure, expected range, the year before, and what lay behind it, of an activity indicator."""
    fact = words["fact"].format(v=_figure(row, row["value"]))
    said = [_stated(fact, when(row, at), standing.of_range(row), turns)]
    if a_year_ago:
        step = row["value"] - a_year_ago
        said.append(_since_last_year(row, a_year_ago, turns))
        if _is_material(row["value"], a_year_ago, _ACTIVITY_MATERIAL):
            reasons = words.get("up" if step > 0 else "down", [])
            said.append(turns.fresh(reasons) or (turns.pick(reasons) if turns.often(0.4) else ""))
    return " ".join(part for part in said if part)


def _since_last_year(row: Row, then: Decimal, turns: Turns) -> str:
    step = row["value"] - then
    if step == 0:
        return "It was the same a year earlier."
    earlier = _figure(row, then)
    share = display.number(abs(step) * 100 / then, 0)
    if row["unit"] == "percent" or share == "0" or turns.often(0.5):
        return f"A year earlier it was {earlier}."
    return f"That is {share}% {'up' if step > 0 else 'down'} on the {earlier} of a year earlier."


def of_month(row: Row, to_date: Row | None, at: Period, words: Row, turns: Turns) -> str:
    """One KPI of a monthly dashboard, in two or three sentences."""
    fact = words["fact"].format(v=_figure(row, row["value"]))
    said = [_stated(fact, when(row, at), standing.of_target(row), turns)]
    before = row["previous_value"]
    if before is not None:
        move = _better(row, row["value"], before)
        said.append(_moved(row, before, None, move, turns))
        if _is_material(row["value"], before, _MATERIAL):
            reasons = words["better"] if move > 0 else words["worse"] if move < 0 else []
            said.append(turns.fresh(in_season(reasons, at)))
    if to_date is not None and to_date["value"] is not None and to_date["rating"] != row["rating"]:
        figure = _figure(to_date, to_date["value"])
        named = {Rating.GREEN: "Green", Rating.AMBER: "Amber", Rating.RED: "Red"}
        rating = named.get(Rating(to_date["rating"]))
        if rating:
            said.append(f"The year to date stands at {figure} and is {rating}.")
    said.append(_action(row, words, turns))
    return " ".join(part for part in said if part)


def _stated(fact: str, time: str, place: str, turns: Turns) -> str:
    """The fact with its time, before or after it."""
    if time.startswith(("over ", "from ")) or turns.often(0.5):
        return f"{sentence_case(time)}, {fact}{place}."
    return f"{sentence_case(fact)} {time}{place}."


def _moved(row: Row, before: Decimal | None, then: Decimal | None, move: int, turns: Turns) -> str:
    """Against the period before and the year before, where they can be compared."""
    last = f"the {row['frequency']} before"
    value = row["value"]
    year_ago = "" if then is None else _figure(row, then)
    ago = f" and {year_ago} a year earlier" if year_ago else ""
    if before is None:
        return f"A year earlier it was {year_ago}." if year_ago else ""
    earlier = _figure(row, before)
    if value == before:
        same = f"That is the same as in {last}"
        return f"{same}; a year earlier it was {year_ago}." if ago else f"{same}."
    if then == before:
        return f"It was {earlier} in {last} and also a year earlier."
    if ago and turns.often(0.6):
        return f"It was {earlier} in {last}{ago}."
    size = display.difference(value - before, row["unit"])
    up = value > before
    plain = f"It was {earlier} in {last}."
    if move == 0:
        return plain
    if row["unit"] == "percent":
        options = [
            f"That is {size} {'better' if move > 0 else 'worse'} than in {last}.",
            f"This is {'up' if up else 'down'} from {earlier} in {last}.",
            plain,
        ]
    else:
        options = [f"This is {'up' if up else 'down'} from {earlier} in {last}.", plain]
    return options[0] if turns.often(0.4) else options[-1] if turns.often(0.5) else options[-2]


#: What is said of a trend: against the last move, then in so many other ways.
_STILL = {
    Direction.WORSENING: "Over a longer time the trend is still worsening.",
    Direction.IMPROVING: "Over a longer time the trend is still improving.",
}
_TREND = {
    Direction.WORSENING: (
        "The trend over the periods charted is worsening.",
        "Over the periods charted it has been getting worse.",
        "The trend is worsening.",
    ),
    Direction.IMPROVING: (
        "The trend over the periods charted is improving.",
        "Over the periods charted it has been getting better.",
    ),
}


def _trend(row: Row, move: int, turns: Turns) -> str:
    met, heading = row["rating"] == Rating.GREEN, row["direction"]
    if heading == Direction.WORSENING and met:
        return "The target is still met, but the trend over the periods charted is worsening."
    if heading not in _TREND or met or turns.often(0.3):
        return ""
    if move == (1 if heading == Direction.WORSENING else -1):
        return _STILL[heading]
    return turns.pick(_TREND[heading])


def _action(row: Row, words: Row, turns: Turns) -> str:
    """What is done while the target is missed: always below the floor, else if it is news."""
    actions = words.get("action", [])
    if row["rating"] == Rating.RED:
        return turns.pick(actions)
    missed = row["rating"] in (Rating.AMBER, Rating.UNDECIDED)
    if row["polarity"] == Polarity.TARGET and row["target"] is not None:
        missed = abs(row["value"] - row["target"]) > row["target"] * _CLOSE
    return turns.fresh(actions) if missed else ""


def _better(row: Row, value: Decimal, before: Decimal) -> int:
    """1 better, -1 worse, 0 neither, by the indicator's polarity."""
    polarity = row["polarity"]
    if polarity in (Polarity.HIGHER, Polarity.LOWER):
        step = value - before if polarity == Polarity.HIGHER else before - value
    elif row["target"] is None:
        return 0
    else:
        step = _distance(row, before) - _distance(row, value)
    return (step > 0) - (step < 0)


def _distance(row: Row, value: Decimal) -> Decimal:
    low: Decimal = row["target"]
    high: Decimal = low if row["target_high"] is None else row["target_high"]
    return max(low - value, value - high, Decimal(0))


def _is_material(value: Decimal, before: Decimal, share: Decimal) -> bool:
    return abs(value - before) >= abs(before) * share


def _figure(row: Row, value: Decimal) -> str:
    return display.figure(value, row["unit"], row["decimals"])


def _period(row: Row, at: Period) -> Period:
    return Period.parse(row["period"], at.year_start)


def sentence_case(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
