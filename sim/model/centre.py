"""The frozen description of a centre and of the run: YAML's plain container becomes a `Configuration`, or says why not.

Comes in: a plain mapping (no OmegaConf). Goes out: frozen, typed, validated parts. All mistakes are reported together,
each with its path, its value, what is allowed and the nearest known name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr, ValidationError

from ..errors import InputError, Problem
from .base import Part, Table
from .channels import AnyChannel
from .data import Data
from .execution import Exec
from .feelings import Feelings
from .journeys import Economics, Integration, Routing
from .messages import problems_of
from .origin import Origin, with_values
from .people import Customers, Demand, Pool
from .relative import resolved
from .rosters import one_roster
from .rows import Journeys
from .run import Run
from .studies.compare import Study
from .units import format_duration

RELATIVE = ("channels", "staffing", "demand", "customers")
"""parts that have relative keys, or change with them"""


class Scenario(Part):
    """What a scenario file asks: carried into every table and picture, without effect on the numbers."""

    name: str = "siloed"
    question: str = ""
    change: str = ""
    expect: str = ""
    source: str = ""
    directions: Table[Literal["up", "down", "same"]] = Field(
        default_factory=dict, description="scope.name.measure -> which way it should go, said before the measurement"
    )


class Centre(Part):
    """A contact centre: channels, customers, demand, journeys, integration, staffing, routing, economics."""

    channels: Table[AnyChannel]
    customers: Customers
    demand: Demand
    journeys: Journeys
    integration: Integration = Integration()
    staffing: Table[Pool] = Field(default_factory=dict)
    routing: Routing = Routing()
    economics: Economics = Economics()
    feelings: Feelings = Feelings()

    @property
    def open_channels(self) -> tuple[str, ...]:
        """Names of the enabled channels, in file order."""
        return tuple(name for name, channel in self.channels.items() if channel.enabled)


class Configuration(Centre):
    """A centre and the run that is asked of it."""

    run: Run = Run()
    engine: Literal["simpy", "compiled", "auto", "both"] = "auto"
    scenario: Scenario = Scenario()
    data: Data = Data()
    study: Study = Study()
    exec: Exec = Exec()
    _origin: Origin | None = PrivateAttr(None)

    def __repr__(self) -> str:
        """What it is, in a line; `.source` is all of it."""
        run, study = self.run, "" if self.study.kind == "none" else f", study={self.study.kind}"
        how = f"{run.replications} replications of {format_duration(run.measure)}, seed {run.seed}{study}"
        return f"<Configuration {self.scenario.name}: {', '.join(self.open_channels)}; {how}>"

    @classmethod
    def from_mapping(cls, container: Mapping[str, Any], folders: Sequence[Path] = ()) -> Configuration:
        """A validated configuration from a plain mapping; raises InputError listing every mistake found.

        Files that it names are looked for in the working folder and in `folders`.
        """
        from .checks.centre import cross_check

        try:
            config = cls.model_validate(container, context={"folders": folders})
        except ValidationError as error:
            raise InputError(problems_of(error, cls, container)) from None
        problems = cross_check(config)
        if problems:
            raise InputError(problems)
        return resolved(config).read_from(Origin(container, folders=tuple(folders), written=config))

    @property
    def as_written(self) -> Configuration:
        """With its relative keys (`staffing.phone.plus`, ...), where code has not changed these parts since."""
        origin = self._origin
        if origin is None or not isinstance(origin.written, Configuration):
            return self
        same = [name for name in RELATIVE if getattr(self, name) is origin.sections[name]]
        return self.model_copy(update={name: getattr(origin.written, name) for name in same})

    @property
    def origin(self) -> Origin | None:
        """What this configuration was read from; None in worker processes and for one built by code alone."""
        return self._origin

    def read_from(self, origin: Origin) -> Configuration:
        """The same configuration, knowing where it comes from."""
        copy = self.model_copy()
        copy._origin = replace(origin, sections={name: getattr(copy, name) for name in type(self).model_fields})
        return copy

    @property
    def source(self) -> dict[str, Any]:
        """The plain mapping of this configuration: as it was read, and written anew for parts that code changed."""
        origin = self._origin
        if origin is None:
            return self.model_dump(mode="json", by_alias=True)
        changed = {name for name, part in origin.sections.items() if getattr(self, name) is not part}
        return {**origin.source, **(self.model_dump(mode="json", by_alias=True, include=changed) if changed else {})}

    def at(self, values: Mapping[str, Any]) -> Configuration:
        """The checked configuration with values set at keys with dots, all of them stated on purpose.

        Raises InputError listing every mistake.
        """
        try:
            folders = self._origin.folders if self._origin else ()
            config = type(self).from_mapping(one_roster(with_values(self.source, values), values), folders)
        except ValueError as error:
            raise InputError(Problem(*error.args)) from None
        origin = self._origin
        if origin is None or config._origin is None:
            return config
        written, stated = config._origin.written, origin.stated | set(values)
        changes = {**origin.changes, **values}
        source = config._origin.source
        return config.read_from(replace(origin, source=source, written=written, stated=stated, changes=changes))

    def __getstate__(self) -> dict[Any, Any]:
        """Without the origin: a worker process simulates and asks nothing else."""
        return {**super().__getstate__(), "__pydantic_private__": {"_origin": None}}

    def changed(self, *, sound: Configuration | None = None, **parts: Any) -> Configuration:
        """A checked copy with whole parts replaced, for code that computes parameters (calibration, studies).

        `sound` is what this gave before, with other parts: only what differs from it is checked."""
        from .checks.centre import cross_check

        copy = resolved(self.model_copy(update=parts))
        problems: list[Problem] = cross_check(copy, sound)
        if problems:
            raise InputError(problems)
        return copy
