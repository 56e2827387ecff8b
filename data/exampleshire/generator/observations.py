"""The rows of observations.csv, from the histories and what happened to single figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from data.exampleshire.generator import dates, events, figures, parts
from data.exampleshire.generator.figures import Cell, Series
from data.exampleshire.generator.indicator import Indicator

SOURCE = "made up"
Row = dict[str, str]

#: Monthly indicators whose parts are counted by month too.
_PARTS_BY_MONTH = ("CU11", "CU13")


def rows(indicators: Iterable[Indicator], seed: str) -> list[Row]:
    """Every figure of the indicators, whole and by part."""
    found: list[Row] = []
    for indicator in indicators:
        if indicator.size is None and indicator.level is None:
            continue
        histories = figures.histories(indicator, seed)
        for series in histories.values():
            found += _wholes(indicator, series)
        if indicator.ytd == "published":
            for series in histories.values():
                found += _to_date(indicator, series)
        for breakdown in indicator.parts:
            found += _parts(indicator, breakdown, histories, seed)
    return found


def row(code: str, period: str, cell: Cell, **more: str) -> Row:
    """A figure as a row."""
    return {
        "indicator": code,
        "period": period,
        "basis": "period",
        "breakdown": "",
        "item": "",
        "value": str(cell.value),
        "numerator": "" if cell.numerator is None else str(cell.numerator),
        "denominator": "" if cell.denominator is None else str(cell.denominator),
        "status": "actual",
        "note": "",
        "source": SOURCE,
        **more,
    }


def _wholes(indicator: Indicator, series: Series) -> Iterator[Row]:
    latest = list(series)
    for period, cell in series.items():
        key = (indicator.code, period)
        if key in events.ABSENT:
            continue
        if key in events.NO_DATA:
            note = events.NO_DATA[key]
            empty = {"value": "", "numerator": "", "denominator": ""}
            yield row(*key, cell, status="no_data", note=note, **empty)
        else:
            yield row(*key, cell, **_remarks(indicator, period, latest))


def _remarks(indicator: Indicator, period: str, periods: list[str]) -> Row:
    """Status and note of a figure that is provisional or was restated."""
    late = events.PROVISIONAL.get(indicator.code)
    if late:
        each = 1 if " Q" in periods[-1] else 3
        if period in periods[-late.quarters * each :]:
            return {"status": "provisional", "note": late.note}
    for restated in events.RESTATED:
        if (restated.indicator, restated.period) == (indicator.code, period):
            return {"note": restated.note}
    return {}


def _to_date(indicator: Indicator, series: Series) -> Iterator[Row]:
    """The year to date as the service publishes it."""
    so_far: list[Cell] = []
    year = ""
    for period, cell in series.items():
        if dates.year_of(period) != year:
            year, so_far = dates.year_of(period), []
        so_far.append(cell)
        total = parts.sum_of(indicator, so_far)
        yield row(indicator.code, period, Cell(total.value), basis="ytd")


def _parts(
    indicator: Indicator, breakdown: str, histories: Mapping[str, Series], seed: str
) -> Iterator[Row]:
    if indicator.code in _PARTS_BY_MONTH:
        by_month = parts.split(indicator, breakdown, histories["month"], seed)
        tables = [by_month, _quarters_of_parts(indicator, by_month)]
    else:
        series = histories.get("quarter", histories[indicator.frequency])
        tables = [parts.split(indicator, breakdown, series, seed)]
    for table in tables:
        for period, cells in table.items():
            for item, cell in cells.items():
                yield row(indicator.code, period, cell, breakdown=breakdown, item=item)


def _quarters_of_parts(
    indicator: Indicator, by_month: Mapping[str, Mapping[str, Cell]]
) -> dict[str, dict[str, Cell]]:
    found = {}
    for quarter in dates.texts("quarter"):
        months = [by_month[month] for month in dates.months_of(quarter)]
        found[quarter] = {
            item: parts.sum_of(indicator, [month[item] for month in months]) for item in months[0]
        }
    return found
