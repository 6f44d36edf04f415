"""What is made of some sections of a configuration is given nothing else, and is made anew where one is another."""

from __future__ import annotations

import pytest

from sim.chance.sections import MOST, made_of
from sim.model import Configuration
from tests.extreme.small import centre, live, team


@made_of("channels", "routing")
def names_of(config: Configuration, suffix: str = "") -> list[str]:
    """A list of its own each time it is made."""
    return [name + suffix for name in config.open_channels]


@made_of("channels")
def rule_of(config: Configuration) -> str:
    """Reads what it does not say."""
    return config.routing.queue_rule


def small() -> Configuration:
    return centre({"phone": live(), "chat": live(enabled=False)}, {"team": team(1, "phone")})


def test_other_sections_are_not_there() -> None:
    with pytest.raises(AttributeError, match="routing"):
        rule_of(small())


def test_it_is_made_once_for_the_same_sections() -> None:
    config = small()
    other = config.model_copy(update={"run": config.run.model_copy(update={"seed": 7})})
    assert names_of(config) == ["phone"]
    assert names_of(other) is names_of(config)


def test_equal_sections_are_other_sections() -> None:
    config = small()
    assert small() == config
    assert names_of(small()) is not names_of(config)


def test_other_arguments_are_compared_by_what_they_say() -> None:
    config = small()
    assert names_of(config, "!") == ["phone!"]
    assert names_of(config, "".join(["!"])) is names_of(config, "!") is not names_of(config, "?")


def test_the_oldest_is_forgotten() -> None:
    config = small()
    first = names_of(config, "0")
    for number in range(1, MOST):
        names_of(config, str(number))
    assert names_of(config, "0") is first
    names_of(config, str(MOST))
    assert names_of(config, "0") is not first
