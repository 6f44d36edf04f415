"""Random small centres with mechanisms: those of `random_centres`, each part with more to it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .random_centres import SHARES, centres, laws, patiences

Draw = Any
RULES = st.sampled_from(["longest_idle", "least_loaded", "most_loaded", "least_occupied", "random"])


@st.composite
def mechanised(draw: Draw) -> dict[str, Any]:
    """A whole centre, with some mechanisms in each of its parts."""
    mapping: dict[str, Any] = draw(centres())
    names, pools = list(mapping["channels"]), list(mapping["staffing"])
    for channel in mapping["channels"].values():
        if channel["kind"] == "self_service":
            channel["authority"] = draw(SHARES)
            continue
        _queued(draw, channel, names, pools)
        if channel["kind"] == "live":
            channel["ring"] = draw(st.sampled_from(["0 s", "0 s", "30 s", "1 min"]))
            channel["queue_timeout"] = draw(st.sampled_from([None, None, "2 min"]))
            share = draw(st.sampled_from([0.0, 0.0, 0.5, 1.0]))
            channel["silent"] = {"share": share, "detection": draw(laws(3))}
        else:
            channel["seen"] = draw(st.sampled_from([1.0, 0.6])) if channel["deadline"] is not None else 1.0
    served = {name for pool in mapping["staffing"].values() for name in pool["serves"]}
    for name, pool in mapping["staffing"].items():
        _pool(draw, pool, name == "one")
    mapping["customers"]["difficulty"] = draw(st.sampled_from([0, 1.0]))
    mapping["customers"]["reasons"]["bill"]["needs_authority"] = draw(SHARES)
    routing = mapping["routing"]
    routing["agent_rule"], routing["transfer_bonus"] = draw(RULES), draw(st.sampled_from([0, 1]))
    routing["queue_rule"] = draw(st.sampled_from(["priority", "priority", "longest_queue"]))
    grouped = [n for n in names if mapping["channels"][n]["kind"] != "deferred" and (n in served or n == "web")]
    if len(grouped) > 1 and draw(st.booleans()):
        for name in grouped:
            mapping["channels"][name] |= {"lines": None, "places": None} if "lines" in mapping["channels"][name] else {}
        places = draw(st.none() | st.integers(0, 3))
        routing["line_groups"] = {"trunk": {"channels": grouped, "lines": draw(st.integers(1, 5)), "places": places}}
    return mapping


def _queued(draw: Draw, channel: dict[str, Any], names: list[str], pools: list[str]) -> None:
    channel["concurrency"] = draw(st.sampled_from([1, 1, 2, 3]))
    slot, again = draw(st.sampled_from(["released", "kept"])), draw(st.sampled_from([0.0, 0.0, 0.5]))
    channel["turns"] = {"probability": again, "slot": slot, "delay": draw(laws(5))}
    if draw(st.booleans()):
        to = dict.fromkeys(names, 1 / len(names))
        channel["deflection"] = {"share": draw(SHARES), "to": to, "delay": "1 min", "context": draw(SHARES)}
    if draw(st.booleans()):
        late = "patience" if channel["kind"] == "live" else "deadline"
        channel["by_reason"] = {"fault": {"service": draw(laws()), "failure": draw(SHARES)}}
        channel["by_segment"] = {"gold": {late: draw(patiences()) or "3 min"}}
    if draw(st.booleans()):
        channel["by_pool"] = {pools[-1]: {"service": draw(laws()), "wrap_up": draw(laws(2))}}


def _pool(draw: Draw, pool: dict[str, Any], takes_all: bool) -> None:
    """The first pool takes every reason, so that everybody is served by somebody."""
    pool["authority"], pool["reserve"] = draw(SHARES), draw(st.sampled_from([0, 0, 1]))
    pool["speeds"] = draw(st.sampled_from([[1], [1, 1.6, 1.95], [2, 1.5]]))
    pool["overflow"] = {name: "2 min" for name in pool["serves"] if draw(st.booleans()) and not takes_all}
    if not takes_all:
        pool["reasons"] = draw(st.sampled_from([[], ["bill"], ["bill", "fault"]]))
