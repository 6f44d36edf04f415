"""The one shape of every study: ask, answers, tables, words; and the registry that names them.

Comes in: a configuration whose `study.kind` names a study. Goes out: a `Study`. Making one checks what is asked and
simulates nothing; `answer` simulates; `write` and `words` say what is known so far, so that Ctrl-C loses nothing that
finished. Pictures are drawn above, by `sim.plots`, from the same object. The command line and `sim.run` know this shape
and no single study: a new study is a folder with a `task.py`, and a line in `KINDS`, or comes from an extension.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import ClassVar

from ..calibration.ground import Ground
from ..errors import InputError, Problem, nearest
from ..extensions import registered
from ..model.centre import Configuration
from ..sweep.run import Swept

Keep = Callable[[], object]
"""called whenever there is more to write"""


def nothing() -> None:
    """What is done with partial answers when nobody keeps them."""


class Study(ABC):
    """A study of a configuration. Raises InputError, when made, for what the user can mend before anything runs."""

    kind: ClassVar[str]
    until_precise: ClassVar[bool] = False
    """whether it can go on until `run.precision` is reached"""

    def __init__(self, config: Configuration) -> None:
        self.config = config
        self.ground: Ground | None = None
        self.swept: list[Swept] = []
        """sweeps behind the answer: their points stay on disk, and those that failed are in the exit code"""
        self.files: list[Path] = []
        """what was written"""

    @abstractmethod
    def answer(self, progress: bool = False, keep: Keep = nothing) -> None:
        """Simulates; what is known so far stays in the object when it is interrupted."""

    @abstractmethod
    def write(self, folder: Path) -> list[Path]:
        """The tables of what is known so far; the paths of the files."""

    @abstractmethod
    def words(self) -> str:
        """What is known so far as a planner reads it; empty where there is nothing to say yet."""

    def warnings(self) -> Sequence[str]:
        """What to beware of in the answer."""
        return ()

    def shortfalls(self) -> Sequence[str]:
        """What `run.precision` asked for and was not reached: the exit code says so too."""
        return ()

    def interrupted(self, folder: Path) -> str:
        """Where an interrupted study stands."""
        return f"{folder}/ has what was finished"

    def next_step(self, folder: Path) -> str:
        """What can be done with the answer, as a last line; empty for nothing."""
        return ""

    def stand(self, progress: bool = False) -> Ground:
        """The ground of the study: own data fitted and the warm-up detected, once."""
        if self.ground is None:
            self.ground = Ground(self.config, progress)
        return self.ground

    @property
    def overrides(self) -> Sequence[str]:
        """The command line as typed; empty for a configuration from a mapping."""
        return self.config.origin.overrides if self.config.origin else ()


KINDS = {
    "compare": "compare.task.Comparison",
    "select": "select.task.Race",
    "sweep": "sweep.task.Sweep",
    "staffing": "staffing.task.Plan",
    "worth": "worth.task.Price",
    "sensitivity": "inputs.task.WhatMatters",
    "uncertainty": "inputs.task.HowSure",
}
"""`study.kind` -> module below sim.studies and class; imported when it is asked for"""


def study_of(config: Configuration) -> Study:
    """The study that a configuration asks for; raises InputError if it asks for none, or for what no study does."""
    kind, own = config.study.kind, registered("study")
    if kind not in KINDS and kind not in own:
        raise InputError(Problem("study", f"asks for no study{nearest(kind, [*KINDS, *own])}"))
    study = own[kind] if kind in own else _shipped(kind)
    problems = []
    if config.run.batches:
        problems.append(Problem("run.batches", f"study={kind} needs replications, not batches of one"))
    if config.run.precision and not study.until_precise:
        what = f"study={kind} runs the same replications of everything it compares: leave it out"
        problems.append(Problem("run.precision", what))
    if config.run.control_variates:
        what = f"study={kind} compares the same customers, which takes out more: leave it out"
        problems.append(Problem("run.control_variates", what))
    if config.run.strata:
        what = f"study={kind} compares the same customers, replication by replication: leave it out"
        problems.append(Problem("run.strata", what))
    for key, on in (("run.log", config.run.log), ("run.event_log", config.run.event_log)):
        if on:
            problems.append(Problem(key, f"study={kind} keeps no logs: run one configuration with it"))
    if config.exec.kind != "local" and kind != "sweep":
        what = f"exec={config.exec.kind} is for study=sweep; anything else runs on this machine (exec=local)"
        problems.append(Problem("exec", what))
    if problems:
        raise InputError(problems)
    made = study(config)
    assert isinstance(made, Study)
    return made


def _shipped(kind: str) -> type[Study]:
    """The class of a study that ships."""
    module, _, name = KINDS[kind].rpartition(".")
    found: type[Study] = getattr(import_module(f"{__package__}.{module}"), name)
    return found
