"""Where to look next: all unknowns of a fit at once, along slopes known beforehand.

Comes in: where a step stood and what its simulation gave. Goes out: where to stand next. The unknowns are the first
contacts of each stream, relative to the imported volume, and the logarithms of the factors on patience and agents. The
answers are offered contacts, and targets on the scale on which they are straight. Volumes and abandonment answer to
each other (a call more abandons others, who redial), so they move together. Slopes of live channels are Erlang A's,
interval by interval; those of deferred ones are rough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...model.centre import Configuration
from ..imported import Fitted, agents_of
from ..intervals.table import IntervalTable
from .assume import assumed
from .demand import LEAST, gain
from .erlang import Intervals, intervals_of
from .handle import handle_times
from .slopes import next_point
from .targets import ANSWER, Target, ends, law_of

Floats = NDArray[np.float64]
CROWDING = 1.4
"""what a first contact more brings, relative to the chain's gain: in a busy centre others abandon and redial"""
BY_PATIENCE, BY_VOLUME = -0.55, 4.0
"""of deferred channels: relative change of abandonment by that of patience, and by that of volume"""
LEAST_SLOPE = 0.05
"""a target that hardly answers is not chased further than this allows"""
VOLUMES_FIRST = 100.0
"""weight of a volume's miss against one of abandonment"""
LONGEST_STEP = {"volume": 0.3, "patience": np.log(2.0), "staffing": np.log(1.2)}
"""of first contacts relative to the imported volume, and of logarithms of factors"""
NUDGE = 0.02
"""change of a logarithm by which Erlang A's slopes are taken"""


