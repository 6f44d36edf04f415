"""The engine under observation: after every event its state is checked and its queues are integrated over time.

The integrals are kept here, from the desk's state alone, so that they can be compared with what the log says.
"""

from __future__ import annotations

from math import inf

import numpy as np
import simpy

from sim.engine.simpy.clock import Timer
from sim.engine.simpy.simulation import Simulation
from sim.engine.simpy.stations import LiveStation, SelfServiceStation
from sim.log.tables import Log
from sim.model import Configuration
from sim.model.channels import Queued


class Watched(Simulation):
    """A simulation that checks itself after every event."""

    def __init__(self, config: Configuration, seed: int, replication: int) -> None:
        super().__init__(config, seed, replication)
        self.env.step = self._step  # type: ignore[method-assign]
        self.waiting_area = self.busy_area = self.session_area = self.inside_area = 0.0
        self.steps = 0
        self.keys: set[int] = set()
        """keys of this instant's timers so far"""
        specs = [config.channels[name] for name in self.setup.tables.channels]
        self.replies = [isinstance(spec, Queued) and spec.turns.probability > 0 for spec in specs]

    def _step(self) -> None:
        waiting = sum(1 for queue in self.desk.lines for contact in queue if contact.waiting)
        sessions = sum(place.busy for place in self.stations if isinstance(place, SelfServiceStation))
        busy, inside, before = int(self.desk.staff.load.sum()), len(self.inside), self.env.now
        self._check_key()
        simpy.Environment.step(self.env)
        passed = self.env.now - before
        assert passed >= 0
        self.waiting_area += waiting * passed
        self.busy_area += busy * passed
        self.session_area += sessions * passed
        self.inside_area += inside * passed
        self.steps += 1
        self._check()

    def _check_key(self) -> None:
        """No two timers that are due now and still do something share a key."""
        at, key, _, event = self.env._queue[0]
        if at != self.env.now:
            self.keys.clear()
        if isinstance(event, Timer) and event.callbacks:
            assert key not in self.keys, f"two timers with the key {key:x}"
            self.keys.add(key)

    def _check(self) -> None:
        desk, tables, staff = self.desk, self.setup.tables, self.desk.staff
        assert np.all((staff.load >= 0) & (staff.load <= staff.capacity)), "an agent over capacity"
        for pool in range(len(tables.pools)):
            mine = slice(staff.first[pool], staff.first[pool + 1])
            free = int((staff.duty[mine] & (staff.load[mine] == 0)).sum())
            assert staff.idle[pool] == free, "idle agents miscounted"
            assert staff.staffed[pool] == int(staff.duty[mine].sum()), "agents on duty miscounted"
            if free and desk.plain_pool[pool]:
                assert all(desk.head_time[line] == inf for line in desk.pool_lines[pool]), "idle while work waits"
        waiting = [0] * len(tables.channels)
        for line, queue in enumerate(desk.lines):
            here = [contact for contact in queue if contact.waiting]
            waiting[desk.desks.line_channel[line]] += len(here)
            assert desk.head_time[line] == (here[0].queued_at if here else inf), "a wrong head"
            assert [c.queued_at for c in here] == sorted(c.queued_at for c in here), "not first come, first served"
        assert waiting == desk.waiting, "waiting contacts miscounted"
        for number, place in enumerate(self.stations):
            if isinstance(place, LiveStation):
                if not any(self.replies[each] for each in place.sharers):  # who replies needs no place
                    assert sum(waiting[each] for each in place.sharers) <= place.places, "more contacts than places"
                if place.trunk is not None:
                    assert waiting[number] <= place.trunk.connected <= place.trunk.lines, "lines miscounted"
            elif isinstance(place, SelfServiceStation):
                assert 0 <= place.busy <= place.ports, "more sessions than ports"


def watch(config: Configuration, seed: int = 1, replication: int = 0) -> tuple[Watched, Log]:
    """One replication, watched: the simulation and its log."""
    simulation = Watched(config, seed, replication)
    return simulation, simulation.run()
