"""The scopes of sums over contacts and journeys: which rows there are, and of which sums they are made.

Comes in: the layout of a centre. Goes out: for each scope in which a sum means something its name, its rows, and the
block of sums (`sim.measures.batches`) that holds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .layout import Layout, Names

ALL = "all"
QUEUED = ("live", "deferred")
"""kinds of channels with agents"""
ANY = ("self_service", *QUEUED)


class Block(NamedTuple):
    """Sums by the labels of cells, of which the last varies fastest."""

    labels: Names
    rows: tuple[int, ...] | None = None
    """only these of all combinations of labels; None: all"""
    together: bool = False
    """all rows added"""
    whole: bool = False
    """over the whole window alone, without time columns"""


class Part(NamedTuple):
    """A measure in one scope."""

    scope: str
    rows: Names
    block: Block


BY_CHANNEL = Block(("channel",))
CENTRE = BY_CHANNEL._replace(together=True)
JOURNEYS = Block(())


def of_contacts(layout: Layout, kinds: Names, by_group: bool) -> Iterator[Part]:
    """By channel of one of the kinds, for the centre where all kinds count, by channel and segment or reason where
    there are several; `by_group`: by the group of the agent who answered, too."""
    mine = layout.of_kinds(kinds)
    names = tuple(layout.channels[i] for i in mine)
    if len(mine) < len(layout.channels):
        yield Part("channel", names, BY_CHANNEL._replace(rows=mine))
    else:
        yield Part("channel", names, BY_CHANNEL)
        yield Part("centre", (ALL,), CENTRE)
    for label, known in (("segment", layout.segments), ("reason", layout.reasons)):
        if len(known) > 1:
            rows = tuple(i * len(known) + k for i in mine for k in range(len(known)))
            of_rows = tuple(f"{name}/{each}" for name in names for each in known)
            yield Part(f"channel_{label}", of_rows, Block(("channel", label), rows, whole=True))
    if by_group and layout.pools:  # the last row is that of contacts without an agent
        yield Part("pool", layout.pools, Block(("group",), tuple(range(len(layout.pools)))))


def of_journeys(layout: Layout) -> Iterator[Part]:
    """Of all journeys, by segment and reason where there are several."""
    yield Part("journey", (ALL,), JOURNEYS)
    for label, known in (("segment", layout.segments), ("reason", layout.reasons)):
        if len(known) > 1:
            yield Part(label, known, Block((label,)))
