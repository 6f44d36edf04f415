"""A configuration as integer-coded arrays: what rules and engines read.

Comes in: a checked `Configuration`. Goes out: `Tables`, in which channels, pools, reasons, segments, laws and rows are
numbers. Disabled channels are gone: what they were given in mixes and rows goes to the remaining ones in proportion,
with give-up unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..chance.mixes import mix_of
from ..model.centre import Configuration
from ..model.channels import AnyChannel, DeferredChannel, LiveChannel, Queued, SelfService
from ..model.checks import row_of
from ..model.journeys import GIVE_UP
from ..model.laws import CODES, Law
from ..model.outcomes import ROW_NAMES
from ..model.units import DAY, WEEK, Spans
from . import steps

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REDIAL_MODES = {"fresh": steps.FRESH, "same": steps.SAME, "remaining": steps.REMAINING}
FIRST_ROW_OUTCOME = 2
"""ROW_NAMES begins with outcome 2 (failed) and ends with `reopened`, one past the last outcome."""
REOPENED_ROW = FIRST_ROW_OUTCOME + len(ROW_NAMES) - 1


@dataclass
class LawBook:
    """Laws as rows (code, a, b, share) and quantiles in one flat array."""

    rows: list[tuple[float, float, float, float]] = field(default_factory=list)
    quantiles: list[float] = field(default_factory=list)

    def add(self, law: Law | None) -> int:
        """The number of the law's row; -1 for no law. Parts of a mixture take the rows before it."""
        if law is None:
            return -1
        if law.parts is not None:
            first = len(self.rows)
            self.rows += [self._row(part, part.share) for part in law.parts]
            self.rows.append((CODES["mixture"], first, len(law.parts), 1.0))
        else:
            self.rows.append(self._row(law, 1.0))
        return len(self.rows) - 1

    def _row(self, law: Law, share: float) -> tuple[float, float, float, float]:
        if law.quantiles is not None:
            self.quantiles += law.quantiles
            return (CODES["empirical"], len(self.quantiles) - len(law.quantiles), len(law.quantiles), share)
        a, b = law.coefficients
        return (CODES[law.law], a, b, share)


@dataclass(frozen=True)
class Tables:
    """The coded model. Arrays are indexed by channel c, reason r, segment s, pool p, line l, outcome o, attempt a."""

    channels: tuple[str, ...]
    pools: tuple[str, ...]
    reasons: tuple[str, ...]
    segments: tuple[str, ...]
    laws: Floats
    """(laws, 4): code, a, b, share"""
    quantiles: Floats
    factors: Floats
    """service factors of all channels, one after the other"""
    kind: tuple[str, ...]
    parameters: Floats
    """(c, columns of sim.engine.steps)"""
    failure: Floats
    """(c, r)"""
    row_of: Ints
    """(c, o, a) -> row; o = REOPENED_ROW for reopened"""
    rows: Floats
    """(row, c + 1): probabilities of the next channel and, last, of giving up"""
    row_delays: Ints
    """(row, c) -> law or -1"""
    row_until_opening: Ints
    opens: Floats
    closes: Floats
    first_span: Ints
    """(c + 1): spans of opening hours of channel c are first_span[c] .. first_span[c + 1]"""
    carries: Floats
    """(c, c): probability that context survives the hop"""
    line_of: Ints
    """(c, s, r) -> waiting line"""
    line_channel: Ints
    line_priority: Floats
    balk_law: Ints
    """(c) -> law of the expected wait that is tolerated, or -1"""
    tiers: tuple[tuple[tuple[int, ...], ...], ...]
    """by channel: sets of pools of equal preference, in order"""
    pool_lines: tuple[Ints, ...]
    pool_ranks: tuple[Ints, ...]
    week_offset: float
    """seconds from Monday 00:00 to midnight of the run's first day"""


