"""Worked examples of staffing that others have published: the columns of a calculator, to the printed digit.

Only numbers are taken. Each case names its source; tolerances are half a unit of the last digit that was printed.
"""

from __future__ import annotations

import pytest

from sim.theory import (
    ErlangA,
    ErlangC,
    SharedAgents,
    SharedSlots,
    agents_by_occupancy,
    agents_required,
    agents_required_sharing,
    scheduled_heads,
)

HALF_HOUR = 1800.0
CLEVELAND = (  # 250 calls a half-hour, 180 s of talk and 30 s of wrap-up: agents, level in 20 s, mean wait
    (30, 0.24, 209), (31, 0.45, 75), (32, 0.61, 38), (33, 0.73, 21), (34, 0.82, 13), (35, 0.88, 8), (36, 0.92, 5),
    (37, 0.95, 3), (38, 0.97, 2), (39, 0.98, 1), (40, 0.99, 1),
)  # fmt: skip


@pytest.mark.parametrize(("agents", "level", "wait"), CLEVELAND)
def test_the_table_of_cleveland_and_mayben(agents: int, level: float, wait: int) -> None:
    """Call Center Management on Fast Forward (1997), table of Erlang C."""
    queue = ErlangC(250 / HALF_HOUR, 210, agents)
    assert queue.service_level(20) == pytest.approx(level, abs=0.0056)  # 0.815 is printed as 82
    assert queue.asa == pytest.approx(wait, abs=0.5)


@pytest.mark.parametrize(("target", "agents"), [(0.8, 34), (0.9, 36), (0.7, 33)])
def test_agents_read_from_that_table(target: float, agents: int) -> None:
    assert agents_required(250 / HALF_HOUR, 210, target, 20) == agents


def test_a_hundred_calls_of_three_minutes() -> None:
    """pyworkforce 0.5, README: 14 agents, 20 with 30 % shrinkage; R package ErlangC 0.1.0: the mean wait, and 11."""
    rate = 100 / HALF_HOUR
    queue = ErlangC(rate, 180, 14)
    assert agents_required(rate, 180, 0.8, 20, max_occupancy=0.85) == 14
    assert scheduled_heads(14, 0.3) == 20
    assert queue.service_level(20) == pytest.approx(0.8883500191794669, abs=1e-12)
    assert queue.p_wait == pytest.approx(0.1741319335950498, abs=1e-12)
    assert queue.occupancy == pytest.approx(0.7142857142857143)
    assert queue.asa == pytest.approx(7.83593701177724, abs=1e-9)
    fewer = ErlangC(rate, 180, 11)
    assert (fewer.p_wait, fewer.service_level(20)) == pytest.approx((0.6821182, 0.3896138), abs=5e-8)


def test_the_erlang_c_page_of_mitan() -> None:
    """360 calls a half-hour, 4 minutes, 55 agents, 15 s (The Erlang-C Formula, mitan.co.uk)."""
    queue = ErlangC(360 / HALF_HOUR, 240, 55)
    assert queue.load == pytest.approx(48)
    assert queue.occupancy == pytest.approx(0.873, abs=5e-4)
    assert queue.p_wait == pytest.approx(0.239, abs=5e-4)
    assert queue.asa == pytest.approx(8.2, abs=0.05)


def test_the_same_calls_at_80_in_20() -> None:
    """54 by Erlang C; a limit of 85 % on occupancy is another question, and its answer is 57."""
    assert agents_required(360 / HALF_HOUR, 240, 0.8, 20) == 54
    assert agents_by_occupancy(48, 0.85) == 57


def test_the_average_hour_of_jonesthenet() -> None:
    """250 calls an hour of 330 s, 80 % in 30 s: 28 (jonesthenet.com, Erlang uplift)."""
    assert agents_required(250 / 3600, 330, 0.8, 30) == 28


def test_with_and_without_abandonment() -> None:
    """Gans, Koole and Mandelbaum, M&SOM 5 (2003) 79-141: 48 calls a minute of a minute, 50 agents, patience 2 min."""
    patient, leaving = ErlangC(48, 1, 50), ErlangA(48, 1, 50, 2)
    assert patient.asa * 60 == pytest.approx(20.8, abs=0.05)
    assert patient.occupancy == pytest.approx(0.96)
    assert leaving.p_abandon == pytest.approx(0.031, abs=5e-4)
    assert leaving.mean_wait_all * 60 == pytest.approx(3.7, abs=0.05)
    assert leaving.wait_quantile(0.9) * 60 == pytest.approx(12.5, abs=0.06)
    assert leaving.mean_queue == pytest.approx(3, abs=0.5)
    assert leaving.occupancy == pytest.approx(0.93, abs=5e-3)


def test_agents_who_share_need_slots_not_heads() -> None:
    """100 chats an hour, 990 s alone, two at a time at total rates 1 and 1.6: 20 agents for 80 % in 20 s."""
    rate, speeds = 100 / 3600, (1.0, 1.6)
    assert agents_required_sharing(rate, 990, speeds, 0.8, 20, max_in_use=0.85) == 20
    even, each = SharedSlots(rate, 990, speeds, 20), SharedAgents(rate, 990, speeds, 20)
    assert even.p_wait == pytest.approx(each.p_wait, abs=0.01)
    assert even.occupancy == pytest.approx(each.mean_open / 40, abs=0.01)


def test_one_chat_at_a_time_is_erlang_c() -> None:
    even, queue = SharedSlots(0.05, 180, (1.0,), 13), ErlangC(0.05, 180, 13)
    assert (even.p_wait, even.service_level(20), even.occupancy) == pytest.approx(
        (queue.p_wait, queue.service_level(20), queue.occupancy)
    )


@pytest.mark.parametrize(("net", "shrinkage", "heads"), [(14, 0.3, 20), (7, 0.3, 10), (1, 0.3, 2), (5, 0.0, 5)])
def test_people_are_scheduled_whole(net: int, shrinkage: float, heads: int) -> None:
    assert scheduled_heads(net, shrinkage) == heads
