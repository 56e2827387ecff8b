"""Rating, sentence, direction and what came before: what cannot be said of one KPI at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kpi_core import cells, summary, trend
from kpi_core.beside import beside
from kpi_core.periods import Period
from kpi_core.what_changed import What
from kpi_core.words import DECIDED, Alert, Basis, Comparison, Direction, Polarity, Rating
from tests.contradictions.statements import Activity, Kpi, Row

_DECIDED = [str(one) for one in DECIDED]
_MOVES = (Direction.IMPROVING, Direction.WORSENING)
#: What a sentence says first about a figure and its target.
_PLACE = re.compile(r", (at target|inside|within|.*? (?:better than|above|below))\b", re.DOTALL)
_HELD = re.compile(r" but (above|within|no worse|no further)| and at the ")
_LOST = re.compile(r" and [^ ].* (below|above|beyond|further out) ?(the|than)? ")


def same_everywhere(kpi: Kpi | Activity) -> Iterator[str]:
    """One figure, rating, direction … on every page."""
    yield from _same(kpi.shown)
    if isinstance(kpi, Kpi):
        yield from (f"year to date: {one}" for one in _same(kpi.to_date))
        yield from _same({"the section's page": kpi.row, **kpi.before})


def _same(shown: Mapping[str, Row]) -> Iterator[str]:
    names = dict.fromkeys(name for row in shown.values() for name in row)
    for name in names:
        said = [(page, row[name]) for page, row in shown.items() if name in row]
        others = [(page, value) for page, value in said if value != said[0][1]]
        if others:
            first, (page, other) = said[0], others[0]
            yield f"{name} is {first[1]} on {first[0]}, {other} on {page}"


def sentence_and_rating(kpi: Kpi) -> Iterator[str]:
    """The sentence says of the figure and its target what the rating says, for the year to date too."""
    for row in [kpi.row, *kpi.to_date.values()]:
        has_way = row.get("polarity", Polarity.NONE) != Polarity.NONE
        if row["rating"] in _DECIDED and has_way:
            yield from _sentence_and_rating(row, summary.reason(row, kpi.wording))


def _sentence_and_rating(row: Row, said: str) -> Iterator[str]:
    place = _PLACE.search(said)
    if row["value"] is None or row["target"] is None or place is None:
        if row["rating_basis"] != Basis.PUBLISHED:
            yield f"is {row['rating']}, worked out of figures, beside “{said}”"
        return
    met = _is_met(place.group(1), str(row["polarity"]), said)
    if met is not (row["rating"] == Rating.GREEN):
        yield f"is {row['rating']} beside “{said}”"
    if (_HELD.search(said) and row["rating"] != Rating.AMBER) or (
        _LOST.search(said) and row["rating"] != Rating.RED
    ):
        yield f"is {row['rating']} beside “{said}”"


def _is_met(place: str, polarity: str, said: str) -> bool:
    if place.endswith(" above") and polarity in (Polarity.HIGHER, Polarity.RANGE):
        return "target range" not in said
    return not place.endswith((" above", " below"))


def basis(kpi: Kpi) -> Iterator[str]:
    """A published rating stands only where figures decide none; without a figure only such a one."""
    row = kpi.row
    if row["rating"] in _DECIDED and row["rating_basis"] == Basis.COMPUTED:
        if row["computed_rating"] != row["rating"]:
            yield f"is {row['rating']}, computed, while figures give {row['computed_rating']}"
    elif row["rating_basis"] == Basis.PUBLISHED and row["computed_rating"] in _DECIDED:
        yield f"is {row['rating']}, as published, while figures give {row['computed_rating']}"
    if row["rating"] == Rating.NO_DATA and row["value"] is not None:
        yield f"has no data beside a figure of {row['value']}"


def against_the_report_before(kpi: Kpi) -> Iterator[str]:
    """`Green, as last quarter.` and the like agree with what the report before showed, and with the list
    of what changed.
    """
    row, at, label = kpi.row, kpi.at, kpi.wording.label
    said = summary.standing(row, at, kpi.wording)
    told = [one for one in kpi.changes if one["what"] in (What.WORSE, What.BETTER)]
    if said and not said.startswith(label(row["rating"])):
        yield f"is {row['rating']} beside “{said}”"
    if "no new figure since" in said:
        since = said.rpartition("since ")[2].removesuffix(".")
        yield from _no_new_figure(kpi, since, said)
    elif said.endswith(f", as last {at.frequency}."):
        if row["reported_rating"] != row["rating"]:
            yield f"“{said}” beside {row['reported_rating']} in the report before"
        if told:
            yield f"“{said}” beside “{told[0]['was']} became {told[0]['now']}” in what changed"
    elif f" last {at.frequency}." in said:
        if label(row["reported_rating"]) not in said or row["reported_rating"] == row["rating"]:
            yield f"“{said}” beside {row['reported_rating']} in the report before"
        if row["reported_rating"] in _DECIDED and row["rating"] in _DECIDED and not told:
            yield f"“{said}” beside no change of rating in what changed"
    if len(told) > 1:
        yield f"what changed tells {len(told)} changes of rating"


def _no_new_figure(kpi: Kpi, since: str, said: str) -> Iterator[str]:
    row = kpi.row
    own = Period.parse(row["period"], kpi.at.year_start).words
    if own != since or row["reported_period"] != row["period"]:
        yield f"“{said}” beside a figure of {own}; the report before showed one of {row['reported_period']}"
    for change in kpi.changes:
        if change["what"] not in (What.RESTATED, What.NEW):
            yield f"“{said}” beside “{change['what']}” in what changed"


def what_changed(kpi: Kpi) -> Iterator[str]:
    """What the list of changes says of a KPI is what its card says."""
    row, reason = kpi.row, cells.sentence_case(summary.reason(kpi.row, kpi.wording))
    for change in kpi.changes:
        what, was, now = change["what"], change["was"], change["now"]
        if what != What.RESTATED and now not in (None, row["rating"]):
            yield f"“{what}” says {now}, the card {row['rating']}"
        if what in _RATINGS and (was != row["reported_rating"] or was == now):
            yield f"“{what}” says {was} became {now}; the report before showed {row['reported_rating']}"
        if what in _RATINGS and not change["sentence"].startswith(reason):
            yield f"“{change['sentence']}” in what changed beside “{reason}”"
        if what in (What.WORSE, What.BETTER):
            is_worse = _DECIDED.index(now) > _DECIDED.index(was)
            if is_worse is not (what == What.WORSE):
                yield f"“{what}”: {was} became {now}"
        if what in (What.WORSENING, What.IMPROVING) and not what.endswith(row["direction"]):
            yield f"“{what}” in what changed beside the arrow “{row['direction']}”"


#: Changes of a rating.
_RATINGS = (What.WORSE, What.BETTER, What.RATED, What.UNRATED)


def previous_figure(kpi: Kpi) -> Iterator[str]:
    """The figure before is earlier, has a rating of its own, and is the one that the report before
    showed where both are of one period and value.
    """
    row = kpi.row
    if row["value"] is not None and row["previous_period"] is not None:
        now, then = (
            Period.parse(row[name], kpi.at.year_start).end_month
            for name in ("period", "previous_period")
        )
        if then >= now:
            yield f"the figure before is of {row['previous_period']}, the one shown of {row['period']}"
    rating, reported = row["previous_rating"], row["reported_rating"]
    if row["previous_value"] is None:
        if rating in _DECIDED and row["previous_basis"] != Basis.PUBLISHED:
            yield f"was {rating}, worked out of figures, without a figure before"
    elif rating == Rating.NO_DATA:
        yield f"had no data before beside a figure before of {row['previous_value']}"
    same = row["reported_period"] == row["previous_period"] and not row["same_figure"]
    known = rating in _DECIDED and reported in _DECIDED
    was = cells.was(row, kpi.at, kpi.wording)
    if same and known and rating != reported and "(reported as" not in was:
        yield f"“{was}” beside “{summary.standing(row, kpi.at, kpi.wording)}”"


def arrow_and_line(kpi: Kpi) -> Iterator[str]:
    """The arrow goes the way of the figures that it rests on."""
    row, line = kpi.row, kpi.view.line
    ways = {by: row[f"direction_{by}"] for by in Comparison}
    first = kpi.wording.direction
    if ways[first] not in (None, Direction.NOT_ENOUGH) and ways[first] != row["direction"]:
        yield f"the arrow says {row['direction']}, by {first} it is {ways[first]}"
    fitted = ways[Comparison.REGRESSION]
    if fitted in _TRENDS and row["n"] >= trend.MINIMUM_POINTS:
        way = _fitted(row)
        if way is not None and way != fitted:
            yield f"{fitted} beside a slope of {row['slope']:.4g} (p {row['p']:.3f})"
        if line is not None and line["direction"] not in (None, fitted) and first in _REGRESSION:
            yield f"{fitted} beside a line that is {line['direction']}"
        yield from _drawn(kpi, fitted)
    compared = ways[Comparison.PREVIOUS]
    if compared in _MOVES and _compared(row) not in (None, compared):
        yield f"{compared} beside {row['value']} after {row['previous_value']}"


_TRENDS = (Direction.IMPROVING, Direction.STABLE, Direction.WORSENING)
_REGRESSION = (Comparison.REGRESSION,)


def _fitted(row: Row) -> Direction | None:
    """The direction of a slope; a distance from a target is better the smaller it is."""
    if row["polarity"] == Polarity.NONE or row["p"] is None:
        return None
    if row["p"] >= trend.SIGNIFICANCE or row["slope"] == 0:
        return Direction.STABLE
    better = (row["slope"] > 0) == (row["polarity"] == Polarity.HIGHER)
    return Direction.IMPROVING if better else Direction.WORSENING


def _drawn(kpi: Kpi, fitted: str) -> Iterator[str]:
    """The line in the chart rises where the arrow says so."""
    heights = [height for height in kpi.view.places["fit"].to_list() if height is not None]
    if fitted in _MOVES and heights and kpi.view.is_own_window:
        rises = heights[-1] > heights[0]
        better = rises == (kpi.row["polarity"] == Polarity.HIGHER)
        if better is not (fitted == Direction.IMPROVING):
            yield f"{fitted} beside a line that {'rises' if rises else 'falls'} in the chart"


def _compared(row: Row) -> Direction | None:
    """The direction from the figure before, where one way is better."""
    if None in (row["value"], row["previous_value"]) or row["value"] == row["previous_value"]:
        return Direction.STABLE if row["value"] is not None else None
    if row["polarity"] not in (Polarity.HIGHER, Polarity.LOWER):
        return None
    better = (row["value"] > row["previous_value"]) == (row["polarity"] == Polarity.HIGHER)
    return Direction.IMPROVING if better else Direction.WORSENING


def direction_in_words(kpi: Kpi) -> Iterator[str]:
    """Words that name a direction name the arrow's."""
    row = kpi.row
    if row["rating"] == Rating.RED and row["value"] is not None:
        said = summary.why_red(row, kpi.at, kpi.wording)
        if said.endswith("worsening.") is not (row["direction"] == Direction.WORSENING):
            yield f"“{said}” beside the arrow “{row['direction']}”"
    for one in beside(row, kpi.at, kpi.wording):
        if str(one.direction) != row[f"direction_{one.by}"]:
            yield f"{one.against}: {one.said} beside {row[f'direction_{one.by}']}"
    named = re.search(r"direction of travel is (\w+)", kpi.control.unstable)
    if named and row["direction"] in _TRENDS and named.group(1) != row["direction"]:
        yield f"“{kpi.control.unstable}” beside the arrow “{row['direction']}”"


