"""Breaks and planned time off the phone: they begin when all in hand is done, and keep their length.

Comes in: the planned start of a break, from the schedule; the moment at which an agent has nothing in hand. Goes out:
when the agent is back. From the planned start on the agent takes nothing new. What would pass the end of the shift is
not taken, and counted. Breaks that become due while another is owed or taken follow it at once.
"""

from __future__ import annotations

from functools import partial
from math import inf
from typing import TYPE_CHECKING

import simpy

from .clock import SHIFT_END, Timer, order

if TYPE_CHECKING:
    from .agents import Staff

NOT_RESTING = -inf
BACK = 1
"""what the timer does: after the end of a shift at the same instant, so that nobody comes back to go home"""


class Pauses:
    """The breaks of all agents."""

    def __init__(self, staff: Staff, agents: int) -> None:
        self.staff = staff
        self.due = [0.0] * agents
        """length of breaks that are due and have not begun, s"""
        self.until = [NOT_RESTING] * agents
        """end of the break that an agent takes, s"""
        self.since = [0.0] * agents
        """when that break began, s"""
        self.missed = [0.0] * agents
        """break time that the end of the shift has cut off, not yet in the log, s"""
        self.subject = [0] * agents

    def resting(self, agent: int) -> bool:
        """Whether the agent takes a break now."""
        return self.until[agent] > NOT_RESTING

    def begin(self, agent: int, length: float, subject: int) -> None:
        """A break of this length is due; `subject` is the agent's place among simultaneous events."""
        staff = self.staff
        self.subject[agent] = subject
        if self.resting(agent):
            self._rest_until(agent, self.until[agent] + length)
            return
        self.due[agent] += length
        if staff.duty[agent]:
            staff.go_off(agent)
        if staff.load[agent] == 0:
            self.rest(agent)

    def rest(self, agent: int) -> None:
        """Nothing is in hand any more: the break begins."""
        now = self.staff.env.now
        length, self.due[agent], self.since[agent] = self.due[agent], 0.0, now
        self._rest_until(agent, now + length)

    def _rest_until(self, agent: int, until: float) -> None:
        self.until[agent] = until
        env = self.staff.env
        Timer(env, until, order(SHIFT_END, self.subject[agent], BACK), partial(self._back, agent))

    def _back(self, agent: int, _: simpy.Event) -> None:
        if self.until[agent] == self.staff.env.now:  # else the break was made longer, or the shift is over
            self.until[agent] = NOT_RESTING
            self.staff.write_duty(agent, self.since[agent], self.since[agent])
            self.staff.come_on(agent)

    def ends_with_the_shift(self, agent: int) -> bool:
        """The shift is over: what is left of a break is not taken. True if the agent took one, and so is gone."""
        if self.resting(agent):
            self.missed[agent] += self.until[agent] - self.staff.env.now
            self.until[agent] = NOT_RESTING
            self.staff.write_duty(agent, self.since[agent], self.since[agent])
            return True
        self.missed[agent] += self.due[agent]
        self.due[agent] = 0.0
        return False
