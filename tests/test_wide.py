"""Wide tables, as people have them: what is read, what is asked, what is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_core import registry, schemas
from kpi_core.figures import Figures
from kpi_core.ingest import read_batch
from kpi_core.ingest.received import FileRead, Question
from kpi_core.ingest.sheet import Sheet
from kpi_core.ingest.wide import read_wide
from kpi_core.organisation import Organisation
from tests import tables
from tests.wide import document


def read(
    lines: Sequence[Sequence[str]], figures: Figures, answers: Mapping[str, str] | None = None
) -> FileRead:
    given = {f"dashboard.csv||{about}": code for about, code in (answers or {}).items()}
    found = read_wide(Sheet.of("dashboard.csv", lines), figures, given)
    assert found is not None
    assert found.lines == found.read + found.refused + len(found.aside)
    return found


def part(found: FileRead, table: str) -> pl.DataFrame:
    rows = [one.rows for one in found.parts if one.table == table]
    return rows[0] if rows else schemas.empty(table)


def laid_over(figures: Figures, rows: dict[str, pl.DataFrame]) -> Figures:
    """The figures with these rows over them, key by key, as an upload lies over what is held."""
    changed = {}
    for table, new in rows.items():
        held = getattr(figures, table)
        kept = held.join(new, on=schemas.key(table), how="anti", maintain_order="left")
        changed[table] = pl.concat([kept, new.select(held.columns)])
    return replace(figures, **changed)


# The tables of document 004


@pytest.fixture(params=["dashboard.csv", "dashboard.xlsx", "dashboard.txt"])
def saved(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """Document 004's tables, saved as a CSV, as a workbook, and as Excel saves Unicode text."""
    name: str = request.param
    text = "\n".join("\t".join(line) for line in document.lines())
    as_saved = {".csv": document.CSV.read_bytes, ".xlsx": document.workbook}
    content = as_saved.get(Path(name).suffix, lambda: text.encode("utf-16"))()
    return {name: content}


@pytest.fixture(scope="module")
def printed(kent: Figures) -> dict[str, pl.DataFrame]:
    return document.printed(kent)


@pytest.fixture(scope="module")
def before(kent: Figures, printed: dict[str, pl.DataFrame]) -> Figures:
    return document.before(kent, printed)


def test_document_004_needs_no_answer_and_gives_the_tidy_rows(
    saved: dict[str, bytes], before: Figures, printed: dict[str, pl.DataFrame]
) -> None:
    batch = read_batch(saved, before)
    assert (batch.problems, batch.open_questions) == ((), ())
    (found,) = batch.files
    assert (found.read, found.refused) == (50, 0)
    for table in document.TABLES:
        key = schemas.key(table)
        columns = [name for name in printed[table].columns if name not in ("file_row", "source")]
        got, due = (f.select(columns).sort(key) for f in (part(found, table), printed[table]))
        assert got.rows() == due.rows()


def test_document_004_answers_every_read_as_the_tidy_files(
    before: Figures, printed: dict[str, pl.DataFrame]
) -> None:
    # however it is saved, it gives the same rows, as the test above shows
    found = read(document.lines(), before)
    wide = document.reads(
        laid_over(before, {table: part(found, table) for table in document.TABLES})
    )
    tidy = document.reads(laid_over(before, printed))
    assert {"dashboard 2024-11", "dashboard 2025-03", "qpr 2024/25 Q4"} <= tidy.keys()
    assert wide.keys() == tidy.keys()
    assert [what for what in tidy if wide[what] != tidy[what]] == []
    assert "2024-11" not in map(str, registry.report_periods(before, "dashboard"))


# Small tables


HEADER = "Ref,Indicator,Apr-24,May-24,Jun-24"


def council(unit: str = "percent", settings: str = "", **more: str) -> Figures:
    """Three indicators: A by the month, with two figures of 90 and 95; Q by the quarter; S by the
    month, in seconds.
    """
    given = {
        "indicators": "indicator | name | unit | frequency | ytd\n"
        f"A | Calls answered | {unit} | month | published\n"
        "Q | Complaints in time | percent | quarter | published\n"
        "S | Speed of answer | seconds | month | published",
        "targets": "indicator | year | target | floor\nA | 2024/25 | 90 | 80",
        "observations": "indicator | period | value\nA | 2024-02 | 90\nA | 2024-03 | 95",
    }
    return tables.figures(Organisation.from_toml("test", settings), **(given | more))


