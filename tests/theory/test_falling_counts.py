"""M/M/s(t) whose count falls from six to two at an hour: both answers to who leaves, against their Markov chains."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import expm_multiply

from sim import known_centres
from sim.engine import simulate
from sim.model import Configuration

SEED, REPLICATIONS = 2026112642, 250
RATE, BEFORE, AFTER, MOST = 3.0, 6, 2, 100
"""customers a minute, each served in a minute on average; agents before and after; customers at most"""


def before_the_fall() -> np.ndarray:
    """Chance of each number of customers at an hour, from none."""
    n = np.arange(MOST)
    up, down = np.full(MOST - 1, RATE), np.minimum(n[1:], BEFORE).astype(float)
    chain = sparse.diags([down, -np.append(up, 0.0) - np.insert(down, 0, 0.0), up], [-1, 0, 1], format="csr")
    return np.asarray(expm_multiply(chain.T * 60.0, np.eye(MOST)[0]))


def waiting_a_minute_later(on_fall: str) -> float:
    """Mean number who wait at 61 minutes. `named`: up to four busy agents finish beside the two who stay.
    `first_free`: nobody starts while two or more are busy."""
    named = on_fall == "named"
    index = {(b, q): b * MOST + q for b in range(BEFORE + 1) for q in range(MOST)}
    start = np.zeros(len(index))
    for n, chance in enumerate(before_the_fall()):
        busy = min(n, BEFORE)
        if named:  # b: those who leave, busy; q: customers of those who stay, in service or waiting
            start[index[max(0, busy - AFTER), n - max(0, busy - AFTER)]] += chance
        else:  # b: busy; q: waiting
            start[index[busy, n - busy]] += chance
    chain = sparse.lil_matrix((len(index), len(index)))
    for (b, q), here in index.items():
        moves = [((b - 1, q), float(b))] if b and named else []
        if named:
            moves += [((b, q + 1), RATE), ((b, q - 1), float(min(q, AFTER)))]
        else:
            moves.append(((b, q + 1) if b >= AFTER else (b + 1, q), RATE))
            moves.append(((b, q - 1) if b == AFTER and q else (b - 1, q), float(b)))
        for to, rate in moves:
            if rate and to in index:
                chain[here, index[to]] += rate
                chain[here, here] -= rate
    end = expm_multiply(chain.tocsr().T, start)
    return float(sum(end[i] * (max(0, q - AFTER) if named else q) for (_, q), i in index.items()))


@pytest.mark.parametrize("on_fall", ["named", "first_free"])
def test_who_waits_after_a_fall(on_fall: str) -> None:
    """The mean over replications within 3.3 standard errors of the exact one; the two answers are 0.43 apart."""
    config = Configuration.from_mapping(
        {
            **known_centres.phone(RATE, known_centres.exponential(1), BEFORE),
            "run": {"warm_up": 0, "measure": "61 min", "end": "cut", "interval": "1 d"},
        }
    )
    (name, pool), *_ = config.staffing.items()
    counts = {"interval": "1 h", "values": [BEFORE] + [AFTER] * 23}
    changed = type(pool).model_validate({"serves": dict(pool.serves), "counts": counts, "on_fall": on_fall})
    config = config.changed(staffing={name: changed})
    seen = []
    for replication in range(REPLICATIONS):
        contacts = simulate(config, SEED, replication).contacts
        seen.append(np.isnan(contacts["answered"]).sum())
    error = np.std(seen, ddof=1) / sqrt(REPLICATIONS)
    assert error < 0.2
    assert abs(np.mean(seen) - waiting_a_minute_later(on_fall)) < 3.3 * error


def test_the_two_answers_differ() -> None:
    assert waiting_a_minute_later("first_free") - waiting_a_minute_later("named") == pytest.approx(0.43, abs=0.01)
