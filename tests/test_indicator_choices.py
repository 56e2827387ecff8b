"""What a reader can choose on an indicator's page: how far to look back, what makes the limits. And
what the figures themselves choose to show: their seasons, and what was replaced.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import polars as pl
import pytest

from kpi_core import control, pictures, robust, settings, spc, versions, views
from kpi_core.charts import WIDE
from kpi_core.figures import Figures
from kpi_core.palette import LIGHT
from kpi_core.periods import Period
from kpi_core.store import Store
from tests.councils import csv_bytes, figure, write_council
from tests.test_depth import Open, council, opened, quarters
from tests.test_pages import FILES, open_page, shown

__all__ = ["opened"]  # a fixture

Q2 = Period.parse("2024/25 Q2")
RNG = np.random.default_rng(20)
#: Twenty-four quarters that fall, then rise; a tenth of a point each.
WAVE = [f"{90 - 12 * abs(place - 12) / 12 + RNG.normal(0, 1):.1f}" for place in range(24)]
#: Twelve that stand still, then twelve ten points higher.
STEP = [f"{70 + 10 * (place >= 12) + (-1) ** place:.1f}" for place in range(24)]
#: Six years in which the third quarter is always five points higher.
SEASON = [f"{80 + 5 * (place % 4 == 2) + RNG.normal(0, 0.6):.1f}" for place in range(24)]


def built(folder: Path, values: list[str], **definition: str) -> Store:
    rows = council(values, **({"decimals": "1"} | definition))
    store = Store(write_council(folder / "testshire", rows), folder / "var")
    store.refresh()
    return store


def view(figures: Figures, window: int | None = None) -> views.IndicatorView:
    return views.indicator(figures, "qpr", Q2, "CALLS", window)


# How far to look back


@pytest.mark.parametrize("window", [6, 8, 20, 24])
def test_a_line_over_another_window_is_that_of_statsmodels(tmp_path: Path, window: int) -> None:
    import statsmodels.api as sm

    found = view(built(tmp_path, WAVE).figures(), window)
    y = np.array([float(value) for value in WAVE[-window:]])
    x = sm.add_constant(np.arange(window, dtype=float))
    fitted = sm.OLS(y, x).fit()
    tests = views.telling(found).tests
    assert tests is not None
    assert tests.slope == pytest.approx(fitted.params[1], rel=1e-9)
    assert tests.p == pytest.approx(fitted.pvalues[1], rel=1e-9)
    band = fitted.get_prediction(x).conf_int(alpha=0.05)
    drawn = found.places.filter(pl.col("fit").is_not_null())
    assert drawn.height == window
    assert drawn["fit_low"].to_list() == pytest.approx(band[:, 0])
    assert drawn["fit_high"].to_list() == pytest.approx(band[:, 1])
    assert tests.mann_kendall == pytest.approx(
        robust.mann_kendall(np.arange(window, dtype=np.float64), np.asarray(y, dtype=np.float64))
    )


def test_another_window_changes_no_direction_of_travel(tmp_path: Path) -> None:
    figures = built(tmp_path, WAVE).figures()
    own, wide = view(figures), view(figures, 24)
    assert own.is_own_window
    assert own.window == 12
    assert not wide.is_own_window
    assert (own.row, own.line) == (wide.row, wide.line)
    assert own.points.height == 12
    assert wide.points.height == 24


def test_figures_from_before_a_new_definition_are_in_no_window(tmp_path: Path) -> None:
    rows = council(WAVE)
    old = next(row for row in rows["indicators"] if row["indicator"] == "CALLS")
    rows["indicators"].append({**old, "from": "2022/23", "lifecycle": "revised"})
    store = Store(write_council(tmp_path / "testshire", rows), tmp_path / "var")
    store.refresh()
    found = view(store.figures(), 24)
    assert found.points.height == 10
    said = pictures.alternative(found.places, "Calls")
    assert (
        "A new definition begins with Q1 2022/23: figures before it measure something else." in said
    )


def test_the_page_says_that_another_window_is_looked_at(opened: Open) -> None:
    plain = opened(council(WAVE, decimals="1")).text
    assert "Regression (the published rule)" in plain
    other = opened(council(WAVE, decimals="1"), window="24").text
    assert "What follows looks back over 24 quarters, as chosen above" in other
    assert "Regression over 24 quarters" in other
    assert "24 points: a change smaller than" in other
    unknown = opened(council(WAVE, decimals="1"), window="7").text
    assert "There is no window “7”" in unknown
    assert "Regression (the published rule)" in unknown


# What makes the limits


def test_limits_begin_anew_where_the_reader_says(tmp_path: Path) -> None:
    figures = built(tmp_path, STEP).figures()
    plain = views.control(view(figures), screened=False)
    anew = views.control(view(figures), screened=False, rebase=quarters(12)[0])
    assert plain.breaks == 0
    assert anew.breaks == 1
    assert plain.stretches.height > 0
    assert anew.stretches.is_empty()
    means = anew.places.unique("stage", maintain_order=True)["mean"].to_list()
    assert means == pytest.approx([70, 80])
    assert anew.rebase == "Q3 2021/22"


def test_limits_are_made_from_a_baseline_and_hold_for_the_rest(tmp_path: Path) -> None:
    figures = built(tmp_path, STEP).figures()
    based = views.control(view(figures), screened=False, baseline=quarters(13)[0])
    assert based.places["mean"].unique().to_list() == pytest.approx([70])
    # Moving ranges of 2 each: 2.66 times that on either side of the mean.
    assert based.places["upper"].unique().to_list() == pytest.approx([70 + 2.66 * 2], abs=0.01)
    above = based.places.filter(pl.col("cause") == spc.Cause.ABOVE)
    assert above.height == 12
    assert based.baseline == "Q2 2021/22"


def test_only_periods_that_leave_enough_figures_are_offered(tmp_path: Path) -> None:
    anew, upto = views.bases(view(built(tmp_path, STEP).figures()))
    assert list(anew) == quarters(24)[1:13]
    assert list(upto) == quarters(24)[11:-1]
    few = views.bases(view(built(tmp_path / "few", STEP[:12]).figures()))
    assert few == ({}, {})


def test_the_page_says_what_was_chosen_and_refuses_what_leaves_too_little(opened: Open) -> None:
    rows = council(STEP, decimals="1")
    said = opened(rows, rebase=quarters(12)[0]).text
    assert "Limits begin anew in Q3 2021/22, as chosen here." in said
    said = opened(rows, baseline=quarters(13)[0]).text
    assert "Figures up to Q2 2021/22 make the limits" in said
    said = opened(rows, rebase=quarters(3)[0]).text
    assert f"There is no rebase “{quarters(3)[0]}”" in said


# New limits that are proposed

LIMITS = ("mean", "lower", "upper")


def drawn(found: views.Control) -> dict[str, dict[str, object]]:
    """The layers of the chart by their names."""
    layers = control.chart(found.places, WIDE, LIGHT).to_dict()["layer"]
    return {layer["name"]: layer["mark"] for layer in layers}


def test_where_the_level_changed_new_limits_are_proposed_beside_those_that_count(
    tmp_path: Path,
) -> None:
    found = views.control(view(built(tmp_path, STEP).figures()), screened=False)
    assert found.proposed == (quarters(12)[0],)
    assert found.proposed_in == "Q3 2021/22"
    # What counts is as it was: one stretch about 75, with special causes on either side.
    assert found.breaks == 0
    assert found.places["mean"].unique().to_list() == pytest.approx([75])
    assert found.stretches.height > 0
    again = found.places.group_by("proposed_stage", maintain_order=True).agg(
        pl.col("proposed_mean", "proposed_upper").first()
    )
    assert again["proposed_mean"].to_list() == pytest.approx([70, 80])
    assert again["proposed_upper"].to_list() == pytest.approx([70 + 2.66 * 2, 80 + 2.66 * 2])


def test_proposed_limits_are_dashed_until_they_are_accepted(tmp_path: Path) -> None:
    figures = built(tmp_path, STEP).figures()
    open_, accepted = (
        views.control(view(figures), screened=False, rebase=rebase)
        for rebase in ("", quarters(12)[0])
    )
    marks = drawn(open_)
    assert not [name for name in LIMITS if "strokeDash" in marks[name]]
    assert all("strokeDash" in marks[f"proposed_{name}"] for name in LIMITS)
    marks = drawn(accepted)
    assert not [name for name in marks if name.startswith("proposed")]
    assert not [name for name in LIMITS if "strokeDash" in marks[name]]
    assert accepted.proposed == ()
    assert accepted.assurance == open_.assurance == "consistently missed"


def test_several_proposed_stretches_are_accepted_together(tmp_path: Path) -> None:
    values = [f"{level + (-1) ** place:.1f}" for level in (60, 70, 80) for place in range(12)]
    figures = built(tmp_path, values).figures()
    proposed = views.control(view(figures), screened=False).proposed
    assert proposed == (quarters(24)[0], quarters(12)[0])
    accepted = views.control(view(figures), screened=False, rebase=",".join(proposed))
    assert accepted.breaks == 2
    assert accepted.proposed == ()
    assert accepted.rebase == "Q3 2018/19 and Q3 2021/22"


@pytest.mark.parametrize("values", [WAVE, [f"{70 + place / 2:.1f}" for place in range(24)]])
def test_a_slow_change_is_no_step(values: list[str], tmp_path: Path) -> None:
    found = views.control(view(built(tmp_path, values).figures()), screened=True)
    assert found.proposed == ()
    assert found.places["proposed_mean"].null_count() == found.places.height


def test_no_assurance_is_given_of_a_process_that_is_not_stable(tmp_path: Path) -> None:
    """Limits of 72 to 90 about a line that rises to 92: 90 is met, and yet the limits say missed."""
    rising = [f"{70 + place:.1f}" for place in range(24)]
    found = views.control(view(built(tmp_path, rising).figures()), screened=True)
    upper = found.places["upper"][-1]
    assert upper < 90  # the target
    assert found.assurance is None
    assert "its direction of travel is improving" in found.unstable
    assert "special causes" in found.unstable


def test_a_figure_that_rounds_to_the_target_is_not_promised_to_miss_it(tmp_path: Path) -> None:
    """An upper limit of 89.6 is below the target, and shown 90 meets it."""
    values = [f"{89 + 0.2 * (place % 2):.1f}" for place in range(16)]
    rounded, exact = (
        views.control(
            view(built(tmp_path / decimals, values, decimals=decimals).figures()), screened=True
        )
        for decimals in ("0", "1")
    )
    assert rounded.places["upper"][-1] == pytest.approx(89.1 + 2.66 * 0.2)
    assert rounded.assurance == "hit and miss"
    assert exact.assurance == "consistently missed"


def test_the_page_proposes_and_its_link_accepts(opened: Open) -> None:
    rows = council(STEP, decimals="1")
    page = opened(rows)
    assert "The figures changed level in Q3 2021/22 and kept to the new level" in page.text
    assert "By the limits proposed from Q3 2021/22: as long as nothing changes" in page.text
    (link,) = [link for link in page.links if "rebase=" in link]
    assert parse_qs(urlsplit(link).query)["rebase"] == [quarters(12)[0]]
    accepted = opened(rows, rebase=quarters(12)[0])
    assert "changed level" not in accepted.text
    assert "Limits begin anew in Q3 2021/22, as chosen here." in accepted.text
    several = ",".join([quarters(24)[0], quarters(12)[0]])
    values = [f"{level + (-1) ** place:.1f}" for level in (60, 70, 80) for place in range(12)]
    said = opened(council(values, decimals="1"), rebase=several).text
    assert "Limits begin anew in Q3 2018/19 and Q3 2021/22, as chosen here." in said


def test_the_page_says_plainly_that_nothing_can_be_promised(opened: Open) -> None:
    rising = opened(council([f"{70 + place:.1f}" for place in range(24)], decimals="1"))
    assert (
        "The process is not stable, so limits give no assurance about the target of 90%"
        in rising.text
    )
    assert "Not stable, no assurance" in rising.texts
    assert "nearly all figures will" not in rising.text
    said = next(text for p in rising.pictures if "XmR" in (text := str(p.get("aria-label"))))
    assert said.endswith("Target 90%: not stable, no assurance.")


# Seasons


def test_seasons_are_those_of_statsmodels(tmp_path: Path) -> None:
    from scipy.stats import kruskal
    from statsmodels.tsa.seasonal import STL

    found = views.seasons(view(built(tmp_path, SEASON).figures()))
    y = np.array([float(value) for value in SEASON])
    fitted = STL(y, period=4, robust=True).fit()
    # The series begins in a third quarter: its last four are Q3, Q4, Q1, Q2.
    third, fourth, first, second = fitted.seasonal[-4:]
    assert found.parts["words"].to_list() == ["Q1", "Q2", "Q3", "Q4"]
    assert found.parts["value"].to_list() == pytest.approx([first, second, third, fourth])
    away = fitted.seasonal + fitted.resid
    p = kruskal(*(away[place::4] for place in range(4))).pvalue
    season = robust.season(y, 4)
    assert season is not None
    assert robust.chance_of_season(season, 4) == pytest.approx(p)
    assert "Q1 is" in found.said
    assert "The figures come and go with the seasons" in found.said


def test_figures_without_seasons_seldom_show_any() -> None:
    rng = np.random.default_rng(5)
    shown = 0
    for _ in range(200):
        season = robust.season(rng.normal(size=24), 4)
        assert season is not None
        shown += robust.chance_of_season(season, 4) < 0.01
    assert shown <= 10  # about two are expected


@pytest.mark.parametrize(
    ("values", "more", "remark"),
    [
        (SEASON[:7], {}, "Seasons need two years of quarters without a gap, which is 8 figures"),
        ([*SEASON[:18], "", *SEASON[18:23]], {}, "the latest unbroken run has 5"),
        (SEASON, {"measure": "rolling_12m"}, "so every season is in each of them"),
        (["80.0"] * 12, {}, "show no season that chance could not have made"),
    ],
)
def test_where_there_are_no_seasons_it_says_why(
    values: list[str], more: dict[str, str], remark: str, tmp_path: Path
) -> None:
    found = views.seasons(view(built(tmp_path, values, **more).figures()))
    assert remark in found.remark


def test_the_page_draws_the_seasons(opened: Open) -> None:
    said = opened(council(SEASON, decimals="1"))
    assert "come and go with the seasons" in said.text
    assert any(
        "the seasons of a year against its run. Q1 " in str(one.get("aria-label"))
        for one in said.pictures
    )


# What was replaced


def test_every_replacement_of_a_figure_is_told_the_latest_first(tmp_path: Path) -> None:
    store = built(tmp_path, WAVE[:10])
    last = quarters(1)[0]
    first = store.commit({"a.csv": csv_bytes("observations", [figure("CALLS", last, "70")])}, "Ann", "one")  # fmt: skip
    store.commit({"b.csv": csv_bytes("observations", [figure("CALLS", last, "71")])}, "Bo", "two")
    store.commit({"c.csv": csv_bytes("observations", [figure("CALLS", last, "71")])}, "Bo", "same")
    found = versions.revisions(store, "CALLS")
    assert found.select("was", "value", "by", "note").rows() == [
        (Decimal(70), Decimal(71), "Bo", "two"),
        (Decimal(WAVE[9]), Decimal(70), "Ann", "one"),
    ]
    assert found["period"].to_list() == [last, last]
    # What was undone was never held.
    store.undo(first.id, "Ann")
    assert versions.revisions(store, "CALLS").select("was", "value").rows() == [
        (Decimal(WAVE[9]), Decimal(71))
    ]


def test_a_change_of_the_folder_below_what_was_loaded_replaces_nothing(tmp_path: Path) -> None:
    store = built(tmp_path, WAVE[:10])
    last = quarters(1)[0]
    store.commit({"a.csv": csv_bytes("observations", [figure("CALLS", last, "70")])}, "Ann", "")
    changed = council([*WAVE[:9], "12.0"], decimals="1")
    write_council(tmp_path / "testshire", changed)
    store.refresh()
    assert versions.revisions(store, "CALLS")["value"].to_list() == [Decimal(70)]


def test_the_page_lists_what_was_replaced(opened: Open, tmp_path: Path) -> None:
    rows = council(WAVE, decimals="1")
    assert "Figures that were replaced" not in opened(rows).text
    name = max((tmp_path / "data").iterdir(), key=lambda folder: int(folder.name.split("-")[1]))
    store = settings.open_store(name.name)
    late = csv_bytes("observations", [figure("CALLS", quarters(1)[0], "70")])
    store.commit({"late.csv": late}, "Ann", "<b>late</b>")
    said = opened_again(name.name)
    assert "Figures that were replaced" in said
    assert f"Q2 2024/25 {WAVE[-1]}% 70.0%" in said
    assert "Ann: <b>late</b>" in said


def opened_again(name: str) -> str:
    chosen = {"organisation": name, "period": "2024/25 Q2", "indicator": "CALLS"}
    return shown(open_page(FILES["indicator"], **chosen)).text
