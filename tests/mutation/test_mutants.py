"""Every mutant of a rule is killed by the tests named for it. Slow; its result is outputs/gallery/mutants.md."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .mutants import MUTANTS, Mutant
from .run import ROOT, copied, survives

NAMES = [each.name for each in MUTANTS]


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_a_mutant_changes_one_place_of_the_source(mutant: Mutant) -> None:
    """A rule that was rewritten or moved takes its mutants along; the tests that are to kill them are there."""
    text = (ROOT / "sim" / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.before) == 1
    assert mutant.before != mutant.after
    assert all((ROOT / "tests" / name).is_file() for name in mutant.tests.split())


def test_mutants_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the project in which the mutants live."""
    folder = tmp_path_factory.mktemp("mutants") / "project"
    copied(folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_without_a_mutant_the_tests_pass(copy: Path) -> None:
    tests = sorted({name for mutant in MUTANTS for name in mutant.tests.split()})
    assert survives(copy, None, tests)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_the_named_tests_kill_the_mutant(mutant: Mutant, copy: Path) -> None:
    assert not survives(copy, mutant, mutant.tests.split())
