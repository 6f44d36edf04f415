"""A real bank's call centre: fit on one month, predict the other, printed beside what was recorded.

`outputs/gallery/bank_1999.csv` holds the result by month and hour. The records lie beside the project on a developer's
machine only (Anonymous Bank, 1999; Guedj and Mandelbaum, Technion); without them the test is skipped. Nothing is tuned:
what is asserted is the distance that the README states. Run with `python -m pytest -m slow tests/published -n 0`.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

import sim
from sim.calibration.compared import by_hour, interval_sums
from sim.calibration.own_centre import OwnCentre

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
INTERVALS, CALLS = DATA / "bank_intervals_1999_jan_feb.csv", DATA / "bank_calls_1999_jan_feb.csv.gz"
REPLICATIONS = 8  # seed 1, declared before the first run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not INTERVALS.exists() or not CALLS.exists(), reason="the bank's records are not on this machine"
    ),
]


def recorded_waits() -> dict[tuple[str, str], float]:
    """Mean wait of served calls, s, by (month, hour): agent-stage calls without type IN in the half-hours of the
    file."""
    with INTERVALS.open(encoding="utf-8") as file:
        known = {row["start"] for row in csv.DictReader(file)}
    calls: Counter[tuple[str, str]] = Counter()
    waited: Counter[tuple[str, str]] = Counter()
    with gzip.open(CALLS, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            arrival = dt.datetime.fromisoformat(row["arrival"])
            half_hour = arrival.replace(minute=arrival.minute // 30 * 30, second=0)
            if row["outcome"] != "AGENT" or row["type"] == "IN" or str(half_hour) not in known:
                continue
            for hour in (f"{arrival.hour:02d}", "all"):
                calls[str(arrival)[:7], hour] += 1
                waited[str(arrival)[:7], hour] += int(float(row["queue_s"] or 0))
    return {key: waited[key] / count for key, count in calls.items()}


def predicted(fit: str, predict: str) -> list[dict[str, object]]:
    """By hour of the predicted month, with what was fitted on the other."""
    overrides = ["centre=phone_with_ivr", f"data.intervals={INTERVALS}", f"data.fit={fit}", f"data.predict={predict}",
                 "data.infeasible=nearest", f"run.replications={REPLICATIONS}"]  # fmt: skip
    own = OwnCentre(sim.load(overrides))
    config = own.configuration()
    results = sim.replicate(config, extra=partial(interval_sums, interval=float(own.table.interval)))
    return by_hour(own.table, config, [each for each in results.extras if each is not None])


def test_each_month_predicted_from_the_other() -> None:
    waits = recorded_waits()
    rows = []
    for fit, predict in (("1999-01", "1999-02"), ("1999-02", "1999-01")):
        for row in predicted(fit, predict):
            recorded = waits.get((str(row["month"]), str(row["hour"])))
            rows.append({"fitted_on": fit} | row | {"wait_s": None if recorded is None else round(recorded, 1)})
    with (ROOT / "outputs" / "gallery" / "bank_1999.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    whole = {str(row["month"]): row for row in rows if row["hour"] == "all"}
    for month, within in (("1999-02", 2.0), ("1999-01", 8.0)):
        distance = float(whole[month]["abandoned_pct_simulated"]) - float(whole[month]["abandoned_pct"])  # type: ignore[arg-type]
        assert abs(distance) < within, f"{month}: {distance:+.1f} points"