def tables_of(config: Configuration) -> Tables:
    """The arrays of a configuration."""
    book = LawBook()
    names = config.open_channels
    parameters, factors = _parameters(config, book)
    rows = _rows(config, book)
    spans = [_entry_hours(config.channels[name]) for name in names]
    lines = _lines(config)
    return Tables(
        channels=names,
        pools=tuple(config.staffing),
        reasons=tuple(config.customers.reasons),
        segments=tuple(config.customers.segments),
        kind=tuple(config.channels[name].kind for name in names),
        parameters=parameters,
        factors=factors,
        failure=_failure(config),
        balk_law=_balk_laws(config, book),
        opens=np.array([start for channel in spans for start, _ in channel]),
        closes=np.array([end for channel in spans for _, end in channel]),
        first_span=np.cumsum([0, *(len(channel) for channel in spans)]),
        carries=_carries(config),
        tiers=tuple(_tiers(config, name) for name in names),
        week_offset=config.run.start.weekday() * DAY,
        laws=np.array(book.rows or [(0, 0, 0, 0)], dtype=float),
        quantiles=np.array(book.quantiles or [0.0]),
        **rows,
        **lines,
    )


def _entry_hours(channel: AnyChannel) -> Spans:
    """When a contact can begin: deferred channels accept at any time, their hours are those of the business clock."""
    return ((0.0, WEEK),) if isinstance(channel, DeferredChannel) else channel.hours


def _parameters(config: Configuration, book: LawBook) -> tuple[Floats, Floats]:
    names, integration = config.open_channels, config.integration
    table = np.full((len(names), steps.CHANNEL_COLUMNS), -1.0)
    factors: list[float] = []
    for row, name in zip(table, names, strict=True):
        channel = config.channels[name]
        row[steps.TRANSFER], row[steps.REOPEN] = channel.transfer, channel.reopen
        row[steps.REOPEN_DELAY] = book.add(channel.reopen_delay)
        row[steps.TIME_SAVED] = integration.time_saved_by_channel.get(name, integration.time_saved)
        row[steps.REMOVED] = integration.failures_removed_by_channel.get(name, integration.failures_removed)
        row[steps.FACTOR_COUNT] = 0
        row[steps.JOURNEY_LEG] = 1 << 31 | crc32(name.encode()) >> 1  # above the legs of all contacts
        if isinstance(channel, SelfService):
            row[steps.SERVICE] = book.add(channel.session)
            row[steps.ABANDONMENT] = channel.abandonment
            row[steps.ABANDON_AT] = -1.0 if channel.abandonment_at is None else channel.abandonment_at
            continue
        assert isinstance(channel, Queued)
        patience = channel.patience if isinstance(channel, LiveChannel) else getattr(channel, "deadline", None)
        row[steps.SERVICE], row[steps.WRAP_UP] = book.add(channel.service), book.add(channel.wrap_up)
        row[steps.PATIENCE] = book.add(patience)
        row[steps.ZERO_SHARE] = 0.0 if patience is None else patience.zero_share
        row[steps.REDIAL] = REDIAL_MODES[getattr(channel, "redial_patience", "fresh")]
        if channel.service_factors is not None:
            row[steps.FACTOR_INTERVAL] = channel.service_factors.interval
            row[steps.FACTOR_FIRST], row[steps.FACTOR_COUNT] = len(factors), len(channel.service_factors.values)
            factors += channel.service_factors.values
    return table, np.array(factors or [1.0])


def _balk_laws(config: Configuration, book: LawBook) -> Ints:
    channels = [config.channels[name] for name in config.open_channels]
    laws = [book.add(c.balking.threshold if isinstance(c, LiveChannel) else None) for c in channels]
    return np.array(laws, dtype=np.int64)


def _failure(config: Configuration) -> Floats:
    channels = [config.channels[name] for name in config.open_channels]
    return np.array([[c.failure_by_reason.get(r, c.failure) for r in config.customers.reasons] for c in channels])


