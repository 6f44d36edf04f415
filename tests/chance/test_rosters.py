"""Who is on duty: counts with fractions and shrinkage by key, shifts with breaks, paid time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.chance.rosters import Roster
from sim.model import Configuration
from sim.model.units import DAY, HOUR

SEED = 20260130


def roster(pool: dict[str, Any], seed: int = SEED, replication: int = 0, start: str = "2026-01-05") -> Roster:
    """The roster of the only pool of a small centre."""
    config = Configuration.from_mapping(
        {
            "channels": {"phone": {"kind": "live", "service": "3 min"}},
            "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
            "demand": {"streams": {"calls": {"per_day": 0}}},
            "journeys": {"rows": {"phone": {"any": {"to": {"give_up": 1}}}}},
            "staffing": {"team": {"serves": {"phone": 1}, **pool}},
            "run": {"start": start},
        }
    )
    return Roster(config, "team", seed, replication)


def test_the_peak_scales_the_profile() -> None:
    team = roster({"agents": 30, "profile": [0, 1, 5, 2], "weekday": {"tue": 0.5}})
    assert team.counts(0) == [0, 6, 30, 12]
    assert team.counts(1) == [0, 3, 15, 6]
    assert team.size == 30


def test_a_fraction_is_an_agent_with_that_probability() -> None:
    """2.3 agents in each of 96 intervals of 60 days: two or three, 2.3 on average (within 4.4 standard errors)."""
    team = roster({"agents": 2.3, "profile": [1] * 96})
    counts = np.array([team.counts(day) for day in range(60)])
    assert set(counts.ravel()) == {2, 3}
    assert abs(counts.mean() - 2.3) < 4.4 * math.sqrt(0.21 / counts.size)
    assert abs(np.corrcoef(counts.ravel()[:-1], counts.ravel()[1:])[0, 1]) < 4.4 / math.sqrt(counts.size)
    assert team.size == 3


@pytest.mark.parametrize("agents", [2.9999999999, 3.0000000001, 0.1 * 30])
def test_rounding_noise_is_no_fraction(agents: float) -> None:
    assert roster({"agents": agents}).counts(0) == [3]


def test_more_agents_never_take_one_away() -> None:
    """The draw belongs to (pool, day, interval): a larger count has at least as many agents everywhere."""
    few, many = roster({"agents": 2.3, "profile": [1] * 48}), roster({"agents": 2.8, "profile": [1] * 48})
    for day in range(5):
        assert all(a <= b for a, b in zip(few.counts(day), many.counts(day), strict=True))


def test_shrinkage_is_taken_off_scheduled_agents_only() -> None:
    scheduled = roster({"agents": 10, "said": "scheduled", "shrinkage": 0.3})
    net = roster({"agents": 7, "said": "net", "shrinkage": 0.3})
    assert scheduled.counts(0) == net.counts(0) == [7]
    assert scheduled.scheduled(0).tolist() == net.scheduled(0).tolist() == [10]


def test_counts_by_interval_run_from_the_first_day_and_repeat() -> None:
    team = roster({"counts": {"interval": "12 h", "values": [1, 2, 3]}})
    assert [team.counts(day) for day in range(3)] == [[1, 2], [3, 1], [2, 3]]
    assert team.size == 3


def test_shifts_are_named_agents_with_breaks() -> None:
    lunch, tea = {"start": "12:00", "end": "13:00"}, {"start": "10:00", "end": "10:15"}
    shifts = [
        {"start": "08:00", "end": "16:00", "agents": 1, "days": "mon-fri", "breaks": [lunch, tea]},
        {"start": "14:00", "end": "24:00", "agents": 2, "days": "mon,sat"},
    ]
    team = roster({"shifts": shifts})
    spells = [(d.agent, d.start / HOUR, d.end / HOUR) for d in team.duties(0)]
    assert spells == [(0, 8, 10), (0, 10.25, 12), (0, 13, 16), (1, 14, 24), (2, 14, 24)]
    assert [d.agent for d in team.duties(1)] == [0, 0, 0]
    assert [(d.agent, d.start) for d in team.duties(5)] == [(1, 5 * DAY + 14 * HOUR), (2, 5 * DAY + 14 * HOUR)]
    assert team.duties(6) == []
    assert team.size == 3


@pytest.mark.parametrize(
    ("breaks", "spells"),
    [
        ([("14:00", "15:00"), ("10:00", "11:00")], [(8, 10), (11, 14), (15, 17)]),
        ([("10:00", "12:00"), ("11:00", "13:00")], [(8, 10), (13, 17)]),
        ([("10:00", "13:00"), ("11:00", "12:00")], [(8, 10), (13, 17)]),
        ([("10:00", "11:00"), ("11:00", "12:00")], [(8, 10), (12, 17)]),
        ([("08:00", "09:00"), ("16:00", "17:00")], [(9, 16)]),
        ([("08:00", "17:00")], []),
    ],
)
def test_breaks_in_any_order_and_overlapping(breaks: list[tuple[str, str]], spells: list[tuple[int, int]]) -> None:
    pauses = [{"start": start, "end": end} for start, end in breaks]
    team = roster({"shifts": [{"start": "08:00", "end": "17:00", "agents": 1, "breaks": pauses}]})
    assert [(d.start / HOUR, d.end / HOUR) for d in team.duties(0)] == spells


def test_breaks_are_paid_and_absence_is_drawn_for_whole_shifts() -> None:
    """20 agents on 60 days and a shrinkage of 0.25: who is present (within 4.4 standard errors) and paid."""
    pause = {"start": "12:00", "end": "13:00"}
    shift = {"start": "08:00", "end": "16:00", "agents": 20, "breaks": [pause]}
    team = roster({"shifts": [shift], "said": "scheduled", "shrinkage": 0.25})
    present = np.array([len({d.agent for d in team.duties(day)}) for day in range(60)])
    assert abs(present.mean() / 20 - 0.75) < 4.4 * math.sqrt(0.1875 / 1200)
    assert all(len(team.duties(day)) == 2 * n for day, n in enumerate(present))
    assert team.scheduled(0).sum() * DAY / team.scheduled(0).size / HOUR == 20 * 8


def test_replications_and_seeds_draw_their_own_staff() -> None:
    pool = {"agents": 2.5, "profile": [1] * 96}
    draws = [tuple(roster(pool, seed, replication).counts(0)) for seed, replication in ((1, 0), (1, 0), (1, 1), (2, 0))]
    assert draws[0] == draws[1]
    assert len(set(draws)) == 3
