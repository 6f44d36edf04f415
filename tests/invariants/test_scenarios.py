"""Between scenarios: what is not touched does not move, and what moves keeps its customers and their luck."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import simulate
from sim.log.tables import Log
from sim.model import Configuration, Outcome
from sim.runs.replicate import replicate

from .random_centres import centres
from .test_laws_of_the_log import examples

SPARE_POOL = {"serves": {"spare": 1}, "agents": 2.5}
SPARE = {
    "live": {"kind": "live", "service": "3 min", "hours": {"mon": "00:00-01:00"}, "at_closing": "clear", "lines": 2},
    "deferred": {"kind": "deferred", "service": "3 min", "priority": 9},
    "self_service": {"kind": "self_service", "session": "3 min", "ports": 1},
}


def run(mapping: dict[str, Any]) -> Log:
    """One replication of a mapping."""
    return simulate(Configuration.from_mapping(mapping), 3, 1)


def with_spare(mapping: dict[str, Any], kind: str, first: bool, enabled: bool) -> dict[str, Any]:
    """The centre with one more channel that nobody is sent to, before or after the others, and agents for it."""
    changed = copy.deepcopy(mapping)
    spare = {"spare": {**SPARE[kind], "enabled": enabled}}
    changed["channels"] = spare | changed["channels"] if first else changed["channels"] | spare
    changed["journeys"]["rows"]["spare"] = {"any": {"to": {"give_up": 1}}}
    if kind != "self_service":
        changed["staffing"]["spare"] = SPARE_POOL
    return changed


def by_name(log: Log) -> dict[str, list[Any]]:
    """The log's contacts, customers and duties, with channels and pools by name, without the spare pool's duties."""
    names = np.array([*log.channels, "-"])
    contacts = {name: column.tolist() for name, column in log.contacts.items()}
    contacts["channel"] = names[log.contacts["channel"]].tolist()
    customers = {f"customer's {name}": column.tolist() for name, column in log.customers.items()}
    customers["customer's channel"] = names[log.customers["channel"]].tolist()
    pools = np.array([*log.pools, "-"])[log.duties["pool"]]
    duties = {f"duty's {name}": column[pools != "spare"].tolist() for name, column in log.duties.items()}
    return contacts | customers | duties


def differing(one: Log, other: Log) -> list[str]:
    """Columns in which two logs differ."""
    mine, theirs = by_name(one), by_name(other)
    return [name for name in mine if repr(mine[name]) != repr(theirs[name])]  # repr: NaN is NaN, and floats are exact


@settings(examples, max_examples=40)
@given(centres(), st.sampled_from(sorted(SPARE)), st.booleans(), st.booleans())
def test_an_unused_channel_changes_nothing(mapping: dict[str, Any], kind: str, first: bool, enabled: bool) -> None:
    """Wherever it stands in the file, enabled or not, with idle agents of its own."""
    assert differing(run(mapping), run(with_spare(mapping, kind, first, enabled))) == []


@settings(examples, max_examples=30)
@given(centres(), st.sampled_from([1.3, 2.0]))
def test_more_demand_adds_customers_and_changes_none(mapping: dict[str, Any], scale: float) -> None:
    few, more = run(mapping), copy.deepcopy(mapping)
    more["demand"]["scale"] = scale
    many = run(more)
    together = np.isin(many.customers["entity"], few.customers["entity"])
    stop = min(few.stopped, many.stopped)  # "follow" may stop either earlier: compare who came before
    before = few.customers["arrived"] < stop
    assert set(few.customers["entity"][before]) <= set(many.customers["entity"])
    for name in ("arrived", "segment", "reason", "channel"):
        mine = dict(zip(few.customers["entity"].tolist(), few.customers[name].tolist(), strict=True))
        theirs = zip(many.customers["entity"][together].tolist(), many.customers[name][together].tolist(), strict=True)
        assert all(mine[entity] == value for entity, value in theirs)


def contacts_of(log: Log) -> dict[tuple[int, int, int, int], tuple[float, float, int, int]]:
    """(entity, number, channel, context) -> (talk, wrap-up, outcome, comes back) of served contacts."""
    c = log.contacts
    served = np.isin(c["outcome"], (Outcome.RESOLVED, Outcome.FAILED, Outcome.TRANSFERRED, Outcome.ABANDONED))
    served &= ~np.isnan(c["answered"])
    keys = zip(*(c[name][served].tolist() for name in ("entity", "number", "channel", "context")), strict=True)
    talk, wrap_up = c["ended"] - c["answered"], np.nan_to_num(c["released"] - c["ended"])
    return dict(zip(keys, zip(talk[served], wrap_up[served], c["outcome"][served], c["reopens"][served], strict=True),
                    strict=True))  # fmt: skip


@settings(examples, max_examples=40)
@given(centres(), st.sampled_from(["more agents", "other hours", "more demand", "integration"]))
def test_the_same_customer_has_the_same_luck(mapping: dict[str, Any], change: str) -> None:
    """A contact that is served in two scenarios, with or without context in both, takes as long and ends alike."""
    other = copy.deepcopy(mapping)
    if change == "more agents":
        for pool in other["staffing"].values():
            pool |= {"agents": 6, "counts": None, "shifts": (), "said": "net", "profile": [1]}
    elif change == "other hours":
        for channel in other["channels"].values():
            channel["hours"] = "always"
    elif change == "more demand":
        other["demand"]["scale"] = 2.0
    else:
        other["integration"] |= {"level": 1 - mapping["integration"]["level"], "same_channel": 0.5}
    one, two = contacts_of(run(mapping)), contacts_of(run(other))
    for key in one.keys() & two.keys():
        assert one[key][:2] == pytest.approx(two[key][:2], abs=1e-7)
        assert one[key][2:] == two[key][2:]


@settings(examples, max_examples=20)
@given(centres())
def test_the_first_patience_is_the_same_whatever_the_staff(mapping: dict[str, Any]) -> None:
    """Without anybody to answer, everybody shows their patience; with staff nobody waits longer than that."""
    alone = copy.deepcopy(mapping)
    for pool in alone["staffing"].values():
        pool |= {"agents": 0, "counts": None, "shifts": ()}
    unlimited = {"lines": None, "places": None, "balking": {}, "hours": "always", "at_closing": "serve"}
    for channel in (*mapping["channels"].values(), *alone["channels"].values()):
        if channel["kind"] == "live":
            channel |= unlimited
    shown, seen = run(alone), run(mapping)
    limits = {}
    for log, first in ((shown, True), (seen, False)):
        c, wait = log.contacts, log.wait
        for i in np.flatnonzero((c["number"] == 1) & (c["outcome"] != Outcome.OPEN) & (c["outcome"] != Outcome.CLOSED)):
            if first:
                limits[int(c["entity"][i])] = wait[i]
            elif int(c["entity"][i]) in limits:
                assert wait[i] <= limits[int(c["entity"][i])] + 1e-7


def test_results_do_not_depend_on_the_number_of_workers() -> None:
    """One worker or two: the same replications in the same order, equal to the bit."""
    mapping: dict[str, Any] = {
        "channels": {
            "phone": {"kind": "live", "service": {"law": "lognormal", "mean": "4 min", "cv": 1}, "failure": 0.3,
                      "patience": {"law": "exponential", "mean": "2 min"}},
            "mail": {"kind": "deferred", "service": {"law": "gamma", "mean": "6 min", "shape": 2}},
        },
        "customers": {"segments": {"all": {"first_channel": {"phone": 0.7, "mail": 0.3}}}},
        "demand": {"streams": {"calls": {"per_day": 300, "count": "mixed_poisson"}}},
        "journeys": {"rows": {name: {"any": {"to": {"phone": 0.5, "give_up": 0.5}, "delay": "5 min"}}
                              for name in ("phone", "mail")}},
        "staffing": {"team": {"agents": 2.5, "serves": {"phone": 1, "mail": 2}}},
        "run": {"warm_up": "1 h", "measure": "6 h", "replications": 5},
    }  # fmt: skip
    results = [replicate(Configuration.from_mapping(mapping | {"run": {**mapping["run"], "workers": workers}}))
               for workers in (1, 2)]  # fmt: skip
    assert results[0].replications == results[1].replications == (0, 1, 2, 3, 4)
    for one, two in zip(results[0].observations, results[1].observations, strict=True):
        assert one.keys() == two.keys()
        for key in one:
            assert one[key].rows == two[key].rows
            assert np.array_equal(one[key].top, two[key].top, equal_nan=True)
            mine, theirs = one[key].bottom, two[key].bottom
            assert (mine is None) == (theirs is None)
            assert mine is None or theirs is None or np.array_equal(mine, theirs, equal_nan=True)
    assert repr(results[0].kpis.rows) == repr(results[1].kpis.rows)
