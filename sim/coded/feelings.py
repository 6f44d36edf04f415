"""The coefficients of feelings (`sim.model.feelings`) as numbers and tables.

Comes in: a checked configuration. Goes out: `Feelings`. With every coefficient at zero `moved` is false and no engine
computes anything.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..chance.sections import made_of
from ..model.centre import Configuration
from ..model.channels import SelfService
from ..model.outcomes import Outcome

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TURNED_AWAY = (Outcome.BLOCKED, Outcome.CLOSED, Outcome.BALKED)


class Feelings(NamedTuple):
    """By channel c and outcome o."""

    moved: bool
    """whether anything can move frustration away from 0"""
    tolerance: Floats
    """(c) wait that leaves no mark, s"""
    wait: float
    """growth for each doubling of the wait beyond it"""
    grown: Floats
    """(c, o) growth by outcome"""
    kept: Floats
    """(o) share that stays"""
    reopened: float
    """growth when an issue that seemed solved comes back"""
    restart: float
    forced_hop: float
    impatience: float
    """patience x exp(-this x frustration)"""
    public: Ints
    """(c) 1 where others can read"""
    to_public: float
    to_give_up: float


@made_of("channels", "feelings")
def feelings_of(config: Configuration) -> Feelings:
    """The feelings of a configuration's customers."""
    felt, names = config.feelings, config.open_channels
    growth, effects = felt.growth, felt.effects
    grown = np.zeros((len(names), len(Outcome)))
    grown[:, TURNED_AWAY] = growth.turned_away
    grown[:, Outcome.FAILED], grown[:, Outcome.TRANSFERRED] = growth.failure, growth.transfer
    for c, name in enumerate(names):
        if isinstance(config.channels[name], SelfService):
            grown[c, Outcome.ABANDONED] = growth.failure  # a session left half-way was dealt with and did not help
            grown[c, Outcome.TRANSFERRED] = 0.0  # being put through is part of the contact
    kept = np.ones(len(Outcome))
    kept[Outcome.RESOLVED] = 1.0 - felt.relief
    return Feelings(
        moved=bool(felt.moved),
        tolerance=np.array([felt.tolerance_of(name, config.channels[name]) for name in names]),
        wait=float(growth.wait),
        grown=grown,
        kept=kept,
        reopened=float(growth.failure),
        restart=float(growth.restart),
        forced_hop=float(growth.forced_hop),
        impatience=float(effects.patience),
        public=np.array([name in felt.public for name in names], dtype=np.int64),
        to_public=float(effects.public),
        to_give_up=float(effects.give_up),
    )
