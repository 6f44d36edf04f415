"""A real bank's call centre: fit on one month, predict the other, beside what was recorded and a one-scalar Erlang A.

`outputs/gallery/bank_1999_joint.csv` holds the result by hour, both ways, `bank_1999_distance.csv` how far off each
model is by hour, and the difference with its interval over samples of the predicted month's days. Erlang A, half-hour
by half-hour, has the revealed mean patience of the bank (299 s: all waiting over all abandonments, of both months) and
one factor on the agents of the file, for which it gives the fitted month's abandonment. The records lie beside the
project on a developer's machine only (Anonymous Bank, 1999; Guedj and Mandelbaum, Technion); without them the test is
skipped. Nothing is tuned: what is asserted is the distance that conf/data/README.md states. Run with
`python -m pytest -m slow tests/published/test_bank.py -n 0`.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

import sim
from sim.calibration.compared import ABANDONED, IN_TIME, by_hour, interval_sums
from sim.calibration.fit.erlang import Intervals, intervals_of
from sim.calibration.imported import agents_of
from sim.calibration.intervals.table import IntervalTable
from sim.calibration.own_centre import OwnCentre
from sim.runs.replicate import gathered

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
INTERVALS, CALLS = DATA / "bank_intervals_1999_jan_feb.csv", DATA / "bank_calls_1999_jan_feb.csv.gz"
GALLERY = ROOT / "outputs" / "gallery"
REPLICATIONS = 8  # seed 1, declared before the first run
SAMPLES, SAMPLES_SEED = 4000, 20261127
REVEALED = 299.0
COLUMNS = ("abandoned_pct", "sl_pct")
MODELS = ("simulated", "erlang_a")
MONTHS = (("1999-01", "1999-02"), ("1999-02", "1999-01"))
"""fitted, predicted"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not INTERVALS.exists() or not CALLS.exists(), reason="the bank's records are not on this machine"
    ),
]
Row = dict[str, object]
Counts = dict[tuple[str, str], np.ndarray]
"""by column and source (recorded or a model): contacts, (days with calls, hours)"""


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


def predicted(fit: str, predict: str) -> tuple[list[Row], Counts]:
    """By hour of the predicted month: recorded, simulated, and Erlang A; and the same by day, as counts."""
    words = ["centre=phone", f"data.intervals={INTERVALS}", f"data.fit={fit}", f"data.predict={predict}",
             "run.end=cut", f"run.replications={REPLICATIONS}", "run.workers=1", "engine=auto"]  # fmt: skip
    own = OwnCentre(sim.load(words))
    config = own.as_recorded()
    sums = gathered(config, partial(interval_sums, interval=float(own.table.interval)))
    told = {each.parameter: each.value for each in own.fitted().findings}
    factor = scalar(own)
    fitted = {"fitted_on": fit, "patience_s": round(told["patience"]), "agents_factor": round(told["staffing"], 3),
              "erlang_a_factor": round(factor, 3)}  # fmt: skip
    rows = [fitted | row | erlang(own.table, str(row["hour"]), factor) for row in by_hour(own.table, config, sums)]
    simulated = np.mean(sums, axis=0)[config.open_channels.index("phone")]
    return rows, counts(own.table, simulated, factor)


def counts(table: IntervalTable, simulated: np.ndarray, factor: float) -> Counts:
    """Contacts offered, abandoned and answered in time by day and hour, of the records and of both models."""
    offered = np.nan_to_num(table.offered[0])
    days, known = offered.sum(axis=1) > 0, ~np.isnan(table.offered[0])
    stated = {"abandoned_pct": table.abandoned_pct[0], "sl_pct": table.sl_pct[0]}
    found = {("offered", "recorded"): offered}
    for k, (column, sums) in enumerate(zip(COLUMNS, (ABANDONED, IN_TIME), strict=True)):
        found[column, "recorded"] = offered * np.nan_to_num(stated[column]) / 100
        found[column, "simulated"] = simulated[..., sums] * known
        found[column, "erlang_a"] = offered * erlang_by_interval(table, factor)[..., k]
    return {key: each[days].reshape(days.sum(), 24, -1).sum(axis=2) for key, each in found.items()}


def scalar(own: OwnCentre) -> float:
    """The factor on the file's agents for which Erlang A gives the fitted month's abandonment."""
    table = own.fit_table
    month = intervals_of(own.baseline, table, "phone", table.aht[0], agents_of(table, "phone"))
    return float(brentq(lambda x: month.answers(REVEALED, x)[0] - table.abandoned_share("phone"), 0.5, 2.0))


