"""Checks of feelings across parts: channels and segments that must exist, tolerances that waits can exceed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...errors import Problem
from .common import unknown

if TYPE_CHECKING:
    from ..centre import Configuration


def feelings(config: Configuration) -> Iterator[Problem]:
    """All problems of `config.feelings` that need the rest of the centre to see."""
    felt, where = config.feelings, "feelings"
    yield from unknown(f"{where}.public", felt.public, config.channels, "channel")
    yield from unknown(f"{where}.tolerance", felt.tolerance, config.channels, "channel")
    segments = config.customers.segments
    yield from unknown(f"{where}.customer_value_by_segment", felt.customer_value_by_segment, segments, "segment")
    if felt.posts.probability > 0 and not felt.public:
        yield Problem(
            f"{where}.public", "posts need a public channel, got none (list one, or set posts.probability to 0)"
        )