def _carries(config: Configuration) -> Floats:
    integration, names = config.integration, config.open_channels
    same, level = integration.same_channel, integration.level
    return np.array(
        [[integration.pairs.get(i, {}).get(j, same if i == j else level) for j in names] for i in names], dtype=float
    )


class _Rows(TypedDict):
    row_of: Ints
    rows: Floats
    row_delays: Ints
    row_until_opening: Ints


class _Lines(TypedDict):
    line_of: Ints
    line_channel: Ints
    line_priority: Floats
    pool_lines: tuple[Ints, ...]
    pool_ranks: tuple[Ints, ...]


def _rows(config: Configuration, book: LawBook) -> _Rows:
    """Rows by (channel, outcome, attempt); the last attempt's row repeats. Identical rows are not merged: few exist."""
    names = config.open_channels
    attempts = max((len(r) for by in config.journeys.rows.values() for r in by.values()), default=1)
    index = np.full((len(names), FIRST_ROW_OUTCOME + len(ROW_NAMES), attempts), -1, dtype=np.int64)
    rows: list[Floats] = []
    delays: list[list[int]] = []
    opening: list[int] = []
    numbers: dict[int, int] = {}
    for c, name in enumerate(names):
        for o, outcome in enumerate(ROW_NAMES):
            listed = row_of(config, name, outcome)
            for a in range(attempts if listed else 0):
                row = listed[min(a, len(listed) - 1)]
                if id(row) not in numbers:
                    numbers[id(row)] = len(rows)
                    give_up = row.to.get(GIVE_UP, 0.0)
                    mix = mix_of(row.to, names)
                    rows.append(np.append(mix * (1 - give_up), give_up if mix.any() else 1.0))
                    delays.append([book.add(row.delay_to.get(to, row.delay)) for to in names])
                    opening.append(int(row.until_opening))
                index[c, o + FIRST_ROW_OUTCOME, a] = numbers[id(row)]
    return {
        "row_of": index,
        "rows": np.array(rows),
        "row_delays": np.array(delays, dtype=np.int64),
        "row_until_opening": np.array(opening, dtype=np.int64),
    }


def _tiers(config: Configuration, name: str) -> tuple[tuple[int, ...], ...]:
    channel, pools = config.channels[name], tuple(config.staffing)
    if not isinstance(channel, Queued):
        return ()
    serving = [pool for pool in pools if name in config.staffing[pool].serves]
    ranks = {pool: channel.prefer.get(pool, 10**6 if channel.prefer else 0) for pool in serving}
    return tuple(
        tuple(pools.index(pool) for pool in serving if ranks[pool] == rank) for rank in sorted(set(ranks.values()))
    )


def _lines(config: Configuration) -> _Lines:
    """First-come classes: one line for each channel and base score among its segments and reasons."""
    names, customers = config.open_channels, config.customers
    line_of = np.full((len(names), len(customers.segments), len(customers.reasons)), -1, dtype=np.int64)
    numbers: dict[tuple[int, float], int] = {}
    for c, name in enumerate(names):
        for s, segment in enumerate(customers.segments.values()):
            for r, reason in enumerate(customers.reasons.values()):
                score = config.channels[name].priority + segment.priority + reason.priority
                line_of[c, s, r] = numbers.setdefault((c, score), len(numbers))
    channel_of = np.array([c for c, _ in numbers], dtype=np.int64)
    pool_lines, pool_ranks = [], []
    for pool in config.staffing.values():
        served = [line for line, c in enumerate(channel_of) if names[c] in pool.serves]
        pool_lines.append(np.array(served, dtype=np.int64))
        pool_ranks.append(np.array([pool.serves[names[channel_of[line]]] for line in served], dtype=np.int64))
    return {
        "line_of": line_of,
        "line_channel": channel_of,
        "line_priority": np.array([score for _, score in numbers]),
        "pool_lines": tuple(pool_lines),
        "pool_ranks": tuple(pool_ranks),
    }


