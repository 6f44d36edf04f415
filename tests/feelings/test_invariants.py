"""On random centres: frustration is what the log's contacts add up to, and the laws of every log still hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from math import inf, log2
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine import simulate
from sim.log.codes import FORCED_HOP
from sim.log.tables import Log
from sim.model import Configuration, End, Outcome
from tests.extreme.test_without_jit import digest, everything
from tests.invariants.laws_of_the_log import LAWS, contacts_go_as_planned, journeys
from tests.invariants.random_centres import centres

SIZES = st.sampled_from([0.0, 0.3, 1.0])
LOST = 2
examples = settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@st.composite
def felt(draw: Any, mapping: dict[str, Any]) -> dict[str, Any]:
    """Feelings for a centre."""
    names = list(mapping["channels"])
    kinds = ("wait", "failure", "transfer", "turned_away", "restart", "forced_hop")
    reach = {"mean": 50, "sigma": draw(SIZES)}
    return {
        "growth": {kind: draw(SIZES) for kind in kinds},
        "tolerance": {name: draw(st.sampled_from(["20 s", "5 min", "inf"])) for name in names},
        "relief": draw(SIZES),
        "effects": {kind: draw(SIZES) for kind in ("patience", "public", "give_up")},
        "public": names[-1:],
        "posts": {"probability": draw(SIZES), "threshold": draw(SIZES), "reach": reach, "reposted": 0.5},
        "advocates": {"probability": draw(SIZES), "within_contacts": draw(st.integers(1, 3)), "reach": reach},
    }


def told(log: Log, config: Configuration) -> None:
    """Frustration at each contact's start and at each journey's end, added up again from the contacts alone."""
    growth, kept = config.feelings.growth, 1 - config.feelings.relief
    turned_away = dict.fromkeys((Outcome.BLOCKED, Outcome.CLOSED, Outcome.BALKED), growth.turned_away)
    adds = {Outcome.FAILED: growth.failure, Outcome.TRANSFERRED: growth.transfer} | turned_away
    c = {name: values.tolist() for name, values in log.contacts.items()}
    waits = log.wait.tolist()
    for who, mine in journeys(log):
        f = 0.0
        for i in range(mine.start, mine.stop):
            f += growth.restart * (c["context"][i] == LOST)
            f += growth.forced_hop * (i > mine.start and c["flags"][i - 1] & FORCED_HOP)
            assert c["frustration"][i] == pytest.approx(f, rel=1e-12)
            name, outcome = log.channels[c["channel"][i]], c["outcome"][i]
            if outcome == Outcome.OPEN:
                break
            tolerance = config.feelings.tolerance.get(name, inf)
            f += growth.wait * log2(waits[i] / tolerance) if waits[i] > tolerance else 0.0
            session = config.channels[name].kind == "self_service"
            put_through = session and outcome == Outcome.TRANSFERRED  # to a person: what the customer came for
            dropped = session and outcome == Outcome.ABANDONED
            f += growth.failure if dropped else 0.0 if put_through else adds.get(outcome, 0.0)
            f = f * kept if outcome == Outcome.RESOLVED else f
            f += growth.failure * c["reopens"][i]
        if log.customers["end"][who] != End.OPEN:
            assert log.customers["frustration"][who] == pytest.approx(f, rel=1e-12)


def posts_are_sound(log: Log, config: Configuration) -> None:
    """No post is seen by fewer than nobody or by more than its reach and the reposts; each belongs to one contact."""
    posts = log.posts
    assert np.all(posts["reach"] >= 0)
    most = np.where(posts["kind"] == 1, 2.0, 1.0) * posts["reach"]
    assert np.all((posts["impressions"] >= 0) & (posts["impressions"] <= most * (1 + 1e-12)))
    written = set(zip(posts["entity"].tolist(), posts["number"].tolist(), strict=True))
    there = set(zip(log.contacts["entity"].tolist(), log.contacts["number"].tolist(), strict=True))
    assert written <= there
    keys = list(zip(posts["kind"].tolist(), posts["entity"].tolist(), posts["number"].tolist(), strict=True))
    assert len(keys) == len(set(keys))


@examples
@given(st.data())
def test_feelings_obey_their_laws(data: Any) -> None:
    mapping = data.draw(centres())
    config = Configuration.from_mapping(mapping | {"feelings": data.draw(felt(mapping))})
    log = simulate(config, 3, 1)
    assert log.same_as(simulate(config, 3, 1))
    told(log, config)
    posts_are_sound(log, config)
    for law in LAWS:
        if law is not contacts_go_as_planned or not config.feelings.effects.patience:  # which is told in test_by_hand
            law(log, config)


def furious() -> Configuration:
    """Every mechanism, felt."""
    growth = dict.fromkeys(("wait", "failure", "transfer", "turned_away", "restart"), 0.7)
    posts = {"probability": 0.7, "threshold": 0.5, "reach": {"mean": 70, "sigma": 1.5}}
    feelings = {
        "growth": growth, "tolerance": {"phone": "20 s", "mail": "5 min"}, "relief": 0.5, "public": ["mail"],
        "effects": {"patience": 0.2, "public": 0.3, "give_up": 0.1}, "posts": posts,
        "advocates": {"probability": 0.9, "reach": {"mean": 20, "sigma": 1}},
    }  # fmt: skip
    return everything().changed(feelings=type(everything().feelings).model_validate(feelings))


def prints(log: Log) -> dict[str, Any]:
    """A hash of every column, posts as they are."""
    return digest(log) | {f"posts.{name}": column.tolist() for name, column in log.posts.items()}


SCRIPT = "import json; from feelings.test_invariants import *; print(json.dumps(prints(simulate(furious(), 3, 1))))"


def test_plain_python_feels_the_same() -> None:
    log = simulate(furious(), 3, 1)
    assert set(log.posts["kind"].tolist()) == {1, 2}
    tests = Path(__file__).resolve().parents[1]
    environment = os.environ | {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)]),
    }
    plain = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=False)
    assert plain.returncode == 0, plain.stderr
    assert json.loads(plain.stdout) == prints(log)


def test_the_same_customer_has_the_same_reach_in_every_scenario() -> None:
    """What both lived as a post is the same draw, whatever integration made of the journeys around it."""
    one, other = (
        furious().changed(integration=furious().integration.model_copy(update={"level": level})) for level in (0.1, 0.9)
    )
    reach = []
    for config in (one, other):
        posts = simulate(config, 3, 1).posts
        keys = zip(posts["entity"].tolist(), posts["number"].tolist(), posts["kind"].tolist(), strict=True)
        reach.append(dict(zip(keys, posts["reach"].tolist(), strict=True)))
    common = reach[0].keys() & reach[1].keys()
    assert len(common) >= 10
    assert reach[0].keys() != reach[1].keys()
    assert all(reach[0][key] == reach[1][key] for key in common)
