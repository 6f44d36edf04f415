"""Layouts of common exports, as `conf/data/*.yaml` says them: read here so that a file's header can be recognised.

Comes in: the folder of presets. Goes out: `Data` by preset name. A preset typed as `data=NAME` comes composed and does
not pass here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.model.data import Data
from sim.shipped import conf

PARTS = ("columns", "units", "per")


@cache
def shipped_presets(folder: Path | None = None) -> Mapping[str, Data]:
    """The presets of `conf/data`, by name."""
    found = {}
    for path in sorted((folder or conf() / "data").glob("*.yaml")):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(said, dict) and said.get("preset"):
            said.pop("defaults", None)
            found[path.stem] = Data.model_validate(said)
    return found


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
