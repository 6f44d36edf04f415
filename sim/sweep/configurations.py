"""The configurations of points, quickly: only the sections that a factor touches are read again.

Comes in: base configurations as plain mappings, by scenario (one, named "", where scenarios are no factor). Goes out: a
checked `Configuration` for the values of a point, equal to the one read from its whole mapping (a test holds them
equal). Reading the whole takes three times as long for a queue, five times for the baseline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..calibration.own_centre import OwnCentre
from ..errors import InputError
from ..model.centre import Configuration
from .design import Values
from .points import SCENARIOS, Bases, point_of, scenario_of


class Configurations:
    """Picklable: the mappings travel, what was read of them does not."""

    def __init__(self, bases: Bases, own: OwnCentre | None = None, folders: Sequence[Path] = ()) -> None:
        """`folders` are those in which files that points name are looked for, beside the working folder."""
        self.bases, self.own, self.folders = bases, own, tuple(folders)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Configurations, (self.bases, self.own, self.folders))

    @cached_property
    def _read(self) -> dict[str, Mapping[str, Any]]:
        """By scenario the sections of its base, checked; none where the base alone is refused."""
        found: dict[str, Mapping[str, Any]] = {}
        for name, base in self.bases.items():
            try:
                config = Configuration.from_mapping(base, self.folders).as_written
            except InputError:
                continue
            found[name] = {section: getattr(config, section) for section in Configuration.model_fields}
        return found

    def at(self, values: Values) -> Configuration:
        """What is simulated at a point, of a planner's own centre on the imported days; raises InputError listing every
        mistake."""
        if self.own is None:
            return self._asked(values)
        config = Configuration.from_mapping(point_of(self.bases, values), self.folders)
        return self.own.at_point(config, set(values) - {SCENARIOS})

    def _asked(self, values: Values) -> Configuration:
        point, sections = point_of(self.bases, values), self._read.get(scenario_of(values))
        if sections is not None:
            touched = {key.split(".")[0]: point[key.split(".")[0]] for key in values if key.split(".")[0] in point}
            try:
                context = {"folders": self.folders}
                return Configuration.model_validate({**sections, **touched}, context=context).changed()
            except (ValidationError, InputError):
                pass  # the whole is read below and says what is wrong
        return Configuration.from_mapping(point, self.folders)
