"""The long runs behind outputs/gallery/theory.csv: standard errors of 1 % or 0.001, differences within 3.3 of them.

    python -m pytest -m slow -n 0 tests/theory

takes six minutes on one core and writes the table anew, case by case, before anything is asserted: a case that
fails is in the table too. A single case: add `-k G05`. How numbers are obtained is written in `theory_comparison`.
"""

from __future__ import annotations

import pytest

from .known_answers import CASES, ORDER
from .theory_comparison import Case, compare, complaints, record


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_simulation_agrees_with_theory_at_full_precision(case: Case) -> None:
    rows = compare(case, case.full, engine="compiled")
    record(rows, ORDER)
    assert not complaints(rows)
