"""The tables of a workbook: tidy, one row for each thing, every figure with period and source.

No cell is empty: what is not known, and what does not apply, says so in its own word.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpi_core import summary
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.report import actions
from kpi_core.report.tree import Sheet
from kpi_core.views import DashboardView, FrameworkView, RiskView, SectionView, SummaryView
from kpi_core.words import FigureBasis

_KPI = [
    "section", "indicator", "name", "unit", "period", "basis", "value", "target", "target_high",
    "floor", "floor_high", "rating", "rating_basis", "previous_value", "previous_rating",
    "direction", "direction_basis", "status", "note",
]  # fmt: skip
_ACTIVITY = [
    "section", "indicator", "name", "unit", "period", "basis", "value", "lower", "upper", "alert",
    "previous_value", "status", "note",
]  # fmt: skip
_HISTORY = [
    "indicator", "name", "kind", "unit", "period", "value", "target", "target_high", "floor",
    "floor_high", "rating", "rating_basis", "lower", "upper", "alert", "status", "note", "source",
]  # fmt: skip


def of_report(
    figures: Figures,
    report: str,
    at: Period,
    *,
    overview: SummaryView,
    sections: Sequence[SectionView],
    register: RiskView | None,
) -> tuple[Sheet, ...]:
    """Every figure of the Quarterly Performance Report."""
    kpis = [frame for view in sections for frame in (view.kpis, view.to_date)]
    activities = [view.activities for view in sections]
    found = [
        Sheet(
            "Summary",
            f"Ratings and directions by section, {at.words}",
            "Counts of KPIs; the row TOTAL sums the sections up.",
            overview.counts.drop("directions_basis"),
        ),
        Sheet(
            "KPIs",
            f"Key Performance Indicators, {at.words}",
            "The figure shown of each KPI, with its target, floor, rating and direction.",
            _with_source(_stacked(kpis, _KPI), figures, report),
        ),
        Sheet(
            "Activity",
            f"Activity indicators, {at.words}",
            "The figure judged of each activity indicator, with its expected range and alert.",
            _with_source(_stacked(activities, _ACTIVITY), figures, report),
        ),
        Sheet(
            "Charts",
            f"The figures of every chart up to {at.words}",
            "One row for each indicator and period charted; a period without a figure is a gap.",
            history(sections),
        ),
        Sheet(
            "Tables",
            f"The figures of every table, {at.words}",
            "Breakdowns: one row for each part and period. Where the item is Whole, the figure is that of the whole indicator.",
            parts_of(figures, sections),
        ),
        Sheet(
            "Commentary",
            f"What is said of {at.words}",
            "Commentary and notes, by section and indicator.",
            _said(figures, report, at),
        ),
        *_of_reds(actions.of_reds(overview.scorecard, figures, at), overview),
        *(_of_risks(register) if register else ()),
    ]
    return tuple(sheet for sheet in found if sheet.rows.height)


def _stacked(frames: list[pl.DataFrame], columns: list[str]) -> pl.DataFrame:
    kept = [frame.select(columns) for frame in frames if frame.height]
    return pl.concat(kept) if kept else pl.DataFrame()


def _with_source(rows: pl.DataFrame, figures: Figures, report: str) -> pl.DataFrame:
    """The rows with the source of their figure; where there is no figure, that of what a document
    of the report prints of it. A figure worked out for the year has none.
    """
    if rows.is_empty():
        return rows
    on = ["indicator", "period", "basis"]
    columns = [*on[:2], pl.col("basis").cast(pl.String), "source"]
    held = figures.observations.filter(pl.col("breakdown") == "").select(columns)
    documents = figures.documents.filter(pl.col("report") == report)["document"].to_list()
    printed = (
        figures.published.filter(pl.col("document").is_in(documents) & (pl.col("breakdown") == ""))
        .sort("document", "place")
        .select(columns)
        .unique(on, keep="first", maintain_order=True)
        .rename({"source": "printed_source"})
    )
    worked_out = pl.lit("worked out from the figures of the year's periods")
    return (
        rows.with_columns(pl.col("basis").cast(pl.String))
        .join(held, on=on, how="left", maintain_order="left")
        .join(printed, on=on, how="left", maintain_order="left")
        .with_columns(
            source=pl.coalesce(
                "source",
                pl.when(pl.col("basis") == FigureBasis.YTD).then(worked_out),
                "printed_source",
            )
        )
        .drop("printed_source")
    )


def history(sections: Sequence[SectionView]) -> pl.DataFrame:
    """What the charts of sections draw: one row for each indicator and period."""
    frames = []
    for view in sections:
        names = pl.concat(
            [view.kpis.select("indicator", "name"), view.activities.select("indicator", "name")]
        ).unique("indicator", keep="first", maintain_order=True)
        own = view.places.drop("value", "name", strict=False).with_columns(
            value="shown", kind=pl.col("kind").cast(pl.String)
        )
        frames.append(
            names.join(own, on="indicator", how="inner", maintain_order="left_right").select(
                _HISTORY
            )
        )
    return pl.concat(frames) if frames else pl.DataFrame()


def parts_of(figures: Figures, sections: Sequence[SectionView]) -> pl.DataFrame:
    """The observations that stand in the tables of sections, in their order."""
    frames = []
    for view in sections:
        for table in view.tables:
            own = figures.observations.filter(
                (pl.col("indicator") == table.indicator)
                & pl.col("breakdown").is_in(["", table.breakdown])
            )
            long = table.rows.with_row_index("row").unpivot(
                index=["row", "item"], variable_name="shown_for", value_name="shown"
            )
            columns = pl.DataFrame(
                [(name, *of) for name, of in zip(table.periods, table.of, strict=True)],
                schema=dict.fromkeys(("shown_for", "period", "basis"), pl.String),
                orient="row",
            )
            named = columns.join(
                own.with_columns(pl.col("basis").cast(pl.String)),
                on=["period", "basis"], how="inner", maintain_order="left",
            )  # fmt: skip
            frames.append(
                long.join(named, on=["shown_for", "item"], how="inner", maintain_order="left")
                .filter(pl.col("shown").is_not_null())
                .sort("row", maintain_order=True)
                .select(
                    pl.lit(view.section).alias("section"),
                    pl.lit(table.indicator).alias("indicator"),
                    pl.lit(table.name).alias("name"),
                    pl.lit(table.unit).alias("unit"),
                    pl.lit(table.breakdown).alias("breakdown"),
                    pl.when(pl.col("item") == "").then(pl.lit("Whole")).otherwise("item").alias("item"),
                    "period", "basis", pl.col("shown").alias("value"), "note", "source",
                )
            )  # fmt: skip
    return pl.concat(frames) if frames else pl.DataFrame()


def _said(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    return figures.commentary.filter(
        (pl.col("report") == report) & (pl.col("period") == str(at))
    ).select("section", "indicator", pl.col("kind").cast(pl.String), "heading", "text", "source")


def _of_reds(acted: pl.DataFrame, overview: SummaryView) -> list[Sheet]:
    """What is being done about the Reds, where there are any."""
    page = overview.page
    about = "One row for each action; a KPI without one has one row."
    title = f"{actions.title(page.wording)}, {page.at.words}"
    return [Sheet("Actions", title, about, actions.tidy(acted))] if acted.height else []


def _of_risks(view: RiskView) -> list[Sheet]:
    return [
        Sheet(
            "Risks",
            f"Corporate risk register, {view.register.words}",
            "One row for each action; a risk without actions has one row.",
            view.table.with_columns(period=pl.lit(str(view.register))),
        )
    ]


def of_dashboard(view: DashboardView, figures: Figures) -> tuple[Sheet, ...]:
    """Every figure of the dashboard."""
    at = view.page.at
    if not view.areas:
        return ()
    long = view.long().with_columns(pl.col("kind").cast(pl.String))
    sources = figures.observations.filter(
        (pl.col("breakdown") == "") & (pl.col("basis").cast(pl.String) == FigureBasis.PERIOD)
    ).select("indicator", shown_for="period", source="source")
    rows = long.join(sources, on=["indicator", "shown_for"], how="left", maintain_order="left")
    return tuple(
        Sheet(name, f"{title}, {at.words}", about, own)
        for name, title, about, own in (
            (
                "KPIs", "Key Performance Indicators",
                "One row for each KPI and period, with the rating, target and year to date of that period.",
                rows.filter(pl.col("kind") == "kpi").drop(
                    "kind", "alert", "judged_on", "lower", "upper",
                ),
            ),
            (
                "Activity", "Activity indicators",
                "One row for each indicator and period, with the alert, range and year to date of that period.",
                rows.filter(pl.col("kind") == "activity").drop(
                    "kind", "rating", "rating_basis", "target", "target_high", "floor", "floor_high",
                    "year_rating",
                ),
            ),
        )
        if own.height
    )  # fmt: skip


def of_framework(view: FrameworkView) -> tuple[Sheet, ...]:
    """Every figure of the framework of a year."""
    year = view.page.at
    columns = [
        "section", "indicator", "name", "unit", "actual", "actual_period", "actual_basis", "status",
        "target", "target_high", "floor", "floor_high", "previous_target", "previous_target_high",
        "previous_floor", "previous_floor_high", "lifecycle", "lifecycle_basis",
    ]  # fmt: skip
    activity = [name for name in columns if "target" not in name and "floor" not in name]
    found = [
        Sheet(
            title.split(" ", maxsplit=1)[0] if title.startswith("Activity") else "KPIs",
            f"{title} of {year}",
            "One row for each indicator, those removed since the year before included.",
            view.rows.filter(pl.col("kind") == kind).select(own),
        )
        for kind, title, own in (
            ("kpi", "Key Performance Indicators", columns),
            ("activity", "Activity indicators", activity),
        )
    ]
    return tuple(sheet for sheet in found if sheet.rows.height)


def of_cover(overview: SummaryView, acted: pl.DataFrame) -> tuple[Sheet, ...]:
    """The counts of a cover paper, and what is being done about the Reds (actions.of_reds)."""
    return (
        Sheet(
            "Summary",
            f"Ratings and directions by section, {overview.page.at.words}",
            "Counts of KPIs; the row TOTAL sums the sections up.",
            overview.counts.select("section", *summary.MEASURES, "not_rated"),
        ),
        *_of_reds(acted, overview),
    )
