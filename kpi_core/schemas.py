"""The data contract: one schema for each CSV of an organisation's folder.

A schema's columns validate what comes in, describe `datapackage.json` and the page of columns, and
set the types of the store. A rule is a polars expression with a name; its docstring is the sentence
that a person reads when a row breaks it.

Types in the frames: text is String (never null: an empty cell is ""), figures are Decimal(18, 6),
counts Int32, flags Boolean, closed lists Enum. Every frame also has `file_row`, the row of the file
as a spreadsheet counts it.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from kpi_core import fields
from kpi_core.periods import Frequency
from kpi_core.words import (
    Alert,
    Direction,
    FigureBasis,
    Kind,
    Measure,
    Polarity,
    Rating,
    Said,
    Ytd,
)

SOURCE = "The document and the place in it: FILE:LINES and the place in words; several parted by |"


class CsvTable(dy.Schema):
    """What every table has."""

    file_row = dy.UInt32(nullable=True, description="Row of the file, the header being row 1")


class Documents(CsvTable):
    """What was published, and when."""

    document = fields.key("Code of the document")
    title = fields.text("Title as published")
    report = fields.text("Report that it is an edition of")
    period = fields.period("Period that it reports on")
    published_on = dy.Date(nullable=True, description="Date of publication, where known")
    file = fields.text("File that it was read from")


class Reports(CsvTable):
    """The reports that an organisation publishes."""

    report = fields.key("Code: qpr (quarterly performance report), dashboard")
    title = fields.text("Title")
    frequency = fields.one_of("How often it appears", Frequency)


class Sections(CsvTable):
    """The sections of a report, in its order, within their directorates."""

    report = fields.key("Report")
    section = fields.key("Name of the section as the report prints it")
    year = fields.period("Financial year", key=True)
    directorate = fields.text("Directorate to which the section belongs")
    order = fields.count("Place in the report", nullable=False)
    source = fields.text(SOURCE)


class Officers(CsvTable):
    """Who answers for a section."""

    report = fields.key("Report")
    section = fields.open_key("Section; empty for the whole report")
    role = fields.key("Role, for example Cabinet Member")
    since = dy.String(
        primary_key=True, alias="from", min_length=1, metadata={"format": "period"},
        description="First period in which the report names the person",
    )  # fmt: skip
    name = fields.text("Name")
    interim = dy.Bool(nullable=True, description="true when the post is held for the time being")
    source = fields.text(SOURCE)


class Placements(CsvTable):
    """The framework of a year: which indicators stand where in which report."""

    report = fields.key("Report")
    year = fields.period("Financial year", key=True)
    indicator = fields.key("Indicator")
    section = fields.text("Section", min_length=1)
    order = fields.count("Place within the section", nullable=False)
    name = fields.text("Name as this report prints it", min_length=1)
    frequency = fields.one_of("How often this report shows it", Frequency)
    starts = fields.period(
        "First period in which the report shows it, if not the year's", optional=True
    )
    source = fields.text(SOURCE)


class Indicators(CsvTable):
    """Definitions. A later row of the same indicator is a new definition: a break in its series."""

    indicator = fields.key("Code: the printed reference such as CS01 where there is one")
    since = dy.String(
        primary_key=True, alias="from", min_length=1, metadata={"format": "period"},
        description="Year or period from which this definition holds",
    )  # fmt: skip
    name = fields.text("Name", min_length=1)
    kind = fields.one_of(
        "kpi has a target and floor; activity an expected range; table only parts", Kind
    )
    unit = fields.text(
        "percent, number, currency, seconds, days, rate, tonnes, years …", min_length=1
    )
    decimals = dy.Int32(min=0, max=4, description="Decimals shown, and to which ratings round")
    polarity = fields.one_of("Which way is better", Polarity)
    frequency = fields.one_of("How often it is due", Frequency)
    measure = fields.one_of("How it counts time", Measure)
    ytd = fields.one_of("How its year to date comes about", Ytd)
    arrears = fields.count("Periods by which it is reported late")
    trend_window = fields.count("Periods over which its direction is worked out; empty for twelve")
    to = fields.period("Last year or period of this definition", optional=True)
    lifecycle = fields.text("new, removed, revised, moved; empty otherwise")
    description = fields.text("What is counted, in plain words")
    source = fields.text(SOURCE)


class Targets(CsvTable):
    """Targets and floors by year, and by period where they vary within the year."""

    indicator = fields.key("Indicator")
    year = fields.period("Financial year", key=True)
    period = dy.String(
        primary_key=True, metadata={"format": "period"},
        description="Period within the year; empty for the whole year",
    )  # fmt: skip
    status = fields.one_of("Only a set target rates", ["set", "proposed", "tbc"], key=True)
    target = fields.figure("Target; the lower end where the target is a range")
    target_high = fields.figure("Upper end of a target that is a range")
    floor = fields.figure("Floor standard; the lower end where the target is a range")
    floor_high = fields.figure("Upper end of the floor of a range")
    source = fields.text(SOURCE)

    @dy.rule()
    def set_means_a_target(cls) -> pl.Expr:
        """A target that is set needs a value. Enter it, or make the status tbc."""
        return (cls.status.col.cast(pl.String) != "set") | cls.target.col.is_not_null()

    @dy.rule()
    def range_is_in_order(cls) -> pl.Expr:
        """The upper end of the target is below its lower end. Enter the smaller one as target."""
        return cls.target_high.col >= cls.target.col

    @dy.rule()
    def floors_enclose_the_range(cls) -> pl.Expr:
        """The floor of a range must lie outside it: floor below target, floor_high above
        target_high.
        """
        inside = (cls.floor.col > cls.target.col) | (cls.floor_high.col < cls.target_high.col)
        return cls.target_high.col.is_null() | inside.fill_null(value=False).not_()


class Thresholds(CsvTable):
    """Expected ranges of activity indicators."""

    indicator = fields.key("Indicator")
    year = fields.period("Financial year", key=True)
    period = dy.String(
        primary_key=True, metadata={"format": "period"},
        description="Period within the year; empty for the whole year",
    )  # fmt: skip
    lower = fields.figure("Lower end of the expected range, itself inside it")
    upper = fields.figure("Upper end of the expected range, itself inside it")
    basis = fields.one_of("Judged on the period's figure or on the year to date", ["period", "ytd"])
    source = fields.text(SOURCE)

    @dy.rule()
    def range_is_in_order(cls) -> pl.Expr:
        """The upper end of the expected range is below its lower end. Swap the two."""
        return cls.upper.col >= cls.lower.col


class Observations(CsvTable):
    """The figures."""

    indicator = fields.key("Indicator")
    period = fields.period("Period that the figure is about", key=True)
    basis = fields.one_of("What stretch of time it covers", FigureBasis, key=True)
    breakdown = fields.open_key(
        "Way of splitting the whole, for example district; empty for the whole"
    )
    item = fields.open_key("Part, for example Dover; empty for the whole")
    value = fields.figure("Figure as printed; percentages as percent numbers (89 is 89%)")
    numerator = fields.figure("Numerator, where known")
    denominator = fields.figure("Denominator, where known")
    status = fields.one_of(
        "no_data says that there is none", ["actual", "provisional", "estimate", "no_data"]
    )
    note = fields.text("Note that belongs to this figure")
    source = fields.text(SOURCE)

    @dy.rule()
    def no_data_has_no_value(cls) -> pl.Expr:
        """The status says no_data but there is a value. Remove one of the two."""
        return (cls.status.col.cast(pl.String) != "no_data") | cls.value.col.is_null()

    @dy.rule()
    def something_is_known(cls) -> pl.Expr:
        """There is no figure here. Enter a value, or a numerator and denominator, or leave the row
        out; status no_data says that there is none.
        """
        parts = cls.numerator.col.is_not_null() | cls.denominator.col.is_not_null()
        return (cls.status.col.cast(pl.String) == "no_data") | cls.value.col.is_not_null() | parts

    @dy.rule()
    def denominator_is_not_zero(cls) -> pl.Expr:
        """A denominator of 0 gives no figure. Leave both cells empty and set status no_data."""
        return cls.denominator.col != 0

    @dy.rule()
    def item_has_a_breakdown(cls) -> pl.Expr:
        """A part needs the name of its breakdown, and a breakdown the name of its part. Fill both,
        or leave both empty for the whole.
        """
        return (cls.breakdown.col == "") == (cls.item.col == "")


class Benchmarks(CsvTable):
    """The same measure elsewhere."""

    indicator = fields.key("Indicator")
    period = fields.period("Period", key=True)
    area = fields.key("Area, for example England")
    breakdown = fields.open_key("Way of splitting the whole; empty for the whole")
    item = fields.open_key("Part; empty for the whole")
    value = fields.figure("Figure as printed")
    source = fields.text(SOURCE)


class Commentary(CsvTable):
    """What is said about the figures, restated in plain words where it comes from a document."""

    report = fields.key("Report")
    section = fields.open_key("Section; empty for the whole report")
    indicator = fields.open_key("Indicator; empty for the section")
    period = fields.period("Period", key=True)
    kind = fields.one_of(
        "What it is; action is what management does about a Red, and by when", Said, key=True
    )
    order = fields.count("Place among its like", nullable=False, key=True)
    heading = fields.text("Heading")
    text = fields.text("Text", min_length=1)
    author = fields.text("Author")
    source = fields.text(SOURCE)


class Published(CsvTable):
    """What a committee was shown, contradictions included."""

    document = fields.key("Document")
    place = fields.count("1, 2 … when a document prints a thing twice", nullable=False, key=True)
    indicator = fields.key("Indicator")
    period = fields.period("Period", key=True)
    basis = fields.one_of("What stretch of time it covers", FigureBasis, key=True)
    breakdown = fields.open_key("Way of splitting the whole; empty for the whole")
    item = fields.open_key("Part; empty for the whole")
    value = fields.figure("Figure as printed")
    target = fields.figure("Target as printed")
    floor = fields.figure("Floor as printed")
    rating = fields.one_of(
        "Rating as printed; for an activity indicator Yes, Above or Below",
        [*Rating, *Alert], nullable=True,
    )  # fmt: skip
    previous_rating = fields.one_of("Previous rating as printed", Rating, nullable=True)
    direction = fields.one_of("Direction of travel in words", Direction, nullable=True)
    source = fields.text(SOURCE)


class PublishedCounts(CsvTable):
    """Counts that a document prints."""

    document = fields.key("Document")
    section = fields.key("Section, or TOTAL")
    measure = fields.one_of(
        "What is counted",
        ["green", "amber", "red", "no_data", "improving", "stable", "worsening"], key=True,
    )  # fmt: skip
    count = fields.count("Count as printed", nullable=False)
    previous = fields.count("Count of the period before, where words or figures give it")
    source = fields.text(SOURCE)


class Risks(CsvTable):
    """The corporate risk register, as far as it is printed."""

    risk = fields.key("Code of the risk")
    period = fields.period("Period of the register", key=True)
    title = fields.text("Title")
    level = fields.one_of("Level", ["low", "medium", "high", "tbc"], nullable=True)
    change = fields.text(
        "escalated, de-escalated, increased, reduced, added, removed; empty otherwise"
    )
    indicators = fields.text(
        "Indicators that the risk bears on: their codes, parted by | or a space"
    )
    source = fields.text(SOURCE)


class RiskLevels(CsvTable):
    """Number of risks at each level, as printed."""

    period = fields.period("Period of the register", key=True)
    low = fields.count("Low risks")
    medium = fields.count("Medium risks")
    high = fields.count("High risks")
    source = fields.text(SOURCE)


class RiskActions(CsvTable):
    """Actions that mitigate a risk."""

    risk = fields.key("Risk")
    action = fields.key("Action")
    period = fields.period("Period of the register", key=True)
    due = fields.text("When it was due, as printed")
    status = fields.text("complete, closed, partially complete, regular review, outstanding")
    update = fields.text("What was done, restated")
    source = fields.text(SOURCE)


#: Every table by the stem of its file, in the order in which they build on each other.
TABLES: dict[str, type[CsvTable]] = {
    "documents": Documents,
    "reports": Reports,
    "sections": Sections,
    "officers": Officers,
    "placements": Placements,
    "indicators": Indicators,
    "targets": Targets,
    "thresholds": Thresholds,
    "observations": Observations,
    "benchmarks": Benchmarks,
    "commentary": Commentary,
    "published": Published,
    "published_counts": PublishedCounts,
    "risks": Risks,
    "risk_levels": RiskLevels,
    "risk_actions": RiskActions,
}


def columns(table: str) -> dict[str, dy.Column]:
    """The columns of a table's CSV, in order, by the name in its header."""
    return {name: column for name, column in TABLES[table].columns().items() if name != "file_row"}


def key(table: str) -> list[str]:
    """The names of the columns that identify a row."""
    return TABLES[table].primary_key()


def rules(table: str) -> dict[str, str]:
    """The rules of a table between its columns, by name: what a person reads when one is broken."""
    found = {
        name: getattr(rule, "validation_fn", None) for name, rule in vars(TABLES[table]).items()
    }
    return {name: function.__doc__ or name for name, function in found.items() if function}


def empty(table: str) -> pl.DataFrame:
    """The table without rows, in its types."""
    return TABLES[table].create_empty()
