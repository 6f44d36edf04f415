"""What must be true of every log of a centre with mechanisms beyond a plain queue: each law asserts it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.coded.lines import desks_of
from sim.log.codes import FORCED_HOP, SILENT_LEAVER, UNSEEN
from sim.log.tables import Log
from sim.measures.spans import union
from sim.model import Configuration, Outcome
from sim.model.channels import DeferredChannel, LiveChannel, Queued

from .laws_of_the_log import (
    CARRIED,
    NOTHING,
    customers_are_conserved,
    hours_are_kept,
    journeys,
    journeys_are_whole,
    most_at_once,
    until,
)

Floats = NDArray[np.float64]


def held(log: Log) -> dict[str, NDArray[np.float64]]:
    """Every span of an agent's capacity: of turns, and of contacts that have none; `place` is the contact's row."""
    c, t = log.contacts, log.turns
    alone = np.flatnonzero((c["turns"] == 0) & (c["agent"] >= 0) & ~np.isnan(c["answered"]))
    owner = np.searchsorted(c["entity"], t["entity"]) + t["number"] - 1
    ends = np.concatenate([t["released"], c["released"][alone]])
    return {
        "agent": np.concatenate([t["agent"], c["agent"][alone]]).astype(np.int64),
        "start": np.concatenate([t["taken"], c["answered"][alone]]),
        "end": np.fmin(np.nan_to_num(ends, nan=np.inf), log.stopped),
        "place": np.concatenate([owner, alone]).astype(np.int64),
    }


def turns_fit_their_contacts(log: Log, config: Configuration) -> None:
    """Turns are counted, in order, one after the other (but for wrap-up); the first answer is the contact's."""
    c, t = log.contacts, log.turns
    place = np.searchsorted(c["entity"], t["entity"]) + t["number"] - 1
    assert np.array_equal(np.bincount(place, minlength=c["entity"].size), c["turns"])
    for early, late in (
        ("queued", "taken"),
        ("taken", "answered"),
        ("answered", "ended"),
        ("ended", "released"),
        ("taken", "released"),
    ):
        both = ~np.isnan(t[early]) & ~np.isnan(t[late])
        assert np.all(t[early][both] <= t[late][both])
    assert np.all(t["taken"] >= c["arrived"][place])
    assert np.all(t["attention"] >= -1e-9)
    for i in np.unique(place):
        mine = np.flatnonzero(place == i)
        worked = mine[~np.isnan(t["answered"][mine])]
        assert t["turn"][mine].tolist() == sorted(set(t["turn"][mine].tolist()))
        assert np.all(t["taken"][worked][1:] >= t["ended"][worked][:-1])
        assert t["queued"][mine[0]] == c["arrived"][i] or t["turn"][mine[0]] > 0
        assert np.all(t["queued"][mine][1:] >= t["ended"][mine][:-1])  # with the reply to the answer before
        if worked.size:
            assert c["answered"][i] == t["answered"][worked[0]]
            assert c["agent"][i] == t["agent"][worked[-1]]
        else:
            assert np.isnan(c["answered"][i])


def no_agent_holds_too_much(log: Log, config: Configuration) -> None:
    """Units held never exceed capacity; what is held was taken on duty, by a pool that serves channel and reason."""
    desks, spans, d = desks_of(config), held(log), log.duties
    channel = log.contacts["channel"][spans["place"]]
    reason = log.customers["reason"][np.searchsorted(log.customers["entity"], log.contacts["entity"][spans["place"]])]
    for agent in range(log.agent_pool.size):
        pool = int(log.agent_pool[agent])
        mine, spec = np.flatnonzero(spans["agent"] == agent), config.staffing[log.pools[pool]]
        units = desks.units[pool, channel[mine]]
        assert np.all(units > 0)
        assert not spec.reasons or {log.reasons[r] for r in reason[mine]} <= set(spec.reasons)
        starts, ends = (np.repeat(spans[name][mine], units) for name in ("start", "end"))
        assert most_at_once(starts, ends) <= desks.capacity[pool]
        spells = d["agent"] == agent
        for at in spans["start"][mine].tolist():
            on_duty = (d["start"][spells] <= at) & ((at < d["end"][spells]) | (at == log.stopped))
            assert on_duty.any()


