"""The bank of 1999 call by call: its recorded arrivals replayed in `centre=bank_1999`, beside what was recorded.

Each month is run with the laws, shares of priority and, under `staffing` hours, the agents measured on the *other*
month; nothing is tuned on what is compared. The recorded arrivals already contain redials, so nobody calls again here.
Ways to say who answers, for there is no roster:

- `hours`: effective agents (mean talking while somebody waits) by hour and kind of day, of the other month;
- `days`: effective agents by half-hour of each day itself, as a planner would know the roster of the day;
- `names`: names with a call in each half-hour of the day;
- `present`: agents at work in each half-hour of the day, by their names and the pauses between their calls
  (`bank_records.at_work`), with the wrap-up that agents take while somebody waits;
- `minutes`: as `present`, but minute by minute: agents come and go with the queue, which half-hours hide;
- `skilled`: as `minutes`, and those who answer IN (`IN_NAMES`) take everything else too, as in the record.

In the others IN has an agent of its own. `outputs/gallery/bank_1999_calls.csv` holds the result. The
records lie beside the project on a developer's machine only (data courtesy of Ilan Guedj and Avishai Mandelbaum,
Technion). Run with `python -m pytest -m slow tests/published/test_bank_calls.py -n 0`.
"""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.cli.compose import compose
from sim.log.tables import Log
from sim.measures.window import Facts
from sim.model import Configuration, Outcome
from sim.runs.replicate import gathered
from sim.statistics.estimates import ratio_with_interval

from . import bank_records as bank

REPLICATIONS = 8  # seed 19990101, declared before the first run
SEED = 19990101
STAFFINGS = ("hours", "days", "names", "present", "minutes", "skilled")
BY_MINUTE = ("minutes", "skilled")
IN_NAMES = ("A01", "A06", "A17", "A19", "A26", "A30", "A31")  # of 30, those with 1 % or more of their calls of type IN
GALLERY = bank.ROOT / "outputs" / "gallery" / "bank_1999_calls.csv"
SUMS = ("calls", "abandoned", "wait", "in_20s", "queued", "talk", "served")
MEASURES = {  # name -> numerator, denominator, factor
    "abandoned_pct": ("abandoned", "calls", 100.0), "wait_s": ("wait", "served", 1.0),
    "in_20s_pct": ("in_20s", "calls", 100.0), "queued_pct": ("queued", "calls", 100.0),
    "service_s": ("talk", "served", 1.0),
}  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not bank.CALLS.exists(), reason="the bank's records are not on this machine"),
]


def agents(calls: bank.Calls, staffing: str, month: str) -> dict[str, NDArray[Any]]:
    """Agents of each pool by interval of the record."""
    internet, skilled = calls.type == "IN", np.isin(calls.agent, IN_NAMES)
    interval = bank.MINUTE if staffing in BY_MINUTE else bank.HALF_HOUR
    if staffing == "skilled":
        pools = {"internet": skilled, "phone": ~skilled}
        return {name: bank.at_work(calls, mine, interval) for name, mine in pools.items()}
    if staffing == "hours":
        phone = bank.same_every_week(calls, ~internet, ~internet, other_than(month))
    elif staffing == "days":
        phone = bank.each_day(calls, ~internet, ~internet)
    elif staffing == "names":
        phone = bank.names_seen(calls, ~internet)
    else:
        phone = bank.at_work(calls, ~internet, interval)
    return {"phone": phone, "internet": np.ones(phone.size)}


def other_than(month: str) -> str:
    """The other month."""
    return next(name for name in bank.MONTHS if name != month)


