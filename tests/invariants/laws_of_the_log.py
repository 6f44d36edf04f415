"""What must be true of every log, whatever the centre: each law is a function that asserts it."""

from __future__ import annotations

from math import ceil, isnan

import numpy as np
from numpy.typing import NDArray

from sim.chance.arrivals import Arrivals
from sim.coded.tables import tables_of
from sim.log.codes import CAME_BACK, FIRST, HOP, PUT_THROUGH
from sim.log.tables import Log
from sim.model import Configuration, End, Outcome
from sim.model.outcomes import POSSIBLE
from sim.model.units import DAY, WEEK
from sim.rules.numbers import REDIAL, REMAINING, TIME_SAVED
from sim.rules.service import plan_service

Floats = NDArray[np.float64]
SERVED = (Outcome.RESOLVED, Outcome.FAILED, Outcome.TRANSFERRED)
TURNED_AWAY = (Outcome.BLOCKED, Outcome.BALKED)
NOTHING, CARRIED, LOST = 0, 1, 2


def until(log: Log, column: str) -> Floats:
    """A time of contacts, or the stop of the run where it did not happen or comes later."""
    return np.fmin(np.nan_to_num(log.contacts[column], nan=np.inf), log.stopped)


def stale(log: Log) -> NDArray[np.bool_]:
    """Contacts whose work stays (or stayed) after their customer moved on."""
    return np.asarray(log.contacts["outcome"] == Outcome.UNANSWERED)


def out_of_line(log: Log, config: Configuration) -> Floats:
    """When each contact left its line: answered, ended (unless the work stays to be answered all the same), or stop."""
    keeps = np.array([getattr(config.channels[name], "stale", "") == "answered" for name in log.channels])
    kept = stale(log) & keeps[log.contacts["channel"]]
    return np.where(kept, until(log, "answered"), np.minimum(until(log, "answered"), until(log, "ended")))


def journeys(log: Log) -> list[tuple[int, slice]]:
    """(row of the customer, rows of their contacts)."""
    entities = log.contacts["entity"]
    first = np.searchsorted(entities, log.customers["entity"])
    last = np.searchsorted(entities, log.customers["entity"], side="right")
    return [(i, slice(a, b)) for i, (a, b) in enumerate(zip(first.tolist(), last.tolist(), strict=True))]


def customers_are_conserved(log: Log, config: Configuration) -> None:
    """Exactly those who arrive are in the log, each once, as they arrived; every contact belongs to one of them."""
    run = config.run
    end = run.warm_up + run.measure
    last = end + run.follow_limit if run.end == "follow" else end
    arrivals = Arrivals(config, log.seed, log.replication)
    days = [arrivals.day(day) for day in range(ceil(last / DAY))]
    names = ("time", "entity", "segment", "reason", "channel")
    table = {name: np.concatenate([getattr(day, name) for day in days]) for name in names}
    came = (table["time"] < last) & (table["time"] <= log.stopped)
    sure = came & (table["time"] < log.stopped)
    logged = log.customers["entity"]
    assert set(table["entity"][sure]) <= set(logged) <= set(table["entity"][came])
    assert np.unique(logged).size == logged.size
    position = {entity: i for i, entity in enumerate(table["entity"].tolist())}
    where = [position[entity] for entity in logged.tolist()]
    assert np.array_equal(table["time"][where], log.customers["arrived"])
    for name in ("segment", "reason", "channel"):
        assert np.array_equal(table[name][where], log.customers[name])
    assert set(log.contacts["entity"]) == set(logged)


def journeys_are_whole(log: Log, config: Configuration) -> None:
    """Contacts are numbered 1..n, follow each other, and lead to the end that the customer has."""
    c, cap = log.contacts, config.journeys.max_contacts
    for i, mine in journeys(log):
        n = mine.stop - mine.start
        assert c["number"][mine].tolist() == list(range(1, n + 1))
        assert log.customers["contacts"][i] == n
        assert c["channel"][mine.start] == log.customers["channel"][i]
        assert c["arrived"][mine.start] == log.customers["arrived"][i]
        assert np.all(c["arrived"][mine][1:] >= c["ended"][mine][:-1])
        came_back = c["outcome"][mine][:-1] == Outcome.RESOLVED
        at_once = c["arrived"][mine][1:] == c["ended"][mine][:-1]
        put_through = (c["outcome"][mine][:-1] == Outcome.TRANSFERRED) & at_once
        then = np.where(came_back, CAME_BACK, np.where(put_through, PUT_THROUGH, HOP))
        assert c["via"][mine].tolist() == [FIRST, *then.tolist()]
        assert all(c["reopens"][mine][:-1][came_back] == 1)
        end, ended = End(int(log.customers["end"][i])), float(log.customers["ended"][i])
        outcome, over = Outcome(int(c["outcome"][mine][-1])), float(c["ended"][mine][-1])
        reopens = c["reopens"][mine][-1]
        assert isnan(ended) == (end == End.OPEN)
        if end == End.RESOLVED:
            assert (outcome, reopens, ended) == (Outcome.RESOLVED, 0, over)
        elif end != End.OPEN:
            assert outcome not in (Outcome.OPEN, Outcome.RESOLVED) or reopens
            assert ended >= over
        assert cap is None or n <= cap
        assert end != End.CAPPED or n == cap
        if outcome == Outcome.OPEN:
            assert end == End.OPEN


