"""What the pictures say in words: numbers with intervals, and the lines that every picture carries.

Comes in: `Kpi`s and `Results`. Goes out: text. No matplotlib here.
"""

from __future__ import annotations

import dataclasses
import math

from ..calibration.own_centre import called
from ..model.units import format_duration
from ..reports.numbers import say
from ..runs.replicate import Results
from ..statistics.kpis import Kpi

ENDINGS = {"follow": "then followed to the end", "drain": "then drained", "cut": "then cut", "clear": "then cleared"}
NO_INTERVAL = "n = 1: no interval"


def known(kpi: Kpi | None) -> bool:
    """Whether there is a finite number to show."""
    return kpi is not None and math.isfinite(kpi.mean)


def value_and_interval(kpi: Kpi | None, currency: str = "") -> tuple[str, str]:
    """`("62.7 %", "±0.3")`; the second is empty without an interval, the first a dash without a number."""
    if kpi is None or not known(kpi):
        return "–", ""
    if abs(kpi.half_width) < 1e-9 * abs(kpi.mean):
        kpi = dataclasses.replace(kpi, half_width=0.0)  # a constant, but for rounding
    value, mark, half = say(kpi, currency).partition(" ±")
    return value, f"±{half}" if mark else ""


def percent(share: float, digits: int = 0) -> str:
    """A share as `63 %`, kept within 0 and 100."""
    return f"{100 * min(max(share, 0.0), 1.0):.{digits}f} %"


def finding(kpi: Kpi) -> str:
    """A share for a title: `62.7 % (62.3–63.0 %)`; digits follow the interval; without one, the number alone."""
    if not math.isfinite(kpi.half_width):
        return percent(kpi.mean, 0 if 0.095 <= kpi.mean <= 0.905 or kpi.mean in (0, 1) else 1)
    digits = 1 if kpi.half_width < 0.0095 else 0
    low, high = (percent(end, digits) for end in (kpi.lower, kpi.upper))
    return f"{percent(kpi.mean, digits)} ({low.removesuffix(' %')}–{high})"


def in_ten(share: float) -> str:
    """A share as people say it: `6 in 10`, `more than 8 in 10`, `1 in 30`, `all`, `almost no`.

    >>> in_ten(0.627), in_ten(0.853), in_ten(0.39), in_ten(0.05)
    ('6 in 10', 'more than 8 in 10', 'almost 4 in 10', '1 in 20')
    """
    if share >= 0.95:
        return "all" if share >= 0.9995 else "almost all"
    if share < 0.095:
        return f"1 in {round(1 / share)}" if share > 0.005 else "almost no"
    whole, rest = divmod(round(10 * share, 6), 1)
    if rest <= 0.3:
        return f"{whole:.0f} in 10"
    return f"more than {whole:.0f} in 10" if rest < 0.7 else f"almost {whole + 1:.0f} in 10"


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def subtitle(results: Results) -> str:
    """The question of the scenario, as its file asks it; without one the name, which a planner gave their centre."""
    scenario = results.config.scenario
    return scenario.question or scenario.name


def caption(results: Results) -> str:
    """Replications, window, interval, journeys, seed, scenario: what a figure must state to be believed."""
    run, n = results.config.run, len(results.replications)
    count = f"{n} replications" if n > 1 else f"{run.batches} batches of one run" if run.batches else NO_INTERVAL
    if results.interrupted:
        count += f" (interrupted: {run.replications} were asked for)"
    journeys = results.kpis.get("journey", "all", "journeys")
    scenario = results.config.scenario
    name, own = called(results.config), results.config.data.intervals is not None
    parts = [f"scenario {name}" if scenario.question and not own else name or "unnamed", count]
    if n > 1:
        parts.append(f"{100 * run.confidence:g} % intervals")
    window = f"measured {format_duration(run.measure)} after {format_duration(run.warm_up)} of warm-up"
    parts.append(f"{window}, {ENDINGS[run.end]}")
    if journeys is not None and known(journeys):
        parts.append(f"{journeys.mean:,.0f} journeys{' a replication' if n > 1 else ''}")
    return " · ".join([*parts, f"seed {run.seed}"])
