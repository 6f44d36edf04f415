"""From a service target to people: demand and target come in, servers and scheduled FTE go out. This is the number a
planner would take from a calculator, printed beside what the simulation says."""

import math
from bisect import bisect_left
from collections.abc import Callable
from typing import Literal

from sim.theory.checks import fraction, known, not_negative, positive
from sim.theory.erlang import ErlangC
from sim.theory.erlang_a import ErlangA
from sim.theory.shared_slots import SharedSlots

MOST_SERVERS = 2**20


def service_and_occupancy(
    rate: float, mean_service: float, servers: int, within: float, mean_patience: float | None, of: str
) -> tuple[float, float]:
    """Service level at `within` and occupancy, by Erlang C (patience None) or Erlang A; an unstable Erlang C queue is
    (0, inf), never enough."""
    if mean_patience is None:
        if rate * mean_service >= servers:
            return 0.0, math.inf
        queue = ErlangC(rate, mean_service, servers)
        return queue.service_level(within), queue.occupancy
    leaving = ErlangA(rate, mean_service, servers, mean_patience)
    answered = of == "answered"
    level = leaving.service_level_of_answered(within) if answered else leaving.p_served_within(within)
    return level, leaving.occupancy


def fewest(enough: Callable[[int], bool], guess: int) -> int:
    """Least whole number from 1 up for which the monotone test `enough` holds, by doubling from `guess` and bisection.
    Raises ValueError when a million is not enough."""
    high = max(1, guess)
    while not enough(high):
        high *= 2
        if high > MOST_SERVERS:
            raise ValueError(f"target: not reached with {MOST_SERVERS} servers")
    return 1 + bisect_left(range(1, high), True, key=enough)


def agents_required(
    rate: float,
    mean_service: float,
    target: float,
    within: float,
    *,
    mean_patience: float | None = None,
    max_occupancy: float = 1.0,
    of: Literal["offered", "answered"] = "offered",
) -> int:
    """Fewest servers with service level `target` at wait `within` and occupancy at most `max_occupancy`.

    Erlang C with `mean_patience` None, else Erlang A, where `of` picks the denominator of the service level.
    Raises ValueError for bad inputs, named; a target of 1 is refused because no number of servers reaches it.
    """
    _check_target(rate, mean_service, target, within)
    if fraction("max_occupancy", max_occupancy) == 0:
        raise ValueError(f"max_occupancy: must be above 0, got {max_occupancy!r}")
    known("of", of, ("offered", "answered"))

    def enough(servers: int) -> bool:
        """Whether so many servers meet the target."""
        level, occupancy = service_and_occupancy(rate, mean_service, servers, within, mean_patience, of)
        return level >= target and occupancy <= max_occupancy

    return fewest(enough, int(rate * mean_service) + 1)


def agents_required_sharing(
    rate: float, mean_work: float, speeds: tuple[float, ...], target: float, within: float, max_in_use: float = 1.0
) -> int:
    """Fewest agents who hold several chats each (`SharedSlots`) with service level `target` at wait `within` and at
    most `max_in_use` of their slots in use. `mean_work` is the time a chat takes an agent who has no other.

    >>> agents_required_sharing(100 / 3600, 990.0, (1.0, 1.6), target=0.8, within=20.0)
    20
    """
    _check_target(rate, mean_work, target, within)

    def enough(servers: int) -> bool:
        """Whether so many servers meet the target."""
        if rate * mean_work >= servers * speeds[-1]:
            return False
        group = SharedSlots(rate, mean_work, speeds, servers)
        return group.service_level(within) >= target and group.occupancy <= max_in_use

    return fewest(enough, int(rate * mean_work / speeds[-1]) + 1)


def agents_by_occupancy(load: float, max_occupancy: float) -> int:
    """Fewest servers whose time is at most `max_occupancy` taken by a load in Erlang of which nothing is lost."""
    return math.ceil(not_negative("load", load) / fraction("max_occupancy", max_occupancy) - 1e-9)


def scheduled_fte(net: float, shrinkage: float) -> float:
    """Full-time equivalents to schedule so that `net` are at work when a share `shrinkage` of paid time is lost:
    net / (1 - shrinkage). Raises ValueError for a negative net or a shrinkage outside [0, 1)."""
    return not_negative("net", net) / (1 - fraction("shrinkage", shrinkage, below_one=True))


def scheduled_heads(net: int, shrinkage: float) -> int:
    """Whole people to schedule so that `net` are at work on average when a share `shrinkage` is away: rounded up.

    >>> scheduled_heads(14, 0.3)
    20
    """
    return math.ceil(scheduled_fte(net, shrinkage) - 1e-9)


def _check_target(rate: float, mean_service: float, target: float, within: float) -> None:
    positive("rate", rate)
    positive("mean_service", mean_service)
    fraction("target", target, below_one=True)
    not_negative("within", within)
