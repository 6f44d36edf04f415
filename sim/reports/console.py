"""The tables that a run prints: channels, agent groups, journeys; each number with its interval.

Comes in: `Results`. Goes out: text. What every table must say stands under it: horizon, warm-up, replications,
interval, and the choices that change results by several per cent.
"""

from __future__ import annotations

import math
import statistics
from typing import Any

from tabulate import tabulate

from .. import engine
from ..measures.catalogue import describe
from ..measures.contacts import OUTCOME_COUNTS
from ..model.centre import Configuration
from ..model.channels import Queued
from ..model.units import format_duration
from ..runs.replicate import Results
from ..statistics.controls import ENOUGH
from .counts import contacts_by_outcome
from .headlines import CHANNEL_COLUMNS, JOURNEY_LINES, POOL_COLUMNS
from .numbers import say


def tables(results: Results) -> str:
    """The whole text of a run."""
    parts = [_title(results.config), _channels(results), _pools(results), _journeys(results), _foot(results)]
    return "\n\n".join(part for part in parts if part)


def _title(config: Configuration) -> str:
    scenario = config.scenario
    question = " ".join(scenario.question.split())
    return f"{scenario.name}: {question}" if question else scenario.name


def _table(header: list[str], rows: list[list[str]]) -> str:
    align = ["left"] + ["right"] * (len(header) - 1)
    return str(tabulate(rows, header, tablefmt="simple", colalign=align, disable_numparse=True))


def _channels(results: Results) -> str:
    """Contacts by outcome, which add up to those offered, then shares and times; what nobody met is left out."""
    kpis, config = results.kpis, results.config
    counts = {name: contacts_by_outcome(results, name) for name in config.open_channels}
    met = {each.name for each in OUTCOME_COUNTS if any(kpis["channel", c, each.name].mean for c in counts)}
    shown = [each for each in OUTCOME_COUNTS if each.name in met | {"handled"}]
    header = ["channel", describe("offered").title, *(each.title for each in shown)]
    header += [f"{describe(m).title}, %" if m == "abandoned" else describe(m).title for m in CHANNEL_COLUMNS]
    rows = []
    for name in config.open_channels:
        numbers = [counts[name][measure] for measure in ("offered", *(each.name for each in shown))]
        cells = [say(kpis.get("channel", name, measure)) for measure in CHANNEL_COLUMNS]
        rows.append([name, *numbers, *cells, _target(config, name)])
    return _table([*header, "target"], rows)


def _target(config: Configuration, name: str) -> str:
    channel = config.channels[name]
    if channel.target is None or not isinstance(channel, Queued):
        return ""
    business = " business" if channel.target.clock == "business" else ""
    return f"{channel.target.share:.0%} in {format_duration(channel.target.within)}{business}"


def _pools(results: Results) -> str:
    if not results.config.staffing:
        return ""
    header = ["agent group", *(describe(measure).title for measure in POOL_COLUMNS)]
    kpis = results.kpis
    return _table(header, [[p, *(say(kpis.get("pool", p, m)) for m in POOL_COLUMNS)] for p in results.config.staffing])


def _journeys(results: Results) -> str:
    rows = []
    for scope, name, measure in JOURNEY_LINES:
        kpi = results.kpis.get(scope, name, measure)
        if kpi is not None:
            title = describe(measure).title + (f" {name}" if scope == "channel" else "")
            rows.append([title, say(kpi, results.config.economics.currency)])
    return _table(["journeys", ""], rows)


def _foot(results: Results) -> str:
    run, done = results.config.run, len(results.replications)
    window = f"{format_duration(run.measure)} measured after {format_duration(run.warm_up)} warm-up, from {run.start}"
    end = {
        "follow": f"customers followed for up to {format_duration(run.follow_limit)} more",
        "drain": "then no new customers until all have ended",
        "cut": "cut at the end (open journeys counted)",
        "clear": "the queue sent away at the end",
    }[run.end]
    over = f"{run.batches} batches of one run" if run.batches else f"{done // run.group} {run.counted}"
    interval = f"±: {run.confidence:.0%} interval over {over}"
    interval = interval if done > 1 or run.batches else "one replication: no interval"
    lines = [
        f"{window}; {end}. {interval}; seed {run.seed}; {results.seconds:.1f} s; "
        f"engine {engine.described(results.config)}.",
        "Wait is per contact; service level is of offered, thresholds inclusive; agents finish what they hold after "
        "duty; ratios are ratios of means.",
    ]
    if run.control_variates:
        lines.append(_control(results))
    if results.interrupted:
        lines.append(f"Interrupted: {done} of {run.replications} replications finished.")
    return "\n".join(lines)


def _control(results: Results) -> str:
    """What control variates won, over the numbers of the tables above; or why they were not used."""
    done, rows = len(results.replications), [results.kpis.get(*line) for line in JOURNEY_LINES]
    rows += [results.kpis.get("channel", c, m) for c in results.config.open_channels for m in CHANNEL_COLUMNS]
    rows += [results.kpis.get("pool", pool, "occupancy") for pool in results.config.staffing]
    gains = {f"{row.scope}.{row.name}.{row.measure}": row.as_good_as for row in rows if row and row.standard_error > 0}
    gains = {name: worth for name, worth in gains.items() if math.isfinite(worth) and not name.endswith(".journeys")}
    if not gains:
        return f"Control variates: not used (they need {ENOUGH} replications, and first contacts that vary)."
    best, middle = max(gains, key=gains.__getitem__), statistics.median(gains.values())
    of = results.config.run.group
    return (
        "Control variates: replications are weighed by their first contacts, whose mean is known. Half of the numbers "
        f"above are as precise as {middle * of:,.0f} or more replications without, {best} as {gains[best] * of:,.0f}; "
        f"{done} were run."
    )


def imported_table(rows: list[dict[str, Any]]) -> str:
    """Imported beside simulated by channel and month."""
    header = ["channel", "month", "offered", "simulated", "abandoned %", "simulated", "SL %", "simulated", "wait, s"]
    cells = [[_plain(value, key) for key, value in row.items() if key != "hour"] for row in rows]
    return "Imported and simulated\n" + _table(header, cells)


def _plain(value: object, key: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and key.startswith("offered"):
        return f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, float) else str(value)
