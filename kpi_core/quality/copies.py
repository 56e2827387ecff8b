"""Figures copied: from the period before, or from the column beside."""

from __future__ import annotations

import polars as pl

from kpi_core.quality import chance
from kpi_core.quality.facts import CELL, SERIES, Row, several, told, words

#: Parts that must all stand still before a period is taken for a copy.
FEWEST_PARTS = 3
#: Indicators that must do so, and their share of all that have both periods.
FEWEST_INDICATORS, SHARE = 8, 0.8
#: Figures that an upload brings for one period and that must all stand still. Of Kent's monthly
#: figures other than 0 one in four stands still by itself (of its quarterly ones one in eight, of
#: Exampleshire's one in twenty), four at once one time in 256.
FEWEST_BROUGHT = 4
#: Periods on end in which two columns must be the same.
SHORTEST_COPY = 4
#: A figure that says something on its own has at least three digits.
TELLING = 100
#: Columns in which one and the same figure may stand before it says nothing.
_COMMON = 20
#: Figures that a sentence lists.
_LISTED = 4


def copied_periods(rows: pl.DataFrame) -> pl.DataFrame:
    """The figures of a period whose parts, or indicators, all stand as in the period before.

    All parts of a breakdown (at least 3) with the same figures as a period earlier; or at least 8
    indicators, and four in five of those that have both periods. That it is chance must be as
    improbable as for a run (see `chance`): parts of 0, and figures that hardly ever move, prove
    nothing. Returns rows of `rows` with copy (text that says of what) and group.
    """
    steps = chance.stepped(rows).filter(pl.col("difference").is_not_null())
    same = pl.col("difference") == 0
    q = pl.when(same & (pl.col("value") != 0)).then("chance").otherwise(1.0)

    def stand_still(kind: pl.Expr, keys: list[str], fewest: int, share: float) -> pl.DataFrame:
        asked = steps.filter(kind).with_columns(q=q, same=same)
        groups = asked.group_by(keys, maintain_order=True).agg(
            n=pl.len(), still=pl.col("same").sum(), p=pl.col("q").log().sum().exp()
        )
        found = groups.filter(
            (pl.col("still") >= fewest)
            & (pl.col("still") >= share * pl.col("n"))
            & (pl.col("p") * groups.height < chance.RARE)
        ).with_row_index("group")
        return (
            asked.filter("same")
            .join(
                found.select(*keys, "group", "still"), on=keys, how="inner", maintain_order="left"
            )
            .drop("q", "same")
        )

    parts = stand_still(
        pl.col("item") != "", ["indicator", "basis", "breakdown", "frequency", "period"],
        FEWEST_PARTS, 1.0,
    )  # fmt: skip
    wholes = stand_still(
        pl.col("item") == "", ["basis", "frequency", "period"], FEWEST_INDICATORS, SHARE
    )
    return pl.concat(
        [
            parts.with_columns(copy=pl.lit("parts")),
            wholes.with_columns(copy=pl.lit("indicators")),
        ]
    )


