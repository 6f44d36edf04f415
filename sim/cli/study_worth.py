"""`study=worth` on the command line: what is integration worth in agents?

Comes in: a configuration. Goes out: `worth.csv` (written anew after each answer, so that Ctrl-C loses none and prints
them), `confirmation.csv`, the picture, the baseline's own results in `baseline/`, and a table in words. One command
does it all: search, second interval, confirmation.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..model import Configuration
from ..reports.files import write_csv, write_results
from ..studies.worth.confirm import confirmed
from ..studies.worth.study import Answer, Worth
from ..studies.worth.unknowns import WorthInputs
from ..studies.worth.words import worth_table, write_worth
from .study import COLUMNS, row_of


def run_worth(config: Configuration, container: dict[str, Any], folder: Path, overrides: list[str]) -> None:
    """Runs the study and writes it to `folder`; raises InputError for what the user can mend."""
    if config.data.intervals is not None:
        raise InputError(Problem("study", "worth does not take data.intervals yet: it needs groups with a peak"))
    began = time.perf_counter()
    study = Worth(config)
    inputs = WorthInputs(study, container) if config.study.worth.sets else None
    write_results(study.baseline, container, folder / "baseline", overrides)
    answers: list[Answer] = []
    try:
        for answer in study.answers(progress=True):
            answers.append(answer)
            write_worth(folder / "worth.csv", study, answers)
        if inputs is not None:
            answers = inputs.with_both(answers, progress=True)
            write_worth(folder / "worth.csv", study, answers)
        differences = confirmed(study, answers, progress=True) if config.study.worth.confirm else []
    except KeyboardInterrupt:
        if answers:
            print(worth_table(study, answers))
        print(f"interrupted: {folder}/ has the {len(answers)} answers found so far", file=sys.stderr)
        raise
    _warn(answers, inputs)
    print(worth_table(study, answers, inputs, differences))
    files = ["worth.csv", *(path.name for path in _pictures(study, answers, folder))]
    if differences:
        write_csv(folder / "confirmation.csv", COLUMNS, [row_of(each) for each in differences])
        files.append("confirmation.csv")
    print(f"\nResults after {time.perf_counter() - began:.0f} s: {folder}/ ({', '.join(files)}, baseline)")


def _warn(answers: Sequence[Answer], inputs: WorthInputs | None) -> None:
    for answer in answers:
        if not answer.converged:
            print(f"warning: {answer.rule} at {answer.level:g}: the search did not settle", file=sys.stderr)
    if inputs is not None and inputs.swept is not None and inputs.swept.failed:
        failed = len(inputs.swept.failed)
        print(f"warning: {failed} points of the parameter sets failed; their sets are left out", file=sys.stderr)


def _pictures(study: Worth, answers: list[Answer], folder: Path) -> list[Path]:
    if not study.config.run.plots:
        return []
    from ..plots.page import house_style, save
    from ..plots.worth import draw

    with house_style():
        return save(draw(study, answers), folder / "worth")
