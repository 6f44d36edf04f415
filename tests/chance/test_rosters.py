"""Who is on duty: counts with fractions and shrinkage by key, shifts with breaks, paid time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.chance.off_phone import SLOT, Duty
from sim.chance.rosters import Roster
from sim.errors import InputError
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


def spells(duty: Duty) -> list[tuple[float, float]]:
    """When the agent is on the phone, in hours."""
    return [(start / HOUR, end / HOUR) for start, end in duty.worked(duty.start, duty.end)]


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
    assert [(d.agent, d.start / HOUR, d.end / HOUR) for d in team.duties(0)] == [(0, 8, 16), (1, 14, 24), (2, 14, 24)]
    assert spells(team.duties(0)[0]) == [(8, 10), (10.25, 12), (13, 16)]
    assert [d.agent for d in team.duties(1)] == [0]
    assert [(d.agent, d.start) for d in team.duties(5)] == [(1, 5 * DAY + 14 * HOUR), (2, 5 * DAY + 14 * HOUR)]
    assert team.duties(6) == []
    assert team.size == 3


@pytest.mark.parametrize(
    ("breaks", "worked"),
    [
        ([("14:00", "15:00"), ("10:00", "11:00")], [(8, 10), (11, 14), (15, 17)]),
        ([("10:00", "12:00"), ("11:00", "13:00")], [(8, 10), (13, 17)]),
        ([("10:00", "13:00"), ("11:00", "12:00")], [(8, 10), (13, 17)]),
        ([("10:00", "11:00"), ("11:00", "12:00")], [(8, 10), (12, 17)]),
        ([("08:00", "09:00"), ("16:00", "17:00")], [(9, 16)]),
        ([("08:00", "17:00")], []),
    ],
)
def test_breaks_in_any_order_and_overlapping(breaks: list[tuple[str, str]], worked: list[tuple[int, int]]) -> None:
    pauses = [{"start": start, "end": end} for start, end in breaks]
    team = roster({"shifts": [{"start": "08:00", "end": "17:00", "agents": 1, "breaks": pauses}]})
    assert [span for duty in team.duties(0) for span in spells(duty)] == worked


def test_breaks_are_paid_and_absence_is_drawn_for_whole_shifts() -> None:
    """20 agents on 60 days and a shrinkage of 0.25: who is present (within 4.4 standard errors) and paid."""
    pause = {"start": "12:00", "end": "13:00"}
    shift = {"start": "08:00", "end": "16:00", "agents": 20, "breaks": [pause]}
    team = roster({"shifts": [shift], "said": "scheduled", "shrinkage": 0.25, "absence": 0.25})
    present = np.array([len({d.agent for d in team.duties(day)}) for day in range(60)])
    assert abs(present.mean() / 20 - 0.75) < 4.4 * math.sqrt(0.1875 / 1200)
    assert all(duty.pauses == ((day * DAY + 12 * HOUR, day * DAY + 13 * HOUR),)
               for day in range(60) for duty in team.duties(day))  # fmt: skip
    assert team.scheduled(0).sum() * DAY / team.scheduled(0).size / HOUR == 20 * 8


def test_replications_and_seeds_draw_their_own_staff() -> None:
    pool = {"agents": 2.5, "profile": [1] * 96}
    draws = [tuple(roster(pool, seed, replication).counts(0)) for seed, replication in ((1, 0), (1, 0), (1, 1), (2, 0))]
    assert draws[0] == draws[1]
    assert len(set(draws)) == 3


# The two parts of shrinkage -------------------------------------------------------------------------------------------

PARTS = {"said": "scheduled", "shrinkage": {"planned": 0.2, "absence": 0.1}}
ALL_DAY = [1] * 48
DAYS_SEEN = 400


def hours_by_count(day: int) -> float:
    """Hours of duty of 15 scheduled agents of a count, on a day."""
    return COUNTED.counts(day) @ np.full(48, 0.5)


def hours_in_shifts(day: int) -> float:
    """The same of 15 in shifts of a day: the shifts less what the roster takes off."""
    return sum(end - start for duty in SHIFTED.duties(day) for start, end in spells(duty))


COUNTED = roster({"agents": 15, "profile": ALL_DAY, **PARTS})
SHIFTED = roster({"shifts": [{"start": "00:00", "end": "24:00", "agents": 15}], **PARTS})


def test_shrinkage_is_the_product_of_what_its_parts_leave() -> None:
    for team in (COUNTED, SHIFTED):
        assert team.pool.shrinkage == pytest.approx(1 - 0.9 * 0.8)
        assert team.planned == pytest.approx(0.2)


@pytest.mark.parametrize("hours", [hours_by_count, hours_in_shifts])
def test_counts_and_shifts_have_the_same_mean_and_variance(hours: Callable[[int], float]) -> None:
    """Hours of a day: 15 x 24 x 0.9 x 0.8 on average; their variance is that of a binomial number of people, each
    24 x 0.8 hours, and rounding (half an interval at most)."""
    seen = np.array([hours(day) for day in range(DAYS_SEEN)])
    variance = 15 * 0.1 * 0.9 * (24 * 0.8) ** 2
    assert abs(seen.mean() - 15 * 24 * 0.9 * 0.8) < 4.4 * math.sqrt(variance / DAYS_SEEN)
    assert abs(seen.var() / variance - 1) < 4.4 * math.sqrt(2 / DAYS_SEEN) + 0.05


def test_counts_and_shifts_lose_the_same_people() -> None:
    """The same keyed days: what is on duty differs by rounding alone."""
    assert max(abs(hours_by_count(day) - hours_in_shifts(day)) for day in range(50)) <= 0.5


def test_planned_shrinkage_alone_has_no_variance() -> None:
    """7.5 of 10 agents: eight and seven in turn, every day of every replication, in counts and in shifts."""
    planned = {"said": "scheduled", "shrinkage": 0.25}
    for replication in range(3):
        team = roster({"agents": 10, "profile": ALL_DAY, **planned}, replication=replication)
        assert team.counts(0) == team.counts(5) == [8, 7] * 24
        team = roster(
            {"shifts": [{"start": "08:00", "end": "16:00", "agents": 10}], **planned}, replication=replication
        )
        on = [sum(bool(d.worked(at, at + SLOT)) for d in team.duties(0)) for at in np.arange(8 * HOUR, 16 * HOUR, SLOT)]
        assert on == [7, 8] * 8


@pytest.mark.parametrize("agents", [1, 3, 10])
def test_every_agent_of_a_shift_gives_the_same_share(agents: int) -> None:
    """Of eight hours 30 %, within one slot of half an hour; together within one slot as well."""
    shifts = [{"start": "08:00", "end": "16:00", "agents": 1}] * agents
    duties = roster({"shifts": shifts, "said": "scheduled", "shrinkage": 0.3}).duties(0)
    off = [8 - sum(end - start for start, end in spells(duty)) for duty in duties]
    assert max(abs(each - 2.4) for each in off) <= 0.5
    assert abs(sum(off) - 2.4 * agents) <= 0.25


def test_fractions_of_a_day_are_carried_into_the_next() -> None:
    """0.84 agents all day, in one interval: 84 days of 100 have one."""
    team = roster({"agents": 1.2, "said": "scheduled", "shrinkage": 0.3})
    assert sum(team.counts(day)[0] for day in range(100)) == 84


@pytest.mark.parametrize("shrinkage", [{"planned": 1.2}, {"off": 0.1}, {"absence": "0.1"}, "much"])
def test_shrinkage_in_wrong_parts_is_refused(shrinkage: Any) -> None:
    with pytest.raises(InputError, match=r"staffing\.team"):
        roster({"agents": 1, "shrinkage": shrinkage})


def test_absence_is_a_part_of_shrinkage() -> None:
    with pytest.raises(InputError, match=r"absence is a part of shrinkage, got 0\.4 of 0\.3"):
        roster({"agents": 1, "shrinkage": 0.3, "absence": 0.4})


# Nights ---------------------------------------------------------------------------------------------------------------


def test_a_shift_over_midnight_is_one_duty_of_its_first_day() -> None:
    """From 22:00 to 06:00 with a break over midnight, on Mondays; Tuesday has no duty of its own, but pays for six
    hours."""
    shift = {"start": "22:00", "end": "06:00", "agents": 2, "days": "mon",
             "breaks": [{"start": "23:45", "end": "00:15"}, {"start": "03:00", "end": "03:30"}]}  # fmt: skip
    team = roster({"shifts": [shift], "said": "scheduled", "shrinkage": 0})
    assert [spells(duty) for duty in team.duties(0)] == [[(22, 23.75), (24.25, 27), (27.5, 30)]] * 2
    assert team.duties(1) == []
    paid = [team.scheduled(day).mean() * 24 for day in range(3)]
    assert paid == pytest.approx([2 * 2, 2 * 6, 0])


def test_the_night_before_the_run_counts() -> None:
    """A run that begins on a Tuesday finds Monday's shift there, in the middle of its break."""
    shift = {
        "start": "22:00",
        "end": "06:00",
        "agents": 1,
        "days": "mon",
        "breaks": [{"start": "23:45", "end": "00:15"}],
    }
    team = roster({"shifts": [shift]}, start="2026-01-06")
    (duty,) = team.duties(-1)
    assert spells(duty.from_time(0.0)) == [(0.25, 6)]
    assert spells(duty.from_time(HOUR)) == [(1, 6)]


def test_a_break_outside_its_shift_is_refused() -> None:
    for pause in ({"start": "07:30", "end": "08:30"}, {"start": "15:30", "end": "16:30"}):
        with pytest.raises(InputError, match="breaks must lie inside the shift"):
            roster({"shifts": [{"start": "08:00", "end": "16:00", "agents": 1, "breaks": [pause]}]})
    with pytest.raises(InputError, match="end must differ from start"):
        roster({"shifts": [{"start": "08:00", "end": "08:00", "agents": 1}]})
