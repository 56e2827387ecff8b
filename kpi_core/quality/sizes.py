"""Single figures of the wrong size: a fraction, a slipped point, half a complaint, 130 per cent."""

from __future__ import annotations

import polars as pl

from kpi_core.figures import Figures
from kpi_core.quality.facts import SERIES, Row, said, told, words
from kpi_core.standards import with_targets

#: A percentage below which a fraction may be meant, and the least that its like must be.
ONE, CLEARLY_PERCENT = 1, 5
#: Figures that a series needs beside the one in question before it can speak against it.
HISTORY = 6
#: Whole figures that make a broken one odd.
WHOLE = 3
#: Powers of ten that a point slips by.
SLIPS = 3
#: How far from a whole power of ten a slipped figure may lie: a factor of 1.4 either way.
NEAR = 0.15
#: Spread of the logs beyond which a series jumps so much that a slip cannot be told.
STEADY = 0.15
#: A figure within a factor of three of another one is of its size.
LIKE = 0.48
#: A count smaller than this may well fall to a tenth.
SMALL = 20
#: Indicators that fall together in one period have a reason in common, such as a lockdown.
TOGETHER = 3
#: A share beyond these is no late correction of a count, but a slip.
FAR = (-100, 200)


def fractions(rows: pl.DataFrame, figures: Figures) -> pl.DataFrame:
    """Percentages entered as fractions: rows of `rows` with usual (what the others are like).

    A percentage up to 1 whose like (its series, and the target in force) are all at least 5, and
    which times a hundred lies among them: no further out than they lie apart, with 5 points to
    spare. One figure or target to compare with is enough, as 0.87 and 87 are two orders apart.
    """
    percent = rows.filter((pl.col("unit") == "percent") & pl.col("value").is_not_null())
    aimed = with_targets(percent.with_columns(own_year="year"), figures.targets)
    value, target = pl.col("value").cast(pl.Float64), pl.col("target").cast(pl.Float64)
    tiny = (value > 0) & (value <= ONE)
    like = pl.when(~tiny).then(value)
    meant = value * 100
    low, high = (
        pl.min_horizontal(like.min().over(SERIES), target),
        pl.max_horizontal(like.max().over(SERIES), target),
    )
    room = high - low + CLEARLY_PERCENT
    few = tiny.sum().over(SERIES) <= (~tiny).sum().over(SERIES).clip(1)
    return (
        aimed.with_columns(low=low, high=high)
        .filter(
            tiny & few & (low >= CLEARLY_PERCENT) & (meant >= low - room) & (meant <= high + room)
        )
        .select(*rows.columns, "low", "high")
    )


