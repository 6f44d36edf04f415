"""A file of a few lines, read as a planner's file is: what comes back, or the message that refuses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.calibration.intervals.table import IntervalTable, read_intervals
from sim.errors import InputError
from sim.model.data import Data

Read = Callable[..., IntervalTable]
Fault = Callable[..., str]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def act(*lines: str, **keys: object) -> IntervalTable:
        (tmp_path / "my.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_intervals(tmp_path / "my.csv", ["phone", "chat"], Data.model_validate(keys))

    return act


@pytest.fixture
def fault(read: Read) -> Fault:
    def act(*lines: str, **keys: object) -> str:
        with pytest.raises(InputError) as caught:
            read(*lines, **keys)
        return str(caught.value)

    return act
