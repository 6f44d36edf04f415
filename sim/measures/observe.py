"""From the log of one replication to its observations: for each measure a sum and what to divide it by.

Comes in: a log and its configuration. Goes out: `Observations`, small arrays (rows, time columns) that can be sent
between processes, added over pieces of a log, and estimated over replications (`sim.statistics.estimates`).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..log.tables import UNSEEN, Log
from ..model.centre import Configuration
from ..model.outcomes import Outcome
from ..model.units import WEEK
from .catalogue import CONTACT_MEASURES, JOURNEY_MEASURES, QUANTILES
from .feelings import FELT_BY_CONTACTS, FELT_BY_JOURNEYS
from .mechanisms import HANDLED_BY_CONTACTS, HANDLED_BY_JOURNEYS, replied, virtual_wait
from .samples import Samples, samples_of
from .spans import PoolTime
from .window import Facts

Floats = NDArray[np.float64]
YEAR = 365 * 86400.0
ALL = "all"
Key = tuple[str, str]
"""(scope, measure); scopes: channel, centre, pool, journey, segment, reason"""


@dataclass(frozen=True)
class Table:
    """One measure in one scope: numerators and denominators, (rows, columns). Without time columns: one column."""

    rows: tuple[str, ...]
    top: Floats
    bottom: Floats | None
    """None: a total or a value, to be averaged over replications"""
    samples: Samples | None = None
    """of a quantile: what it is a quantile of, by row, to be pooled over replications"""


Observations = dict[Key, Table]


def observe(log: Log, config: Configuration) -> Observations:
    """All measures of one replication."""
    facts = Facts(log, config)
    found: Observations = {}
    _contacts(found, facts)
    _waits(found, facts)
    _journeys(found, facts)
    _reach(found, facts)
    _pools(found, facts)
    return found


def _contacts(found: Observations, facts: Facts) -> None:
    names, columns = facts.log.channels, facts.columns
    kinds = [facts.config.channels[name].kind for name in names]
    for measure in CONTACT_MEASURES + HANDLED_BY_CONTACTS + (FELT_BY_CONTACTS if facts.config.feelings.on else ()):
        rows = tuple(name for name, kind in zip(names, kinds, strict=True) if kind in measure.kinds)
        mine = [i for i, kind in enumerate(kinds) if kind in measure.kinds]
        top = columns.sums(measure.top(facts), facts.channel, len(names), facts.arrived)[mine]
        bottom = None
        if measure.bottom is not None:
            bottom = columns.sums(measure.bottom(facts), facts.channel, len(names), facts.arrived)[mine]
        found["channel", measure.name] = Table(rows, top, bottom)
        if len(mine) == len(names):
            whole = None if bottom is None else bottom.sum(axis=0, keepdims=True)
            found["centre", measure.name] = Table((ALL,), top.sum(axis=0, keepdims=True), whole)


def _waits(found: Observations, facts: Facts) -> None:
    """Quantiles and extremes of waits, and what waits at the end of the window: one value per replication."""
    names, log = facts.log.channels, facts.log
    queued = [i for i, name in enumerate(names) if facts.config.channels[name].kind != "self_service"]
    rows = tuple(names[i] for i in queued)
    served = facts.served > 0
    waits = [facts.wait[served & (facts.channel == i)] for i in queued]
    samples = samples_of(waits)
    for name, share in QUANTILES.items():
        values = [float(np.quantile(wait, share)) if wait.size else np.nan for wait in waits]
        found["channel", name] = Table(rows, np.array(values).reshape(-1, 1), None, samples)
    every = [facts.wait[facts.channel == i] for i in queued]
    longest = [float(wait.max()) if wait.size else np.nan for wait in every]
    found["channel", "longest_wait"] = Table(rows, np.array(longest).reshape(-1, 1), None)
    ended_by_answer = replied(facts)
    virtual = [virtual_wait(facts.wait[here], ended_by_answer[here]) for here in _let_in(facts, queued)]
    found["channel", "virtual_wait"] = Table(rows, np.array(virtual).reshape(-1, 1), None)
    found["channel", "service_level_by_day"] = Table(rows, _by_day(found["channel", "service_level"], facts), None)
    end, contacts = log.window[1], log.contacts
    over = np.fmin(contacts["answered"], contacts["ended"])
    waiting = (contacts["arrived"] < end) & ~(over <= end)
    ages = [(end - contacts["arrived"][waiting & (contacts["channel"] == i)]) for i in queued]
    backlog = np.array([[float(age.size)] for age in ages]).reshape(-1, 1)
    found["channel", "backlog"] = Table(rows, backlog, None)
    found["channel", "backlog_age"] = Table(rows, np.array([[age.sum()] for age in ages]).reshape(-1, 1), backlog)


def _let_in(facts: Facts, channels: list[int]) -> list[NDArray[np.bool_]]:
    """Contacts of each channel that were let in and seen: those that wait."""
    out = facts.ended_as(Outcome.BLOCKED, Outcome.CLOSED, Outcome.BALKED) > 0
    out |= facts.of("flags").astype(int) & UNSEEN > 0
    return [~out & (facts.channel == channel) for channel in channels]


def _by_day(level: Table, facts: Facts) -> Floats:
    """(rows, 1): mean over the days of the window of each day's service level; days without contacts are left out."""
    assert level.bottom is not None
    days = slice(1, 1 + facts.columns.days)
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmean(level.top[:, days] / level.bottom[:, days], axis=1, keepdims=True))