def intervals_inside(table: IntervalTable, inside: np.ndarray) -> Intervals:
    """Some of the table's intervals, as they are recorded."""
    offered, aht, agents = np.nan_to_num(table.offered[0]), table.aht[0], agents_of(table, "phone")
    handle = np.where(np.isnan(aht), table.weighted_aht("phone"), aht)
    return Intervals(offered[inside] / table.interval, handle[inside], agents[inside], 20.0)


def erlang_by_interval(table: IntervalTable, factor: float) -> np.ndarray:
    """(days, intervals, 2): the shares of Erlang A, abandoned and answered in time."""
    found = np.zeros((*table.offered[0].shape, 2))
    for at in zip(*np.nonzero(np.nan_to_num(table.offered[0]) > 0), strict=True):
        inside = np.zeros(table.offered[0].shape, dtype=bool)
        inside[at] = True
        found[at] = intervals_inside(table, inside).answers(REVEALED, factor)[:2]
    return found


def erlang(table: IntervalTable, hour: str, factor: float) -> Row:
    """What Erlang A gives in an hour of the day, or in all."""
    inside = np.nan_to_num(table.offered[0]) > 0
    if hour != "all":
        inside[:, np.arange(inside.shape[1]) * table.interval // 3600 != int(hour)] = False
    left, in_time, wait = intervals_inside(table, inside).answers(REVEALED, factor)
    return {"abandoned_pct_erlang_a": round(100 * left, 1), "sl_pct_erlang_a": round(100 * in_time, 1),
            "wait_s_erlang_a": round(wait, 1)}  # fmt: skip


def apart(by_day: Counts, column: str, model: str, days: np.ndarray) -> tuple[float, float]:
    """Points by which a model is off on these days: root mean square over the hours, calls as weights, and the mean,
    which is the level of the whole month."""
    offered, true, said = (
        by_day[key][days].sum(axis=0) for key in (("offered", "recorded"), (column, "recorded"), (column, model))
    )
    off, weight = 100 * (said - true) / np.maximum(offered, 1), offered / offered.sum()
    return float(np.sqrt(weight @ off**2)), float(weight @ off)


def distances(fit: str, predict: str, by_day: Counts) -> Iterator[Row]:
    """How far each model is off, and the difference of distances with its 95 % interval: days drawn with replacement,
    the fit as it is."""
    days = np.arange(by_day["offered", "recorded"].shape[0])
    draws = np.random.default_rng(SAMPLES_SEED).choice(days, (SAMPLES, days.size))
    for column in COLUMNS:
        both = {model: apart(by_day, column, model, days) for model in MODELS}
        farther = [
            apart(by_day, column, "simulated", draw)[0] - apart(by_day, column, "erlang_a", draw)[0] for draw in draws
        ]
        low, high = np.quantile(farther, [0.025, 0.975])
        told = {"distance": 0, "level": 1}
        yield {"date": dt.date.today().isoformat(), "fitted": fit, "predicted": predict, "quantity": column} | {
            f"{what}_{model}": round(both[model][k], 2) for what, k in told.items() for model in MODELS
        } | {"farther": round(both["simulated"][0] - both["erlang_a"][0], 2),
             "low": round(float(low), 2), "high": round(float(high), 2)}  # fmt: skip


def test_each_month_predicted_from_the_other_by_hour_beside_erlang_a() -> None:
    """By hour abandonment is no farther off than Erlang A's that the month's days can tell; service level is nearer in
    sum."""
    waits, rows, far = recorded_waits(), [], []
    for fit, predict in MONTHS:
        found, by_day = predicted(fit, predict)
        far += list(distances(fit, predict, by_day))
        for row in found:
            rows.append(
                {"date": dt.date.today().isoformat(), **row, "wait_s": round(waits[predict, str(row["hour"])], 1)}
            )
    write(GALLERY / "bank_1999_joint.csv", rows)
    write(GALLERY / "bank_1999_distance.csv", far)
    for row in far:
        if row["quantity"] == "abandoned_pct":
            assert float(str(row["low"])) <= 0, row
    levels = {model: sum(float(str(row[f"distance_{model}"])) for row in far if row["quantity"] == "sl_pct")
              for model in MODELS}  # fmt: skip
    assert levels["simulated"] < levels["erlang_a"]


def write(path: Path, rows: list[Row]) -> None:
    """A table of the gallery."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
