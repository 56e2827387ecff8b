"""Figures that a spreadsheet made: dragged along, or copied from the period or column beside."""

from __future__ import annotations

import polars as pl

from kpi_core.quality import chance
from kpi_core.quality.facts import CELL, SERIES, findings_of, said, several, sources, words

#: A run that tells of dragging has at least so many figures: three equal steps.
SHORTEST_RUN = 4
#: Parts that must all stand still before a period is taken for a copy.
FEWEST_PARTS = 3
#: Indicators that must do so, and their share of all that have both periods.
FEWEST_INDICATORS, SHARE = 8, 0.8
#: A figure that says something on its own has at least three digits.
TELLING = 100
#: Columns in which one and the same figure may stand before it says nothing.
_COMMON = 20


def dragged(rows: pl.DataFrame) -> pl.DataFrame:
    """The figures that rise or fall by the same step at least three times in a row, improbably.

    Two figures dragged along by their corner go on with their step; one goes on by 1. Over time
    within a series, and in the order of the file over the parts of a breakdown. For steps of one
    last digit each of the k steps must be hit by chance, up or down: 2 q^k. Any other step is free
    the first time: q^(k-1). See `chance` for q and for how rare is rare. Percentages that stay at
    0 or 100 are no run. Returns rows of `rows` with run (a number for each run) and step_by.
    """
    steps = chance.stepped(rows)
    over_time = _runs(steps, SERIES, steps.height)
    parts = (
        steps.filter(pl.col("item") != "")
        .sort("indicator", "basis", "breakdown", "period", "line")
        .with_columns(
            difference=pl.when(
                pl.col("line").cast(pl.Int64).diff().over("indicator", "basis", "breakdown", "period") == 1
            ).then(pl.col("value").diff().over("indicator", "basis", "breakdown", "period"))
        )
    )  # fmt: skip
    table = ["indicator", "basis", "breakdown", "period"]
    down_the_file = _runs(parts, table, steps.height)
    # A breakdown whose parts all stand still is a copy, and found as such.
    moving = down_the_file.filter(pl.col("step_by") != 0)
    after = over_time["run"].max()
    start = int(after) + 1 if isinstance(after, int) else 0
    return pl.concat([over_time, moving.with_columns(pl.col("run") + start)], how="vertical")


def _runs(steps: pl.DataFrame, table: list[str], windows: int) -> pl.DataFrame:
    """Runs of one step within a table, of rows in order, that are too rare for chance."""
    marked = steps.with_columns(
        block=pl.struct(*table, pl.col("difference")).rle_id(),
        size=pl.col("value").cast(pl.Float64).abs(),
    )
    runs = (
        marked.filter(pl.col("difference").is_not_null())
        .group_by("block", maintain_order=True)
        .agg(
            length=pl.len().cast(pl.Int64),
            step_by=pl.col("difference").first(),
            digit=pl.col("last_digit").max(),
            q=pl.col("chance").max(),
            stuck=((pl.col("value") == 0) | ((pl.col("unit") == "percent") & (pl.col("value") == 100))).all(),
        )
        .with_columns(by=pl.col("step_by").cast(pl.Float64).abs())
        .with_columns(
            p=pl.when((pl.col("by") - pl.col("digit")).abs() < pl.col("digit") / 2)
            .then(2 * pl.col("q").pow(pl.col("length")))
            .otherwise(pl.col("q").pow(pl.col("length") - 1))
        )
        .filter(
            (pl.col("length") >= SHORTEST_RUN - 1)
            & (pl.col("p") * windows < chance.RARE)
            & ~((pl.col("by") == 0) & pl.col("stuck"))
        )
        .with_row_index("run")
    )  # fmt: skip
    ends = marked.with_columns(
        # The figure before the first step belongs to the run too.
        also=pl.col("block").shift(-1).over(table)
    )
    wanted = runs.select("block", "run", "step_by")
    inside = ends.join(wanted, on="block", how="inner", maintain_order="left")
    first = ends.filter(pl.col("also") != pl.col("block")).drop("block").rename({"also": "block"})
    before = first.join(wanted, on="block", how="inner", maintain_order="left")
    keep = [*steps.columns, "run", "step_by"]
    return pl.concat([before.select(keep), inside.select(keep)]).unique(
        ["run", *CELL], maintain_order=True
    )


def drag_fill(run_rows: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each run that `dragged` returns: an error."""
    rows = []
    for run in run_rows.sort("run", "end_month", "line").partition_by("run", maintain_order=True):
        first, last = run.row(0, named=True), run.row(-1, named=True)
        over_time = first["period"] != last["period"]
        values = run["value"].to_list()
        listed = several(values[:6], first["unit"])
        more = f" (and {len(values) - 6} more)" if len(values) > 6 else ""  # noqa: PLR2004
        by = first["step_by"] if run.height else 0
        step = (
            "all the same"
            if by == 0
            else f"each {said(abs(by))} {'more' if by > 0 else 'less'} than the last"
        )
        where = (
            f"{words(first['period'], year_start)} to {words(last['period'], year_start)}"
            if over_time
            else f"{first['breakdown']} {first['item']} to {last['item']} in {words(first['period'], year_start)}"
        )
        label = first["label"] if over_time else first["name"]
        rows.append((
            "drag_fill", "error", first["indicator"], last["period"],
            f"{label}: {where} are {listed}{more}, {step}, where steps of about "
            f"{first['spread']:,.{first['decimals']}f} are usual: "
            "it looks like a cell dragged along in a spreadsheet.",
            sources(run["source"]),
        ))  # fmt: skip
    return findings_of(rows)


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
    rows = []
    for group in found.sort("copy", "group", "line").partition_by(
        "copy", "group", maintain_order=True
    ):
        one = group.row(0, named=True)
        period = words(one["period"], year_start)
        listed = several(group["value"].to_list()[:4], one["unit"])
        if one["copy"] == "parts":
            text = (
                f"{one['name']}: all {group.height} figures by {one['breakdown']} for {period} are "
                f"those of the period before, unchanged ({listed}{' …' if group.height > 4 else ''})."  # noqa: PLR2004
            )
        else:
            text = (
                f"{group.height} indicators have for {period} exactly their figures of the period "
                f"before: {several_names(group['indicator'].to_list())}."
            )
        indicator = one["indicator"] if one["copy"] == "parts" else ""
        rows.append(("copied", "error", indicator, one["period"], text, sources(group["source"])))
    return findings_of(rows)


def several_names(names: list[str], most: int = 8) -> str:
    """Codes in a row, the rest counted."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


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
            first=pl.col("period").first(), last=pl.col("period").last(),
            n=pl.len(), p=pl.col("q").log().sum().exp(), values=pl.col("value"),
            source="source", source_too="source_too",
        )
    )  # fmt: skip
    columns = telling["column"].n_unique()
    found = runs.filter(
        (pl.col("n") >= SHORTEST_RUN) & (pl.col("p") * (columns**2 / 2) < chance.RARE)
    )
    return findings_of(
        (
            "copied", "warning", row["indicator"], row["last"],
            f"{row['label']} and {row['label_too']} ({row['indicator_too']}) hold the same "
            f"{row['n']} figures from {words(row['first'], year_start)} to "
            f"{words(row['last'], year_start)} ({several(row['values'][:4], row['unit'])}"
            f"{' …' if row['n'] > SHORTEST_RUN else ''}): one looks like a copy of the other.",
            sources(row["source"] + row["source_too"]),
        )
        for row in found.iter_rows(named=True)
    )  # fmt: skip
