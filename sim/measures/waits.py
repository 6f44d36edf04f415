"""Waits that are no ratio of sums over contacts: quantiles, extremes, the offered wait, backlog, time averages.

Numbers waiting, in service and in the system are averages over time: seconds spent by contacts in the window (whenever
they joined) over the length of the window, by time of day too. Little's law ties them to waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from ..sums.places import sums
from ..sums.survival import area
from .batches import table_of
from .contacts import CONTACT_MEASURES, was_seen
from .kinds import of_contacts as contacts_by_kind
from .measure import Measure, Scoped, of_sums
from .samples import Samples, sorted_quantiles, sorted_samples
from .scopes import ANY, BY_CHANNEL, QUEUED
from .spans import NO_WEIGHTS, pieces_of
from .table import Table
from .weights import counted, every_contact
from .window import Facts, Floats, Ints, without_nan

_LEVEL = next(each for each in CONTACT_MEASURES if each.name == "service_level")
_NO_WAITS: Floats = np.zeros(0)


@counted
def answered_in_life(facts: Facts) -> Floats:
    """1 for contacts answered before the customer moved on (what is answered later no longer helps)."""
    answered, ended = (np.asarray(facts.of(name), dtype=float) for name in ("answered", "ended"))
    return np.asarray(answered <= without_nan(ended, np.inf), dtype=float)


def _queue_and_class(facts: Facts) -> Ints:
    """By kind of contact: the number of its channel among those with agents, times 8, and whether it was served (4),
    was let in and seen (2), was answered before the customer moved on (1); -1 in self-service."""
    queues = np.full(len(facts.log.channels), -1)
    queues[facts.channels_of(QUEUED)] = np.arange(len(facts.channels_of(QUEUED)))
    marks = 4 * facts.served + 2 * was_seen(facts) + answered_in_life(facts)
    queue = queues[facts.channel]
    return np.where(queue < 0, -1, queue * 8 + marks.astype(np.int64))


def _sorted_waits(facts: Facts) -> list[list[Floats]]:
    """Sorted waits of each channel with agents, and there of each class."""
    kinds, channels = facts.once(contacts_by_kind), len(facts.channels_of(QUEUED))
    waits = kinds.split(facts.wait, kinds.of(_queue_and_class), 8 * channels)
    for each in waits:
        each.sort()
    return [waits[8 * i : 8 * i + 8] for i in range(facts.runs * channels)]


def _of_classes(facts: Facts, classes: tuple[int, ...]) -> list[Floats]:
    """Sorted waits of each channel with agents, of these classes together."""
    return [_merged([waits[each] for each in classes if waits[each].size]) for waits in facts.once(_sorted_waits)]


def _merged(waits: list[Floats]) -> Floats:
    """Sorted waits of several together; stable sorting merges what is sorted already."""
    return waits[0] if len(waits) == 1 else np.sort(np.concatenate([_NO_WAITS, *waits]), kind="stable")


def _waits(facts: Facts) -> list[Floats]:
    """Sorted waits of handled contacts, by channel with agents."""
    return _of_classes(facts, (4, 5, 6, 7))


def _ended(facts: Facts, answered: bool) -> list[Floats]:
    """Sorted waits, by channel with agents, of all let in: of those answered before the customer moved on, or of the
    others."""
    return _of_classes(facts, (3, 7) if answered else (2, 6))


def _samples(facts: Facts) -> Samples:
    return sorted_samples(facts.once(_waits))


SHARES = (0.5, 0.9, 0.95)


def _quantiles(facts: Facts) -> Floats:
    """(channels with agents, shares): quantiles of waits of handled contacts; NaN where there are none."""
    none, shares = np.full(len(SHARES), np.nan), np.array(SHARES)
    rows = [sorted_quantiles(each, shares) if each.size else none for each in facts.once(_waits)]
    return np.array(rows).reshape(-1, len(SHARES))


def _quantile(share: float, facts: Facts) -> Iterator[Scoped]:
    place, names = SHARES.index(share), facts.names(facts.channels_of(QUEUED))
    yield "channel", Table(names, facts.once(_quantiles)[:, place : place + 1], None, facts.once(_samples))


def _by_channel(facts: Facts, values: Iterable[float]) -> Iterator[Scoped]:
    """One number for each channel with agents."""
    yield "channel", Table(facts.names(facts.channels_of(QUEUED)), np.array(list(values), dtype=float).reshape(-1, 1))


def _longest(facts: Facts) -> Iterator[Scoped]:
    last = ([each[-1] for each in waits if each.size] for waits in facts.once(_sorted_waits))
    return _by_channel(facts, (max(each, default=np.nan) for each in last))


def _offered_wait(facts: Facts) -> Iterator[Scoped]:
    return _by_channel(facts, map(_area, _ended(facts, True), _ended(facts, False)))


def virtual_wait(wait: Floats, served: Floats) -> float:
    """Mean offered (virtual) wait of one queue, s: what a customer of endless patience would have waited.

    A customer who leaves has waited only a part of it: such waits are censored, and the mean is the area under the
    Kaplan-Meier curve (Kaplan and Meier 1958; for call centres Brown et al. 2005, section 4), up to the longest wait.

    >>> round(virtual_wait(np.array([0.0, 10.0, 10.0]), np.array([1.0, 0.0, 1.0])), 9)
    6.666666667
    """
    return _area(np.sort(wait[served > 0]), np.sort(wait[served == 0]))


def _area(ended: Floats, left: Floats) -> float:
    """The offered wait of a queue in which some waits ended, and those who left had waited so far; both sorted."""
    if not ended.size + left.size:
        return float("nan")
    return area(ended, left, max(float(each[-1]) for each in (ended, left) if each.size))


def _waits_of_all(facts: Facts) -> Iterator[Scoped]:
    """The waits of all let in, as samples: of each channel's answered contacts, then of each channel's others."""
    names, rows = facts.names(facts.channels_of(QUEUED)), [*_ended(facts, True), *_ended(facts, False)]
    yield "channel", Table(names, np.full((len(names), 1), np.nan), None, sorted_samples(rows))


def _virtual_waits(facts: Facts, table: Table) -> Table:
    """The offered wait from such samples: each value stands for as many waits as the others of its sample."""
    assert table.samples is not None
    channels = len(table.rows)
    rows = list(zip(table.samples.values, table.samples.sizes, strict=True))
    waits = [weighted_virtual_wait(*rows[c], *rows[channels + c]) for c in range(channels)]
    return Table(table.rows, np.array(waits).reshape(-1, 1))


def weighted_virtual_wait(answered: Floats, answers: int, left: Floats, leavers: int) -> float:
    """`virtual_wait` of sorted waits that stand for so many answered contacts, and so many that left.

    >>> round(weighted_virtual_wait(np.array([0.0, 10.0]), 2, np.array([10.0]), 1), 9)
    6.666666667
    """
    if not answers + leavers:
        return float("nan")
    weight, other = answers / max(answered.size, 1), leavers / max(left.size, 1)
    at_risk = weight * np.arange(answered.size, 0, -1) + other * (left.size - np.searchsorted(left, answered))
    survival = np.concatenate([[1.0], np.cumprod(np.maximum(1 - weight / at_risk, 0.0))])
    longest = max(answered.max(initial=0.0), left.max(initial=0.0))
    return float(np.diff(answered, prepend=0.0, append=longest) @ survival)


def _level(facts: Facts) -> Iterator[Scoped]:
    yield next(table for table in _LEVEL.tables(facts) if table[0] == "channel")


def _mean_of_days(facts: Facts, level: Table) -> Table:
    """Mean over the days of the window of each day's service level; days without contacts are left out, and a channel
    without a single one has none."""
    assert level.bottom is not None
    days = slice(1, 1 + facts.columns.days)
    above, below = level.top[:, days], level.bottom[:, days]  # none is above where none is below
    together, number = (above / np.maximum(below, 1.0)).sum(axis=1), (below > 0).sum(axis=1)
    mean = np.where(number > 0, together / np.maximum(number, 1), np.nan)
    return Table(level.rows, mean[:, None])


def _joined(facts: Facts) -> Iterator[Scoped]:
    yield "channel", Table(facts.log.channels, table_of(facts, "contacts", every_contact, BY_CHANNEL))


def _spread_of_days(facts: Facts, joined: Table) -> Table:
    """Standard deviation over days with contacts of the number that joined; NaN with fewer than two such days."""
    some = [counts[counts > 0] for counts in joined.top[:, 1 : 1 + facts.columns.days]]
    spread = [[float(counts.std(ddof=1)) if counts.size > 1 else np.nan] for counts in some]
    return Table(joined.rows, np.array(spread).reshape(-1, 1))


def _waiting_at_end(facts: Facts) -> Floats:
    """(channels with agents, 2): the waits so far, s, of what waits as the window ends, and how much that is; nothing
    in a piece of the log that says nothing of that time."""
    end, contacts, (since, until) = facts.log.window[1], facts.log.contacts, facts.log.part
    over = np.fmin(contacts["answered"], contacts["ended"])
    there = (contacts["arrived"] < end) & ~(over <= end)
    waiting, channels = np.flatnonzero(there & (since < end <= until)), len(facts.log.channels)
    row = facts.in_runs("contacts", contacts["channel"], channels)[waiting]
    age = sums(row, end - contacts["arrived"][waiting], facts.runs * channels)
    both = np.stack([age, np.bincount(row, minlength=age.size)], axis=1)
    return np.asarray(both[facts.of_each_run(facts.channels_of(QUEUED), channels)])


def _backlog(facts: Facts) -> Iterator[Scoped]:
    return _by_channel(facts, facts.once(_waiting_at_end)[:, 1])


def _backlog_age(facts: Facts) -> Iterator[Scoped]:
    both = facts.once(_waiting_at_end)
    yield "channel", Table(facts.names(facts.channels_of(QUEUED)), both[:, :1], both[:, 1:])


def _seconds(facts: Facts) -> dict[tuple[str, str], Floats]:
    """By the moments between which contacts are waiting, in service, in the system: their seconds, (channels,
    columns)."""
    contacts, pieces, channels = facts.log.contacts, facts.once(pieces_of), len(facts.log.channels)
    over = facts.until_stop("contacts", contacts["ended"])
    row = facts.in_runs("contacts", contacts["channel"], channels)
    moments = [contacts["arrived"], np.fmin(contacts["answered"], over), over]
    after = pieces.after([(times, row, NO_WEIGHTS) for times in moments], facts.runs * channels)
    between = pieces.by_column(after[[0, 1, 0]] - after[[1, 2, 2]])
    return dict(zip([("arrived", "answered"), ("answered", "ended"), ("arrived", "ended")], between, strict=True))


def _average(kinds: tuple[str, ...], begin: str, end: str, facts: Facts) -> Iterator[Scoped]:
    """Mean number of contacts between two of their moments, over the time of each column."""
    mine, seconds = facts.channels_of(kinds), facts.once(_seconds)[begin, end]
    rows = facts.of_each_run(mine, len(facts.log.channels))
    yield "channel", Table(facts.names(mine), seconds[rows], np.tile(facts.once(pieces_of).whole, (rows.size, 1)))


WAIT_MEASURES: tuple[Measure, ...] = (
    *(
        Measure(f"wait_p{round(100 * share)}", title, "s", f"{what} of the wait of handled contacts, of all "
                "replications together", "quantile", partial(_quantile, share), "lower", share=share)
        for share, title, what in zip(SHARES, ("Median wait", "90 % wait", "95 % wait"),
                                      ("median", "0.9 quantile", "0.95 quantile"), strict=True)
    ),
    Measure("virtual_wait", "Offered wait", "s", "mean wait of customers if none left: Kaplan-Meier over the waits of "
            "all let in, those who left censored", "value", _offered_wait, "lower", sums=_waits_of_all,
            value=_virtual_waits),
    of_sums("service_level_by_day", "Service level, mean of days", "share", "mean over days of each day's service "
            "level (the ratio of sums is service_level)", _level, _mean_of_days, "higher"),
    Measure("longest_wait", "Longest wait", "s", "longest wait of any contact, mean over replications", "extreme",
            _longest, "lower"),
    of_sums("daily_spread", "Spread of daily contacts", "contacts", "standard deviation of the contacts of a day, over "
            "days with contacts", _joined, _spread_of_days),
    of_sums("backlog", "Backlog", "contacts", "contacts waiting at the end of the measured window", _backlog,
            lambda _, backlog: backlog, "lower"),
    Measure("backlog_age", "Age of backlog", "s", "mean wait so far of the backlog", "ratio", _backlog_age, "lower"),
    Measure("mean_waiting", "Waiting at a time", "contacts", "time spent waiting / time", "ratio",
            partial(_average, QUEUED, "arrived", "answered"), "lower"),
    Measure("mean_in_service", "In service at a time", "contacts", "time from answer to end / time", "ratio",
            partial(_average, ANY, "answered", "ended")),
    Measure("mean_in_system", "In the channel at a time", "contacts", "time from joining to end / time", "ratio",
            partial(_average, ANY, "arrived", "ended")),
)  # fmt: skip
OF_THE_END = ("backlog", "backlog_age")
"""belong to the end of a window: a part's say nothing about the whole one's"""
