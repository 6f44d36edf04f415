"""What a comparison or a race is between: the baseline, scenarios, and any other changes.

Comes in: a configuration with `study.scenarios` or `study.against`. Goes out: configurations by name, the baseline
first. A scenario gets the same overrides as the baseline, seed and replications among them, so that only the scenario
differs; `study.against` sets keys, alone or in all combinations of several values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..calibration.own_centre import called
from ..errors import InputError, Problem, nearest
from ..model.centre import Configuration
from ..model.origin import Library

ASKED = ("study", "scenarios", "exec")
"""parts of a command line that say what is asked of the alternatives, not what they are"""


def alternatives(config: Configuration) -> dict[str, Configuration]:
    """The baseline and what it is compared with; raises InputError for unknown names and keys, or for nothing."""
    study = config.study
    others = {_name(values): config.at(values) for values in study.against}
    names = study.scenarios
    if not names and not others:
        names = tuple(name for name in library_of(config).comparable() if name != study.baseline)
    if not names:
        return {called(config): config, **others}
    check_scenarios(config, {"study.scenarios": names, "study.baseline": (study.baseline,)})
    baseline = scenario(config, study.baseline)
    found = {name: scenario(config, name) for name in names}
    return {called(baseline): baseline, **found, **others}


def _name(values: Mapping[str, Any]) -> str:
    """`staffing.phone.agents=28`."""
    return " ".join(f"{key}={value}" for key, value in values.items())


def scenario(config: Configuration, name: str) -> Configuration:
    """A scenario with the overrides as typed and the values set by code, without the study that asked for it."""
    origin = config.origin
    assert origin is not None
    kept = [word for word in origin.overrides if word.lstrip("+~").partition("=")[0].split(".")[0] not in ASKED]
    composed = library_of(config).compose([*kept, f"scenarios={name}"])
    changes = {key: value for key, value in origin.changes.items() if key.split(".")[0] not in ASKED}
    return composed.at(changes) if changes else composed


def library_of(config: Configuration) -> Library:
    """Where a configuration's scenarios come from; raises InputError for one that was read from a mapping."""
    library = config.origin.library if config.origin else None
    if library is None:
        what = "scenario files go with overrides (sim.load([...])); of a mapping state the changes in study.against"
        raise InputError(Problem("study.scenarios", what))
    return library


def check_scenarios(config: Configuration, wanted: Mapping[str, Sequence[str]]) -> None:
    """Raises InputError for names that are no scenarios, by the keys under which they were given."""
    known = library_of(config).scenarios()
    problems = [
        Problem(key, f"unknown scenario {name!r}{nearest(name, known)}")
        for key, names in wanted.items() for name in names if name not in known
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
