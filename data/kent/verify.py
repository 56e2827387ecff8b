"""Checks the figures of this folder against the published texts that they were read from.

    .venv/bin/python data/kent/verify.py SOURCEDIR

Every number in the texts (SOURCEDIR/*.txt) must stand in a row of a CSV whose `source` cites that
very line, or be listed in `omissions.csv` with a reason. And every citation must lead to a line
that holds a figure of its row. What fails is printed, a count last; exit code 1 if anything did.

In `omissions.csv` the file and the lines may be `*` for all of them; a number is one as printed,
`*` for all that are left on those lines, or a regular expression between slashes.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).parent
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
CITATION = re.compile(r"(?:^|\| )(\S+\.txt):(\d[\d,-]*)")
#: Columns whose digits are codes, periods or bookkeeping and so prove nothing.
NO_EVIDENCE = re.compile(
    r"source|document|indicator|risk|period|year|from|to|starts|place|order"
    r"|decimals|arrears|trend_window"
)
#: Columns that hold the figures for which a row cites its lines.
FIGURE = re.compile(
    r"value|numerator|denominator|target(_high)?|floor(_high)?|lower|upper"
    r"|count|previous|low|medium|high"
)
IN_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

Row = Mapping[str, str]
Texts = Mapping[str, list[str]]


def as_number(digits: str) -> Decimal:
    """1,234 is 1234, and 15.0 equals 15."""
    return Decimal(digits.replace(",", ""))


def numbers_of(text: str) -> set[Decimal]:
    """All the numbers of a text."""
    return {as_number(match[0]) for match in NUMBER.finditer(text)}


def lines_of(ranges: str) -> Iterator[int]:
    """The line numbers of `12`, `12-14` or `12,20-22`."""
    for part in filter(None, ranges.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def rows_of(path: Path) -> Iterator[tuple[int, Row]]:
    """The rows of a CSV, each with its number as a spreadsheet counts it."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), start=2)


def cited_rows() -> Iterator[tuple[str, Row]]:
    """Every row that cites a source, with its address for people."""
    for path in sorted(FOLDER.glob("*.csv")):
        for number, row in rows_of(path):
            if row.get("source"):
                yield f"{path.name} row {number}", row


def recorded() -> Mapping[tuple[str, int], set[Decimal]]:
    """The numbers in the rows that cite each line."""
    found: defaultdict[tuple[str, int], set[Decimal]] = defaultdict(set)
    for _, row in cited_rows():
        cells = [text for column, text in row.items() if not NO_EVIDENCE.fullmatch(column)]
        for name, ranges in CITATION.findall(row["source"]):
            for line in lines_of(ranges):
                found[name, line] |= numbers_of(" ".join(cells))
    return found


def omitted() -> Iterator[tuple[str, set[int], re.Pattern[str]]]:
    """What `omissions.csv` leaves out: a file or `*`, its lines (none: all of them), a pattern."""
    for _, row in rows_of(FOLDER / "omissions.csv"):
        number, lines = row["number"], row["lines"]
        pattern = rf"(?<![\d.,]){re.escape(number)}(?!\d)"
        if number == "*":
            pattern = "."
        elif number.startswith("/"):
            pattern = number.strip("/")
        yield row["file"], set(lines_of("" if lines == "*" else lines)), re.compile(pattern)


def missing(texts: Texts) -> Iterator[str]:
    """The numbers of the texts that nothing accounts for."""
    found, omissions = recorded(), list(omitted())
    for name, printed in texts.items():
        for line, text in enumerate(printed, start=1):
            left = text
            for file, lines, pattern in omissions:
                if file in ("*", name) and (not lines or line in lines):
                    left = pattern.sub(lambda match: " " * len(match[0]), left)
            for match in NUMBER.finditer(left):
                if as_number(match[0]) not in found.get((name, line), ()):
                    around = text[max(0, match.start() - 40) : match.end() + 30]
                    yield f"{name}:{line}: {match[0]} in ...{around}..."


def wrong_citations(texts: Texts) -> Iterator[str]:
    """The citations whose lines hold no figure of their row. Rows of text alone are left out."""
    for address, row in cited_rows():
        cells = [text for column, text in row.items() if text and FIGURE.fullmatch(column)]
        figures = set(map(as_number, cells))
        for name, ranges in CITATION.findall(row["source"]):
            lines = texts.get(name, [])
            text = " ".join(lines[n - 1] for n in lines_of(ranges) if n <= len(lines))
            if figures and not stands(figures, row.get("note", ""), text):
                yield f"{address}: none of its figures stands at {name}:{ranges}"


def stands(figures: set[Decimal], note: str, text: str) -> bool:
    """Whether the text has one of the figures: in digits, words, minutes, or as the note says."""
    words = re.findall(r"\w+", text.lower())
    there = numbers_of(text) | {Decimal(IN_WORDS.index(word)) for word in words if word in IN_WORDS}
    in_minutes = any(set(divmod(figure, 60)) <= there for figure in figures)
    return in_minutes or not there.isdisjoint(figures | numbers_of(note))


def main() -> int:
    """Print what fails; 0 if nothing does."""
    files = sorted(Path(sys.argv[1]).glob("*.txt"))
    texts = {path.name: path.read_text(encoding="utf-8").split("\n") for path in files}
    lost, wrong = list(missing(texts)), list(wrong_citations(texts))
    print("\n".join([*lost, *wrong, f"{len(lost)} missing, {len(wrong)} wrong citations"]))
    return 1 if lost or wrong or not texts else 0


if __name__ == "__main__":
    sys.exit(main())
