"""Random small centres, as the plain mappings a user would write: a few hours of a Monday, some hundred contacts."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Draw = Any
NAMES = ("web", "phone", "chat", "mail")
KINDS = ("self_service", "live", "deferred")
SHARES = st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])
MORNING = {"mon": ["00:00-01:00", "01:30-24:00"], "tue": "00:00-24:00"}
HOURS = st.sampled_from(["always", "always", "always", "always", {"mon": "00:30-02:00"}, MORNING, "never"])


@st.composite
def laws(draw: Draw, most: int = 8) -> Any:
    """A time of up to `most` minutes on average: whole minutes (ties) or any law."""
    mean = f"{draw(st.integers(1, most))} min"
    part = {"share": 0.5, "law": "exponential", "mean": mean}
    return draw(
        st.sampled_from([
            mean,
            {"law": "exponential", "mean": mean},
            {"law": "gamma", "mean": mean, "shape": 0.6},
            {"law": "lognormal", "mean": mean, "cv": 1.3},
            {"law": "weibull", "mean": mean, "shape": 1.5},
            {"law": "uniform", "low": "0 s", "high": mean},
            {"law": "empirical", "quantiles": ["0 s", "30 s", "8 min"]},
            {"law": "mixture", "parts": [part, {"share": 0.5, "law": "constant", "mean": "1 min"}]},
        ])
    )  # fmt: skip


@st.composite
def patiences(draw: Draw, most: int = 5) -> Any:
    """None (unlimited), or a law with a share of zero."""
    law = draw(laws(most))
    if draw(st.booleans()):
        return None
    law = law if isinstance(law, dict) else {"law": "constant", "mean": law}
    return {**law, "zero_share": draw(st.sampled_from([0.0, 0.0, 0.3]))}


@st.composite
def channels(draw: Draw, pools: tuple[str, ...]) -> dict[str, Any]:
    """A channel of any kind."""
    kind = draw(st.sampled_from(KINDS))
    common = {
        "kind": kind, "hours": draw(HOURS), "failure": draw(SHARES), "transfer": draw(SHARES),
        "reopen": draw(st.sampled_from([0.0, 0.0, 0.4])), "reopen_delay": draw(st.sampled_from(["0 s", "7 min"])),
        "priority": draw(st.sampled_from([0, 0, 2])),
    }  # fmt: skip
    limit = st.none() | st.integers(0, 3)
    if kind == "self_service":
        return common | {
            "session": draw(laws()), "abandonment": draw(st.sampled_from([0.0, 0.3])), "ports": draw(limit),
            "abandonment_at": draw(st.sampled_from([None, 0.5])),
        }  # fmt: skip
    common |= {"service": draw(laws()), "wrap_up": draw(st.none() | laws(3))}
    common["prefer"] = draw(st.dictionaries(st.sampled_from(pools), st.integers(1, 2), max_size=2))
    if kind == "deferred":
        deadline, stale = draw(patiences(30)), draw(st.sampled_from(["removed", "answered"]))
        return common | {"deadline": deadline, "stale": stale}
    return common | {
        "patience": draw(patiences()), "redial_patience": draw(st.sampled_from(["fresh", "same", "remaining"])),
        "balking": {"probability": draw(st.sampled_from([0.0, 0.6])), "threshold": draw(laws(6))},
        "lines": draw(limit), "places": draw(limit), "at_closing": draw(st.sampled_from(["wait", "clear"])),
    }  # fmt: skip


@st.composite
def rows(draw: Draw, names: tuple[str, ...]) -> dict[str, Any]:
    """A row to all channels and out."""
    weights = [draw(st.integers(0, 3)) for _ in names]
    total = sum(weights) + 2
    shares = {name: weight / total for name, weight in zip(names, weights, strict=True)}
    delay = draw(st.sampled_from([None, None, "2 min", {"law": "exponential", "mean": "5 min"}]))
    return {"to": {**shares, "give_up": 2 / total}, "delay": delay, "until_opening": draw(st.booleans())}


@st.composite
def pools(draw: Draw, served: tuple[str, ...]) -> dict[str, Any]:
    """A pool staffed by number, by counts or by shifts, that serves all or some of the channels."""
    some = draw(st.lists(st.sampled_from(served), min_size=1, unique=True))
    serves = {name: draw(st.integers(1, 2)) for name in some}
    way = draw(st.sampled_from(["agents", "counts", "shifts"]))
    if way == "agents":
        said = draw(st.sampled_from(["net", "scheduled"]))
        profile = draw(st.sampled_from([[1], [1, 2, 1] * 32]))
        return {"serves": serves, "agents": draw(st.sampled_from([0, 1, 2.4, 4])), "said": said, "profile": profile}
    if way == "counts":
        values = draw(st.lists(st.sampled_from([0, 1, 2, 3.5]), min_size=2, max_size=12))
        return {"serves": serves, "counts": {"interval": "30 min", "values": values}}
    pause = {"start": "01:00", "end": "01:20"}
    shifts = [
        {"start": "00:00", "end": "24:00", "agents": draw(st.integers(0, 2))},
        {"start": "00:30", "end": "02:30", "agents": draw(st.integers(0, 2)), "breaks": [pause]},
    ]
    return {"serves": serves, "shifts": shifts, "said": "scheduled", "shrinkage": 0.2}


@st.composite
def streams(draw: Draw) -> dict[str, Any]:
    """A stream of any kind: up to some hundred customers, or whole minutes replayed."""
    kind = draw(st.sampled_from(["poisson", "mixed_poisson", "fixed", "normal", "times"]))
    if kind == "times":
        return {"times": [60 * minute for minute in draw(st.lists(st.integers(0, 200), max_size=40))]}
    stream: dict[str, Any] = {"per_day": draw(st.sampled_from([0, 150, 500])), "count": kind, "profile": draw(PROFILES)}
    more: dict[str, Any] = {"mixed_poisson": {"busyness": {"shape": 2, "correlation": 0.5}}, "normal": {"sd": 30}}
    return stream | more.get(kind, {})


PROFILES = st.sampled_from([[1], [3, 1, 2, 4, 1, 2, 1, 1]])


@st.composite
def centres(draw: Draw) -> dict[str, Any]:
    """A whole centre."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    pool_names = ("one", "two", "three")[: draw(st.integers(1, 3))]
    by_name = {name: draw(channels(pool_names)) for name in names}
    served = tuple(name for name, channel in by_name.items() if channel["kind"] != "self_service")
    staffing = {name: draw(pools(served)) for name in pool_names} if served else {}
    for name in served:  # everybody is served by somebody
        staffing["one"]["serves"].setdefault(name, 1)
    if not served:
        staffing = {}
    mix = {name: 1 / len(names) for name in names}
    some = {names[0]: 1.0}
    integration = {
        "level": draw(SHARES), "same_channel": draw(SHARES), "sticky_loss": draw(st.booleans()), "time_saved": 0.3,
        "failures_removed": draw(SHARES), "give_up_factor": draw(SHARES),
    }  # fmt: skip
    return {
        "channels": by_name,
        "customers": {
            "segments": {
                "gold": {"share": 0.3, "first_channel": mix, "priority": draw(st.sampled_from([0, 1]))},
                "plain": {"share": 0.7, "first_channel": draw(st.sampled_from([mix, some]))},
            },
            "reasons": {"bill": {"share": 2}, "fault": {"share": 1, "priority": draw(st.sampled_from([0, 1]))}},
        },
        "demand": {"streams": {name: draw(streams()) for name in ("a", "b")}},
        "journeys": {
            "max_contacts": 5,
            "return_factor": draw(st.sampled_from([1.0, 0.5, 0.0])),
            "rows": {name: {"any": draw(st.lists(rows(names), min_size=1, max_size=2))} for name in names},
        },
        "integration": integration,
        "staffing": staffing,
        "routing": {"ageing_per_minute": draw(st.sampled_from([0, 0.5]))},
        "run": {
            "warm_up": draw(st.sampled_from([0, 0, 0, "1 h", "1 h", "23 h"])), "measure": "2 h", "follow_limit": "2 h",
            "end": draw(st.sampled_from(["follow", "drain", "cut", "clear"])),
        },
    }  # fmt: skip


@st.composite
def serving_centres(draw: Draw) -> dict[str, Any]:
    """A whole centre whose live queues are served to their end when the hours are over; one agent is always there."""
    mapping: dict[str, Any] = draw(centres())
    live = [name for name, channel in mapping["channels"].items() if channel["kind"] == "live"]
    for name in live:
        mapping["channels"][name] |= {"at_closing": "serve", "hours": {"mon": draw(SERVED_HOURS)}}
    if live:
        mapping["staffing"]["night"] = {"agents": 1, "serves": dict.fromkeys(live, 1)}
    return mapping


SERVED_HOURS = st.sampled_from(["00:10-01:00", "00:00-01:30", "00:00-02:00"])
"""they end while shifts go on, as shifts end, or long before"""
