"""Figures of which only a numerator and a denominator are known: their quotient, rounded once it is shown.

Whatever is worked out from such a figure uses the quotient itself: statistics as a floating-point number,
sums and means as a fraction.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from kpi_core import exact
from kpi_core.fields import FIGURE


def factor() -> pl.Expr:
    """A percentage is a hundred times its numerator over its denominator."""
    return pl.when(pl.col("unit") == "percent").then(100).otherwise(1)


def worked_out(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the figure of those that have only a numerator and a denominator.

    Takes value, numerator, denominator Decimal, and unit. Returns value Decimal as given, else the
    quotient, still to be rounded (see `exact.unrounded`); counted Boolean (whether it is the quotient);
    unrounded Float64: the value, or the quotient as exact as such a number is.
    """
    above, below = pl.col("numerator"), pl.col("denominator")
    quotient = exact.unrounded(above, below, factor())
    counted = pl.col("value").is_null() & quotient.is_not_null()
    exactly = factor() * above.cast(pl.Float64) / below.cast(pl.Float64)
    return rows.with_columns(
        value=pl.coalesce("value", quotient),
        counted=counted,
        unrounded=pl.when(counted).then(exactly).otherwise(pl.col("value").cast(pl.Float64)),
    )


def fractions(rows: pl.DataFrame) -> list[Fraction]:
    """The exact figure of each row: its value, or the quotient of the counts that it is worked out from.

    Takes value, numerator and denominator Decimal, counted Boolean (whether the value is worked out
    from them), unit String. Rows without a figure are left out.
    """
    columns = ["value", "numerator", "denominator", "counted", "unit"]
    return [
        Fraction(above) / Fraction(below) * (100 if unit == "percent" else 1)
        if counted
        else Fraction(value)
        for value, above, below, counted, unit in rows.select(columns).iter_rows()
        if value is not None
    ]


def added_up(parts: pl.DataFrame) -> pl.DataFrame:
    """The exact sum and mean of series with figures that are quotients, rounded once.

    Takes rows with a series in `indicator` and what `exact.fractions` needs, and decimals. Returns
    indicator, sum_of_quotients and mean_of_quotients Decimal, for such series alone: few, so that plain
    fractions are quick enough.
    """
    some = parts.filter(pl.col("counted").any().over("indicator"))
    rows = []
    for (indicator,), own in some.group_by("indicator", maintain_order=True):
        figures, places = fractions(own), own["decimals"][0]
        total = sum(figures, Fraction(0))
        rows.append(
            (indicator, exact.rounded(total, places), exact.rounded(total / len(figures), places))
        )
    return pl.DataFrame(
        rows,
        schema={"indicator": pl.String, "sum_of_quotients": FIGURE, "mean_of_quotients": FIGURE},
        orient="row",
    )
