"""The guide to mechanisms is true: its examples run."""

from __future__ import annotations

import doctest
from pathlib import Path

import sim.model


def test_the_examples_of_the_guide() -> None:
    guide = Path(sim.model.__file__).with_name("MECHANISMS.md")
    found = doctest.testfile(str(guide), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.failed == 0
    assert found.attempted > 15
