"""Every scenario composes with every centre it can mean something for, is small, and says what it asks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from sim.cli import paths
from sim.cli.compose import compose
from sim.errors import InputError
from sim.measures.catalogue import names
from sim.model import Configuration

SCENARIOS = list(paths.scenario_questions())
ASKED = {
    "siloed", "one_digital_channel", "connected_self_service", "bolt_on_social", "social_response", "social_care",
    "unified_text_queue", "secure_escalation", "social_escalation", "empowered_everywhere", "focus_channels",
    "better_listening", "fifteen_minute_social", "email_dinosaur", "mobile_natives", "advocates", "black_monday",
}  # fmt: skip
PHONE_ONLY = ("siloed", "one_digital_channel", "connected_self_service", "black_monday", "ai_assist_weaker")
"""the others move other pools"""
HARMLESS = ("unified_text_queue",)  # its pool serves closed channels there: nothing happens
SMALL = 12  # settings a delta may change


@cache
def load(*overrides: str) -> Configuration:
    return Configuration.from_mapping(compose(overrides))


def delta(name: str) -> dict[str, object]:
    return yaml.safe_load((paths.root() / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8"))


def leaves(node: object) -> int:
    return sum(leaves(child) for child in node.values()) if isinstance(node, dict) and node else 1


def test_the_asked_scenarios_are_there() -> None:
    assert set(SCENARIOS) >= ASKED


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_composes_and_says_what_it_asks(name: str) -> None:
    scenario = load(f"scenarios={name}").scenario
    assert scenario.name == name
    assert all((scenario.question, scenario.change, scenario.expect, scenario.source))
    assert scenario.question == paths.scenario_questions()[name]
    assert scenario.question.endswith("?")


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_a_small_delta(name: str) -> None:
    path = paths.root() / "scenarios" / f"{name}.yaml"
    assert path.read_text(encoding="utf-8").startswith("# @package _global_\n")
    changes = {key: part for key, part in delta(name).items() if key != "scenario"}
    assert bool(changes) == (name != "siloed")
    assert leaves(changes) <= SMALL


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_phone_line_takes_the_scenarios_that_mean_something_to_it(name: str) -> None:
    overrides = [f"scenarios={name}", "centre=phone_with_ivr"]
    if name in PHONE_ONLY + HARMLESS:
        config = load(*overrides)
        assert config.open_channels == ("ivr", "phone")
        assert name in HARMLESS or set(config.staffing) <= {"phone", "quick"}
    else:
        with pytest.raises(InputError):
            load(*overrides)


def test_a_scenario_with_a_centre_of_its_own_is_not_compared_with_the_baseline() -> None:
    assert set(SCENARIOS) - set(paths.changes_of_the_centre()) == {"bank_1999"}


def test_the_overrides_of_the_readme_do_what_they_say() -> None:
    config = load("integration.level=0.6", "staffing.phone.agents=30", "run.seed=7", "run.replications=3")
    assert config.integration.level == 0.6
    assert (config.staffing["phone"].agents, max(config.staffing["phone"].profile)) == (30, 1)
    assert (config.run.seed, config.run.replications) == (7, 3)


def test_moved_agents_are_moved_and_not_hired() -> None:
    def heads(config: Configuration) -> float:
        return sum(pool.agents for pool in config.staffing.values())

    assert heads(load("scenarios=focus_channels")) == heads(load()) == heads(load("scenarios=email_closed"))
    assert heads(load("scenarios=bolt_on_social")) == heads(load("scenarios=unified_text_queue")) == heads(load())


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - {"siloed", "bank_1999"}))
def test_a_scenario_says_beforehand_which_way_known_measures_go(name: str) -> None:
    directions = load(f"scenarios={name}").scenario.directions
    assert len(directions) >= 3
    assert {key.split(".")[-1] for key in directions} <= set(names())


def test_the_shock_falls_on_the_measured_monday() -> None:
    config = load("scenarios=black_monday")
    (day,) = config.demand.streams["all"].dates
    assert (day - config.run.start).total_seconds() == config.run.warm_up
    assert day.weekday() == 0


def test_what_the_wheel_takes_along_is_there() -> None:
    import tomllib

    project = Path(__file__).parents[2]
    build = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    taken = build["targets"]["wheel"]["force-include"]
    assert taken == {"conf": "sim/_shipped/conf", "scenarios": "sim/_shipped/scenarios"}
    assert all((project / folder).is_dir() for folder in taken)
