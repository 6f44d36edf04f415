"""What to beware of in a run: too short, not settled, not precise. Each caution says what would mend it.

Comes in: a configuration before its run, `Results` after it. Goes out: texts; offered load has its own (`load`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import special

from ..model.centre import Configuration
from ..model.laws import TRUSTED, laws_in
from ..model.units import DAY, WEEK, format_duration
from ..statistics.intervals import weak
from ..statistics.precision import FLOOR, unreached
from .cycle import cycle
from .replicate import Results

OPEN = 0.01
"""share of journeys still open beyond which their measures are censored"""
USELESS = 0.5
"""half width, relative to its value, beyond which a number says little"""
SURE, MATTERS = 0.99, 0.05
"""a change of level over the window is mentioned if it is this sure and this large"""
COVERED, COVERED_IN = (0.81, 0.94), "outputs/gallery/coverage_skewed.csv"
"""lowest and highest coverage of twelve queues by 5 to 20 replications in that table: a test holds them together"""
KEY_MEASURES = (
    ("channel", "abandoned"), ("channel", "asa"), ("channel", "service_level"), ("journey", "resolved"),
    ("journey", "broken"),
)  # fmt: skip


def short_run_warnings(config: Configuration) -> Iterator[str]:
    """Before the run: a window shorter than the centre's cycle, a warm-up or follow-up shorter than its delays."""
    run, rhythm = config.run, cycle(config)
    if rhythm < math.inf and run.measure < rhythm:
        name = {DAY: "day", WEEK: "week"}[rhythm]
        yield (
            f"run.measure: {format_duration(run.measure)} of a centre that repeats every {name}: numbers hold for this "
            f"part of the {name} only"
        )
    delay, where = _longest_delay(config)
    if 0 < run.warm_up < delay and not run.start_with and not run.detect_warm_up:
        yield (
            f"run.warm_up: {format_duration(run.warm_up)} is shorter than {where} ({format_duration(delay)} on "
            "average): customers who come back from before the start are missing"
        )
    if run.end == "follow" and run.follow_limit < delay:
        yield (
            f"run.follow_limit: {format_duration(run.follow_limit)} is shorter than {where} ({format_duration(delay)} "
            "on average): many journeys will still be open"
        )
    yield from law_warnings(config)


def law_warnings(config: Configuration) -> Iterator[str]:
    """Before the run: quantile tables so coarse that the mean of the times behind them is not known."""
    for where, law in laws_in(config):
        if law.doubt > TRUSTED:
            yield (
                f"{where}: {len(law.numbers)} quantiles joined by straight lines have mean "
                f"{format_duration(law.mean_value)} and cv {law.cv_value:.2f}; the times behind them may have a mean "
                f"up to {law.doubt:.0%} apart (more quantiles help, or the times themselves: law sample, from a file)"
            )


def _longest_delay(config: Configuration) -> tuple[float, str]:
    """The longest mean time that a customer stays away or waits for an answer, and which it is."""
    found: list[tuple[float, str]] = [(0.0, "")]
    for name in config.open_channels:
        channel = config.channels[name]
        if channel.reopen > 0:
            found.append((channel.reopen_delay.mean_value, f"channels.{name}.reopen_delay"))
        if channel.kind == "deferred" and channel.deadline is not None:
            found.append((channel.deadline.mean_value, f"channels.{name}.deadline"))
        for outcome, attempts in config.journeys.rows.get(name, {}).items():
            laws = [law for row in attempts for law in (row.delay, *row.delay_to.values()) if law is not None]
            found += [(law.mean_value, f"the delay of journeys.rows.{name}.{outcome}") for law in laws]
    return max((pair for pair in found if math.isfinite(pair[0])), key=lambda pair: pair[0])


def result_warnings(results: Results) -> Iterator[str]:
    """After the run: no intervals, dependent batches, open journeys, a level that moved, numbers too vague to use."""
    run = results.config.run
    if len(results.replications) < 2 and not run.batches:
        yield f"run.replications: one replication, so no number has an interval; run.replications={FLOOR} gives them"
    yield from results.notes
    still_open = results.kpis.get("journey", "all", "open")
    if still_open is not None and still_open.mean > OPEN:
        longer = "run.follow_limit" if run.end == "follow" else "run.end=follow or drain"
        yield (
            f"journey.all.open: {still_open.mean:.1%} of journeys were not over when the run stopped, and what would "
            f"have become of them is not in the numbers ({longer} mends it)"
        )
    yield from _unsettled(results)
    yield from _vague(results)
    yield from _skewed(results)
    yield from unreached(results.kpis, results.config)


def _unsettled(results: Results) -> Iterator[str]:
    """Channels that hold more, or fewer, contacts at the end of the window than at its start, whole cycles apart.

    In a settled centre the two have the same mean, whatever its rhythm. Paired Student t over replications, with
    Bonferroni's correction over channels.
    """
    config, n = results.config, len(results.levels)
    rhythm = cycle(config)
    if n < 3 or rhythm == math.inf or (rhythm and config.run.measure % rhythm):
        return
    levels = np.stack(results.levels)
    change = levels[:, :, 1] - levels[:, :, 0]
    chance = (1 - SURE) / change.shape[1]
    limit = float(special.stdtrit(n - 1, 1 - chance / 2)) * change.std(axis=0, ddof=1) / math.sqrt(n)
    mean, before = change.mean(axis=0), levels[:, :, 0].mean(axis=0)
    for c, name in enumerate(config.open_channels):
        if abs(mean[c]) > max(limit[c], MATTERS * before[c], MATTERS):
            way = (
                "fuller: lengthen run.warm_up, or it is overloaded" if mean[c] > 0 else "emptier: lengthen run.warm_up"
            )
            yield (
                f"channels.{name}: {before[c]:.3g} contacts inside when the window begins and "
                f"{before[c] + mean[c]:.3g} when it ends; the centre is still getting {way}"
            )


def _vague(results: Results) -> Iterator[str]:
    """One text for the key measures whose interval is wider than they are useful."""
    run = results.config.run
    rows = [
        row for row in results.kpis
        if row.interval == "all" and (row.scope, row.measure) in KEY_MEASURES and row.mean > 0
        and row.half_width > USELESS * min(row.mean, 1 - row.mean if row.unit == "share" else row.mean)
        and not (row.unit == "share" and row.half_width < 0.01)
    ]  # fmt: skip
    if rows and not run.batches:
        names = _some([f"{row.scope}.{row.name}.{row.measure}" for row in rows])
        yield f"intervals wider than half of the value: {names}; more run.replications or a longer run.measure helps"


def _skewed(results: Results) -> Iterator[str]:
    """One text for the key measures of which intervals are known to cover the true value less often than they say."""
    run = results.config.run
    n = len(results.replications) // run.group
    rows = [
        row for row in results.kpis
        if row.interval == "all" and (row.scope, row.measure) in KEY_MEASURES and row.unit != "share"
        and weak(row.skewness, row.n)
    ]  # fmt: skip
    if rows and not run.batches:
        names = _some([f"{row.scope}.{row.name}.{row.measure}" for row in rows])
        yield (
            f"replications differ with a long tail: {names}; {run.confidence:.0%} intervals of {n} such {run.counted} "
            f"hold the true value less often than they say (95 % ones in {COVERED[0]:.0%} to {COVERED[1]:.0%} "
            f"of cases, {COVERED_IN}): more replications and a longer run.measure help"
        )


def _some(names: Sequence[str], most: int = 3) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
