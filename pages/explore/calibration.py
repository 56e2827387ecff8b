"""How good the forecasts of year ends were: each made again from the past, and held against what came."""

from __future__ import annotations

from pages.explore import calibration_html
from pages.shared import asked, downloads, look, selection

chosen = selection.current()
texts = asked.also("by")
look.show(calibration_html.top(chosen))
if calibration_html.has_any(chosen):
    by = selection.one_of("grouping", texts["by"], calibration_html.WAYS)
    ways = calibration_html.WAYS
    asked.box("Show the scores by", "by", list(ways), by, ways.__getitem__)
    look.show(calibration_html.scores(chosen, by))
    downloads.table(
        calibration_html.table(chosen, by),
        chosen,
        f"forecasts-by-{by}",
        "Download these scores as CSV",
    )
    downloads.table(
        calibration_html.forecasts(chosen), chosen, "forecasts", "Download every forecast as CSV"
    )
    if calibration_html.has_picture(chosen):
        downloads.picture(lambda: calibration_html.sheet(chosen), chosen, "forecasts")
