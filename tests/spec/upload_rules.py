"""The tables of docs/rules/uploads.md against the reading of files."""

from __future__ import annotations

from decimal import Decimal

from kpi_core import ingest, schemas
from kpi_core.ingest import cells, dates, headers, settled
from kpi_core.ingest.cells import Counted
from kpi_core.periods import Frequency, Period
from tests import tables
from tests.tables import Cells


def written(cell: str) -> str:
    """A cell of a file, which the page shows between backticks."""
    return cell.strip("`")


def numbers(cell: str) -> list[Decimal]:
    """Figures parted by semicolons; `–` is none."""
    return [] if cell == "–" else [Decimal(one.replace("−", "-")) for one in cell.split("; ")]


def figure(case: Cells) -> None:
    read = cells.read(
        written(case["Written"]), Counted(case["Unit"]), decimal_mark=case["Decimal mark"]
    )
    assert [value for _, value in read.ways] == numbers(case["Figure"])
    assert (read.problem, read.doubt, read.status) == ("", "", case["Status"])


def none(case: Cells) -> None:
    for unit in ("number", "percent", "currency", "seconds"):
        assert cells.read(written(case["Written"]), Counted(unit)) == cells.Cell()


def refused(case: Cells) -> None:
    read = cells.read(written(case["Written"]), Counted(case["Unit"]))
    assert read.problem.startswith(case["What is said"])
    assert not read.ways


def either(case: Cells) -> None:
    read = cells.read(written(case["Written"]), Counted(case["Unit"]))
    assert [value for _, value in read.ways] == numbers(case["Can be"])
    known = numbers(case["Other figures and targets"])
    way = settled.likeliest(read.doubt, [read.ways], known)
    proposed = numbers(case["Proposed"])
    assert ([read.by(way)] if way else []) == proposed


def mark(case: Cells) -> None:
    texts = [written(one) for one in case["Cells"].split()]
    found = cells.decimal_mark(texts, case["Council's mark"])
    assert (found or "asked") == case["Mark of the sheet"]


def period(case: Cells) -> None:
    found = [str(one) for one in dates.periods(written(case["Written"]))]
    assert found == ([] if case["Period"] == "–" else [case["Period"]])


def periods(case: Cells) -> None:
    assert [str(one) for one in dates.periods(written(case["Written"]))] == case["Can be"].split(
        "; "
    )


def column(case: Cells) -> None:
    due = Frequency(case["Indicator due each"])
    found = dates.at_frequency(Period.parse(case["Column"]), due)
    assert str(found or "–") == case["Period"]


def heading(case: Cells) -> None:
    assert (headers.role(written(case["Heading"])) or "–") == case["Holds"]


#: What the rows of the cases are about, and the words that each of them needs.
KEYS = {
    "targets": {"indicator": "A", "year": "2024/25", "period": "", "status": "set"},
    "thresholds": {"indicator": "A", "year": "2024/25", "period": "", "basis": "period"},
    "observations": {
        "indicator": "A", "period": "2024/25 Q1", "basis": "period", "breakdown": "", "item": "",
        "status": "actual",
    },
    "indicators": {
        "indicator": "A", "from": "2020/21", "name": "Calls", "kind": "kpi", "unit": "percent",
        "decimals": "0", "polarity": "higher", "frequency": "quarter", "measure": "in_period",
        "ytd": "none",
    },
    "commentary": {
        "report": "qpr", "section": "", "indicator": "A", "period": "2024/25 Q1",
        "kind": "commentary", "order": "1",
    },
    "published": {
        "document": "D", "place": "1", "indicator": "A", "period": "2024/25 Q1", "basis": "period",
        "breakdown": "", "item": "",
    },
}  # fmt: skip


def facts(cell: str) -> dict[str, str]:
    """`target 90; floor blank`: cells by the names of their columns."""
    pairs = [one.split(" ", 1) for one in cell.split("; ") if cell != "–"]
    return {name: "" if text == "blank" else text for name, text in pairs}


def unsaid(case: Cells) -> None:
    table = case["Table"]
    saved = {"indicators": KEYS["indicators"], "documents": {"document": "D", "title": "Report"}}
    if case["Saved"] != "–":
        saved[table] = KEYS[table] | facts(case["Saved"])
    council = tables.figures(
        None,
        **{name: f"{' | '.join(row)}\n{' | '.join(row.values())}" for name, row in saved.items()},
    )
    row = KEYS[table] | facts(case["The file has"])
    batch = ingest.read_batch(
        {f"{table}.csv": f"{','.join(row)}\n{','.join(row.values())}\n".encode()}, council
    )
    if case["Saved afterwards"] == "refused":
        assert [problem.row for problem in batch.problems] == [2]
        return
    expected = KEYS[table] | facts(case["Saved afterwards"])
    want = tables.table(table, [expected]).drop("file_row")
    assert [str(problem) for problem in batch.problems] == []
    assert batch.parts[0].rows.drop("file_row").equals(want.select(schemas.columns(table).keys()))


CHECKS = {
    ("uploads", "Figures"): figure,
    ("uploads", "No figure"): none,
    ("uploads", "Refused"): refused,
    ("uploads", "Figures that can be read in more than one way"): either,
    ("uploads", "Decimal marks"): mark,
    ("uploads", "Periods"): period,
    ("uploads", "Periods that can be read in two ways"): periods,
    ("uploads", "What a column means for an indicator"): column,
    ("uploads", "Headings of columns"): heading,
    ("uploads", "What a file does not say"): unsaid,
}
