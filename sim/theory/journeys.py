"""Journeys without queues as absorbing chains: where customers start, what resolves, where the rest go on to; out come
contacts, channels, resolution. Every journey count of the simulator has its known answer here.

Channels are positions 0..n-1 in the order of the caller's vectors."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.chains import expected_visits
from sim.theory.checks import FloatArray, array, distribution, rows_up_to_one, whole

MOST_CHANNELS_FOR_SUBSETS = 14


@dataclass(frozen=True, eq=False)
class Journey:
    """A customer starts on a channel by `start` (shape (n,), sums to 1); each contact resolves with `p_resolve` (n,),
    else the customer gives up with `p_give_up` (n,), else moves by a row of `switch` (n, n; rows sum to 1). No contact
    limit.

    Formulas: fundamental matrix F = (I - Q)^-1 with Q[i, j] = (1 - p_resolve[i]) (1 - p_give_up[i]) switch[i, j].
    Raises ValueError for shapes, chances or sums that do not fit, and for journeys without end.
    Source: Kemeny and Snell, Finite Markov Chains (1960), chapter 3.
    """

    start: ArrayLike
    p_resolve: ArrayLike
    p_give_up: ArrayLike
    switch: ArrayLike

    def __post_init__(self) -> None:
        n = len(distribution("start", self.start))
        object.__setattr__(self, "start", distribution("start", self.start))
        object.__setattr__(self, "p_resolve", array("p_resolve", self.p_resolve, (n,), upper=1.0))
        object.__setattr__(self, "p_give_up", array("p_give_up", self.p_give_up, (n,), upper=1.0))
        object.__setattr__(self, "switch", rows_up_to_one("switch", self.switch, n, exactly=True))
        _ = self.visits

    @cached_property
    def first(self) -> FloatArray:
        """`start` as an array."""
        return np.asarray(self.start, dtype=np.float64)

    @cached_property
    def moves(self) -> FloatArray:
        """Q[i, j]: chance that a contact on i is followed by one on j. Shape (n, n)."""
        unresolved = 1 - np.asarray(self.p_resolve, dtype=np.float64)
        going_on = unresolved * (1 - np.asarray(self.p_give_up, dtype=np.float64))
        return going_on[:, None] * np.asarray(self.switch, dtype=np.float64)

    @cached_property
    def visits(self) -> FloatArray:
        """Mean contacts per journey on each channel: start F. Shape (n,)."""
        return expected_visits(self.first, self.moves)

    @property
    def contacts_mean(self) -> float:
        """Mean contacts per journey."""
        return float(self.visits.sum())

    @property
    def contacts_variance(self) -> float:
        """Variance of contacts per journey: start (2 F - I) F 1 - mean^2."""
        onward = np.linalg.solve(np.eye(len(self.moves)) - self.moves, np.ones(len(self.moves)))
        return float(2 * self.visits @ onward) - self.contacts_mean - self.contacts_mean**2

    @property
    def resolved_by_channel(self) -> FloatArray:
        """Share of journeys resolved on each channel. Shape (n,)."""
        return self.visits * np.asarray(self.p_resolve, dtype=np.float64)

    @property
    def p_resolved(self) -> float:
        """Share of journeys resolved; the rest are given up."""
        return float(self.resolved_by_channel.sum())

    @property
    def p_resolved_at_first(self) -> float:
        """Share of journeys resolved by their first contact."""
        return float(self.first @ np.asarray(self.p_resolve, dtype=np.float64))

    def kth_contact(self, k: int) -> FloatArray:
        """Chance that the k-th contact (k >= 1) takes place and is on each channel: start Q^(k-1). Shape (n,)."""
        return np.asarray(self.first @ np.linalg.matrix_power(self.moves, whole("k", k, 1) - 1), dtype=np.float64)

    def p_contacts(self, k: int) -> float:
        """Chance of exactly k >= 1 contacts."""
        return float(self.kth_contact(k).sum() - self.kth_contact(k + 1).sum())

    def kth_contact_share(self, k: int) -> FloatArray:
        """Of the k-th contacts that take place, the share on each channel. Shape (n,)."""
        reached = self.kth_contact(k)
        return np.asarray(reached / reached.sum(), dtype=np.float64)

    @cached_property
    def p_ever_on(self) -> FloatArray:
        """Chance to use each channel at least once: visits[j] / F[j, j]. Shape (n,)."""
        returns = np.diag(np.linalg.inv(np.eye(len(self.moves)) - self.moves))
        return np.asarray(self.visits / returns, dtype=np.float64)

    def _channel(self, name: str, value: int) -> int:
        if whole(name, value) >= len(self.moves):
            raise ValueError(f"{name}: must be below the {len(self.moves)} channels, got {value!r}")
        return value

    def p_only_on(self, *channels: int) -> float:
        """Chance that every contact of the journey is on the named channels."""
        kept = sorted({self._channel("channels", c) for c in channels})
        if not kept:
            return 0.0
        visits = expected_visits(self.first[kept], self.moves[np.ix_(kept, kept)])
        return float(visits @ (1 - self.moves[kept].sum(axis=1)))

    @cached_property
    def distinct_channels(self) -> FloatArray:
        """Chance that a journey uses exactly d = 1..n different channels; shape (n,), entry d - 1.

        The sum of p_only_on over sets of m channels is sum over d of P(d) C(n - d, m - d), solved for P.
        Raises ValueError above 14 channels: 2^n sets are solved.
        """
        n = len(self.moves)
        if n > MOST_CHANNELS_FOR_SUBSETS:
            raise ValueError(f"start: at most {MOST_CHANNELS_FOR_SUBSETS} channels for distinct_channels, got {n}")
        found: list[float] = []
        for m in range(1, n + 1):
            inside = sum(self.p_only_on(*subset) for subset in combinations(range(n), m))
            found.append(inside - sum(p * comb(n - d, m - d) for d, p in enumerate(found, start=1)))
        return np.array(found)

    def contacts_with_earlier(self, channel: int, earlier: int) -> float:
        """Share of contacts on `channel` before which the customer had used the other channel `earlier`."""
        if self._channel("earlier", earlier) == self._channel("channel", channel):
            raise ValueError(f"earlier: must differ from channel, got {earlier!r}")
        kept = [i for i in range(len(self.moves)) if i != earlier]
        before = expected_visits(self.first[kept], self.moves[np.ix_(kept, kept)])
        return 1 - float(before[kept.index(channel)] / self.visits[channel])

    def journeys_with_both(self, channel: int, other: int) -> float:
        """Share of the journeys that use `channel` that use `other` as well, before or after."""
        pair = (self._channel("channel", channel), self._channel("other", other))
        rest = [i for i in range(len(self.moves)) if i not in pair]
        either = 1 - self.p_only_on(*rest)
        return float(1 + (self.p_ever_on[other] - either) / self.p_ever_on[channel])
