"""What is unknown of a planner's own centre: ranges that its file and its fit say themselves.

Comes in: an `OwnCentre`. Goes out: an `Input` for each channel's patience and agents, with the 95 % interval of the
fit, for its handle time and for the volumes, by how much another period differs from the file (`prediction.unknowns`).
They move the fitted centre as a what-if does; the fit is not repeated. Ranges of `study.ranges` about numbers that the
file decides are left out in their favour; the others, such as failure shares, stay assumptions that move the fitted
centre.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...calibration.fit.noise import NORMAL
from ...calibration.imported import PATIENCE_FIELD, Finding
from ...calibration.own_centre import OwnCentre
from ...calibration.prediction import Unknown, unknowns_of
from ...errors import InputError, Problem
from ...model.centre import Configuration
from ...model.studies.inputs import Range
from .ranges import Input, decided_by_a_file

LEVELS = ("mean", "median")
"""of a law's parameters, those that say how long"""
RELATIVE = (".factor", ".plus", ".aht_factor")
PARTS = ("patience", "deadline", "agents", "handle_time")


def own_inputs(own: OwnCentre, only: Sequence[str] = ()) -> list[Input]:
    """The inputs, those named in `only` if it names any."""
    found = [*_fitted(own), *_by_period(own)]
    return [each for each in found if not only or each.name in only]


def check_some(inputs: Sequence[Input], of: Iterable[str]) -> None:
    """Raises InputError for no inputs at all, or for a difference of a number that the file has: today's is not one."""
    problems = [
        Problem(f"study.of.{key}", f"is not one number in a file: {', '.join(RELATIVE)} and demand.scale act on it")
        for key in of if decided_by_a_file(key) and not key.endswith((*RELATIVE, "demand.scale"))
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    if not inputs:
        raise InputError(Problem("study", "nothing to vary: the fit has no interval of any of what is asked for"))


def own_names(config: Configuration) -> frozenset[str]:
    """Names that inputs of a file may have, whatever its channels are."""
    return frozenset(["volumes", *(f"{channel}_{part}" for channel in config.channels for part in PARTS)])


def _fitted(own: OwnCentre) -> Iterator[Input]:
    """Patience and agents, by the intervals of the fit."""
    for each in own.fitted().findings:
        if each.low is None or each.high is None or not each.low < each.value < each.high:
            continue
        if each.parameter == "staffing":
            pools = [name for name, pool in own.baseline.staffing.items() if each.channel in pool.serves]
            values: dict[str, Any] = {f"staffing.{name}.factor": 1.0 for name in pools}
            yield _input(f"{each.channel}_agents", f"agents, {each.channel}", each, values)
        elif values := _patience(own, each):
            yield _input(f"{each.channel}_{each.parameter}", f"{each.parameter}, {each.channel}", each, values)


def _patience(own: OwnCentre, each: Finding) -> dict[str, Any]:
    """The key that says how long patience is, at its fitted value; none for a law that has no such key."""
    channel = own.baseline.channels[each.channel]
    key = f"channels.{each.channel}.{PATIENCE_FIELD[channel.kind]}"
    made = own.as_recorded().channels[each.channel]
    law = getattr(made, PATIENCE_FIELD[channel.kind])
    level = next((name for name in LEVELS if isinstance(getattr(law, name, None), (int, float))), None)
    return {f"{key}.{level}": f"{getattr(law, level)!r} s"} if level else {}


def _input(name: str, label: str, each: Finding, values: Mapping[str, Any]) -> Input:
    """Factors on the fitted value, from end to end of its interval."""
    assert each.low is not None
    assert each.high is not None
    said = f"fitted to {each.by}: {each.value:.3g} {each.unit} (95 %: {each.low:.3g} to {each.high:.3g})"
    return _factor(name, f"{label} ({each.value:.3g} {each.unit})", each.low / each.value, each.high / each.value,
                   said, values)  # fmt: skip


def _by_period(own: OwnCentre) -> Iterator[Input]:
    """Volumes and handle times of another period, by 95 % of what weeks of the file differ, or of what is assumed."""
    unknown = unknowns_of(own)
    yield _spread("volumes", "volumes", unknown["volumes"], {"demand.scale": own.asked.demand.scale})
    for name in own.table.channels:
        factor = getattr(own.asked.channels[name], "aht_factor", 1.0)
        values = {f"channels.{name}.aht_factor": factor}
        yield _spread(f"{name}_handle_time", f"handle time, {name}", unknown["handle time"], values)


def _spread(name: str, label: str, unknown: Unknown, values: Mapping[str, Any]) -> Input:
    reach = math.exp(NORMAL * max(unknown.size, 1e-3))
    return _factor(name, label, 1 / reach, reach, f"{unknown.source}: {unknown.size:.1%}", values)


def _factor(name: str, label: str, low: float, high: float, source: str, values: Mapping[str, Any]) -> Input:
    between = Range(
        key=tuple(values), low=low, high=high, by="factor", law="log_uniform", label=label, certainty="M", source=source
    )
    return Input(name, between, 1.0, values)
