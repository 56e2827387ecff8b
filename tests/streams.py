"""The content of a PDF's pages, operation by operation.

A PDF library in Python reads number by number, which takes longer than making the paper; here each
operation is one match, and only what a test asks about is read any further, by that library.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pypdf.generic import ArrayObject, read_object

#: A text: what is escaped in it, and brackets in pairs, up to three deep.
_TEXT = rb"\((?:\\.|[^\\()])*\)"
for _ in range(3):
    _TEXT = rb"\((?:\\.|[^\\()]|" + _TEXT + rb")*+\)"
#: Operands (texts, names, arrays, dictionaries, numbers) and the operator that they stand before
#: (ISO 32000-1, 7.8.2). Nothing inside a name or text is taken for an operator.
_OPERATION = re.compile(
    rb"((?:" + _TEXT + rb"|<<|>>|<[0-9A-Fa-f]*>|/[^\s()<>\[\]{}/%]+|[-+.\d\s\[\]])*+)"
    rb"([A-Za-z'\"][A-Za-z0-9*]*)",
    re.DOTALL,
)


def operations(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each operation: its operands as they stand there, and its operator.

    Raises ValueError where content is of another kind, such as an inline image.
    """
    end = 0
    while found := _OPERATION.match(content, end):
        operands, operator = found.groups()
        if operator == b"BI":
            break
        yield operands, operator
        end = found.end()
    if content[end:].strip():
        raise ValueError(f"no operation: {content[end : end + 40]!r}")


@lru_cache(maxsize=10_000)
def read(operands: bytes) -> tuple[Any, ...]:
    """Operands as the PDF library reads them, texts as bytes."""
    stream = io.BytesIO(b"[" + operands + b"]")
    found = read_object(stream, None, "bytes")
    assert isinstance(found, ArrayObject)
    return tuple(found)
