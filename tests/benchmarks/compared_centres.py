"""What the benchmarks run: centres that an idiomatic SimPy program can express exactly, as plain mappings.

Six channels have the numbers of the shipped baseline (`conf/`) less what its program would need beyond textbook SimPy:
staff is constant day and night, hours are always open, nobody balks, context changes nothing, and demand is constant,
about that of the peak hour. The plain queue is M/M/50+M at load 1. Both run for whole days from an empty centre and are
drained.
"""

from __future__ import annotations

from typing import Any


def exponential(mean: str) -> dict[str, Any]:
    """An exponential law of times."""
    return {"law": "exponential", "mean": mean}


def lognormal(median: str, sigma: float) -> dict[str, Any]:
    """A lognormal law of times, by median."""
    return {"law": "lognormal", "median": median, "sigma": sigma}


def by_mean(mean: str, cv: float) -> dict[str, Any]:
    """A lognormal law of times, by mean."""
    return {"law": "lognormal", "mean": mean, "cv": cv}


def to(
    website: float, ivr: float, chat: float, email: float, phone: float, social: float, give_up: float
) -> dict[str, float]:
    """One row of the switching matrix."""
    return {"website": website, "ivr": ivr, "chat": chat, "email": email, "phone": phone, "social": social,
            "give_up": give_up}  # fmt: skip


CHANNELS: dict[str, Any] = {
    "website": {"kind": "self_service", "session": by_mean("300 s", 1.0), "abandonment": 0.10, "failure": 0.818},
    "ivr": {"kind": "self_service", "session": by_mean("90 s", 0.8), "abandonment": 0.08, "failure": 0.851,
            "transfer": 0.65},
    "chat": {"kind": "live", "service": by_mean("414 s", 0.8), "patience": exponential("180 s"), "failure": 0.443},
    "email": {"kind": "deferred", "service": by_mean("360 s", 1.0), "deadline": lognormal("43200 s", 1.0),
              "failure": 0.502},
    "phone": {"kind": "live", "service": by_mean("381 s", 1.3), "wrap_up": exponential("69 s"),
              "patience": exponential("300 s"), "failure": 0.365},
    "social": {"kind": "deferred", "service": by_mean("465 s", 1.0), "deadline": lognormal("7200 s", 1.0),
               "failure": 0.395},
}  # fmt: skip
ROWS: dict[str, Any] = {
    "website": {"any": {"to": to(0.086, 0.225, 0.255, 0.096, 0.228, 0.018, 0.092), "delay": exponential("300 s")}},
    "ivr": {
        "transferred": {"to": to(0, 0, 0, 0, 1, 0, 0)},
        "any": {"to": to(0.101, 0.198, 0.177, 0.11, 0.231, 0.044, 0.139), "delay": exponential("600 s")},
    },
    "chat": {
        "any": {"to": to(0.044, 0.045, 0.173, 0.091, 0.477, 0.077, 0.093), "delay": exponential("900 s")},
        "abandoned": {"to": to(0.04, 0.04, 0.25, 0.08, 0.36, 0.08, 0.15), "delay": exponential("600 s")},
    },
    "email": {
        "any": {"to": to(0.042, 0.043, 0.129, 0.211, 0.359, 0.072, 0.144), "delay": lognormal("3600 s", 1.5)},
        "unanswered": {"to": to(0.02, 0.03, 0.12, 0.13, 0.39, 0.16, 0.15), "delay": exponential("1800 s")},
    },
    "phone": {
        "any": {"to": to(0.028, 0.063, 0.094, 0.076, 0.462, 0.171, 0.106), "delay": lognormal("14400 s", 1.5)},
        "abandoned": {"to": to(0.01, 0.06, 0.06, 0.05, 0.57, 0.09, 0.16), "delay": lognormal("1320 s", 1.7)},
    },
    "social": {
        "any": {"to": to(0.014, 0.022, 0.107, 0.072, 0.207, 0.34, 0.238), "delay": lognormal("3600 s", 1.5)},
        "unanswered": {"to": to(0.02, 0.03, 0.09, 0.05, 0.24, 0.24, 0.33), "delay": exponential("1800 s")},
    },
}
FIRST_CHANNEL = {"website": 0.64, "ivr": 0.10, "chat": 0.08, "email": 0.05, "phone": 0.10, "social": 0.03}
AGENTS = {"chat": 8, "email": 4, "phone": 15, "social": 3}


def six_channels(hours: int = 24) -> dict[str, Any]:
    """4,300 customers a day, who make 2.3 contacts each; 6 % of calls and 8 % of chats are abandoned."""
    staffing = {name: {"agents": count, "serves": {name: 1}} for name, count in AGENTS.items()}
    return centre(CHANNELS, ROWS, FIRST_CHANNEL, staffing, 4300, hours)


def plain_queue(hours: int = 24) -> dict[str, Any]:
    """50 calls a minute, of a minute each, for 50 agents; patience of a minute."""
    minute = exponential("60 s")
    phone = {"kind": "live", "service": minute, "patience": minute, "failure": 0.0}
    rows = {"phone": {"any": {"to": {"give_up": 1.0}}}}
    pool = {"phone": {"agents": 50, "serves": {"phone": 1}}}
    return centre({"phone": phone}, rows, {"phone": 1.0}, pool, 72000, hours)


def centre(
    channels: dict[str, Any], rows: dict[str, Any], first: dict[str, float], staffing: dict[str, Any], per_day: int,
    hours: int,
) -> dict[str, Any]:  # fmt: skip
    """A configuration without context, in which every journey is followed to its end."""
    return {
        "channels": channels,
        "customers": {"segments": {"all": {"share": 1, "first_channel": first}}},
        "demand": {"streams": {"all": {"per_day": per_day}}},
        "journeys": {"max_contacts": None, "rows": rows},
        "integration": {"level": 0, "same_channel": 0, "time_saved": 0, "failures_removed": 0},
        "staffing": staffing,
        "run": {"warm_up": 0, "measure": f"{hours} h", "end": "drain", "follow_limit": "52 weeks", "seed": 1},
    }
