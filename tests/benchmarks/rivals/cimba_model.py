# Cimba compiles the annotations as they stand, so this file has no postponed ones.
# mypy: ignore-errors
"""The plain queue in Cimba twice: in the quickest way there is, and as its own documentation writes impatience."""

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


LEFT = 1
"""what a caller's timer says"""


class Caller(cb.Model):
    """Waits for an agent with a timer running, as "Process handles and timers" in Cimba's documentation has it."""

    centre: cb.Ref["Centre"]

    @cb.process
    def call(self):
        """Is served, or leaves."""
        me = cb.this_process()
        me.timer_set(random.exponential(60.0), LEFT)
        if self.centre.agents.acquire() == 0:
            me.timers_clear()
            cb.hold(random.exponential(60.0))
            self.centre.agents.release()
            self.centre.taken += 1
        else:
            self.centre.gone += 1
        cb.release(self)


class Centre(cb.Model):
    """The same queue, a process for each caller."""

    agents: cb.Resource = cb.Resource(capacity=50)
    taken: int = 0
    gone: int = 0
    served: cb.Output[float]
    left: cb.Output[float]

    @cb.process
    def arrivals(self):
        """Callers come."""
        while True:
            cb.hold(random.exponential(1.2))
            cb.spawn(Caller, centre=self)

    @cb.on_end
    def counts(self):
        """What happened."""
        self.served = float(self.taken)
        self.left = float(self.gone)