def times_are_ordered(log: Log, config: Configuration) -> None:
    """Arrived, answered, ended, released; no negative wait; nothing begins after the run has stopped."""
    c, old = log.contacts, stale(log)
    assert np.all(log.wait >= 0)
    assert np.all(c["arrived"] <= log.stopped)
    for earlier, later in (("arrived", "answered"), ("answered", "ended"), ("arrived", "ended"), ("ended", "released")):
        both = ~np.isnan(c[earlier]) & ~np.isnan(c[later]) & ~(old & (earlier == "answered"))
        assert np.all(c[earlier][both] <= c[later][both])
    for name in ("answered", "ended"):
        assert np.all(~(c[name] > log.stopped))
    assert np.all(log.customers["arrived"] < config.run.warm_up + config.run.measure + config.run.follow_limit)


def outcomes_fit_their_channels(log: Log, config: Configuration) -> None:
    """Each kind of channel has its outcomes, and each outcome its times and agent."""
    c = log.contacts
    for i in range(c["entity"].size):
        channel = config.channels[log.channels[c["channel"][i]]]
        outcome, answered = Outcome(int(c["outcome"][i])), not isnan(c["answered"][i])
        if outcome == Outcome.OPEN:
            assert isnan(c["ended"][i])
            continue
        assert outcome == Outcome.RESOLVED or outcome.name.lower() in POSSIBLE[channel.kind]
        assert not isnan(c["ended"][i])
        if outcome in SERVED:
            assert answered
            assert (c["agent"][i] >= 0) == (channel.kind != "self_service")
        elif outcome in TURNED_AWAY:
            assert not answered
            assert c["ended"][i] == c["arrived"][i]
        elif outcome == Outcome.ABANDONED:
            assert answered == (channel.kind == "self_service")
        if outcome != Outcome.UNANSWERED:  # its work may have been begun, and not be over, when the run stopped
            assert isnan(c["released"][i]) == (c["agent"][i] < 0 or not answered)


def hours_are_kept(log: Log, config: Configuration) -> None:
    """Contacts get in when the channel is open and at no other time; queues are sent away at closing only."""
    c, offset = log.contacts, config.run.start.weekday() * DAY
    for i in range(c["entity"].size):
        channel = config.channels[log.channels[c["channel"][i]]]
        if channel.kind == "deferred":
            continue
        time = (c["arrived"][i] + offset) % WEEK
        is_open = any(start <= time < end for start, end in channel.hours)
        if c["outcome"][i] != Outcome.CLOSED:
            assert is_open
        elif is_open:  # sent away later
            closing = (c["ended"][i] + offset) % WEEK in [end for _, end in channel.hours]
            assert (closing and channel.at_closing == "clear") or c["ended"][i] == log.window[1]
        else:
            assert c["ended"][i] == c["arrived"][i]


def context_is_conserved(log: Log, config: Configuration) -> None:
    """Context is carried or lost exactly where there is something to lose; a sticky loss is for good."""
    c = log.contacts
    served = ~np.isnan(c["answered"]) & ~stale(log)
    for _, mine in journeys(log):
        lost = False
        assert c["context"][mine.start] == NOTHING
        for i in range(mine.start + 1, mine.stop):
            held = served[i - 1] or c["context"][i - 1] == CARRIED
            assert (c["context"][i] != NOTHING) == held
            assert not (lost and config.integration.sticky_loss and c["context"][i] == CARRIED)
            lost = lost or c["context"][i] == LOST


