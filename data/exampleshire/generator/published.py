"""The eight published quarters, worked out by the product's own rules on what was known then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from data.exampleshire.generator import dates, events
from kpi_core import fields, ingest, schemas, scorecard, summary
from kpi_core.figures import Figures, tables_in_order
from kpi_core.organisation import Organisation
from kpi_core.periods import Frequency, Period, with_calendar
from kpi_core.words import Rating

SOURCE = "made up"
Row = dict[str, str]

#: Quarter and the day on which its report was published.
DOCUMENTS = (
    ("2024/25 Q1", "2024-09-19"), ("2024/25 Q2", "2024-12-12"), ("2024/25 Q3", "2025-03-20"),
    ("2024/25 Q4", "2025-06-26"), ("2025/26 Q1", "2025-09-18"), ("2025/26 Q2", "2025-12-11"),
    ("2025/26 Q3", "2026-03-19"), ("2025/26 Q4", "2026-06-25"),
)  # fmt: skip
_FRAMEWORK = "FRAMEWORK-2026"

#: The monthly reports that have a commentary.
_MONTHS_SAID = 6


def documents() -> list[Row]:
    """Rows of documents.csv: the eight reports, and the proposals for the next year."""
    reports = [
        {
            "document": code(quarter),
            "title": f"Quarterly Performance Report, Quarter {quarter[-1]}, {quarter[:7]}",
            "report": "qpr",
            "period": quarter,
            "published_on": day,
        }
        for quarter, day in DOCUMENTS
    ]
    proposals = {
        "document": _FRAMEWORK,
        "title": "Proposed KPIs and activity indicators for 2026/27",
        "report": "qpr",
        "period": "2026/27",
        "published_on": "2026-03-19",
    }
    return [*reports, proposals]


def code(quarter: str) -> str:
    """`QPR-2024-Q1` for `2024/25 Q1`."""
    return f"QPR-{quarter[:4]}-{quarter[-2:]}"


def figures_of(settings: str, contents: Mapping[str, bytes]) -> Figures:
    """The product's figures from the CSVs, by table; a table that is not there is empty."""
    organisation = Organisation.from_toml("exampleshire", settings)
    tables = {}
    for table in schemas.TABLES:
        if table in contents:
            received = ingest.read(f"{table}.csv", contents[table])
            if received.problems:
                raise ValueError(str(received.problems[0]))
            tables[table] = received.rows
        else:
            tables[table] = schemas.empty(table)
    return Figures(organisation, *tables_in_order(tables))


def editions(figures: Figures) -> dict[str, Figures]:
    """The figures as they were known for each quarter's report and for the last six months'."""
    quarters = [quarter for quarter, _ in DOCUMENTS]
    months = dates.texts("month")[-_MONTHS_SAID:]
    return {text: as_known(figures, Period.parse(text)) for text in (*quarters, *months)}


def tables(known: Mapping[str, Figures]) -> dict[str, list[Row]]:
    """Rows of published.csv and published_counts.csv.

    Takes the figures as known for each quarter, without anything published yet.
    """
    shown: list[Row] = []
    counts: list[Row] = []
    before: dict[tuple[str, str], int] = {}
    for quarter, _ in DOCUMENTS:
        at = Period.parse(quarter)
        then = known[quarter]
        card = scorecard.kpis(then, "qpr", at)
        for kpi in card.iter_rows(named=True):
            shown += _kpi(kpi, quarter)
        for activity in scorecard.activities(then, "qpr", at).iter_rows(named=True):
            shown += _activity(activity, quarter)
        table = summary.counts(card, then, "qpr", at)
        of_quarter = list(_counts(table.to_dicts(), quarter, before))
        before = {(row["section"], row["measure"]): int(row["count"]) for row in of_quarter}
        counts += of_quarter
    return {"published": shown, "published_counts": counts}


