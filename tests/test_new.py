"""A new council: the folder, what is missing in it, and the walk-through followed to the letter."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from kpi_core import completeness, datapackage, schemas
from kpi_core import settings as places
from kpi_core.organisation import Organisation
from kpi_core.rules import AmberRule, Rules
from tests.browser.serving import free_port, wait_for
from tests.conftest import ROOT, RunKpi
from tests.councils import Row, csv_bytes, tables, write_council
from tests.test_pages import APP, FILES, open_page, open_section, shown

CODE = "mallowshire"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of data, with an empty folder of stores."""
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KPI_STORE", str(tmp_path / "var"))
    return tmp_path / "data"


# The folder


def test_a_new_folder_has_every_table_with_its_header(data: Path, run_kpi: RunKpi) -> None:
    said = run_kpi("new", CODE)
    assert (said.code, said.err) == (0, "")
    assert f"{data / CODE / 'README.md'}" in said.out
    for table in schemas.TABLES:
        with (data / CODE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert header == list(schemas.columns(table))
        assert len(rows) == (1 if table == "reports" else 0)
    package = (data / CODE / "datapackage.json").read_text(encoding="utf-8")
    assert package == datapackage.describe(data / CODE)
    assert run_kpi("check", "--organisation", CODE).code == 0


def test_nothing_is_ever_overwritten(data: Path, run_kpi: RunKpi) -> None:
    run_kpi("new", CODE)
    before = {path: path.read_bytes() for path in (data / CODE).iterdir()}
    for again in (CODE, CODE.upper()):
        said = run_kpi("new", again)
        assert said.code == 1
        assert "is there already, and nothing in it was touched" in said.err
        assert f"kpi check --organisation {CODE}" in said.err
    assert {path: path.read_bytes() for path in (data / CODE).iterdir()} == before
    assert [path.name for path in data.iterdir()] == [CODE]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Mallow Shire", "for example mallow-shire"),
        ("../mallow", "for example mallow."),
        ("-mallow", "for example mallow."),
        ("a/b", "for example a-b"),
        ("", "for example mallowshire"),
        ("ä", "for example mallowshire"),
        ("m" * 41, f"for example {'m' * 40}."),
    ],
)
def test_a_name_that_is_no_good_is_refused_with_one_that_is(
    name: str, hint: str, data: Path, run_kpi: RunKpi
) -> None:
    said = run_kpi("new", "--", name)
    assert (said.code, said.out) == (1, "")
    assert hint in said.err
    assert "letters, digits and hyphens" in said.err
    assert not data.exists()


def test_a_folder_that_cannot_be_written(data: Path, run_kpi: RunKpi) -> None:
    data.write_text("a file where the folder of data should be")
    said = run_kpi("new", CODE)
    assert said.code == 1
    assert "cannot be written" in said.err


# Its settings

SETTING = re.compile(r"^#(?=\[|[a-z_]+ = )", re.MULTILINE)


@pytest.fixture
def settings_text(data: Path, run_kpi: RunKpi) -> str:
    run_kpi("new", CODE)
    return (data / CODE / "organisation.toml").read_text(encoding="utf-8")


def test_the_settings_written_are_those_that_hold_anyway(settings_text: str) -> None:
    written = Organisation.from_toml(CODE, settings_text)
    assert written == Organisation.from_toml(CODE, 'name = "Mallowshire"')


def test_every_setting_can_be_uncommented(settings_text: str) -> None:
    everything, count = SETTING.subn("", settings_text)
    assert count >= 22
    assert Organisation.from_toml(CODE, everything).name == "Mallowshire"


# What is missing


def without(*names: str) -> dict[str, list[Row]]:
    return {name: rows for name, rows in tables().items() if name not in names}


def changed(table: str, where: Row, to: Row | None) -> dict[str, list[Row]]:
    """Testshire with the matching rows changed, or taken away."""
    rows = tables()
    matching = [row for row in rows[table] if where.items() <= row.items()]
    assert matching
    kept = [row for row in rows[table] if row not in matching]
    rows[table] = kept + ([{**row, **to} for row in matching] if to is not None else [])
    return rows