def copied(found: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each copied period of `copied_periods`: an error."""
    groups = (
        found.sort("copy", "group", "line")
        .group_by("copy", "group", maintain_order=True)
        .agg(
            pl.col("name", "unit", "period", "breakdown").first(),
            code=pl.col("indicator").first(), values=pl.col("value"),
            indicators=pl.col("indicator"), source=pl.col("source"),
        )
        .with_columns(
            indicator=pl.when(pl.col("copy") == "parts").then("code").otherwise(pl.lit(""))
        )
    )  # fmt: skip

    def sentence(row: Row) -> str:
        n, period = len(row["values"]), words(row["period"], year_start)
        if row["copy"] == "parts":
            dots = " …" if n > _LISTED else ""
            return (
                f"{row['name']}: all {n} figures by {row['breakdown']} for {period} are those of the "
                f"period before, unchanged ({several(row['values'][:_LISTED], row['unit'])}{dots})."
            )
        codes = ", ".join(row["indicators"][:_LISTED])
        more = f" and {n - _LISTED} more" if n > _LISTED else ""
        return (
            f"{n} indicators have for {period} exactly their figures of the period before: "
            f"{codes}{more}."
        )

    return told(groups, "copied", "error", sentence)


def copied_upload(rows: pl.DataFrame, brought: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The figures brought for a period, at least four, all as in the period before: a warning.

    Of wholes other than 0; `brought` has the columns of CELL. For a few indicators, or short
    histories, where `copied_periods` cannot tell.
    """
    group = ["basis", "frequency", "period"]
    steps = chance.stepped(rows).filter(
        (pl.col("item") == "") & pl.col("difference").is_not_null() & (pl.col("value") != 0)
    )
    asked = steps.join(brought, on=CELL, how="semi", maintain_order="left")
    found = (
        asked.sort("line")
        .group_by(group, maintain_order=True)
        .agg(
            n=pl.len(), still=(pl.col("difference") == 0).all(), names=pl.col("indicator"),
            source="source",
        )
        .filter((pl.col("n") >= FEWEST_BROUGHT) & pl.col("still"))
        .with_columns(indicator=pl.lit(""))
    )  # fmt: skip

    def sentence(row: Row) -> str:
        more = f" and {row['n'] - _LISTED} more" if row["n"] > _LISTED else ""
        return (
            f"All {row['n']} {_KIND[row['basis']]} for {words(row['period'], year_start)} that have "
            f"one of the period before are exactly that one: {', '.join(row['names'][:_LISTED])}{more}."
        )

    return told(found, "copied", "warning", sentence)


#: Figures by what they cover.
_KIND = {"period": "figures", "ytd": "years to date", "12m": "figures of twelve months"}


def copied_columns(rows: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """Two columns that hold the same figures in at least 4 periods on end: a warning for each pair.

    Columns are the wholes of two indicators, or two parts of one breakdown. Only figures of three
    digits or more count. The chance for one figure is the last digit over the spread of all the
    figures of the column, sqrt(2 pi) as in `chance`; it is set against the number of pairs.
    """
    telling = rows.filter(
        pl.col("value").is_not_null()
        & (
            pl.col("value").cast(pl.Float64).abs()
            >= TELLING * pl.lit(10.0).pow(-pl.col("decimals").cast(pl.Float64))
        )
    ).with_columns(
        column=pl.struct(SERIES).rank("dense").cast(pl.Int64),
        level=pl.col("value").cast(pl.Float64).std().over(SERIES),
    )
    here = ["frequency", "basis", "first_month"]
    small = telling.filter(pl.len().over(*here, "value") <= _COMMON)
    pairs = small.join(
        small.select(
            *here, "value", "indicator", "breakdown", "item", "label", "column", "source"
        ),
        on=[*here, "value"], suffix="_too", maintain_order="left",
    ).filter(
        (pl.col("column") < pl.col("column_too"))
        & (
            ((pl.col("indicator") != pl.col("indicator_too")) & (pl.col("item") == "") & (pl.col("item_too") == ""))
            | ((pl.col("indicator") == pl.col("indicator_too")) & (pl.col("breakdown") == pl.col("breakdown_too")) & (pl.col("item") != "") & (pl.col("item_too") != ""))
        )
    ).sort("column", "column_too", "first_month")  # fmt: skip
    two = ["column", "column_too"]
    breaks = (pl.col("end_month").shift(1).over(two) != pl.col("first_month")).fill_null(value=True)
    # Figures that stand still prove only once that they are the same.
    moved = (pl.col("value") != pl.col("value").shift(1).over(two)).fill_null(value=True)
    q = (10.0 ** -pl.col("decimals").cast(pl.Float64)) / (pl.col("level") * 2.5066)
    runs = (
        pairs.with_columns(part=breaks.cum_sum().over(two), q=pl.when(moved & (pl.col("level") > 0)).then(q.clip(0, 1)).otherwise(1.0))
        .group_by(*two, "part", maintain_order=True)
        .agg(
            pl.col("indicator", "label", "label_too", "indicator_too", "unit").first(),
            first=pl.col("period").first(), period=pl.col("period").last(),
            n=pl.len(), p=pl.col("q").log().sum().exp(), values=pl.col("value"),
            source="source", source_too="source_too",
        )
    )  # fmt: skip
    columns = telling["column"].n_unique()
    found = runs.filter(
        (pl.col("n") >= SHORTEST_COPY) & (pl.col("p") * (columns**2 / 2) < chance.RARE)
    )
    # Months and quarters of one copy are told once, by the longer run.
    once = found.sort("n", descending=True, maintain_order=True).unique(
        ["indicator", "label", "indicator_too", "label_too"], keep="first", maintain_order=True
    )

    def sentence(row: Row) -> str:
        return (
            f"{row['label']} and {row['label_too']} ({row['indicator_too']}) hold the same "
            f"{row['n']} figures from {words(row['first'], year_start)} to "
            f"{words(row['period'], year_start)} ({several(row['values'][:4], row['unit'])}"
            f"{' …' if row['n'] > SHORTEST_COPY else ''}): one looks like a copy of the other."
        )

    return told(once, "copied", "warning", sentence, ["source", "source_too"])
