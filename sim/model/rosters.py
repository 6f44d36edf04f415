"""One roster a group: shifts or numbers by interval that are stated take the place of the agents of a base file.

Comes in: a plain configuration and the keys that were stated on purpose. Goes out: the same with `agents: 0` where a
roster was stated and no number of agents. Without this, a roster for a shipped group is refused for a number that the
user never wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

ROSTERS = ("counts", "shifts")


def one_roster(container: Mapping[str, Any], stated: Collection[str]) -> dict[str, Any]:
    """The configuration in which each group has the roster that was stated last."""
    pools = container.get("staffing")
    if not isinstance(pools, Mapping):
        return dict(container)
    changed = {}
    for name, pool in pools.items():
        own = [roster for roster in ROSTERS if _states(stated, f"staffing.{name}.{roster}")]
        if len(own) == 1 and isinstance(pool, Mapping) and f"staffing.{name}.agents" not in stated:
            others = {roster: ((), None)[roster == "counts"] for roster in ROSTERS if roster not in own}
            changed[name] = {**pool, "agents": 0, **{key: value for key, value in others.items() if key in pool}}
    return {**container, "staffing": {**pools, **changed}} if changed else dict(container)


def _states(stated: Collection[str], key: str) -> bool:
    return any(name == key or name.startswith(f"{key}.") for name in stated)
