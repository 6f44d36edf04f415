"""Whether both programs simulate the same model: their main outputs over replications, and how far apart they are.

`python -m tests.benchmarks.agreement 40` prints the table for 40 replications (seconds each).
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from sim.log.tables import Log
from sim.model import Configuration, Outcome

from .compared_centres import six_channels
from .idiomatic import ARRIVED, CHANNEL, CUSTOMER, ENDED, OUTCOME, Centre

Floats = NDArray[np.float64]
LEFT = (Outcome.ABANDONED.name.lower(), Outcome.UNANSWERED.name.lower())


def outputs(channel: NDArray[Any], customer: NDArray[Any], outcome: NDArray[Any], wait: Floats) -> dict[str, float]:
    """The main outputs, from columns by contact: names of channel and outcome, time until an agent or until leaving."""
    journeys = np.unique(customer).size
    found = {"customers": float(journeys), "contacts per journey": channel.size / journeys}
    found["solved journeys"] = float((outcome == "resolved").sum()) / journeys
    for name in ("website", "ivr", "chat", "email", "phone", "social"):
        mine = channel == name
        found[f"{name}: contacts per journey"] = mine.sum() / journeys
        found[f"{name}: left"] = float(np.isin(outcome[mine], LEFT).mean())
        if name not in ("website", "ivr"):
            found[f"{name}: wait, s"] = float(wait[mine].mean())
    return found


def of_log(log: Log) -> dict[str, float]:
    """The outputs of our engine."""
    names = np.array([outcome.name.lower() for outcome in sorted(Outcome)])
    codes = [int(outcome) for outcome in sorted(Outcome)]
    outcome = names[np.searchsorted(codes, log.contacts["outcome"])]
    return outputs(np.array(log.channels)[log.contacts["channel"]], log.contacts["entity"], outcome, log.wait)


def of_records(records: list[list[Any]]) -> dict[str, float]:
    """The outputs of the idiomatic program."""
    arrived, answered, ended = (np.array([r[i] for r in records]) for i in (ARRIVED, ARRIVED + 1, ENDED))
    channel, outcome = (np.array([r[i] for r in records]) for i in (CHANNEL, OUTCOME))
    return outputs(channel, np.array([r[CUSTOMER] for r in records]), outcome, np.fmin(answered, ended) - arrived)


def compared(replications: int) -> list[tuple[str, float, float, float]]:
    """(output, mean of the idiomatic program, mean of ours, difference in standard errors) over replications of a
    day."""
    mapping = six_channels()
    config = Configuration.from_mapping(mapping)
    theirs = [of_records(Centre(mapping, seed).run()) for seed in range(replications)]
    ours = [of_log(sim.simulate(config, replication)) for replication in range(replications)]
    rows = []
    for name in theirs[0]:
        a, b = (np.array([one[name] for one in many]) for many in (theirs, ours))
        error = float(np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / replications))
        rows.append((name, float(a.mean()), float(b.mean()), float(b.mean() - a.mean()) / error if error else 0.0))
    return rows


def main() -> None:
    """Print the table."""
    print(f"{'':30}{'idiomatic':>12}{'ours':>12}{'difference':>12} (standard errors)")
    for name, theirs, ours, distance in compared(int(sys.argv[1]) if len(sys.argv) > 1 else 10):
        print(f"{name:30}{theirs:12.4f}{ours:12.4f}{distance:12.1f}")


if __name__ == "__main__":
    main()
