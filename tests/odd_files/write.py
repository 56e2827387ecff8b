"""Write the odd files. All of the good ones hold the same three figures of Testshire.

python -m tests.odd_files.write
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HERE = Path(__file__).parent

HEADER = ["indicator", "period", "basis", "breakdown", "item", "value", "status", "note"]
ROWS = [
    ["CALLS", "2025/26 Q1", "period", "", "", "89", "actual", "Café, £5"],
    ["CALLS", "2025/26 Q2", "period", "", "", "90.5", "actual", ""],
    ["DAYS", "2025/26 Q1", "period", "", "", "9.1", "actual", 'said "in time"'],
]


def lines(rows: Iterable[Sequence[object]], separator: str = ",", end: str = "\n") -> str:
    """Rows as delimited text, quoted where they need it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def book(*sheets: tuple[str, Sequence[Any]]) -> Workbook:
    """A workbook of these sheets."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(["" if cell is None else cell for cell in row])
    moment = datetime(2025, 1, 1)  # noqa: DTZ001 (openpyxl wants one without a zone)
    made.properties.created = made.properties.modified = moment
    return made


def saved(made: Workbook, change: Callable[[str], str] = str) -> bytes:
    """The bytes of a workbook, the same every time, its sheets' XML changed by a function."""
    first, out = io.BytesIO(), io.BytesIO()
    made.save(first)
    with zipfile.ZipFile(first) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name.startswith("xl/worksheets/"):
                content = change(content.decode()).encode()
            if name == "docProps/core.xml":
                # openpyxl writes the moment of saving here.
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2025-01-01T00:00:00Z", content
                )
            after.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def numbers(rows: Iterable[Sequence[str]]) -> list[list[object]]:
    """Rows with the figures as numbers, as a workbook has them."""
    return [[*row[:5], float(row[5]), *row[6:]] for row in rows]


def text_files() -> dict[str, bytes]:
    """Every odd file that is text."""
    plain = lines([HEADER, *ROWS])
    people = [
        ["CALLS", "Q1 2025/26", "period", "", "", "89%", "actual", "Café, £5"],
        ["CALLS", "Q2 2025/26", "period", "", "", "90.50 %", "actual", ""],
        ["DAYS", "2025/26 Q1", "period", "", "", "9.1 days", "actual", 'said "in time"'],
    ]
    broken = [*ROWS[:2], ["DAYS", "2025/26 Q1", "period"], [*ROWS[2], "", "more"]]
    everywhere = io.StringIO(newline="")
    csv.writer(everywhere, quoting=csv.QUOTE_ALL).writerows([HEADER, *ROWS])
    bare = plain.replace("Café", "Cafe").replace("£", "")
    return {
        "utf8.csv": plain.encode(),
        "utf8_with_mark.csv": plain.encode("utf-8-sig"),
        "utf16_little.csv": b"\xff\xfe" + plain.encode("utf-16-le"),
        "utf16_big.csv": b"\xfe\xff" + plain.encode("utf-16-be"),
        "utf16_little_without_mark.csv": plain.encode("utf-16-le"),
        "utf16_big_without_mark.csv": plain.encode("utf-16-be"),
        "windows_1252.csv": plain.encode("cp1252"),
        "mac_roman.csv": plain.encode("mac_roman"),
        "ms_dos.csv": plain.encode("cp850"),
        "unicode_text.txt": b"\xff\xfe" + lines([HEADER, *ROWS], "\t", "\r\n").encode("utf-16-le"),
        "semicolons.csv": lines([HEADER, *ROWS], ";").encode(),
        "tabs.tsv": lines([HEADER, *ROWS], "\t").encode(),
        "line_ends_of_windows.csv": lines([HEADER, *ROWS], end="\r\n").encode(),
        "line_ends_of_old_macs.csv": lines([HEADER, *ROWS], end="\r").encode(),
        "line_ends_mixed.csv": plain.replace("\n", "\r\n", 2).encode(),
        "quotes_everywhere.csv": everywhere.getvalue().encode(),
        "no_last_line_end.csv": plain.rstrip("\n").encode(),
        "titles_above.csv": f"Testshire Council\nFigures to September 2025\n\n{plain}".encode(),
        "blank_lines_and_columns.csv": lines(
            [[*HEADER, "", ""], [""] * 10, *([*row, "", ""] for row in ROWS), ["", " "]]
        ).encode(),
        "names_in_capitals.csv": plain.replace(",".join(HEADER), ",".join(HEADER).upper()).encode(),
        "as_people_write.csv": lines([HEADER, *people]).encode(),
        # And those that are refused, as a whole or in part:
        "empty.csv": b"",
        "blank_lines.csv": b"\n\r\n , ,\n\t\n",
        "header_only.csv": lines([HEADER]).encode(),
        "ragged.csv": lines([HEADER, *broken]).encode(),
        "nul_bytes.csv": bare.encode().replace(b"90.5", b"90\x00.5"),
        "nul_bytes_all_through.csv": b"\x00".join([bare.encode()[:40], b"\x00\x00", b"\x81\x00x"]),
        "control_characters.csv": bare.replace("Cafe", "Ca\x01fe").encode(),
        "quotation_mark_left_open.csv": (plain + 'CALLS,"2025/26 Q3').encode(),
        "utf16_cut_short.csv": (b"\xff\xfe" + plain.encode("utf-16-le"))[:-1],
        "utf8_damaged.csv": plain.encode("utf-8-sig").replace("é".encode(), b"\xe9"),
        "letter.csv": b"Dear all,\nplease find the figures below; they are late.\n\nKind regards\n",
        "commas_or_semicolons.csv": b"a;b,c\n1;2,3\n",
        "formulas.csv": lines(
            [HEADER, [*ROWS[0][:5], "=1+2", "actual", ""], [*ROWS[1][:7], "=HYPERLINK(1)"]]
        ).encode(),
        "old_workbook.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
        "paper.csv": b"%PDF-1.7\n",
        "text_called_a_workbook.xlsx": plain.encode(),
    }


