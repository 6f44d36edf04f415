"""What Python and process mining get: decoded tables, event logs, short names, replications one by one."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.log.tables import Log
from sim.model import Configuration
from sim.runs.replicate import Results

TINY = ["centre=single_queue", "run=quick", "run.replications=2", "run.warm_up=0", "run.measure=2 h", "run.end=cut",
        "run.workers=1", "run.plots=false", "run.seed=20261126"]  # fmt: skip


@pytest.fixture(scope="module")
def config() -> Configuration:
    """A plain queue for two hours."""
    return sim.load(TINY)


@pytest.fixture(scope="module")
def log(config: Configuration) -> Log:
    """One replication."""
    return sim.simulate(config)


@pytest.fixture(scope="module")
def results(config: Configuration) -> Results:
    """Two replications."""
    return sim.replicate(config)


def test_a_frame_has_names_dates_and_waits(log: Log) -> None:
    contacts = log.frame("contacts")
    assert {len(column) for column in contacts.values()} == {log.contacts["entity"].size}
    assert set(contacts["channel"]) == {"phone"}
    assert set(contacts["outcome"]) <= {"resolved", "open"}
    assert contacts["arrived"].dtype == np.dtype("datetime64[us]")
    seconds = (contacts["arrived"] - np.datetime64("2026-01-05", "us")) / np.timedelta64(1, "s")
    np.testing.assert_allclose(seconds, log.contacts["arrived"], atol=1e-6)
    assert (np.isnat(contacts["ended"]) == np.isnan(log.contacts["ended"])).all()
    np.testing.assert_array_equal(contacts["wait"], log.wait)
    assert set(contacts["pool"][contacts["agent"] >= 0]) == {"phone"}
    assert set(log.frame("customers")["end"]) <= {"resolved", "open"}
    for name in ("turns", "duties", "staffing", "posts"):
        log.frame(name)
    with pytest.raises(KeyError, match="no table of the log"):
        log.frame("calls")


def test_representations_are_short(config: Configuration, log: Log, results: Results) -> None:
    table = next(iter(results.observations[0].values()))
    for thing in (config, log, results, results.kpis, table):
        assert len(repr(thing)) < 250, repr(thing)
    assert "<td>channel.phone.asa</td>" in results._repr_html_()


def test_measures_by_dotted_name(results: Results) -> None:
    kpis = results.kpis
    assert kpis["channel.phone.asa"] is kpis["channel", "phone", "asa"]
    assert kpis["channel.phone.offered", "00:30"] is kpis["channel", "phone", "offered", "00:30"]
    with pytest.raises(KeyError, match="did you mean 'channel.phone.asa'"):
        kpis["channel.phone.asaa"]
    with pytest.raises(KeyError, match="has no interval '99:00'"):
        kpis["channel.phone.asa", "99:00"]


def test_names_of_measures_scenarios_and_the_version() -> None:
    assert "asa" in sim.all_measures()
    assert next(iter(sim.scenarios())) == "siloed"
    assert sim.__version__[0].isdigit()
    with pytest.raises(AttributeError):
        sim.nothing_like_it  # noqa: B018


def test_replications_one_by_one_add_up(results: Results) -> None:
    found = results.per_replication(["channel.phone.offered"])
    assert found["replication"].tolist() == [0, 1]
    assert found["value"].mean() == pytest.approx(results.kpis["channel.phone.offered"].mean, rel=1e-12)


def test_replications_of_a_sweep(tmp_path: Path) -> None:
    words = ["study=sweep", *TINY, "study.sweep.factors.staffing.phone.agents=[3,4]"]
    sim.run(sim.load([*words, f"study.sweep.folder={tmp_path}/swept"]))
    measure = "channel.phone.offered"
    found = sim.read_study(tmp_path / "swept", [measure], per_replication=True)
    whole = sim.read_study(tmp_path / "swept", [measure])
    assert found["point"].tolist() == [0, 0, 1, 1]
    assert found["staffing.phone.agents"].tolist() == [3, 3, 4, 4]
    assert found["value"].reshape(2, 2).mean(axis=1) == pytest.approx(whole["mean"], rel=1e-12)


@pytest.mark.parametrize("kind", ["csv", "xes"])
def test_an_event_log_reads_back(kind: str, config: Configuration, log: Log, tmp_path: Path) -> None:
    run = sim.run(config.at({"run.event_log": kind}), tmp_path)
    names = [f"events-{number:04d}.{kind}" for number in (0, 1)]
    assert sorted(path.name for path in tmp_path.glob("events-*")) == names
    assert {tmp_path / name for name in names} <= set(run.files)
    contacts = log.frame("contacts")
    began = ~np.isnat(contacts["answered"])
    if kind == "csv":
        with (tmp_path / names[0]).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        served = [row for row in rows if row["activity"] == "phone: service"]
        assert len({row["case"] for row in rows}) == log.customers["entity"].size
        assert all(row["resource"].startswith("phone ") and row["channel"] == "phone" for row in served)
    else:
        root = ElementTree.parse(tmp_path / names[0]).getroot()
        assert len(root.findall("trace")) == log.customers["entity"].size
        said = [{each.get("key"): each.get("value") for each in event} for event in root.iter("event")]
        served = [
            each for each in said
            if each["concept:name"] == "phone: service" and each["lifecycle:transition"] == "start"
        ]  # fmt: skip
        assert all("time:timestamp" in each for each in said)
    assert len(served) == began.sum() > 50


def test_an_event_log_needs_a_folder(config: Configuration) -> None:
    with pytest.raises(InputError, match="needs a folder"):
        sim.run(config.at({"run.event_log": "csv"}))
