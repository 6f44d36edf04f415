"""Checks across parts: names that must exist elsewhere, rows and mixes that must sum to one, queues that nobody serves.

Comes in: a `Configuration` whose single fields are valid. Goes out: every problem found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...errors import Problem
from ..centre import Configuration
from ..channels import Factors, LiveChannel, Queued, SelfService
from ..outcomes import INSTANT, POSSIBLE, REOPENED, ROW_NAMES
from ..rows import GIVE_UP, Row
from ..units import DAY, parse_days
from .common import plain_names, sums_to_one, unknown
from .feelings import feelings
from .mechanisms import mechanisms
from .rows import row_problems

SHORTEST_INTERVAL = DAY / 2000  # a customer's number keeps 11 bits for the interval of the day
MOST_STREAMS = 254  # a customer's number keeps 8 bits for the stream, of which one value is common to all


def cross_check(config: Configuration, sound: Configuration | None = None) -> list[Problem]:
    """All problems that need more than one field to see, in file order.

    `sound` is a configuration without any: a check that reads nothing in which the two differ would find none again.
    """
    differing = set(READS) if sound is None else _differing(config, sound)
    return [
        problem for check, sections in CHECKS.items() if not differing.isdisjoint(sections) for problem in check(config)
    ]


def _differing(config: Configuration, sound: Configuration) -> set[str]:
    """What two configurations do not have in common of what checks read: sections, and keys of `run`."""
    run, other = config.run, sound.run
    keys = {f"run.{key}" for key in RUN_KEYS if getattr(run, key) != getattr(other, key)}
    return keys | {name for name in SECTIONS if getattr(config, name) is not getattr(sound, name)}


def _names(config: Configuration) -> Iterator[Problem]:
    """Names become part of paths, tables, queries and files that spreadsheets open."""
    yield from plain_names("channels", config.channels, taken=("all", "any"))
    yield from plain_names("customers.segments", config.customers.segments)
    yield from plain_names("customers.reasons", config.customers.reasons)
    yield from plain_names("demand.streams", config.demand.streams)
    yield from plain_names("staffing", config.staffing, taken=("all",))
    yield from plain_names("routing.line_groups", config.routing.line_groups)
    yield from plain_names("scenario.name", [config.scenario.name])


def _channels(config: Configuration) -> Iterator[Problem]:
    if not config.open_channels:
        yield Problem("channels", "at least one channel must be enabled")
    if GIVE_UP in config.channels:
        yield Problem(f"channels.{GIVE_UP}", "this name means leaving; choose another")
    for name, channel in config.channels.items():
        where = f"channels.{name}"
        if isinstance(channel, SelfService) and channel.enabled:
            yield from _in_front(config, f"{where}.in_front_of", name, channel)
        if not isinstance(channel, Queued) or not channel.enabled:
            continue
        yield from unknown(f"{where}.prefer", channel.prefer, config.staffing, "agent group")
        for reason in config.customers.reasons:
            serving = [pool for pool in config.staffing.values() if name in pool.serves]
            if not any(not pool.reasons or reason in pool.reasons for pool in serving):
                hint = f"add {name} to the serves of an agent group in staffing, or enabled: false"
                what = (
                    f"no agent group that serves it takes reason {reason}"
                    if serving
                    else f"no agent group serves it ({hint})"
                )
                yield Problem(where, what)
                break


def _in_front(config: Configuration, where: str, name: str, channel: SelfService) -> Iterator[Problem]:
    yield from unknown(where, channel.in_front_of, config.channels, "channel")
    if channel.in_front_of and not set(channel.in_front_of) & set(config.open_channels):
        yield Problem(where, f"none of {', '.join(channel.in_front_of)} is open: it would be met by nobody")
    for behind in channel.in_front_of:
        if behind == name:
            yield Problem(f"{where}.{behind}", "is the channel itself")
        others = [
            other for other, spec in config.channels.items()
            if other != name and spec.enabled and isinstance(spec, SelfService) and behind in spec.in_front_of
        ]  # fmt: skip
        if others:
            yield Problem(f"{where}.{behind}", f"is behind {others[0]} already: one channel in front is all there is")


def _customers(config: Configuration) -> Iterator[Problem]:
    segments = config.customers.segments
    if not segments:
        yield Problem("customers.segments", "at least one segment is needed")
    yield from sums_to_one("customers.segments.*.share", {name: s.share for name, s in segments.items()})
    if not config.customers.reasons:
        yield Problem("customers.reasons", "at least one reason is needed, such as {any: {share: 1}}")
    if config.customers.reasons and sum(r.share for r in config.customers.reasons.values()) <= 0:
        yield Problem("customers.reasons.*.share", "must not all be zero")
    for name, segment in segments.items():
        where = f"customers.segments.{name}"
        yield from _first_channels(f"{where}.first_channel", segment.first_channel, config)
        yield from unknown(f"{where}.reasons", segment.reasons, config.customers.reasons, "reason")
        yield from sums_to_one(f"{where}.reasons", segment.reasons)


def _first_channels(where: str, mix: Mapping[str, float], config: Configuration) -> Iterator[Problem]:
    yield from unknown(where, mix, config.channels, "channel")
    yield from sums_to_one(where, mix)
    if mix and not any(share > 0 for name, share in mix.items() if name in config.open_channels):
        yield Problem(where, "leaves no enabled channel to start on")


def _streams(config: Configuration) -> Iterator[Problem]:
    if not config.demand.streams:
        yield Problem("demand.streams", "at least one stream is needed")
    if len(config.demand.streams) > MOST_STREAMS:
        yield Problem("demand.streams", f"at most {MOST_STREAMS}, got {len(config.demand.streams)}")
    if config.run.strata and not any(stream.count == "mixed_poisson" for stream in config.demand.streams.values()):
        yield Problem("run.strata", "no stream of demand has busyness to spread (count: mixed_poisson)")
    for name, stream in config.demand.streams.items():
        where = f"demand.streams.{name}"
        yield from _first_channels(f"{where}.first_channel", stream.first_channel, config)
        yield from unknown(f"{where}.segments", stream.segments, config.customers.segments, "segment")
        yield from sums_to_one(f"{where}.segments", stream.segments)
        wanted = stream.segments or config.customers.segments
        if not stream.first_channel:
            for segment in wanted:
                if segment in config.customers.segments and not config.customers.segments[segment].first_channel:
                    yield Problem(where, f"needs a first_channel: neither it nor segment {segment} has one")


def _rows(config: Configuration) -> Iterator[Problem]:
    rows = config.journeys.rows
    yield from unknown("journeys.stay", config.journeys.stay, config.channels, "channel")
    yield from unknown("journeys.rows", rows, config.channels, "channel")
    for name, by_outcome in rows.items():
        yield from unknown(f"journeys.rows.{name}", by_outcome, ("any", *ROW_NAMES), "outcome")
        for outcome, attempts in by_outcome.items():
            for number, row in enumerate(attempts):
                where = f"journeys.rows.{name}.{outcome}" + (f"[{number}]" if len(attempts) > 1 else "")
                if name not in config.channels or config.channels[name].enabled:
                    yield from row_problems(config, where, name, row)
    for name in config.open_channels:
        channel = config.channels[name]
        needed = POSSIBLE[channel.kind] + ((REOPENED,) if channel.reopen > 0 else ())
        if getattr(channel, "queue_timeout", None) is None:
            needed = tuple(outcome for outcome in needed if outcome != "timed_out")
        lacking = [outcome for outcome in needed if outcome not in rows.get(name, {})]
        if lacking and "any" not in rows.get(name, {}):
            yield Problem(f"journeys.rows.{name}", f"no row for {', '.join(lacking)} (add them, or one row named any)")


def row_of(config: Configuration, channel: str, outcome: str) -> tuple[Row, ...]:
    """The rows by attempt of (channel, outcome): its own, else the channel's `any`."""
    by_outcome = config.journeys.rows[channel]
    return by_outcome.get(outcome) or by_outcome.get("any") or ()


