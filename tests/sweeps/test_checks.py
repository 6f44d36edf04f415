"""A point of a sweep is checked for what differs from its base, and for nothing less."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from sim.cli import paths
from sim.cli.compose import compose
from sim.errors import Problem
from sim.model import Configuration
from sim.model.checks.centre import CHECKS, cross_check


class Watched:
    """A part of a configuration that notes which of its own parts are read."""

    def __init__(self, part: Any, read: set[str], above: str = "") -> None:
        self._part, self._read, self._above = part, read, above

    def __getattr__(self, name: str) -> Any:
        own = inspect.getattr_static(type(self._part), name, None)
        if isinstance(own, property):
            return own.fget(self)  # type: ignore[misc]
        value = getattr(self._part, name)
        if name == "run" and not self._above:
            return Watched(value, self._read, "run.")
        self._read.add(self._above + name)
        return value


@pytest.mark.parametrize("scenario", paths.scenario_questions())
def test_a_check_reads_what_it_says_and_nothing_else(scenario: str) -> None:
    config = Configuration.from_mapping(compose([f"scenarios={scenario}"])).as_written
    for check, said in CHECKS.items():
        read: set[str] = set()
        list(check(Watched(config, read)))  # type: ignore[arg-type]
        assert read <= set(said), check.__name__


@pytest.fixture(scope="module")
def sound() -> Configuration:
    return Configuration.from_mapping(compose([]))


def same_problems(broken: Configuration, sound: Configuration) -> list[Problem]:
    """Those that are found where only what differs is checked, which are all."""
    problems = cross_check(broken, sound)
    assert problems == cross_check(broken)
    return problems


def test_what_a_changed_part_breaks_elsewhere_comes_out(sound: Configuration) -> None:
    fewer = {name: channel for name, channel in sound.channels.items() if name != "chat"}
    assert same_problems(sound.model_copy(update={"channels": fewer}), sound)


def test_a_key_of_the_run_that_a_check_reads_is_checked(sound: Configuration) -> None:
    run = sound.run.model_copy(update={"interval": 1000.0, "seed": 5})
    assert same_problems(sound.model_copy(update={"run": run}), sound)
