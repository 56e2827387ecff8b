"""What an edition showed: it stands over what today's rules make of the same figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpi_core.fields import FIGURE

#: Columns and their types.
Types = Mapping[str, pl.DataType | type[pl.DataType]]

_WORDS: Types = dict.fromkeys(("indicator", "name", "section", "period", "basis"), pl.String)

#: What of a KPI stands as it was shown: the columns of `kpi ratings` and the period before.
KPI_FIGURES = ("value", "target", "target_high", "floor", "floor_high", "previous_value")
KPI_VERDICTS = (
    "rating", "rating_basis", "previous_rating", "previous_basis", "direction", "direction_basis",
)  # fmt: skip
#: And what editions hold of a KPI since December 2026: older ones have nothing there.
KPI_SINCE: Types = {
    **dict.fromkeys(("target_basis", "target_year", "previous_period"), pl.String),
    "reported_value": FIGURE,
    **dict.fromkeys(("reported_rating", "reported_basis", "reported_period"), pl.String),
}
#: And of an activity indicator.
ACTIVITY_FIGURES = ("value", "lower", "upper", "previous_value")
ACTIVITY_VERDICTS = ("alert",)
ACTIVITY_SINCE: Types = dict.fromkeys(
    ("range_basis", "range_year", "previous_period", "reported_alert", "reported_period"), pl.String
)

KPIS: Types = {
    **_WORDS, **dict.fromkeys(KPI_FIGURES, FIGURE), **dict.fromkeys(KPI_VERDICTS, pl.String),
    **KPI_SINCE,
}  # fmt: skip
ACTIVITIES: Types = {
    **_WORDS, **dict.fromkeys(ACTIVITY_FIGURES, FIGURE),
    **dict.fromkeys(ACTIVITY_VERDICTS, pl.String), **ACTIVITY_SINCE,
}  # fmt: skip
_MEASURES = ("green", "amber", "red", "no_data", "improving", "stable", "worsening")
COUNTS: Types = {
    "section": pl.String,
    **dict.fromkeys((*_MEASURES, "not_rated"), pl.Int64),
    **dict.fromkeys((f"previous_{name}" for name in _MEASURES), pl.Int64),
    "directions_basis": pl.String,
}  # fmt: skip

_KEY = ["indicator", "basis"]


@dataclass(frozen=True)
class Shown:
    """What an edition of a report showed of its period."""

    report: str
    period: str
    kpis: pl.DataFrame  #: columns of KPIS, one row for each KPI and basis
    activities: pl.DataFrame  #: columns of ACTIVITIES, one row for each activity indicator
    counts: pl.DataFrame  #: columns of COUNTS, see summary.counts

    def over_kpis(self, card: pl.DataFrame) -> pl.DataFrame:
        """A scorecard with what was shown in place of what is worked out today."""
        return _over(card, self.kpis, (*KPI_FIGURES, *KPI_VERDICTS), KPI_SINCE)

    def over_activities(self, judged: pl.DataFrame) -> pl.DataFrame:
        """The activity indicators with what was shown in place of what is worked out today."""
        columns = (*ACTIVITY_FIGURES, *ACTIVITY_VERDICTS)
        return _over(judged, self.activities, columns, ACTIVITY_SINCE)


def _over(
    rows: pl.DataFrame, held: pl.DataFrame, columns: tuple[str, ...], since: Types
) -> pl.DataFrame:
    """The rows, in their order and types, those that were shown as they were shown.

    Of the columns `since`, what an edition does not hold stays as it is.
    """
    then = held.select(
        *_KEY,
        *(pl.col(name).alias(f"then_{name}") for name in (*columns, *since)),
        was_shown=pl.lit(value=True),
    )
    both = rows.join(then, on=_KEY, how="left", maintain_order="left")
    return both.with_columns(
        *(
            pl.when("was_shown")
            .then(pl.col(f"then_{name}").cast(rows.schema[name]))
            .otherwise(name)
            .alias(name)
            for name in columns
        ),
        *(pl.coalesce(f"then_{name}", name).alias(name) for name in since),
    ).select(rows.columns)
