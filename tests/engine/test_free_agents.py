"""The order in which agents with room are kept names the same agent as the rule that looks through all of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from sim.engine import simulate
from sim.engine.simpy.customers import Contact
from sim.engine.simpy.desk import Chooser, Desk
from sim.engine.simpy.free_agents import ORDERED, SPARE_ENTRIES, FreeAgents
from sim.model import Configuration
from sim.rules import decisions as rules
from tests.extreme.small import centre, live, team
from tests.invariants.mechanised_centres import mechanised
from tests.invariants.test_laws_of_the_log import examples


@settings(examples, max_examples=25)
@given(mechanised())
def test_the_order_names_the_agent_of_the_rule(mapping: dict[str, Any]) -> None:
    """At every choice of random centres with mechanisms, whichever of the rules they have."""
    choices = 0

    def both(desk: Desk, channel: int, pools: tuple[int, ...]) -> Chooser:
        order, look = ordered(desk, channel, pools), desk._looking_through(channel, pools)

        def choose(contact: Contact) -> int:
            nonlocal choices
            choices += 1
            named = order(contact)
            assert named == look(contact)
            return named

        return choose

    ordered = Desk._ordered
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desk, "_ordered", both)
        patch.setattr(Desk, "_is_plain", lambda *_: False)  # so that every choice comes this way
        simulate(Configuration.from_mapping(mapping), 2, 0)


def test_every_rule_is_either_ordered_or_looks_through_all() -> None:
    assert set(ORDERED) == {rules.LONGEST_IDLE, rules.LEAST_LOADED, rules.MOST_LOADED}


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
