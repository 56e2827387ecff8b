"""Downloads: what a page shows, as CSV."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import partial

import polars as pl
import streamlit as st

from kpi_core import export, form
from kpi_core.ingest import FileRead, told
from kpi_core.journal import Upload
from kpi_core.report import mounted
from kpi_core.views import DashboardView, Page
from pages.shared import load
from pages.shared.selection import Selection

_RATINGS = [
    "report", "indicator", "name", "section", "period", "value", "target", "target_high", "floor",
    "floor_high", "rating", "rating_basis", "previous_value", "previous_rating", "direction",
    "direction_basis",
]  # fmt: skip


def name(selection: Selection, what: str) -> str:
    """The name of a file: whose figures, of which report and period; made-up ones say so first."""
    period = selection.period.replace("/", "-").replace(" ", "-")
    made_up = "made-up-" if selection.made_up else ""
    return f"{made_up}{selection.organisation}-{selection.report}-{period}-{what}.csv"


def scorecard(kpis: pl.DataFrame, selection: Selection, what: str) -> None:
    """The KPIs of a page with their ratings."""
    table(kpis.select(_RATINGS), selection, what, "Download these ratings as CSV")


def dashboard(view: DashboardView, selection: Selection) -> None:
    """The tables of a dashboard, one row for each indicator and period shown."""
    if any(area.tables for area in view.areas):
        table(view.long(), selection, "dashboard", "Download these tables as CSV")


def table(frame: pl.DataFrame, selection: Selection, what: str, label: str) -> None:
    """A frame as CSV, written only when it is asked for."""
    st.download_button(
        label,
        data=lambda: export.to_csv(frame),
        file_name=name(selection, what),
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def caption(page: Page, selection: Selection) -> str:
    """Whose figures a picture shows, where it stands alone; made-up ones say so."""
    made_up = " Made up: these figures are not real." if selection.made_up else ""
    return f"{page.report_title}, {page.at.words}, {selection.seen}.{made_up}"


def picture(sheet: Callable[[], str], selection: Selection, what: str) -> None:
    """The pictures of a page as SVG and as PNG, drawn only when they are asked for."""
    stem = name(selection, what).removesuffix("csv")
    _file("Download the picture as SVG", f"{stem}svg", "image/svg+xml", sheet)
    _file("Download the picture as PNG", f"{stem}png", "image/png", lambda: mounted.png(sheet()))


def blank_form(selection: Selection) -> None:
    """The form of the period chosen, to be filled in and uploaded."""
    known = load.figures(selection.organisation, selection.version)
    at = known.organisation.period(selection.period)
    table(
        form.form(known, selection.report, at),
        selection,
        "form",
        f"Download the form of {at.words} to fill in",
    )


def annotated(read: FileRead, content: bytes, answers: Mapping[str, str]) -> None:
    """A copy of a file with a column that says what is wrong in each row."""
    stem, _, _ = read.file.rpartition(".")
    _file(
        f"Download {read.file} with its problems beside each row",
        f"{stem or read.file}-problems.csv",
        "text/csv",
        partial(told.annotated, read, content, answers),
    )


def received(selection: Selection, one: Upload) -> None:
    """The files of an upload, byte for byte as they were received."""
    store = load.store(selection.organisation)
    if len(one.files) > _APART:
        _file(
            f"Download the {len(one.files)} files as received",
            f"{selection.organisation}-upload-{one.id}.zip",
            "application/zip",
            lambda: _zipped({name: store.received(one.id, name) for name in one.files}),
        )
        return
    for name in one.files:
        _file(
            f"Download {name} as received", name, "application/octet-stream",
            partial(store.received, one.id, name),
        )  # fmt: skip


#: As many files have a button each; more come together.
_APART = 4


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _file(label: str, name: str, mime: str, content: Callable[[], bytes | str]) -> None:
    st.download_button(
        label, data=content, file_name=name, mime=mime, on_click="ignore",
        icon=":material/download:", key=f"download-{name}",
    )  # fmt: skip
