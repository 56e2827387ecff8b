"""Questions about files, in words: what is asked, how it can be answered, and what stands unless."""

from __future__ import annotations

from shlex import quote

from kpi_core.ingest import Batch, Question


def texts(batch: Batch) -> list[str]:
    """The questions of a batch that must be answered before it can be saved."""
    return [
        text(one.file, question)
        for one in batch.files
        for question in one.questions
        if question.is_open
    ]


def text(file: str, question: Question) -> str:
    """A question with its options, one a line, each with the answer that chooses it."""
    options = [
        f"  --answer {quote(f'{question.key}={option.code}')}   {option.label}{_mark(question, option.code)}"
        for option in question.options
    ]
    return "\n".join([f"{file}: {question.text}", *options])


def settled(question: Question) -> str:
    """A question with the option by which the file was read, in one line."""
    label = next(one.label for one in question.options if one.code == question.taken)
    return f"{question.text} {label}{' (as answered)' if question.answer else ''}"


def _mark(question: Question, code: str) -> str:
    if code != question.taken:
        return ""
    return " (as answered)" if question.answer else " (taken unless you answer)"