def as_known(figures: Figures, at: Period) -> Figures:
    """The figures when the report of the period was written.

    What comes in arrears was not there yet, and what was restated later stood as first given.
    """
    late = figures.indicators.group_by("indicator").agg(pl.col("arrears").max().fill_null(0))
    length = {str(frequency): frequency.months for frequency in Frequency}
    rows = (
        with_calendar(figures.observations, figures.year_start)
        .join(late, on="indicator", how="left", maintain_order="left")
        .filter(
            pl.col("end_month") + pl.col("arrears") * pl.col("frequency").replace_strict(length)
            <= at.end_month
        )
    )
    for restated in events.RESTATED:
        first = Period.parse(restated.period)
        if first.first_month <= at.first_month < Period.parse(restated.until).first_month:
            rows = _as_first_given(rows, restated)
    values = {name: getattr(figures, name) for name in schemas.TABLES}
    values["observations"] = rows.select(figures.observations.columns)
    return Figures(organisation=figures.organisation, **values)


def _as_first_given(rows: pl.DataFrame, restated: events.Restated) -> pl.DataFrame:
    """With the figure as it was first given; the value of a quotient follows from its parts."""
    own = (
        (pl.col("indicator") == restated.indicator)
        & (pl.col("period") == restated.period)
        & (pl.col("breakdown") == "")
    )
    has_parts = pl.col("numerator").is_not_null()
    share = Decimal(restated.first)
    return rows.with_columns(
        value=pl.when(own & has_parts)
        .then(None)
        .when(own)
        .then((pl.col("value") * share / 100).round(0))
        .otherwise("value")
        .cast(fields.FIGURE),
        numerator=pl.when(own)
        .then((pl.col("numerator") * share / 100).round(0))
        .otherwise("numerator")
        .cast(fields.FIGURE),
    )


def _kpi(kpi: Mapping[str, Any], quarter: str) -> Iterator[Row]:
    """The rating under the report's period; in arrears, the figure under its own, in place 2."""
    if kpi["rating"] == Rating.NOT_RATED and kpi["target"] is not None:
        return  # the rules cannot rate it, so no report could print it
    printed = {
        "value": _text(kpi["value"], kpi["decimals"]),
        "target": _plain(kpi["target"]),
        "floor": _plain(kpi["floor"]),
    }
    judged = {
        "rating": kpi["rating"],
        "previous_rating": kpi["previous_rating"] or "",
        "direction": kpi["direction"] or "",
    }
    if kpi["period"] == quarter:
        yield _row(kpi, quarter, quarter, 1, **printed, **judged)
    else:
        yield _row(kpi, quarter, quarter, 1, **judged)
        yield _row(kpi, quarter, kpi["period"], 2, **printed)


def _activity(activity: Mapping[str, Any], quarter: str) -> Iterator[Row]:
    if activity["value"] is not None:
        value = _text(activity["value"], activity["decimals"])
        alert = activity["alert"] or ""
        yield _row(activity, quarter, activity["period"], 1, value=value, rating=alert)


def _row(of: Mapping[str, Any], quarter: str, period: str, place: int, **more: str) -> Row:
    return {
        "document": code(quarter),
        "place": str(place),
        "indicator": of["indicator"],
        "period": period,
        "basis": str(of["basis"]),
        "source": SOURCE,
        **more,
    }


def _counts(
    rows: Sequence[Mapping[str, Any]], quarter: str, before: Mapping[tuple[str, str], int]
) -> Iterator[Row]:
    for row in rows:
        for measure in summary.MEASURES:
            previous = before.get((row["section"], measure))
            yield {
                "document": code(quarter),
                "section": row["section"],
                "measure": measure,
                "count": str(row[measure]),
                "previous": "" if previous is None else str(previous),
                "source": SOURCE,
            }


def _text(value: Decimal | None, decimals: int) -> str:
    return "" if value is None else str(value.quantize(Decimal(1).scaleb(-decimals)))


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
