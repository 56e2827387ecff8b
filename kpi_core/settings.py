"""Where things stand on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from kpi_core.errors import UnknownName, UserError
from kpi_core.organisation import Organisation
from kpi_core.store import Store

_ROOT = Path(__file__).resolve().parent.parent

#: The organisation that stands first and is taken when none is named.
FIRST = "kent"


def data_folder() -> Path:
    """The folder with one folder of CSVs for each organisation (KPI_DATA)."""
    return Path(os.environ.get("KPI_DATA", _ROOT / "data"))


def store_folder() -> Path:
    """The folder in which the stores live (KPI_STORE)."""
    return Path(os.environ.get("KPI_STORE", _ROOT / "var"))


def organisations() -> list[str]:
    """The codes of the organisations there are, the first one first."""
    found = sorted(path.parent.name for path in data_folder().glob("*/organisation.toml"))
    return sorted(found, key=lambda code: (code != FIRST, code))


def councils() -> dict[str, Organisation | None]:
    """Every organisation by its code, the first one first; None where its settings cannot be read."""
    known: dict[str, Organisation | None] = {}
    for code in organisations():
        try:
            known[code] = open_store(code).organisation
        except UserError:
            known[code] = None
    return known


def open_store(code: str) -> Store:
    """The store of an organisation. Raises UnknownName."""
    known = organisations()
    if code not in known:
        raise UnknownName("organisation", code, known)
    return Store(data_folder() / code, store_folder() / code)


def as_shown(path: Path) -> str:
    """A path as people here would type it: from the folder of the product where it lies in it."""
    whole = path.resolve()
    return str(whole.relative_to(_ROOT) if whole.is_relative_to(_ROOT) else whole)
