"""What is unknown of a planner's own centre: ranges that its file and its fit say themselves.

Comes in: an `OwnCentre`. Goes out: an `Input` for each channel's patience and agents, with the 95 % interval of the
fit, for its handle time and for the volumes, by how much another period differs from the file (`prediction.unknowns`).
They move the fitted centre as a what-if does; the fit is not repeated. `study=uncertainty` draws them together, by a
bootstrap of the file's days (`calibration.day_bootstrap`); one at a time they move over their intervals. Ranges of
`study.ranges` about numbers that the file decides are left out in their favour; the others, such as failure shares,
stay assumptions that move the fitted centre.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...calibration.day_bootstrap import VOLUMES, Joint, joint_of
from ...calibration.fit.noise import NORMAL
from ...calibration.imported import PATIENCE_FIELD, Finding
from ...calibration.own_centre import OwnCentre
from ...calibration.prediction import Unknown, unknowns_of
from ...errors import InputError, Problem
from ...model.centre import Configuration
from ...model.studies.inputs import Range
from .ranges import Input, decided_by_a_file

Floats = NDArray[np.float64]
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


@dataclass(frozen=True)
class Together:
    """Inputs of a file drawn together."""

    names: tuple[str, ...]
    joint: Joint
    sizes: Mapping[str, float]
    """of what another period differs in: standard deviations of logarithms"""

    def factors(self, u: Floats) -> Floats:
        """(points, inputs) at points of the unit cube."""
        return self.joint.drawn(self.names, u, self.sizes)

    def words(self) -> str:
        """What the file says of them together, in one line."""
        found, count = self.joint.correlation(self.names), len(self.names)
        pairs = [(float(found[i, j]), i, j) for i in range(count) for j in range(i)]
        text = f"What the file leaves open is drawn together, by a bootstrap of its {self.joint.days} days"
        if not pairs:
            return f"{text}."
        most, i, j = max(pairs, key=lambda pair: abs(pair[0]))
        return f"{text}; the strongest tie is {self.names[j]} with {self.names[i]}, correlation {most:.2f}."


def together_of(own: OwnCentre, inputs: Sequence[Input]) -> Together:
    """The inputs of a file (`own_inputs`) as they are drawn together. Simulates the fitted centre."""
    unknown = unknowns_of(own)
    names = tuple(each.name for each in inputs)
    sizes = {name: unknown["handle time"].size for name in names if name.endswith("_handle_time")}
    return Together(names, joint_of(own), {**sizes, VOLUMES: unknown["volumes"].size})


def _fitted(own: OwnCentre) -> Iterator[Input]:
    """Patience, deadlines and agents, by the intervals of the fit; what else it settles has no key of its own."""
    for each in own.fitted().findings:
        if each.low is None or each.high is None or not each.low < each.value < each.high:
            continue
        if each.parameter == "staffing":
            pools = [name for name, pool in own.baseline.staffing.items() if each.channel in pool.serves]
            values: dict[str, Any] = {f"staffing.{name}.factor": 1.0 for name in pools}
            yield _input(f"{each.channel}_agents", f"agents, {each.channel}", each, values)
        elif each.parameter in PATIENCE_FIELD.values() and (values := _patience(own, each)):
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
