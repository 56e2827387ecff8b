"""What figures are held against: targets and floors, expected ranges, and the same elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random

from data.exampleshire.generator import dates, shapes
from data.exampleshire.generator.indicator import PROPOSED, YEARS, Indicator

SOURCE = "made up"
Row = dict[str, str]
#: Values of the whole by indicator and period.
Values = Mapping[tuple[str, str], Decimal]

#: Years that have expected ranges, which are made from the two years before each.
_JUDGED = ("2023/24", "2024/25", "2025/26")

#: Targets that change from quarter to quarter: of each year, target/floor by quarter.
_BY_QUARTER = {
    ("EW03", "2023/24"): "18600/19800 18300/19500 18000/19200 17800/19000",
    ("EW03", "2024/25"): "17600/18700 17200/18300 16800/17900 16400/17500",
    ("EW03", "2025/26"): "16000/17100 15600/16700 15200/16300 14800/15900",
    ("EW04", "2021/22"): "1000/800 1600/1300 9500/8000 20000/17000",
    ("EW04", "2022/23"): "1100/900 1800/1400 10500/9000 22000/19000",
    ("EW04", "2023/24"): "1200/1000 2000/1600 12000/10000 25000/21000",
    ("EW04", "2024/25"): "1400/1100 2300/1900 13000/11000 26000/22000",
    ("EW04", "2025/26"): "1500/1200 2500/2000 14000/12000 27000/23000",
    ("EW04", "2026/27"): "1600/1300 2600/2100 15000/12500 28000/24000",
}

#: Made-up neighbours, and how far each lies off England, in shares of the distance.
_NEIGHBOURS = {
    "Westmarch": 1.3, "Fennshire": -0.6, "Oxdale": 0.4, "Thornwolds": -1.4, "Merefield": 0.9,
    "Ravenshire": -0.2,
}  # fmt: skip


def targets(indicator: Indicator) -> Iterator[Row]:
    """Rows of targets.csv."""
    words = indicator.aim.split()
    for place, year in enumerate((*YEARS, PROPOSED)):
        word = words[min(place, len(words) - 1)] if words else "-"
        if word == "-" or (indicator.last and year > indicator.last) or year < indicator.first[:7]:
            continue
        status = "proposed" if year == PROPOSED else "set"
        if word == "quarters":
            aims = _BY_QUARTER[indicator.code, year].split()
            for number, aim in enumerate(aims, start=1):
                yield _target(indicator.code, year, f"{year} Q{number}", status, aim)
        elif word == "tbc":
            yield _target(indicator.code, year, "", "tbc", "")
        else:
            yield _target(indicator.code, year, "", status, word)


def _target(code: str, year: str, period: str, status: str, aim: str) -> Row:
    target, _, floor = aim.partition("/")
    low, _, high = target.partition("-")
    floor_low, _, floor_high = floor.partition("-")
    return {
        "indicator": code,
        "year": year,
        "period": period,
        "status": status,
        "target": low,
        "target_high": high,
        "floor": floor_low,
        "floor_high": floor_high,
        "source": SOURCE,
    }


def thresholds(indicator: Indicator, values: Values) -> Iterator[Row]:
    """Rows of thresholds.csv: a fixed range for the year, or one made of the two years before."""
    basis, _, width = indicator.expected.partition(":")
    if not basis:
        return
    if "-" in width:
        lower, upper = width.split("-")
        for year in _JUDGED:
            yield _range(indicator.code, year, (lower, upper), basis)
        return
    frequencies = ("month", "quarter") if indicator.frequency == "month" else ("quarter",)
    for frequency in frequencies:
        periods = dates.texts(frequency)
        a_year = 12 // dates.MONTHS_OF[frequency]
        for place, period in enumerate(periods):
            if dates.year_of(period) in _JUDGED:
                before = [
                    _total(
                        [(indicator.code, text) for text in periods[start : start + count]], values
                    )
                    for start, count in _stretches(place, a_year, basis)
                ]
                middle = _expected(before, indicator.measure)
                yield _around(indicator.code, period, middle, int(width), basis)


def _stretches(place: int, a_year: int, basis: str) -> Iterator[tuple[int, int]]:
    """One and two years before: the place and number of the periods that are counted."""
    first = place - place % a_year if basis == "ytd" else place
    for back in (1, 2):
        yield first - back * a_year, place - first + 1


def _total(keys: Sequence[tuple[str, str]], values: Values) -> Decimal | None:
    """The figures added up; None where one is missing."""
    found = [values.get(key) for key in keys]
    known = [value for value in found if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(found) else None


def _expected(before: Sequence[Decimal | None], measure: str) -> Decimal:
    """A stock goes on growing as it did; a flow is expected to be the mean of the two years."""
    last, earlier = before
    if last is None or earlier is None:
        return last or earlier or Decimal(0)
    return last + (last - earlier) if measure == "snapshot" else (last + earlier) / 2


def _around(code: str, period: str, middle: Decimal, width: int, basis: str) -> Row:
    lower, upper = (middle * (100 + side * width) / 100 for side in (-1, 1))
    step = 5 * 10 ** max(0, len(str(int(lower))) - 3)
    low, high = (str(int(end / step + Decimal("0.5")) * step) for end in (lower, upper))
    return _range(code, dates.year_of(period), (low, high), basis, period)


def _range(code: str, year: str, ends: tuple[str, str], basis: str, period: str = "") -> Row:
    return {
        "indicator": code,
        "year": year,
        "period": period,
        "lower": ends[0],
        "upper": ends[1],
        "basis": basis,
        "source": SOURCE,
    }


def benchmarks(indicator: Indicator, values: Values, seed: str) -> Iterator[Row]:
    """Rows of benchmarks.csv: England by quarter or year, six neighbours by year."""
    frequency, _, distance = indicator.peers.partition(":")
    if not frequency:
        return
    off = float(distance)
    for area, share in {"England": 1.0, **_NEIGHBOURS}.items():
        chance = Random(f"{seed}:{indicator.code}:{area}")
        of = "year" if area != "England" else frequency
        for period in dates.texts(of)[: -1 if of == "year" else None]:
            own = values.get((indicator.code, _at(period, indicator)))
            if own is not None:
                value = float(own) + off * share + 0.15 * off * shapes.scatter(chance)
                places = indicator.decimals
                yield {
                    "indicator": indicator.code,
                    "period": period,
                    "area": area,
                    "breakdown": "",
                    "item": "",
                    "value": str(Decimal(value).quantize(Decimal(1).scaleb(-places))),
                    "source": SOURCE,
                }


def _at(period: str, indicator: Indicator) -> str:
    """The council's own period that stands beside a benchmark's."""
    return period if " Q" in period or indicator.frequency == "year" else f"{period} Q4"