def small(
    text: str, figures: Figures | None = None, answers: Mapping[str, str] | None = None
) -> FileRead:
    """A table of a few lines, its cells parted by commas; `;` stands for a comma within a cell."""
    lines = [[cell.replace(";", ",") for cell in line.split(",")] for line in text.splitlines()]
    return read(lines, figures or council(), answers)


def values(found: FileRead) -> list[tuple[object, ...]]:
    return part(found, "observations").select("indicator", "period", "value").rows()


def said(found: FileRead) -> list[str]:
    return [str(problem) for problem in found.problems]


def question(found: FileRead, about: str) -> Question:
    return next(q for q in found.questions if q.key.endswith(f"|{about}"))


def open_questions(found: FileRead) -> list[str]:
    return [q.key.rpartition("|")[2] for q in found.questions if q.is_open]


def test_each_row_has_its_place_as_its_source() -> None:
    found = small(f"Dashboard\n\n{HEADER}\nA,Calls answered,91%,92%,93%")
    row = part(found, "observations").row(2, named=True)
    assert (row["file_row"], row["value"], row["status"]) == (4, 93, "actual")
    assert row["source"] == "dashboard.csv, row 4, column Jun-24"
    assert (found.lines, found.read, found.refused) == (2, 1, 0)
    assert [one.text for one in found.aside] == ["Dashboard"]


def test_a_sheet_of_a_workbook_is_named_in_the_source() -> None:
    lines = [HEADER.split(","), ["A", "Calls answered", "91%", "", ""]]
    found = read_wide(Sheet.of("figures.xlsx", lines, "KPIs"), council(), {})
    assert found is not None
    assert part(found, "observations")["source"].item() == (
        "figures.xlsx, sheet KPIs, row 2, column Apr-24"
    )


@pytest.mark.parametrize(
    "text",
    [
        "indicator,period,value\nA,2024/25 Q1,90",
        "indicator,year,target,floor\nA,2024/25,90,80",
        "Name,Address\nJohn,1 High Street",
        "A,2024-04,ytd,,,98",
        "1,2,3\n4,5,6",
        "Ref",
    ],
)
def test_what_is_no_wide_table_is_left_to_others(text: str) -> None:
    lines = [line.split(",") for line in text.splitlines()]
    assert read_wide(Sheet.of("file.csv", lines), council(), {}) is None


def test_cells_without_a_figure_give_no_row_and_are_told() -> None:
    found = small(f"{HEADER}\nA,Calls answered,n/a,,–\nS,Speed of answer,12,*,..")
    assert values(found) == [("S", "2024-04", 12)]
    assert found.problems == ()
    (told,) = found.readings
    assert "never a zero" in told.text
    assert told.rows == (2, 3)


def test_columns_are_shown_with_what_they_hold_and_can_be_corrected() -> None:
    text = "Ref,Indicator,Apr-24,May-24,Figure\nA,Calls answered,91%,92%,93%"
    found = small(text)
    assert open_questions(found) == ["column:figure"]
    assert question(found, "column:figure").options[0].label == "leave this column out"
    assert question(found, "column:apr-24").proposed == "2024-04"
    assert question(found, "column:apr-24").options[0].code == "2024-04"
    assert values(found) == [("A", "2024-04", 91), ("A", "2024-05", 92)]
    corrected = small(text, answers={"column:figure": "2024-06", "column:apr-24": "leave"})
    assert open_questions(corrected) == []
    assert values(corrected) == [("A", "2024-05", 92), ("A", "2024-06", 93)]
    nonsense = small(text, answers={"column:figure": "2019-01"})
    assert open_questions(nonsense) == ["column:figure"]


def test_two_columns_taken_for_the_same_are_refused_until_one_is_left_out() -> None:
    text = "Ref,Indicator,Apr-24,April 2024\nA,Calls answered,91%,92%"
    assert ["both taken for the same" in one for one in said(small(text))] == [True]
    assert values(small(text, answers={"column:apr-24": "leave"})) == [("A", "2024-04", 92)]


def test_labels_without_headings_are_told_by_what_they_hold() -> None:
    found = small(",,Apr-24,May-24\nA,Calls answered,91%,92%\nS,Speed of answer,5,6")
    assert open_questions(found) == []
    assert len(values(found)) == 4


