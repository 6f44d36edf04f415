"""How full the centre is at chosen moments: what warm-up detection and its check look at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..log.tables import Log

Floats = NDArray[np.float64]


def contacts_inside(log: Log, moments: Floats) -> Floats:
    """(channels, moments): contacts in the centre (arrived, not ended) at each moment, by channel; of a piece of a log
    none at moments of which others tell."""
    channel, ended = log.contacts["channel"], np.nan_to_num(log.contacts["ended"], nan=np.inf)
    found = []
    for c in range(len(log.channels)):
        mine = channel == c
        came = np.searchsorted(np.sort(log.contacts["arrived"][mine]), moments, "right")
        found.append(came - np.searchsorted(np.sort(ended[mine]), moments, "right"))
    since, until = log.part
    return np.where((moments > since) & (moments <= until), np.array(found, dtype=np.float64), 0.0)
