"""How days end: what becomes of a queue when the hours of its channel are over.

Comes in: the moment of closing, from the schedule; agents whose duty is over and who have room. Goes out: a queue that
is sent away (`clear`), or served to its end (`serve`) by those who were on duty at closing, in overtime if need be.
Nobody who left before takes anything, and nobody takes anything else once their duty is over.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...coded.centre import nobody_to_serve
from ...coded.channels import Closing
from ...errors import InputError
from ...model.outcomes import Outcome
from ...rules import decisions as rules
from ...rules.staff import was_there_at_closing
from .desk import Desk

CLOSED = int(Outcome.CLOSED)


class Doors:
    """The closings of all channels. `planned` says whether anybody of some pools is planned to be there at a time."""

    def __init__(self, desk: Desk, planned: Callable[[list[int], float], bool]) -> None:
        self.desk, self.planned = desk, planned
        self.closing = desk.setup.channels.closing
        channel_of = desk.desks.line_channel
        pools = range(len(desk.offers))
        served = [[self.closing[channel_of[line]] == Closing.SERVE for line in desk.pool_lines[pool]] for pool in pools]
        self.offers = [desk.offers[pool][np.array(served[pool], dtype=np.bool_)] for pool in pools]
        """of each pool, the lines that it serves to their end"""
        self.channels = [channel_of[offers[:, rules.LINE].astype(int)].tolist() for offers in self.offers]
        if any(offers.size for offers in self.offers):
            desk.staff.on_last = self.serve_to_the_end

    def serve_to_the_end(self, agent: int) -> None:
        """An agent whose duty is over, and did not end before the doors closed, takes whoever is still in the queue."""
        desk, staff = self.desk, self.desk.staff
        pool, now = staff.pool_of[agent], desk.env.now
        since = [desk.setup.tables.since_closing(channel, now) for channel in self.channels[pool]]
        due = np.array([was_there_at_closing(staff.left[agent], now, each) for each in since], dtype=np.bool_)
        while True:
            room = int(staff.capacity[agent] - staff.load[agent])
            line = desk.choose_line(agent, self.offers[pool][due], room, True)
            if line == rules.NOBODY:
                return
            desk.take_head(line, agent)

    def close(self, channel: int) -> None:
        """The hours of a channel end: its queue is sent away, or served to its end by those on duty now.

        Raises InputError if it is to be served, somebody waits, and nobody is even planned to be there; where those who
        were planned have not come, the queue is sent away.
        """
        desk = self.desk
        if self.closing[channel] == Closing.SERVE:
            pools = [pool for pool in range(len(desk.offers)) if desk.desks.units[pool, channel] > 0]
            waiting = desk.waiting[channel]
            if waiting == 0 or any(self._is_there(pool) for pool in pools):
                return
            if not self.planned(pools, desk.env.now):
                raise InputError(nobody_to_serve(desk.setup.tables.channels[channel], waiting))
        desk.send_away(channel, CLOSED)

    def _is_there(self, pool: int) -> bool:
        """Whether an agent of the pool is on duty, has a break due, or finishes what was begun before this moment."""
        staff, now = self.desk.staff, self.desk.env.now
        for agent in range(staff.first[pool], staff.first[pool + 1]):
            finishes = staff.finishing[agent] and staff.left[agent] == now
            if staff.duty[agent] or staff.pauses.due[agent] > 0.0 or finishes or agent in staff.falls[pool].still:
                return True
        return False
