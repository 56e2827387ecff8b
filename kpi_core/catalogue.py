"""Everything that can be looked at over time, each under a key, and the search among it in plain words.

A key names a whole indicator (`CS07`), a part of one (`CS08/service=Libraries`) or the same measure
elsewhere (`CS07@England`). It stands in addresses, so a comparison can be sent as a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from urllib.parse import unquote

import polars as pl

from kpi_core import registry
from kpi_core.figures import Figures
from kpi_core.periods import Period
from kpi_core.words import FigureBasis, Kind

#: Figures that a series needs to be worth offering.
_FEWEST = 2
#: How like a word must be to one that is known to stand for it.
_LIKE = 0.78
#: Words up to this length keep their s.
_SHORT = 3
#: Words that say nothing about what is looked for.
_COMMON = frozenset(
    ["a", "an", "and", "are", "as", "at", "by", "do", "does", "for", "from", "had", "has", "have", "how", "i", "in", "is", "it", "many", "me", "move", "much", "not", "number", "of", "on", "or", "our", "per", "percent", "percentage", "rate", "that", "the", "their", "them", "they", "to", "together", "us", "was", "we", "were", "what", "which", "with", "within", "work", "you"]
)  # fmt: skip


def catalogue(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """What can be compared in a report of a period: those with at least two figures.

    Returns, in the report's order, the whole before its parts and the places elsewhere: key, indicator, name
    (of the indicator), label (with the part or area), section, directorate, unit String, decimals
    Int32, kind String (kpi, activity, table), of String (whole, part, elsewhere), breakdown, item, area String.
    """
    placed = _placed(figures, report, at).with_columns(place=pl.int_range(pl.len()))
    counted = (
        figures.observations.filter(
            (pl.col("basis").cast(pl.String) == FigureBasis.PERIOD)
            & (pl.col("value").is_not_null() | pl.col("numerator").is_not_null())
        )
        .group_by("indicator", "breakdown", "item", maintain_order=True)
        .len()
        .filter(pl.col("len") >= _FEWEST)
        .select("indicator", "breakdown", "item", area=pl.lit(""))
    )
    elsewhere = (
        figures.benchmarks.group_by("indicator", "breakdown", "item", "area", maintain_order=True)
        .len()
        .filter(pl.col("len") >= _FEWEST)
        .select("indicator", "breakdown", "item", "area")
    )
    part = pl.when(pl.col("item") != "").then(pl.format("/{}={}", "breakdown", "item"))
    area = pl.when(pl.col("area") != "").then(pl.format("@{}", "area"))
    beside = pl.concat_str(
        pl.when(pl.col("item") != "").then(pl.format(", {}", "item")).otherwise(pl.lit("")),
        pl.when(pl.col("area") != "").then(pl.format(" ({})", "area")).otherwise(pl.lit("")),
    )
    return (
        pl.concat([counted, elsewhere])
        .join(placed, on="indicator", how="inner", maintain_order="left")
        .with_columns(
            key=pl.concat_str("indicator", part.fill_null(""), area.fill_null("")),
            label=pl.concat_str("name", beside),
            of=pl.when(pl.col("area") != "")
            .then(pl.lit("elsewhere"))
            .when(pl.col("item") != "")
            .then(pl.lit("part"))
            .otherwise(pl.lit("whole")),
            kind=pl.col("kind").cast(pl.String),
        )
        .sort("place", "area", "breakdown", "item", maintain_order=True)
        .select(
            "key", "indicator", "name", "label", "section", "directorate", "unit", "decimals",
            "kind", "of", "breakdown", "item", "area", "description",
        )
    )  # fmt: skip


def indicators(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """The KPIs and activity indicators of a report in a period, to be searched, few figures or none.

    Returns, in the report's order: indicator, label, section, directorate, description, of String.
    """
    return (
        _placed(figures, report, at)
        .filter(pl.col("kind").cast(pl.String) != Kind.TABLE)
        .select(
            "indicator", "section", "directorate", "description", label="name", of=pl.lit("whole")
        )
    )


def _placed(figures: Figures, report: str, at: Period) -> pl.DataFrame:
    """What registry.placed gives, with the directorate of each section."""
    sections = figures.sections.filter(
        (pl.col("report") == report) & (pl.col("year") == str(at.year))
    ).select("section", "directorate")
    return (
        registry.placed(figures, report, at)
        .join(sections, on="section", how="left", maintain_order="left")
        .with_columns(pl.col("directorate").fill_null(""))
    )


def joined(keys: Iterable[str]) -> str:
    """Keys as one text of an address: `CS07,CS08/service=Libraries`. See `apart`."""
    return ",".join(key.replace("%", "%25").replace(",", "%2C") for key in keys)


def apart(text: str) -> list[str]:
    """The keys that `joined` made one text of, or that somebody typed; each once."""
    return list(dict.fromkeys(unquote(key.strip()) for key in text.split(",") if key.strip()))


def search(known: pl.DataFrame, wanted: str) -> pl.DataFrame:
    """The rows of a catalogue that plain words mean, the likeliest first: `potholes`.

    A word counts when a word of the label (3), the description (2), the section or directorate (1)
    begins with it, or it with that; a misspelt one for the nearest that is known. A code counts as
    itself. Rows that lack a word altogether come after those that have all. Nothing wanted gives
    every row.
    """
    words = [word for word in _words(wanted) if word not in _COMMON] or _words(wanted)
    if not words:
        return known
    rows = [
        [(3, _words(f"{row['label']} {row['indicator']}")), (2, _words(row["description"])),
         (1, _words(f"{row['section']} {row['directorate']}"))]
        for row in known.iter_rows(named=True)
    ]  # fmt: skip
    vocabulary = {word for row in rows for _, texts in row for word in texts}
    meant = [_known_word(word, vocabulary) for word in words]
    scores = []
    for row in rows:
        best = [max((w for w, texts in row if _among(word, texts)), default=0) for word in meant]
        scores.append((sum(score > 0 for score in best), sum(best)))
    return (
        known.with_columns(
            have=pl.Series([have for have, _ in scores], dtype=pl.Int32),
            score=pl.Series([score for _, score in scores], dtype=pl.Int32),
        )
        .filter(pl.col("have") > 0)
        .filter(pl.col("have") == pl.col("have").max())
        .sort("score", pl.col("of") == "whole", descending=True, maintain_order=True)
        .drop("have", "score")
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))


def _known_word(word: str, vocabulary: set[str]) -> str:
    """The word itself where any text has it, else the nearest that one has."""
    if _among(word, vocabulary):
        return word
    near = get_close_matches(word, sorted(vocabulary), n=1, cutoff=_LIKE)
    return near[0] if near else word


def _stem(word: str) -> str:
    """The word in its singular, as far as an s makes the plural; `gas` is none."""
    return word.removesuffix("s") if len(word) > _SHORT else word


def _among(word: str, texts: list[str] | set[str]) -> bool:
    """Whether a text has the word, in singular or plural, or as its beginning."""
    stem = _stem(word)
    return any(text.startswith(stem) or _stem(text) == stem for text in texts)
