"""Words that planners type get an answer that can be typed, and that answer is understood."""

from __future__ import annotations

import re

import pytest

import sim
from sim.cli.planner_words import told
from sim.errors import InputError

WORDS = {
    "aht=300": "channels.phone.service.mean=300 s",
    "channels.chat.aht=600": "channels.chat.service.mean=600 s",
    "sl=80/20": "channels.phone.target.share=0.8",
    "target=90/10": "channels.phone.target.within=10 s",
    "channels.phone.target=90/10": "channels.phone.target.share=0.9",
    "shrinkage=35%": "staffing.phone.shrinkage=0.35",
    "staffing.phone.shrinkage=35%": "staffing.phone.shrinkage=0.35",
    "staffing.phone.agents=+2": "staffing.phone.plus=2",
    "staffing.phone.agents=-10%": "staffing.phone.factor=0.9",
    "breaks=30": "breaks: [{start: '12:00', end: '12:30'}]",
    "agents=12": "staffing.phone.agents=12",
}


@pytest.mark.parametrize("word", WORDS)
def test_the_answer_says_what_to_write(word: str) -> None:
    with pytest.raises(InputError, match=re.escape(WORDS[word])):
        sim.load([word])


def test_what_is_said_is_understood() -> None:
    answers = [told(word) or "" for word in ("staffing.phone.agents=+2", "target=90/10", "aht=300")]
    typed = [word for answer in answers for word in re.findall(r"(?:channels|staffing)[\w.]+=[\d.]+(?: s)?", answer)]
    config = sim.load(typed)
    assert config.channels["phone"].target is not None
    assert (config.channels["phone"].target.share, config.channels["phone"].target.within) == (0.9, 10.0)
    assert config.as_written.staffing["phone"].plus == 2


@pytest.mark.parametrize("word", ["staffing.phone.agents=12", "channels.phone.target={within: 20 s}", "run=quick"])
def test_keys_are_left_alone(word: str) -> None:
    assert told(word) is None
