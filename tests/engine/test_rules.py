"""Rules: each decision against a definition written here in another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.outcomes import Outcome
from sim.model.units import WEEK, parse_hours
from sim.rules import decisions as rules

examples = settings(max_examples=200, deadline=None, derandomize=True)
BELOW_ONE = 1 - 2.0**-53


def test_outcome_of_service() -> None:
    """Failure with p (1 - removed); a share of failures is handed on."""
    assert rules.served_outcome(0.2, 0.0, 0.2, 0.0, 1.0) == Outcome.RESOLVED
    assert rules.served_outcome(0.1999, 0.5, 0.2, 0.0, 0.5) == Outcome.FAILED
    assert rules.served_outcome(0.1999, 0.4999, 0.2, 0.0, 0.5) == Outcome.TRANSFERRED
    assert rules.served_outcome(0.1, 0.9, 0.2, 0.5, 0.0) == Outcome.RESOLVED
    assert rules.served_outcome(0.0999, 0.9, 0.2, 0.5, 0.0) == Outcome.FAILED
    assert rules.served_outcome(BELOW_ONE, 0.0, 1.0, 0.0, 0.0) == Outcome.FAILED
    assert rules.served_outcome(2.0**-53, 0.0, 1.0, 1.0, 0.0) == Outcome.RESOLVED


weights = st.lists(st.integers(0, 4), min_size=2, max_size=6).filter(lambda w: sum(w) > 0)


@examples
@given(weights, st.integers(0, 63), st.sampled_from([0.0, 0.3, 1.0, 2.5]), st.sampled_from([0.0, 0.5, 1.0]))
def test_next_channel_has_the_renormalised_probabilities(
    whole: list[int], used: int, return_factor: float, give_up_factor: float
) -> None:
    """Give-up scaled by its factor, then unchanged; the rest shared in proportion; all give up if none is left."""
    row = np.array(whole, dtype=float) / sum(whole)
    scaled = [share * (return_factor if used >> c & 1 else 1.0) for c, share in enumerate(row[:-1])]
    give_up = row[-1] * give_up_factor if sum(scaled) > 0 else 1.0
    expected = [share / sum(scaled) * (1 - give_up) if sum(scaled) > 0 else 0.0 for share in scaled]
    n = 2000
    found = [rules.next_channel((i + 0.5) / n, row, used, return_factor, give_up_factor) for i in range(n)]
    for channel, share in enumerate(expected):
        assert abs(found.count(channel) / n - share) <= 1.01 / n
    assert abs(found.count(rules.GIVE_UP) / n - give_up) <= 1.01 / n
    for u in (2.0**-53, BELOW_ONE):  # at the ends too, nobody goes where nobody should
        extreme = rules.next_channel(u, row, used, return_factor, give_up_factor)
        assert (give_up if extreme == rules.GIVE_UP else expected[extreme]) > 0


@pytest.mark.parametrize(
    ("u", "held", "lost_before", "g", "result"),
    [
        (0.1, False, False, 1.0, rules.NOTHING),
        (0.1, False, True, 1.0, rules.NOTHING),
        (0.1, True, False, 0.2, rules.CARRIED),
        (0.2, True, False, 0.2, rules.LOST),
        (0.1, True, True, 1.0, rules.LOST),
        (BELOW_ONE, True, False, 1.0, rules.CARRIED),
        (2.0**-53, True, False, 0.0, rules.LOST),
    ],
)
def test_context_on_a_hop(u: float, held: bool, lost_before: bool, g: float, result: int) -> None:
    assert rules.hop_context(u, held, lost_before, g) == result


@examples
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=8), st.data())
def test_choosing_agents(agents: list[tuple[bool, int, int]], data: st.DataObject) -> None:
    """Longest idle, then lowest index; the surplus is the least loaded, then highest index; the absent the lowest."""
    duty, load = np.array([a[0] for a in agents]), np.array([a[1] for a in agents])
    since = np.array([float(a[2]) for a in agents])
    everyone = range(len(agents))
    members = np.array(data.draw(st.lists(st.sampled_from(everyone), unique=True).map(sorted)), dtype=np.int64)
    free = [i for i in members.tolist() if duty[i] and load[i] == 0]
    best = min(free, key=lambda i: (since[i], i), default=rules.NOBODY)
    assert rules.choose_agent(members, duty, load, since) == best
    none, everybody = np.zeros(len(agents)), np.ones(len(agents), dtype=bool)
    found = rules.choose_agent_by(
        rules.LONGEST_IDLE, members, np.zeros(members.size, dtype=np.int64), everybody, duty, load,
        np.ones(len(agents), dtype=np.int64), since, none, none, 9.0, 0.5,
    )  # fmt: skip
    assert found == best
    assert rules.absent_agent(0, len(agents), duty) == min((i for i in everyone if not duty[i]), default=rules.NOBODY)
    leaves = rules.NOBODY
    for surplus in [*sorted((i for i in everyone if duty[i]), key=lambda i: (load[i], -i)), rules.NOBODY]:
        leaves = rules.surplus_agent(0, len(agents), duty, load, leaves)
        assert leaves == surplus
        duty[leaves] = False


@examples
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=6))
def test_the_least_occupied_agent_has_the_smallest_share_of_time_busy(agents: list[tuple[int, int, int]]) -> None:
    """Busy so far by time on duty: who came later has worked less and may be more occupied. Then the longest idle."""
    worked, since, duty_time = (np.array(column, dtype=float) for column in zip(*agents, strict=True))
    n, now = len(agents), 10.0
    whole, nothing = np.ones(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    on_duty = np.ones(n, dtype=bool)
    chosen = rules.choose_agent_by(
        rules.LEAST_OCCUPIED, np.arange(n), nothing, on_duty, on_duty, nothing, whole, since, worked, now - duty_time,
        now, 0.5,
    )  # fmt: skip
    assert chosen == min(range(n), key=lambda i: (worked[i] / duty_time[i], since[i], i))


heads = st.tuples(
    st.booleans(), st.integers(1, 2), st.integers(0, 8), st.integers(0, 4), st.integers(0, 2), st.integers(0, 2),
    st.integers(1, 3),
)  # fmt: skip
QUEUE_RULES = [rules.BY_SCORE, rules.BY_LENGTH, rules.BY_LENGTH_THEN_SCORE]


@examples
@given(st.lists(heads, min_size=1, max_size=6, unique_by=lambda head: head[3:5]), st.sampled_from(QUEUE_RULES),
       st.randoms())  # fmt: skip
def test_choosing_a_line(lines: list[tuple[bool, int, int, int, int, int, int]], rule: int, random: object) -> None:
    """Rank, then base + ageing x waiting (or length, of equal ones perhaps that score), then the longest wait, then the
    customer's order; empty lines never. Each line ages in its own way."""
    now = 4.0
    rank, base = np.array([a[1] for a in lines]), np.array([float(a[2]) for a in lines])
    queued = np.array([float(a[3]) if a[0] else math.inf for a in lines])
    order = np.array([float(a[4]) if a[0] else math.inf for a in lines])
    full = [i for i, a in enumerate(lines) if a[0]]
    length = np.array([a[6] for a in lines])
    scores = {i: base[i] + lines[i][5] * (now - queued[i]) for i in full}
    first = {i: scores[i] if rule == rules.BY_SCORE else length[i] for i in full}
    second = {i: scores[i] if rule == rules.BY_LENGTH_THEN_SCORE else 0 for i in full}
    key = {i: (rank[i], -first[i], -second[i], queued[i], order[i]) for i in full}
    best = min(full, key=key.__getitem__, default=rules.NOBODY)
    mine = list(range(len(lines)))
    random.shuffle(mine)  # type: ignore[attr-defined]
    offers = np.array([(i, rank[i], base[i], 0.0, 1.0, 0.0, lines[i][5]) for i in mine])
    found = rules.choose_line(offers, queued, order, length, now, 1, True, rule)
    assert found == best or key[found] == key[best]


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("factor", [0.25, 1.0, 3.0])
def test_odds_are_multiplied(p: float, factor: float) -> None:
    """p / (1 - p) becomes `factor` times as much; what is certain or impossible stays so."""
    after = rules.with_odds(p, factor)
    assert after * (1 - p) == pytest.approx(factor * p * (1 - after))
    assert 0 <= after <= 1