def attention_is_time_busy(log: Log, config: Configuration) -> None:
    """What turns get of an agent's attention adds up to the time in which the agent held any of them."""
    t = log.turns
    if t["entity"].size:
        agent = t["agent"].astype(np.int64)
        start, end, owner = union(t["taken"], np.fmin(np.nan_to_num(t["released"], nan=np.inf), log.stopped), agent)
        busy = np.bincount(owner, end - start, minlength=log.agent_pool.size)
        spent = np.bincount(agent, t["attention"], minlength=log.agent_pool.size)
        assert np.allclose(busy, spent, rtol=1e-9, atol=1e-6)


def first_wait(log: Log, config: Configuration) -> tuple[Floats, Floats]:
    """When each contact joined its line, and when it left it for the first time."""
    c, t = log.contacts, log.turns
    gone = np.minimum(until(log, "answered"), until(log, "ended"))
    keeps = np.array([getattr(config.channels[name], "stale", "") == "answered" for name in log.channels])
    kept = (c["outcome"] == Outcome.UNANSWERED) & keeps[c["channel"]]
    gone = np.where(kept, until(log, "answered"), gone)
    place = np.searchsorted(c["entity"], t["entity"]) + t["number"] - 1
    np.minimum.at(gone, place, t["taken"])
    return c["arrived"], gone


def _takes_until(end: float, starts: Floats, ends: Floats) -> float:
    """Until when an agent of shifts surely took new contacts in a spell that ended at `end`. A spell that ended as the
    last contact in hand was done had a pause due since before; what began last in it is all that is sure."""
    delayed = np.any(np.abs(ends - end) < 1e-9)
    return float(starts[starts < end].max()) if delayed else end


def nobody_waits_in_vain(log: Log, config: Configuration) -> None:
    """No contact waits while an agent on duty who may take it has room, overflow and reserve allowed for."""
    desks, spans, (arrived, gone), d = desks_of(config), held(log), first_wait(log, config), log.duties
    c = log.contacts
    reason = log.customers["reason"][np.searchsorted(log.customers["entity"], c["entity"])]
    seen = (c["flags"] & UNSEEN) == 0
    for agent in range(log.agent_pool.size):
        pool = int(log.agent_pool[agent])
        spec, mine = config.staffing[log.pools[pool]], spans["agent"] == agent
        moments = np.unique(np.concatenate([spans["start"][mine], spans["end"][mine]]))
        taken = desks.units[pool, c["channel"][spans["place"]]]
        load = [taken[mine & (spans["start"] <= m) & (spans["end"] > m)].sum() for m in moments.tolist()]
        edges = np.concatenate([[-np.inf], moments, [np.inf]])
        room = desks.capacity[pool] - np.array([0, *load])
        for number, name in enumerate(log.channels):
            units, channel = int(desks.units[pool, number]), config.channels[name]
            if units == 0 or (spec.reserve and isinstance(channel, DeferredChannel)):
                continue
            able = [not spec.reasons or log.reasons[r] in spec.reasons for r in range(len(log.reasons))]
            waits = np.flatnonzero((c["channel"] == number) & seen & np.array(able)[reason])
            due = arrived[waits] + spec.overflow.get(name, 0.0)
            for start, end in zip(d["start"][d["agent"] == agent], d["end"][d["agent"] == agent], strict=True):
                end = _takes_until(end, spans["start"][mine], spans["end"][mine]) if spec.shifts else end
                for i in np.flatnonzero(room >= units):
                    first, last = max(edges[i], start), min(edges[i + 1], end)
                    assert not np.any(np.minimum(gone[waits], last) - np.maximum(due, first) > 1e-9)


