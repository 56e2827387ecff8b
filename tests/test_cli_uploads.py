"""`kpi check`, `load`, `log`, `undo` and `rebuild`: what is asked, what is kept, and all of it live."""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kpi_core import ingest
from kpi_core.ingest import Batch, Option, Question, Reading
from kpi_core.store import Store
from tests.conftest import ROOT, RunKpi
from tests.councils import QUARTERS, csv_bytes, figure

HERE = ("--organisation", "testshire")
LAST = QUARTERS[-1]
QUESTION = Question(
    "late.csv||cell way", "Is 0.79 a fraction (79%) or the percent number 0.79?",
    (Option("fraction", "a fraction: 79"), Option("percent", "a percent number: 0.79")),
    rows=(2,),
)  # fmt: skip


@pytest.fixture
def late_figure(tmp_path: Path) -> Path:
    """A file that takes calls answered from 92 (Green) to 79 (Red)."""
    file = tmp_path / "late.csv"
    file.write_bytes(csv_bytes("observations", [figure("CALLS", LAST, "79")]))
    return file


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file raises the question, and one of its rows is a title."""
    read_batch = ingest.read_batch

    def asks(contents: Any, figures: Any, answers: Any, progress: Any) -> Batch:
        batch = read_batch(contents, figures, answers, progress)
        question = replace(QUESTION, answer=batch.answers.get(QUESTION.key, ""))
        files = tuple(
            replace(
                one, questions=(question,), readings=(Reading("79% is read as 79", (2, 3)),),
                aside=(Reading("Calls, all districts", (1,)),), is_plain=False,
            )
            for one in batch.files
        )  # fmt: skip
        return replace(batch, files=files)

    monkeypatch.setattr(ingest, "read_batch", asks)


@pytest.mark.usefixtures("asking")
@pytest.mark.parametrize("command", ["check", "load"])
def test_a_question_is_put_with_its_answers_and_nothing_is_saved(
    store: Store, run_kpi: RunKpi, late_figure: Path, command: str
) -> None:
    said = run_kpi(command, late_figure, *HERE)
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines() == [
        "late.csv: Is 0.79 a fraction (79%) or the percent number 0.79?",
        "  --answer 'late.csv||cell way=fraction'   a fraction: 79",
        "  --answer 'late.csv||cell way=percent'   a percent number: 0.79",
        "1 question is open; nothing was saved. Answer and try again.",
    ]
    assert len(store.log()) == 1


@pytest.mark.usefixtures("asking")
def test_with_the_answer_the_file_is_saved_and_shown_as_it_was_read(
    store: Store, run_kpi: RunKpi, late_figure: Path
) -> None:
    answer = f"{QUESTION.key}=fraction"
    said = run_kpi("load", late_figure, *HERE, "--answer", answer)
    assert said.out.splitlines() == [
        "late.csv: 1 row of observations, no problems",
        "  rows 2, 3: 79% is read as 79",
        "  row 1: set aside: Calls, all districts",
        "  Is 0.79 a fraction (79%) or the percent number 0.79? a fraction: 79 (as answered)",
        "  To have something read otherwise: kpi check FILE --questions lists the answers.",
        (
            "Quarterly report, Q4 2024/25: 1 rating changes: Calls answered Green → Red; Green 2 → 1, "
            "Red 0 → 1; 1 direction changes: Calls answered Improving → Stable."
        ),
        "observations: 0 added, 1 restated, 0 unchanged.",
        "Saved as upload 2. To take it back: kpi undo 2 --organisation testshire",
    ]
    assert store.log()[-1].answers == {QUESTION.key: "fraction"}


@pytest.mark.usefixtures("asking")
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("fraction", '"fraction" is no answer. Write it as --answer KEY=CODE.'),
        ("late.csv||cell=fraction", 'There is no question "late.csv||cell". Did you mean'),
        ("late.csv||cell way=fractions", '"fractions". Did you mean "fraction"?'),
    ],
)
def test_an_answer_that_fits_nothing_is_a_mistake(
    store: Store, run_kpi: RunKpi, late_figure: Path, answer: str, said: str
) -> None:
    mistake = run_kpi("load", late_figure, *HERE, "--answer", answer)
    assert (mistake.code, mistake.out) == (1, "")
    assert said in mistake.err
    assert len(store.log()) == 1


def test_a_copy_of_the_file_has_each_problem_beside_its_row(
    store: Store, run_kpi: RunKpi, tmp_path: Path
) -> None:
    wrong, copy = tmp_path / "wrong.csv", tmp_path / "copy.csv"
    rows = [figure("CALLS", LAST, "79"), figure("CALS", LAST, "79")]
    wrong.write_bytes(csv_bytes("observations", rows))
    assert run_kpi("check", wrong, *HERE, "--problems", copy).code == 1
    with copy.open(encoding="utf-8-sig", newline="") as file:
        header, right, bad = csv.reader(file)
    assert (right[0], right[header.index("problems")]) == ("CALLS", "")
    assert (bad[0], "Did you mean" in bad[header.index("problems")]) == ("CALS", True)
    both = run_kpi("check", wrong, tmp_path / "copy.csv", *HERE, "--problems", copy)
    assert both.err == "--problems writes a copy of one file. Check the files one by one.\n"


def test_the_log_gives_the_sha256_of_every_file(
    store: Store, run_kpi: RunKpi, late_figure: Path
) -> None:
    run_kpi("load", late_figure, *HERE)
    rows = list(
        csv.DictReader(io.StringIO(run_kpi("log", "--files", *HERE, "--format", "csv").out))
    )
    content = late_figure.read_bytes()
    assert rows[-1] == {
        "id": "2", "file": "late.csv", "bytes": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    assert {row["file"] for row in rows if row["id"] == "1"} == set(store.log()[0].files)


def test_the_log_for_reading_counts_the_files_of_a_folder(
    store: Store, run_kpi: RunKpi, late_figure: Path
) -> None:
    run_kpi("load", late_figure, *HERE)
    _, folder, upload = run_kpi("log", *HERE).out.splitlines()
    assert f"{len(store.log()[0].files)} files" in folder
    assert "observations.csv" not in folder
    assert "late.csv" in upload


def test_every_command_works_while_the_store_is_being_read(store: Store, late_figure: Path) -> None:
    """Each runs in a process of its own, while this one reads without pause, as pages do."""
    seen = list[str]()
    for command in (
        ("check", late_figure), ("load", late_figure), ("undo", 2), ("log",), ("rebuild",),
    ):  # fmt: skip
        arguments = [sys.executable, "-m", "kpi_core.cli", *command, *HERE]
        with subprocess.Popen(
            [str(part) for part in arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True,
            stdout=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            while process.poll() is None:
                rows = store.figures().observations.filter(indicator="CALLS", period=LAST)
                seen.append(f"{rows['value'].item():.0f}")
            assert process.stderr is not None
            assert (process.returncode, process.stderr.read()) == (0, "")
    assert set(seen) == {"92", "79"}
    assert [one.kind for one in store.log()] == ["folder", "files", "undo"]