def _cycles(config: Configuration) -> Iterator[Problem]:
    """An uncapped walk over outcomes that take no time, along hops that take no time, need never end."""
    rows = config.journeys.rows
    if config.journeys.max_contacts is not None or any(name not in rows for name in config.open_channels):
        return
    edges = {name: _instant_next(config, name) for name in config.open_channels}
    for start in edges:
        reached: set[str] = set()
        frontier = {start}
        while frontier:
            frontier = set().union(*(edges.get(name, set()) for name in frontier)) - reached
            reached |= frontier
        if start in reached:
            text = "a customer could come back here for ever without time passing: set max_contacts or a delay"
            yield Problem(f"journeys.rows.{start}", text)
            return


def _instant_outcomes(config: Configuration, name: str) -> list[str]:
    """Outcomes that the channel's contacts can have without time passing."""
    channel = config.channels[name]
    outcomes = [o for o in INSTANT if o in POSSIBLE[channel.kind] and _can_happen(config, name, o)]
    if isinstance(channel, SelfService):
        if channel.session.mean_value == 0:
            outcomes += ["failed", "transferred", "abandoned"]
        elif channel.abandonment > 0 and channel.abandonment_at == 0:
            outcomes.append("abandoned")
        return outcomes
    saved = config.integration.time_saved_by_channel.get(name, config.integration.time_saved)
    factors = channel.service_factors.values if channel.service_factors else (1.0,)
    variations = (*channel.by_segment.values(), *channel.by_reason.values(), *channel.by_pool.values())
    services = [channel.service, *(each.service for each in variations if each.service is not None)]
    if min(service.mean_value for service in services) == 0 or saved == 1 or min(factors) == 0:
        outcomes += ["failed", "transferred"]
    patience = channel.patience if isinstance(channel, LiveChannel) else channel.deadline
    kept = isinstance(channel, LiveChannel) and channel.redial_patience == "remaining"
    if patience is not None and (patience.zero_share > 0 or patience.mean_value == 0 or kept):
        outcomes += ["abandoned", "unanswered"]
    return outcomes