def reserves_are_kept(log: Log, config: Configuration) -> None:
    """Deferred work starts only if enough others are idle then (those whose work ends or begins then may be)."""
    spans, d = held(log), log.duties
    for i in range(spans["agent"].size):
        agent, at = int(spans["agent"][i]), float(spans["start"][i])
        pool = int(log.agent_pool[agent])
        reserve = config.staffing[log.pools[pool]].reserve
        if reserve and isinstance(
            config.channels[log.channels[log.contacts["channel"][spans["place"][i]]]], DeferredChannel
        ):
            there = set(d["agent"][(d["pool"] == pool) & (d["start"] <= at) & (d["end"] >= at)].tolist())
            busy = set(spans["agent"][(spans["start"] < at) & (spans["end"] > at)].tolist())
            assert len(there - busy - {agent}) >= reserve


def lines_and_places_suffice(log: Log, config: Configuration) -> None:
    """Channels that share lines or places have, together, no more contacts than these."""
    c, (arrived, gone) = log.contacts, first_wait(log, config)
    let_in = ~((c["outcome"] == Outcome.BLOCKED) | ((c["outcome"] == Outcome.CLOSED) & (c["ended"] == c["arrived"])))
    groups = [((name,), getattr(spec, "lines", None), getattr(spec, "places", None))
              for name, spec in config.channels.items() if isinstance(spec, LiveChannel)]  # fmt: skip
    groups += [(group.channels, group.lines, group.places) for group in config.routing.line_groups.values()]
    for names, lines, places in groups:
        mine = let_in & np.isin(c["channel"], [log.channels.index(name) for name in names])
        live = mine & np.isin(
            c["channel"], [i for i, n in enumerate(log.channels) if config.channels[n].kind == "live"]
        )
        if lines is not None:
            assert most_at_once(c["arrived"][mine], until(log, "ended")[mine]) <= lines
        if places is not None:
            assert most_at_once(arrived[live], gone[live]) <= places


def flags_have_their_cause(log: Log, config: Configuration) -> None:
    """Forced hops, unseen contacts and silent leavers occur where they are configured, and look as they must."""
    c = log.contacts
    for number, name in enumerate(log.channels):
        spec, mine = config.channels[name], c["channel"] == number
        forced, unseen, silent = (mine & (c["flags"] & flag > 0) for flag in (FORCED_HOP, UNSEEN, SILENT_LEAVER))
        pushed = forced & (c["outcome"] == Outcome.FAILED)
        assert not np.any(pushed) or (isinstance(spec, Queued) and spec.deflection and spec.deflection.share > 0)
        timed_out = mine & (c["outcome"] == Outcome.TIMED_OUT)
        assert np.array_equal(forced & ~pushed, timed_out)
        assert not np.any(timed_out) or (isinstance(spec, LiveChannel) and spec.queue_timeout is not None)
        assert not np.any(unseen) or (isinstance(spec, DeferredChannel) and spec.seen < 1)
        assert np.all(np.isnan(c["answered"][unseen]))
        assert np.all(np.isin(c["outcome"][unseen], (Outcome.UNANSWERED, Outcome.OPEN)))
        assert not np.any(silent) or (isinstance(spec, LiveChannel) and spec.silent.share > 0)
        assert np.all(c["outcome"][silent] == Outcome.ABANDONED)


def context_is_held_by_the_answered(log: Log, config: Configuration) -> None:
    """Something can be carried or lost exactly after a contact that was answered before it ended, or that had it."""
    c = log.contacts
    told = c["answered"] <= c["ended"]
    for _, mine in journeys(log):
        for i in range(mine.start + 1, mine.stop):
            assert (c["context"][i] != NOTHING) == bool(told[i - 1] or c["context"][i - 1] == CARRIED)


def open_means_not_ended(log: Log, config: Configuration) -> None:
    """A contact is open exactly as long as it has no end; no time lies beyond the stop."""
    c = log.contacts
    assert np.array_equal(c["outcome"] == Outcome.OPEN, np.isnan(c["ended"]))
    for name in ("arrived", "answered", "ended"):
        assert np.all(~(c[name] > log.stopped))
    assert np.all(log.wait >= 0)


LAWS = (
    customers_are_conserved, journeys_are_whole, hours_are_kept, turns_fit_their_contacts, no_agent_holds_too_much,
    attention_is_time_busy, nobody_waits_in_vain, reserves_are_kept, lines_and_places_suffice, flags_have_their_cause,
    context_is_held_by_the_answered, open_means_not_ended,
)  # fmt: skip