def _journeys(found: Observations, facts: Facts) -> None:
    log = facts.log
    scopes = {
        "journey": ((ALL,), np.zeros(facts.began.size, dtype=np.int64)),
        "segment": (log.segments, facts.journey("segment").astype(np.int64)),
        "reason": (log.reasons, facts.journey("reason").astype(np.int64)),
    }
    for measure in JOURNEY_MEASURES + HANDLED_BY_JOURNEYS + (FELT_BY_JOURNEYS if facts.config.feelings.on else ()):
        top = measure.top(facts)
        bottom = None if measure.bottom is None else measure.bottom(facts)
        for scope, (rows, row) in scopes.items():
            if scope != "journey" and len(rows) < 2:
                continue
            tops = facts.columns.sums(top, row, len(rows), facts.began)
            bottoms = None if bottom is None else facts.columns.sums(bottom, row, len(rows), facts.began)
            found[scope, measure.name] = Table(rows, tops, bottoms)


def _reach(found: Observations, facts: Facts) -> None:
    """Channels seen from journeys: where they begin, whom they reach, where fifth contacts go."""
    names = facts.log.channels
    journeys = np.full((len(names), 1), float(facts.began.size))
    first = np.bincount(facts.journey("channel").astype(np.int64), minlength=len(names)).reshape(-1, 1)
    found["channel", "first"] = Table(names, first.astype(float), journeys)
    reached = (facts.visits > 0).sum(axis=0).reshape(-1, 1).astype(float)
    found["channel", "reached"] = Table(names, reached, journeys)
    found["channel", "reached_at"] = Table(names, facts.first_visits.reshape(-1, 1), reached)
    fifth = facts.theirs("channel")[facts.ends_contact & (facts.contact_number == 5)].astype(np.int64)
    counts = np.bincount(fifth, minlength=len(names)).reshape(-1, 1).astype(float)
    found["channel", "fifth"] = Table(names, counts, np.full((len(names), 1), counts.sum()))


def _pools(found: Observations, facts: Facts) -> None:
    config, pools, time = facts.config, facts.log.pools, PoolTime(facts)
    hours_per_fte = time.weeks * config.economics.hours_per_fte / 3600
    if pools:
        worked = time.busy - time.overtime
        found["pool", "occupancy"] = Table(pools, worked, time.duty)
        found["pool", "concurrency"] = Table(pools, time.held, time.busy)
        found["pool", "utilisation"] = Table(pools, time.busy, time.duty + time.overtime)
        found["pool", "duty_hours"] = Table(pools, time.duty / 3600, None)
        found["pool", "overtime"] = Table(pools, time.overtime / 3600, None)
        for name, seconds in (("net_fte", time.duty), ("scheduled_fte", time.scheduled)):
            found["pool", name] = Table(pools, seconds[:, :1] / 3600 / hours_per_fte, None)
    wages = [pool.wage_per_hour for pool in config.staffing.values()]
    rates = np.array([config.economics.wage_per_hour if wage is None else wage for wage in wages])
    cost = (time.scheduled[:, 0] / 3600) * rates if pools else np.zeros(0)
    if pools:
        found["pool", "cost"] = Table(pools, cost.reshape(-1, 1), None)
    _costs(found, facts, float(cost.sum()), time.weeks)


def _costs(found: Observations, facts: Facts, staff: float, weeks: float) -> None:
    config = facts.config
    integration = integration_cost_per_year(config) * weeks * WEEK / YEAR
    prices = np.array([config.channels[name].cost_per_contact for name in facts.log.channels])
    total = np.array([[staff + integration + float(prices[facts.channel].sum())]])
    resolved = float((facts.journey("end") == 1).sum())
    bottoms = {
        "cost": None,
        "cost_per_contact": facts.served.sum(),
        "cost_per_journey": float(facts.began.size),
        "cost_per_resolution": resolved,
    }
    for name, bottom in bottoms.items():
        found["journey", name] = Table((ALL,), total, None if bottom is None else np.array([[bottom]]))
    found["journey", "integration_cost"] = Table((ALL,), np.array([[integration]]), None)


def integration_cost_per_year(config: Configuration) -> float:
    """Set-up written off plus running, for the mean level over all ordered pairs of different channels."""
    names, integration = config.open_channels, config.integration
    levels = [integration.pairs.get(i, {}).get(j, integration.level) for i in names for j in names if i != j]
    level = float(np.mean(levels)) if levels else 0.0
    cost = integration.cost
    return level * (cost.set_up * YEAR / cost.written_off_over + cost.running_per_year)
