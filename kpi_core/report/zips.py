"""Office files are zip archives: the same parts, the same bytes, whenever they are written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

#: The earliest moment that a zip archive can tell of.
_NO_MOMENT = (1980, 1, 1, 0, 0, 0)


def fixed(content: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """The archive with its parts in their order, without the moment at which each was written.

    `change` may replace a part, by its name.
    """
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, _NO_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            out.writestr(entry, change(name, given.read(name)))
    return written.getvalue()
