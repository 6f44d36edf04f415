"""One job: a checked configuration becomes a folder of results and a text.

Comes in: a `Configuration` that knows what it was read from. Goes out: what `sim.api` gives, printed; it is the only
place where results meet the console. Raises InputError for what the user can mend, KeyboardInterrupt after what is
finished has been written and said.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ..api import Run, answered, run
from ..model import Configuration
from ..reports.points import Point
from ..studies.base import Study, study_of
from ..studies.compare.points import write_side
from . import gather
from .folders import remove_made


def run_job(config: Configuration, folder: Path, brief: bool = False) -> float | None:
    """Runs what `config` asks for and writes it to `folder`; returns `study.objective` of a single run.

    `brief` prints one line in place of the tables: for a point of a sweep, whose table comes at the end.
    """
    if config.study.kind != "none":
        _study(config, folder)
        return None
    done = run(config, folder, progress=True, say=warn)
    assert isinstance(done, Run)
    gather.SHORT.extend(done.shortfalls)
    if brief:
        write_side(done.results, folder)
        words = config.origin.overrides if config.origin else ()
        print(f"{' '.join(words)}: {done.results.seconds:.1f} s")
        return done.objective
    print(done.words())
    print(f"\nResults: {folder}/ ({', '.join(path.name for path in done.files)})")
    if done.results.interrupted:
        raise KeyboardInterrupt  # for the exit code: what comes after this command must not take it for finished
    return done.objective


def _study(config: Configuration, folder: Path) -> None:
    """Any study: its answer in words, also if it is interrupted; failed points go into the exit code."""
    began, study = time.perf_counter(), study_of(config)
    try:
        answered(study, folder, progress=True, say=warn)
    except KeyboardInterrupt:
        _say(study, folder, began)
        print(f"interrupted: {study.interrupted(folder)}", file=sys.stderr)
        raise
    for swept in study.swept:
        gather.SWEEPS.append([Point(p.number, swept.folder, swept.status(p), "", {}, []) for p in swept.points])
    gather.SHORT.extend(study.shortfalls())
    _say(study, folder, began)
    if not study.files:
        remove_made(folder)  # a study that keeps its files elsewhere leaves no empty folder
    if last := study.next_step(folder):
        print(last)


def _say(study: Study, folder: Path, began: float) -> None:
    """What is known, and where it was written."""
    if words := study.words():
        print(words)
    if study.files:
        names = ", ".join(dict.fromkeys(_below(folder, path) for path in study.files))
        print(f"\nResults after {time.perf_counter() - began:.0f} s: {folder}/ ({names})")


def _below(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def warn(note: str) -> None:
    """A line on the error stream."""
    print(f"warning: {note}", file=sys.stderr)
