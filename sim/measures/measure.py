"""What a measure is: the declaration that the catalogue is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .window import Facts

Floats = NDArray[np.float64]
Weights = Callable[[Facts], Floats]
Unit = Literal["contacts", "share", "s", "journeys", "1", "agents", "h", "money", "posts", "impressions"]


@dataclass(frozen=True)
class Measure:
    """A measure of contacts (rows: channels and all) or of journeys (rows: all, segments, reasons)."""

    name: str
    title: str
    unit: Unit
    of: Literal["contact", "journey"]
    formula: str
    top: Weights
    bottom: Weights | None = None
    better: Literal["higher", "lower", ""] = ""
    kinds: tuple[str, ...] = ("self_service", "live", "deferred")
    """kinds of channels it means something for"""


@dataclass(frozen=True)
class Description:
    """What a table or a plot prints about a measure."""

    name: str
    title: str
    unit: str
    formula: str
    better: str


QUEUED = ("live", "deferred")
"""kinds of channels with agents"""


def one(facts: Facts) -> Floats:
    """Each contact of the window."""
    return np.ones(facts.arrived.size)


def each(facts: Facts) -> Floats:
    """Each journey of the window."""
    return np.ones(facts.began.size)


def served(facts: Facts) -> Floats:
    """Each contact that an agent or a session dealt with to the end."""
    return facts.served
