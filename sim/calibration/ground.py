"""What a run or a study stands on, prepared once: own data imported and fitted, the warm-up detected.

Comes in: a configuration as it was asked for. Goes out: a `Ground` that says for this configuration, and for every
alternative to it, what is simulated. A run, each study, the Python interface and the command line all come through
here, so that own data and a detected warm-up mean the same to all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..model.centre import Configuration
from ..model.units import format_duration, plain_duration
from ..runs.cautions import short_run_warnings
from ..runs.duty_cautions import duty_warnings
from ..runs.offered_load import overload_warnings
from ..runs.warm_up import detect
from .own_centre import OwnCentre


class Ground:
    """The shipped centre or a planner's own. Making it reads the file, fits and runs the pilot of a warm-up.

    Raises InputError for what the user can mend.
    """

    def __init__(self, asked: Configuration, progress: bool = False) -> None:
        self.asked = asked
        self.own = OwnCentre(asked, progress) if asked.data.intervals is not None else None
        self.warm_up: float | None = None
        self._detected: list[str] = []
        self.baseline = self._stated = self.simulated(asked)
        if asked.run.detect_warm_up:
            self._detect()
            self.baseline = self.simulated(asked)

    @cached_property
    def notes(self) -> list[str]:
        """What to beware of, said before the numbers are there; whoever only simulates does not ask."""
        origin, stated = self.asked.origin, self._stated
        notes = self.own.notices() if self.own else list(origin.notes if origin else ())
        notes += [*duty_warnings(stated), *overload_warnings(stated)]
        if self.own is None:
            notes += short_run_warnings(stated)
        return notes + self._detected

    def simulated(self, config: Configuration) -> Configuration:
        """The configuration that is simulated for what is asked; raises InputError for what cannot be."""
        made = self.own.simulated(config) if self.own else config
        if self.warm_up is None:
            return made
        run = made.run.model_copy(update={"warm_up": self.warm_up, "detect_warm_up": False})
        return made.changed(run=run)

    @property
    def values(self) -> Mapping[str, Any]:
        """What the ground decides for every point of a sweep, by key."""
        if self.warm_up is None:
            return {}
        return {"run.warm_up": plain_duration(self.warm_up), "run.detect_warm_up": False}

    def _detect(self) -> None:
        if self.own:
            self._detected.append("run.detect_warm_up: imported days have a warm-up of their own, none is detected")
            return
        pilot = detect(self.baseline)
        self.warm_up = pilot.seconds
        said = format_duration(pilot.seconds)
        self._detected.append(f"warm-up detected: {said}")
        if not pilot.sure:
            self._detected.append(f"the start still shows after {said}, half of the pilot: is the centre overloaded?")
