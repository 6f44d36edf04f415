"""Paired comparison: what pairing gives, when it says 'cannot tell', and that it never invents a difference."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.errors import InputError
from sim.model import Configuration
from sim.runs.replicate import Results, replicate
from sim.studies.compare.study import Difference, compare
from sim.theory import ErlangA

SEED = 20261121  # declared before the first run
RATE_PER_MINUTE, SERVICE, PATIENCE = 6.0, 1.0, 2.0


def queue(agents: int, replications: int = 12) -> Results:
    """M/M/c+M for two hours after one, as an ordinary configuration; times in minutes."""
    container: dict[str, Any] = {
        "channels": {
            "phone": {
                "kind": "live",
                "service": {"law": "exponential", "mean": f"{SERVICE} min"},
                "patience": {"law": "exponential", "mean": f"{PATIENCE} min"},
            }
        },
        "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
        "demand": {"streams": {"calls": {"per_day": RATE_PER_MINUTE * 1440}}},
        "journeys": {"rows": {"phone": {"any": {"to": {"give_up": 1}}}}},
        "staffing": {"team": {"agents": agents, "serves": {"phone": 1}}},
        "run": {
            "warm_up": "1 h",
            "measure": "5 h",
            "end": "drain",
            "seed": SEED,
            "replications": replications,
            "workers": 1,
        },
    }
    return replicate(Configuration.from_mapping(container))


MEASURE = "channel.phone.abandoned"


def test_the_same_configuration_differs_by_nothing() -> None:
    (found,) = compare(queue(6), {"same": queue(6)}, [MEASURE])
    assert (found.difference, found.verdict) == (0.0, "same")


def test_one_more_agent_is_better_by_what_erlang_a_says_and_pairing_helps() -> None:
    (found,) = compare(queue(6), {"one more": queue(7)}, [MEASURE])
    exact = [ErlangA(RATE_PER_MINUTE, SERVICE, servers, PATIENCE).p_abandon for servers in (6, 7)]
    assert found.verdict == "better"
    assert abs(found.difference - (exact[1] - exact[0])) < found.half_width * 3.3 / 2.2  # t(0.975, 11) is 2.2
    assert found.variance_reduction > 2


def test_more_measures_widen_the_interval_by_bonferroni() -> None:
    few, more = queue(6), queue(7)
    (alone,) = compare(few, {"x": more}, [MEASURE])
    together = compare(few, {"x": more}, [MEASURE, "channel.phone.asa", "pool.team.occupancy"])
    assert together[0].difference == alone.difference
    assert together[0].half_width > alone.half_width


def test_a_difference_within_its_interval_cannot_be_told_and_says_how_many_runs_would() -> None:
    found = Difference("x", "journey", "all", "resolved", "share", 0.8, 0.81, 0.01, 0.02, 10, "higher", 3.0)
    assert (found.verdict, found.replications_to_tell) == ("cannot tell", 40)


def test_one_replication_gives_no_verdict() -> None:
    (found,) = compare(queue(6, 1), {"x": queue(7, 1)}, [MEASURE])
    assert math.isnan(found.half_width)
    assert found.verdict == "cannot tell"


def test_a_misspelt_measure_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="study.measures: .*did you mean 'abandoned'"):
        compare(queue(6, 1), {"x": queue(6, 1)}, ["channel.phone.abandond"])
