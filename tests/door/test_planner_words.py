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
    "agents=-2": "staffing.phone.plus=-2",
    "agents=+10%": "staffing.phone.factor=1.1",
    "calls=+10%": "demand.scale=1.1",
    "demand.scale=115%": "demand.scale=1.15",
    "demand.channels.phone=+20%": "demand.channels.phone=1.2",
    "channels.phone.aht_factor=-5%": "channels.phone.aht_factor=0.95",
    "plus=-2": "staffing.phone.plus=-2",
    "patience=180": "channels.phone.patience.mean=180 s",
    "channels.phone.target.share=90": "channels.phone.target.share=0.9",
    "staffing.phone.shrinkage=35": "staffing.phone.shrinkage=0.35",
    "staffing.phone.agents=-2": "staffing.phone.plus=-2",
    "staffing.chat.breaks=30": "staffing.chat.shifts=",
    "staffing.phone.roster=mine.csv": "staffing.phone.counts={interval: 30 min, values: [8, 9, 12]}",
    "staffing.phone.counts=[8, 9]": "staffing.phone.counts={interval: 30 min, values: [8, 9, 12]}",
    "demand.dates={'2026-01-12': 1.6}": "demand.dates={2026-01-12: 1.6}",
    "demand.spikes=1.5": "demand.dates={2026-01-12: 1.6}",
    "occupancy=85%": "study.staffing.max_occupancy=0.85",
    "hours=9-17": "channels.phone.hours={mon-fri: 08:00-18:00}",
    "data=my.csv": "data.intervals=my.csv",
}
TYPED = re.compile(r"(?:channels|staffing|demand|study|run)\.[\w.]+=(?:[\d.]+(?: s)?|\{.*?\}(?=[\"'])|\[.*?\](?=\"))")


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


def test_every_answer_composes() -> None:
    typed = {word for each in WORDS for word in TYPED.findall(told(each) or "")}
    assert len(typed) > 20
    for word in typed:
        sim.load([word])


@pytest.mark.parametrize(
    "word",
    [
        "staffing.phone.agents=12",
        "channels.phone.target={within: 20 s}",
        "run=quick",
        "staffing.phone.counts=null",
        "demand.dates={}",
    ],
)
def test_keys_are_left_alone(word: str) -> None:
    assert told(word) is None
