"""What the rows of all tables of a centre are: the names that its log is arranged by.

Comes in: a log and its configuration. Goes out: a value that is equal for all logs whose tables have the same rows, so
that what follows from it alone (`sim.measures.plan`, `sim.measures.kinds`) is remembered from log to log.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ..log.tables import Log
from ..model.centre import Configuration

Names = tuple[str, ...]


class Layout(NamedTuple):
    """Channels with their kinds, agent groups, segments and reasons, in the order of their numbers in the log."""

    channels: Names
    kinds: Names
    """of each channel: live, deferred, self_service"""
    pools: Names
    segments: Names
    reasons: Names

    def of_kinds(self, kinds: Collection[str]) -> tuple[int, ...]:
        """Numbers of the channels of these kinds."""
        return tuple(i for i, kind in enumerate(self.kinds) if kind in kinds)


def layout_of(log: Log, config: Configuration) -> Layout:
    """The layout of a log of this configuration."""
    kinds = tuple(config.channels[name].kind for name in log.channels)
    return Layout(log.channels, kinds, log.pools, log.segments, log.reasons)
