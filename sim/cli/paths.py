"""Where `conf/` and `scenarios/` lie, and what the scenarios ask: read without YAML or Hydra: help is instant."""

from __future__ import annotations

import re
from pathlib import Path

from ..shipped import conf, root

__all__ = ["changes_of_the_centre", "conf", "groups", "here", "root", "scenario_questions"]

_QUESTION = re.compile(r"^  question:\s*(.+?)\s*$", re.MULTILINE)
_OTHER_CENTRE = re.compile(r"^  - override /centre:", re.MULTILINE)


def here() -> Path:
    """The working folder if it holds scenarios or centres of the user's own, else `root()`."""
    folder = Path.cwd()
    return folder if any((folder / group).is_dir() for group in ("scenarios", "centre")) else root()


def scenario_questions() -> dict[str, str]:
    """Scenario -> its one-line question, the baseline first; the user's own scenarios in the working folder too."""
    files = _scenario_files()
    names = sorted(files, key=lambda name: (name != "siloed", name))
    return {name: _question(files[name]) for name in names}


def changes_of_the_centre() -> list[str]:
    """Scenarios that change the centre asked for: those that bring a centre of their own cannot be compared with it."""
    files = _scenario_files()
    return [name for name in scenario_questions() if not _OTHER_CENTRE.search(files[name].read_text(encoding="utf-8"))]


def _scenario_files() -> dict[str, Path]:
    return {path.stem: path for folder in (here(), root()) for path in (folder / "scenarios").glob("*.yaml")}


def _question(path: Path) -> str:
    found = _QUESTION.search(path.read_text(encoding="utf-8"))
    return found[1].strip("\"'") if found else ""


def groups() -> set[str]:
    """Names that choose a file (`scenarios=siloed`, `run=quick`)."""
    return {path.name for path in conf().iterdir() if path.is_dir()} | {"scenarios"}
