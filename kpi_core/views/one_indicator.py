"""One indicator in depth."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpi_core import (
    breakdowns,
    commentary,
    directions,
    fields,
    history,
    registry,
    scorecard,
    season_aware,
    series,
    trend,
)
from kpi_core.breakdowns import Breakdown
from kpi_core.errors import UnknownName
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.views.head import Page, page
from kpi_core.words import Basis, Comparison, Kind, Polarity, Said


@dataclass(frozen=True)
class IndicatorView:
    """One indicator in depth."""

    page: Page
    indicator: dict[str, object]  #: its placement and definition
    row: dict[str, object] | None  #: its row of the scorecard or of the activity indicators
    places: pl.DataFrame  #: see history.places: the whole of its past; with the line of its trend
    line: dict[str, object] | None  #: its trend: see trend.fit
    points: pl.DataFrame  #: what its trend is fitted to: see trend.points_of
    longer: pl.DataFrame  #: the same with the year before, which says what the season is
    window: int  #: how many periods back that reaches
    is_own_window: bool  #: whether that is the one by which the direction of travel is rated
    tables: tuple[Breakdown, ...]
    benchmarks: pl.DataFrame  #: area, period, item, value
    notes: tuple[str, ...]
    actions: tuple[str, ...]  #: what management does about it
    sources: tuple[str, ...]
    definitions: pl.DataFrame  #: every definition it has had


def all_indicators(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """KPIs and activity indicators of a report in a period: indicator, name, section, kind."""
    placed = registry.placed(figures, report, at)
    return placed.filter(pl.col("kind").cast(pl.String) != Kind.TABLE).select(
        "indicator", "name", "section", pl.col("kind").cast(pl.String)
    )


def indicator(
    figures: Figures, report: str, at: Period, code: str, window: int | None = None
) -> IndicatorView:
    """Everything about one indicator. Raises UnknownName when the report does not place it.

    With a `window` the line through its figures reaches back so many periods; its direction of
    travel stays that of its own window.
    """
    framework = registry.placed(figures, report, at)
    placed = framework.filter(pl.col("indicator") == code)
    if placed.is_empty():
        raise UnknownName("indicator", code, framework["indicator"].to_list())
    is_kpi = placed["kind"].cast(pl.String).item() == Kind.KPI
    card = (
        scorecard.kpis(figures, report, at) if is_kpi else scorecard.activities(figures, report, at)
    )
    own = card.filter(pl.col("indicator") == code).sort("basis")
    past = series.points(figures.observations, placed, figures.year_start)
    own_window = placed["trend_window"].fill_null(trend.DEFAULT_WINDOW)
    reach = placed.with_columns(trend_window=own_window if window is None else pl.lit(window))
    looked_at = directions.charted(past, reach, series.shown(past, at))
    bands = _bands(own, placed)
    rated = history.places(figures, report, placed, at)
    if is_kpi:
        rated = history.as_on_cards(rated, own, at.year_start)
    places = _with_line(rated, figures, placed, looked_at)
    observed = figures.observations.filter(pl.col("indicator") == code)
    return IndicatorView(
        page=page(figures, report, at),
        indicator=placed.row(0, named=True),
        row=own.row(0, named=True) if own.height else None,
        places=places,
        line=_line(own, figures) if is_kpi else None,
        points=trend.points_of(looked_at.join(bands, on="indicator")),
        longer=trend.points_of(
            directions.charted(past, _with_year_before(reach), series.shown(past, at)).join(
                bands, on="indicator"
            )
        ),
        window=int(reach["trend_window"].item()),
        is_own_window=window in (None, own_window.item()),
        tables=breakdowns.tables(figures, placed, at),
        benchmarks=figures.benchmarks.filter(pl.col("indicator") == code).sort(
            "period", "area", "item"
        ),
        notes=_notes(figures, report, at, code),
        actions=tuple(
            commentary.actions(figures, at).filter(pl.col("indicator") == code)["text"].to_list()
        ),
        sources=tuple(
            sorted(
                {
                    part.strip()
                    for s in observed["source"].to_list()
                    for part in s.split("|")
                    if part.strip()
                }
            )
        ),
        definitions=figures.indicators.filter(pl.col("indicator") == code).sort("from"),
    )


def _with_year_before(reach: pl.DataFrame) -> pl.DataFrame:
    """Windows that reach back a year further: see season_aware.reach."""
    window, frequency = reach.select("trend_window", pl.col("frequency").cast(pl.String)).row(0)
    longer = season_aware.reach(window, 12 // Frequency(frequency).months)
    return reach.with_columns(trend_window=pl.lit(longer))


def _bands(own: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """What a trend is measured against: indicator, polarity, target_from, target_to."""
    if "target_from" in own.columns and own.height:
        return own.head(1).select("indicator", "polarity", "target_from", "target_to")
    unbounded = pl.lit(None, dtype=fields.FIGURE)
    return placed.select("indicator", "polarity", target_from=unbounded, target_to=unbounded)


def _with_line(
    places: pl.DataFrame, figures: Figures, placed: pl.DataFrame, window: pl.DataFrame
) -> pl.DataFrame:
    """Add the line that the direction of travel rests on: fit, fit_low, fit_high (Float64).

    Only over the periods that it was fitted to, and only where they are enough. For a range the
    trend is in the distance from it, which is no line among the figures; and where the organisation
    asks for no regression, nothing rests on a line.
    """
    has_line = placed["polarity"].cast(pl.String).item() in {Polarity.HIGHER, Polarity.LOWER}
    is_asked = Comparison.REGRESSION in figures.organisation.rules.directions
    few = window["value"].is_not_null().sum() < trend.MINIMUM_POINTS
    if few or not has_line or not is_asked:
        none = pl.lit(None, dtype=pl.Float64)
        return places.with_columns(fit=none, fit_low=none, fit_high=none)
    unbounded = _bands(placed.clear(), placed)
    lines = trend.fit(trend.points_of(window.join(unbounded, on="indicator")))
    fitted_to = window.select("indicator", "end_month", x=pl.col("end_month") / pl.col("months"))
    along = trend.along(lines, fitted_to).drop("x")
    return places.join(along, on=["indicator", "end_month"], how="left", maintain_order="left")


def _line(own: pl.DataFrame, figures: Figures) -> dict[str, object] | None:
    """The regression and the direction that it gives."""
    if own.is_empty() or own["slope"].item(0) is None:
        return None
    row = own.row(0, named=True)
    line = {name: row[name] for name in ("n", "slope", "stderr", "p")}
    if figures.organisation.rules.directions[0] is Comparison.REGRESSION:
        return line | {name: row[name] for name in ("direction", "direction_basis")}
    return line | {"direction": row["direction_regression"], "direction_basis": Basis.COMPUTED}


#: What stands with an indicator; what is done about it stands apart.
_NOTED = [Said.NOTE, Said.METHOD, Said.COMMENTARY, Said.SUMMARY]


def _notes(figures: Figures, report: str, at: Period, code: str) -> tuple[str, ...]:
    written = commentary.of_period(figures, report, at, _NOTED).filter(pl.col("indicator") == code)
    return tuple(written["text"].to_list())
