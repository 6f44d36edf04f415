"""The long runs behind outputs/gallery/theory_mechanisms.csv: 16 times the contacts of the short ones.

    python -m pytest -m slow -n 0 tests/theory/test_mechanisms_slow.py

writes the table anew, case by case, before anything is asserted: a case that fails is in the table too. The standard
errors are at most a third of those that the short runs may have.

2026-11-22, 62 numbers: one lies beyond 3.3 standard errors, the wait of `C02 speeds` (-3.57; four more of that run,
which go with it, between -1.7 and -3.1). Three more runs of that case on fresh seeds, as long and after a longer
warm-up, gave +1.0, -0.1 and -0.1 for the wait. It is taken for chance and left in the table, so this case fails when
run again.
"""

from __future__ import annotations

import pytest

from .mechanism_cases import CASES, ORDER
from .theory_comparison import TABLE, Case, compare, complaints, record


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mechanism_agrees_with_theory_at_full_precision(case: Case) -> None:
    rows = compare(case, case.full, engine="compiled")
    record(rows, ORDER, TABLE.with_name("theory_mechanisms.csv"))
    assert not complaints(rows, case.looser / 3)
