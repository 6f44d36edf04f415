"""Context as arrays: how likely a record is seen, and what it saves, by pair of channels.

Comes in: a checked configuration. Goes out: `Records`, which `sim.rules.records` reads. Under `integration.context:
token` only the time saved by channel matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..chance.sections import made_of
from ..model.centre import Configuration

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Records:
    """Indexed by channel: i where a record was left, j where it is looked for."""

    kept: bool
    """whether context is a record; else a token"""
    identified: Floats
    """(j) probability that the customer is identified"""
    visible: Floats
    """(i, j) probability that a record is seen"""
    savings: Floats
    """(i, j) share of handle time that it saves"""
    viewers: Ints
    """(j) key of the channel, made of its name"""
    override: Floats
    """(i) probability instead of `visible` for the record of a contact that was pushed on; -1: none"""
    told_after: float
    """share of a session after which a drop-out has told something"""


@made_of("channels", "integration")
def records_of(config: Configuration) -> Records:
    """The arrays of a configuration."""
    names, integration = config.open_channels, config.integration
    deflections = [getattr(config.channels[name], "deflection", None) for name in names]
    contexts = [None if push is None else push.context for push in deflections]
    return Records(
        kept=integration.context == "record",
        identified=np.array([integration.identified.get(name, 1.0) for name in names]),
        visible=np.array([[integration.carried(i, j) for j in names] for i in names]),
        savings=np.array([[integration.saved(i, j) for j in names] for i in names]),
        viewers=np.array([crc32(name.encode()) & 0x7FFF for name in names], dtype=np.int64),
        override=np.array([-1.0 if context is None else context for context in contexts]),
        told_after=float(integration.told_after),
    )
