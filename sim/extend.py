"""How to add to the simulator from outside, without editing it: what an extension calls.

An extension is a Python file of one's own, loaded by `sim.add_extension("my_rules.py")` or `python -m sim --extension
my_rules.py`, or an installed package with an entry point of the group `switchboard.extensions`, which is loaded by
itself. What it adds is chosen in a configuration by its name, like what ships:

    import sim.extend as extend

    @extend.agent_rule("newest")                       # routing.agent_rule=newest
    def newest(choice: extend.AgentChoice) -> int:
        return int(choice.came.argmax())

    extend.law("cut_off", [{"mean", "high"}], quantile)    # {law: cut_off, mean: 4 min, high: 30 min}

A name has small letters, digits and underscores and must be free; a mistake raises InputError. With several workers
each worker process gets the same code, and its hash is in every manifest; the workers of a dask cluster get a file's
text too, and of an installed package they must have the same one. Laws, arrivals and measures work on every engine;
rules are plain Python, so `engine=compiled` refuses them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from .chance.arrivals import OwnArrivals
from .errors import InputError, Problem
from .extensions import register
from .measures.catalogue import register as measure
from .model.data import Data
from .model.journeys import AgentRule, QueueRule
from .model.laws import NEEDS
from .model.own_laws import NUMBERS, TIMES, OwnLaw
from .model.people import Count
from .plots import FIGURES
from .rules.own import AgentChoice, LineChoice
from .studies.base import KINDS, Study

if TYPE_CHECKING:
    from .runs.replicate import Results

__all__ = [
    "AgentChoice", "LineChoice", "OwnArrivals", "agent_rule", "arrivals", "figure", "law", "measure", "preset",
    "queue_rule", "study",
]  # fmt: skip
Function = Callable[..., Any]


def law(name: str, keys: Iterable[Iterable[str]], quantile: Callable[..., float]) -> None:
    """A law of times: its quantile function of a uniform u and its keys, times in seconds.

    `keys` are the sets of keys that it may be given, such as `[{"mean", "shape"}]`: of the times `mean`, `median`,
    `low`, `mode`, `high` at least one, and of the numbers `cv`, `shape`, `sigma` any. The function must rise with u
    from 0 or more, and double when its times do; for values that it cannot take it raises ValueError, which the user
    reads. It is called some thousand times when a configuration is read, and never in a run (see `sim.model.own_laws`).
    """
    options = tuple(frozenset(each) for each in keys)
    known = {*TIMES, *NUMBERS}
    for option in options:
        if option - known or not option & set(TIMES):
            what = f"keys are of {', '.join(TIMES)} (at least one) and {', '.join(NUMBERS)}, got {sorted(option)}"
            raise InputError(Problem(f"law {name}", what))
    if not options:
        raise InputError(Problem(f"law {name}", "needs at least one set of keys"))
    register("law", name, OwnLaw(options, _function("law", name, quantile)), NEEDS)


def agent_rule(name: str) -> Callable[[Function], Function]:
    """A rule for `routing.agent_rule`: of an `AgentChoice`, the place of the agent who takes the contact."""
    return lambda rule: _added("agent_rule", name, rule, get_args(AgentRule))


def queue_rule(name: str) -> Callable[[Function], Function]:
    """A rule for `routing.queue_rule`: of a `LineChoice`, the place of the line whose first contact is taken."""
    return lambda rule: _added("queue_rule", name, rule, get_args(QueueRule))


def arrivals(name: str) -> Callable[[Function], Function]:
    """A process for a stream's `count`: of an `OwnArrivals`, the day's times in seconds since its midnight."""
    return lambda process: _added("arrivals", name, process, get_args(Count))


def figure(name: str) -> Callable[[Callable[[Results], Any]], Callable[[Results], Any]]:
    """A picture of every run with `run.plots`: of the `Results`, a Matplotlib figure; saved as PNG and SVG."""
    return lambda draw: _added("figure", name, draw, FIGURES)


def study(name: str, made_by: type[Study]) -> None:
    """A study for `study.kind`: a subclass of `sim.studies.base.Study`; it may read `study.settings`."""
    if not (isinstance(made_by, type) and issubclass(made_by, Study)):
        raise InputError(Problem(f"study {name}", "must be a subclass of sim.studies.base.Study"))
    register("study", name, made_by, [*KINDS, "none"])


def preset(name: str, layout: Mapping[str, Any]) -> None:
    """A layout of files, recognised by its titles: the keys of `conf/data/*.yaml`, such as `{"columns": {...}}`."""
    from .calibration.intervals.presets import shipped_presets

    register("preset", name, Data.model_validate({"preset": name, **layout}), shipped_presets())


def _added(kind: Any, name: str, function: Function, shipped: Iterable[str]) -> Function:
    register(kind, name, _function(kind, name, function), shipped)
    return function


def _function(kind: str, name: str, function: Function) -> Function:
    if not callable(function):
        raise InputError(Problem(f"{kind.replace('_', ' ')} {name}", f"must be a function, got {function!r}"))
    return function
