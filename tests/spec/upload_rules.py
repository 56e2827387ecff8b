"""The tables of docs/rules/uploads.md against the reading of files."""

from __future__ import annotations

from decimal import Decimal

from kpi_core.ingest import cells, dates, headers, settled
from kpi_core.ingest.cells import Counted
from kpi_core.periods import Frequency, Period
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
}
