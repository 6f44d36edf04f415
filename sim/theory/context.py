"""Journeys in which what a customer said is carried along or lost: a journey and an integration matrix come in;
restarts, minutes and resolution go out. It is the exact answer to "what does connecting the channels do", queues
apart."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import FloatArray, array, fraction, whole
from sim.theory.journeys import Journey


def carry_matrix(level: float, channels: int, diagonal: float = 1.0) -> FloatArray:
    """Chance that context is carried from each channel to each: `level` off the diagonal, `diagonal` for a repeat on
    the same channel. Shape (channels, channels). Raises ValueError for chances outside [0, 1]."""
    carried = np.full((whole("channels", channels, 1),) * 2, fraction("level", level))
    np.fill_diagonal(carried, fraction("diagonal", diagonal))
    return carried


@dataclass(frozen=True, eq=False)
class ContextJourney:
    """A journey whose contacts have the history of the last one at hand or not: 2n states, row 0 without and row 1 with
    context. The first contact has none; a hop i to j carries it with chance carry[i, j] (n, n), drawn afresh. Contacts
    without context follow `base`; those with it resolve by `p_resolve_with` and give up by `p_give_up_with`, both (n,).

    Raises ValueError for bad shapes or chances, and for journeys without end. Source: as `Journey`, on the doubled
    chain.
    """

    base: Journey
    carry: ArrayLike
    p_resolve_with: ArrayLike
    p_give_up_with: ArrayLike

    @cached_property
    def _doubled(self) -> Journey:
        b, n = self.base, len(self.base.moves)
        carried = array("carry", self.carry, (n, n), upper=1.0)
        switch = np.asarray(b.switch)
        resolve = np.concatenate((np.asarray(b.p_resolve), array("p_resolve_with", self.p_resolve_with, (n,), upper=1)))
        give_up = np.concatenate((np.asarray(b.p_give_up), array("p_give_up_with", self.p_give_up_with, (n,), upper=1)))
        rows = np.hstack((switch * (1 - carried), switch * carried))
        return Journey(np.concatenate((b.first, np.zeros(n))), resolve, give_up, np.vstack((rows, rows)))

    def __post_init__(self) -> None:
        _ = self._doubled

    @property
    def visits(self) -> FloatArray:
        """Mean contacts per journey, [0] without and [1] with context. Shape (2, n)."""
        return self._doubled.visits.reshape(2, -1)

    @property
    def contacts_mean(self) -> float:
        """Mean contacts per journey."""
        return self._doubled.contacts_mean

    @property
    def p_resolved(self) -> float:
        """Share of journeys resolved."""
        return self._doubled.p_resolved

    @property
    def restarts(self) -> float:
        """Mean times per journey that a customer explains again: contacts without context beyond the first."""
        return float(self.visits[0].sum()) - 1

    def total(self, without: ArrayLike, with_context: ArrayLike) -> float:
        """Mean per journey of a quantity that each contact adds, by channel, without and with context (minutes,
        cost)."""
        values = np.stack((np.asarray(without, dtype=np.float64), np.asarray(with_context, dtype=np.float64)))
        return float((self.visits * values).sum())
