"""Back-tests the outlook on real series: make verify-forecast SOURCE=folder.

SOURCE/ae_attendances.csv has months of breaches by organisation and type of department. Every
forecast one to eight months ahead, of the month itself and of all months until it, is made with what
was known at each past moment. Models, allowance and degrees of freedom in `forecast` were chosen on
every other organisation; the other half, never looked at for that, is what counts: intervals meant to
hold 80% of outcomes must hold 75% to 85%, and pinball loss must be below that of seasonal-naive.
Exit code 1 if not. The chances of Green, Amber and Red are scored (Brier) against a target made up for
each series: no more breaches than in its first year, on average, and a tenth more as the floor.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import attendances
from kpi_core import calibration, forecast, outcomes
from kpi_core.bounded import Scale

AHEAD = (1, 2, 3, 4, 6, 8)
SEASON = 12
COVERAGE = (0.75, 0.85)


def back_test(series: pl.DataFrame) -> pl.DataFrame:
    """All replays of all series that have no gap and are long enough for one."""
    replays = []
    for (name,), rows in series.group_by("indicator", maintain_order=True):
        months = rows["x"].to_numpy()
        if np.ptp(months) + 1 != len(months) or len(months) <= forecast.periods_needed(SEASON, 1):
            continue
        history = forecast.past(rows["breaches"].to_list(), SEASON, max(AHEAD), Scale(0))
        replays += [
            calibration.replayed(
                history, ahead, total=total, aim=first_year(history, ahead if total else 1)
            ).with_columns(indicator=pl.lit(name), total=pl.lit(total))
            for ahead in AHEAD
            for total in (False, True)
            if ahead > 1 or not total
        ]
    return pl.concat(replays)


def first_year(history: forecast.Past, months: int) -> forecast.Aim | None:
    """As many breaches as in the first year, in so many months of it; a tenth more is the floor."""
    target = float(history.values[:SEASON].mean()) * months
    ends = (Decimal(f"{end:.6f}") for end in (target, 1.1 * target))
    return outcomes.aim(None, next(ends), None, next(ends), decimals=0)


def report(name: str, replays: pl.DataFrame) -> bool:
    """Print how one half did; whether it did well enough."""
    series = replays["indicator"].n_unique()
    print(f"{name}: {series} series, {replays.filter(method='chosen').height:,} forecasts")
    print("  method            coverage   pinball     Brier")
    table = {row["method"]: row for row in calibration.scores(replays).iter_rows(named=True)}
    for method, row in table.items():
        print(
            f"  {method:<16} {row['coverage']:>8.1%} {row['pinball']:>10.3f}{row['brier']:>10.3f}"
        )
    print("  months ahead            " + "".join(f"{ahead:>8}" for ahead in AHEAD))
    chosen = replays.filter(method="chosen")
    for total, words in ((False, "coverage, that month"), (True, "coverage, all until it")):
        rows = [calibration.scores(chosen.filter(ahead=ahead, total=total)) for ahead in AHEAD]
        cells = [f"{row['coverage'].item():.1%}" if len(row) else "" for row in rows]
        print(f"  {words:<24}" + "".join(f"{cell:>8}" for cell in cells))
    models = chosen["model"].value_counts(sort=True, normalize=True)
    print("  chosen: " + ", ".join(f"{model} {share:.0%}" for model, share in models.iter_rows()))
    own, other = table["chosen"], table["seasonal-naive"]
    honest = COVERAGE[0] <= own["coverage"] <= COVERAGE[1]
    return bool(honest and own["pinball"] < other["pinball"])


def main() -> int:
    """Print both halves; 0 if the one that was kept back did well enough."""
    series = attendances.read(Path(sys.argv[1]))
    organisations = series["organisation"].unique().sort().to_list()
    for_choices = pl.col("organisation").is_in(organisations[::2])
    report("The half that choices were made on", back_test(series.filter(for_choices)))
    well = report("The half that was kept back", back_test(series.filter(~for_choices)))
    print("Coverage and pinball loss are as they must be" if well else "Not good enough")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
