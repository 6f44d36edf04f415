"""The bank of 1999 as shipped: it composes and runs without the records, and priority callers have their head start."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.model import Configuration

DAY = 86400.0
WEEK_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def bank(*overrides: str) -> Configuration:
    return sim.load(["scenarios=bank_1999", "run.workers=1", *overrides])


def test_agents_are_there_when_the_bank_is_open_and_calls_come() -> None:
    config = bank()
    phone, stream = config.channels["phone"], config.demand.streams["all"]
    counts, rates = config.staffing["phone"].counts, stream.rates
    assert counts is not None
    assert rates is not None
    assert WEEK_DAYS[config.run.start.isoweekday() % 7] == "sun"
    of_the_week = [(hour + 144) % 168 for hour in range(168)]  # opening hours count from Monday, the lists from Sunday
    opened = [any(start / 3600 <= hour < end / 3600 for start, end in phone.hours) for hour in of_the_week]
    assert opened == [value > 0 for value in rates.values] == [value > 0 for value in counts.values]


def test_the_head_start_is_90_seconds() -> None:
    config = bank()
    for name, segment in config.customers.segments.items():
        head_start = segment.priority / config.routing.ageing_per_minute * 60
        assert head_start == (90 if name.endswith("_priority") else 0)
    assert sum(reason.share for reason in config.customers.reasons.values()) == pytest.approx(1)


def test_a_caller_with_the_head_start_passes_who_came_less_than_90_seconds_before() -> None:
    """By hand: one agent, services of 5 min; a priority caller passes who came 80 s before, not who came 100 s."""
    waits = {}
    for earlier in (80.0, 100.0):
        first, regular = 8 * 3600.0, 8 * 3600.0 + 10
        log = sim.simulate(one_agent(first, regular, regular + earlier))
        answered = log.contacts["answered"] - 8 * 3600.0
        segment = [log.segments[i] for i in log.customers["segment"]]
        waits[earlier] = dict(zip(segment, answered.tolist(), strict=True))
    assert waits[80.0] == pytest.approx({"NW": 0, "PS": 600, "PS_priority": 300})
    assert waits[100.0] == pytest.approx({"NW": 0, "PS": 300, "PS_priority": 600})


def one_agent(first: float, regular: float, priority: float) -> Configuration:
    """The bank with one agent, services of 5 minutes, no end of patience and three calls on the first day, a Sunday."""
    lists = {"NW": first, "PS": regular, "PS_priority": priority}
    streams = [f"++demand.streams.{name}={{times: [{at}], segments: {{{name}: 1}}}}" for name, at in lists.items()]
    constant = "{law: constant, mean: 5 min, parts: null}"
    plain = "{service: null, patience: null, failure: 0}"
    return bank(
        "demand.streams.all=null", *streams, "staffing.phone.counts=null", "staffing.phone.agents=1",
        f"channels.phone.service={constant}", "channels.phone.patience=null", "channels.phone.failure=0",
        "channels.phone.reopen=0", f"channels.phone.by_reason={{NE: {plain}, NW: {plain}, IN: {plain}, TT: {plain}}}",
        "run.warm_up=0", "run.measure=1 d", "run.end=drain",
    )  # fmt: skip


def test_a_day_without_the_records() -> None:
    """Sunday: everybody is counted, web callers have their own agents and nobody else has these."""
    config = bank("run.warm_up=0", "run.measure=1 d", "run.end=drain")
    log = sim.simulate(config)
    contacts, customers = log.contacts, log.customers
    assert 700 < contacts["entity"].size < 2500
    reason = customers["reason"][np.searchsorted(customers["entity"], contacts["entity"])]
    served = contacts["agent"] >= 0
    pool = log.agent_pool[contacts["agent"][served]]
    internet = np.array(log.reasons)[reason[served]] == "IN"
    assert np.array_equal(np.array(log.pools)[pool] == "internet", internet)
    assert (contacts["arrived"][contacts["via"] == 0] % DAY >= 7 * 3600).all()
