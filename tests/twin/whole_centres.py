"""Random small centres with every mechanism of the model: those of `mechanised_centres`, and all that came since."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.feelings.test_invariants import felt
from tests.invariants.mechanised_centres import mechanised
from tests.invariants.random_centres import SHARES, laws

Draw = Any
EXPONENTIAL = {"law": "exponential", "mean": "10 min"}
SOME = st.sampled_from([0.0, 0.0, 0.3, 0.9])


@st.composite
def whole(draw: Draw) -> dict[str, Any]:
    """A centre in which any mechanism may be at work, and many are."""
    mapping: dict[str, Any] = draw(mechanised())
    names = list(mapping["channels"])
    if draw(st.booleans()):
        mapping["feelings"] = draw(felt(mapping))
    if draw(st.booleans()):
        mapping["integration"] |= _records(draw, names)
    if draw(st.booleans()):
        _loyalty(draw, mapping["journeys"], names)
    for rows in mapping["journeys"]["rows"].values():
        for row in rows["any"]:
            row["until_opening"] = draw(st.sampled_from([False, True, "5 min", EXPONENTIAL]))
    for name, channel in mapping["channels"].items():
        _channel(draw, channel, name, names)
    for pool in mapping["staffing"].values():
        _pool(draw, pool)
    mapping["journeys"]["max_contacts"] = draw(st.sampled_from([2, 5, 12]))
    mapping["customers"]["difficulty_work"] = draw(SOME)
    mapping["routing"]["longest_queue_tie"] = draw(st.sampled_from(["longest_wait", "priority"]))
    return mapping


def _records(draw: Draw, names: list[str]) -> dict[str, Any]:
    return {
        "context": "record", "sticky_loss": False, "identified": {name: draw(SHARES) for name in names[:2]},
        "told_after": draw(SOME), "reading": draw(st.sampled_from(["0 s", "20 s"])),
        "time_saved_by_pair": {names[0]: {names[-1]: draw(SHARES)}},
    }  # fmt: skip


def _loyalty(draw: Draw, journeys: dict[str, Any], names: list[str]) -> None:
    """Some channels' rows are said as stay, else and give_up."""
    journeys["stay_concentration"] = draw(st.sampled_from([None, 2.0]))
    for name in names:
        others = [other for other in names if other != name]
        if others and draw(st.booleans()):
            row = {"stay": draw(SHARES), "else": dict.fromkeys(others, 1 / len(others)), "give_up": draw(SOME)}
            journeys["rows"][name] = {"any": [row | {"delay": draw(laws(4))}]}


def _channel(draw: Draw, channel: dict[str, Any], name: str, names: list[str]) -> None:
    if channel["kind"] == "self_service":
        if name == names[0] and len(names) > 1 and draw(st.booleans()):
            channel["in_front_of"] = {names[-1]: draw(SHARES)}
        return
    channel["talk_growth"] = {"per_minute": draw(st.sampled_from([0.0, 0.05])), "at_most": 1.5}
    if channel["kind"] == "live":
        channel["at_closing"] = draw(st.sampled_from(["wait", "clear", "serve"]))
        channel["balking"]["by_waiting"] = draw(st.sampled_from([[], [0.0, 0.3, 0.6]]))


def _pool(draw: Draw, pool: dict[str, Any]) -> None:
    pool["attention"], pool["haste"] = draw(st.sampled_from([1.0, 1.5])), {"time": 0.9, "failure_odds": 1.2}
    if "shifts" not in pool:
        pool["on_fall"] = draw(st.sampled_from(["named", "first_free"]))
        return
    late = {"start": "22:00", "end": "24:00", "agents": 1, "breaks": [{"start": "23:30", "end": "23:50"}]}
    night = {"start": "23:00", "end": "01:00", "agents": draw(st.integers(0, 2))}
    short = {"start": "00:00", "end": "00:50", "agents": 2, "breaks": [{"start": "00:40", "end": "00:50"}]}
    pool["shifts"] += draw(st.sampled_from([[], [short], [late, night]]))


GRID = 30
"""s: whole numbers of it are all times of a centre on a grid"""


@st.composite
def gridded(draw: Draw) -> dict[str, Any]:
    """A whole centre on a grid: most of its events are simultaneous with others."""
    mapping: dict[str, Any] = draw(whole())
    count = draw(st.integers(20, 200))
    for number, stream in enumerate(mapping["demand"]["streams"]):
        times = [GRID * ((i * i + number * i) % 300) for i in range(count)]
        mapping["demand"]["streams"][stream] = {"times": times}
    mapping["integration"] |= {"time_saved": 0.0, "time_saved_by_pair": {}, "reading": 0}
    for channel in mapping["channels"].values():
        channel.pop("talk_growth", None)
    for pool in mapping["staffing"].values():
        pool["haste"] = {"time": 1.0, "failure_odds": 1.2}
    return _on_grid(draw, mapping)


def _on_grid(draw: Draw, part: Any) -> Any:
    """The same with each law a constant of the grid."""
    if isinstance(part, list):
        return [_on_grid(draw, each) for each in part]
    if not isinstance(part, dict):
        return part
    if "law" in part:
        kept = {"zero_share": part["zero_share"]} if "zero_share" in part else {}
        return {"law": "constant", "mean": f"{GRID * draw(st.integers(1, 8))} s", **kept}
    return {key: _on_grid(draw, each) for key, each in part.items()}