def numbered(out: str) -> list[str]:
    return re.findall(r"^\d+\. (.*)$", out, re.MULTILINE)


def test_a_complete_folder_misses_nothing(organisation: Path, run_kpi: RunKpi) -> None:
    said = run_kpi("check", "--organisation", "testshire")
    assert said.out.endswith("Nothing is missing.\n")
    assert (said.code, said.err) == (0, "")


def test_an_empty_folder_is_told_what_to_do_in_order(data: Path, run_kpi: RunKpi) -> None:
    run_kpi("new", CODE)
    notes = numbered(run_kpi("check", "--organisation", CODE).out)
    assert [note.partition(":")[0] for note in notes] == [
        "sections.csv",
        "indicators.csv",
        "placements.csv",
        "observations.csv",
    ]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (without("reports", "sections", "placements"), ["reports.csv: there is no report yet"]),
        (
            changed("targets", {"indicator": "CALLS", "year": "2024/25"}, None),
            ["targets.csv: CALLS has no target for 2024/25"],
        ),
        (
            changed(
                "targets", {"indicator": "CALLS", "year": "2024/25"}, {"status": "tbc", "target": ""}
            ),
            [],
        ),
        (changed("targets", {"indicator": "CALLS", "year": "2023/24"}, None), []),
        (
            changed("placements", {"indicator": "DAYS"}, None),
            ["placements.csv: DAYS has no place in any report"],
        ),
        (
            changed("sections", {"section": "Roads", "year": "2024/25"}, {"section": "Rodes"}),
            ['placements.csv: "Roads", where CALLS and DAYS stand, is not among the sections of qpr'],
        ),
        (without("observations"), ["observations.csv: there are no figures yet"]),
        (
            changed("observations", {"indicator": "VISITS"}, None),
            ["observations.csv: VISITS has no figure yet"],
        ),
        (
            {
                **tables(),
                "observations": [r for r in tables()["observations"] if "2023" in r["period"]],
            },
            ["observations.csv: there are no figures for 2024/25 yet, the latest year of qpr"],
        ),
    ],
    ids=[
        "report", "target", "tbc", "an-old-target", "place", "section", "figures", "one-figure",
        "latest-year",
    ],
)  # fmt: skip
def test_what_is_missing_is_a_note_and_no_error(
    rows: dict[str, list[Row]], wanted: list[str], data: Path, run_kpi: RunKpi
) -> None:
    write_council(data / CODE, rows)
    said = run_kpi("check", "--organisation", CODE)
    assert (said.code, said.err) == (0, "")
    notes = numbered(said.out)
    assert [note[: len(start)] for note, start in zip(notes, wanted, strict=False)] == wanted
    assert bool(notes) == bool(wanted)


def test_errors_come_first_and_of_broken_tables_nothing_is_noted(
    data: Path, run_kpi: RunKpi
) -> None:
    rows = changed("placements", {"indicator": "DAYS"}, None)
    rows["targets"] = [{**row, "target": "90%"} for row in rows["targets"]]
    write_council(data / CODE, rows)
    said = run_kpi("check", "--organisation", CODE)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("targets.csv, rows 2–7, column target")
    assert said.err.index("nothing was saved") < said.err.index("1. placements.csv: DAYS")
    assert "has no target" not in said.err


def test_a_rule_for_an_indicator_that_is_not_there(organisation: Path) -> None:
    figures = completeness.figures_of(
        places.open_store("testshire").organisation,
        places.open_store("testshire").check_folder(),
    )
    rules = Rules(own=(("CALLS", AmberRule()), ("CALS", AmberRule())))
    (note,) = completeness.notes(figures, rules)
    assert note.startswith("organisation.toml: [rating.kpi.CALS] names no indicator")
    assert 'Did you mean "CALLS"?' in note


def test_what_was_loaded_beside_the_folder_counts(
    data: Path, tmp_path: Path, run_kpi: RunKpi
) -> None:
    write_council(data / CODE, changed("targets", {"year": "2024/25"}, None))
    assert len(numbered(run_kpi("check", "--organisation", CODE).out)) == 1
    more = tmp_path / "targets.csv"
    more.write_bytes(
        csv_bytes("targets", [r for r in tables()["targets"] if r["year"] == "2024/25"])
    )
    assert run_kpi("load", more, "--organisation", CODE).code == 0
    assert "Nothing is missing." in run_kpi("check", "--organisation", CODE).out


