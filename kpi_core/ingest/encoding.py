"""Bytes become text: which encoding a file is in, told where it is not plain UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass

from kpi_core.errors import Problem
from kpi_core.ingest.received import Option, Question, Reading

#: What spreadsheets save as where it is not Unicode, the likeliest first.
_OLDER = {"cp1252": "Windows-1252", "mac_roman": "Mac OS Roman", "cp850": "MS-DOS (850)"}

#: Bytes that no text of these encodings holds.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f"))

#: A cell with a letter outside ASCII: what shows whether an encoding is the right one.
_SAMPLE = re.compile(rb'[^\r\n\t,;"]{0,24}[\x80-\xff][^\r\n\t,;"]{0,24}')


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file; None while it is not known how to read it."""

    text: str | None
    readings: tuple[Reading, ...] = ()
    questions: tuple[Question, ...] = ()
    problem: Problem | None = None
    is_utf8: bool = True


def decoded(file: str, content: bytes, answers: Mapping[str, str]) -> Decoded:
    """The text of a CSV: UTF-8, UTF-16, or else what an older spreadsheet saved.

    An older encoding is proposed, with a cell of the file in each, and can be corrected.
    """
    if codec := _utf16(content):
        return _from_utf16(file, content, codec)
    try:
        return Decoded(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        if content.startswith(codecs.BOM_UTF8) or content.translate(None, _CONTROLS) != content:
            return Decoded(None, problem=not_utf8(file, error))
    return _from_older(file, content, answers)


def not_utf8(file: str, error: UnicodeDecodeError) -> Problem:
    """The row that is not UTF-8, and how to save the file."""
    content = error.object
    row = content[: error.start].count(b"\n") + 1
    start = content.rfind(b"\n", 0, error.start) + 1
    shown = content[start : error.end + 20].split(b"\n")[0].decode("cp1252", errors="replace")
    way_out = 'The file is not UTF-8. In Excel choose "CSV UTF-8 (comma delimited)" when saving.'
    return Problem(file, row, None, shown.strip()[:60], way_out)


def _utf16(content: bytes) -> str:
    """The codec of a UTF-16 file: by its mark, or by every other byte of ASCII text being NUL."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    first, second = content[0::2].count(0), content[1::2].count(0)
    # At least half of the letters are ASCII: a stray NUL in a UTF-8 file is no sign of UTF-16.
    if not first and second * 4 > len(content):
        return "utf-16-le"
    if not second and first * 4 > len(content):
        return "utf-16-be"
    return ""


def _from_utf16(file: str, content: bytes, codec: str) -> Decoded:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        message = "The file begins like UTF-16 text but is damaged. Save it anew as CSV UTF-8."
        return Decoded(None, problem=Problem(file, None, None, None, message))
    return Decoded(text, (Reading("Read as UTF-16."),), is_utf8=False)


def _from_older(file: str, content: bytes, answers: Mapping[str, str]) -> Decoded:
    match = _SAMPLE.search(content)
    sample = match[0] if match else b""
    possible = {codec: name for codec, name in _OLDER.items() if _decodes(content, codec)}
    options = tuple(
        Option(codec, f"{name}: {sample.decode(codec, errors='replace').strip()}")
        for codec, name in possible.items()
    )
    key = f"{file}|encoding"
    answer = answers.get(key, "")
    question = Question(
        key, f"{file} is not UTF-8. Which of these reads right?", options,
        proposed="cp1252" if "cp1252" in possible else "",
        answer=answer if answer in possible else "",
    )  # fmt: skip
    if question.is_open:
        return Decoded(None, questions=(question,), is_utf8=False)
    shown = sample.decode(question.taken, errors="replace").strip()
    reading = Reading(f'Read as {_OLDER[question.taken]}: "{shown}".')
    return Decoded(content.decode(question.taken), (reading,), (question,), is_utf8=False)


def _decodes(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
