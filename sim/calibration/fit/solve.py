"""First-contact demand, patience, agents and handle time for which the simulated baseline gives the imported numbers.

Comes in: the baseline as it was when the numbers were recorded, and the table. Goes out: `Fitted`, solved once and then
frozen: solving again in a what-if would return the imported numbers for ever. Every step simulates the same
replications (common random numbers), starting from the chain of journeys and from Erlang A, and corrects all channels
at once. A step ends the fit when what is missed is small against the luck in the file itself; then the slopes are
measured by simulation and give every fitted number its interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError, Problem
from ...model.centre import Configuration
from ...runs.replicate import gathered
from ..compared import HANDLE_FACTOR, HANDLED, OFFERED, interval_sums
from ..imported import Fitted, imported, start_of_fit
from ..intervals.table import IntervalTable
from . import words
from .assume import assumed
from .demand import LEAST, gain
from .findings import findings_of
from .noise import covariance
from .search import Search
from .targets import Target, ends, targets_of

Floats = NDArray[np.float64]
Replications = dict[str, list[Floats]]
"""by imported channel, of each replication: (days, intervals, SUMS) where the file has volumes"""
ROUGH_STEPS, MOST_STEPS, FEWER = 2, 12, 4
"""the first steps only find the direction, with a FEWERth of the replications"""
CONTACTS_WANTED, FEWEST_REPLICATIONS, MOST_REPLICATIONS = 60_000, 4, 64
"""imported contacts simulated in a step; the luck of R replications adds 1 / R to that of the file"""
VOLUME_TOLERANCE, HANDLE_TOLERANCE = 0.01, 0.005
"""relative"""
OF_LUCK, SMALLEST = 0.4, {"abandoned_pct": 0.0005, "sl_pct": 0.001, "asa_s": 0.3}
"""a target is reached within this share of the standard deviation of the file's own luck, or within this; what is left
is taken off along the measured slopes"""
SLOWEST, FASTEST = 0.4, 1.6
"""bounds of a channel's pace: of its steps, relative to what Erlang A's slopes ask for"""
BEYOND_LUCK = 2.5
"""standard deviations beyond which a miss at the end of a parameter's range is no luck"""
FIRST_REPLICATION = 1_000_000
"""replications of the fit have numbers of their own: results are not measured on the luck they were fitted to"""
NUDGES = {"patience": 0.15, "staffing": 0.03}
"""changes of logarithms by which slopes are measured"""
FEWEST_SWITCHES = 0.02
"""rows are not scaled below this: they would be other rows"""

Say = Callable[[int, str], None]


def fit(
    config: Configuration,
    table: IntervalTable,
    step_done: Say,
    settled: Fitted | None = None,
    keep: Callable[[Fitted], None] = lambda _: None,
) -> Fitted:
    """Solves for demand, patience, agents and handle time; raises InputError naming what cannot be reached.

    `step_done` hears of every step: its number, and what is still missed; `keep` gets the best fit so far, and
    `settled` is one that an interrupted fit had kept.
    """
    return Solver(config, table).solved(step_done, settled, keep)


@dataclass(frozen=True)
class Step:
    """Where a step stood, what it gave, what it misses (in tolerances at most, and in words), and what is out of
    reach."""

    fitted: Fitted
    gave: Replications
    noise: dict[str, Floats]
    """by channel: covariance of its targets over files"""
    distance: float
    misses: dict[str, str]
    out_of_reach: dict[str, str]

    @property
    def replications(self) -> int:
        """How many were simulated."""
        return len(next(iter(self.gave.values())))


