"""The log as HTML: every upload in a table, and one of them in full."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from kpi_core import journal
from kpi_core.journal import Upload
from pages.shared import load, look
from pages.shared.selection import Selection

LOG = "log"

#: What an entry is, by its kind.
_KINDS = {
    journal.FOLDER: "The organisation's folder",
    journal.FILES: "Upload",
    journal.UNDO: "Undo",
    journal.CONFIRMATION: "Confirmation of an edition",
}


def when(moment: datetime) -> str:
    """A moment as the log prints it, in UTC."""
    return f"{moment:%d %B %Y, %H:%M} UTC".lstrip("0")


def label(chosen: Selection, one: Upload) -> str:
    """An entry in the box: its number, what it is, when."""
    return f"{one.id} · {_what(chosen, one)} · {one.at:%d %b %Y, %H:%M}"


def _edition(chosen: Selection, entry: int | None) -> str:
    """`edition 3`, where the entry is one; else empty."""
    known = load.editions(chosen.organisation, load.of_now(chosen.version))
    return next((f"edition {one.number}" for one in known if one.id == entry), "")


def _what(chosen: Selection, one: Upload) -> str:
    if one.undoes is not None:
        withdrawn = _edition(chosen, one.undoes)
        return f"Withdrawal of {withdrawn}" if withdrawn else f"Undo of {one.undoes}"
    if edition := _edition(chosen, one.id):
        return edition.capitalize()
    return ", ".join(one.files) if one.kind == journal.FILES else _KINDS.get(one.kind, one.kind)


def _states(chosen: Selection) -> dict[int, str]:
    """What became of each entry: empty where it stands."""
    uploads = load.log(chosen.organisation, chosen.version)
    active = set(journal.active_of(uploads))
    undoing = {one.undoes: one.id for one in uploads if one.id in active}
    states = {}
    for one in uploads:
        if one.id in active:
            states[one.id] = ""
        elif one.kind == journal.FOLDER:
            states[one.id] = "replaced by a later folder"
        else:
            states[one.id] = f"undone by {undoing.get(one.id, '?')}"
    return states


def page(chosen: Selection) -> str:
    """The head and the table of all entries, the latest first."""
    top, uploads = load.head(*chosen.key), load.log(chosen.organisation, chosen.version)
    states = _states(chosen)
    return look.render(
        "log.html",
        top.wording,
        page=top,
        seen=chosen.seen,
        rows=[
            {
                "id": one.id,
                "link": chosen.link(LOG, upload=str(one.id)),
                "what": _what(chosen, one),
                "when": when(one.at),
                "by": one.by,
                "note": one.note,
                "state": states[one.id],
            }
            for one in reversed(uploads)
        ],
        upload=chosen.link("upload"),
        damage=load.damage(chosen.organisation, chosen.version),
        files=sum(len(one.kept) for one in uploads),
    )


def table(chosen: Selection) -> pl.DataFrame:
    """The log as it is downloaded: one row for each file."""
    states = _states(chosen)
    rows = [
        (
            one.id, one.at.isoformat(timespec="seconds"), one.by, one.kind, one.undoes, one.note,
            states[one.id], kept.name if kept else None, kept.size if kept else None,
            kept.sha256 if kept else None,
        )
        for one in load.log(chosen.organisation, chosen.version)
        for kept in (one.kept or (None,))
    ]  # fmt: skip
    schema = {
        "id": pl.Int64, "at": pl.String, "by": pl.String, "kind": pl.String, "undoes": pl.Int64,
        "note": pl.String, "state": pl.String, "file": pl.String, "bytes": pl.Int64,
        "sha256": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def upload(chosen: Selection, one: Upload) -> str:
    """One entry: who, when, why, its files with their fingerprints, and what was answered."""
    top = load.head(*chosen.key)
    return look.render(
        "log_entry.html",
        top.wording,
        one=one,
        what=_what(chosen, one),
        when=when(one.at),
        state=_states(chosen)[one.id],
        files=[_file(kept) for kept in one.kept],
        answers=dict(one.answers),
        is_folder=one.kind == journal.FOLDER,
    )


def _file(kept: journal.Kept) -> dict[str, Any]:
    return {"name": kept.name, "size": size(kept.size), "sha256": kept.sha256}


def size(count: int) -> str:
    """A number of bytes for people: `734 bytes`, `12 kB`, `3.4 MB`."""
    if count < 1_000:
        return f"{count} bytes"
    return f"{count / 1_000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def can_be_undone(chosen: Selection, one: Upload) -> bool:
    """Whether the entry stands and can be taken back."""
    return one.kind != journal.FOLDER and not _states(chosen)[one.id]


def undoing(chosen: Selection, one: Upload) -> str:
    """What the button says."""
    if one.undoes is not None:
        return f"Bring {_edition(chosen, one.undoes) or f'upload {one.undoes}'} back"
    edition = _edition(chosen, one.id)
    return f"Withdraw {edition}" if edition else f"Undo upload {one.id}"
