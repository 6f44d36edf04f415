"""A fitted centre as a centre file that runs without the planner's own file.

Comes in: the configuration that was simulated, and the shipped one that a centre file stands on. Goes out: YAML for the
folder `centre/`: what the fitted centre has, and null for what only the shipped one has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..model.centre import Centre, Configuration
from ..model.units import DAY, DAYS, plain_clock

RUN_KEYS = ("start", "warm_up", "measure", "interval")
"""of the run: the days on which agents and volumes stand"""


def write_centre(config: Configuration, path: Path) -> Path | None:
    """Writes the centre; nothing where it is not known what the file would stand on."""
    import yaml

    origin = config.origin
    if origin is None or origin.library is None:
        return None
    ours, base = config.model_dump(mode="json"), origin.library.compose([]).source
    centre = {name: over(ours[name], base.get(name)) for name in Centre.model_fields}
    centre["run"] = {key: ours["run"][key] for key in RUN_KEYS}
    head = (
        "# @package _global_\n"
        f"# {config.scenario.name}: imported and fitted; copy into a folder `centre` where you work, then "
        f"centre={path.stem}\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + yaml.safe_dump(plain(centre), sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def over(ours: Any, base: Any) -> Any:
    """`ours`, with null for the names that only `base` has, so that it is left of the two when they are merged."""
    if isinstance(base, Mapping) and isinstance(ours, (tuple, list)):  # hours as spans, or the only row of a list
        ours = ours[0] if len(ours) == 1 and isinstance(ours[0], Mapping) else by_day(ours)
    if not isinstance(ours, Mapping):
        return ours
    below = base if isinstance(base, Mapping) else {}
    gone = {key: None for key in below if key not in ours and str(key) not in ours}
    return {**{key: over(value, below.get(key)) for key, value in ours.items()}, **gone}


def by_day(spans: Sequence[tuple[float, float]]) -> dict[str, list[str]]:
    """Opening hours as a file says them: spans of each weekday."""
    found: dict[str, list[str]] = {}
    for number, day in enumerate(DAYS):
        begin = number * DAY
        inside = [(max(start - begin, 0.0), min(end - begin, DAY)) for start, end in spans]
        texts = [f"{plain_clock(start)}-{plain_clock(end)}" for start, end in inside if start < end]
        if texts:
            found[day] = texts
    return found


def plain(value: Any) -> Any:
    """Frozen mappings and tuples as YAML writes them."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (tuple, list)) else value