# The walk-through, followed to the letter

BLOCK = re.compile(
    r"(?P<before>[^\n]*)\n\n```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
FILE = re.compile(r"`([\w.]+)`")


@dataclass(frozen=True)
class Step:
    """A block of the walk-through: the line before it, its kind, its text."""

    before: str
    kind: str
    text: str


def steps(page: str) -> Iterator[Step]:
    for found in BLOCK.finditer(page):
        yield Step(found["before"], found["kind"], found["text"])
    assert page.count("```") == 2 * len(BLOCK.findall(page))


def do(command: str) -> str:
    """Run a command as it stands, in the folder of the product."""
    ran = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def served(command: str, home: Path) -> None:
    """Run the command that serves the dashboard until it answers."""
    port, log = free_port(), home / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            ["bash", "-c", command], cwd=ROOT, stdout=out, stderr=out,
            env={**os.environ, "PORT": str(port)}, start_new_session=True,
        )  # fmt: skip
        try:
            wait_for(f"http://localhost:{port}", server, log)
            with urlopen(f"http://localhost:{port}/", timeout=5) as answer:
                assert answer.status == 200
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def follow(step: Step, folder: Path, said: str) -> str:
    """Do what a block says; gives what a command said."""
    if step.kind == "sh" and step.text.startswith("make run"):
        served(step.text, folder.parent.parent)
    elif step.kind == "sh":
        return do(step.text)
    elif step.kind == "toml":
        key = step.text.partition(" = ")[0]
        settings = folder / "organisation.toml"
        text = settings.read_text(encoding="utf-8")
        changed, count = re.subn(rf"^{key} = .*\n", step.text, text, flags=re.MULTILINE)
        assert count == 1
        settings.write_text(changed, encoding="utf-8")
    elif step.kind == "csv":
        (name,) = FILE.findall(step.before)
        header = (folder / name).read_text(encoding="utf-8").splitlines()[0]
        assert step.text.startswith(f"{header}\n"), name
        (folder / name).write_text(step.text, encoding="utf-8")
    elif not step.text.startswith("http"):
        assert step.kind == "text"
        assert [line.rstrip() for line in said.splitlines()] == step.text.splitlines()
    return said


def test_the_walk_through_ends_with_the_councils_own_dashboard(data: Path) -> None:
    assert "walk-through" in do(f".venv/bin/kpi new {CODE}")
    folder, said = data / CODE, ""
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert "{" not in page
    kinds = []
    for step in steps(page):
        said = follow(step, folder, said)
        kinds.append(step.kind)
    assert kinds.count("csv") == 7
    assert kinds.count("sh") == 4

    write_council(data / "kent")  # so that there is something to choose
    (address,) = re.findall(r"http://localhost:8501/\?\S+", page)
    chosen = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
    summary = open_page(APP, **chosen)
    assert summary.selectbox(key="organisation-chosen").value == CODE
    assert "Mallowshire Council" in summary.selectbox(key="organisation-chosen").options
    read = shown(summary)
    assert "Mallowshire Council" in read.text
    assert "2025/26" in read.text
    assert {name: read.counts[name] for name in ("green", "amber", "red")} == {
        "green": 1,
        "amber": 1,
        "red": 1,
    }
    assert "Books returned on time" in read.texts

    section = shown(open_section("qpr", "Highways and Planning", **chosen))
    assert section.indicators == ["POTHOLES", "PLANNING"]
    for said_there in ("Potholes mended within five days", "Green", "Amber", "Ann Example"):
        assert said_there in section.text
    libraries = shown(open_section("qpr", "Libraries", **chosen))
    assert libraries.indicators == ["RETURNS", "VISITS"]
    assert "Red" in libraries.texts
    assert "Above" in libraries.text
    assert (
        "Visits to libraries"
        in shown(open_page(FILES["indicator"], indicator="VISITS", **chosen)).text
    )