class Search:
    """The unknowns of one fit."""

    def __init__(self, config: Configuration, table: IntervalTable, targets: list[Target], plain: bool) -> None:
        self.config, self.table = config, table
        self.targets = [target for target in targets if target.parameter]
        self.names = table.channels if config.data.volumes == "offered" and not plain else ()
        self.offered = {name: np.nan_to_num(table.offered[i]) for i, name in enumerate(table.channels)}
        self.volume = np.array([self.offered[name].sum() for name in self.names])
        self.weekdays = (table.first_day.weekday() + np.arange(table.n_days)) % 7
        bounds = [ends(config, target) for target in self.targets]
        n = len(self.names)
        self.low = np.array([*np.full(n, LEAST), *(np.log(low) for low, _ in bounds)])
        self.high = np.array([*np.full(n, np.inf), *(np.log(high) for _, high in bounds)])
        self.longest = np.array(
            [*np.full(n, LONGEST_STEP["volume"]), *(LONGEST_STEP[target.parameter] for target in self.targets)]
        )
        self.gains: dict[float, Floats] = {}
        self.laws = {name: law_of(assumed(config), name) for name in table.channels}
        self.queues = {name: self._queue(name) for name in {target.channel for target in self.targets}}

    def _queue(self, name: str) -> Intervals | None:
        channel = self.config.channels[name]
        if channel.kind != "live" or self.laws[name] is None:
            return None
        pools = [pool for pool in self.config.staffing.values() if name in pool.serves]
        net = 1 - pools[0].shrinkage if pools and self.config.data.agents == "scheduled" else 1.0
        handle = handle_times(self.table, name)
        return intervals_of(self.config, self.table, name, handle, net * agents_of(self.table, name))

    def factor(self, fitted: Fitted, target: Target) -> float:
        """The present factor of a target's parameter."""
        return (fitted.patience if target.parameter == "patience" else fitted.staffing)[target.channel]

    def started(self, fitted: Fitted) -> Fitted:
        """The factors at which Erlang A alone gives the targets."""
        for _ in range(30):
            point = np.array([np.log(self.factor(fitted, target)) for target in self.targets])
            gave = np.array([target.bent(self._erlang(fitted, target)) for target in self.targets])
            wanted = np.array([target.bent(target.value) for target in self.targets])
            n = len(self.names)
            slopes = self._slopes(fitted)[n:, n:]
            bounds = self.low[n:], self.high[n:], self.longest[n:]
            live = [k for k, target in enumerate(self.targets) if self.queues[target.channel] is not None]
            if not live or np.abs(wanted - gave)[live].max() < 1e-3:
                break
            missing = np.where(np.isin(np.arange(point.size), live), wanted - gave, 0.0)
            fitted = self._placed(fitted, next_point(slopes, point, missing, *bounds))
        return fitted

    def _erlang(self, fitted: Fitted, target: Target) -> float:
        queue, law = self.queues[target.channel], self.laws[target.channel]
        if queue is None or law is None:
            return target.value
        mean = law.mean_value * fitted.patience[target.channel]
        return float(queue.answers(mean, fitted.staffing[target.channel])[ANSWER[target.column]])

    def _placed(self, fitted: Fitted, logs: Floats) -> Fitted:
        """The fit with the targets' parameters at these logarithms."""
        patience, staffing = dict(fitted.patience), dict(fitted.staffing)
        for target, log in zip(self.targets, logs.tolist(), strict=True):
            (patience if target.parameter == "patience" else staffing)[target.channel] = float(np.exp(log))
        return replace(fitted, patience=patience, staffing=staffing)

    def _slopes(self, fitted: Fitted) -> Floats:
        """(answers, unknowns)."""
        n, size = len(self.names), len(self.names) + len(self.targets)
        slopes = np.zeros((size, size))
        if n:
            gains = self._gain(fitted.switches)
            slopes[:n, :n] = CROWDING * gains.T * self.volume / self.volume[:, None]
        for k, target in enumerate(self.targets):
            by_patience, by_staffing, by_volume = self._answers(fitted, target)
            for other, each in enumerate(self.targets):
                if each.channel == target.channel:
                    slopes[n + k, n + other] = by_patience if each.parameter == "patience" else by_staffing
            if n:
                slopes[n + k, :n] = by_volume * slopes[self.names.index(target.channel), :n]
        return slopes

    def _gain(self, switches: float) -> Floats:
        if switches not in self.gains:
            self.gains[switches] = gain(assumed(self.config, switches), self.table)
        return self.gains[switches]

    def _answers(self, fitted: Fitted, target: Target) -> tuple[float, float, float]:
        """Derivatives of a target, as bent, by the logarithms of patience, agents and volume."""
        queue, law = self.queues[target.channel], self.laws[target.channel]
        if queue is None or law is None:
            return BY_PATIENCE, -BY_VOLUME, BY_VOLUME
        patience, staffing = law.mean_value * fitted.patience[target.channel], fitted.staffing[target.channel]
        up, down = float(np.exp(NUDGE)), float(np.exp(-NUDGE))
        column = ANSWER[target.column]

        def bent(longer: float = 1.0, more: float = 1.0, busier: float = 1.0) -> float:
            """The target's value, made about straight, with one of the three unknowns multiplied."""
            return target.bent(float(queue.answers(patience * longer, staffing * more, busier)[column]))

        ways = [(bent(longer=w), bent(more=w), bent(busier=w)) for w in (up, down)]
        by_patience, by_staffing, by_volume = (float(a - b) / (2 * NUDGE) for a, b in zip(*ways, strict=True))
        own = by_patience if target.parameter == "patience" else by_staffing
        if abs(own) < LEAST_SLOPE:
            sign = -1.0 if target.column == "abandoned_pct" or target.parameter == "staffing" else 1.0
            own = LEAST_SLOPE * (sign if target.column != "sl_pct" else 1.0)
        return (own, by_staffing, by_volume) if target.parameter == "patience" else (by_patience, own, by_volume)

    def next(self, fitted: Fitted, gave: Mapping[str, Floats], pace: Mapping[str, float]) -> Fitted:
        """The fit to try after this one gave (days, intervals, SUMS) by channel; `pace` stretches a channel's steps."""
        n = len(self.names)
        first = [float((self.offered[x] * np.array(fitted.demand[x])[self.weekdays]).sum()) for x in self.names]
        logs = [np.log(self.factor(fitted, target)) for target in self.targets]
        at = np.clip(np.array([*(np.array(first) / np.maximum(self.volume, 1e-9)), *logs]), self.low, self.high)
        offered = [gave[name][..., 0].sum() for name in self.names] / np.maximum(self.volume, 1e-9)
        missing = np.array([*(1 - offered), *(t.bent(t.value) - t.bent(t.of(gave[t.channel])) for t in self.targets)])
        # Volumes weigh so much that none is given away for an abandonment that patience alone cannot reach.
        weights = np.where(np.arange(at.size) < n, VOLUMES_FIRST, 1.0)
        missing *= np.array([*np.ones(n), *(pace[target.channel] for target in self.targets)])
        slopes = self._slopes(fitted) * weights[:, None]
        point = next_point(slopes, at, missing * weights, self.low, self.high, self.longest) if at.size else at
        whole = dict(zip(self.names, (point[:n] * self.volume).tolist(), strict=True))
        return self._placed(replace(fitted, demand=self._demand(fitted, gave, whole)), point[n:])

    def _demand(
        self, fitted: Fitted, gave: Mapping[str, Floats], whole: Mapping[str, float]
    ) -> dict[str, list[list[float]]]:
        """First contacts per offered one: by weekday and interval in proportion to what was short, `whole` in all."""
        found = dict(fitted.demand)
        for name, total in whole.items():
            wanted, got = (np.stack([part[self.weekdays == w].sum(axis=0) for w in range(7)])
                           for part in (self.offered[name], gave[name][..., 0]))  # fmt: skip
            shape = np.stack(
                [smoothed(np.array(found[name][w]), wanted[w], got[w], self.table.interval) for w in range(7)]
            )
            found[name] = (shape * total / max(float((shape * wanted).sum()), 1e-9)).tolist()
        return found


SMOOTHING = 3600.0
"""s; demand is corrected over a moving hour, so that it follows the day and not the noise of single intervals"""


def smoothed(shares: Floats, wanted: Floats, got: Floats, interval: float) -> Floats:
    """Shares by interval, times what was short, smoothed over a moving hour (volumes as weights)."""
    ratio = np.where(wanted > 0, np.clip(wanted / np.maximum(got, 1e-9), 0.5, 2.0), 1.0)
    window = np.ones(2 * max(1, round(SMOOTHING / interval / 2)) + 1)
    weight = np.convolve(wanted, window, "same")
    smooth = np.convolve(shares * ratio * wanted, window, "same") / np.maximum(weight, 1e-9)
    return np.asarray(np.maximum(np.where(weight > 0, smooth, shares), 1e-6))