def how_long(kpi: Kpi) -> Iterator[str]:
    """`Red for 5` agrees with the ratings of the reports before, and is of no more reports than there
    were.
    """
    now, past = kpi.row["rating"], kpi.past_ratings
    if past and past[-1] != now:
        yield f"is {now} on the card, {past[-1]} in ratings over time"
    if kpi.lasts is None:
        if now in _DECIDED:
            yield f"is {now}, and not for any number of reports"
        return
    count = kpi.lasts["lasts"]
    told = f"{kpi.lasts['rating']} for {count}"
    if kpi.lasts["rating"] != now:
        yield f"“{told}” beside {now}"
    if count > kpi.reports:
        yield f"“{told}” where there were {kpi.reports} reports at most"
    alike = _alike(past)
    if count < alike or (alike < len(past) and count != alike):
        yield f"“{told}” beside {alike} in ratings over time"
    reported = kpi.row["reported_rating"]
    if reported in _DECIDED and (reported == now) is not (count > 1):
        yield f"“{told}” beside {reported} in the report before"
    red_for = kpi.shown["ratings over time"]["red_for"]
    if red_for != (count if now == Rating.RED else None):
        yield f"“{told}” beside Red for {red_for}"


def _alike(past: Sequence[str | None]) -> int:
    found = 0
    for rating in reversed(past):
        if rating != past[-1]:
            break
        found += 1
    return found


def alert(activity: Activity) -> Iterator[str]:
    """The alert, the sentence and the expected range."""
    row, said = activity.row, summary.activity(activity.row, activity.at, activity.wording)
    if row["alert"] is None:
        if "expected range" in said:
            yield f"“{said}” beside no alert"
        return
    value, low, high = row["value"], row["lower"], row["upper"]
    below, above = low is not None and value < low, high is not None and value > high
    found = Alert.BELOW if below else Alert.ABOVE if above else Alert.YES
    if found != row["alert"]:
        yield f"{Alert(row['alert']).label} beside {value} and a range of {low} to {high}"
    place = {Alert.YES: "inside", Alert.ABOVE: "above", Alert.BELOW: "below"}[Alert(row["alert"])]
    if f", {place} the expected range" not in said:
        yield f"{Alert(row['alert']).label} beside “{said}”"
    for change in activity.changes:
        if change["what"] not in (What.INSIDE, What.OUTSIDE):
            continue
        if (change["what"] == What.INSIDE) is not (row["alert"] == Alert.YES):
            yield f"“{change['what']}” in what changed beside {row['alert']}"
        if row["same_figure"]:
            yield f"“{change['what']}” in what changed beside the figure of the report before"
