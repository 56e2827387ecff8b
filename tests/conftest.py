"""What tests share. No test touches the real store: KPI_STORE is a temporary folder throughout."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from streamlit.components.v2 import manifest_scanner

from kpi_core import cli, settings
from kpi_core.figures import Figures
from kpi_core.store import Store
from tests.councils import write_council

ROOT = Path(__file__).resolve().parent.parent

# The same examples each time, and no example too slow for a busy machine.
hypothesis_settings.register_profile("repeatable", max_examples=60, deadline=None, derandomize=True)
hypothesis_settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def temporary_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """KPI_STORE for the whole session; opening the real store is refused."""
    home = tmp_path_factory.mktemp("store")
    as_it_is = Store.__init__

    def guarded(self: Store, folder: Path, home: Path) -> None:
        if home.resolve().is_relative_to(ROOT / "var"):
            raise RuntimeError(
                f"{home} is the real store, which tests must leave alone. "
                "Use the `store` fixture, or `kent` for the figures of data/kent."
            )
        as_it_is(self, folder, home)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPI_STORE", str(home))
        patch.delenv("KPI_DATA", raising=False)
        patch.setattr(Store, "__init__", guarded)
        yield home


@pytest.fixture(scope="session", autouse=True)
def installed_packages_read_once() -> Iterator[None]:
    """Streamlit looks for components of its own kind in every package that is installed, as each
    page of a test opens: twice as long as most pages take. What is installed does not change.
    """
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


@pytest.fixture(scope="session")
def kent_store(temporary_store: Path) -> Store:
    """The store of data/kent, built once; tests only read it."""
    store = settings.open_store("kent")
    store.refresh()
    return store


@pytest.fixture(scope="session")
def kent(kent_store: Store) -> Figures:
    """The figures of data/kent."""
    return kent_store.figures()


@pytest.fixture
def organisation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of Testshire (see councils.py), which KPI_DATA then leads to."""
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    return write_council(tmp_path / "data" / "testshire")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Testshire and its store, to be copied."""
    base = tmp_path_factory.mktemp("testshire")
    Store(write_council(base / "data" / "testshire"), base / "var" / "testshire").refresh()
    return base


@pytest.fixture
def store(built_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store of Testshire, built, with the folder to itself; KPI_DATA leads to it."""
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    return settings.open_store("testshire")


@dataclass(frozen=True)
class Said:
    """What a run of the command left behind."""

    code: int
    out: str
    err: str


RunKpi = Callable[..., Said]


@pytest.fixture
def run_kpi(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunKpi:
    """Run `kpi` with these arguments, in this process."""

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["kpi", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        return Said(int(left.value.code or 0), out, err)

    return run
