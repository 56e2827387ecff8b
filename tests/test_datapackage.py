"""What is written from the schemas is what stands in the repository, and says what they say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from kpi_core import datapackage, schemas
from tests.conftest import ROOT
from tests.councils import write_council

FOLDERS = sorted(path.parent for path in (ROOT / "data").glob("*/organisation.toml"))
AGAIN = "Run: make datapackages"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_package_of_a_folder_is_current(folder: Path) -> None:
    written = (folder / "datapackage.json").read_text(encoding="utf-8")
    assert written == datapackage.describe(folder), AGAIN


def test_the_page_of_columns_is_current() -> None:
    written = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert written == datapackage.columns_page(), AGAIN


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_fields_are_the_columns_of_the_files_in_their_order(folder: Path) -> None:
    package = json.loads(datapackage.describe(folder))
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert set(resource["schema"]["primaryKey"]) <= set(header)
    described = {resource["name"] for resource in package["resources"]}
    assert described == {p.stem for p in folder.glob("*.csv") if p.stem in schemas.TABLES}


def test_what_a_package_says_of_a_small_council(tmp_path: Path) -> None:
    package = json.loads(datapackage.describe(write_council(tmp_path / "testshire")))
    assert (package["profile"], package["name"]) == ("tabular-data-package", "testshire")
    assert package["title"] == "Testshire Council"
    assert "made up" in package["description"]
    targets = next(one for one in package["resources"] if one["name"] == "targets")
    assert targets["profile"] == "tabular-data-resource"
    schema = targets["schema"]
    assert schema["primaryKey"] == ["indicator", "year", "period", "status"]
    assert schema["foreignKeys"] == [
        {
            "fields": "indicator",
            "reference": {"resource": "indicators", "fields": "indicator"},
        }
    ]
    fields = {field["name"]: field for field in schema["fields"]}
    assert fields["status"]["constraints"] == {
        "required": True, "enum": ["set", "proposed", "tbc"],
    }  # fmt: skip
    assert fields["target"] == {
        "name": "target", "type": "number",
        "description": "Target; the lower end where the target is a range",
    }  # fmt: skip
    assert set(fields["year"]["constraints"]) == {"required", "pattern"}
    indicators = next(one for one in package["resources"] if one["name"] == "indicators")
    decimals = next(f for f in indicators["schema"]["fields"] if f["name"] == "decimals")
    assert decimals["constraints"] == {"required": True, "minimum": 0, "maximum": 4}


def test_every_column_is_described() -> None:
    for table in schemas.TABLES:
        for name, column in schemas.columns(table).items():
            assert column.description, f"{table}.{name}"


def test_writing_puts_a_package_in_each_folder_and_the_page_beside_them(tmp_path: Path) -> None:
    folders = [write_council(tmp_path / "east"), write_council(tmp_path / "west")]
    assert datapackage.write(folders) == [
        tmp_path / "east" / "datapackage.json",
        tmp_path / "west" / "datapackage.json",
        tmp_path / "README.md",
    ]
    assert json.loads((tmp_path / "west" / "datapackage.json").read_text())["name"] == "west"
    assert (tmp_path / "README.md").read_text().startswith("# Columns of the CSV files")
