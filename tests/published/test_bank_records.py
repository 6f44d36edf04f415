"""What is read from the bank's records, by hand on a few made-up calls: the records themselves are not needed."""

from __future__ import annotations

import numpy as np
import pytest

from . import bank_records as bank

MORNING = 8 * 3600.0


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank, "SECONDS", bank.DAY)


def calls(*rows: tuple[float, float, float, str]) -> bank.Calls:
    """Calls of type PS from (joined, wait, talk, agent), in s after 8 h of the first day; without an agent hung up."""
    joined, wait, talk, agent = (np.array(column) for column in zip(*rows, strict=True))
    kind, priority = np.full(len(rows), "PS"), np.zeros(len(rows), dtype=int)
    return bank.Calls(MORNING + joined, kind, priority, wait, talk, agent != "", agent, MORNING + joined + wait)


def half_hour(values: np.ndarray) -> list[float]:
    return values[16:20].round(3).tolist()


def test_effective_agents_are_those_who_talk_while_somebody_waits() -> None:
    """Two talk for 10 minutes while a third caller waits for 2 of them, in the first half-hour; then nobody waits."""
    record = calls((0, 0, 600, "A"), (0, 0, 600, "B"), (480, 120, 60, "A"), (1900, 0, 60, "A"))
    everybody = np.full(4, True)
    assert half_hour(bank.each_day(record, everybody, everybody)) == [2, 1, 0, 0]


def test_agents_at_work_are_those_between_two_calls_not_far_apart() -> None:
    """A: calls 4 min apart, then 20 min with nobody waiting, then away. B: 6 min apart while somebody waits: away."""
    rows = [(0, 0, 60, "A"), (300, 0, 60, "A"), (1560, 0, 60, "A"), (0, 0, 60, "B"), (420, 0, 60, "B")]
    alone = bank.at_work(calls(*rows[:3]), np.full(3, True), bank.HALF_HOUR)
    assert half_hour(alone) == [pytest.approx(1620 / 1800, abs=1e-3), 0, 0, 0]
    both = calls(*rows, (100, 200, 0, ""))
    minutes = bank.at_work(both, np.full(6, True), bank.MINUTE)[8 * 60 :][:30]
    assert minutes.tolist() == [2] + [1] * 6 + [2] + [1] * 19 + [0] * 3


def test_laws_of_a_type() -> None:
    record = calls((0, 30, 5, "A"), (100, 0, 100, "A"), (300, 0, 100, "A"), (500, 60, 0, ""))
    every_type = {name: np.tile(column, 5) for name, column in vars(record).items()} | {
        "type": np.repeat(bank.TYPES, 4)
    }
    law = bank.laws(bank.Calls(**every_type))["NE"]
    short, long = law["service"]["parts"]
    assert short["share"] == pytest.approx(1 / 3)
    assert (float(long["median"].split()[0]), long["sigma"]) == (pytest.approx(100), pytest.approx(0))
    assert law["patience"]["mean"] == "90.0 s"
