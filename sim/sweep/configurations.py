"""The configurations of points, quickly: only the sections that a factor touches are read again.

Comes in: base configurations as plain mappings, by scenario (one, named "", where scenarios are no factor). Goes out: a
checked `Configuration` for the values of a point, equal to the one read from its whole mapping (a test holds them
equal). Reading the whole takes three times as long for a queue, five times for the baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from ..calibration.own_centre import OwnCentre
from ..errors import InputError
from ..model.centre import Configuration
from ..model.digest import read_section
from .design import Values
from .points import SCENARIOS, Bases, point_of, scenario_of


class Configurations:
    """Picklable: the mappings travel, what was read of them does not. They travel with every chunk of points; a process
    keeps those that came last, and all that is prepared for them (see `sim.engine.compiled`)."""

    def __init__(
        self, bases: Bases, own: OwnCentre | None = None, folders: Sequence[Path] = (), name: str = ""
    ) -> None:
        """`folders` are those in which files that points name are looked for, beside the working folder; `name` is that
        of no others."""
        self.bases, self.own, self.folders, self.name = bases, own, tuple(folders), name or uuid4().hex

    def __reduce__(self) -> tuple[Any, ...]:
        return (_kept, (self.bases, self.own, self.folders, self.name))

    @cached_property
    def _read(self) -> dict[str, tuple[Configuration, Configuration]]:
        """The bases, as written and as simulated, checked; none where the base alone is refused."""
        found: dict[str, tuple[Configuration, Configuration]] = {}
        for name, base in self.bases.items():
            with suppress(InputError):
                written = Configuration.from_mapping(base, self.folders).as_written
                found[name] = written, written.changed()
        return found

    def at(self, values: Values) -> Configuration:
        """What is simulated at a point, of a planner's own centre on the imported days; raises InputError listing every
        mistake."""
        if self.own is None:
            return self._asked(values)
        config = Configuration.from_mapping(point_of(self.bases, values), self.folders)
        return self.own.at_point(config, set(values) - {SCENARIOS})

    def _asked(self, values: Values) -> Configuration:
        """Sections that no factor touches are those of the base, the very objects."""
        point, base = point_of(self.bases, values), self._read.get(scenario_of(values))
        if base is not None:
            written, sound = base
            touched = {key.split(".")[0] for key in values if key != SCENARIOS}
            with suppress(ValidationError, InputError, KeyError, ArithmeticError):
                parts = {name: read_section(name, point[name], self.folders) for name in touched}
                return written.changed(sound=sound, **parts)
        return Configuration.from_mapping(point, self.folders)  # reads the whole, and says what is wrong


_LAST: list[Configurations] = []


def _kept(bases: Bases, own: OwnCentre | None, folders: Sequence[Path], name: str) -> Configurations:
    """Those that came last, if they are the same."""
    if [each.name for each in _LAST] != [name]:
        _LAST[:] = [Configurations(bases, own, folders, name)]
    return _LAST[0]
