"""The engine under observation: after every event its state is checked and its queues are integrated over time.

The integrals are kept here, from the desk's state alone, so that they can be compared with what the log says.
"""

from __future__ import annotations

from math import inf

import simpy

from sim.engine.log import Log
from sim.engine.reference.simulation import Simulation
from sim.engine.reference.stations import LiveStation, SelfServiceStation
from sim.model import Configuration


class Watched(Simulation):
    """A simulation that checks itself after every event."""

    def __init__(self, config: Configuration, seed: int, replication: int) -> None:
        super().__init__(config, seed, replication)
        self.env.step = self._step  # type: ignore[method-assign]
        self.waiting_area = self.busy_area = self.session_area = self.inside_area = 0.0
        self.steps = 0

    def _step(self) -> None:
        waiting = sum(1 for queue in self.desk.lines for contact in queue if contact.waiting)
        sessions = sum(place.busy for place in self.stations if isinstance(place, SelfServiceStation))
        busy, inside, before = int(self.desk.load.sum()), len(self.inside), self.env.now
        simpy.Environment.step(self.env)
        passed = self.env.now - before
        assert passed >= 0
        self.waiting_area += waiting * passed
        self.busy_area += busy * passed
        self.session_area += sessions * passed
        self.inside_area += inside * passed
        self.steps += 1
        self._check()

    def _check(self) -> None:
        desk, tables = self.desk, self.setup.tables
        assert set(desk.load.tolist()) <= {0, 1}, "an agent over capacity"
        for pool in range(len(tables.pools)):
            mine = slice(desk.first[pool], desk.first[pool + 1])
            free = int((desk.duty[mine] & (desk.load[mine] == 0)).sum())
            assert desk.idle[pool] == free, "idle agents miscounted"
            assert desk.staffed[pool] == int(desk.duty[mine].sum()), "agents on duty miscounted"
            if free:
                assert all(desk.head_time[line] == inf for line in tables.pool_lines[pool]), "idle while work waits"
        waiting = [0] * len(tables.channels)
        for line, queue in enumerate(desk.lines):
            here = [contact for contact in queue if contact.waiting]
            waiting[tables.line_channel[line]] += len(here)
            assert desk.head_time[line] == (here[0].arrived if here else inf), "a wrong head"
            assert [c.arrived for c in here] == sorted(c.arrived for c in here), "not first come, first served"
        assert waiting == desk.waiting, "waiting contacts miscounted"
        for number, place in enumerate(self.stations):
            if isinstance(place, LiveStation):
                assert waiting[number] <= place.places, "more contacts than places"
                assert waiting[number] <= place.connected <= place.lines or not place.counts_lines, "lines miscounted"
            elif isinstance(place, SelfServiceStation):
                assert 0 <= place.busy <= place.ports, "more sessions than ports"


def watch(config: Configuration, seed: int = 1, replication: int = 0) -> tuple[Watched, Log]:
    """One replication, watched: the simulation and its log."""
    simulation = Watched(config, seed, replication)
    return simulation, simulation.run()