def no_agent_is_over_capacity(log: Log, config: Configuration) -> None:
    """Spans of work of one agent do not overlap, and begin on duty in a pool that serves the channel."""
    c, d = log.contacts, log.duties
    released = until(log, "released")
    spans_of_duty = np.column_stack([d["start"], d["end"], d["released"]])
    for agent in range(log.agent_pool.size):
        mine = np.flatnonzero((c["agent"] == agent) & ~np.isnan(c["answered"]))
        mine = mine[np.lexsort((released[mine], c["answered"][mine]))]
        assert np.all(c["answered"][mine][1:] >= released[mine][:-1])
        pool = config.staffing[log.pools[log.agent_pool[agent]]]
        assert {log.channels[channel] for channel in c["channel"][mine]} <= set(pool.serves)
        spells = np.flatnonzero(d["agent"] == agent)
        assert np.all(d["start"][spells][1:] >= d["end"][spells][:-1])
        for i in mine:
            at, on_duty = float(c["answered"][i]), False
            for start, end, over in spans_of_duty[spells].tolist():
                on_duty = on_duty or start <= c["answered"][i] < end or start <= at == end == log.stopped
                at = max(at, over) if start <= at else at  # a long call may outlast several spells of duty
            assert on_duty
            assert at >= released[i]


def work_is_conserved(log: Log, config: Configuration) -> None:
    """Nobody waits for a moment in which an agent who may take them is on duty and free."""
    c, d = log.contacts, log.duties
    answered, released, gone = until(log, "answered"), until(log, "released"), out_of_line(log, config)
    for agent in range(log.agent_pool.size):
        pool = config.staffing[log.pools[log.agent_pool[agent]]]
        serves = [number for number, name in enumerate(log.channels) if name in pool.serves]
        waits = np.isin(c["channel"], serves) & (gone > c["arrived"])
        mine = np.flatnonzero((c["agent"] == agent) & ~np.isnan(c["answered"]))
        for start, end in zip(d["start"][d["agent"] == agent], d["end"][d["agent"] == agent], strict=True):
            spans = sorted(zip(answered[mine].tolist(), released[mine].tolist(), strict=True))
            free, at = [], start
            for begin, over in spans:
                if over > start and begin < end:
                    free.append((at, begin))
                    at = max(at, over)
            for begin, over in [*free, (at, end)]:
                assert not np.any(waits & (np.minimum(gone, over) - np.maximum(c["arrived"], begin) > 0))


def contacts_are_chosen_rightly(log: Log, config: Configuration) -> None:
    """An agent takes the contact of the lowest rank, then of the highest score, then who waits longest, then by key."""
    c, tables, customers = log.contacts, tables_of(config), log.customers
    position = np.searchsorted(customers["entity"], c["entity"])
    line = tables.desks.line_of[c["channel"], customers["segment"][position], customers["reason"][position], 0]
    gone, base = out_of_line(log, config), tables.desks.line_priority
    ageing = config.routing.ageing_per_minute / 60
    for i in np.flatnonzero(c["answered"] > c["arrived"]):
        now = c["answered"][i]
        serves = config.staffing[log.pools[log.agent_pool[c["agent"][i]]]].serves
        rank = np.array([serves.get(name, 10**9) for name in log.channels])[c["channel"]]
        score = base[line] + ageing * (now - c["arrived"])
        rivals = (c["arrived"] < now) & (gone > now) & (rank < 10**9)
        assert np.all(rank[rivals] >= rank[i])
        rivals &= rank == rank[i]
        assert np.all(score[rivals] <= score[i] + 1e-9)
        rivals &= np.abs(score - score[i]) < 1e-12
        assert np.all(c["arrived"][rivals] >= c["arrived"][i])
        rivals &= (c["arrived"] == c["arrived"][i]) & (line != line[i])
        assert np.all(c["entity"][rivals] >= c["entity"][i])


def agents_are_chosen_rightly(log: Log, config: Configuration) -> None:
    """A contact that is taken at once goes to the first set of pools with a free agent, there to the longest idle."""
    c, d, desks = log.contacts, log.duties, tables_of(config).desks
    tiers, rank = desks.tiers, desks.rank
    released, agents = until(log, "released"), range(log.agent_pool.size)
    worked = [np.flatnonzero((c["agent"] == agent) & ~np.isnan(c["answered"])) for agent in agents]

    def idle_since(agent: int, now: float) -> float:
        """When the agent began to be idle, if before now and until now at least; else infinite."""
        spells = np.flatnonzero((d["agent"] == agent) & (d["start"] < now) & (d["end"] > now))
        mine = worked[agent][c["answered"][worked[agent]] < now]
        last = released[mine].max(initial=-np.inf)
        return max(d["start"][spells[0]], last) if spells.size and last < now else np.inf

    for i in np.flatnonzero((c["answered"] == c["arrived"]) & (c["agent"] >= 0)):
        now, chosen = c["answered"][i], int(c["agent"][i])
        tier_of = {pool: number for number, tier in enumerate(tiers[c["channel"][i]][0]) for pool in tier}
        mine = (tier_of[log.agent_pool[chosen]], idle_since(chosen, now), rank[log.agent_pool[chosen]], chosen)
        for agent in agents:
            pool = log.agent_pool[agent]
            busy_now = np.any(c["answered"][worked[agent]] == now)  # may have been taken just before
            if agent != chosen and pool in tier_of and not busy_now:
                theirs = (tier_of[pool], idle_since(agent, now), rank[pool], agent)
                assert theirs[1] == np.inf or theirs > mine or (mine[1] == np.inf and theirs[0] >= mine[0])