def test_a_month_means_the_quarter_that_ends_with_it_where_the_indicator_is_quarterly() -> None:
    found = small(f"{HEADER}\nQ,Complaints in time,,,70%\nA,Calls answered,,,91%")
    assert values(found) == [("Q", "2024/25 Q1", 70), ("A", "2024-06", 91)]
    (problem,) = said(small(f"{HEADER}\nQ,Complaints in time,,68%,70%"))
    assert problem.startswith('dashboard.csv, row 2, column May-24: you entered "68%".')
    assert "Q is due each quarter" in problem


def test_a_row_with_a_problem_is_refused_whole_and_the_others_are_read() -> None:
    found = small(f"{HEADER}\nA,Calls answered,91%,<5,93%\nS,Speed of answer,5,6,7")
    assert [one[0] for one in values(found)] == ["S"] * 3
    assert (found.read, found.refused) == (1, 1)


def test_fractions_are_told_by_the_history_of_the_indicator() -> None:
    text = f"{HEADER}\nA,Calls answered,0.91,0.92,1"
    found = small(text)
    assert [value for *_, value in values(found)] == [91, 92, 100]
    asked = question(found, "fraction:A")
    assert (asked.proposed, asked.rows) == ("fraction", (2,))
    assert "between 80 and 95" in asked.text
    as_it_stands = small(text, answers={"fraction:A": "percent"})
    assert next(value for *_, value in values(as_it_stands)) == Decimal("0.91")
    new = small(text, council(observations="indicator | period", targets="indicator | year"))
    assert open_questions(new) == ["fraction:A"]
    assert values(new) == []


def test_more_than_six_decimals_are_asked_about() -> None:
    text = f"{HEADER}\nA,Calls answered,91.12345678,92,93"
    found = small(text)
    assert open_questions(found) == ["decimals"]
    assert small(text, answers={"decimals": "round"}).parts[0].rows["value"].to_list()[
        0
    ] == Decimal("91.123457")
    assert [value for *_, value in values(small(text, answers={"decimals": "leave"}))] == [92, 93]


def test_a_star_is_provisional_unless_it_is_a_footnote() -> None:
    text = f"{HEADER}\nA,Calls answered,91%*,92% (p),93%"
    found = part(small(text), "observations")
    assert found["status"].to_list() == ["provisional", "provisional", "actual"]
    footnote = part(small(text, answers={"star": "footnote"}), "observations")
    assert footnote["status"].to_list() == ["actual", "provisional", "actual"]


def test_decimal_commas_are_proposed_where_the_cells_prove_them() -> None:
    text = f"{HEADER}\nA,Calls answered,91;5,92;25,93"
    found = small(text)
    assert question(found, "marks").proposed == ","
    assert [value for *_, value in values(found)] == [Decimal("91.5"), Decimal("92.25"), 93]
    unsure = small(f"{HEADER}\nA,Calls answered,46;5,1;234,93", council("number"))
    assert open_questions(unsure) == ["marks"]


@pytest.mark.parametrize(
    ("header", "open_ones", "months"),
    [
        ("30/04/2024,05/06/2024", [], ["2024-04", "2024-06"]),
        ("01/04/2024,01/05/2024", [], ["2024-04", "2024-05"]),
        ("04/01/2024,05/01/2024", [], ["2024-04", "2024-05"]),
        ("03/04/2024,05/06/2024", ["dates"], None),
    ],
)
def test_the_order_of_day_and_month_is_shown_by_the_dates_or_asked(
    header: str, open_ones: list[str], months: list[str] | None
) -> None:
    found = small(f"Ref,Indicator,{header}\nA,Calls answered,91%,92%")
    assert open_questions(found) == open_ones
    if months:
        assert [period for _, period, _ in values(found)] == months


def test_the_numbers_by_which_excel_holds_dates_are_read_as_months() -> None:
    found = small("Ref,Indicator,45412,45443\nA,Calls answered,91%,92%")
    assert [period for _, period, _ in values(found)] == ["2024-04", "2024-05"]
    assert "30/04/2024" in question(found, "column:45412").options[0].label


def test_an_indicator_is_found_by_its_name_where_there_is_no_reference() -> None:
    assert [one[0] for one in values(small(f"{HEADER}\n,calls  ANSWERED*,91%,,"))] == ["A"]
    assert [one[0] for one in values(small(f"{HEADER}\nA*,Whatever,91%,,"))] == ["A"]
    assert [one[0] for one in values(small("Indicator,Apr-24\nCalls answered,91%"))] == ["A"]


