"""The centre for a planner's file: the one whose channels the file has.

Comes in: a composed configuration with `data.intervals`, and what was typed. Goes out: the centre to compose where none
was named, the channels to leave out, a sentence that says so, and what the title of a service level says it counts. A
file of phone rows alone is a plain phone line; others are the channels of the shipped centre that the file names, with
the switches between them as assumed there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ..calibration.intervals.table import IntervalTable, read_intervals
from ..model.data import Data

PHONE_ONLY = ("phone",)


@dataclass(frozen=True)
class Chosen:
    """What was chosen for the user: overrides, channels left out, and sentences."""

    words: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    """agent groups that serve nothing else"""
    notes: tuple[str, ...] = ()
    within: Mapping[str, str] = field(default_factory=dict)
    """what the file's service level counts as in target, by channel, as `data.sl_within`"""

    def values(self, typed: Sequence[str]) -> dict[str, Any]:
        """Values by key: channels that the file does not have are closed and their agents sent home, unless somebody
        typed otherwise."""
        channels = {f"channels.{name}.enabled": False for name in self.left_out}
        values = channels | {f"staffing.{name}": None for name in self.idle}
        return {key: value for key, value in values.items() if not any(key in word for word in typed)}


def chosen_centre(container: Mapping[str, Any], typed: Sequence[str]) -> Chosen:
    """The centre for the file that `data.intervals` names; no centre is chosen where `centre=` was typed. Raises
    InputError for a file that cannot be read."""
    named = any(word.lstrip("+").partition("=")[0] == "centre" for word in typed)
    if not (_is_table(container.get("channels")) and _is_table(container.get("staffing"))):
        return Chosen()
    known = [name for name, channel in container["channels"].items() if channel]  # a what-if may close one
    enabled = [name for name in known if container["channels"][name].get("enabled", True)]
    try:
        data = Data.model_validate(container["data"])
    except ValidationError:  # the check of the whole configuration says what is wrong
        return Chosen()
    table = read_intervals(str(data.intervals), known, data)
    channels, within = table.channels, _within(table, data, container["channels"])
    if named:
        return Chosen(within=within)
    if channels == PHONE_ONLY:
        text = "the file has phone calls alone: centre=phone, a plain phone line (centre=omnichannel has all channels)"
        return Chosen(("centre=phone",), notes=(text,), within=within)
    left_out = tuple(name for name in enabled if name not in channels)
    text = (
        f"the file has {', '.join(channels)}: the shipped centre without {', '.join(left_out)} "
        "(centre=omnichannel keeps them, as assumed there)"
    )
    serving = {name: pool.get("serves") for name, pool in container["staffing"].items() if pool}
    pools = {name: set(serves) for name, serves in serving.items() if isinstance(serves, Mapping)}
    idle = tuple(name for name, serves in pools.items() if serves and serves <= set(left_out))
    return Chosen((), left_out, idle, (text,) if left_out else (), within)


def _within(table: IntervalTable, data: Data, channels: Mapping[str, Any]) -> dict[str, str]:
    """What counts as in target, by live channel: as typed, else as the title of the column says."""
    if not table.sl_within > 0:
        return {}
    live = [name for name in table.channels if (channels.get(name) or {}).get("kind", "live") == "live"]
    return {name: f"{table.sl_within:g} s" for name in live if name not in data.sl_within}


def _is_table(section: Any) -> bool:
    """Whether a section is what it must be: mappings by name, some of them taken out."""
    return isinstance(section, Mapping) and all(each is None or isinstance(each, Mapping) for each in section.values())
