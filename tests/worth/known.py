"""A centre in which the worth of integration is known: a website that hands everybody to the phone.

With context a call takes half the time, without it all of it; at level 1 the phone is M/M/c+M with half the mean
service. A fraction of an agent is an agent with that probability, drawn for each spell of the profile; spells are long
against a call, so measures are linear in the fraction and Erlang A at the two whole numbers gives them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scipy import optimize

from sim.model import Configuration
from sim.theory import ErlangA

SEED = 20261121  # declared before the first run
RATE, SERVICE, PATIENCE, WITHIN, AGENTS, SAVED = 1.2, 5.0, 4.0, 0.5, 7, 0.5
"""calls a minute; minutes; people; share of handle time that context saves"""


def configuration(**study: Any) -> Configuration:
    """One day of it a replication, with `study.worth` as given."""
    exponential = {"law": "exponential"}
    phone = {
        "kind": "live", "target": {"within": f"{WITHIN} min"},
        "service": {**exponential, "mean": f"{SERVICE} min"}, "patience": {**exponential, "mean": f"{PATIENCE} min"},
    }  # fmt: skip
    to_phone = {"to": {"phone": 1}, "delay": "1 s"}
    return Configuration.from_mapping(
        {
            "channels": {"website": {"kind": "self_service", "session": "1 min", "failure": 1}, "phone": phone},
            "customers": {"segments": {"all": {"first_channel": {"website": 1}}}},
            "demand": {"streams": {"visits": {"per_day": RATE * 1440}}},
            "journeys": {"rows": {"website": {"any": to_phone}, "phone": {"any": {"to": {"give_up": 1}}}}},
            "integration": {"time_saved": SAVED},
            "staffing": {
                "team": {"agents": AGENTS, "shrinkage": 0, "serves": {"phone": 1}, "profile": [1] * 6,
                         "wage_per_hour": 20}
            },
            "run": {"warm_up": "1 d", "measure": "3 d", "end": "drain", "seed": SEED, "replications": 8, "workers": 1},
            "study": {"kind": "worth", "worth": study},
        }
    )  # fmt: skip


def service_level(agents: float, level: float) -> float:
    """Exact at levels 0 and 1; the probability with which a fraction is an agent mixes two Erlang A queues."""
    whole, part = int(agents), agents - int(agents)
    return sum(
        share * _queue(whole + more, level).p_served_within(WITHIN) for more, share in ((0, 1 - part), (1, part)) if share
    )


def abandonment(agents: float, level: float) -> float:
    """As `service_level`."""
    whole, part = int(agents), agents - int(agents)
    return sum(share * _queue(whole + more, level).p_abandon for more, share in ((0, 1 - part), (1, part)) if share)


def _queue(agents: int, level: float) -> ErlangA:
    return ErlangA(RATE, SERVICE * (1 - SAVED * level), agents, PATIENCE)


def needed(measure: Callable[[float, float], float]) -> float:
    """Agents at level 1 whose measure is that of the baseline."""
    return float(optimize.brentq(lambda agents: measure(agents, 1.0) - measure(AGENTS, 0.0), 1.0, AGENTS))
