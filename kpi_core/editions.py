"""An edition: a report's period frozen, all that it rests on and all that it showed.

It is a set of files. Every table as at that moment, the council's settings, and the ratings, alerts
and counts as they were shown, so that neither new figures nor new rules can change what a committee
saw. The files are canonical: the same figures give the same bytes on any machine, whoever prepares
them and when, and so the same hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import polars as pl

from kpi_core import exact, schemas, scorecard, shown, summary
from kpi_core.figures import AsPublished, Figures, tables_in_order
from kpi_core.organisation import Organisation
from kpi_core.periods import Period
from kpi_core.shown import Shown

SETTINGS = "organisation.toml"
#: Which report and period an edition is about.
ABOUT = "edition.csv"
_ABOUT = dict.fromkeys(("organisation", "report", "title", "period"), pl.String)
_SHOWN = {"kpis": "shown-ratings.csv", "activities": "shown-activities.csv", "counts": "shown-counts.csv"}  # fmt: skip

#: A text that a spreadsheet would take for a formula gets a quote in front, and so does one that
#: begins with quotes and then such a sign: that way reading takes off just what writing put on.
_GUARDED = r"^'*[=+\-@\t\x00]"


def contents(figures: Figures, settings: str, report: str, at: Period) -> dict[str, bytes]:
    """The files of an edition by name, in the order of their names.

    Takes the text of the organisation.toml from which the figures' organisation was read.
    """
    card = scorecard.kpis(figures, report, at)
    titles = dict(figures.reports.select("report", "title").iter_rows())
    about = {
        "organisation": figures.organisation.name, "report": report,
        "title": titles.get(report, report), "period": str(at),
    }  # fmt: skip
    frames = {
        ABOUT: pl.DataFrame([about], schema=_ABOUT),
        _SHOWN["kpis"]: card.select(list(shown.KPIS)),
        _SHOWN["activities"]: scorecard.activities(figures, report, at).select(
            list(shown.ACTIVITIES)
        ),
        _SHOWN["counts"]: summary.counts(card, figures, report, at).select(list(shown.COUNTS)),
    }
    for table, rows in figures.tables():
        own = rows.select(list(schemas.columns(table)))
        words = [
            pl.col(n).cast(pl.String) if own.schema[n] == pl.Enum else pl.col(n)
            for n in schemas.key(table)
        ]
        frames[f"{table}.csv"] = own.sort(words)
    files = {name: _written(frame) for name, frame in frames.items()}
    files[SETTINGS] = settings.replace("\r\n", "\n").encode()
    return dict(sorted(files.items()))


def content_hash(files: Mapping[str, bytes]) -> str:
    """The SHA-256 of an edition: that of the list of its files, each with its own.

    Anybody can work it out: `LC_ALL=C sha256sum * | sha256sum` in a folder with the files.
    """
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def figures_of(code: str, files: Mapping[str, bytes]) -> AsPublished:
    """The figures of an edition, as they were, with what it showed.

    Tables and columns that have come up since are empty. Nothing is checked again: rules that came
    later do not touch what was published. Raises SettingsError where the settings cannot be followed.
    """
    tables = {
        table: schemas.TABLES[table].cast(
            _read(files.get(f"{table}.csv", b""), schemas.empty(table).schema)
        )
        for table in schemas.TABLES
    }
    about = _read(files[ABOUT], pl.Schema(_ABOUT)).row(0, named=True)
    types: dict[str, shown.Types] = {
        "kpis": shown.KPIS,
        "activities": shown.ACTIVITIES,
        "counts": shown.COUNTS,
    }
    verdicts = {
        name: _read(files[_SHOWN[name]], pl.Schema(columns), blank=None)
        for name, columns in types.items()
    }
    council = Organisation.from_toml(code, files[SETTINGS].decode())
    held = Shown(about["report"], about["period"], **verdicts)
    return AsPublished(council, *tables_in_order(tables), shown=held)


def _written(frame: pl.DataFrame) -> bytes:
    """A frame as CSV after RFC 4180: only cells that need quotes have them, empty ones are empty."""
    plain = frame.select(_as_text(name, kind) for name, kind in frame.schema.items())
    return plain.with_columns(pl.all().replace("", None)).write_csv(line_terminator="\r\n").encode()


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.Decimal):
        return exact.text(column).alias(name)
    text = column.cast(pl.String)
    if kind == pl.String:
        return pl.when(text.str.contains(_GUARDED)).then("'" + text).otherwise(text).alias(name)
    return text


def _read(content: bytes, schema: pl.Schema, blank: str | None = "") -> pl.DataFrame:
    """A file of an edition in these columns and types; a text that is not there is `blank`."""
    raw = pl.read_csv(content, infer_schema=False).fill_null("") if content else pl.DataFrame()
    rows = raw.with_row_index("file_row", offset=2)
    absent = [pl.lit("").alias(name) for name in schema if name not in rows.columns]
    return rows.with_columns(absent).select(
        _as_typed(name, kind, blank) if name != "file_row" else pl.col(name)
        for name, kind in schema.items()
    )


def _as_typed(name: str, kind: pl.DataType, blank: str | None) -> pl.Expr:
    text = pl.col(name)
    if kind == pl.String:
        guarded = text.str.contains("^'" + _GUARDED[1:])
        bare = pl.when(guarded).then(text.str.strip_prefix("'")).otherwise(text)
        return bare.replace("", blank).alias(name)
    known = text.replace("", None)
    if kind == pl.Boolean:
        return (known == "true").alias(name)
    return known.str.to_date("%Y-%m-%d") if kind == pl.Date else known.cast(kind)