def test_an_unknown_indicator_is_asked_for_with_the_nearest() -> None:
    text = f"{HEADER}\nA9,Call answered,91%,,\nS,Speed of answer,5,,"
    found = small(text)
    assert open_questions(found) == ["indicator:2"]
    codes = [option.code for option in question(found, "indicator:2").options]
    assert (codes[0], codes[-1]) == ("A", "leave")
    assert (found.read, found.refused) == (1, 1)
    assert len(values(small(text, answers={"indicator:2": "A"}))) == 2
    left = small(text, answers={"indicator:2": "leave"})
    assert (left.read, left.refused, len(left.aside)) == (1, 0, 1)


def test_a_reference_and_the_name_of_another_indicator_are_asked_about() -> None:
    found = small(f"{HEADER}\nA,Speed of answer,91%,,")
    assert open_questions(found) == ["indicator:2"]


def test_remarks_headings_and_officers_between_tables_are_set_aside_and_told() -> None:
    found = small(
        "Key Performance Indicators\nService Area,Director,Member\nRoads,Ann Lee,Bo Day\n"
        f"{HEADER}\nA,Calls answered,91%,,\nA - fewer calls came in the 3 weeks of May\n"
        f"Service Area,Director,Member\nLibraries,Cy Low,Di Ray\n{HEADER}\nS,Speed of answer,5,,"
    )
    assert (found.lines, found.read, found.refused, len(found.aside)) == (9, 2, 0, 7)
    assert found.questions[0].rows == (4, 9)


def test_targets_floors_and_the_year_to_date() -> None:
    found = small(
        "Ref,Indicator,May-24,Jun-24,YTD,Target,Floor\nA,Calls answered,91%,92%,91.5%,90%,80%\n"
        "Q,Complaints in time,,70%,69%,Tbc,60%"
    )
    observed = part(found, "observations").select("indicator", "period", "basis", "value")
    assert ("A", "2024-06", "ytd", Decimal("91.5")) in observed.rows()
    assert ("Q", "2024/25 Q1", "ytd", 69) in observed.rows()
    columns = ["indicator", "year", "period", "status", "target", "floor"]
    assert part(found, "targets").select(columns).rows() == [
        ("A", "2024/25", "", "set", 90, 80), ("Q", "2024/25", "", "tbc", None, 60),
    ]  # fmt: skip


def test_a_target_that_is_a_range_has_both_ends() -> None:
    ranged = council(
        indicators="indicator | name | polarity | frequency\nA | Calls answered | range | month"
    )
    text = "Ref,Indicator,Jun-24,Target,Floor\nA,Calls answered,20%,{},15% - 25%"
    found = part(small(text.format("17.5% to 22.5%"), ranged), "targets")
    assert found.select("target", "target_high", "floor", "floor_high").row(0) == (
        Decimal("17.5"), Decimal("22.5"), 15, 25,
    )  # fmt: skip
    assert ["is a range" in one for one in said(small(text.format("20%"), ranged))] == [True]


def test_what_the_table_cannot_say_stays_as_held() -> None:
    held = council(
        observations="indicator | period | value | numerator | denominator | note\n"
        "A | 2024-04 | 91 | 182 | 200 | without the strike\nA | 2024-05 | 92 | 184 | 200 |"
    )
    found = small("Ref,Indicator,Apr-24,May-24,Target\nA,Calls answered,91%,95%,88%", held)
    same, changed = part(found, "observations").rows(named=True)
    assert (same["numerator"], same["denominator"], same["note"]) == (
        182, 200, "without the strike",
    )  # fmt: skip
    assert (changed["value"], changed["numerator"], changed["denominator"]) == (95, None, None)
    assert part(found, "targets").select("target", "floor").row(0) == (88, 80)
    assert any("floor of targets" in reading.text for reading in found.readings)


def test_a_range_target_leaves_both_ends_of_the_saved_floor_alone() -> None:
    ranged = council(
        indicators="indicator | name | polarity | frequency\nA | Calls answered | range | month",
        targets="indicator | year | target | target_high | floor | floor_high\n"
        "A | 2024/25 | 18 | 22 | 15 | 25",
    )
    found = small("Ref,Indicator,Jun-24,Target\nA,Calls answered,20%,17.5% to 22.5%", ranged)
    assert part(found, "targets").select("target", "target_high", "floor", "floor_high").row(0) == (
        Decimal("17.5"), Decimal("22.5"), 15, 25,
    )  # fmt: skip
    told = [reading.text for reading in found.readings]
    assert [name for name in ("floor of targets", "floor_high of targets") if any(name in one for one in told)] == [
        "floor of targets", "floor_high of targets",
    ]  # fmt: skip


