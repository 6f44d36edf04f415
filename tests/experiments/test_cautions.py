"""What a run says about itself: nothing when all is well, and each caution when its cause is there."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest

from sim.model import Configuration
from sim.model.units import DAY, WEEK
from sim.runs.cautions import COVERED, COVERED_IN, result_warnings, short_run_warnings
from sim.runs.cycle import cycle
from sim.runs.replicate import replicate
from tests.extreme.small import GONE, centre, deferred, live, team, to

from .many_queues import Queue

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261126  # declared before the first run
QUEUE = Queue(600, 3, 4.0, 6.0, 1.0)


def said(config: Configuration) -> list[str]:
    """All cautions of a configuration and its run."""
    return [*short_run_warnings(config), *result_warnings(replicate(config))]


def email(**run: Any) -> Configuration:
    """Email that is answered much more slowly than it comes, for two days after one."""
    channels = {"email": deferred("20 min", deadline={"law": "constant", "mean": "3 d"})}
    run = {"warm_up": "1 d", "measure": "2 d", "replications": 4, "workers": 1, "end": "follow", **run}
    return centre(channels, {"team": team(1, "email")}, streams={"mail": {"per_day": 100}}, run=run)


def test_a_settled_queue_says_nothing() -> None:
    assert said(QUEUE.config(SEED)) == []


def test_one_replication_has_no_interval() -> None:
    (text,) = said(QUEUE.config(SEED, replications=1))
    assert text.startswith("run.replications: one replication")


def test_a_backlog_that_grows_is_seen() -> None:
    texts = said(email(follow_limit="2 weeks"))
    assert any(text.startswith("run.warm_up: 24 h is shorter than channels.email.deadline (3 d") for text in texts)
    assert any(text.startswith("channels.email: ") and "still getting fuller" in text for text in texts)


def test_journeys_cut_off_are_counted() -> None:
    texts = said(email(follow_limit="1 h"))
    assert any(text.startswith("run.follow_limit: 60 min is shorter") for text in texts)
    assert any(text.startswith("journey.all.open: ") and "run.follow_limit mends it" in text for text in texts)


def test_numbers_too_vague_to_use_are_named() -> None:
    (text,) = said(QUEUE.config(SEED, measure="1 h", replications=3))
    assert text.startswith("intervals wider than half of the value: channel.phone.abandoned")


def test_part_of_a_cycle_and_a_hop_longer_than_the_warm_up() -> None:
    rows = {"phone": {"any": to("phone", delay="5 h")}}
    weekdays = {"calls": {"per_day": 10, "weekday": {"sun": 0}}}
    config = centre({"phone": live()}, {"t": team()}, rows=rows, streams=weekdays, run={"warm_up": "4 h"})
    cycle_text, delay_text = short_run_warnings(config)
    assert cycle_text.startswith("run.measure: 24 h of a centre that repeats every week")
    assert "the delay of journeys.rows.phone.any (5 h on average)" in delay_text


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, 0),
        ({"per_day": 5, "profile": [1, 2]}, DAY),
        ({"per_day": 5, "weekday": {"mon": 2}}, WEEK),
        ({"rates": {"interval": "12 h", "values": [1, 2]}}, DAY),
        ({"rates": {"interval": "12 h", "values": [1, 2, 3]}}, float("inf")),
        ({"times": [5]}, float("inf")),
    ],
)
def test_the_cycle_of_demand(parts: dict[str, Any], expected: float) -> None:
    streams = {"calls": parts or {"per_day": 5}}
    assert cycle(centre({"phone": live()}, {"t": team()}, streams=streams, rows={"phone": GONE})) == expected


@pytest.mark.parametrize(
    ("hours", "expected"), [("always", 0), ({"mon-sun": "08:00-20:00"}, DAY), ({"mon-fri": "08:00-20:00"}, WEEK)]
)
def test_the_cycle_of_hours(hours: Any, expected: float) -> None:
    channels = {"phone": live(hours=hours)}
    assert cycle(centre(channels, {"t": team()}, streams={"calls": {"per_day": 5}})) == expected


def test_the_coverage_that_is_said_is_that_of_the_table() -> None:
    """`run.replications` below 40 with a long tail: the lowest and the highest coverage in the gallery."""
    with (ROOT / COVERED_IN).open(newline="", encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["method"] == "hall" and int(row["replications"]) < 40]
    covered = [float(row["coverage"]) for row in rows]
    assert len(rows) == 36
    assert (math.floor(min(covered) * 100) / 100, math.floor(max(covered) * 100) / 100) == COVERED
