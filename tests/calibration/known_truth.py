"""Interval files of known truth, from a program that shares nothing with the engine: a heap and NumPy's generator.

One phone line, open 8 to 18 h: Poisson arrivals by half-hour, lognormal handle times, exponential patience, first come
first served, no redials. Agents by half-hour are whole; nobody starts a call while as many as are on duty are busy. The
file may show other agents than were there: `factor` is agents there over agents in the file.
"""

from __future__ import annotations

import csv
import datetime as dt
import heapq
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

OPENS, INTERVAL, SLOTS = 8 * 3600.0, 1800.0, 20
SHAPE = (0.55, 0.8, 1.0, 1.15, 1.15, 1.1, 1.05, 0.95, 0.8, 0.8, 0.9, 0.95, 1.0, 1.0, 0.95, 0.9, 0.8, 0.7, 0.55, 0.45)
WITHIN = 20.0


@dataclass(frozen=True)
class Truth:
    """What a file is made of: mean calls at shape 1, mean handle time and patience in s, agents at the peak."""

    calls: float = 55.0
    handle: float = 285.0
    cv: float = 1.0
    patience: float = 200.0
    agents: int = 11
    factor: float = 1.0
    days: int = 10
    week: int = 5
    """working days from Monday; with six, Saturdays have `saturday` of the calls and of the agents"""
    saturday: float = 0.4
    busyness: float = 0.0
    """standard deviation of a day's volume around its mean, relative (Gamma)"""
    roster: float = 0.0
    """standard deviation of a week's agents around those planned, relative (normal)"""

    @property
    def on_duty(self) -> list[int]:
        """Agents by half-hour."""
        return self.on_duty_at(1.0)

    def on_duty_at(self, scale: float) -> list[int]:
        """Agents by half-hour of a day with so much of the volume."""
        return [max(2, round(scale * self.agents * share / max(SHAPE))) for share in SHAPE]

    def rostered(self, planned: list[int], rng: np.random.Generator, level: float) -> list[int]:
        """Agents who come where so many are planned and the week has `level` times as many: rounded up or down by one
        draw a day."""
        up = rng.random()
        return [max(1, math.floor(level * agents + up)) for agents in planned]

    def scale(self, day: int) -> float:
        """The volume of the file's day of this number, relative to a Monday's."""
        return self.saturday if day % self.week == 5 else 1.0


def write_file(path: Path, truth: Truth, seed: int) -> None:
    """The file of one seed, from Monday 2026-03-02, working days only."""
    rng = np.random.default_rng(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["start", "channel", "offered", "aht_s", "agents", "abandoned_pct", "sl_pct"])
        level = 1.0
        for day in range(truth.days):
            week, weekday = divmod(day, truth.week)
            date = dt.datetime(2026, 3, 2) + dt.timedelta(days=7 * week + weekday, seconds=OPENS)
            on_duty, scale, there = truth.on_duty_at(truth.scale(day)), truth.scale(day), None
            if truth.roster:
                level = 1 + truth.roster * rng.standard_normal() if weekday == 0 else level
                there = truth.rostered(on_duty, rng, level)
            if truth.busyness:
                scale *= rng.gamma(truth.busyness**-2, truth.busyness**2)
            for slot, (calls, left, in_time, handled, work) in enumerate(day_of(truth, rng, scale, there)):
                start = date + dt.timedelta(seconds=slot * INTERVAL)
                shares = [f"{100 * left / calls:.2f}", f"{100 * in_time / calls:.2f}"] if calls else ["", ""]
                aht = f"{work / handled:.1f}" if handled else ""
                agents = f"{on_duty[slot] / truth.factor:.2f}"
                writer.writerow([f"{start:%Y-%m-%d %H:%M}", "phone", calls, aht, agents, *shares])


def day_of(
    truth: Truth, rng: np.random.Generator, scale: float = 1.0, there: list[int] | None = None
) -> list[tuple[int, int, int, int, float]]:
    """By half-hour of arrival: calls, abandoned, answered in time, answered, and their handle time in all, s. `there`
    are the agents, if others than the scale's."""
    counts = rng.poisson(np.array(SHAPE) * truth.calls * scale)
    times = np.sort(np.concatenate([(k + rng.random(n)) * INTERVAL for k, n in enumerate(counts)]))
    sigma = math.sqrt(math.log1p(truth.cv**2))
    work = rng.lognormal(math.log(truth.handle) - sigma**2 / 2, sigma, times.size)
    patience = rng.exponential(truth.patience, times.size)
    answered = _waits(times, work, patience, there or truth.on_duty_at(scale))
    slot = np.minimum((times / INTERVAL).astype(int), SLOTS - 1)
    served = ~np.isnan(answered)
    return [
        (int((slot == k).sum()), int((~served & (slot == k)).sum()), int((answered[slot == k] <= WITHIN).sum()),
         int((served & (slot == k)).sum()), float(work[served & (slot == k)].sum()))
        for k in range(SLOTS)
    ]  # fmt: skip


def _waits(times: np.ndarray, work: np.ndarray, patience: np.ndarray, on_duty: list[int]) -> np.ndarray:
    """Wait of each call that is answered, s; NaN for those who hung up. The last half-hour's agents clear the queue."""
    waits = np.full(times.size, np.nan)
    events = [(t, 0, i) for i, t in enumerate(times.tolist())] + [(k * INTERVAL, 1, k) for k in range(len(on_duty))]
    heapq.heapify(events)
    queue: list[int] = []
    busy, on = 0, 0
    while events:
        now, kind, which = heapq.heappop(events)
        if kind == 0:
            queue.append(which)
        elif kind == 1:
            on = on_duty[which]
        else:
            busy -= 1
        while queue and busy < on:
            call = queue.pop(0)
            if now - times[call] < patience[call]:
                waits[call] = now - times[call]
                busy += 1
                heapq.heappush(events, (now + work[call], 2, call))
    return waits
