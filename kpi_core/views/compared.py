"""Indicators compared: keys of the catalogue and a stretch of time in, all that the page shows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from kpi_core import catalogue, compare, display, lines
from kpi_core.figures import Figures
from kpi_core.gathered import gathered
from kpi_core.periods import Period
from kpi_core.views.head import Page, page
from kpi_core.wording import Wording

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWX"
#: Decimals of a share of the start, where it is downloaded.
_INDEX_PLACES = 2


@dataclass(frozen=True)
class Together:
    """What is compared, and its figures."""

    page: Page
    chosen: pl.DataFrame  #: rows of the catalogue with letter and place Int32, as asked for
    #: see gathered, of the stretch asked for; with letter, place, unit String, decimals Int32, y
    #: Float64 (the figure) and text (as it reads)
    points: pl.DataFrame
    periods: tuple[Period, ...]  #: that the stretch can begin and end with, oldest first
    stretch: tuple[Period, ...]  #: the periods of the stretch asked for

    @property
    def names(self) -> dict[str, str]:
        """What each letter stands for."""
        return dict(self.chosen.select("letter", "label").iter_rows())

    @property
    def unit(self) -> str | None:
        """The unit that all have in common; none where they have several."""
        units = self.chosen["unit"].unique().to_list()
        return units[0] if len(units) == 1 else None

    @property
    def has_figures(self) -> bool:
        """Whether there is any figure in the stretch asked for."""
        return bool(self.points["value"].is_not_null().any())


@dataclass(frozen=True)
class Ready:
    """A comparison to begin with."""

    title: str
    words: str  #: what it shows
    keys: tuple[str, ...]
    section: str
    view: str = "side"  #: as in the page's address
    scale: str = "index"


def ready(known: pl.DataFrame) -> list[Ready]:
    """Comparisons to begin with, as the catalogue itself suggests them; of several sections if it can.

    The same measure here and elsewhere, a whole and its parts, the KPIs of a section, and an activity
    against a KPI; none that the catalogue cannot fill.
    """
    found: list[Ready] = []
    if one := _first(known, "elsewhere", found):
        found.append(
            replace(one, words="Here and elsewhere, in one chart", view="together", scale="values")
        )
    if one := _first(known, "part", found):
        found.append(replace(one, words="The whole and its parts, side by side"))
    wholes = known.filter(of="whole")
    for section, rows in _sections(wholes, found):
        kpis = rows.filter(kind="kpi")["key"].head(lines.MOST).to_list()
        if len(kpis) > 1:
            found.append(Ready(section, "Its KPIs, side by side", tuple(kpis), section))
            break
    for section, rows in _sections(wholes, found):
        two = pl.concat(rows.filter(kind=kind).head(1) for kind in ("activity", "kpi"))
        if two.height > 1:
            names = " and ".join(f"“{name}”" for name in two["name"])
            found.append(
                Ready(section, f"Do {names} go together?", tuple(two["key"]), section, "against")
            )
            break
    return found


def _sections(rows: pl.DataFrame, found: Sequence[Ready]) -> list[tuple[str, pl.DataFrame]]:
    """The rows by section in their order, sections that have been drawn on last."""
    held = [(str(name), own) for (name,), own in rows.group_by("section", maintain_order=True)]
    used = {one.section for one in found}
    return sorted(held, key=lambda one: one[0] in used)


def _first(known: pl.DataFrame, of: str, found: Sequence[Ready]) -> Ready | None:
    """The first whole that has parts, or the same elsewhere, with a few of them."""
    for section, rows in _sections(known, found):
        for whole in rows.filter(of="whole").iter_rows(named=True):
            keys = with_own(rows, whole["indicator"], of)
            if len(keys) > 1:
                return Ready(whole["name"], "", keys, section)
    return None


def with_own(known: pl.DataFrame, indicator: str, of: str = "part") -> tuple[str, ...]:
    """The key of an indicator, and of its first parts or of the same elsewhere, as one chart holds.

    None where the catalogue does not have the whole.
    """
    rows = known.filter(indicator=indicator)
    own = rows.filter(of=of)
    own = own.filter(pl.col("breakdown") == pl.col("breakdown").first())
    whole = rows.filter(of="whole")["key"].to_list()
    return (*whole, *own["key"].head(lines.MOST - 1)) if whole else ()


def together(
    figures: Figures,
    report: str,
    at: Period,
    keys: Sequence[str],
    *,
    first: str = "",
    last: str = "",
) -> Together:
    """The figures of the keys from one period to another; keys that the catalogue does not have, and
    more than there are letters, are left out.
    """
    listed = catalogue.catalogue(figures, report, at)
    asked = pl.DataFrame({"key": list(dict.fromkeys(keys))}, schema={"key": pl.String})
    known = asked.join(listed, on="key", how="inner", maintain_order="left")
    chosen = known.head(len(LETTERS)).with_columns(place=pl.int_range(pl.len(), dtype=pl.Int32))
    chosen = chosen.with_columns(letter=pl.Series(list(LETTERS[: chosen.height]), dtype=pl.String))
    points = worded(gathered(figures, report, at, chosen), chosen, figures.organisation.wording)
    periods = _periods(points, at)
    stretch = _stretch(periods, first, last)
    return Together(
        page=page(figures, report, at),
        chosen=chosen,
        points=within(points, stretch),
        periods=periods,
        stretch=stretch,
    )


def worded(points: pl.DataFrame, chosen: pl.DataFrame, wording: Wording) -> pl.DataFrame:
    """What gathered returns with letter, place, unit, decimals, y and text: see Together.points."""
    facts = chosen.select("key", "letter", "place", "unit", "decimals")
    joined = points.join(facts, on="key", how="left", maintain_order="left")
    texts = [
        display.figure(value, unit, decimals, wording)
        for value, unit, decimals in joined.select("value", "unit", "decimals").iter_rows()
    ]
    return joined.with_columns(y=pl.col("unrounded"), text=pl.Series(texts, dtype=pl.String))


def _periods(points: pl.DataFrame, at: Period) -> tuple[Period, ...]:
    """Every period from the first figure to the last, by the frequency that comes most often."""
    if points.is_empty():
        return ()
    frequency = lines.finest(points["frequency"].to_list())
    ends, months = points["end_month"].sort(), frequency.months
    return tuple(
        Period(frequency, end - months, at.year_start)
        for end in range(ends[0], ends[-1] + 1, months)
    )


def _stretch(periods: Sequence[Period], first: str, last: str) -> tuple[Period, ...]:
    """The periods from one to another; where one is not known, from the first or to the last."""
    texts = [str(period) for period in periods]
    start = texts.index(first) if first in texts else 0
    end = texts.index(last) if last in texts else len(texts) - 1
    return tuple(periods[start : end + 1])


def within(points: pl.DataFrame, stretch: Sequence[Period]) -> pl.DataFrame:
    """The points that end within the stretch."""
    if not stretch:
        return points.clear()
    return points.filter(
        pl.col("end_month").is_between(stretch[0].end_month, stretch[-1].end_month)
    )


def indexed(view: Together) -> pl.DataFrame:
    """The points with y as a share of the first period that all have, and text to match.

    Returns the columns of `points` and base (the end_month that is 100, the same for all, or null);
    y null where there is no share.
    """
    shares = compare.indexed(
        view.points.select("letter", series="letter", x="end_month", value="y")
    )
    wording = view.page.wording
    texts = [lines.index_text(share, wording) for share in shares["index"].to_list()]
    return view.points.with_columns(
        y=shares["index"], text=pl.Series(texts, dtype=pl.String), base=shares["base"]
    )


def start(shares: pl.DataFrame) -> str:
    """The period that is 100 in words, `Q1 2020/21 (D: 2020/21)`; empty where there is none.

    Takes what `indexed` returns.
    """
    known = shares.filter((pl.col("end_month") == pl.col("base")) & pl.col("y").is_not_null())
    if known.is_empty():
        return ""
    finest = lines.finest(known["frequency"].to_list())
    usual = known.filter(frequency=str(finest))["words"][0]
    others = known.filter(pl.col("words") != usual).select("letter", "words").iter_rows()
    beside = [f"{letter}: {words}" for letter, words in others]
    return f"{usual} ({', '.join(beside)})" if beside else str(usual)


def table(view: Together, shares: pl.DataFrame | None = None) -> pl.DataFrame:
    """The figures as they are downloaded: one row for each series and period that has one.

    With the shares that `indexed` returns there is a column of these, index, too.
    """
    facts = view.chosen.select(
        "key", "indicator", "label", "section", "directorate", "breakdown", "item", "area"
    )
    points = view.points
    if shares is not None:
        points = points.with_columns(index=shares["y"].round(_INDEX_PLACES))
    return (
        points.filter(pl.col("value").is_not_null())
        .join(facts, on="key", how="left", maintain_order="left")
        .select(*facts.columns, "unit", "period", "value", pl.col("^index$"))
    )
