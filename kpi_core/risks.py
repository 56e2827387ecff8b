"""The corporate risk register at a report's period: levels, what changed, and the actions.

A risk whose level is not printed has none. Counts of risks by level come from the register where
each of its risks has a level, else from what was printed beside it.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from kpi_core import fields
from kpi_core.errors import UserError
from kpi_core.figures import Figures
from kpi_core.periods import Frequency, Period
from kpi_core.words import Basis


class Change(StrEnum):
    """What happened to a risk since the register before."""

    ESCALATED = "escalated"
    DE_ESCALATED = "de-escalated"
    INCREASED = "increased"
    REDUCED = "reduced"
    ADDED = "added"
    REMOVED = "removed"


#: What registers print of a risk that did not change, in small letters.
UNCHANGED = ("unchanged", "no change", "none", "stable")
#: A risk that was removed, or handed down to a directorate, stands in the register one last time.
LEFT = (Change.REMOVED, Change.DE_ESCALATED)
LEVELS = ("low", "medium", "high", "tbc")
#: The states of an action in the order in which reports count them, and what counts as each.
STATUSES = {
    "complete": ("complete", "closed"),
    "partially complete": ("partially complete",),
    "regular review": ("regular review",),
    "outstanding": ("outstanding",),
}
#: What stands in the CSV, in this order.
COLUMNS = [
    "risk", "title", "level", "previous_level", "change", "change_basis", "action", "due", "status",
    "update", "indicators",
]  # fmt: skip
_RANK = {"low": 1, "medium": 2, "high": 3}


def periods(figures: Figures) -> list[Period]:
    """Every period of which a register, its counts or its actions are held, latest first."""
    tables = (figures.risks, figures.risk_levels, figures.risk_actions)
    texts = {text for table in tables for text in table["period"].to_list()}
    found = [Period.parse(text, figures.year_start) for text in texts]
    return sorted(found, key=lambda period: (period.end_month, str(period)), reverse=True)


def register_of(figures: Figures, at: Period) -> Period:
    """The period of the register that goes with a report of `at`.

    A report is written weeks after its period, and its register is of that time: the first one from
    the period's end to the end of the quarter after it; else the last within the period. Where no
    register is, printed counts are looked for in the same way. Raises UserError when there is
    nothing.
    """
    held = periods(figures)
    full = [one for one in held if (figures.risks["period"] == str(one)).any()]
    chosen = _with_report(full, at) or _with_report(held, at)
    if chosen is None:
        known = ", ".join(str(one) for one in held)
        raise UserError(
            f"There is no risk register for {at}. "
            + (
                f"There are registers of: {known}."
                if known
                else "Enter one in risks.csv and load it with: kpi load risks.csv"
            )
        )
    return chosen


def _with_report(held: list[Period], at: Period) -> Period | None:
    """Of the registers held, latest first, the one that goes with a report of `at`."""
    reach = 0 if at.frequency is Frequency.MONTH else Frequency.QUARTER.months
    same = [one for one in held if str(one) == str(at)]
    after = [one for one in held if at.end_month <= one.end_month <= at.end_month + reach]
    within = [one for one in held if at.first_month < one.end_month < at.end_month]
    return next(iter([*same, *reversed(after), *within]), None)


def before(figures: Figures, period: Period) -> Period | None:
    """The register before, or the printed counts of one; None when this is the first."""
    earlier = [one for one in periods(figures) if one.end_month < period.end_month]
    return earlier[0] if earlier else None


def register(figures: Figures, period: Period) -> pl.DataFrame:
    """Each risk of a register, those that left it last.

    Returns risk, title, level (null where none is printed), previous_level, change (a Change,
    another word as printed, or empty), change_basis (published where it is printed, computed from the two registers; null
    without a change), has_left Boolean, indicators List(String).
    """
    now = _risks(figures, period)
    last = before(figures, period)
    then = now.clear() if last is None else _risks(figures, last)
    was_there = then.filter(~pl.col("has_left")).with_columns(there=pl.lit(value=True))
    gone = was_there.join(now, on="risk", how="anti").drop("there")
    rows = pl.concat(
        [
            now,
            (gone if now.height else gone.clear()).with_columns(
                level=pl.lit(None, dtype=pl.String), change=pl.lit(""), has_left=pl.lit(value=True)
            ),
        ]
    )
    joined = rows.join(
        was_there.select("risk", "there", previous_level="level"), on="risk", how="left"
    )
    rank = {name: pl.col(name).replace_strict(_RANK, default=None) for name in _BOTH}
    worked_out = (
        pl.when(pl.col("has_left"))
        .then(pl.lit(Change.REMOVED))
        .when(pl.col("there").is_null())
        .then(pl.lit(Change.ADDED))
        .when(rank["level"] > rank["previous_level"])
        .then(pl.lit(Change.INCREASED))
        .when(rank["level"] < rank["previous_level"])
        .then(pl.lit(Change.REDUCED))
        .otherwise(pl.lit(""))
    )
    is_printed = pl.col("change") != ""
    can_compare = pl.lit(not then.is_empty())
    computed = pl.when(can_compare).then(worked_out).otherwise(pl.lit(""))
    return (
        joined.with_columns(
            change=pl.when(is_printed).then("change").otherwise(computed),
            change_basis=pl.when(is_printed)
            .then(pl.lit(Basis.PUBLISHED))
            .when(computed != "")
            .then(pl.lit(Basis.COMPUTED)),
        )
        .sort("has_left", "risk")
        .select(
            "risk", "title", "level", "previous_level", "change", "change_basis", "has_left",
            "indicators",
        )
    )  # fmt: skip


_BOTH = ("level", "previous_level")


def changed(register: pl.DataFrame) -> pl.DataFrame:
    """The rows of a `register` with a change, the gravest first and other words than ours last."""
    rank = {str(change): place for place, change in enumerate(Change)}
    return register.filter(
        (pl.col("change") != "") & ~_plain(pl.col("change")).is_in(UNCHANGED)
    ).sort(
        pl.col("change").replace_strict(rank, default=len(rank), return_dtype=pl.Int32),
        maintain_order=True,
    )


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.to_lowercase()


def _risks(figures: Figures, period: Period) -> pl.DataFrame:
    """The rows of one register: risk, title, level, change, has_left, indicators.

    A change is one of ours however it is capitalised; any other word stands as it was printed.
    """
    printed = _plain(pl.col("change"))
    ours = printed.is_in([str(change) for change in Change])
    return figures.risks.filter(pl.col("period") == str(period)).select(
        "risk", "title", pl.col("level").cast(pl.String),
        change=pl.when(ours).then(printed).otherwise("change"),
        has_left=printed.is_in([str(change) for change in LEFT]),
        indicators=pl.col("indicators").str.extract_all(fields.CODE),
    )  # fmt: skip


def levels(figures: Figures, period: Period) -> pl.DataFrame:
    """Number of risks by level, now and at the register before; at most two rows.

    Returns period, low, medium, high, tbc (no level yet), without_level (none is printed) (Int32),
    basis (computed from the register; published where it does not say all; null where nothing
    does).
    """
    last = before(figures, period)
    rows = [_levels(figures, one) for one in (period, last) if one is not None]
    counts = dict.fromkeys((*LEVELS, "without_level"), pl.Int32)
    return pl.DataFrame(rows, schema={"period": pl.String, **counts, "basis": pl.String})


def _levels(figures: Figures, period: Period) -> dict[str, object]:
    there = _risks(figures, period).filter(~pl.col("has_left"))["level"]
    row: dict[str, object] = {"period": str(period), "without_level": there.null_count()}
    if len(there) and not there.null_count():
        counted: dict[str, object] = {level: (there == level).sum() for level in LEVELS}
        return row | counted | {"basis": str(Basis.COMPUTED)}
    printed = figures.risk_levels.filter(pl.col("period") == str(period))
    if printed.is_empty():
        return row
    return row | printed.select(list(_RANK)).row(0, named=True) | {"basis": str(Basis.PUBLISHED)}


def actions(figures: Figures, period: Period) -> pl.DataFrame:
    """The actions of a register: risk, action, due, status, update, counts_as (a key of STATUSES;
    null without a status), all String. By risk, each risk's in the order of the file.
    """
    counts_as = {status: name for name, counted in STATUSES.items() for status in counted}
    return (
        figures.risk_actions.filter(pl.col("period") == str(period))
        .sort("risk", "file_row", "action")
        .select(
            "risk", "action", "due", "status", "update",
            counts_as=pl.col("status").str.to_lowercase().replace_strict(
                counts_as, default=None, return_dtype=pl.String
            ),
        )
    )  # fmt: skip


def action_counts(acted: pl.DataFrame) -> pl.DataFrame:
    """Number of actions by status, every status once: status, count Int32. Takes `actions`."""
    counted = acted.group_by(status="counts_as").agg(count=pl.len().cast(pl.Int32))
    return (
        pl.DataFrame({"status": list(STATUSES)})
        .join(counted, on="status", how="left", maintain_order="left")
        .with_columns(pl.col("count").fill_null(0))
    )


def table(figures: Figures, period: Period) -> pl.DataFrame:
    """The register with its actions: the COLUMNS, one row for each action, one for a risk without.

    All String.
    """
    listed = register(figures, period).with_row_index("place")
    acted = actions(figures, period).with_row_index("order").drop("counts_as")
    return (
        listed.join(acted, on="risk", how="full", coalesce=True)
        .sort("place", "order", "risk", nulls_last=True)
        .with_columns(pl.col("indicators").list.join(" "))
        .select(COLUMNS)
    )


def sentences(figures: Figures, period: Period) -> list[str]:
    """The counts in words: risks by level now and before, actions by status."""
    said = []
    for row in levels(figures, period).iter_rows(named=True):
        when = Period.parse(row["period"], figures.year_start).words
        if row["basis"] is None:
            said.append(f"{when}: the levels are not known.")
            continue
        to_come = f", {row['tbc']} with no level yet" if row["tbc"] else ""
        printed = " (as printed)" if row["basis"] == Basis.PUBLISHED else ""
        said.append(
            f"{when}: {row['low']} low, {row['medium']} medium, {row['high']} high{to_come}{printed}."
        )
    acted = actions(figures, period)
    unsaid = acted["counts_as"].null_count()
    if acted.height == unsaid:
        return [*said, f"{unsaid} actions, none with a status."] if unsaid else said
    counts = ", ".join(f"{n} {status}" for status, n in action_counts(acted).iter_rows())
    more = f", {unsaid} without a status" if unsaid else ""
    return [*said, f"{acted.height} actions: {counts}{more}."]
