"""A whole centre, coded: all that an engine reads of a configuration, made once.

Comes in: a checked configuration. Goes out: `Centre`, whose parts are arrays and numbers only. Beside it an engine
needs the key of a replication and what chance makes of it: arrivals (`sim.chance.arrivals`) and the schedule
(`sim.coded.schedule`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, get_args

from ..chance.keys import MOST_TURNS
from ..errors import Problem
from ..model.centre import Configuration
from ..model.journeys import AgentRule, QueueRule
from ..rules import decisions as rules
from ..rules import numbers
from .channels import Channels, channels_of
from .feelings import Feelings, feelings_of
from .tables import Tables, tables_of

AGENT_RULES: dict[str, int] = {name: getattr(numbers, name.upper()) for name in get_args(AgentRule)}
"""the code of a rule is the constant of its name in `sim.rules.numbers`"""
MOST_CONTACTS = 100_000
"""of one journey without a cap: beyond it the rows never let a customer go"""


class Routing(NamedTuple):
    """How contacts and agents find each other."""

    agent_rule: int
    queue_rule: int
    own_agent_rule: str = ""
    """name of a rule of an extension"""
    own_queue_rule: str = ""
    settings: Mapping[str, float] = MappingProxyType({})
    """numbers that such rules read"""

    @property
    def in_python(self) -> list[str]:
        """Names of the rules that no compiled code can call."""
        named = (("agent", self.own_agent_rule), ("queue", self.own_queue_rule))
        return [f"the {kind} rule {name} of an extension" for kind, name in named if name]


class Journeys(NamedTuple):
    """What customers do next, beside the rows."""

    cap: int
    """contacts of a journey"""
    capped: bool
    """whether the cap is the model's; else to reach it is a mistake in the rows"""
    return_factor: float
    give_up_factor: float
    sticky: bool
    """context, once lost, is never carried again"""


class Window(NamedTuple):
    """The time axis, s since the run's start."""

    begin: float
    end: float
    limit: float
    """the run ends at the latest"""
    last_arrival: float
    follows: bool
    """arrivals go on after the window, and the run ends with its customers' journeys"""
    clears: bool
    """live queues are sent away at the window's end"""


class Centre(NamedTuple):
    """A coded centre."""

    tables: Tables
    channels: Channels
    routing: Routing
    journeys: Journeys
    feelings: Feelings
    window: Window


def endless_journey(channel: str) -> Problem:
    """What is wrong where a journey without a cap has not ended after MOST_CONTACTS; `channel` is its last."""
    text = f"a customer made {MOST_CONTACTS:,} contacts: set max_contacts, or let rows like this one give up"
    return Problem(f"journeys.rows.{channel}", text)


def endless_thread(channel: str) -> Problem:
    """What is wrong where a contact of the channel has more turns than keys have room for."""
    text = f"a contact had more than {MOST_TURNS:,} answers: with a lower one its threads end"
    return Problem(f"channels.{channel}.turns.probability", text)


def nobody_to_serve(channel: str, waiting: int) -> Problem:
    """What is wrong where so many wait as the hours of the channel end and nobody was to be there to serve them."""
    text = f"serve: {waiting} in the queue when the hours end, and nobody who serves it is on duty then"
    return Problem(f"channels.{channel}.at_closing", f"{text} (staff it to the end, or say clear or wait)")


def _routing(config: Configuration) -> Routing:
    asked = config.routing
    agents, queues = get_args(AgentRule), get_args(QueueRule)
    return Routing(
        agent_rule=AGENT_RULES[asked.agent_rule] if asked.agent_rule in agents else numbers.OWN,
        queue_rule=_queue_rule(config) if asked.queue_rule in queues else numbers.OWN,
        own_agent_rule="" if asked.agent_rule in agents else asked.agent_rule,
        own_queue_rule="" if asked.queue_rule in queues else asked.queue_rule,
        settings=asked.settings,
    )


def _queue_rule(config: Configuration) -> int:
    if config.routing.queue_rule == "priority":
        return rules.BY_SCORE
    return rules.BY_LENGTH if config.routing.longest_queue_tie == "longest_wait" else rules.BY_LENGTH_THEN_SCORE


def centre_of(config: Configuration) -> Centre:
    """The coded centre of a configuration."""
    tables = tables_of(config)
    journeys, integration = config.journeys, config.integration
    return Centre(
        tables=tables,
        channels=channels_of(config, tables.desks, tables.pool_matters),
        routing=_routing(config),
        journeys=Journeys(
            cap=journeys.max_contacts or MOST_CONTACTS,
            capped=journeys.max_contacts is not None,
            return_factor=journeys.return_factor,
            give_up_factor=integration.give_up_factor,
            sticky=integration.sticky_loss,
        ),
        feelings=feelings_of(config),
        window=_window(config),
    )


def _window(config: Configuration) -> Window:
    run = config.run
    end = run.warm_up + run.measure
    limit = end + (0.0 if run.end == "cut" else run.follow_limit)
    follows = run.end == "follow"
    return Window(run.warm_up, end, limit, limit if follows else end, follows, run.end == "clear")
