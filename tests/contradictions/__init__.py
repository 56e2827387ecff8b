"""Two statements about a council that cannot both be true: each pair in a plain sentence.

`told` gathers what the pages of a report say in a period, as values; `contradictions` compares it.
`drawn` reads pages and papers as they are drawn, so that their words are statements as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.contradictions import of_chance, of_figures, of_reports
from tests.contradictions.statements import Activity, Kpi, Told, told

__all__ = ["Told", "contradictions", "told"]

OF_KPIS: tuple[Callable[[Kpi], Iterator[str]], ...] = (
    of_figures.same_everywhere, of_figures.sentence_and_rating, of_figures.basis,
    of_figures.against_the_report_before, of_figures.what_changed, of_figures.previous_figure,
    of_figures.arrow_and_line, of_figures.direction_in_words, of_figures.how_long,
    of_chance.assurance_and_rating, of_chance.assurance_and_direction,
    of_chance.assurance_and_causes, of_chance.limits_in_order, of_chance.assurance_and_chance,
    of_chance.forecast_in_bounds, of_chance.chances_add_up, of_chance.chance_and_centre,
    of_chance.run_rate, of_chance.season_and_arrow,
)  # fmt: skip
OF_ACTIVITIES: tuple[Callable[[Activity], Iterator[str]], ...] = (
    of_figures.same_everywhere, of_figures.alert, of_chance.assurance_and_causes,
    of_chance.limits_in_order, of_chance.forecast_in_bounds,
)  # fmt: skip
OF_REPORTS: tuple[Callable[[Told], Iterator[str]], ...] = (
    of_reports.counts_and_cards, of_reports.headline_and_cards, of_reports.changes_and_cards,
    of_reports.counts_and_changes, of_reports.warnings_and_cards, of_reports.grid_and_cards,
)  # fmt: skip


def contradictions(found: Told) -> list[str]:
    """Each pair of statements that contradict each other, in a sentence that begins with the report,
    and the indicator where it is about one.
    """
    said = [line for rule in OF_REPORTS for line in rule(found)]
    for kpi in found.kpis:
        said += [f"{kpi.code}: {line}" for rule in OF_KPIS for line in rule(kpi)]
    for activity in found.activities:
        said += [f"{activity.code}: {line}" for rule in OF_ACTIVITIES for line in rule(activity)]
    return [f"{found.report} {found.at}: {line}." for line in said]
