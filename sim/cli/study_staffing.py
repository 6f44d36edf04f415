"""`study=staffing` on the command line: how many agents do I need?

Comes in: a configuration. Goes out: staffing.csv and targets.csv (with Parquet), the answer as a scenario that can be
run at once (not for a planner's own file, whose staffing a scenario does not replace), the plan's own results in
`baseline/`, and tables in words. Ctrl-C in the search writes the agents found so far, marked as not confirmed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..model import Configuration
from ..reports.files import write_results
from ..studies.staffing.files import SCENARIO, write_staffing
from ..studies.staffing.study import Study
from ..studies.staffing.words import staffing_table

REPLACED = ("agents", "said", "weekday", "profile", "counts", "shifts")
"""keys of a group that the answer sets: typed on the command line they would win over it"""


def run_staffing(config: Configuration, container: dict[str, Any], folder: Path, overrides: Sequence[str]) -> None:
    """Runs the study and writes it to `folder`; raises InputError for what the user can mend."""
    began, own = time.perf_counter(), config.data.intervals is not None
    study = Study(_on_own_volumes(config, overrides) if own else config, progress=True)
    write_results(study.baseline, container, folder / "baseline", overrides)
    try:
        study.solve(progress=True)
        study.confirm(progress=True)
    except KeyboardInterrupt:
        print(f"interrupted: {folder}/ has the agents found so far", file=sys.stderr)
        raise
    finally:
        paths = write_staffing(study, container, folder, overrides, runs_at_once=not own)
    print(staffing_table(study))
    names = [path.relative_to(folder).as_posix() for path in paths]
    print(f"\nResults after {time.perf_counter() - began:.0f} s: {folder}/ ({', '.join(names)}, baseline)")
    if not own:
        print(f"Run the answer: {' '.join(['python -m sim', '--config-dir', str(folder), *_kept(overrides, study)])}")


def _on_own_volumes(config: Configuration, overrides: Sequence[str]) -> Configuration:
    """The fitted centre of an imported file: its days are simulated, its agents are the plan."""
    from .own_centre import OwnCentre

    own = OwnCentre(config, overrides)
    for note in (*own.notices(), *own.fitted().notes):
        print(f"warning: {note}", file=sys.stderr)
    return own.configuration()


def _kept(overrides: Sequence[str], study: Study) -> list[str]:
    """The overrides as typed, with the answer as scenario, without the study and what it replaced."""
    replaced = tuple(f"staffing.{name}.{key}" for name in study.agents for key in REPLACED)
    gone = ("scenarios=", "study=", "study.", "+study", *replaced)
    words = [word for word in overrides if not word.lstrip("+").startswith(gone)]
    return [*(f"'{word}'" if set(word) & set(" {}[]()") else word for word in words), f"scenarios={SCENARIO}"]
