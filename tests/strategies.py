"""What hypothesis draws from, and how often: always the same examples, so that a run is repeatable."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from kpi_core.periods import Frequency, Period

settings.register_profile("core", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("core")

year_starts = st.sampled_from([1, 4, 7, 10])
frequencies = st.sampled_from(list(Frequency))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Any period of any calendar between 1900 and 2100."""
    year_start, frequency = draw(year_starts), draw(frequencies)
    year = draw(st.integers(1900, 2100))
    first = year * 12 + year_start - 1
    return Period(frequency, first, year_start).shift(draw(st.integers(0, 11)))


def decimals(low: int, high: int, places: int = 6) -> st.SearchStrategy[Decimal]:
    """Decimals between two whole numbers, with at most so many places."""
    unit = 10**places
    return st.integers(low * unit, high * unit).map(lambda whole: Decimal(whole) / unit)
