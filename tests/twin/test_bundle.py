"""What the machine code is handed has one type whatever the centre, so that it is compiled once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from sim.chance.jit import compiled
from sim.engine.compiled.bundle import Bundle, changed, fixed_widths, handed, is_handed, packed
from sim.engine.compiled.engine import Prepared
from sim.engine.compiled.state import empty, no_rows, size_of
from sim.model import Configuration
from tests.benchmarks.compared_centres import plain_queue
from tests.invariants.mechanised_centres import mechanised
from tests.invariants.test_laws_of_the_log import examples


def types_of(mapping: dict[str, Any]) -> tuple[Any, Any]:
    """The types of model and state as a run begins."""
    config = Configuration.from_mapping(mapping)
    model = Prepared(config).model
    return Bundle.of(model).type, Bundle.of(empty(size_of(model), no_rows()).values).type


@settings(examples, max_examples=25)
@given(mechanised())
def test_all_centres_have_one_signature(mapping: dict[str, Any]) -> None:
    assert types_of(mapping) == types_of(plain_queue(1))


class Sample(NamedTuple):
    """A field of each sort."""

    number: int
    share: float
    flags: NDArray[np.bool_]
    table: NDArray[np.float64]


@compiled
def _sum(sample: Sample) -> float:
    sample.table[1, 0] += 1.0
    return float(sample.number + sample.share + sample.flags.sum() + sample.table.shape[1] + sample.table[1, 0])


def test_compiled_code_reads_and_writes_what_it_is_handed() -> None:
    table = np.arange(6.0).reshape(2, 3)
    assert _sum(handed(Sample(10, 0.5, np.array([True, False, True]), table))) == 10 + 0.5 + 2 + 3 + 4
    assert table[1, 0] == 4.0


def test_a_packed_copy_is_read_as_the_tuple_is_and_is_a_copy() -> None:
    table = np.arange(6.0).reshape(2, 3)
    copy = packed(Sample(10, 0.5, np.array([True, False, True]), table))
    assert _sum(copy) == 10 + 0.5 + 2 + 3 + 4
    assert _sum(changed(copy, number=20, share=0.25)) == 20 + 0.25 + 2 + 3 + 5
    assert table[1, 0] == (3.0 if is_handed() else 5.0)


class Wide(NamedTuple):
    """A table whose columns are always three."""

    table: NDArray[np.float64]


def test_a_table_of_another_width_than_is_fixed_is_refused() -> None:
    fixed_widths(Wide, {"table": 3})
    assert Bundle.of(Wide(np.zeros((2, 3)))).type.kinds == (("<f8", 2, 3),)
    for columns in (2, 4):
        with pytest.raises(TypeError, match=f"a table of 3 columns has {columns}"):
            Bundle.of(Wide(np.zeros((2, columns))))
