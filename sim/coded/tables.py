"""A configuration as integer-coded arrays: what rules and engines read.

Comes in: a checked `Configuration`. Goes out: `Tables`, in which channels, pools, reasons, segments, laws and rows are
numbers. Disabled channels are gone: what they were given in mixes and rows goes to the remaining ones in proportion,
with give-up unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from ..chance.mixes import mix_of
from ..model.calendar import cycle_of, entry_spans
from ..model.centre import Configuration
from ..model.channels import LiveChannel, SelfService
from ..model.checks.centre import row_of
from ..model.outcomes import ROW_NAMES
from ..model.rows import GIVE_UP, Row
from ..model.units import DAY
from ..rules import decisions as rules
from ..rules import loyalty
from .laws import LawBook
from .lines import Desks, desks_of
from .profiles import Profiles
from .records import Records, records_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FIRST_ROW_OUTCOME = 2
"""ROW_NAMES begins with outcome 2 (failed) and ends with `reopened`, one past the last outcome."""
REOPENED_ROW = FIRST_ROW_OUTCOME + len(ROW_NAMES) - 1


@dataclass(frozen=True)
class Tables:
    """The coded model. Arrays are indexed by channel c, reason r, segment s, pool p, line l, outcome o, attempt a."""

    channels: tuple[str, ...]
    pools: tuple[str, ...]
    reasons: tuple[str, ...]
    segments: tuple[str, ...]
    laws: Floats
    """(laws, columns of sim.chance.sampler)"""
    quantiles: Floats
    factors: Floats
    """service factors of all channels, one after the other"""
    kind: tuple[str, ...]
    profiles: Floats
    """(profile, columns of sim.rules.numbers); the first are the channels without variation"""
    profile_of: Ints
    """(c, s, r) -> profile on arrival"""
    profile_by_pool: Ints
    """by pool: profile on arrival -> profile in its hands"""
    pool_matters: tuple[bool, ...]
    """(c) whether the pool that answers changes the profile"""
    row_of: Ints
    """(c, o, a) -> row; o = REOPENED_ROW for reopened"""
    rows: Floats
    """(row, c + 1): probabilities of the next channel and, last, of giving up; with loyalty, of its mean"""
    row_else: Floats
    """(row, c): where those who switch go; zeros in rows without loyalty"""
    row_loyalty: Floats
    """(row, columns of sim.rules.loyalty)"""
    row_stays: Floats
    """(row, CELLS + 1): `stay_table` of rows whose loyalty differs between customers"""
    row_delays: Ints
    """(row, c) -> law or -1"""
    row_until_opening: Ints
    """(row) 1 where a next contact waits for the opening of a channel that is closed"""
    row_after_opening: Ints
    """(row) -> law of the time after the opening, or -1: the delay"""
    opens: Floats
    closes: Floats
    first_span: Ints
    """(c + 1): spans of opening hours of channel c are first_span[c] .. first_span[c + 1]"""
    row_carries: Floats
    """(row, c): probability that context survives the hop"""
    deflection_row: Ints
    """(c) -> row of the company's push to another channel, or -1"""
    balk_law: Ints
    """(c) -> law of the expected wait that is tolerated, or -1"""
    desks: Desks
    records: Records
    front: Ints
    """(c) the channel that is met first by who makes for c, or -1"""
    front_share: Floats
    week_offset: float
    """seconds from Monday 00:00 to midnight of the run's first day"""
    cycle: float
    """seconds after which opening hours repeat: a week, or more where single dates have their own"""

    def since_closing(self, channel: int, now: float) -> float:
        """Seconds since the hours of a channel ended; infinite if they never were, -1 if they are open."""
        spans = slice(int(self.first_span[channel]), int(self.first_span[channel + 1]))
        time = (now + self.week_offset) % self.cycle
        return rules.since_closing(time, self.opens[spans], self.closes[spans], self.cycle)


def tables_of(config: Configuration) -> Tables:
    """The arrays of a configuration."""
    book = LawBook()
    names = config.open_channels
    profiles = Profiles(config, book)
    rows = _rows(config, book)
    cycle = cycle_of((config.channels[name] for name in names), config.run)
    spans = [entry_spans(config.channels[name], config.run, cycle) for name in names]
    return Tables(
        channels=names,
        pools=tuple(config.staffing),
        reasons=tuple(config.customers.reasons),
        segments=tuple(config.customers.segments),
        kind=tuple(config.channels[name].kind for name in names),
        profiles=profiles.table(),
        profile_of=profiles.of,
        profile_by_pool=profiles.in_the_hands_of_pools(),
        pool_matters=tuple(profiles.matters),
        factors=np.array(profiles.factors or [1.0]),
        balk_law=_balk_laws(config, book),
        opens=np.array([start for channel in spans for start, _ in channel]),
        closes=np.array([end for channel in spans for _, end in channel]),
        first_span=np.cumsum([0, *(len(channel) for channel in spans)]),
        desks=desks_of(config),
        records=records_of(config),
        front=_fronts(config)[0],
        front_share=_fronts(config)[1],
        week_offset=config.run.start.weekday() * DAY,
        cycle=cycle,
        laws=book.table(),
        quantiles=book.numbers(),
        **rows,
    )


def _balk_laws(config: Configuration, book: LawBook) -> Ints:
    channels = [config.channels[name] for name in config.open_channels]
    laws = [book.add(c.balking.threshold if isinstance(c, LiveChannel) else None) for c in channels]
    return np.array(laws, dtype=np.int64)


