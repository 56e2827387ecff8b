"""A folder for a new council: settings, empty tables and a walk-through to its own dashboard."""

from __future__ import annotations

import csv
import io
import re
from importlib.resources import files
from pathlib import Path

from kpi_core import datapackage, schemas
from kpi_core.errors import UserError

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_LONGEST_CODE = 40

#: The report that every council begins with; organisation.toml names it.
_FIRST_REPORT = {"report": "qpr", "title": "Quarterly Performance Report", "frequency": "quarter"}


def write(data: Path, code: str, shown: str = "") -> Path:
    """Write the folder of a council called by that code under the folder of all data.

    `shown` is the folder as the walk-through names it. Nothing that is there is overwritten. Raises
    UserError for a code that is no good or taken, or a folder that cannot be written.
    """
    _good(code)
    folder = data / code
    try:
        data.mkdir(parents=True, exist_ok=True)
        _not_taken(data, code)
        folder.mkdir()
        for name, text in _texts(code, shown or str(folder)).items():
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        with (folder / "datapackage.json").open("x", encoding="utf-8", newline="\n") as file:
            file.write(datapackage.describe(folder))
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}.") from None
    return folder


def _good(code: str) -> None:
    if not _CODE.fullmatch(code) or len(code) > _LONGEST_CODE:
        plain = re.sub(r"[^a-z0-9]+", "-", code.lower())[:_LONGEST_CODE].strip("-")
        raise UserError(
            f'"{code}" cannot be the name of a folder here. Use letters, digits and hyphens, at most '
            f"{_LONGEST_CODE}, for example {plain or 'mallowshire'}. The council's full name is "
            "written in its organisation.toml."
        )


def _not_taken(data: Path, code: str) -> None:
    """Raise UserError where there is such a folder; MALLOW and mallow are one on some machines."""
    for path in sorted(data.iterdir()):
        if path.name.lower() == code.lower():
            raise UserError(
                f"{path} is there already, and nothing in it was touched. "
                "Choose another name, or go on with what is there: "
                f"kpi check --organisation {path.name}"
            )


def _texts(code: str, shown: str) -> dict[str, str]:
    """Every file of the folder but the description of them all."""
    name = code.replace("-", " ").title()
    filled = {"{code}": code, "{name}": name, "{folder}": shown}
    texts = {}
    for template in ("organisation.toml", "README.md"):
        text = files("kpi_core").joinpath("newcomer_files", template).read_text(encoding="utf-8")
        for mark, value in filled.items():
            text = text.replace(mark, value)
        texts[template] = text
    tables = {f"{table}.csv": _table(table) for table in schemas.TABLES}
    return texts | tables


def _table(table: str) -> str:
    """The header of a table; of the reports also the one that organisation.toml names."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(schemas.columns(table)), restval="", lineterminator="\n")
    writer.writeheader()
    if table == "reports":
        writer.writerow(_FIRST_REPORT)
    return out.getvalue()