def test_a_floor_may_come_alone_where_the_target_is_saved() -> None:
    text = "Ref,Indicator,Jun-24,Floor\nA,Calls answered,91%,85%"
    found = small(text)
    assert found.problems == ()
    assert part(found, "targets").select("target", "floor").row(0) == (90, 85)
    unset = small(text, council(targets="indicator | year | target\nQ | 2024/25 | 90"))
    assert ["A target that is set needs a value" in one for one in said(unset)] == [True]


def test_document_004_over_the_tidy_files_changes_nothing(kent: Figures) -> None:
    found = read(document.lines(), kent)
    for table in document.TABLES:
        rows, held = part(found, table), getattr(kent, table)
        columns = [name for name in held.columns if name not in ("file_row", "source")]
        changed = rows.select(columns).join(
            held.select(columns), on=columns, how="anti", nulls_equal=True
        )
        assert changed.rows() == []


def test_months_to_come_do_not_count_as_the_latest() -> None:
    found = small("Ref,Indicator,Apr-24,May-24,Jun-24,YTD\nA,Calls answered,91%,92%,,91%")
    assert values(found)[-1] == ("A", "2024-05", 91)


def test_a_year_to_date_beyond_the_rows_last_figure_is_asked_about() -> None:
    text = "Ref,Indicator,Apr-24,May-24,YTD\nA,Calls answered,91%,,91%\nS,Speed of answer,5,6,5"
    found = small(text)
    assert open_questions(found) == ["ytd:A"]
    ytd = part(small(text, answers={"ytd:A": "2024-04"}), "observations").filter(
        (pl.col("basis").cast(pl.String) == "ytd") & (pl.col("indicator") == "A")
    )
    assert ytd["period"].to_list() == ["2024-04"]


def test_last_year_within_the_year_may_be_the_whole_or_so_far() -> None:
    text = "Ref,Indicator,May-24,Prev. Year\nA,Calls answered,91%,88%"
    assert open_questions(small(text)) == ["column:prev. year"]
    whole = values(small(text, answers={"column:prev. year": "last_year"}))
    assert whole[-1] == ("A", "2024-03", 88)
    so_far = values(small(text, answers={"column:prev. year": "last_year_to_date"}))
    assert so_far[-1] == ("A", "2023-05", 88)


@pytest.mark.parametrize(
    ("header", "lines"),
    [
        ("Ref,Indicator,Jun-24,YTD,Expected Range,,Prev. Yr YTD\n,,,,Upper,Lower,", 1),
        (",,,,Expected Range,,\nRef,Indicator,Jun-24,YTD,Upper,Lower,Prev. Yr YTD", 1),
        ("Ref,Indicator,Jun-24,YTD,Expected Range Upper Lower,,Prev. Yr YTD", 0),
        ("Ref,Indicator,Jun-24,YTD,Expected Range Upper,Expected Range Lower,Prev. Yr YTD", 0),
    ],
)
def test_an_expected_range_may_be_headed_in_one_line_or_two(header: str, lines: int) -> None:
    found = small(f"{header}\nA,Calls answered,5,15,30,10,14", council("number"))
    assert open_questions(found) == []
    assert part(found, "thresholds").select("year", "lower", "upper", "basis").rows() == [
        ("2024/25", 10, 30, "ytd")
    ]
    assert (found.read, len(found.aside)) == (1, lines)


def test_a_range_is_on_the_period_where_there_is_no_year_to_date() -> None:
    found = small("Ref,Indicator,Jun-24,Upper,Lower\nA,Calls answered,5,30,10", council("number"))
    assert part(found, "thresholds")["basis"].to_list() == ["period"]


def test_a_range_upside_down_is_refused() -> None:
    found = small("Ref,Indicator,Jun-24,Upper,Lower\nA,Calls answered,5,10,30", council("number"))
    assert ["upper end of the expected range is below" in one for one in said(found)] == [True]