def _fronts(config: Configuration) -> tuple[Ints, Floats]:
    names = config.open_channels
    front, share = np.full(len(names), -1, dtype=np.int64), np.zeros(len(names))
    for f, name in enumerate(names):
        channel = config.channels[name]
        for behind, part in channel.in_front_of.items() if isinstance(channel, SelfService) else ():
            if behind in names:
                front[names.index(behind)], share[names.index(behind)] = f, part
    return front, share


class _Rows(TypedDict):
    row_of: Ints
    rows: Floats
    row_else: Floats
    row_loyalty: Floats
    row_stays: Floats
    row_delays: Ints
    row_until_opening: Ints
    row_after_opening: Ints
    row_carries: Floats
    deflection_row: Ints


class _RowBook:
    """Rows of the switching matrix as numbers, each row of each channel once."""

    def __init__(self, config: Configuration, book: LawBook) -> None:
        self.config, self.book, self.names = config, book, config.open_channels
        self.numbers: dict[tuple[str, int], int] = {}
        self.rows: list[Floats] = []
        self.elsewhere: list[Floats] = []
        self.loyalty: list[list[float]] = []
        self.delays: list[list[int]] = []
        self.opening: list[int] = []
        self.after_opening: list[int] = []
        self.carries: list[list[float]] = []

    def add(self, channel: str, row: Row, context: float | None = None) -> int:
        """The number of the row out of `channel`; `context`, if given, says how likely it is carried."""
        key = channel, id(row)
        if key not in self.numbers:
            self.numbers[key] = len(self.rows)
            said = row.mix(channel, self.config.journeys.stay)
            give_up = said.get(GIVE_UP, 0.0)
            elsewhere = mix_of(row.elsewhere, self.names)
            mix = self._mean(channel, row, elsewhere) if row.loyal else mix_of(said, self.names)
            self.rows.append(np.append(mix * (1 - give_up), give_up if mix.any() else 1.0))
            self.elsewhere.append(elsewhere)
            self.loyalty.append(self._loyalty(channel, row))
            self.delays.append([self.book.add(row.delay_to.get(to, row.delay)) for to in self.names])
            waits = self.config.journeys.waits_until_opening(row)
            self.opening.append(int(waits is not False))
            self.after_opening.append(self.book.add(None if isinstance(waits, bool) else waits))
            self.carries.append([self._carried(channel, to) if context is None else context for to in self.names])
        return self.numbers[key]

    def _mean(self, channel: str, row: Row, elsewhere: Floats) -> Floats:
        """Next channels of customers of mean loyalty; where nothing else is left, all stay who would."""
        stay = row.mean_stay(channel, self.config.journeys.stay)
        mine = np.array([float(name == channel) for name in self.names])
        mix = stay * mine + (1 - stay) * elsewhere
        return np.asarray(mix / mix.sum() if mix.any() else mix)

    def _loyalty(self, channel: str, row: Row) -> list[float]:
        """The row's columns of `sim.rules.loyalty`. Means of 0 and 1 leave nothing to differ."""
        if not row.loyal:
            return [-1.0] * loyalty.LOYALTY_COLUMNS
        mean, alike = row.mean_stay(channel, self.config.journeys.stay), self.config.journeys.stay_concentration
        own = float(self.names.index(channel))
        if alike is None or mean in (0.0, 1.0):
            return [own, mean, -1.0, -1.0]
        return [own, -1.0, mean * alike, (1 - mean) * alike]

    def _carried(self, i: str, j: str) -> float:
        """Of tokens; of records it is the probability that a record alone is seen."""
        integration = self.config.integration
        identified = integration.identified.get(j, 1.0) if integration.context == "record" else 1.0
        return integration.carried(i, j) * identified


def _rows(config: Configuration, book: LawBook) -> _Rows:
    """Rows by (channel, outcome, attempt), the last attempt's row repeating, and the rows of deflection."""
    names = config.open_channels
    attempts = max((len(r) for by in config.journeys.rows.values() for r in by.values()), default=1)
    index = np.full((len(names), FIRST_ROW_OUTCOME + len(ROW_NAMES), attempts), -1, dtype=np.int64)
    rows = _RowBook(config, book)
    for c, name in enumerate(names):
        for o, outcome in enumerate(ROW_NAMES):
            listed = row_of(config, name, outcome)
            for a in range(attempts if listed else 0):
                index[c, o + FIRST_ROW_OUTCOME, a] = rows.add(name, listed[min(a, len(listed) - 1)])
    deflections = [getattr(config.channels[name], "deflection", None) for name in names]
    deflected = [
        -1 if row is None else rows.add(name, row, row.context) for name, row in zip(names, deflections, strict=True)
    ]
    return {
        "row_of": index,
        "rows": np.array(rows.rows),
        "row_else": np.array(rows.elsewhere),
        "row_loyalty": np.array(rows.loyalty, dtype=float),
        "row_stays": np.array([loyalty.stays_of(*row) for row in rows.loyalty]),
        "row_delays": np.array(rows.delays, dtype=np.int64),
        "row_until_opening": np.array(rows.opening, dtype=np.int64),
        "row_after_opening": np.array(rows.after_opening, dtype=np.int64),
        "row_carries": np.array(rows.carries, dtype=float),
        "deflection_row": np.array(deflected, dtype=np.int64),
    }
