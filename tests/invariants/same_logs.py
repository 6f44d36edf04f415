"""Whether two working copies write the same logs: all scenarios, and random centres with every mechanism.

In one copy `python -m tests.invariants.same_logs write FILE` writes a digest of every column of every log; in the other
`python -m tests.invariants.same_logs FILE` simulates the same centres again and names each column that differs, or that
only one of them has. A change that must keep every log equal to the bit is run through it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings

import sim
from sim.log.tables import Log
from sim.model import Configuration

from .mechanised_centres import mechanised
from .random_centres import centres

SHORT = ("run.warm_up=4 h", "run.measure=6 h", "run.follow_limit=3 h", "run.replications=1", "demand.scale=0.3")
RANDOM_CENTRES = 100
"""of each of the two kinds: plain, and with mechanisms"""
Digests = dict[str, str]


def drawn(strategy: Any, number: int) -> list[dict[str, Any]]:
    """The same random mappings at every call."""
    kept: list[dict[str, Any]] = []

    @settings(max_examples=number, derandomize=True, database=None, deadline=None)
    @given(strategy)
    def keep(mapping: dict[str, Any]) -> None:
        kept.append(mapping)

    keep()
    return kept


def digests(log: Log) -> Digests:
    """A digest of each column and field of a log."""
    found: Digests = {}
    for field in fields(log):
        value = getattr(log, field.name)
        columns = value if isinstance(value, dict) else {"": value}
        for name, column in columns.items():
            content = (
                np.ascontiguousarray(column).tobytes() if isinstance(column, np.ndarray) else repr(column).encode()
            )
            found[f"{field.name}.{name}"] = hashlib.sha256(content).hexdigest()[:16]
    return found


def of_scenarios() -> Iterator[tuple[str, Digests]]:
    """Some hours of every scenario."""
    folder = Path(__file__).resolve().parents[2] / "scenarios"
    for path in sorted(folder.glob("*.yaml")):
        config = sim.load([f"scenarios={path.stem}", *SHORT])
        yield path.stem, digests(sim.simulate(config))


def of_mappings(mappings: list[dict[str, Any]]) -> Iterator[tuple[str, Digests]]:
    """One replication of every mapping."""
    for number, mapping in enumerate(mappings):
        yield f"random centre {number}", digests(sim.simulate(Configuration.from_mapping(mapping), 1, seed=number))


def differences(theirs: dict[str, Digests], ours: dict[str, Digests]) -> list[str]:
    """One line for each log that is not the same."""
    lines = []
    for name in theirs | ours:
        one, other = theirs.get(name, {}), ours.get(name, {})
        changed = [column for column in one if column in other and one[column] != other[column]]
        alone = sorted(set(one) ^ set(other))
        if changed or alone:
            lines.append(
                f"{name}: differs in {', '.join(changed) or 'nothing'}; only in one: {', '.join(alone) or '-'}"
            )
    return lines


def main() -> None:
    """Write digests, or compare with those of a file."""
    file = Path(sys.argv[-1])
    if sys.argv[1] == "write":
        mappings = drawn(centres(), RANDOM_CENTRES) + drawn(mechanised(), RANDOM_CENTRES)
        logs = dict(of_scenarios()) | dict(of_mappings(mappings))
        file.write_text(json.dumps({"mappings": mappings, "logs": logs}))
        print(f"{len(logs)} logs")
        return
    saved = json.loads(file.read_text())
    ours = dict(of_scenarios()) | dict(of_mappings(saved["mappings"]))
    lines = differences(saved["logs"], ours)
    print("\n".join(lines) or f"all {len(ours)} logs are the same")
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
