"""The configurations of points, quickly: only sections that a factor touches are read again, once for each value.

Comes in: base configurations as plain mappings, by scenario (one, named "", where scenarios are no factor). Goes out: a
checked `Configuration` for the values of a point, equal to the one read from its whole mapping (a test holds them
equal). Reading the whole takes three times as long for a queue, five times for the baseline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import ValidationError

from ..errors import InputError
from ..model.centre import Configuration
from ..model.digest import read_section
from .design import Values
from .points import SCENARIOS, Bases, point_of, scenario_of, touched

if TYPE_CHECKING:
    from ..calibration.own_centre import OwnCentre

MOST = 256
"""sections of a name that are remembered"""


class Configurations:
    """Picklable: the mappings travel, what was read of them does not. They travel with every chunk of points; a process
    keeps those that came last, and all that is prepared for them (see `sim.engine.compiled`)."""

    def __init__(
        self, bases: Bases, own: OwnCentre | None = None, folders: Sequence[Path] = (), name: str = ""
    ) -> None:
        """`folders` are those in which files that points name are looked for, beside the working folder; `name` is that
        of no others."""
        self.bases, self.own, self.folders, self.name = bases, own, tuple(folders), name or uuid4().hex
        self._sections: dict[str, dict[tuple[str, str], Any]] = {}
        """by name, and then by scenario and by what is set in them"""

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
        point, scenario = point_of(self.bases, values), scenario_of(values)
        base = self._read.get(scenario)
        if base is not None:
            written, sound = base
            with suppress(ValidationError, InputError, KeyError, ArithmeticError):
                parts = {name: self._section(name, (scenario, said), point) for name, said in touched(values).items()}
                return written.changed(sound=sound, **parts)
        return Configuration.from_mapping(point, self.folders)  # reads the whole, and says what is wrong

    def _section(self, name: str, which: tuple[str, str], point: Mapping[str, Any]) -> Any:
        """A section of a point; the very object of another point in which the same is set, if it was read lately."""
        known = self._sections.setdefault(name, {})
        section = known.get(which)
        if section is None:
            section = read_section(name, point[name], self.folders)
            if len(known) >= MOST:
                known.clear()
            known[which] = section
        return section


_LAST: list[Configurations] = []


def _kept(bases: Bases, own: OwnCentre | None, folders: Sequence[Path], name: str) -> Configurations:
    """Those that came last, if they are the same."""
    if [each.name for each in _LAST] != [name]:
        _LAST[:] = [Configurations(bases, own, folders, name)]
    return _LAST[0]