def _with_formula(xml: str) -> str:
    return xml.replace("<v>90.5</v>", "<f>181/2</f><v>90.5</v>")


def workbooks() -> dict[str, bytes]:
    """Every odd file that is a workbook, or is called one."""
    figures = ("Figures", [HEADER, *numbers(ROWS)])
    fractions = book(("Figures", [HEADER, *numbers([[*ROWS[0][:5], "0.89", *ROWS[0][6:]],
                                                    [*ROWS[1][:5], "0.905", *ROWS[1][6:]], ROWS[2]])]))  # fmt: skip
    for cell in ("F2", "F3"):
        fractions["Figures"][cell].number_format = "0.0%"
    hidden = book(figures)
    hidden["Figures"].sheet_state = "hidden"
    hidden["Figures"].row_dimensions[3].hidden = True
    hidden["Figures"].column_dimensions["H"].hidden = True
    hidden.create_sheet("Front")
    days = [HEADER, ["CALLS", date(2025, 6, 30), *ROWS[0][2:5], 89, "actual", ""]]
    old_days = book(("Figures", days))
    old_days.epoch = CALENDAR_MAC_1904
    merged = book(("Figures", [["Testshire Council"], [], HEADER, *numbers(ROWS)]))
    merged["Figures"].merge_cells("A1:H1")
    wrong = book(("Figures", [HEADER, *numbers(ROWS), [*ROWS[0][:5], "#N/A", "actual", ""]]))
    wrong["Figures"]["F5"].data_type = "e"
    unsaved = book(figures)
    unsaved["Figures"]["F3"] = "=181/2"
    whole = saved(book(figures))
    return {
        "workbook.xlsx": whole,
        "workbook_called.csv": whole,
        "percentages.xlsx": saved(fractions),
        "hidden.xlsx": saved(hidden),
        "merged_title.xlsx": saved(merged),
        "formulas.xlsx": saved(book(figures), _with_formula),
        "two_sheets.xlsx": saved(book(("One", [HEADER, *numbers(ROWS[:2])]), ("Two", [HEADER, *numbers(ROWS[2:])]))),
        "days.xlsx": saved(book(("Figures", days))),
        "days_from_1904.xlsx": saved(old_days),
        "wrong_about_its_size.xlsx": saved(
            book(figures), lambda xml: xml.replace('ref="A1:H4"', 'ref="A1:B2"')
        ),
        # And those that are refused, as a whole or in part:
        "remarks_beside.xlsx": saved(book(figures, ("Remarks", [["Ask Ann about DAYS"]]))),
        "errors.xlsx": saved(wrong),
        "formulas_without_values.xlsx": saved(unsaved),
        "rows_out_of_order.xlsx": saved(
            book(figures), lambda xml: xml.replace('<row r="3"', '<row r="9"')
        ),
        "no_sheets_filled.xlsx": saved(book(("Figures", []))),
        "cut_short.xlsx": whole[: len(whole) // 2],
        "no_workbook.xlsx": _archive({"readme.txt": b"Nothing here."}),
        "opendocument.ods": _archive(
            {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}
        ),
        "entities.xlsx": _with_entities(whole),
    }  # fmt: skip


def _archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def _with_entities(whole: bytes) -> bytes:
    """A sheet whose XML names entities that grow a billionfold when they are written out."""
    names = "abcdefghij"
    grown = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "ha">{grown}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _archive({**parts, "xl/worksheets/sheet1.xml": xml.encode()})


def main() -> None:
    """Write every file anew."""
    for name, content in {**text_files(), **workbooks()}.items():
        (HERE / name).write_bytes(content)


if __name__ == "__main__":
    main()