def _instant_next(config: Configuration, name: str) -> set[str]:
    outcomes = _instant_outcomes(config, name)
    targets: set[str] = set()
    for outcome in outcomes:
        for row in row_of(config, name, outcome):
            for to, share in row.mix(name, config.journeys.stay).items():
                delay = row.delay_to.get(to, row.delay)
                waits = outcome == "closed" and config.journeys.waits_until_opening(row) is not False
                if to != GIVE_UP and share > 0 and (delay is None or delay.mean_value == 0) and not waits:
                    targets.add(to)
    return targets


def _can_happen(config: Configuration, name: str, outcome: str) -> bool:
    channel = config.channels[name]
    if outcome == "closed":
        return channel.hours != ((0.0, 7 * DAY),) or bool(channel.dates) or config.run.end == "clear"
    if outcome == "balked":
        balking = channel.balking  # type: ignore[union-attr]
        return bool(balking.probability or any(balking.by_waiting))
    return any(getattr(channel, limit, None) is not None for limit in ("ports", "lines", "places"))


def _integration(config: Configuration) -> Iterator[Problem]:
    integration = config.integration
    yield from unknown("integration.pairs", integration.pairs, config.channels, "channel")
    for name, targets in integration.pairs.items():
        yield from unknown(f"integration.pairs.{name}", targets, config.channels, "channel")
    for origin, savings in integration.time_saved_by_pair.items():
        yield from unknown("integration.time_saved_by_pair", [origin], config.channels, "channel")
        yield from unknown(f"integration.time_saved_by_pair.{origin}", savings, config.channels, "channel")
    if integration.context == "record" and integration.sticky_loss:
        yield Problem("integration.sticky_loss", "goes with context: token; a record that is not seen stays unseen")
    for field in ("time_saved_by_channel", "failures_removed_by_channel", "identified"):
        yield from unknown(f"integration.{field}", getattr(integration, field), config.channels, "channel")


def _staffing(config: Configuration) -> Iterator[Problem]:
    for name, pool in config.staffing.items():
        yield from unknown(f"staffing.{name}.serves", pool.serves, config.channels, "channel")
        for channel in pool.serves:
            if isinstance(config.channels.get(channel), SelfService):
                yield Problem(f"staffing.{name}.serves.{channel}", "a self-service channel needs no agents")
        for shift in pool.shifts:
            parse_days(shift.days)


def _intervals(config: Configuration) -> Iterator[Problem]:
    lengths = {"run.interval": config.run.interval}
    for name, stream in config.demand.streams.items():
        lengths[f"demand.streams.{name}.profile"] = DAY / len(stream.profile)
        lengths |= _factors(f"demand.streams.{name}.rates", stream.rates)
    for name, pool in config.staffing.items():
        lengths |= _factors(f"staffing.{name}.counts", pool.counts)
    for name, channel in config.channels.items():
        for factors in ("service_factors", "patience_factors", "failure_factors"):
            lengths |= _factors(f"channels.{name}.{factors}", getattr(channel, factors, None))
    for where, seconds in lengths.items():
        if abs(DAY / seconds - round(DAY / seconds)) > 1e-9:
            yield Problem(where, f"the interval must divide a day, got {seconds:g} s")
        elif seconds < SHORTEST_INTERVAL:
            yield Problem(where, f"intervals must be at least {SHORTEST_INTERVAL:g} s long, got {seconds:g} s")


def _factors(where: str, factors: Factors | None) -> dict[str, float]:
    return {} if factors is None else {f"{where}.interval": factors.interval}


CHECKS: dict[Callable[[Configuration], Iterator[Problem]], tuple[str, ...]] = {
    _names: ("channels", "customers", "demand", "staffing", "routing", "scenario"),
    _channels: ("channels", "customers", "staffing"),
    _customers: ("channels", "customers"),
    _streams: ("channels", "customers", "demand", "run.strata"),
    _rows: ("channels", "journeys"),
    _cycles: ("channels", "journeys", "integration", "run.end"),
    _integration: ("channels", "integration"),
    _staffing: ("channels", "staffing"),
    _intervals: ("channels", "demand", "staffing", "run.interval"),
    mechanisms: ("channels", "customers", "staffing", "routing"),
    feelings: ("channels", "customers", "feelings"),
}
"""every check, in file order, with the sections that it reads, and the keys where it is `run` (a test watches them)"""
READS = frozenset(name for sections in CHECKS.values() for name in sections)
RUN_KEYS = tuple(name.removeprefix("run.") for name in READS if name.startswith("run."))
SECTIONS = READS - {f"run.{key}" for key in RUN_KEYS}
