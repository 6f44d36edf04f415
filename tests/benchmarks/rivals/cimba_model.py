# Cimba compiles the annotations as they stand, so this file has no postponed ones.
# mypy: ignore-errors
"""Cimba's model of the plain queue."""

import cimba as cb
from cimba import random


class Queue(cb.Model):
    """50 agents, 50 callers a minute, a minute of service and of patience."""

    line: cb.Store[float]
    taken: int = 0
    gone: int = 0
    served: cb.Output[float]
    left: cb.Output[float]

    @cb.process
    def arrivals(self):
        """Callers come with a moment at which they leave."""
        while True:
            cb.hold(random.exponential(1.2))
            self.line.put(cb.now() + random.exponential(60.0))

    @cb.process(copies=50)
    def agent(self):
        """Takes the first who is still there."""
        while True:
            if self.line.get() < cb.now():
                self.gone += 1
            else:
                cb.hold(random.exponential(60.0))
                self.taken += 1

    @cb.on_end
    def counts(self):
        """What happened."""
        self.served = float(self.taken)
        self.left = float(self.gone)
