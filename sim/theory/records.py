"""Journeys in which every contact leaves a record: a journey, how likely records are seen, how likely customers are
identified come in; contacts with and without context, restarts and time saved go out. Exact for a few channels, queues
apart."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.chains import expected_visits
from sim.theory.checks import FloatArray, array
from sim.theory.journeys import Journey

Seen = frozenset[tuple[int, int]]
"""pairs (i, j): some record of channel i is visible in channel j"""
State = tuple[int, bool, Seen]
"""channel of the leg that begins, whether any record exists, what is visible where"""
NOTHING, CARRIED, LOST = range(3)
MOST_CHANNELS = 3


@dataclass(frozen=True, eq=False)
class RecordJourney:
    """A journey over up to three channels. After a contact on i (with chance `teaches[i]`) a record stays that channel
    j sees with chance visible[i, j], once and for all, independently for each j. A leg on j finds its customer
    identified with chance `identified[j]`; then it has context if j sees any record; if there are records and it has
    none, the customer starts over. Contacts without context follow `base`, those with it resolve by `p_resolve_with`.

    A chain on (channel, whether there are records, set of pairs visible). Raises ValueError as `Journey` does.
    Source: Kemeny and Snell, Finite Markov Chains (1960), chapter 3, on the states of MODEL section 6.
    """

    base: Journey
    visible: ArrayLike
    identified: ArrayLike
    p_resolve_with: ArrayLike
    teaches: ArrayLike

    def __post_init__(self) -> None:
        n = len(self.base.moves)
        if n > MOST_CHANNELS:
            raise ValueError(f"base: at most {MOST_CHANNELS} channels, got {n}")
        object.__setattr__(self, "visible", array("visible", self.visible, (n, n), upper=1.0))
        for name in ("identified", "p_resolve_with", "teaches"):
            object.__setattr__(self, name, array(name, getattr(self, name), (n,), upper=1.0))

    def _contexts(self, state: State) -> list[tuple[int, float]]:
        """Chances of the contexts with which a leg begins."""
        j, told, seen = state
        if not told:
            return [(NOTHING, 1.0)]
        known = float(np.asarray(self.identified)[j]) if any(to == j for _, to in seen) else 0.0
        return [(CARRIED, known), (LOST, 1 - known)]

    def _left(self, i: int, told: bool, seen: Seen) -> list[tuple[bool, Seen, float]]:
        """What records there are after a contact on i."""
        teaches, g = float(np.asarray(self.teaches)[i]), np.asarray(self.visible)[i]
        found = [(told, seen, 1 - teaches)]
        for bits in product((False, True), repeat=g.size):
            chance = float(np.prod(np.where(bits, g, 1 - g)))
            found.append((True, seen | {(i, j) for j, bit in enumerate(bits) if bit}, teaches * chance))
        return [each for each in found if each[2] > 0]

    def _going_on(self, i: int, context: int) -> FloatArray:
        """Chances of the next channel after a contact on i."""
        b = self.base
        resolve = np.asarray(self.p_resolve_with if context == CARRIED else b.p_resolve)[i]
        return np.asarray((1 - resolve) * (1 - np.asarray(b.p_give_up)[i]) * np.asarray(b.switch)[i])

    @cached_property
    def _visits(self) -> dict[State, float]:
        """Mean legs per journey by state."""
        states: dict[State, int] = {
            (int(j), False, frozenset()): k for k, j in enumerate(np.flatnonzero(self.base.first))
        }
        frontier: list[State] = list(states)
        moves: list[tuple[int, int, float]] = []
        while frontier:
            state = frontier.pop()
            for (context, p), (told, seen, q) in product(self._contexts(state), self._left(*state)):
                for j, move in enumerate(self._going_on(state[0], context).tolist()):
                    if p * q * move > 0:
                        following = (j, told, seen)
                        if following not in states:
                            states[following] = len(states)
                            frontier.append(following)
                        moves.append((states[state], states[following], p * q * move))
        matrix, start = np.zeros((len(states),) * 2), np.zeros(len(states))
        for a, b, p in moves:
            matrix[a, b] += p
        start[: np.count_nonzero(self.base.first)] = self.base.first[self.base.first > 0]
        return dict(zip(states, expected_visits(start, matrix).tolist(), strict=True))

    @cached_property
    def visits(self) -> FloatArray:
        """Mean contacts per journey with nothing to know, with context, starting over. Shape (3, n)."""
        found = np.zeros((3, len(self.base.moves)))
        for state, mean in self._visits.items():
            for context, p in self._contexts(state):
                found[context, state[0]] += mean * p
        return found

    @property
    def restarts(self) -> float:
        """Mean times per journey that a customer starts over."""
        return float(self.visits[LOST].sum())

    @property
    def contacts_mean(self) -> float:
        """Mean contacts per journey."""
        return float(self.visits.sum())

    def saved(self, savings: ArrayLike) -> FloatArray:
        """Sum per journey of the share of handle time saved, by channel: in each contact with context the largest of
        savings[i, j] over the channels i that are visible. Shape (n,)."""
        n, share = len(self.base.moves), np.asarray(savings, dtype=np.float64)
        found = np.zeros(n)
        for (j, _, seen), mean in self._visits.items():
            most = max((float(share[i, to]) for i, to in seen if to == j), default=0.0)
            found[j] += mean * float(np.asarray(self.identified)[j]) * most
        return found