class Solver:
    """One fit."""

    def __init__(self, config: Configuration, table: IntervalTable) -> None:
        self.config, self.table = config, table
        self.targets = targets_of(config, table)
        self.plain = bool(np.allclose(gain(assumed(config), table), np.eye(len(table.channels))))
        self.search = Search(config, table, self.targets, self.plain)
        volume = sum(table.total_offered(name) for name in table.channels)
        enough = int(np.clip(np.ceil(CONTACTS_WANTED / max(volume, 1)), FEWEST_REPLICATIONS, MOST_REPLICATIONS))
        unknown = self.search.targets or self.search.names
        self.replications = config.data.replications or (enough if unknown else FEWEST_REPLICATIONS)
        self.pace = dict.fromkeys(table.channels, 1.0)

    def solved(self, step_done: Say, settled: Fitted | None, keep: Callable[[Fitted], None]) -> Fitted:
        """The fit, with its findings and notes."""
        fitted = settled or self.search.started(start_of_fit(self.config, self.table))
        best: Step | None = None
        before: Step | None = None
        for number in range(MOST_STEPS):
            rough = settled is None and number < ROUGH_STEPS and self.replications > FEWER
            step = self._step(fitted, self.replications // FEWER if rough else self.replications)
            step_done(number + 1, "; ".join(step.misses.values()) or "reached")
            if not rough and (best is None or step.distance < best.distance):
                best = step
                keep(step.fitted)
            if not rough and not step.misses:
                break
            if before is not None and before.replications == step.replications:
                self._learn(before, step)
            fitted, before = self._corrected(step), step
        assert best is not None
        step_done(MOST_STEPS, "how sure")
        return self._checked(best)

    def simulated(self, fitted: Fitted, replications: int) -> Replications:
        """What the centre of a fit gives."""
        run = self.config.run.model_copy(update={"replications": replications, "end": "cut", "precision": ()})
        made = imported(self.config.model_copy(update={"run": run}), self.table, fitted)
        sums = gathered(made, partial(interval_sums, interval=float(self.table.interval)), FIRST_REPLICATION)
        index = {name: made.open_channels.index(name) for name in self.table.channels}
        known = {name: ~np.isnan(self.table.offered[i])[..., None] for i, name in enumerate(self.table.channels)}
        return {name: [each[at] * known[name] for each in sums] for name, at in index.items()}

    def of_channel(self, name: str) -> list[Target]:
        """The channel's targets that identify a parameter."""
        return [target for target in self.search.targets if target.channel == name]

    def _step(self, fitted: Fitted, replications: int) -> Step:
        gave = self.simulated(fitted, replications)
        noise = {name: covariance(self.of_channel(name), gave[name]) for name in self.table.channels}
        if replications == 1:  # one replication says nothing of luck: that of independent contacts
            noise = {name: self._independent(name) for name in self.table.channels}
        step = Step(fitted, gave, noise, 0.0, {}, {})
        out_of_reach = {key: text for target in self.search.targets for key, text in self._beyond(step, target)}
        misses = words.misses(self, step)
        kept = {key: text for key, (_, text) in misses.items() if key not in out_of_reach}
        distance = max((miss for key, (miss, _) in misses.items() if key in kept), default=0.0)
        return replace(step, distance=distance, misses=kept, out_of_reach=out_of_reach)

    def _independent(self, name: str) -> Floats:
        offered = max(self.table.total_offered(name), 1.0)
        return np.diag([max(t.value * (1 - min(t.value, 0.999)), 0.01) / offered for t in self.of_channel(name)])

    def error(self, step: Step, target: Target) -> float:
        """Standard deviation of a target in files that might have been recorded."""
        k = self.of_channel(target.channel).index(target)
        return float(np.sqrt(step.noise[target.channel][k, k]))

    def tolerance(self, step: Step, target: Target) -> float:
        """Within which a target is reached."""
        return max(OF_LUCK * self.error(step, target), SMALLEST[target.column])

    def value(self, step: Step, target: Target) -> float:
        """What the simulation gave for a target."""
        return target.of(np.mean(step.gave[target.channel], axis=0))

    def at_end(self, fitted: Fitted, target: Target) -> int:
        """-1 or 1 where the target's parameter is at the lower or upper end of what is believed, else 0."""
        low, high = ends(self.config, target)
        factor = self.search.factor(fitted, target)
        return -1 if factor <= 1.01 * low else 1 if factor >= 0.99 * high else 0

    def _beyond(self, step: Step, target: Target) -> list[tuple[str, str]]:
        """A miss that no believable parameter mends, in words."""
        end, miss = self.at_end(step.fitted, target), self.value(step, target) - target.value
        luck = self.error(step, target) * float(np.sqrt(1 + 1 / step.replications))
        falls = target.column != "sl_pct"  # longer patience, or more agents, lower abandonment and waits
        outward = end != 0 and (miss > 0) == (falls == (end > 0))
        if not outward or abs(miss) <= max(BEYOND_LUCK * luck, SMALLEST[target.column]):
            return []
        return [(words.key(target), words.beyond(self, step, target))]

    def _corrected(self, step: Step) -> Fitted:
        """All factors after one step."""
        gave = {name: np.asarray(np.mean(each, axis=0)) for name, each in step.gave.items()}
        fitted = self._with_fewer_switches(step.fitted, gave)
        left = {name: left_of_handle(sums) for name, sums in gave.items()}
        fitted = replace(fitted, handle={name: 1 / share for name, share in left.items()})
        return self.search.next(fitted, gave, self.pace)

    def _learn(self, before: Step, step: Step) -> None:
        """The pace of each channel: a step that missed as far on the other side was too long."""
        for name in self.table.channels:
            old, new = self._missed(before, step, name), self._missed(step, step, name)
            if old.size and np.linalg.norm(old) > 1:
                left = float(new @ old / (old @ old))
                self.pace[name] = float(np.clip(self.pace[name] / max(1 - left, 0.3), SLOWEST, FASTEST))

    def _missed(self, step: Step, by: Step, name: str) -> Floats:
        """What a step missed of a channel's targets, in tolerances of `by`."""
        return np.array([(self.value(step, t) - t.value) / self.tolerance(by, t) for t in self.of_channel(name)])

    def _with_fewer_switches(self, fitted: Fitted, gave: dict[str, Floats]) -> Fitted:
        """Rows scaled, where switches and redials alone bring more than the file has."""
        excess = self.excess(fitted, gave)
        if not excess or self.config.data.assume.switches is not None:
            return fitted
        factor = min(1 / ratio for ratio in excess.values())
        return replace(fitted, switches=max(FEWEST_SWITCHES, fitted.switches * max(0.3, factor)))

    def excess(self, fitted: Fitted, gave: dict[str, Floats]) -> dict[str, float]:
        """Channels that got more contacts than imported although hardly any customer begins there: how many times."""
        found = {}
        for i, name in enumerate(self.table.channels):
            offered = np.nan_to_num(self.table.offered[i])
            wanted, got = offered.sum(), gave[name][..., OFFERED].sum()
            began = (offered * np.array(fitted.demand[name])[self.search.weekdays]).sum()
            beyond = got - wanted > max(VOLUME_TOLERANCE * wanted, 1.0)
            if name in self.search.names and beyond and began < 2 * LEAST * wanted:
                found[name] = float(got / wanted)
        return found

    def _checked(self, step: Step) -> Fitted:
        """The fit with findings and notes; raises InputError if it is not the imported centre and that is not
        allowed."""
        impossible = step.out_of_reach | words.too_much(self, step)
        if impossible and self.config.data.infeasible == "error":
            hint = Problem("data.infeasible", "say nearest to go on with the nearest fit")
            problems = [Problem(f"{self.table.path.name}, {key}", text) for key, text in impossible.items()]
            raise InputError([*problems, hint])
        fitted, findings, notes = findings_of(self, step)
        stopped = [f"the fit stopped at: {text}" for text in step.misses.values()]
        said = [f"{key}: {text}" for key, text in impossible.items()]
        return replace(fitted, findings=tuple(findings), notes=(*said, *stopped, *notes))


def left_of_handle(sums: Floats) -> float:
    """What context and sharing make of handle time, on average; 1 if nobody was served."""
    handled = sums[..., HANDLED].sum()
    return float(sums[..., HANDLE_FACTOR].sum() / handled) if handled else 1.0