def test_balking() -> None:
    """(waiting + 1) x mean handle time / capacity against the threshold, which itself is still tolerated."""
    assert not rules.balks(0.5, 0.5, 0.0, 9, 100.0, 1.0)
    assert rules.balks(0.49, 0.5, 299.0, 5, 100.0, 2.0)
    assert not rules.balks(0.49, 0.5, 300.0, 5, 100.0, 2.0)
    assert rules.balks(0.49, 0.5, math.inf, 0, 100.0, 0.0)


@examples
@given(st.sampled_from([
    {"mon-fri": "08:00-20:00"}, {"sat,sun": ["00:00-24:00"]}, {"sun": "22:00-24:00", "mon": "00:00-01:00"}, "always",
    {"wed": ["09:00-12:00", "13:00-17:00"]},
]), st.integers(0, 7 * 24 * 60 - 1))  # fmt: skip
def test_next_opening_by_searching_minute_by_minute(hours: object, minute: int) -> None:
    spans = parse_hours(hours)
    opens, closes = np.array([a for a, _ in spans]), np.array([b for _, b in spans])
    later = (m for m in range(0, 8 * 24 * 60) if any(a <= (minute + m) * 60 % WEEK < b for a, b in spans))
    assert rules.next_opening(minute * 60.0, opens, closes, WEEK) == next(later) * 60


def test_never_open() -> None:
    assert rules.next_opening(0.0, np.zeros(0), np.zeros(0), WEEK) == math.inf
