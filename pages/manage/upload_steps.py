"""What the upload page keeps between two clicks: the files, the answers, and what came of them.

Streamlit runs the page anew at every click. Reading, checking and rehearsing take seconds for large
files, so what came of them is kept in the visitor's session until the files, the answers or the
figures held change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from kpi_core import views
from kpi_core.ingest import Batch, FileRead, Question
from pages.manage import undoing, upload_html
from pages.shared import load, look, person, trouble
from pages.shared.progress import Show
from pages.shared.selection import Selection

#: The largest file that is taken, in megabytes: a million figures are about 100.
LARGEST = 150
#: Which batch of files the fields belong to: a new one begins with empty fields.
_ROUND = "upload-round"
_ANSWERS = "upload-answers"
_KEPT = "upload-kept"
_SAVED = "upload-saved"
_FILES = "upload-files"


def files() -> dict[str, bytes]:
    """Draw the place to drop files; what lies there, by name."""
    dropped = st.file_uploader(
        "CSV or Excel files",
        type=["csv", "tsv", "txt", "xlsx"],
        accept_multiple_files=True,
        max_upload_size=LARGEST,
        key=f"upload-files-{st.session_state.setdefault(_ROUND, 0)}",
        help="Several files are saved together, or none of them.",
    )
    contents: dict[str, bytes] = {}
    for one in dropped:
        contents[_free(one.name, contents)] = one.getvalue()
    _forget_unless([one.file_id for one in dropped])
    return contents


def _free(name: str, taken: Mapping[str, bytes]) -> str:
    """The name, numbered where another file of the batch has the same."""
    stem, dot, ending = name.rpartition(".")
    tries = (f"{stem or name} ({count}){dot}{ending}" for count in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in tries if one not in taken)


def batch(chosen: Selection, contents: Mapping[str, bytes], show: Show) -> Batch:
    """The files read and checked with the answers given so far."""
    answers = dict(st.session_state.get(_ANSWERS, {}))
    kept = _kept(chosen, answers)
    if "batch" not in kept:
        kept["batch"] = load.store(chosen.organisation).check(contents, answers, show)
    read: Batch = kept["batch"]  # type: ignore[assignment]
    return read


def rehearsed(chosen: Selection, read: Batch, show: Show) -> views.Rehearsed:
    """What the files would do, worked out once."""
    kept = _kept(chosen, read.answers)
    if "rehearsed" not in kept:
        before = load.figures(chosen.organisation, chosen.version)
        kept["rehearsed"] = views.rehearsed(
            before,
            read.parts,
            datetime.now().astimezone().date(),
            published=load.published(chosen.organisation, chosen.version),
            known=load.findings(chosen.organisation, chosen.version).findings.drop("name"),
            progress=show,
        )
    seen: views.Rehearsed = kept["rehearsed"]  # type: ignore[assignment]
    return seen


def _forget_unless(dropped: list[str]) -> None:
    """Forget answers and what came of them when other files lie there."""
    if st.session_state.get(_FILES) != dropped:
        st.session_state[_FILES] = dropped
        st.session_state.pop(_ANSWERS, None)
        st.session_state.pop(_KEPT, None)


def _kept(chosen: Selection, answers: Mapping[str, str]) -> dict[str, object]:
    """What came of just these files, answers and figures; empty once any of them has changed."""
    of = (chosen.organisation, chosen.version, dict(answers))
    if _KEPT not in st.session_state or st.session_state[_KEPT][0] != of:
        st.session_state[_KEPT] = (of, {})
    found: dict[str, object] = st.session_state[_KEPT][1]
    return found


def questions(read: FileRead) -> None:
    """Draw what has to be said before anything can be saved, and what can be corrected."""
    opened = [one for one in read.questions if one.is_open or (one.answer and not one.proposed)]
    likely = [one for one in read.questions if one not in opened]
    if opened:
        with st.container(border=True):
            waiting = sum(one.is_open for one in opened)
            look.show(upload_html.please_say(waiting, len(opened)))
            for one in opened:
                _ask(one)
    if likely:
        with st.expander(f"How each part is read ({len(likely)}): correct what is wrong"):
            for one in likely:
                _ask(one)


def _ask(question: Question) -> None:
    """Draw the box of a question; another option chosen is an answer from the next run on."""
    codes = [option.code for option in question.options]
    labels = {option.code: option.label for option in question.options}
    key = f"upload-{st.session_state[_ROUND]}-{question.key}"

    def answer() -> None:
        given: dict[str, str] = dict(st.session_state.get(_ANSWERS, {}))
        given[question.key] = st.session_state[key]
        st.session_state[_ANSWERS] = given

    st.selectbox(
        question.text,
        codes,
        index=codes.index(question.taken) if question.taken in codes else None,
        format_func=labels.__getitem__,
        key=key,
        on_change=answer,
        placeholder="Choose",
    )


def save(chosen: Selection, read: Batch, by: str, note: str, show: Show) -> None:
    """Save the batch; the page begins anew, and says what was saved."""
    upload = load.store(chosen.organisation).commit(read, by, note, progress=show)
    st.session_state[_SAVED] = (chosen.organisation, upload)
    st.session_state[_ROUND] += 1


def tell_saved(chosen: Selection) -> None:
    """What this visitor saved last, with the way back; or what it changed to take it back."""
    undoing.tell()
    council, upload = st.session_state.get(_SAVED, ("", None))
    if council != chosen.organisation or upload is None:
        return
    look.show(upload_html.saved(chosen, upload))
    if st.button("Undo this upload"):
        with trouble.kindly():
            undoing.undo(chosen, upload.id, person.name(), "Undone on the upload page")
        st.session_state.pop(_SAVED)
        st.rerun()
