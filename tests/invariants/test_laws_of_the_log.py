"""On random centres: conservation, capacity, order, Little's law and reproducibility."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from sim.engine import simulate
from sim.measures.observe import observe
from sim.model import Configuration, Outcome

from .laws_of_the_log import LAWS, out_of_line, until
from .random_centres import centres, serving_centres
from .watched import watch

examples = settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@examples
@given(centres())
def test_every_law_of_the_log(mapping: dict[str, Any]) -> None:
    """One watched replication: the state is sound after every event, then the log obeys every law."""
    config = Configuration.from_mapping(mapping)
    simulation, log = watch(config)
    for law in LAWS:
        law(log, config)

    # Little's law, exactly: time integrals kept by the watcher equal the sums of times in the log.
    c = log.contacts
    waits = out_of_line(log, config) - c["arrived"]
    assert simulation.waiting_area == pytest.approx(waits.sum(), rel=1e-9, abs=1e-6)
    worked, session = c["agent"] >= 0, (c["agent"] < 0) & ~np.isnan(c["answered"])
    busy = (until(log, "released") - until(log, "answered"))[worked]
    assert simulation.busy_area == pytest.approx(busy.sum(), rel=1e-9, abs=1e-6)
    sessions = (until(log, "ended") - until(log, "answered"))[session]
    assert simulation.session_area == pytest.approx(sessions.sum(), rel=1e-9, abs=1e-6)
    inside = np.fmin(np.nan_to_num(log.customers["ended"], nan=np.inf), log.stopped) - log.customers["arrived"]
    assert simulation.inside_area == pytest.approx(inside.sum(), rel=1e-9, abs=1e-6)


@settings(examples, max_examples=40)
@given(serving_centres())
def test_every_law_where_queues_are_served_to_their_end(mapping: dict[str, Any]) -> None:
    """The same laws where agents go on after the hours, and after their own; and nobody in a queue is sent away."""
    config = Configuration.from_mapping(mapping)
    _, log = watch(config)
    for law in LAWS:
        law(log, config)
    c = log.contacts
    live = np.array([config.channels[name].kind == "live" for name in log.channels])[c["channel"].astype(int)]
    sent_away = live & (c["outcome"] == Outcome.CLOSED) & (c["ended"] > c["arrived"])
    assert np.all(c["ended"][sent_away] == log.window[1])  # at the end of a run that clears its queues


@settings(examples, max_examples=25)
@given(centres())
def test_same_seed_same_log(mapping: dict[str, Any]) -> None:
    """Watched or not, from the same mapping read again: equal to the bit. Another replication is another life."""
    one, other = Configuration.from_mapping(mapping), Configuration.from_mapping(mapping)
    log = simulate(one, 7, 2)
    assert log.same_as(simulate(other, 7, 2))
    assert log.same_as(watch(other, 7, 2)[1])
    random = any("times" not in stream for stream in mapping["demand"]["streams"].values())
    if random and log.customers["entity"].size > 10:
        assert not log.same_as(simulate(one, 7, 3))
        assert not log.same_as(simulate(one, 8, 2))


@settings(examples, max_examples=25)
@given(centres())
def test_measures_agree_with_the_log_and_with_each_other(mapping: dict[str, Any]) -> None:
    """Sums over channels, days and intervals agree; outcomes partition the offered; shares lie in [0, 1]."""
    config = Configuration.from_mapping(mapping)
    log = simulate(config, 1, 0)
    found = observe(log, config)
    days = 1 + int(np.ceil(log.window[1] / 86400)) - int(log.window[0] // 86400)
    for table in found.values():
        for part in (table.top, table.bottom):
            if part is not None and part.shape[1] > 1:
                assert part[:, 1:days].sum(axis=1) == pytest.approx(part[:, 0], rel=1e-9, abs=1e-6)
                assert part[:, days:].sum(axis=1) == pytest.approx(part[:, 0], rel=1e-9, abs=1e-6)
    whole = {name: found["centre", name].top[0, 0] for name in
             ("offered", "handled", "abandoned", "blocked", "closed", "unfinished")}  # fmt: skip
    balked = found["channel", "balked"].top[:, 0].sum()
    assert whole["offered"] == sum(whole.values()) - whole["offered"] + balked
    inside = (log.contacts["arrived"] >= log.window[0]) & (log.contacts["arrived"] < log.window[1])
    assert whole["offered"] == inside.sum()
    assert whole["blocked"] == (inside & (log.contacts["outcome"] == Outcome.BLOCKED)).sum()
    if config.staffing:
        duty, worked = found["pool", "occupancy"].bottom, found["pool", "occupancy"].top
        assert duty is not None
        assert np.all(worked <= duty + 1e-6)
        assert np.all(worked >= -1e-6)
    assert found["journey", "journeys"].top[0, 0] == sum(
        found["journey", name].top[0, 0] for name in ("resolved", "given_up", "open")
    )
