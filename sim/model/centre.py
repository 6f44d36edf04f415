"""The frozen description of a centre and of the run: YAML's plain container becomes a `Configuration`, or says why not.

Comes in: a plain mapping (no OmegaConf). Goes out: frozen, typed, validated parts. All mistakes are reported together,
each with its path, its value, what is allowed and the nearest known name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from ..errors import InputError, Problem
from .base import Part, Table
from .channels import AnyChannel
from .data import Data
from .execution import Exec
from .feelings import Feelings
from .journeys import Economics, Integration, Journeys, Routing
from .messages import problems_of
from .people import Customers, Demand, Pool
from .run import Run
from .studies.compare import Study


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
    engine: Literal["simpy"] = "simpy"
    scenario: Scenario = Scenario()
    data: Data = Data()
    study: Study = Study()
    exec: Exec = Exec()

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
        return config

    def changed(self, **parts: Any) -> Configuration:
        """A checked copy with whole parts replaced, for code that computes parameters (calibration, studies)."""
        from .checks.centre import cross_check

        copy = self.model_copy(update=parts)
        problems: list[Problem] = cross_check(copy)
        if problems:
            raise InputError(problems)
        return copy
