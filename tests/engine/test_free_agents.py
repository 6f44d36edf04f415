"""The order in which agents with room are kept names the same agent as the rule that looks through all of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import simulate
from sim.engine.simpy.agent_trees import IN_TREES
from sim.engine.simpy.choosers import Chooser, Choosers
from sim.engine.simpy.customers import Contact
from sim.engine.simpy.free_agents import ORDERED, SPARE_ENTRIES, FreeAgents
from sim.model import Configuration
from sim.rules import decisions as rules
from tests.extreme.small import centre, live, team
from tests.invariants.mechanised_centres import mechanised
from tests.invariants.test_laws_of_the_log import examples


def held_against_the_rule(mapping: dict[str, Any], way: str) -> int:
    """How many choices a centre makes, at each of which the structure named the agent of the rule."""
    choices = 0
    structure = getattr(Choosers, way)

    def both(choosers: Choosers, channel: int, pools: tuple[int, ...]) -> Chooser:
        order, look = structure(choosers, channel, pools), choosers._looking_through(channel, pools)

        def choose(contact: Contact) -> int:
            nonlocal choices
            choices += 1
            named = order(contact)
            assert named == look(contact)
            return named

        return choose

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Choosers, way, both)
        patch.setattr(Choosers, "is_plain", lambda *_: False)  # so that every choice comes this way
        simulate(Configuration.from_mapping(mapping | {"engine": "simpy"}), 2, 0)
    return choices


@settings(examples, max_examples=25)
@given(mechanised())
def test_the_order_names_the_agent_of_the_rule(mapping: dict[str, Any]) -> None:
    """At every choice of random centres with mechanisms, whichever of the rules they have."""
    held_against_the_rule(mapping, "_ordered")


@settings(examples, max_examples=25)
@given(mechanised(), st.sampled_from(["least_occupied", "random"]))
def test_the_trees_name_the_agent_of_the_rule(mapping: dict[str, Any], rule: str) -> None:
    """The same of the rules that are answered from trees."""
    mapping["routing"] = {**mapping.get("routing", {}), "agent_rule": rule}
    held_against_the_rule(mapping, "_in_trees")


@pytest.mark.parametrize("rule", ["least_occupied", "random"])
def test_the_trees_name_the_agent_of_the_rule_in_a_busy_centre(rule: str) -> None:
    """Two groups of forty who come at two times of the day and hold up to two: shares cross all the time."""
    shifts = [{"start": start, "end": "23:00", "agents": 20} for start in ("00:00", "01:07")]
    service = {"law": "lognormal", "mean": "3 min", "cv": 1.0}
    channels = {"phone": live(service), "chat": live(service, concurrency=2)}
    staffing = {"a": team(0, "phone", "chat", shifts=shifts), "b": team(0, "phone", "chat", shifts=shifts, reserve=2)}
    streams = {
        name: {"per_day": per_day, "first_channel": {name: 1}} for name, per_day in (("phone", 12000), ("chat", 15000))
    }
    config = centre(channels, staffing, streams=streams, routing={"agent_rule": rule}, run={"measure": "3 h"})
    assert held_against_the_rule(config.source, "_in_trees") > 2000


def test_the_rules_that_ship_have_their_structures() -> None:
    """A rule without one looks through all agents, which is right, and slow for many of them."""
    assert set(ORDERED) == {rules.LONGEST_IDLE, rules.LEAST_LOADED, rules.MOST_LOADED}
    assert {rules.LEAST_OCCUPIED, rules.RANDOM} == set(IN_TREES)


def test_what_is_out_of_date_is_thrown_away() -> None:
    """A day of 2,000 calls leaves no more entries than a few for each agent."""
    kept: list[FreeAgents] = []
    init = FreeAgents.__init__

    def remembered(self: FreeAgents, *parts: Any) -> None:
        kept.append(self)
        init(self, *parts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FreeAgents, "__init__", remembered)
        simulate(centre({"phone": live("10 s")}, {"team": team(10)}, [10 * i for i in range(2000)]), 1, 0)
    assert sum(len(heap) for heap in kept[0].heaps[0]) <= 2 * 10 + SPARE_ENTRIES + 1
