"""`study=worth` on the command line: what is integration worth in agents?

Comes in: a configuration. Goes out: `worth.csv` (written anew after each answer, so that Ctrl-C loses none and prints
them), the picture, the baseline's own results in `baseline/`, and a table in words.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..experiments.worth import Answer, Worth
from ..model import Configuration
from ..reports.files import write_results
from ..reports.worth import worth_table, write_worth


def run_worth(config: Configuration, container: dict[str, Any], folder: Path, overrides: list[str]) -> None:
    """Runs the study and writes it to `folder`; raises InputError for what the user can mend."""
    if config.data.intervals is not None:
        raise InputError(Problem("study", "worth does not take data.intervals yet: it needs groups with a peak"))
    began = time.perf_counter()
    study = Worth(config)
    write_results(study.baseline, container, folder / "baseline", overrides)
    answers: list[Answer] = []
    try:
        for answer in study.answers(progress=True):
            answers.append(answer)
            write_worth(folder / "worth.csv", study, answers)
    except KeyboardInterrupt:
        if answers:
            print(worth_table(study, answers))
        print(f"interrupted: {folder}/ has the {len(answers)} answers found so far", file=sys.stderr)
        raise
    for answer in answers:
        if not answer.converged:
            print(f"warning: {answer.rule} at {answer.level:g}: the search did not settle", file=sys.stderr)
    print(worth_table(study, answers))
    files = ["worth.csv", *(path.name for path in _pictures(study, answers, folder))]
    print(f"\nResults after {time.perf_counter() - began:.0f} s: {folder}/ ({', '.join(files)}, baseline)")


def _pictures(study: Worth, answers: list[Answer], folder: Path) -> list[Path]:
    if not study.config.run.plots:
        return []
    from ..plots.page import house_style, save
    from ..plots.worth import draw

    with house_style():
        return save(draw(study, answers), folder / "worth")
