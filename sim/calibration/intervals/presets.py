"""Layouts of common exports, as `conf/data/*.yaml` says them: read here so that a file's header can be recognised.

Comes in: the folder of presets. Goes out: `Data` by preset name. A preset typed as `data=NAME` comes composed and does
not pass here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

import yaml

from sim.extensions import registered
from sim.model.data import Data
from sim.shipped import conf

PARTS = ("columns", "units", "per")
COMMON = "common"
VARIANTS = (("common_split",), ("common_counts", "common_answered", "common_forecast"), ("common_parts", "common_talk"))
"""what may differ between reports with common titles, each apart from the others"""


def presets() -> Mapping[str, Data]:
    """All presets by name: those of `conf/data`, and those of extensions."""
    return {**shipped_presets(), **registered("preset")}


@cache
def shipped_presets() -> Mapping[str, Data]:
    """The presets of `conf/data`, by name."""
    names = sorted(path.stem for path in (conf() / "data").glob("*.yaml"))
    said = {name: _said(name) for name in names}
    return {name: Data.model_validate(each) for name, each in said.items() if each.get("preset")}


def ranked() -> list[Data]:
    """All presets: those of one system, common titles, their variants, and what two or three of these give together."""
    last = (COMMON, *(name for names in VARIANTS for name in names))
    known = presets()
    special = [preset for name, preset in known.items() if name not in last]
    return [*special, *(known[name] for name in last), *combinations()]


@cache
def combinations() -> tuple[Data, ...]:
    """Common titles of which two or three things differ at once; their name is the names of what differs."""
    chosen = [[name for name in choice if name] for choice in product(*(("", *names) for names in VARIANTS))]
    return tuple(_combined(names) for names in chosen if len(names) > 1)


def _combined(names: Sequence[str]) -> Data:
    said: dict[str, Any] = _said(COMMON)
    for each in map(_said, names):
        common = _said(COMMON)
        for part in PARTS:
            other = {key: value for key, value in each.get(part, {}).items() if common.get(part, {}).get(key) != value}
            said[part] = said.get(part, {}) | other
    return Data.model_validate(said | {"preset": " + ".join(names)})


def _said(name: str) -> dict[str, Any]:
    """What a file of the folder says, upon what the files in its defaults list say."""
    own = yaml.safe_load((conf() / "data" / f"{name}.yaml").read_text(encoding="utf-8"))
    said: dict[str, Any] = {}
    for each in (*map(_said, own.pop("defaults", ())), own):
        parts = {part: said.get(part, {}) | each[part] for part in PARTS if each.get(part)}
        said |= each | parts
    return said


def merged(preset: Data, typed: Data) -> Data:
    """The preset, with whatever was typed on top of it."""
    changes: dict[str, Any] = {name: getattr(typed, name) for name in typed.model_fields_set - set(PARTS)}
    changes = {name: value for name, value in changes.items() if value not in (None, {})}
    for name in PARTS:
        typed_part = getattr(typed, name)
        said = {key: getattr(typed_part, key) for key in typed_part.model_fields_set}
        said = {key: value for key, value in said.items() if value is not None}
        changes[name] = getattr(preset, name).model_copy(update=said)
    return preset.model_copy(update=changes)
