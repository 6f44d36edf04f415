"""The level of a group with deferred channels: one whole number, found by bracketing.

A group with deferred channels only has the shape of its plan times the level; one with live channels too has at least
that in each interval.

Comes in: the slack seen at the present number. Goes out: the next number to try, until one does and one less does not.
"""

from __future__ import annotations

import math

MOST, GAIN = 6, 0.05
"""times the start (and ten); slack in agents that doubling must bring, or agents are not what is missing"""


class Level:
    """`at` is the number to try next; `settled` once it does and one less does not.

    >>> level = Level(4)
    >>> while not level.settled:
    ...     level.learn(level.at - 6.5)    # 7 are needed
    >>> level.at
    7
    """

    def __init__(self, size: int, start: int | None = None) -> None:
        self.start = max(size, 1)
        self.at = self.start if start is None else start
        self.fails, self.does = 0, None
        self.stuck = False

    fails: int
    """most agents that did not do"""
    does: int | None
    """fewest agents that did"""

    @property
    def settled(self) -> bool:
        """Whether the search is over."""
        return self.stuck or (self.does is not None and self.does - self.fails == 1 and self.at == self.does)

    def learn(self, slack: float) -> None:
        """Takes in what was seen `at` and chooses the next number."""
        if self.stuck:
            return
        if slack >= 0:
            self.does = self.at
            self.fails = min(self.fails, self.at - 1)
        else:
            self.fails = self.at
            self.does = None if self.does is not None and self.does <= self.at else self.does
        self._choose(slack)

    def _choose(self, slack: float) -> None:
        if self.does is not None and self.does - self.fails == 1:
            self.at = self.does
        elif self.does is None:
            self.at += max(1, min(math.ceil(-slack), self.at))
            if self.at > MOST * self.start + 10:
                self.at, self.stuck = self.start, True
        elif slack >= 0:
            self.at = max(self.fails + 1, self.does - max(1, int(min(slack, self.does / 2))))
        else:
            self.at = min(self.does - 1, self.fails + max(1, math.ceil(min(-slack, self.does))))
