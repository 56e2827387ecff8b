"""Exact arithmetic on figures: one rounding step, half away from zero, as a reader would round.

Figures are decimals and quotients are taken on whole numbers, so that a value on the boundary of a
target never falls to the wrong side by a binary fraction.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl

from kpi_core.fields import FIGURE

#: The most decimals that an indicator may show (schemas.Indicators.decimals).
MOST_DECIMALS = 4

_MICRO = 1_000_000  # figures have six places
ONE = _MICRO  #: one, in millionths: see `whole`
_LARGEST = 10**18 - 1  # the largest figure there is, in millionths


def shown(value: pl.Expr, decimals: pl.Expr) -> pl.Expr:
    """The value as displayed: rounded to each row's decimals, half away from zero."""
    rounded = [
        pl.when(decimals == places).then(value.round(places, mode="half_away_from_zero"))
        for places in range(MOST_DECIMALS + 1)
    ]
    return figure(pl.coalesce(rounded))


def figure(value: pl.Expr) -> pl.Expr:
    """The value in the type of figures; null where it is too large to be one."""
    return value.cast(FIGURE, strict=False)


def text(value: pl.Expr) -> pl.Expr:
    """The figure in writing, without the zeros that say nothing: 12.5, 90."""
    return (
        value.cast(pl.String).str.replace(r"(\.\d*?)0+$", "${1}").str.strip_suffix(".")
    )  # fmt: skip


def quotient(
    numerator: pl.Expr, denominator: pl.Expr, factor: pl.Expr, decimals: pl.Expr
) -> pl.Expr:
    """Divide factor * numerator by denominator, rounded once to each row's decimals.

    Null where a part is null or the denominator is 0. Figures have at most twelve digits before
    the point, so every product stays inside 128 bits.
    """
    return _divided(factor.cast(pl.Int128) * whole(numerator), whole(denominator), decimals)


def unrounded(numerator: pl.Expr, denominator: pl.Expr, factor: pl.Expr) -> pl.Expr:
    """Factor * numerator / denominator as a figure that is still to be rounded, once, for display.

    A quotient that does not end is cut after six places, and where it then ends in 0 or 5 that becomes 1
    or 6: so rounding it to fewer places gives what rounding the quotient itself gives, as a half is a
    half only where the quotient is exactly that. Null where a part is null or the denominator is 0.
    """
    above, below = factor.cast(pl.Int128) * whole(numerator), whole(denominator)
    size, rest = above.abs() * _MICRO // below.abs(), above.abs() * _MICRO % below.abs()
    sticky = ((rest != 0) & (size % 5 == 0)).cast(pl.Int128)
    micro = (size + sticky) * above.sign() * below.sign()
    cut = micro.cast(pl.Decimal(38, 0)).cast(pl.Decimal(38, 6)) / _MICRO
    return figure(pl.when(below != 0).then(cut))


def rounded(value: Fraction, places: int) -> Decimal:
    """A fraction rounded half away from zero."""
    size = (2 * abs(value) * 10**places + 1) // 2
    return Decimal(int(size) if value >= 0 else -int(size)).scaleb(-places)


def weighted_mean(total: pl.Expr, weights: pl.Expr, decimals: pl.Expr) -> pl.Expr:
    """Divide a weighted total by its weights, rounded once to each row's decimals.

    `total` is the sum of whole(value) * whole(weight), `weights` that of the weights themselves.
    """
    return _divided(total, whole(weights) * _MICRO, decimals)


def whole(figure: pl.Expr) -> pl.Expr:
    """The figure in millionths, a whole number (Int128)."""
    return (figure.cast(pl.Decimal(38, 6)) * _MICRO).cast(pl.Int128)


def from_whole(micro: pl.Expr) -> pl.Expr:
    """The figure of that many millionths; beyond the largest or smallest figure, that one."""
    held = micro.clip(-_LARGEST, _LARGEST)
    return figure(held.cast(pl.Decimal(38, 0)).cast(pl.Decimal(38, 6)) / _MICRO)


def distance(value: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """How far a value lies outside a band, in millionths (Int128): 0 inside.

    An end that is null is open. Null without a value, or without any end.
    """
    below, above = whole(low) - whole(value), whole(value) - whole(high)
    return pl.when(value.is_not_null()).then(pl.max_horizontal(below, above).clip(lower_bound=0))


def _divided(above: pl.Expr, below: pl.Expr, decimals: pl.Expr) -> pl.Expr:
    """Divide whole numbers, rounded half away from zero."""
    scale = decimals.replace_strict(_powers(), return_dtype=pl.Int128)
    size, by = above.abs(), below.abs()
    # What is left over is scaled by itself: a weighted total has no room for further digits.
    rounded = size // by * scale + (2 * scale * (size % by) + by) // (2 * by)
    micro = rounded * decimals.replace_strict(_powers(falling=True), return_dtype=pl.Int128)
    signed = micro * above.sign() * below.sign()
    return pl.when((below != 0) & (micro <= _LARGEST)).then(from_whole(signed))


def _powers(*, falling: bool = False) -> dict[int, int]:
    return {
        places: 10 ** (6 - places if falling else places) for places in range(MOST_DECIMALS + 1)
    }
