"""M/M/c where customers leave by the number who wait: a birth-death chain with known balance (Haight 1957)."""

from __future__ import annotations

from math import sqrt

import numpy as np

from sim import known_centres
from sim.engine import simulate
from sim.model import Configuration, Outcome

SEED, REPLICATIONS = 2026112641, 32
RATE, AGENTS, SHARES = 2.5, 2, (0.2, 0.5, 0.8)


def exact() -> tuple[float, float]:
    """(share who balk, share of those who stay who wait); states beyond 200 have no weight."""
    leave = np.array([0.0] * AGENTS + [SHARES[min(n, 2)] for n in range(200)])
    up, down = RATE * (1 - leave[:-1]), np.minimum(np.arange(1, leave.size), AGENTS)
    weights = np.concatenate([[1.0], np.cumprod(up / down)])
    weights /= weights.sum()
    balked = float(weights @ leave)
    waits = float(weights[AGENTS:] @ (1 - leave[AGENTS:]))
    return balked, waits / (1 - balked)


def test_customers_who_balk_by_the_number_waiting() -> None:
    """Both shares within 3.3 standard errors of the exact ones, over replications of ten hours; the error below 1 %."""
    config = Configuration.from_mapping(
        {
            **known_centres.phone(RATE, known_centres.exponential(1), AGENTS),
            "run": {"warm_up": "1 h", "measure": "10 h", "end": "follow"},
        }
    )
    phone = config.channels["phone"]
    balking = phone.balking.model_copy(update={"by_waiting": SHARES})  # type: ignore[union-attr]
    config = config.changed(channels={"phone": phone.model_copy(update={"balking": balking})})
    seen = []
    for replication in range(REPLICATIONS):
        log = simulate(config, SEED, replication)
        begun = (log.contacts["arrived"] >= log.window[0]) & (log.contacts["arrived"] < log.window[1])
        outcome, wait = log.contacts["outcome"][begun], log.wait[begun]
        stayed = outcome != Outcome.BALKED
        seen.append((1 - stayed.mean(), (wait[stayed] > 0).mean()))
    for found, truth in zip(np.array(seen).T, exact(), strict=True):
        error = found.std(ddof=1) / sqrt(REPLICATIONS)
        assert error < 0.01
        assert abs(found.mean() - truth) < 3.3 * error
