"""The field's words as types: what a rating, a direction or an alert can be.

The values are the codes that stand in CSV and JSON, whatever names an organisation gives them on
its pages: those, and what each means, stand in `wording`.
"""

from __future__ import annotations

from enum import StrEnum


class Rating(StrEnum):
    """A KPI's standing against its target and floor."""

    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"
    NO_DATA = "NO DATA"
    NOT_RATED = "NOT RATED"
    UNDECIDED = "UNDECIDED"


#: The three ratings that a target and a floor can give.
DECIDED = (Rating.GREEN, Rating.AMBER, Rating.RED)


class Basis(StrEnum):
    """Whether a verdict was worked out from figures or taken from a published document."""

    COMPUTED = "computed"
    PUBLISHED = "published"


class Direction(StrEnum):
    """Direction of travel: better or worse, never merely higher or lower."""

    IMPROVING = "improving"
    STABLE = "stable"
    WORSENING = "worsening"
    NOT_ENOUGH = "not enough history"
    NOT_PRINTED = "not printed"


#: The three directions that a regression can give.
TRENDS = (Direction.IMPROVING, Direction.STABLE, Direction.WORSENING)


class Alert(StrEnum):
    """Where an activity indicator stands against its expected range, both ends inclusive."""

    YES = "Yes"
    ABOVE = "Above"
    BELOW = "Below"

    @property
    def label(self) -> str:
        """The word as pages show it."""
        return {
            Alert.YES: "In expected range",
            Alert.ABOVE: "Above expected range",
            Alert.BELOW: "Below expected range",
        }[self]


class Polarity(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"
    TARGET = "target"  #: the closer to the target the better
    NONE = "none"


class Amber(StrEnum):
    """What tells Amber from Red when a target is missed: see `rules`."""

    FLOOR = "floor"
    POINTS = "points"
    PERCENT = "percent"
    NONE = "none"
    YEAR_AGO = "year_ago"


class Comparison(StrEnum):
    """What a direction of travel compares: see `rules`."""

    REGRESSION = "regression"
    PREVIOUS = "previous"
    YEAR_AGO = "year_ago"


class Kind(StrEnum):
    """KPI: has target and floor. Activity: demand and context. Table: a breakdown printed whole."""

    KPI = "kpi"
    ACTIVITY = "activity"
    TABLE = "table"


class Said(StrEnum):
    """What a text of the commentary is."""

    COMMENTARY = "commentary"
    NOTE = "note"
    METHOD = "method"
    SUMMARY = "summary"
    ACTION = "action"  #: what management does about a Red, and by when


class FigureBasis(StrEnum):
    """What stretch of time a figure covers."""

    PERIOD = "period"
    YTD = "ytd"
    TWELVE_MONTHS = "12m"


class Measure(StrEnum):
    """How an indicator counts time."""

    IN_PERIOD = "in_period"
    ROLLING = "rolling_12m"
    YEAR_TO_DATE = "year_to_date"
    SNAPSHOT = "snapshot"


class Ytd(StrEnum):
    """How an indicator's year to date comes about."""

    SUM = "sum"
    RATIO = "ratio"
    MEAN = "mean"
    LATEST = "latest"
    PUBLISHED = "published"
    NONE = "none"
