"""Channels are data: a chatbot is added by YAML alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.cli.compose import compose
from sim.errors import InputError
from sim.model import Configuration, Outcome

FOLDER = Path(__file__).parent / "chatbot"


def test_a_chatbot_is_added_by_a_scenario_file_in_a_folder_of_ones_own() -> None:
    config = Configuration.from_mapping(compose(["scenarios=with_chatbot"], FOLDER))
    assert config.open_channels == ("website", "ivr", "chat", "email", "phone", "social", "chatbot")
    assert config.scenario.name == "with_chatbot"
    assert config.journeys.rows["website"]["any"][0].elsewhere["chatbot"] == 0.103


def test_the_chatbot_lives_customers_reach_it_and_leave_it_solved_and_unsolved() -> None:
    day = ["scenarios=with_chatbot", "run.warm_up=0", "run.measure=1 d", "run.end=drain", "demand.scale=0.2"]
    log = sim.simulate(Configuration.from_mapping(compose(day, FOLDER)))
    there = log.contacts["channel"] == log.channels.index("chatbot")
    outcomes = set(log.contacts["outcome"][there].tolist())
    assert there.sum() > 10
    assert {Outcome.RESOLVED, Outcome.FAILED} <= outcomes or {Outcome.RESOLVED, Outcome.TRANSFERRED} <= outcomes


def test_the_shipped_scenarios_stay_reachable_beside_it() -> None:
    assert compose(["scenarios=black_monday"], FOLDER)["scenario"]["name"] == "black_monday"


def test_a_value_of_the_new_channel_can_be_overridden() -> None:
    changed = compose(["scenarios=with_chatbot", "channels.chatbot.failure=0.5", "channels.chatbot.ports=8"], FOLDER)
    chatbot = Configuration.from_mapping(changed).channels["chatbot"]
    assert (chatbot.failure, chatbot.ports) == (0.5, 8)  # type: ignore[union-attr]


def test_a_channel_on_the_command_line_alone() -> None:
    bot = "+channels.bot={kind: self_service, session: 1 min, failure: 1.0}"
    row = "+journeys.rows.bot={any: {to: {give_up: 1.0}}}"
    assert "bot" in Configuration.from_mapping(compose([bot, row])).open_channels
    with pytest.raises(InputError, match="journeys.rows.bot: no row for"):
        Configuration.from_mapping(compose([bot]))
