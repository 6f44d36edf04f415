"""The bank's records of January and February 1999: calls, what is measured on them, and the agents they let one infer.

Comes in: the file of single calls, which lies beside the project on a developer's machine only (Anonymous Bank; data
courtesy of Guedj and Mandelbaum, Technion). Goes out: arrays, and parts of a configuration. A call is one that reached
the agent stage: answered, or hung up in the queue. Phantom calls are dropped; type PE (regular business in English) is
counted as PS.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
CALLS = ROOT.parent / "shared" / "data" / "bank_calls_1999_jan_feb.csv.gz"
DAY, HALF_HOUR, MINUTE = 86400, 1800, 60
MONTHS = {"1999-01": (0, 31), "1999-02": (31, 59)}
SECONDS = MONTHS["1999-02"][1] * DAY
"""of the record, from midnight of 1 January"""
TYPES = ("PS", "NE", "NW", "IN", "TT")
WITH_PRIORITY = ("PS", "NE", "TT")
KINDS = {0: 1, 1: 2}
"""1 January 1999 was a Friday: Fridays and Saturdays are kinds of days of their own"""
SHORT = 10
"""a service of 10 s or less is mostly a disconnect"""
ENOUGH = 60
"""seconds with somebody waiting from which an interval tells its agents"""
PAUSE, IDLE = 300, 1800
"""pauses after which an agent counts as away, s: when somebody waited meanwhile, when nobody did"""
QUERY = """
with staged as (
    select *, epoch(arrival) - epoch(timestamp '1999-01-01') + ivr_s as joined from read_csv('{path}')
    where outcome = 'AGENT' or (outcome = 'HANG' and queue_start is not null))
select joined::double as joined, (case type when 'PE' then 'PS' else type end) as type, priority,
    queue_s::double as wait, service_s::double as talk, outcome = 'AGENT' as served, coalesce(agent, '') as agent,
    coalesce(epoch(service_start) - epoch(timestamp '1999-01-01'), joined + queue_s)::double as answered