def replay(calls: bank.Calls, staffing: str, month: str) -> Configuration:
    """The bank's centre on the month's recorded arrivals."""
    (first, last), measured = bank.MONTHS[month], calls.of(other_than(month))
    overrides = ["centre=bank_1999", f"run.start={dt.date(1999, 1, 1) + dt.timedelta(days=first)}", "run.warm_up=0"]
    ends = [f"run.measure='{last - first} d'", "run.end=drain", f"run.replications={REPLICATIONS}", f"run.seed={SEED}"]
    mapping = compose([*overrides, *ends])
    phone = mapping["channels"]["phone"] | {"hours": "always", "reopen": 0.0, "failure": 0.0}
    phone["by_reason"] = bank.laws(measured)
    phone |= phone["by_reason"]["PS"]
    if staffing in ("present", *BY_MINUTE):
        phone["wrap_up"] = bank.wrap_up(measured)
    mapping["channels"]["phone"] = phone
    mapping["journeys"]["rows"]["phone"] = {"any": {"to": {"give_up": 1.0}}}  # redials are among the arrivals
    mapping["demand"] = {"scale": 1.0, "streams": streams(calls.of(month), bank.priority_shares(measured), first)}
    for name, counts in agents(calls, staffing, month).items():
        interval = bank.SECONDS // counts.size
        inside = counts[first * bank.DAY // interval : last * bank.DAY // interval].tolist()
        pool = {"agents": 0.0, "counts": {"interval": f"{interval} s", "values": inside}}
        mapping["staffing"][name] |= pool | ({"reasons": []} if (staffing, name) == ("skilled", "internet") else {})
    return Configuration.from_mapping(mapping)


def streams(calls: bank.Calls, priority: dict[str, float], first: int) -> dict[str, Any]:
    """A stream of recorded times for each type; who has priority is drawn, as it is recorded only for who queued."""
    found = {}
    for name in bank.TYPES:
        share = priority.get(name, 0.0)
        segments = {name: 1 - share} | ({f"{name}_priority": share} if share else {})
        times = calls.joined[calls.type == name] - first * bank.DAY
        found[name] = {"times": times.tolist(), "segments": segments}
    return found


def table(hour: NDArray[Any], kind: NDArray[Any], columns: list[NDArray[Any]]) -> NDArray[np.float64]:
    """(hours, types, SUMS): sums over calls."""
    cell = hour.astype(np.int64) * len(bank.TYPES) + kind
    sums = [np.bincount(cell, weights=column, minlength=24 * len(bank.TYPES)) for column in columns]
    return np.stack(sums, axis=-1).reshape(24, len(bank.TYPES), len(SUMS))


def recorded(calls: bank.Calls) -> NDArray[np.float64]:
    """The table of the record."""
    kind = np.array([bank.TYPES.index(name) for name in calls.type])
    served = calls.served.astype(float)
    columns = [np.ones(kind.size), 1 - served, calls.wait * served, (calls.wait <= 20) * served, calls.wait > 0,
               calls.talk * served, served]  # fmt: skip
    return table(calls.joined % bank.DAY // 3600, kind, columns)


def simulated(log: Log, config: Configuration) -> NDArray[np.float64]:
    """The table of one replication; waits under half a second did not happen for a switch that counts seconds."""
    facts = Facts(log, config)
    customer = np.searchsorted(log.customers["entity"], facts.of("entity"))
    to_type = np.array([bank.TYPES.index(name) for name in log.reasons])
    served, wait = facts.served, facts.wait
    columns = [np.ones(served.size), facts.ended_as(Outcome.ABANDONED), wait * served, (wait <= 20.5) * served,
               wait > 0.5, facts.talk, served]  # fmt: skip
    return table(facts.arrived % bank.DAY // 3600, to_type[log.customers["reason"][customer]], columns)


def rows(staffing: str, month: str, record: NDArray[Any], runs: NDArray[Any]) -> list[dict[str, object]]:
    """Recorded and simulated: all calls, by hour, by type."""
    found = []
    slices = [("all", "all", np.s_[:, :])] + [(f"{h:02d}", "all", np.s_[h : h + 1, :]) for h in range(24)]
    slices += [("all", name, np.s_[:, i : i + 1]) for i, name in enumerate(bank.TYPES)]
    for hour, name, part in slices:
        theirs = record[part].sum(axis=(0, 1))
        mine = np.array([each[part].sum(axis=(0, 1)) for each in runs])
        if theirs[0] < 100:  # too few calls to be a share of
            continue
        row: dict[str, object] = {"staffing": staffing, "month": month, "hour": hour, "type": name}
        row["calls"] = int(theirs[0])
        for measure, (top, bottom, factor) in MEASURES.items():
            a, b = SUMS.index(top), SUMS.index(bottom)
            mean, half = ratio_with_interval(mine[:, a : a + 1], mine[:, b : b + 1], 0.95)
            row[measure] = round(factor * theirs[a] / theirs[b], 1)
            row[f"{measure}_simulated"] = round(factor * float(mean[0]), 1)
            row[f"{measure}_half_width"] = round(factor * float(half[0]), 1)
        found.append(row)
    return found


def test_the_recorded_arrivals_replayed() -> None:
    calls, written = bank.read_calls(), []
    for staffing in STAFFINGS:
        for month in bank.MONTHS:
            config = replay(calls, staffing, month)
            runs = np.array(gathered(config, simulated))
            record = recorded(calls.of(month))
            assert np.array_equal(runs[:, :, :, 0], np.broadcast_to(record[:, :, 0], runs.shape[:-1]))
            written += rows(staffing, month, record, runs)
    today = {"replications": REPLICATIONS, "seed": SEED, "date": dt.date.today().isoformat()}
    with GALLERY.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*written[0], *today])
        writer.writeheader()
        writer.writerows([row | today for row in written])
    for staffing, month, within in (("minutes", "1999-01", 1.5), ("minutes", "1999-02", 2.5)):
        distance = off(written, staffing, month, "all")
        assert abs(distance) < within, f"{staffing}, {month}: {distance:+.1f} points"
    for month in bank.MONTHS:  # IN has no pool of its own in these months
        assert abs(off(written, "skilled", month, "IN")) < abs(off(written, "minutes", month, "IN"))


def off(written: list[dict[str, object]], staffing: str, month: str, name: str) -> float:
    """Points of abandonment, simulated minus recorded, over all hours."""
    key = (staffing, month, "all", name)
    (row,) = (row for row in written if (row["staffing"], row["month"], row["hour"], row["type"]) == key)
    return float(row["abandoned_pct_simulated"]) - float(row["abandoned_pct"])  # type: ignore[arg-type]