def most_at_once(starts: Floats, ends: Floats) -> int:
    """Most of the spans [start, end) that hold at one time."""
    real = ends > starts
    moments = sorted([(t, 1) for t in starts[real].tolist()] + [(t, -1) for t in ends[real].tolist()])
    level = most = 0
    for _, change in moments:
        level += change
        most = max(most, level)
    return most


def room_is_never_exceeded(log: Log, config: Configuration) -> None:
    """Places hold who waits, lines who waits or talks, ports who has a session."""
    c, answered, ended = log.contacts, until(log, "answered"), until(log, "ended")
    for number, name in enumerate(log.channels):
        channel, mine = config.channels[name], c["channel"] == number
        if channel.kind == "self_service" and channel.ports is not None:
            assert most_at_once(answered[mine], ended[mine]) <= channel.ports
        elif channel.kind == "live":
            if channel.places is not None:
                assert most_at_once(c["arrived"][mine], np.minimum(answered, ended)[mine]) <= channel.places
            if channel.lines is not None:
                assert most_at_once(c["arrived"][mine], ended[mine]) <= channel.lines


def only_the_full_block(log: Log, config: Configuration) -> None:
    """Who is blocked finds all ports, lines or places taken (by whoever leaves at that instant, at the latest)."""
    c, answered, ended = log.contacts, until(log, "answered"), until(log, "ended")
    begun = ~np.isnan(c["answered"])
    for i in np.flatnonzero(c["outcome"] == Outcome.BLOCKED):
        channel, now = config.channels[log.channels[c["channel"][i]]], c["arrived"][i]
        there = (c["channel"] == c["channel"][i]) & (c["arrived"] <= now) & (ended >= now)
        there &= ~np.isin(c["outcome"], TURNED_AWAY)
        if channel.kind == "self_service":
            assert there.sum() >= channel.ports
        else:
            lines, waiting = there.sum(), (there & (~begun | (answered >= now))).sum()
            full = channel.lines is not None and lines >= channel.lines
            assert full or (channel.places is not None and waiting >= channel.places)


def contacts_go_as_planned(log: Log, config: Configuration) -> None:
    """Service, wrap-up and outcome are the keyed plan, whoever served it; nobody waits beyond their patience."""
    c, tables, customers = log.contacts, tables_of(config), log.customers
    position = np.searchsorted(customers["entity"], c["entity"])
    profiles = tables.profile_of[c["channel"], customers["segment"][position], customers["reason"][position]]
    wait, waited = log.wait, dict[tuple[int, int], float]()
    for i in range(c["entity"].size):
        entity, number, channel = (int(c[name][i]) for name in ("entity", "number", "channel"))
        if tables.kind[channel] == "self_service" or c["outcome"][i] == Outcome.CLOSED:
            continue
        profile = int(profiles[i])
        saved = float(tables.profiles[channel, TIME_SAVED]) if c["context"][i] == CARRIED else -1.0
        patience, service, wrap_up, planned = plan_service(
            tables.profiles, tables.laws, tables.quantiles, tables.factors, profile, saved, 0,
            float(c["arrived"][i]), log.seed, log.replication, entity, number, 0,
        )  # fmt: skip
        if c["outcome"][i] in SERVED:
            assert c["outcome"][i] == planned
            assert abs(c["ended"][i] - c["answered"][i] - service) < 1e-7
            assert abs(c["released"][i] - c["ended"][i] - wrap_up) < 1e-7
        if tables.profiles[profile, REDIAL] == REMAINING:
            patience = max(0.0, patience - waited.get((entity, channel), 0.0))
            waited[entity, channel] = waited.get((entity, channel), 0.0) + wait[i]
        assert wait[i] <= patience + 1e-7
        if c["outcome"][i] in (Outcome.ABANDONED, Outcome.UNANSWERED):
            assert abs(wait[i] - patience) < 1e-7


LAWS = (
    customers_are_conserved, journeys_are_whole, times_are_ordered, outcomes_fit_their_channels, hours_are_kept,
    context_is_conserved, no_agent_is_over_capacity, work_is_conserved, contacts_are_chosen_rightly,
    agents_are_chosen_rightly, room_is_never_exceeded, only_the_full_block, contacts_go_as_planned,
)  # fmt: skip
