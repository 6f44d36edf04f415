"""Overrides in, a plain resolved mapping out: what the Python interface (`sim.load`) and the tests call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem, nearest
from .hydra_glue import compose_raw, plain
from .mistakes import mended, reject_slips
from .paths import given, scenario_questions


def compose(overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> dict[str, Any]:
    """The configuration that `python -m sim` with these overrides would run, as plain dicts, lists and scalars.

    `config_dir` is a folder with scenarios (or other groups) of one's own. Raises InputError for a misspelt key, an
    unknown scenario or a text that is no override; values are checked later, by `Configuration.from_mapping`.
    """
    words = list(overrides)
    with given(config_dir):
        reject_slips(words)
        while True:
            try:
                return plain(compose_raw(words))
            except InputError:
                raise
            except Exception as error:
                words = mended(words, error)


def compose_scenario(name: str, overrides: Sequence[str]) -> dict[str, Any]:
    """A scenario with the overrides as typed, without the study that asked for it."""
    kept = [word for word in overrides if not word.lstrip("+").startswith(("scenarios=", "study=", "study."))]
    return compose([*kept, f"scenarios={name}"])


def check_scenarios(wanted: Mapping[str, Iterable[str]]) -> None:
    """Raises InputError for names that are no scenarios, by the keys under which they were given."""
    known = list(scenario_questions())
    problems = [
        Problem(key, f"unknown scenario {name!r}{nearest(name, known)}")
        for key, names in wanted.items() for name in names if name not in known
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
