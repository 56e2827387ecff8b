"""The upload page as HTML: how a file is read, what is wrong with it, what it would change."""

from __future__ import annotations

import polars as pl

from kpi_core.errors import grouped
from kpi_core.ingest import Batch, FileRead, Reading
from kpi_core.journal import Upload
from kpi_core.views import Rehearsed
from pages.manage import log_html
from pages.shared import about, cards, load, look
from pages.shared.selection import Selection

#: Rows of a file that are named one by one.
_NAMED = 8
#: What the field for the reason suggests.
WHY = "For example: corrected return from the service"
#: What is ticked before figures that look wrong are saved.
LOOKED = "I have looked at each error above, and the figures are right"
#: Values of a group of problems that are shown.
_VALUES = 5


def head(chosen: Selection) -> str:
    """What the page is for."""
    top = load.head(*chosen.key)
    return look.render("upload.html", top.wording, page=top, seen=chosen.seen)


def only_now() -> str:
    """Figures of the past are looked at, not added to."""
    return look.render(
        "nothing.html",
        text="These are figures as they were shown or known before: nothing can be added to them. "
        "Choose the latest figures in the sidebar to upload.",
    )


def begin(chosen: Selection) -> str:
    """What can be uploaded, while there is nothing yet."""
    return look.render(
        "upload_begin.html", log=chosen.link(log_html.LOG), method=chosen.link("method")
    )


def saved(chosen: Selection, upload: Upload) -> str:
    """What was saved, and where it is to be seen."""
    return look.render(
        "upload_saved.html",
        upload=upload,
        files=", ".join(upload.files),
        log=chosen.link(log_html.LOG, upload=str(upload.id)),
        summary=chosen.link("./"),
    )


def file(read: FileRead) -> str:
    """How one file was read."""
    return look.render(
        "upload_file.html",
        read=read,
        gives="" if read.problems else _gives(read),
        rows=_rows(read),
        readings=[_reading(one) for one in read.readings],
        aside=[_reading(one) for one in read.aside],
    )


def _gives(read: FileRead) -> str:
    """`33 figures, 11 targets`: what the file holds."""
    rows = {
        part.table: 0 for part in read.parts if part.table
    }  # a table of a file may come in several parts
    for part in read.parts:
        if part.table:
            rows[part.table] += part.rows.height
    if not rows:
        return "What this file holds cannot be told."
    said = [
        f"{count:,} {'row' if count == 1 else 'rows'} of {table}" for table, count in rows.items()
    ]
    return f"{', '.join(said)}."


def _rows(read: FileRead) -> str:
    """Where every row of the file went."""
    aside = read.lines - read.read - read.refused
    said = [f"{read.read:,} read"]
    said += [f"{aside:,} set aside"] if aside else []
    said += [f"{read.refused:,} with problems"] if read.refused else []
    return f"{read.lines:,} {'row' if read.lines == 1 else 'rows'} in the file: {', '.join(said)}."


def _reading(one: Reading) -> dict[str, str]:
    return {"text": one.text, "rows": _rows_named(one.rows)}


def _rows_named(rows: tuple[int, ...]) -> str:
    if not rows:
        return ""
    named = ", ".join(str(row) for row in rows[:_NAMED])
    more = f" and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {named}{more}"


def please_say(waiting: int, asked: int) -> str:
    """The line above questions that must be answered, or were."""
    questions = "question" if asked == 1 else "questions"
    if not waiting:
        text = f"{asked} {questions} answered. The answers can be changed."
    else:
        text = f"{asked} {questions} about how to read this file. Nothing is guessed."
    return look.render("upload_ask.html", text=text)


def problems(read: FileRead) -> str:
    """What is wrong with a file, like problems together."""
    groups = grouped(read.problems)
    count = len(read.problems)
    return look.render(
        "upload_problems.html",
        file=read.file,
        count=f"{count:,} {'problem' if count == 1 else 'problems'}",
        groups=[
            {
                "column": group.column,
                "rows": group.rows,
                "message": group.message,
                "entered": group.values[:_VALUES],
                "more": len(group.values[_VALUES:]),
            }
            for group in groups
        ],
    )


def not_yet(read: Batch) -> str:
    """Why nothing can be saved yet."""
    if read.problems:
        text = "Nothing can be saved yet: put right what is listed above and drop the files again."
    else:
        text = "Nothing can be saved yet: answer the questions above first."
    return look.render("nothing.html", text=text)


def rehearsed(chosen: Selection, seen: Rehearsed) -> str:
    """What saving would change, in sentences, then in lists and tables."""
    top = load.head(*chosen.key)
    return look.render(
        "upload_rehearsed.html",
        top.wording,
        seen=seen,
        lists=[
            ("Ratings that change", seen.ratings.to_dicts(), True),
            ("Directions that change", seen.directions.to_dicts(), False),
            ("Alerts that change", seen.alerts.to_dicts(), False),
        ],
        findings=[
            {**row, "message": cards.sentence_case(row["message"].removeprefix(f"{row['name']}: "))}
            for row in seen.findings.iter_rows(named=True)
        ],
        tables=[
            {
                "table": one.table,
                "said": _said(one.added, one.restated, one.unchanged),
                "rows": one.rows.to_dicts(),
                "more": one.more,
                "restated": one.restated,
            }
            for one in seen.tables
        ],
        quality=chosen.link(about.QUALITY),
    )


def errors(seen: Rehearsed) -> bool:
    """Whether anything looks so wrong that it must have been looked at before it is saved."""
    return bool((seen.findings["severity"] == "error").any())


def accept(read: Batch, seen: Rehearsed) -> str:
    """What saving does, above the field for the name."""
    if seen.is_idle:
        text = (
            "All of this is held already. Saving keeps the file and the note, and changes nothing."
        )
    else:
        files = (
            "The file is kept as it is"
            if len(read.files) == 1
            else "The files are kept as they are"
        )
        text = f"{files}, with your name and why. It counts at once, and can be undone."
    return look.render("upload_accept.html", text=text)


def _said(added: int, restated: int, unchanged: int) -> str:
    return f"{added:,} added, {restated:,} restated, {unchanged:,} unchanged"


def changes(seen: Rehearsed) -> pl.DataFrame:
    """The differences as they are downloaded: table, change, about, column, was, now."""
    parts = [one.rows.with_columns(table=pl.lit(one.table)) for one in seen.tables]
    return pl.concat(parts).select("table", "change", "about", "column", "was", "now")
