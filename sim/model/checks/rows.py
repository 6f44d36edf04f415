"""Checks of a single row of the switching matrix, however it is said.

Comes in: a row and where it stands. Goes out: every problem found.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import Problem
from ..centre import Configuration
from ..rows import GIVE_UP, Row
from .common import not_empty, sums_to_one, unknown


def row_problems(config: Configuration, where: str, channel: str, row: Row) -> Iterator[Problem]:
    """Problems of one row out of `channel`."""
    if row.loyal and row.to:
        yield Problem(where, "says where customers go twice: give either to, or stay, else and give_up")
    elif row.loyal:
        yield from _loyal(config, where, channel, row)
    else:
        yield from not_empty(f"{where}.to", row.to)
        yield from unknown(f"{where}.to", row.to, (*config.channels, GIVE_UP), "channel")
        yield from sums_to_one(f"{where}.to", row.to)
    yield from unknown(f"{where}.delay_to", row.delay_to, config.channels, "channel")


def _loyal(config: Configuration, where: str, channel: str, row: Row) -> Iterator[Problem]:
    if row.give_up is None:
        yield Problem(f"{where}.give_up", "is missing: beside stay and else, a row says who gives up (0 for nobody)")
    if row.stay is None and channel not in config.journeys.stay:
        yield Problem(f"{where}.stay", f"is missing: say it here or in journeys.stay.{channel}")
    elif not row.elsewhere and row.mean_stay(channel, config.journeys.stay) < 1:
        yield Problem(f"{where}.else", "is empty: must sum to 1, unless stay is 1")
    if channel in row.elsewhere:
        yield Problem(f"{where}.else.{channel}", "is the same channel: that is what stay says")
    others = [name for name in config.channels if name != channel]
    yield from unknown(f"{where}.else", (name for name in row.elsewhere if name != channel), others, "channel")
    yield from sums_to_one(f"{where}.else", row.elsewhere)