from staged order by joined, call"""


@dataclass(frozen=True)
class Calls:
    """Single calls, in the order in which they reached the agent stage; times in s since midnight of 1 January."""

    joined: NDArray[Any]
    type: NDArray[Any]
    priority: NDArray[Any]
    wait: NDArray[Any]
    talk: NDArray[Any]
    served: NDArray[Any]
    agent: NDArray[Any]
    answered: NDArray[Any]

    def where(self, mask: NDArray[np.bool_]) -> Calls:
        """Some of them."""
        return Calls(*(getattr(self, field.name)[mask] for field in fields(self)))

    def of(self, month: str) -> Calls:
        """Those of a month."""
        first, last = MONTHS[month]
        return self.where((self.joined >= first * DAY) & (self.joined < last * DAY))


def read_calls() -> Calls:
    """All calls of the record."""
    columns: Any = duckdb.execute(QUERY.format(path=CALLS)).fetchnumpy()
    return Calls(**{field.name: np.asarray(columns[field.name]) for field in fields(Calls)})


# What is measured on them -------------------------------------------------------------------------------------------


def laws(calls: Calls) -> dict[str, dict[str, Any]]:
    """By type: service (short ones uniform over 10 s, the others lognormal by the moments of their logarithm) and
    patience (exponential, mean = total waiting / hang-ups, its maximum-likelihood estimate)."""
    found = {}
    for name in TYPES:
        mine = calls.where(calls.type == name)
        talk = mine.talk[mine.served]
        short, logs = float((talk <= SHORT).mean()), np.log(talk[talk > SHORT])
        parts = [
            {"share": short, "law": "uniform", "low": "0 s", "high": f"{SHORT} s"},
            {"share": 1 - short, "law": "lognormal", "median": f"{np.exp(logs.mean())} s", "sigma": float(logs.std())},
        ]
        patience = {"law": "exponential", "mean": f"{mine.wait.sum() / (~mine.served).sum()} s"}
        found[name] = {"service": {"law": "mixture", "parts": parts}, "patience": patience, "failure": 0.0}
    return found


def priority_shares(calls: Calls) -> dict[str, float]:
    """Share of callers with the head start, among those who had to queue: of the others it is not recorded."""
    queued = calls.where(calls.wait > 0)
    return {name: float((queued.priority[queued.type == name] == 2).mean()) for name in WITH_PRIORITY}


def level(start: NDArray[Any], end: NDArray[Any]) -> NDArray[np.int64]:
    """How many spans cover each second of the record."""
    steps = np.zeros(SECONDS + 1, dtype=np.int64)
    for times, step in ((start, 1), (end, -1)):
        np.add.at(steps, np.clip(times, 0, SECONDS).astype(np.int64), step)
    return np.cumsum(steps)[:SECONDS]


# Agents ---------------------------------------------------------------------------------------------------------------


def busy_and_waiting(calls: Calls, mine: NDArray[np.bool_], waits: NDArray[np.bool_]) -> tuple[NDArray[Any], ...]:
    """By second: agents talking in the calls `mine`, and whether one of the calls `waits` is waiting."""
    talking = calls.where(mine & calls.served)
    queued = calls.where(waits & (calls.wait > 0))
    return level(talking.answered, talking.answered + talking.talk), level(queued.joined, queued.joined + queued.wait)


def by_cell(busy: NDArray[Any], waiting: NDArray[Any], cell: NDArray[Any], fallback: bool) -> NDArray[Any]:
    """Mean of `busy` while somebody waits, by cell; where hardly anybody ever waited the most that were busy at once
    (a lower bound), or 0."""
    cells = int(cell.max()) + 1
    held = (waiting > 0).astype(float)
    seconds = np.bincount(cell, weights=held, minlength=cells)
    mean = np.bincount(cell, weights=held * busy, minlength=cells) / np.maximum(seconds, 1)
    most = np.zeros(cells, dtype=np.int64)
    if fallback:
        np.maximum.at(most, cell, busy)
    return np.where(seconds >= ENOUGH, mean, most)


def each_day(calls: Calls, mine: NDArray[np.bool_], waits: NDArray[np.bool_]) -> NDArray[Any]:
    """Effective agents by half-hour of every single day."""
    busy, waiting = busy_and_waiting(calls, mine, waits)
    return by_cell(busy, waiting, np.arange(SECONDS) // HALF_HOUR, fallback=True)


def same_every_week(calls: Calls, mine: NDArray[np.bool_], waits: NDArray[np.bool_], month: str) -> NDArray[Any]:
    """Effective agents by half-hour of every single day, from the hour and kind of day as measured in `month` only."""
    second = np.arange(SECONDS)
    day = second // DAY
    kind = np.array([KINDS.get(d % 7, 0) for d in range(MONTHS["1999-02"][1])])
    cell = kind[day] * 24 + second % DAY // 3600
    inside = (day >= MONTHS[month][0]) & (day < MONTHS[month][1])
    busy, waiting = busy_and_waiting(calls, mine, waits)
    table = by_cell(busy[inside], waiting[inside], cell[inside], fallback=False)
    return np.asarray(table[cell[::HALF_HOUR]])


@dataclass(frozen=True)
class Gaps:
    """What lies between two calls of an agent: from the end of one to the next, s; infinite after the last."""

    start: NDArray[Any]
    end: NDArray[Any]
    pause: NDArray[Any]
    tested: NDArray[np.bool_]
    """somebody was waiting when the call ended"""
    seconds: NDArray[Any]
    """with somebody waiting in the pause"""


def gaps(calls: Calls, mine: NDArray[np.bool_]) -> Gaps:
    """The calls `mine` by agent, with the pause behind each; callers of type IN, whom few may serve, test nobody."""
    served = calls.where(mine & calls.served & (calls.agent != ""))
    served = served.where(np.lexsort((served.answered, served.agent)))
    end = served.answered + served.talk
    last = np.append(served.agent[1:] != served.agent[:-1], True)
    following = np.where(last, np.inf, np.append(served.answered[1:], np.inf))
    queued = calls.where((calls.type != "IN") & (calls.wait > 0))
    waiting = level(queued.joined, queued.joined + queued.wait) > 0
    until = np.append(0, np.cumsum(waiting))
    first, then = (np.clip(at, 0, waiting.size - 1).astype(np.int64) for at in (end, np.maximum(following, end)))
    return Gaps(served.answered, end, np.maximum(following - end, 0), waiting[first], until[then] - until[first])


def at_work(calls: Calls, mine: NDArray[np.bool_], interval: int) -> NDArray[Any]:
    """Agents at work by interval of every single day: talking, or between two calls that are at most `PAUSE` apart, or
    at most `IDLE` apart if nobody had to wait meanwhile. By half-hour their mean, by minute those of its middle."""
    found = gaps(calls, mine)
    stays = (found.pause <= PAUSE) | ((found.pause <= IDLE) & (found.seconds == 0))
    present = level(found.start, found.end + np.where(stays, found.pause, 0)).reshape(-1, interval)
    return present.mean(axis=1) if interval == HALF_HOUR else present[:, interval // 2].astype(float)


def wrap_up(calls: Calls) -> dict[str, Any]:
    """From the end of a call to the agent's next for ends at which somebody waits, pauses beyond `PAUSE`
    aside: a table of quantiles."""
    found = gaps(calls, np.full(calls.type.size, True))
    pauses = found.pause[found.tested & (found.pause <= PAUSE)]
    return {"law": "empirical", "quantiles": [f"{q} s" for q in np.quantile(pauses, np.linspace(0, 1, 41)).tolist()]}


def names_seen(calls: Calls, mine: NDArray[np.bool_]) -> NDArray[Any]:
    """Names of agents with a call in each half-hour of every single day."""
    talking = calls.where(mine & calls.served)
    seen = set()
    for name, start, end in zip(talking.agent, talking.answered, talking.answered + talking.talk, strict=True):
        seen |= {(name, k) for k in range(int(start // HALF_HOUR), int(end // HALF_HOUR) + 1)}
    halves = SECONDS // HALF_HOUR
    return np.bincount([k for _, k in seen if k < halves], minlength=halves).astype(float)