def test_ratings_are_compared_and_not_saved() -> None:
    found = small(
        "Ref,Indicator,May-24,Jun-24,RAG,Target,Floor\nA,Calls answered,91%,85%,GREEN,90%,80%"
    )
    (told,) = found.readings
    assert told.text.startswith("A, RAG: the file says GREEN; its figure 85 gives AMBER.")
    assert told.rows == (2,)
    agrees = small("Ref,Indicator,May-24,Jun-24,RAG\nA,Calls answered,91%,95%,G")
    assert agrees.readings == ()


def test_an_alert_is_compared_on_the_figure_that_has_the_range() -> None:
    text = "Ref,Indicator,Jun-24,YTD,In expected range?,Upper,Lower\nA,Calls answered,5,15,{},30,10"
    assert small(text.format("Yes"), council("number")).readings == ()
    (told,) = small(text.format("Below"), council("number")).readings
    assert "the file says Below; its figure 15 gives Yes" in told.text


def test_the_same_figure_twice_is_taken_once_and_two_figures_are_refused() -> None:
    twice = small(f"{HEADER}\nA,Calls answered,91%,,\nA,Calls answered,91%,,")
    assert values(twice) == [("A", "2024-04", 91)]
    assert [one.text for one in twice.readings][-1].startswith("Said more than once")
    (problem,) = said(small(f"{HEADER}\nA,Calls answered,91%,,\nA,Calls answered,92%,,"))
    assert "Row 2 gives it too, with another figure" in problem


def test_without_any_period_the_rows_are_refused_with_the_way_out() -> None:
    found = small("Ref,Indicator,YTD,Target\nA,Calls answered,91%,90%")
    assert found.refused == 1
    assert re.search("Head one as Mar-25", said(found)[0])


#: Cells of a sheet, with the figure that they can be.
FIGURES = {
    "91%": ["91"], "0.92": ["0.92", "92"], "1,234": ["1234"], "-5": ["-5"], "97 (p)": ["97"],
    "12*": ["12"], "1:54": ["114", "6840"], "0": ["0"], "7.1234567": ["7.123457"],
}  # fmt: skip
WORDS = ["", "n/a", "–", "<5", "#REF!", "Tbc", "GREEN", "Yes", "A remark of 2024", "97²", "\u0000"]
HEADINGS = [
    "Ref", "Indicator", "Apr-24", "May-24", "Jun-24", "Q1 2024/25", "03/04/2024", "YTD", "Target",
    "Floor", "Prev. Year", "RAG", "Upper", "Lower", "Expected Range", "", "Figure",
]  # fmt: skip
LABELS = ["A", "Q", "S", "A*", "Z9", "Calls answered", "Speed of answer", "Total", ""]
CELLS = st.sampled_from([*FIGURES, *WORDS, *LABELS, *HEADINGS])


def lines_of(width: int) -> st.SearchStrategy[list[list[str]]]:
    """Sheets that look like wide tables, more or less."""
    header = st.lists(st.sampled_from(HEADINGS), min_size=width, max_size=width)
    row = st.tuples(
        st.sampled_from(LABELS), st.sampled_from(LABELS),
        st.lists(st.sampled_from([*FIGURES, *WORDS]), min_size=width - 2, max_size=width - 2),
    ).map(lambda given: [given[0], given[1], *given[2]])  # fmt: skip
    junk = st.lists(CELLS, min_size=width, max_size=width)
    return st.lists(st.one_of(header, row, row, row, junk), min_size=1, max_size=8)


@given(
    st.integers(3, 8).flatmap(lines_of),
    st.sampled_from(["", "fraction", "percent", "round", "leave", "day", "month", "A"]),
    st.sampled_from(["percent", "number"]),
)
def test_no_sheet_raises_loses_a_row_or_changes_a_figure(
    lines: list[list[str]], answer: str, unit: str
) -> None:
    sheet = Sheet.of("odd.csv", lines)
    first = read_wide(sheet, council(unit), {})
    if first is None:
        return
    for found in (first, read_wide(sheet, council(unit), {q.key: answer for q in first.questions})):
        assert found is not None
        assert found.lines == found.read + found.refused + len(found.aside)
        assert min(found.read, found.refused) >= 0
        assert found.lines >= sheet.cells.height - 1
        for row, value in part(found, "observations").select("file_row", "value").iter_rows():
            said_there = [Decimal(v) for cell in lines[row - 1] for v in FIGURES.get(cell, [])]
            assert value in said_there
