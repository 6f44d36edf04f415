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
    """Two days of it a replication, with `study.worth` as given."""
    return Configuration.from_mapping(container(**study))


def container(ranges: dict[str, Any] | None = None, **study: Any) -> dict[str, Any]:
    """The same as a plain mapping, with ranges."""
    exponential = {"law": "exponential"}
    phone = {
        "kind": "live", "target": {"within": f"{WITHIN} min"},
        "service": {**exponential, "mean": f"{SERVICE} min"}, "patience": {**exponential, "mean": f"{PATIENCE} min"},
    }  # fmt: skip
    to_phone = {"to": {"phone": 1}, "delay": "1 s"}
    return {
        "channels": {"website": {"kind": "self_service", "session": "1 min", "failure": 1}, "phone": phone},
        "customers": {"segments": {"all": {"first_channel": {"website": 1}}}},
        "demand": {"streams": {"visits": {"per_day": RATE * 1440}}},
        "journeys": {"rows": {"website": {"any": to_phone}, "phone": {"any": {"to": {"give_up": 1}}}}},
        "integration": {"time_saved": SAVED},
        "staffing": {
            "team": {"agents": AGENTS, "shrinkage": 0, "serves": {"phone": 1}, "profile": [1] * 6,
                     "wage_per_hour": 20}
        },
        "run": {"warm_up": "2 h", "measure": "46 h", "end": "drain", "seed": SEED, "replications": 8, "workers": 1},
        "study": {"kind": "worth", "worth": study, "ranges": ranges or {}},
    }  # fmt: skip


def service_level(agents: float, level: float, service: float = SERVICE, saved: float = SAVED) -> float:
    """Exact at levels 0 and 1."""
    return _mixed(lambda queue: queue.p_served_within(WITHIN), agents, service * (1 - saved * level))


def abandonment(agents: float, level: float, service: float = SERVICE, saved: float = SAVED) -> float:
    """Exact at levels 0 and 1."""
    return _mixed(lambda queue: queue.p_abandon, agents, service * (1 - saved * level))


def _mixed(measure: Callable[[ErlangA], float], agents: float, service: float) -> float:
    whole = int(agents)
    low, high = (measure(ErlangA(RATE, service, each, PATIENCE)) for each in (whole, whole + 1))
    return low + (agents - whole) * (high - low)


def needed(measure: Callable[..., float], *centre: float) -> float:
    """Agents at level 1 whose measure is that of the baseline; `centre` is mean service and share saved."""
    target = measure(AGENTS, 0.0, *centre)
    return float(optimize.brentq(lambda agents: measure(agents, 1.0, *centre) - target, 1.0, AGENTS))
