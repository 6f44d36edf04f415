"""Every kind of draw, to the last bit, as text: run as a program with NUMBA_DISABLE_JIT=1 it must print the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from math import lgamma

import numpy as np

from sim.chance.arrivals import Arrivals
from sim.chance.normal import normal_quantile
from sim.chance.philox import uniform
from sim.chance.rosters import Roster
from sim.chance.sampler import sample
from sim.model import Configuration

LAWS = np.array([  # code, share, shift, coefficients; one of each code at least
    [0, 1, 0, 3.7, 0, 0], [1, 1, 2.2, 1.1, 7.3, 0], [2, 1, 0, 123.4, 0, 0], [3, 1, 0, 2.5, 17.0, lgamma(2.5)],
    [3, 1, 0, 0.3, 17.0, lgamma(0.3)], [3, 1, 0, 40.0, 1.7, lgamma(40.0)], [4, 1, 0, 3.1, 1.2, 0],
    [5, 1, 0, 50.0, 1 / 0.7, 0], [2, 0.3, 0, 3.3, 0, 0], [3, 0.7, 1.5, 0.7, 9.0, lgamma(0.7)], [6, 1, 4.4, 8, 2, 0],
    [7, 1, 0, 0, 5, 0], [8, 1, 0, 1, 4, 0], [9, 1, 0, 50.0, 0.4, 0], [10, 1, 0, 3.0, 2.0, 9.5],
])  # fmt: skip
QUANTILES = np.array([0, 1.5, 2.7, 9.1, 33.3])


def all_draws(config: Configuration) -> dict[str, list[str]]:
    """Uniforms, normal quantiles, every law, and a day of every stream and pool of a configuration."""
    entities = range((3 << 45) + 12345, (3 << 45) + 12345 + 300)
    u = [uniform(1, 2, e, 256, 7 << 16) for e in entities]
    found = {"uniform": _hex(u), "normal": _hex(normal_quantile(x) for x in u)}
    for law in range(len(LAWS)):
        found[f"law {law}"] = _hex(sample(LAWS, QUANTILES, law, 1, 2, e, 256, 7 << 16) for e in entities)
    arrivals = Arrivals(config, 5, 1)
    for day in (0, 3):
        customers = arrivals.day(day)
        found[f"times {day}"] = _hex(customers.time)
        for name in ("entity", "segment", "reason", "channel"):
            found[f"{name} {day}"] = [str(value) for value in getattr(customers, name)]
    for name in config.staffing:
        found[f"pool {name}"] = [str(count) for count in Roster(config, name, 5, 1).counts(2)]
    return found


def _hex(values: Iterable[float]) -> list[str]:
    return [float(value).hex() for value in values]


if __name__ == "__main__":
    print(json.dumps(all_draws(Configuration.from_mapping(json.load(sys.stdin)))))