def fraction(found: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each row of `fractions`: an error."""

    def sentence(row: Row) -> str:
        return (
            f"{row['label']}: {words(row['period'], year_start)} is {said(row['value'], 'percent')}, "
            f"while its other figures and its target lie between {row['low']:g}% and {row['high']:g}%; "
            f"a fraction seems to have been entered for {said(row['value'] * 100, 'percent')}."
        )

    return told(found, "fraction", "error", sentence)


def slipped(rows: pl.DataFrame) -> pl.DataFrame:
    """Figures that are 10, 100 or 1,000 times too large or too small for their own history.

    On logarithms, so that ten times too large and too small weigh the same; median and median
    absolute deviation, which the figure itself cannot move. It must lie within a factor of 1.4 of
    a power of ten from the median, outside five deviations, in a series of at least 6 others that
    keeps within a factor of 1.4 itself; put right it must lie among the others. Real falls are left
    alone: those that last (a neighbour in time is like it), come every year (the same months of
    another year are like it), hit three indicators at once, or concern fewer than 20 of a thing.
    Returns rows of `rows` with usual Float64 and slip (the power of ten, with its sign).
    """
    log = pl.col("value").cast(pl.Float64).log10()
    known = (
        rows.filter(pl.col("value") > 0)
        .sort(*SERIES, "end_month")
        .with_columns(log=log)
        .with_columns(middle=pl.col("log").median().over(SERIES), n=pl.len().over(SERIES))
        .with_columns(off=pl.col("log") - pl.col("middle"))
        .with_columns(
            spread=1.4826 * pl.col("off").abs().median().over(SERIES), slip=pl.col("off").round()
        )
    )
    before = pl.col("off").shift(1).over(SERIES)
    after = pl.col("off").shift(-1).over(SERIES)
    lasting = ((before - pl.col("off")).abs() < LIKE) | ((after - pl.col("off")).abs() < LIKE)
    month = [*SERIES, pl.col("end_month") % 12]
    as_every_year = (
        ((pl.col("off") - pl.col("slip")).abs() < LIKE) & (pl.col("slip") != 0)
    ).sum().over(month) > 1  # fmt: skip
    low, high = (
        pl.when(pl.col("slip") == 0).then("log").min().over(SERIES),
        pl.when(pl.col("slip") == 0).then("log").max().over(SERIES),
    )
    mended = pl.col("log") - pl.col("slip")
    out = known.with_columns(
        lasting=lasting.fill_null(value=False), often=as_every_year, low=low, high=high
    )
    fell = (
        out.filter(pl.col("off") < -LIKE)
        .group_by("frequency", "period")
        .agg(fallen=pl.col("indicator").n_unique())
    )
    small = (pl.col("unit") == "number") & (10 ** pl.col("middle") < SMALL)
    return (
        out.join(fell, on=["frequency", "period"], how="left", maintain_order="left")
        .filter(
            (pl.col("n") > HISTORY)
            & (pl.col("slip").abs().is_between(1, SLIPS))
            & ((pl.col("off") - pl.col("slip")).abs() <= NEAR)
            & (pl.col("spread") <= STEADY)
            & (pl.col("off").abs() > 5 * pl.col("spread"))
            & (mended >= pl.col("low") - 0.1)
            & (mended <= pl.col("high") + 0.1)
            & ~pl.col("lasting")
            & ~pl.col("often")
            & ~small
            & ((pl.col("slip") > 0) | (pl.col("fallen").fill_null(0) < TOGETHER))
        )
        .with_columns(usual=pl.lit(10.0).pow(pl.col("middle")))
        .select(*rows.columns, "usual", "slip")
    )


def scale(found: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each row of `slipped`: an error."""

    def sentence(row: Row) -> str:
        return (
            f"{row['label']}: {words(row['period'], year_start)} is {said(row['value'], row['unit'])}, "
            f"about {10 ** abs(int(row['slip'])):,} times as {'much' if row['slip'] > 0 else 'little'} "
            f"as its usual {row['usual']:,.{row['decimals']}f}; a figure or a point may have slipped."
        )

    return told(found, "scale", "error", sentence)


def count_with_decimals(rows: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """Counts that are not whole: an error for each figure.

    The indicator counts (unit number, no decimals) and its other figures, at least three of them
    and four in five, are whole. An average that is shown without decimals has broken ones beside it.
    """
    counts = rows.filter(
        (pl.col("unit") == "number") & (pl.col("decimals") == 0) & pl.col("value").is_not_null()
    ).with_columns(whole=pl.col("value") % 1 == 0)
    of_all = pl.col("whole").sum().over("indicator"), pl.len().over("indicator")
    broken = counts.filter(
        ~pl.col("whole") & (of_all[0] >= WHOLE) & (of_all[0] >= 4 * (of_all[1] - of_all[0]))
    )

    def sentence(row: Row) -> str:
        return (
            f"{row['label']}: {words(row['period'], year_start)} is {said(row['value'])}, although it counts whole "
            "things and its other figures are whole."
        )

    return told(broken, "count_with_decimals", "error", sentence)


def outside_percent(rows: pl.DataFrame) -> pl.DataFrame:
    """Percentages below 0 or above 100 where that cannot be: rows of `rows`.

    The indicator's other figures, at least 6, all lie within 0 and 100, and no numerator of theirs
    is greater than its denominator: it is the share of a whole.
    """
    percent = rows.filter((pl.col("unit") == "percent") & pl.col("value").is_not_null())
    within = pl.col("value").is_between(0, 100)
    share = (pl.col("numerator") <= pl.col("denominator")).fill_null(value=True)
    mine = ["indicator", "era"]
    return percent.filter(
        ~within & (within.sum().over(mine) >= HISTORY) & ((~within).sum().over(mine) == 1)
        & ((~share & within).sum().over(mine) == 0)
    )  # fmt: skip


def beyond_hundred(found: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each row of `outside_percent`: a warning, an error for one far outside."""

    def sentence(row: Row) -> str:
        return (
            f"{row['label']}: {words(row['period'], year_start)} is {said(row['value'], 'percent')}, "
            "outside 0% to 100%, where all its other figures lie."
        )

    is_far = ~pl.col("value").is_between(*FAR)
    return pl.concat(
        [
            told(found.filter(is_far), "beyond_hundred", "error", sentence),
            told(found.filter(~is_far), "beyond_hundred", "warning", sentence),
        ]
    )


def misdivided(rows: pl.DataFrame) -> pl.DataFrame:
    """Figures that their numerator and denominator do not give: rows of `rows` with gives Float64.

    A percentage is a hundred times the quotient. By how much another unit multiplies (1, 1,000,
    10,000) is read off the indicator's own figures, where at least three and most of them agree on
    a power of ten. Rounding explains half of the last digit: that of the definition, or of the
    figure itself where it is printed with fewer.
    """
    known = rows.filter(
        pl.col("value").is_not_null()
        & pl.col("numerator").is_not_null()
        & (pl.col("denominator") != 0)
    ).with_columns(q=pl.col("numerator").cast(pl.Float64) / pl.col("denominator").cast(pl.Float64))
    value = pl.col("value").cast(pl.Float64)
    power = pl.when((pl.col("q") > 0) & (value > 0)).then((value / pl.col("q")).log10().round())
    mine = ["indicator", "era"]
    usual = pl.col("power").mode().sort().first().over(mine)
    agreed = (pl.col("power") == usual).sum().over(mine)
    places = [pl.when((pl.col("value") * 10**n) % 1 == 0).then(n) for n in range(7)]
    return (
        known.with_columns(power=power)
        .with_columns(
            factor=pl.when(pl.col("unit") == "percent")
            .then(100.0)
            .when((agreed >= WHOLE) & (2 * agreed > pl.len().over(mine)) & (usual >= 0))
            .then(pl.lit(10.0).pow(usual)),
            printed=pl.min_horizontal(pl.coalesce(places), "decimals").cast(pl.Float64),
        )
        .with_columns(gives=pl.col("factor") * pl.col("q"))
        .filter((value - pl.col("gives")).abs() > 0.5 * pl.lit(10.0).pow(-pl.col("printed")) + 1e-9)
        .select(*rows.columns, "gives")
    )  # fmt: skip


def quotient(found: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each row of `misdivided`: an error."""

    def sentence(row: Row) -> str:
        return (
            f"{row['label']}: {words(row['period'], year_start)} is {said(row['value'], row['unit'])}, "
            f"but {said(row['numerator'])} of {said(row['denominator'])} give "
            f"{row['gives']:,.{row['decimals'] + 1}f}{'%' if row['unit'] == 'percent' else ''}; "
            "rounding does not explain the difference."
        )

    return told(found, "quotient", "error", sentence)
