"""Rules of extensions, called by the desk: what they see is gathered here, and what they answer is checked.

Comes in: a contact or an agent, and the state of desk and staff. Goes out: an agent or a line, or NOBODY. The cost
grows with the number of agents: all who may take the contact are shown to the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...extensions import calling, registered
from ...rules import decisions as rules
from ...rules.own import AgentChoice, LineChoice
from .agents import Staff
from .customers import Contact
from .setup import Setup

Members = np.ndarray
"""numbers of agents, in the order that settles ties"""


class OwnRules:
    """The rules of extensions that a centre's routing names."""

    def __init__(self, setup: Setup, staff: Staff) -> None:
        self.routing, self.tables, self.staff = setup.coded.routing, setup.tables, staff

    def agent(self, contact: Contact, fitting: Members, now: float, luck: float) -> int:
        """The agent that the rule names for a contact among those who fit, or NOBODY if none does."""
        if fitting.size == 0:
            return rules.NOBODY
        staff, tables, customer = self.staff, self.tables, contact.customer
        shown = AgentChoice(
            agents=fitting,
            pool=tuple(tables.pools[staff.pool_of[agent]] for agent in fitting.tolist()),
            load=staff.load[fitting],
            capacity=staff.capacity[fitting],
            since=staff.since[fitting],
            came=staff.came[fitting],
            worked=staff.busy_so_far()[fitting],
            channel=tables.channels[contact.channel],
            segment=tables.segments[customer.segment],
            reason=tables.reasons[customer.reason],
            number=contact.number,
            now=now,
            luck=luck,
            settings=self.routing.settings,
        )
        return int(fitting[self._place("agent_rule", self.routing.own_agent_rule, shown, fitting.size)])

    def line(self, agent: int, offers: np.ndarray, state: tuple[Any, Any], now: float, room: int, defer: bool) -> int:
        """The line that the rule names for an agent, or NOBODY if it may take no contact. `state`: when the head of
        each line joined (infinite: empty), and its length."""
        joined, length = state
        lines = offers[:, rules.LINE].astype(int)
        due = (joined[lines] + offers[:, rules.DELAY] <= now) & np.isfinite(joined[lines])
        fits = (offers[:, rules.UNITS] <= room) & (defer | (offers[:, rules.DEFERRED] == 0))
        mine = np.flatnonzero(due & fits)
        if mine.size == 0:
            return rules.NOBODY
        at = lines[mine]
        desks, names = self.tables.desks, self.tables.channels
        shown = LineChoice(
            channel=tuple(names[c] for c in desks.line_channel[at].tolist()),
            rank=offers[mine, rules.RANK],
            score=offers[mine, rules.BASE] + offers[mine, rules.AGEING] * (now - joined[at]),
            queued_at=joined[at],
            length=length[at],
            agent=agent,
            pool=self.tables.pools[self.staff.pool_of[agent]],
            now=now,
            settings=self.routing.settings,
        )
        return int(at[self._place("queue_rule", self.routing.own_queue_rule, shown, mine.size)])

    @staticmethod
    def _place(kind: Any, name: str, shown: AgentChoice | LineChoice, size: int) -> int:
        """What the rule answers, checked; raises InputError for a rule that fails or answers no place."""
        rule: Callable[[Any], Any] = registered(kind)[name]
        with calling(kind, name):
            place = rule(shown)
            if not isinstance(place, (int, np.integer)) or not 0 <= place < size:
                raise TypeError(f"must answer a place from 0 to {size - 1}, answered {place!r}")
            return int(place)
