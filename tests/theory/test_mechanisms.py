"""Mechanisms beyond a plain queue give their exact answers back: each case of `mechanism_cases`, at a short length.

Every number lies within 3.3 standard errors of the exact one, and its standard error is at most `looser` times 1 % (or
0.001), on the SimPy engine; a third of that on the compiled one, in runs 16 times as long. `test_mechanisms_slow.py`
writes these to outputs/gallery/theory_mechanisms.csv.
"""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
import pytest

from sim import known_centres, theory
from sim.engine import simulate
from sim.model import Configuration
from sim.theory import mechanisms as exact
from sim.theory.chains import stationary_chain
from sim.theory.shared_agents import SharedAgents

from .mechanism_cases import CASES
from .theory_comparison import LIMIT, TABLE, Case, compare, complaints


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_simulation_agrees_with_theory(case: Case) -> None:
    assert not complaints(compare(case, case.short), case.looser)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_compiled_engine_agrees_with_theory_at_full_precision(case: Case) -> None:
    assert not complaints(compare(case, case.full, engine="compiled"), case.looser / 3)


def test_the_committed_table_holds_every_answer() -> None:
    """At most one number beyond 3.3 standard errors, by chance, and none beyond 4; exact values as they are now."""
    with TABLE.with_name("theory_mechanisms.csv").open(newline="") as file:
        table = {(row["case"], row["quantity"]): row for row in csv.DictReader(file)}
    answers = {(case.name, q.name): (case, q) for case in CASES for q in case.answers()}
    assert list(table) == list(answers)
    for key, (case, q) in answers.items():
        assert float(table[key]["exact"]) == pytest.approx(q.exact, rel=1e-6), key
        assert int(table[key]["seed"]) == case.seed, key
        assert float(table[key]["standard_error"]) <= case.looser / 3 * q.standard_error_asked, key
    differences = [abs(float(row["difference_in_se"])) for row in table.values()]
    assert max(differences) < 4
    assert sum(each > LIMIT for each in differences) <= 1


@pytest.mark.parametrize("rule", ["least_loaded", "most_loaded", "least_occupied", "random"])
def test_who_answers_changes_no_wait_where_all_agents_are_alike(rule: str) -> None:
    """Service belongs to the customer: the same waits, to the bit, whoever serves; and not always the same agents."""
    config = Configuration.from_mapping({
        **known_centres.phone(4.0, known_centres.exponential(1), 5, patience=3.0),
        "run": {"warm_up": 0, "measure": "5 h", "end": "drain"},
    })  # fmt: skip
    routed = config.changed(routing=config.routing.model_copy(update={"agent_rule": rule}))
    plain, log = simulate(config, 3, 0).contacts, simulate(routed, 3, 0).contacts
    for name in ("arrived", "answered", "ended", "released", "outcome"):
        assert np.array_equal(plain[name], log[name], equal_nan=True)
    assert rule.startswith(("least_loaded", "most_loaded")) or not np.array_equal(plain["agent"], log["agent"])


class TestExactAnswersAgreeWithEachOther:
    """Where two formulas meet they say the same."""

    def test_shared_agents(self) -> None:
        one, several = theory.SharedAgent(0.7, 1, (1, 1, 1)), SharedAgents(0.7, 1, (1, 1, 1), 1)
        assert several.mean_wait == pytest.approx(1.1433333333333, abs=1e-10)  # case C02 of the list of known answers
        assert several.mean_in_chat == pytest.approx(2.19, abs=1e-10)
        assert several.p_wait == pytest.approx(one.p_wait, abs=1e-12)
        plain, alone = theory.ErlangA(2.5, 1, 2, 1.5), SharedAgents(2.5, 1, (1.0,), 2, 1.5)
        assert alone.p_abandon == pytest.approx(plain.p_abandon, abs=1e-10)
        # Without slowdown an agent with three chats is three agents.
        assert SharedAgents(4, 1, (1, 2, 3), 2, 2.0).p_abandon == pytest.approx(theory.ErlangA(4, 1, 6, 2).p_abandon)

    def test_shared_lines(self) -> None:
        lines = exact.SharedLines(2, 1, 0.5, 1, 100, 3)
        assert lines.p_block == pytest.approx(theory.erlang_b(3, 3), abs=1e-12)
        no_ivr, queue = exact.SharedLines(2, 1e-10, 1, 1, 2, 6), theory.FiniteQueue(2, 1, 2, 4)
        assert no_ivr.mean_wait == pytest.approx(queue.mean_wait, abs=1e-8)

    def test_units(self) -> None:
        assert exact.units_blocking(4, [2.0], [1])[0] == pytest.approx(theory.erlang_b(2, 4), abs=1e-12)
        assert exact.units_blocking(12, [2.0], [3])[0] == pytest.approx(theory.erlang_b(2, 4), abs=1e-12)

    def test_reserve(self) -> None:
        assert exact.Reserve(1e-9, 3, 1, 4, 0).mean_wait == pytest.approx(theory.ErlangC(3, 1, 4).asa, abs=1e-7)
        assert exact.Reserve(2, 1e-9, 1, 4, 0).p_block == pytest.approx(theory.erlang_b(2, 4), abs=1e-7)

    def test_silent_leavers(self) -> None:
        plain, all_say_so = theory.ErlangA(1.2, 1, 1, 2, 4), exact.SilentLeavers(1.2, 1, 2, 0, 0.5, 4)
        assert all_say_so.p_abandon == pytest.approx(plain.p_abandon, abs=1e-10)
        assert all_say_so.p_block == pytest.approx(plain.p_block, abs=1e-10)

    def test_time_out(self) -> None:
        assert exact.timed_out(1.0, 1.0, 2.0) == pytest.approx(0.25)
        assert exact.timed_out(1.0 + 1e-9, 1.0, 2.0) == pytest.approx(0.25, abs=1e-8)
        assert exact.timed_out(0.8, 1.0, 0.0) == pytest.approx(theory.erlang_b(0.8, 1))

    def test_a_chain(self) -> None:
        found = stationary_chain(0, lambda n: [(2.0, n + 1)] * (n < 3) + [(float(n), n - 1)] * (n > 0))
        assert found[3] == pytest.approx(theory.erlang_b(2, 3), abs=1e-14)
        with pytest.raises(ValueError, match="states: more than"):
            stationary_chain(0, lambda n: [(1.0, n + 1)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SharedAgents(6, 1, (1, 1.6, 1.95), 3), "rate: must be below 5.85 where nobody leaves, got 6"),
        (lambda: SharedAgents(1, 1, (1, 0), 3), r"speeds\[1\]"),
        (lambda: exact.SharedLines(1, 1, 1.5, 1, 1, 1), "to_agent"),
        (lambda: exact.Reserve(1, 1, 1, 3, -1), "reserve"),
        (lambda: exact.SilentLeavers(1, 1, 1, 0.5, 1, 11), "places: at most 10"),
        (lambda: exact.timed_out(1, 1, -1), "limit"),
        (lambda: exact.contacts_until_solved(1.0, 1), "failure"),
    ],
)
def test_bad_inputs_are_refused_by_name(call: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=message):
        call()
