"""Agents without work and hours without agents are said; the shipped centre has neither."""

from __future__ import annotations

import sim
from sim.runs.duty_cautions import duty_warnings


def test_the_shipped_centre_has_neither() -> None:
    assert list(duty_warnings(sim.load())) == []


def test_a_group_left_without_work_is_said() -> None:
    (said,) = duty_warnings(sim.load(["channels.email.enabled=false"]))
    assert said.startswith("staffing.email: serves no open channel")


def test_longer_hours_without_agents_are_said() -> None:
    """Agents are there from 08:00 to 22:00; Monday to Friday open from 06:00: ten hours a week with nobody."""
    (said,) = duty_warnings(sim.load(["channels.phone.hours={mon-fri: '06:00-20:00'}"]))
    assert said.startswith("channels.phone: open for 10 h of 7 days with nobody on duty (first mon 06:00)")
