"""Where `conf/` and `scenarios/` lie, and what the scenarios ask: read without YAML or Hydra: help is instant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from ..errors import InputError, Problem
from ..shipped import conf, root

__all__ = ["changes_of_the_centre", "conf", "given", "groups", "here", "root", "scenario_questions", "searched"]

_QUESTION = re.compile(r"^  question:\s*(.+?)\s*$", re.MULTILINE)
_OTHER_CENTRE = re.compile(r"^  - override /centre:", re.MULTILINE)
_GIVEN: ContextVar[Path | None] = ContextVar("config_dir", default=None)


def here() -> Path:
    """The working folder if it holds scenarios or centres of the user's own, else `root()`."""
    folder = Path.cwd()
    return folder if any((folder / group).is_dir() for group in ("scenarios", "centre")) else root()


@contextmanager
def given(config_dir: str | Path | None) -> Iterator[None]:
    """Has the folder of `--config-dir` looked into too, by whatever lists or composes scenarios inside.

    Raises InputError if there is no such folder. None leaves things as they are.
    """
    if config_dir is None:
        yield
        return
    folder = Path(config_dir).absolute()
    if not folder.is_dir():
        raise InputError(Problem(str(config_dir), "no such folder"))
    before = _GIVEN.set(folder)
    try:
        yield
    finally:
        _GIVEN.reset(before)


def searched() -> list[Path]:
    """Folders that may hold scenarios/ and other groups, the first one wins: the one given, the project's, here."""
    folder = _GIVEN.get()
    return list(dict.fromkeys([*([folder] if folder else []), root(), here()]))


def scenario_questions() -> dict[str, str]:
    """Scenario -> its one-line question, the baseline first; the user's own scenarios too."""
    files = scenario_files()
    names = sorted(files, key=lambda name: (name != "siloed", name))
    return {name: _question(files[name]) for name in names}


def changes_of_the_centre() -> list[str]:
    """Scenarios that change the centre asked for: those that bring a centre of their own cannot be compared with it."""
    files = scenario_files()
    return [name for name in scenario_questions() if not _OTHER_CENTRE.search(text_of(files[name]) or "")]


def scenario_files() -> dict[str, Path]:
    """Scenario -> its file."""
    folders = reversed(searched())
    return {path.stem: path for folder in folders for path in (folder / "scenarios").glob("*.yaml")}


def _question(path: Path) -> str:
    text = text_of(path)
    if text is None:
        return f"({path} cannot be read: it is not UTF-8 text)"
    found = _QUESTION.search(text)
    return "".join(letter for letter in found[1].strip("\"'") if letter.isprintable()) if found else ""


def text_of(path: Path) -> str | None:
    """A file's text; None if it is none, for one such file must not stop commands that do not use it."""
    try:
        return path.read_text(encoding="utf-8-sig") if path.is_file() else None
    except (OSError, UnicodeDecodeError):
        return None


def groups() -> set[str]:
    """Names that choose a file (`scenarios=siloed`, `run=quick`)."""
    return {path.name for path in conf().iterdir() if path.is_dir()} | {"scenarios"}
