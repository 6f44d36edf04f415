"""The benchmarks: what they ran is asserted, how long it took is not (README.md says how to run them)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.model import Configuration

from .agreement import compared
from .compared_centres import plain_queue, six_channels
from .footprint import log_bytes, traced_peak
from .idiomatic import Centre
from .start_up import HELP, IMPORT_SIM, SLOW_IMPORTS, SMALL_RUN, modules

CENTRES = {"six channels, a day": (six_channels(24), 9600), "plain queue, 3 hours": (plain_queue(3), 9000)}
"""What is run, and about how many contacts that makes."""


@pytest.mark.parametrize("name", CENTRES)
class TestSpeed:
    @pytest.mark.benchmark(timer=time.process_time, min_rounds=7)
    def test_ours(self, benchmark: Any, name: str) -> None:
        mapping, contacts = CENTRES[name]
        config = Configuration.from_mapping(mapping)
        benchmark.group = name
        log = benchmark(sim.simulate, config)
        assert log.contacts["entity"].size == pytest.approx(contacts, rel=0.05)

    @pytest.mark.benchmark(timer=time.process_time, min_rounds=7)
    def test_idiomatic(self, benchmark: Any, name: str) -> None:
        mapping, contacts = CENTRES[name]
        benchmark.group = name
        records = benchmark(lambda: Centre(mapping, 1).run())
        assert len(records) == pytest.approx(contacts, rel=0.05)


def test_both_simulate_the_same_model() -> None:
    distances = {name: distance for name, _, _, distance in compared(replications=6)}
    assert len(distances) == 19
    assert max(abs(distance) for distance in distances.values()) < 5, distances


class TestMemory:
    def test_a_contact_is_logged_in_65_bytes_and_a_customer_in_43(self) -> None:
        log = sim.simulate(Configuration.from_mapping(plain_queue(1)))
        assert log_bytes(log) == 65 * log.contacts["entity"].size + 43 * log.customers["entity"].size

    @pytest.mark.benchmark(group="traced run of six channels, a day")
    def test_a_run_holds_few_copies_of_its_log(self, benchmark: Any) -> None:
        config = Configuration.from_mapping(six_channels(24))
        log = sim.simulate(config)
        assert benchmark(traced_peak, lambda: sim.simulate(config)) < 5 * log_bytes(log)


class TestStartUp:
    @pytest.mark.benchmark(group="start-up", min_rounds=5)
    @pytest.mark.parametrize("command", [IMPORT_SIM, HELP, SMALL_RUN], ids=["import sim", "--help", "small run"])
    def test_nothing_slow_is_imported(self, benchmark: Any, tmp_path: Path, command: tuple[str, ...]) -> None:
        found = benchmark(modules, command, tmp_path)
        assert "sim" in found
        assert found.isdisjoint(SLOW_IMPORTS)

    def test_import_and_help_take_no_numerics(self, tmp_path: Path) -> None:
        for command in (IMPORT_SIM, HELP):
            assert modules(command, tmp_path).isdisjoint({"numba", "scipy", "simpy", "matplotlib", "duckdb"})
