"""Which agent groups a channel's agents in a file belong to.

Comes in: the recorded centre. Goes out: shares by group, and a notice. A file counts the agents of a channel, whatever
group they are in; where several groups serve it, each has its part in proportion to its configured agents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model.centre import Configuration
from ..model.people import Pool


def shares_of(config: Configuration, channel: str) -> dict[str, float]:
    """Each group's share of the agents of a channel, by their configured numbers (alike if none has any); empty if no
    group serves it."""
    sizes = {name: _size(pool) for name, pool in config.staffing.items() if channel in pool.serves}
    total = sum(sizes.values())
    return {name: size / total if total > 0 else 1 / len(sizes) for name, size in sizes.items()}


def sharing_words(config: Configuration, channels: Iterable[str]) -> Iterator[str]:
    """A notice for every channel of several groups."""
    for channel in channels:
        shares = shares_of(config, channel)
        if len(shares) > 1:
            said = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
            yield (
                f"channel {channel}: several agent groups serve it, and its agents in the file are shared out in "
                f"proportion to those configured (staffing.<group>.agents): {said}"
            )


def _size(pool: Pool) -> float:
    """Net agents of a group at its peak, as configured."""
    most = max(pool.counts.values) if pool.counts is not None else pool.agents
    agents = float(sum(shift.agents for shift in pool.shifts)) if pool.shifts else most
    net = agents * (1 - pool.shrinkage) if pool.said == "scheduled" else agents
    return max(net * pool.factor + pool.plus, 0.0)
