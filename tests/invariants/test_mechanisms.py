"""On random centres with mechanisms: the laws, the worth of nothing, luck, workers."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from sim.coded import centre as centre_module
from sim.coded.lines import desks_of
from sim.engine import simulate
from sim.engine.simpy import handling
from sim.engine.simpy.sharing import Shared
from sim.measures.observe import observe
from sim.model import Configuration
from sim.runs.replicate import replicate
from tests.extreme.mechanised import mechanised as all_at_once
from tests.extreme.small import centre, deferred, live, team

from .laws_of_mechanisms import LAWS, held
from .mechanised_centres import mechanised
from .random_centres import centres
from .test_laws_of_the_log import examples
from .watched import watch


def obey(config: Configuration) -> None:
    """A watched replication is sound after every event, and its log obeys every law."""
    simulation, log = watch(config)
    for law in LAWS:
        law(log, config)
    spans, units = held(log), desks_of(config).units
    taken = units[log.agent_pool[spans["agent"]], log.contacts["channel"][spans["place"]]] if spans["agent"].size else 0
    assert simulation.busy_area == pytest.approx((taken * (spans["end"] - spans["start"])).sum(), rel=1e-9, abs=1e-6)
    observed = observe(log, config)
    if config.staffing:
        duty, worked = observed["pool", "occupancy"].bottom, observed["pool", "occupancy"].top
        assert duty is not None
        assert np.all((worked >= -1e-6) & (worked <= duty + 1e-6))


@settings(examples, max_examples=20)
@given(mechanised())
def test_every_law_with_mechanisms(mapping: dict[str, Any]) -> None:
    obey(Configuration.from_mapping(mapping))


def test_every_law_with_all_at_once() -> None:
    config = all_at_once()
    obey(config)
    log = simulate(config, 8, 0)
    assert {1, 2, 4} <= set(log.contacts["flags"].tolist())  # pushed or timed out, unseen, silent


def without_effect(mapping: dict[str, Any]) -> dict[str, Any]:
    """The centre with every mechanism said and none in effect."""
    said = copy.deepcopy(mapping)
    first = next(iter(said["channels"]))
    for channel in said["channels"].values():
        if channel["kind"] == "self_service":
            channel["authority"] = 1
            continue
        channel |= {"concurrency": 1, "turns": {"probability": 0, "delay": "1 min"},
                    "deflection": {"share": 0, "to": {first: 1}, "context": 1},
                    "by_reason": {"bill": {}}, "by_segment": {"gold": {}}, "by_pool": {"one": {}}}  # fmt: skip
        live_only = {"ring": 0, "silent": {"share": 0, "detection": "1 min"}}
        channel |= live_only if channel["kind"] == "live" else {"seen": 1}
    for pool in said["staffing"].values():
        pool |= {"speeds": [1], "authority": 1, "reserve": 0, "overflow": dict.fromkeys(pool["serves"], 0)}
    said["customers"] |= {"difficulty": 0}
    said["customers"]["reasons"]["bill"]["needs_authority"] = 0.5
    said["routing"] |= {"agent_rule": "longest_idle", "queue_rule": "priority", "transfer_bonus": 0}
    return said


@settings(examples, max_examples=12)
@given(centres())
def test_mechanisms_without_effect_change_nothing(mapping: dict[str, Any]) -> None:
    plain = simulate(Configuration.from_mapping(mapping), 5, 0)
    assert simulate(Configuration.from_mapping(without_effect(mapping)), 5, 0).same_as(plain)


@settings(examples, max_examples=12)
@given(centres())
def test_the_long_way_is_the_short_way(mapping: dict[str, Any]) -> None:
    """Plain contacts handled as turns, on shared agents who hold one, live the same lives to the bit."""
    config = Configuration.from_mapping(mapping | {"engine": "simpy"})
    plain = simulate(config, 5, 0)
    with pytest.MonkeyPatch.context() as patch:
        channels = centre_module.channels_of
        patch.setattr(
            centre_module,
            "channels_of",
            lambda *parts: channels(*parts)._replace(turned=channels(*parts).turned | True),
        )
        turned = simulate(config, 5, 0)
        patch.setattr(handling.Handling, "_sharing", lambda self, pool: Shared(self.env, (1.0,), self._worked))
        shared = simulate(config, 5, 0)
    for log in (turned, shared):
        for name in ("contacts", "customers", "duties"):
            mine, theirs = getattr(plain, name), getattr(log, name)
            different = [n for n in mine if n != "turns" and not np.array_equal(mine[n], theirs[n], equal_nan=n in
                         ("arrived", "answered", "ended", "released", "start", "end"))]  # fmt: skip
            assert set(different) <= {"released"}, different
        worked, over = plain.contacts["agent"] >= 0, np.nan_to_num(plain.contacts["released"], nan=np.inf)
        kept = worked & (over <= plain.stopped)  # the short way says a release beyond the stop, the long way does not
        assert np.array_equal(plain.contacts["released"][kept], log.contacts["released"][kept], equal_nan=True)


def test_a_mechanism_elsewhere_leaves_luck_alone() -> None:
    """With agents enough for all, who never meets a channel lives the same life whatever that channel can do."""
    plain = {
        "chat": live("2 min", failure=0.4, patience="5 min"),
        "mail": deferred("3 min", failure=0.4, deadline="1 h"),
        "phone": live({"law": "exponential", "mean": "3 min"}, failure=0.4),
    }
    more = copy.deepcopy(plain)
    more["chat"] |= {"concurrency": 3, "turns": {"probability": 0.5, "delay": "1 min"}, "ring": "5 s"}
    more["mail"] |= {"seen": 0.5, "deflection": {"share": 0.5, "to": {"chat": 1}}}
    row = {"any": {"to": {"phone": 0.4, "chat": 0.2, "mail": 0.2, "give_up": 0.2}, "delay": "2 min"}}
    customers = {"segments": {"all": {"share": 1, "first_channel": {"phone": 0.5, "chat": 0.3, "mail": 0.2}}}}
    logs = [
        simulate(centre(channels, {"team": team(200, "chat", "mail", "phone")}, rows=dict.fromkeys(channels, row),
                        streams={"all": {"per_day": 600}}, customers=customers, run={"measure": "12 h"}), 4, 0)
        for channels in (plain, more)
    ]  # fmt: skip
    others = [set(log.contacts["entity"][log.contacts["channel"] < 2].tolist()) for log in logs]
    spared = sorted(set(logs[0].customers["entity"].tolist()) - others[0] - others[1])
    assert len(spared) > 50
    mine, theirs = (np.isin(log.contacts["entity"], spared) for log in logs)
    for name in ("entity", "number", "channel", "arrived", "answered", "ended", "outcome", "context"):
        assert np.array_equal(logs[0].contacts[name][mine], logs[1].contacts[name][theirs])


def test_any_number_of_workers_gives_the_same_numbers() -> None:
    config = all_at_once(replications=3, measure="1 h")
    one, two = (replicate(config.changed(run=config.run.model_copy(update={"workers": n}))) for n in (1, 2))
    assert repr(one.kpis.rows) == repr(two.kpis.rows)
