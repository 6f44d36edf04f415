"""What is priced: any key of the configuration that has a number, the centre at its other values, and its name.

Comes in: a configuration and `study.worth.of`. Goes out: the present value, and the checked configuration at another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import InputError, Problem, nearest
from ...model.centre import Configuration

WHERE = "study.worth.of"
PAIRS = "integration.pairs."


def present_value(config: Configuration, key: str) -> float:
    """The value of today; of a pair of channels that is not given, that of `integration.level`.

    Raises InputError for a key that the centre does not have, or that has no number.
    """
    node: Any = config.model_dump(mode="python", by_alias=True)
    path = key.split(".")
    for depth, name in enumerate(path):
        if not isinstance(node, Mapping) or name not in node:
            if key.startswith(PAIRS) and {*path[2:]} <= {*config.channels} and len(path) == 4:
                return config.integration.level
            known = [".".join([*path[:depth], str(each)]) for each in node] if isinstance(node, Mapping) else []
            raise InputError(Problem(WHERE, f"unknown key {key!r}{nearest(key, known)}"))
        node = node[name]
    if isinstance(node, bool) or not isinstance(node, (int, float)):
        raise InputError(Problem(WHERE, f"{key} has no number to vary, but {node!r}"))
    return float(node)


def centre_at(config: Configuration, key: str, value: float) -> Configuration:
    """The centre with another value at the key; whole numbers stay whole. Raises InputError if it takes none such."""
    return config.at({key: int(value) if float(value).is_integer() else value})


def regime(config: Configuration) -> str:
    """Which customers a headline is about: the shipped set of journeys that was chosen; empty for one's own.

    Two sets are shipped because the anchors allow both: `calibrated` (customers who switch) and `stickers`.
    """
    origin = config.origin
    if origin is None or origin.library is None:
        return ""
    return f"journeys={_chosen(origin.overrides) or 'calibrated'}"


def _chosen(overrides: Sequence[str]) -> str:
    chosen = [text.partition("=")[2] for text in overrides if text.partition("=")[0] == "journeys"]
    return chosen[-1] if chosen else ""
