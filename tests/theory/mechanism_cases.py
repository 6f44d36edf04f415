"""Mechanisms beyond a plain queue with known answers: centres as ordinary configurations, seeds, lengths, exact values.

Times are in minutes and rates per minute. Each case is simulated at its `short` length in every test run and at the
`full` one (16 times as many contacts) in `test_mechanisms_slow.py`. Seeds and lengths were written down before the
first run with these seeds; lengths come from pilot runs on seed 7; after the first runs, whose standard errors (not
whose differences) were too large, the lengths of `ring` and `overflow at once` were doubled, and the `looser` of the
latter went from 13 to 15. When all laws were inverted in one direction (other draws for the same seeds), two short runs
of `C02` had too large a standard error and were made longer. How they are compared is in `theory_comparison`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim import known_centres, theory
from sim.known_centres import DAY_MIN, GIVE_UP, exponential, minutes
from sim.log.tables import Log
from sim.model import Outcome
from sim.theory import mechanisms as exact
from sim.theory.shared_agents import SharedAgents

from .centres import Config
from .theory_comparison import Case, Length, Looked, Quantity
from .theory_looks import MINUTE

SERVED = (Outcome.RESOLVED, Outcome.FAILED, Outcome.TRANSFERRED)
LEFT = (Outcome.ABANDONED, Outcome.BLOCKED, Outcome.TIMED_OUT, Outcome.UNANSWERED)
TEAM, AGAIN = ("pool", "agents", "occupancy"), {"to": {"phone": 1}}


def look(log: Log) -> Looked:
    """Waits, times with an agent and outcomes by channel, contacts by customer, chats open; times in minutes."""
    c, found, (first, last) = log.contacts, {}, log.window
    begun = (c["arrived"] >= first) & (c["arrived"] < last)
    for number, name in enumerate(log.channels):
        mine = begun & (c["channel"] == number)
        outcome, n = c["outcome"][mine], float(mine.sum())
        in_queue, wait = outcome != Outcome.BLOCKED, log.wait[mine] / MINUTE
        served, stay = np.isin(outcome, SERVED), (c["ended"] - c["answered"])[mine] / MINUTE
        found |= {f"{name} {o.name.lower()}": (float(np.count_nonzero(outcome == o)), n) for o in LEFT}
        found[f"{name} wait"] = (float(wait[in_queue].sum()), float(in_queue.sum()))
        found[f"{name} delayed"] = (float(np.count_nonzero(wait > 0)), float(in_queue.sum()))
        found[f"{name} stay"] = (float(stay[served].sum()), float(served.sum()))
    begun = (log.customers["arrived"] >= first) & (log.customers["arrived"] < last)
    made = log.customers["contacts"][begun]
    found["contacts"] = (float(made.sum()), float(made.size))
    found["once"] = (float(np.count_nonzero(made == 1)), float(made.size))
    start, end = (np.clip(np.fmin(log.turns[name], log.stopped), first, last) for name in ("answered", "ended"))
    found["open"] = (float(np.nansum(end - start)), last - first)
    return found


def _case(name: str, seed: int, config: Config, answers: list[Quantity], hours: float, looser: float,
          warm_up: str = "1 h", shorter: float = 1.0) -> Case:  # fmt: skip
    full, short = Length(64, f"{8 * hours:g} h", warm_up), Length(32, f"{shorter * hours:g} h", warm_up)
    return Case(name, seed, config, lambda: answers, full, short, looser, look=look)


def _with(config: Config, pool: Mapping[str, Any] | None = None, **channel: Any) -> Config:
    """A phone centre whose channel and pool have more to them."""
    config["channels"]["phone"] |= channel
    config["staffing"]["agents"] |= pool or {}
    return config


def _shared_agents() -> list[Case]:
    """Limited processor sharing: C02 of the list of known answers, then a table of speeds, several agents, leavers."""
    found = []
    table = (1.0, 1.6, 1.95)
    for number, (name, rate, speeds, agents, patience, hours, looser) in enumerate((
        ("C02", 0.7, (1.0, 1.0, 1.0), 1, None, 12.0, 13.0),
        ("C02 speeds", 1.5, table, 1, None, 7.0, 14.0),
        ("C02 three agents", 4.8, table, 3, None, 3.5, 17.0),
        ("C02 three agents, leavers", 7.0, table, 3, 2.0, 0.6, 7.0),
    )):  # fmt: skip
        q = SharedAgents(rate, 1.0, speeds, agents, patience)
        config = _with(
            known_centres.phone(rate, exponential(1), agents, patience=patience), {"speeds": speeds}, concurrency=3
        )
        answers = [
            Quantity("p_wait_for_slot", "share", q.p_wait, "phone delayed"),
            Quantity("mean_wait_for_slot", "min", q.mean_wait, "phone wait"),
            Quantity("mean_time_in_chat", "min", q.mean_in_chat, "phone stay"),
            Quantity("mean_open_chats", "1", q.mean_open, "open"),
            Quantity("occupancy", "share", q.occupancy, ("pool", "agents", "utilisation")),  # busy, with however many
            Quantity("p_abandon", "share", q.p_abandon, "phone abandoned"),
        ]
        found.append(_case(name, 2026112201 + number, config, answers, hours, looser))
    return found


def _threads() -> list[Case]:
    """Erlang-R: what comes back joins the queue, a network of product form (Yom-Tov and Mandelbaum 2014). With the
    place kept and nobody waiting, a loss system, whatever the law of the time with an agent."""
    rate, service, again, pause, agents = 2.0, 1.0, 0.6, 5.0, 6
    q = theory.ErlangC(rate / (1 - again), service, agents)
    turns = {"probability": again, "delay": exponential(pause)}
    stay = (service + again * (pause + q.asa)) / (1 - again)
    released = [
        Quantity("occupancy", "share", q.occupancy, TEAM),
        Quantity("p_wait", "share", q.p_wait, "phone delayed"),
        Quantity("asa", "min", q.asa, "phone wait"),
        Quantity("first answer to last", "min", stay, "phone stay"),
    ]
    holding = (service + again * pause) / (1 - again)
    kept = [Quantity("p_block", "share", theory.erlang_b(1.0 * holding, 12), "phone blocked"),
            Quantity("stay", "min", holding, "phone stay")]  # fmt: skip
    loss = known_centres.phone(1.0, exponential(service), 12, places=0)
    return [
        _case("threads", 2026112205, _with(known_centres.phone(rate, exponential(service), agents), turns=turns),
              released,
              2.0, 18.0),
        _case("threads, place kept", 2026112206, _with(loss, turns={**turns, "slot": "kept"}), kept, 3.0, 10.0),
    ]  # fmt: skip


def _rings() -> list[Case]:
    """One agent: the ring is service to the queue and wait to the customer (Pollaczek and Khinchine). No places: who is
    rung for leaves in time or not, and lines are held for min(patience, ring), and service if answered (Erlang B)."""
    rate, ring, service = 0.5, 0.5, 1.0
    held = ring + service
    wait = theory.mg1_wait(rate, held, (service / held) ** 2) + ring
    queue = _with(known_centres.phone(rate, exponential(service), 1), ring=minutes(ring))
    hold = 2.0 * -math.expm1(-ring / 2.0) + math.exp(-ring / 2.0) * service
    block = theory.erlang_b(3.0 * hold, 5)
    loss = _with(known_centres.phone(3.0, exponential(service), 5, patience=2.0, places=0), ring=minutes(ring))
    return [
        _case("ring", 2026112207, queue, [Quantity("asa", "min", wait, "phone wait"),
                                          Quantity("occupancy", "share", rate * held, TEAM)], 16.0, 9.0),
        _case("ring, loss", 2026112208, loss, [
            Quantity("p_block", "share", block, "phone blocked"),
            Quantity("p_abandon", "share", (1 - block) * -math.expm1(-ring / 2.0), "phone abandoned"),
            Quantity("occupancy", "share", 3.0 * (1 - block) * hold / 5, TEAM),
        ], 1.0, 6.0),
    ]  # fmt: skip


def _leavers() -> list[Case]:
    """Silent leavers, time-outs, and what monitoring does not see."""
    q = exact.SilentLeavers(1.2, 1.0, 2.0, 0.6, 0.5, 5)
    silent = _with(known_centres.phone(1.2, exponential(1), 1, patience=2.0, places=5),
                   silent={"share": 0.6, "detection": exponential(0.5)})  # fmt: skip
    timed = _with(known_centres.phone(0.8, exponential(1), 1), queue_timeout=minutes(2))
    timed["journeys"]["rows"]["phone"] = {"any": GIVE_UP}
    heard = theory.ErlangA(3.0 * 0.6, 1.0, 2, 4.0)
    social = known_centres.centre(
        {"phone": {"kind": "deferred", "service": exponential(1), "deadline": exponential(4), "seen": 0.6}},
        {"phone": 3.0 * DAY_MIN}, {"agents": {"agents": 2, "serves": {"phone": 1}}},
    )  # fmt: skip
    return [
        _case("silent leavers", 2026112209, silent, [
            Quantity("p_block", "share", q.p_block, "phone blocked"),
            Quantity("p_abandon", "share", q.p_abandon, "phone abandoned"),
            Quantity("occupancy", "share", q.occupancy, TEAM),
        ], 3.0, 7.0),
        _case("time-out", 2026112210, timed, [
            Quantity("p_timed_out", "share", exact.timed_out(0.8, 1.0, 2.0), "phone timed_out")], 4.0, 6.0),
        _case("seen", 2026112211, social, [
            Quantity("p_unanswered", "share", 0.4 + 0.6 * heard.p_abandon, "phone unanswered"),
            Quantity("occupancy", "share", heard.occupancy, TEAM)], 1.0, 4.0),
    ]  # fmt: skip


def _pools() -> list[Case]:
    """Pools that help out at once are one pool; agents kept idle; units of capacity are a loss system of several
    rates."""
    q = theory.ErlangC(4.0, 1.0, 5)
    shared = known_centres.phone(4.0, exponential(1), 2)
    shared["staffing"]["others"] = {"agents": 3, "serves": {"phone": 1}, "overflow": {"phone": "0 s"}}
    shared["channels"]["phone"]["prefer"] = {"agents": 1, "others": 2}
    r = exact.Reserve(2.0, 3.0, 1.0, 8, 2)
    call = {"kind": "live", "service": exponential(1), "places": 0}
    reserve = known_centres.centre(
        {"phone": call, "mail": {"kind": "deferred", "service": exponential(1)}},
        {"phone": 2.0 * DAY_MIN, "mail": 3.0 * DAY_MIN},
        {"agents": {"agents": 8, "serves": {"phone": 1, "mail": 1}, "reserve": 2}},
    )
    loads, held = {"phone": 0.2, "video": 0.5, "chat": 1.0}, {"phone": 1, "video": 3, "chat": 6}
    blocked = exact.units_blocking(6, list(loads.values()), [6 // n for n in held.values()])
    units = known_centres.centre(
        {name: {**call, "concurrency": n} for name, n in held.items()},
        {name: load * DAY_MIN for name, load in loads.items()},
        {"agents": {"agents": 1, "serves": dict.fromkeys(held, 1), "slowdown": 0}},
    )
    return [
        _case("overflow at once", 2026112212, shared, [
            Quantity("p_wait", "share", q.p_wait, "phone delayed"),
            Quantity("asa", "min", q.asa, "phone wait")], 4.0, 15.0),
        _case("reserve", 2026112213, reserve, [
            Quantity("p_block", "share", r.p_block, "phone blocked"),
            Quantity("wait of deferred work", "min", r.mean_wait, "mail wait")], 1.5, 15.0),
        _case("units", 2026112214, units, [
            Quantity(f"p_block {name}", "share", float(p), f"{name} blocked")
            for name, p in zip(held, blocked, strict=True)], 4.0, 8.0),
    ]  # fmt: skip


def _lines() -> list[Case]:
    """An IVR and its agents on one set of lines."""
    q = exact.SharedLines(4.0, 1.0, 0.6, 1.5, 4, 10)
    config = known_centres.centre(
        {"ivr": {"kind": "self_service", "session": exponential(1), "failure": 0.6, "transfer": 1.0},
         "phone": {"kind": "live", "service": exponential(1.5)}},
        {"ivr": 4.0 * DAY_MIN}, {"agents": {"agents": 4, "serves": {"phone": 1}}},
        {"ivr": {"transferred": AGAIN, "any": GIVE_UP}, "phone": {"any": GIVE_UP}},
        routing={"line_groups": {"trunk": {"channels": ["ivr", "phone"], "lines": 10}}},
    )  # fmt: skip
    return [
        _case("shared lines", 2026112215, config, [
            Quantity("p_block", "share", q.p_block, "ivr blocked"),
            Quantity("p_wait", "share", q.p_delay, "phone delayed"),
            Quantity("asa", "min", q.mean_wait, "phone wait"),
            Quantity("p_block after the IVR", "share", 0.0, "phone blocked")], 1.5, 8.0),
    ]  # fmt: skip


def _solving() -> list[Case]:
    """Difficulty, authority, deflection: no queues, so many agents that nobody waits."""
    again = {"phone": {"failed": AGAIN, "any": GIVE_UP}}
    found = []
    for seed, spread in ((2026112216, 0.0), (2026112217, 1.0)):
        config = _with(known_centres.phone(2.0, exponential(1), 40), failure=0.3)
        config["customers"]["difficulty"] = spread
        config["journeys"]["rows"] = again
        mean = exact.contacts_until_solved(0.3, spread)
        found.append(
            _case(f"difficulty {spread:g}", seed, config, [Quantity("contacts", "1", mean, "contacts")], 0.8, 3.0)
        )
    needs, may, failure = 0.4, 0.5, 0.2
    config = _with(known_centres.phone(2.0, exponential(1), 40), {"authority": may}, failure=failure)
    config["customers"]["reasons"] = {"any": {"needs_authority": needs}}
    config["journeys"]["rows"] = again
    alone, needy = 1 - failure, may * (1 - failure)
    found.append(_case("authority", 2026112218, config, [
        Quantity("contacts", "1", needs / needy + (1 - needs) / alone, "contacts"),
        Quantity("solved at once", "share", needs * needy + (1 - needs) * alone, "once")], 0.8, 3.0))  # fmt: skip
    return [*found, _deflection({"share": 0.3, "to": {"phone": 0.5, "mail": 0.5}, "delay": exponential(10)})]


def _deflection(push: Config) -> Case:
    """Mail: 30 % of the answered are pushed, half of them back to mail; of the rest 20 % fail, of whom 60 % go to the
    phone, which solves 90 %: v_mail = 1 + 0.15 v_mail."""
    config = known_centres.centre(
        {"mail": {"kind": "deferred", "service": exponential(1), "failure": 0.2, "deflection": push},
         "phone": {"kind": "live", "service": exponential(1), "failure": 0.1}},
        {"mail": 2.0 * DAY_MIN}, {"agents": {"agents": 40, "serves": {"phone": 1, "mail": 1}}},
        {"mail": {"any": {"to": {"phone": 0.6, "give_up": 0.4}}}, "phone": {"any": GIVE_UP}},
    )  # fmt: skip
    mails = 1 / (1 - 0.3 * 0.5)
    calls = mails * (0.3 * 0.5 + 0.7 * 0.2 * 0.6)
    return _case("deflection", 2026112219, config, [
        Quantity("contacts", "1", mails + calls, "contacts"),
        Quantity("resolved", "share", mails * 0.7 * 0.8 + calls * 0.9, ("journey", "all", "resolved")),
    ], 0.8, 3.0)  # fmt: skip


def _rules() -> list[Case]:
    """Who takes what, and which of equal contacts goes first, changes no mean wait over all (Kleinrock 1965)."""
    q, one = theory.ErlangC(4.0, 1.0, 5), theory.ErlangC(0.7, 1.0, 1)
    found = []
    config = known_centres.phone(4.0, exponential(1), 5)
    config["routing"] = {"agent_rule": "random"}
    answers = [Quantity("p_wait", "share", q.p_wait, "phone delayed"), Quantity("asa", "min", q.asa, "phone wait")]
    found.append(_case("agent rule random", 2026112220, config, answers, 2.0, 17.0))
    ageing = known_centres.two_classes(0.3, 0.4, 1)
    ageing["routing"] = {"ageing_per_minute": 0.3}
    longest = known_centres.centre(
        {name: {"kind": "live", "service": exponential(1)} for name in ("phone", "video")},
        {"phone": 0.3 * DAY_MIN, "video": 0.4 * DAY_MIN},
        {"agents": {"agents": 1, "serves": {"phone": 1, "video": 1}}}, routing={"queue_rule": "longest_queue"},
    )  # fmt: skip
    found.append(
        _case("ageing", 2026112224, ageing, [Quantity("asa", "min", one.asa, "phone wait")], 16.0, 16.0, shorter=0.3)
    )
    waits = [Quantity("asa", "min", one.asa, ("centre", "all", "asa"), MINUTE)]
    found.append(_case("longest queue", 2026112225, longest, waits, 16.0, 16.0, shorter=0.3))
    return found


CASES: tuple[Case, ...] = (
    *_shared_agents(), *_threads(), *_rings(), *_leavers(), *_pools(), *_lines(), *_solving(), *_rules(),
)  # fmt: skip
ORDER = {case.name: number for number, case in enumerate(CASES)}
