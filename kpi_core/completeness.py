"""What a council's folder lacks for its report, in the order in which to mend it.

Nothing here is a mistake that must be refused: the files can be read, but something would not show,
or not be rated. Each note names the file and says what to enter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

import polars as pl

from kpi_core import schemas
from kpi_core.figures import Figures, tables_in_order
from kpi_core.ingest import Received
from kpi_core.organisation import Organisation
from kpi_core.periods import Period
from kpi_core.rules import Rules
from kpi_core.words import Amber, Kind

#: Names listed before the rest is only counted.
_LISTED = 6


def figures_of(organisation: Organisation, batch: Iterable[Received]) -> Figures:
    """The figures that files make, the later over the earlier by key; rows with problems left out."""
    frames: dict[str, list[pl.DataFrame]] = {table: [] for table in schemas.TABLES}
    for one in batch:
        if one.table:
            frames[one.table].append(one.rows)
    tables = {
        table: pl.concat([schemas.empty(table), *rows]).unique(
            schemas.key(table), keep="last", maintain_order=True
        )
        for table, rows in frames.items()
    }
    return Figures(organisation, *tables_in_order(tables))


def notes(
    figures: Figures, rules: Rules | None = None, unsure: Collection[str] = ()
) -> tuple[str, ...]:
    """What is missing, in order of what to do next: a sentence or two each.

    Of tables that are `unsure`, because some of their rows were refused, nothing is said.
    """
    said: list[str] = []
    for needed, look in _CHECKS.items():
        if not set(needed) & set(unsure):
            said += look(figures)
    if "indicators" not in unsure:
        said += _rules_of_nothing(figures, rules or Rules())
    if "targets" not in unsure:
        said += _unused_floors(figures, rules or Rules())
    return tuple(said)


def _no_report(figures: Figures) -> Iterator[str]:
    known = figures.reports["report"].to_list()
    quarterly = figures.organisation.quarterly
    if not known:
        yield (
            "reports.csv: there is no report yet. Enter one, for example "
            f"{quarterly},Quarterly Performance Report,quarter."
        )
    elif quarterly not in known:
        yield (
            f'reports.csv: there is no report "{quarterly}", which organisation.toml names for '
            f"quarters. Add it, or name one of these there: {_listed(known)}."
        )


def _no_section(figures: Figures) -> Iterator[str]:
    if figures.sections.is_empty():
        yield (
            "sections.csv: there is no section yet. Enter the directorates, or the parts that the "
            "report has, with their year and order."
        )


def _no_indicator(figures: Figures) -> Iterator[str]:
    if figures.indicators.is_empty():
        yield (
            "indicators.csv: there is no indicator yet. Enter the KPIs and activity indicators, each "
            "with a short code."
        )


def _placed_nowhere(figures: Figures) -> Iterator[str]:
    if figures.placements.is_empty():
        yield (
            "placements.csv: no indicator has a place yet. Enter for each one the report, the year "
            "and the section in which it stands."
        )
        return
    placed = set(figures.placements["indicator"].to_list())
    lost = [
        code
        for code in figures.indicators["indicator"].unique(maintain_order=True).to_list()
        if code not in placed
    ]
    if lost:
        yield (
            f"placements.csv: {_listed(lost)} {_have(lost)} no place in any report, and so will "
            "not show. Add the report, year and section."
        )


def _no_such_section(figures: Figures) -> Iterator[str]:
    known = figures.sections.select("report", "year", "section")
    lost = figures.placements.join(known, on=["report", "year", "section"], how="anti").group_by(
        "report", "year", "section", maintain_order=True
    )
    for (report, year, section), rows in lost:
        there = known.filter(report=str(report), year=str(year))["section"].to_list()
        near = get_close_matches(str(section), there, n=1, cutoff=0.6)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        codes = rows["indicator"].to_list()
        yield (
            f'placements.csv: "{section}", where {_listed(codes)} {"stands" if len(codes) == 1 else "stand"}, '
            f"is not among the sections of {report} in {year}.{hint} Add it to sections.csv, or "
            "correct the name."
        )


def _no_target(figures: Figures) -> Iterator[str]:
    for report, year, codes in _latest_frameworks(figures, (Kind.KPI,)):
        there = set(figures.targets.filter(year=year)["indicator"].to_list())
        lost = [code for code in codes if code not in there]
        if lost:
            yield (
                f"targets.csv: {_listed(lost)} {_have(lost)} no target for {year} ({report}), and "
                "so will not be rated. Enter target and floor, or the status tbc."
            )


def _no_figures(figures: Figures) -> Iterator[str]:
    held = figures.observations
    if held.is_empty():
        yield (
            "observations.csv: there are no figures yet. Enter one row for each indicator and period."
        )
        return
    start = figures.year_start
    years = {text: str(Period.parse(text, start).year) for text in held["period"].unique()}
    dated = held.select("indicator", year=pl.col("period").replace_strict(years, default=""))
    for report, year, codes in _latest_frameworks(figures, (Kind.KPI, Kind.ACTIVITY)):
        own = dated.filter(pl.col("indicator").is_in(codes))
        if own.filter(year=year).is_empty():
            yield (
                f"observations.csv: there are no figures for {year} yet, the latest year of {report}. "
                "Enter one row for each indicator and period."
            )
            continue
        seen = set(own["indicator"].to_list())
        lost = [code for code in codes if code not in seen]
        if lost:
            yield f"observations.csv: {_listed(lost)} {_have(lost)} no figure yet. Enter the first."


def _rules_of_nothing(figures: Figures, rules: Rules) -> Iterator[str]:
    known = figures.indicators["indicator"].unique().to_list()
    for code, _ in rules.own:
        if code not in known:
            near = get_close_matches(code, known, n=1, cutoff=0.4)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            yield (
                f"organisation.toml: [rating.kpi.{code}] names no indicator of indicators.csv.{hint} "
                "Correct the code, or take the rule out."
            )


def _unused_floors(figures: Figures, rules: Rules) -> Iterator[str]:
    floors = figures.targets.filter(pl.col("floor").is_not_null())["indicator"].unique().sort()
    unused = [code for code in floors if rules.rule_of(code).by is not Amber.FLOOR]
    if unused:
        yield (
            f"targets.csv: {_listed(unused)} {_have(unused)} a floor that is not used, because "
            'organisation.toml tells Amber otherwise. Take the floor out, or set amber = "floor".'
        )


def _latest_frameworks(
    figures: Figures, kinds: Sequence[Kind]
) -> Iterator[tuple[str, str, list[str]]]:
    """Of each report the latest year that it has a framework for, and its indicators of a kind."""
    of_kind = figures.indicators.filter(pl.col("kind").cast(pl.String).is_in(list(kinds)))
    codes = of_kind["indicator"].unique().to_list()
    latest = figures.placements.filter(pl.col("year") == pl.col("year").max().over("report"))
    rows = latest.filter(pl.col("indicator").is_in(codes))
    for (report, year), own in rows.group_by("report", "year", maintain_order=True):
        yield str(report), str(year), own["indicator"].to_list()


def _listed(names: Sequence[str]) -> str:
    """`A, B and C`; of many the first few and how many more."""
    first, more = list(names[:_LISTED]), len(names) - _LISTED
    if more > 0:
        return f"{', '.join(first)} and {more} more"
    return " and ".join(part for part in (", ".join(first[:-1]), first[-1]) if part)


def _have(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"


#: What is looked for, in order of what to do next, with the tables that it is told from.
_CHECKS: Mapping[tuple[str, ...], Callable[[Figures], Iterator[str]]] = {
    ("reports",): _no_report,
    ("sections",): _no_section,
    ("indicators",): _no_indicator,
    ("indicators", "placements"): _placed_nowhere,
    ("placements", "sections"): _no_such_section,
    ("indicators", "placements", "targets"): _no_target,
    ("indicators", "placements", "observations"): _no_figures,
}
