"""The `kpi` command: what it prints, what it saves, and what it says to a mistake."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO

import polars as pl
import pytest
import typer

from kpi_core import export
from kpi_core.cli import app
from kpi_core.figures import Figures
from kpi_core.store import Store
from tests.conftest import ROOT, RunKpi, Said
from tests.councils import QUARTERS, csv_bytes, figure, tables, write_council

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
HERE = ("--organisation", "testshire")
RATINGS = (
    "report,indicator,name,section,period,basis,value,target,target_high,floor,floor_high,"
    "rating,rating_basis,previous_rating,direction,direction_basis,previous_value"
)


def rows_of(said: Said) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(said.out)))


def refused(said: Said) -> str:
    """What a mistake is answered with: one message on stderr, nothing else anywhere."""
    assert said.code == 1
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err.strip()


@pytest.fixture
def late_figure(tmp_path: Path) -> Path:
    """A file that takes calls answered from 92 (Green) to 79 (Red)."""
    file = tmp_path / "late.csv"
    file.write_bytes(csv_bytes("observations", [figure("CALLS", QUARTERS[-1], "79")]))
    return file


# Help


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_every_command_and_every_option_has_help(command: typer.core.TyperCommand) -> None:
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", ""), f"{command.name} {parameter.name}"


@pytest.mark.parametrize("arguments", [("--help",), ("load", "--help")])
def test_asking_for_help_is_no_mistake(run_kpi: RunKpi, arguments: Sequence[str]) -> None:
    said = run_kpi(*arguments)
    assert said.code == 0
    assert "Usage: kpi" in said.out


def test_help_comes_without_the_heavy_imports() -> None:
    code = "import sys, kpi_core.cli; print(sorted({'polars', 'duckdb'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


PAGES = [ROOT / "README.md", ROOT / "data" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_mentions_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    code = re.findall(r"```.*?```|`[^`]+`", text, flags=re.DOTALL)
    mentioned = re.findall(r"(?:^|[`/]|\$ |: )kpi ([a-z]+)", "\n".join(code), flags=re.MULTILINE)
    assert set(mentioned) <= COMMANDS.keys()


# Tables for other programs


def test_ratings(store: Store, run_kpi: RunKpi) -> None:
    said = run_kpi("ratings", *HERE, "--period", "2024/25 Q4", "--format", "csv")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        RATINGS,
        ("qpr,CALLS,Calls answered,Roads,2024/25 Q4,period,92,90,,80,,"
        "GREEN,computed,GREEN,improving,computed,90"),
        ("qpr,DAYS,Days to mend a road,Roads,2024/25 Q4,period,9.4,10,,12,,"
        "GREEN,computed,GREEN,stable,computed,9.5"),
        ("qpr,SHARE,Share of roads treated,Libraries,2024/25 Q4,period,24,17.5,22.5,15,25,"
        "AMBER,computed,GREEN,stable,computed,20"),
    ]  # fmt: skip


def test_summary(store: Store, run_kpi: RunKpi) -> None:
    said = run_kpi("summary", *HERE, "--period", "2024/25 Q4", "--format", "csv")
    assert said.out.splitlines() == [
        "section,green,amber,red,no_data,improving,stable,worsening",
        "Roads,2,0,0,0,1,1,0",
        "Libraries,0,1,0,0,0,1,0",
        "TOTAL,2,1,0,0,1,2,0",
    ]
    said = run_kpi("summary", *HERE, "--period", "2024/25 Q4", "--previous", "--format", "csv")
    header, roads, *_ = said.out.splitlines()
    assert header == (
        "section,green,amber,red,no_data,improving,stable,worsening,"
        "previous_green,previous_amber,previous_red,previous_no_data,"
        "previous_improving,previous_stable,previous_worsening"
    )
    assert roads.startswith("Roads,2,0,0,0,1,1,0,2,0,0,0,")


def test_alerts(store: Store, run_kpi: RunKpi) -> None:
    said = run_kpi("alerts", *HERE, "--period", "2024/25 Q4", "--format", "csv")
    assert said.out.splitlines() == [
        "indicator,name,basis,value,lower,upper,alert",
        "VISITS,Visits to libraries,period,210,100,200,Above",
    ]
    said = run_kpi("alerts", *HERE, "--period", "2024/25 Q3", "--format", "csv")
    assert [row["alert"] for row in rows_of(said)] == ["Yes"]


def test_reconcile(organisation: Path, run_kpi: RunKpi) -> None:
    printed = {"document": "D1", "place": "1", "period": "2024/25 Q4", "basis": "period"}
    document = {"document": "D1", "report": "qpr", "period": "2024/25 Q4", "title": "Q4"}
    write_council(
        organisation,
        tables()
        | {
            "documents": [document],
            "published": [
                {**printed, "indicator": "CALLS", "rating": "GREEN"},
                {**printed, "indicator": "DAYS", "rating": "RED"},
            ],
        },
    )
    said = run_kpi("reconcile", *HERE, "--format", "csv")
    assert said.out.splitlines() == [
        "document,indicator,name,section,period,basis,published,computed,result,reason",
        'D1,CALLS,Calls answered,Roads,2024/25 Q4,period,GREEN,GREEN,agree,""',
        'D1,DAYS,Days to mend a road,Roads,2024/25 Q4,period,RED,GREEN,contradicted,""',
    ]
    assert said.err == "2 printed ratings: 1 agree, 1 contradicted\n"


TABLES = [
    ("ratings", "--period", "2025-03"),
    ("summary", "--period", "2024/25 Q2", "--previous"),
    ("alerts", "--period", "2025-03"),
    ("reconcile",),
    ("log",),
]


def test_framework(store: Store, run_kpi: RunKpi) -> None:
    said = run_kpi("framework", *HERE, "--year", "2024/25", "--format", "csv")
    assert said.out.splitlines()[0] == (
        "indicator,name,section,kind,actual,actual_period,target,floor,previous_target,"
        "previous_floor,lifecycle"
    )
    rows = {row["indicator"]: row for row in rows_of(said)}
    assert list(rows) == ["CALLS", "DAYS", "SHARE", "VISITS"]
    assert list(rows["CALLS"].values()) == [
        "CALLS", "Calls answered", "Roads", "kpi", "84", "2023/24 Q4", "90", "80", "90", "80", "",
    ]  # fmt: skip
    assert said.err.startswith("KPIs: 3, activity indicators: 1")
    assert "DAYS: The target of 10 days is easier than last year's actual of 9.5 days" in said.err


def test_the_framework_of_a_year_that_is_not_there(store: Store, run_kpi: RunKpi) -> None:
    assert refused(run_kpi("framework", *HERE, "--year", "2030/31")) == (
        "The report qpr has no framework for 2030/31. It has one for: 2023/24, 2024/25."
    )


def test_kents_framework_has_every_line_of_its_document(kent: Figures, run_kpi: RunKpi) -> None:
    said = run_kpi("framework", "--organisation", "kent", "--year", "2024/25", "--format", "csv")
    kinds = [row["kind"] for row in rows_of(said)]
    assert (kinds.count("kpi"), kinds.count("activity")) == (46, 51)
    assert "ES-EHCPREV: The floor of 60% lies above the target of 50%" in said.err


@pytest.mark.parametrize("format", ["table", "csv", "json"])
def test_risks(kent: Figures, run_kpi: RunKpi, format: str) -> None:
    said = run_kpi("risks", "--organisation", "kent", "--period", "2024/25 Q2", "--format", format)
    counts = said.out if format == "table" else said.err
    assert "November 2024: 0 low, 3 medium, 13 high (as printed)." in counts
    assert "8 complete, 6 partially complete, 6 regular review, 1 outstanding" in counts
    if format == "csv":
        rows = rows_of(said)
        assert list(rows[0])[:4] == ["risk", "title", "level", "previous_level"]
        assert len([row for row in rows if row["action"]]) == 21
        assert {row["level"] for row in rows} == {""}
    if format == "json":
        assert {row["level"] for row in json.loads(said.out)} == {None}
    assert "CRR0060" in said.out


def test_a_period_without_a_register_names_those_there_are(kent: Figures, run_kpi: RunKpi) -> None:
    message = refused(run_kpi("risks", "--organisation", "kent", "--period", "2022/23 Q2"))
    assert message == (
        "There is no risk register for 2022/23 Q2. "
        "There are registers of: 2024-11, 2024-08, 2020-12, 2020-09."
    )


@pytest.mark.parametrize("command", TABLES, ids=" ".join)
def test_csv_json_and_the_table_say_the_same_and_nothing_else(
    kent: Figures, run_kpi: RunKpi, command: Sequence[str]
) -> None:
    as_csv = rows_of(run_kpi(*command, "--format", "csv"))
    as_json = json.loads(run_kpi(*command, "--format", "json").out)
    assert as_csv
    assert [list(row) for row in as_json] == [list(row) for row in as_csv]
    for one, other in zip(as_csv, as_json, strict=True):
        assert one == {name: "" if cell is None else str(cell) for name, cell in other.items()}
    header, *lines = run_kpi(*command).out.splitlines()
    assert len(lines) == len(as_csv)
    filled = [name for name in as_csv[0] if any(row[name] for row in as_csv)]
    assert re.split(r"\s{2,}", header.strip()) == [name.replace("_", " ") for name in filled]


def test_a_table_without_rows_says_so(store: Store, run_kpi: RunKpi) -> None:
    said = run_kpi("reconcile", *HERE)
    assert (said.code, said.out) == (0, "")
    assert said.err == "There is nothing to show.\n0 printed ratings: none\n"


def test_a_month_shows_the_dashboard_and_a_quarter_the_quarterly_report(
    kent: Figures, run_kpi: RunKpi
) -> None:
    for period, report in (("2025-03", "dashboard"), ("2024/25 Q2", "qpr")):
        rows = rows_of(run_kpi("ratings", "--period", period, "--format", "csv"))
        assert {row["report"] for row in rows} == {report}


def test_another_report_can_be_asked_for(kent: Figures, run_kpi: RunKpi) -> None:
    arguments = ("ratings", "--report", "dashboard", "--format", "csv")
    rows = rows_of(run_kpi(*arguments))
    assert {row["report"] for row in rows} == {"dashboard"}
    assert rows == rows_of(run_kpi(*arguments, "--period", "2025-03"))


def test_the_latest_period_is_taken_when_none_is_named(store: Store, run_kpi: RunKpi) -> None:
    rows = rows_of(run_kpi("ratings", *HERE, "--format", "csv"))
    assert {row["period"] for row in rows} == {QUARTERS[-1]}


def test_formulas_are_quoted_in_csv_and_numbers_are_not() -> None:
    frame = pl.DataFrame(
        {
            "text": ["=1+1", "-3.2", "@a", "+b", "\tc", "\0d", "a=b", None],
            "figure": [Decimal("-3.20"), *[Decimal(4)] * 7],
            "count": [-1, *[0] * 7],
        },
        schema={"text": pl.String, "figure": pl.Decimal(18, 6), "count": pl.Int32},
    )
    text = export.to_csv(frame)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["text"] for row in rows] == [
        "'=1+1", "'-3.2", "'@a", "'+b", "'\tc", "'\0d", "a=b", "",
    ]  # fmt: skip
    assert (rows[0]["figure"], rows[1]["figure"], rows[0]["count"]) == ("-3.2", "4", "-1")
    objects = json.loads(export.to_json(frame))
    assert objects[0] == {"text": "=1+1", "figure": -3.2, "count": -1}
    assert objects[1]["figure"] == 4
    assert objects[7]["text"] is None


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0"), ("100", "100"), ("1200", "1200"), ("0.5", "0.5"), ("97.250000", "97.25")],
)
def test_figures_lose_trailing_zeros_and_nothing_else(value: str, text: str) -> None:
    frame = pl.DataFrame({"x": [Decimal(value)]}, schema={"x": pl.Decimal(18, 6)})
    assert export.to_csv(frame) == f"x\n{text}\n"


def test_a_formula_in_a_name_reaches_no_spreadsheet(organisation: Path, run_kpi: RunKpi) -> None:
    rows = [{**row, "name": "=HYPERLINK(1)"} for row in tables()["placements"]]
    write_council(organisation, tables() | {"placements": rows})
    said = run_kpi("ratings", *HERE, "--format", "csv")
    assert {row["name"] for row in rows_of(said)} == {"'=HYPERLINK(1)"}


# Loading and taking back


def test_a_dry_run_says_what_would_change_and_saves_nothing(
    store: Store, run_kpi: RunKpi, late_figure: Path
) -> None:
    said = run_kpi("load", late_figure, *HERE, "--dry-run")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        (
            "Quarterly report, Q4 2024/25: 1 rating changes: Calls answered Green → Red; Green 2 → 1, "
            "Red 0 → 1; 1 direction changes: Calls answered Improving → Stable."
        ),
        "observations: 0 added, 1 restated, 0 unchanged.",
        "Nothing was saved (--dry-run).",
    ]
    assert len(store.log()) == 1


def test_load_changes_ratings_and_undo_brings_them_back(
    store: Store, run_kpi: RunKpi, late_figure: Path
) -> None:
    def rating() -> str:
        rows = rows_of(run_kpi("ratings", *HERE, "--format", "csv"))
        return next(row["rating"] for row in rows if row["indicator"] == "CALLS")

    assert rating() == "GREEN"
    said = run_kpi("load", late_figure, *HERE, "--by", "Ada", "--note", "late returns")
    assert said.out.splitlines()[-1] == (
        "Saved as upload 2. To take it back: kpi undo 2 --organisation testshire"
    )
    assert rating() == "RED"
    assert run_kpi("undo", 2, *HERE).out == (
        "Upload 2 is undone, as upload 3.\nobservations: 1 restated.\n"
    )
    assert rating() == "GREEN"
    log = rows_of(run_kpi("log", *HERE, "--format", "csv"))
    assert [(row["id"], row["kind"], row["undoes"]) for row in log] == [
        ("1", "folder", ""), ("2", "files", ""), ("3", "undo", "2"),
    ]  # fmt: skip
    assert (log[1]["by"], log[1]["note"], log[1]["files"]) == ("Ada", "late returns", "late.csv")
    assert log[2]["by"]


def test_added_restated_and_unchanged_are_told_apart(
    store: Store, run_kpi: RunKpi, tmp_path: Path
) -> None:
    rows = [
        figure("CALLS", "2025/26 Q1", "93"),
        figure("CALLS", QUARTERS[-1], "92.0", source="another source says the same"),
        figure("CALLS", QUARTERS[-2], "90", note="provisional at first"),
    ]
    (tmp_path / "more.csv").write_bytes(csv_bytes("observations", rows))
    said = run_kpi("load", tmp_path / "more.csv", *HERE, "--dry-run")
    assert "observations: 1 added, 1 restated, 1 unchanged.\n" in said.out


def test_check_says_what_is_right_and_what_is_wrong(
    store: Store, run_kpi: RunKpi, late_figure: Path, tmp_path: Path
) -> None:
    said = run_kpi("check", late_figure, *HERE)
    assert said.out == "late.csv: 1 row of observations, no problems\n"
    said = run_kpi("check", *HERE)
    assert "targets.csv: 6 rows of targets, no problems\n" in said.out
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(csv_bytes("observations", [figure("CALS", QUARTERS[-1], "79%")]))
    assert refused(run_kpi("check", wrong, *HERE)) == (
        'wrong.csv, row 2, column value: you entered "79%". '
        "Enter the number alone, without commas, % or £: 79.\n1 problem; nothing was saved."
    )
    assert len(store.log()) == 1


def test_check_names_floors_that_no_rule_uses(store: Store, run_kpi: RunKpi) -> None:
    settings = store.folder / "organisation.toml"
    settings.write_text(f'{settings.read_text()}\n[rating.kpi.CALLS]\namber = "none"\n')
    said = run_kpi("check", *HERE)
    assert said.code == 0
    assert "targets.csv: CALLS has a floor that is not used" in said.out


def test_check_names_rules_for_kpis_that_do_not_exist(store: Store, run_kpi: RunKpi) -> None:
    settings = store.folder / "organisation.toml"
    settings.write_text(f'{settings.read_text()}\n[rating.kpi.CALS]\namber = "none"\n')
    said = run_kpi("check", *HERE)
    assert said.code == 0
    assert (
        "1. organisation.toml: [rating.kpi.CALS] names no indicator of indicators.csv. "
        'Did you mean "CALLS"? Correct the code, or take the rule out.'
    ) in said.out
    assert run_kpi("ratings", *HERE).code == 0
    settings.write_text(settings.read_text().replace("CALS", "CALLS"))
    assert run_kpi("check", *HERE).code == 0


def test_a_council_with_rules_of_its_own_needs_no_code(store: Store, run_kpi: RunKpi) -> None:
    settings = store.folder / "organisation.toml"
    own = '[rating]\namber = "points"\ntolerance = 7\n[direction]\nby = ["previous"]\ntie = 1\n'
    settings.write_text(f"{settings.read_text()}\n{own}")
    said = run_kpi("ratings", *HERE, "--period", QUARTERS[4], "--format", "csv").out
    row = next(csv.DictReader(io.StringIO(said)))
    assert (row["value"], row["target"], row["floor"]) == ("86", "90", "83")
    assert (row["rating"], row["previous_rating"], row["direction"]) == (
        "AMBER", "AMBER", "improving",
    )  # fmt: skip


def test_rebuild(store: Store, run_kpi: RunKpi) -> None:
    assert run_kpi("rebuild", *HERE).out == "Rebuilt from 1 upload.\n"


# Mistakes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ratings", "--organisation", "testshir"),
         'There is no organisation "testshir". Did you mean "testshire"?'),
        (("ratings", *HERE, "--period", "Q2"),
         ('"Q2" is not a period. Write a year as 2024/25, a quarter as 2024/25 Q2, '
         "a month as 2024-09.")),
        (("ratings", *HERE, "--report", "qqr"), 'There is no report "qqr". Did you mean "qpr"?'),
        (("undo", "9", *HERE), 'There is no upload "9". Known: 1.'),
        (("undo", "1", *HERE),
         ("Upload 1 is the organisation's folder itself. "
         "Change the files in the folder; they are taken in at once.")),
        (("load", "nowhere.csv", *HERE),
         "nowhere.csv is not a file. Give the path of a CSV or XLSX file."),
        (("check", "/", *HERE), "/ is not a file. Give the path of a CSV or XLSX file."),
        (("ratngs", *HERE), "No such command 'ratngs'. Did you mean 'ratings'?"),
        (("ratings", *HERE, "--perod", "2024/25"),
         "No such option: --perod (Possible options: --period)"),
        (("undo", *HERE), "Missing argument 'upload'."),
        (("ratings", *HERE, "--format", "xml"),
         "Invalid value for '--format': Value error, 'xml' is not one of 'table', 'csv', 'json'."),
    ],
)  # fmt: skip
def test_a_mistake_is_one_plain_message(
    store: Store, run_kpi: RunKpi, arguments: Sequence[str], said: str
) -> None:
    assert refused(run_kpi(*arguments)) == said


def test_bad_files_are_refused_all_together(
    store: Store, run_kpi: RunKpi, late_figure: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "targets.csv"
    wrong.write_bytes(b"indicator,year,period,status,target\nCALLS,2024/25,,agreed,90\n")
    said = refused(run_kpi("load", late_figure, wrong, *HERE))
    assert said.splitlines() == [
        ('targets.csv, row 2, column status: you entered "agreed". '
        "Enter one of: set, proposed, tbc."),
        "1 problem; nothing was saved.",
    ]  # fmt: skip
    assert len(store.log()) == 1


def test_two_files_of_one_name_are_refused(
    store: Store, run_kpi: RunKpi, late_figure: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / late_figure.name
    other.parent.mkdir()
    other.write_bytes(late_figure.read_bytes())
    said = refused(run_kpi("load", late_figure, other, *HERE))
    assert said == "Two of the files are called late.csv. Rename one."


def test_a_folder_with_a_mistake_is_said_to_have_one(organisation: Path, run_kpi: RunKpi) -> None:
    (organisation / "reports.csv").write_bytes(b"report,title,frequency\nqpr,Report,weekly\n")
    assert refused(run_kpi("ratings", *HERE)) == (
        'reports.csv, row 2, column frequency: you entered "weekly". '
        "Enter one of: month, quarter, year.\n1 problem; nothing was saved."
    )


def test_settings_that_cannot_be_read(organisation: Path, run_kpi: RunKpi) -> None:
    (organisation / "organisation.toml").write_text("year_start = 5\n", encoding="utf-8")
    assert refused(run_kpi("ratings", *HERE)) == (
        "testshire/organisation.toml: year_start is 5. "
        "Enter the month in which the financial year begins: 1, 4, 7 or 10."
    )


# The command as it is installed


def kpi(
    *arguments: str, home: Path, stdout: IO[str] | int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "kpi"), *arguments]
    environment = {**os.environ, "KPI_STORE": str(home)}
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, text=True, env=environment, check=False
    )


def test_the_installed_command(store: Store, tmp_path: Path) -> None:
    ran = kpi("summary", *HERE, "--format", "csv", home=tmp_path / "var")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[-1] == "TOTAL,2,1,0,0,1,2,0"
    ran = kpi("summary", *HERE, "--period", "soon", home=tmp_path / "var")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith('"soon" is not a period.')
    assert "Traceback" not in ran.stderr


def test_a_reader_that_stops_early_meets_no_traceback(store: Store, tmp_path: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "w") as closed:
        ran = kpi("summary", *HERE, "--format", "csv", home=tmp_path / "var", stdout=closed)
    assert (ran.returncode, ran.stderr) == (1, "")
