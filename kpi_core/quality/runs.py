"""Figures that a spreadsheet made: a cell dragged along."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from kpi_core.quality import chance
from kpi_core.quality.facts import CELL, SERIES, Row, said, several, told, words

#: A run that tells of dragging has at least so many figures: three equal steps.
SHORTEST_RUN = 4
#: Figures of a run that a sentence lists.
_LISTED = 6
#: The percentage at which a figure may well stay.
_ALL = 100


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
            q_single=pl.col("single").max(),
            stuck=((pl.col("value") == 0) | ((pl.col("unit") == "percent") & (pl.col("value") == _ALL))).all(),
        )
        .with_columns(by=pl.col("step_by").cast(pl.Float64).abs())
        .with_columns(
            p=pl.when((pl.col("by") - pl.col("digit")).abs() < pl.col("digit") / 2)
            .then(2 * pl.col("q_single").pow(pl.col("length")))
            .otherwise(pl.col("q").pow(pl.col("length") - 1))
        )
        .filter(
            (pl.col("length") >= SHORTEST_RUN - 1)
            & chance.rare(pl.col("p"), windows)
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


def drag_fill(found: pl.DataFrame, year_start: int) -> pl.DataFrame:
    """The finding for each run that `dragged` returns, at its last period: an error."""
    ordered = found.sort("run", "end_month", "line")
    runs = ordered.group_by("run", maintain_order=True).agg(
        pl.col("indicator", "name", "label", "unit", "breakdown", "step_by").first(),
        pl.col("period").last(), first=pl.col("period").first(),
        from_item=pl.col("item").first(), to_item=pl.col("item").last(),
        values=pl.col("value"), usual=pl.col("spread").max(), decimals=pl.col("decimals").max(),
        source=pl.col("source"),
    )  # fmt: skip

    def sentence(row: Row) -> str:
        values, by = row["values"], row["step_by"]
        over_time = row["first"] != row["period"]
        period = words(row["period"], year_start)
        where = (
            f"{words(row['first'], year_start)} to {period}"
            if over_time
            else f"{row['from_item']} to {row['to_item']} in {period}"
        )
        more = f" (and {len(values) - _LISTED} more)" if len(values) > _LISTED else ""
        step = (
            f"each {said(abs(by))} {'more' if by > 0 else 'less'} than the last"
            if by
            else "all the same"
        )
        usual = said(Decimal(f"{row['usual']:.{row['decimals']}f}"))
        return (
            f"{row['label'] if over_time else row['name']}: {where} are "
            f"{several(values[:_LISTED], row['unit'])}{more}, {step}, where changes of about {usual} "
            "are to be expected; it looks like a cell dragged along in a spreadsheet."
        )

    return told(runs, "drag_fill", "error", sentence)
