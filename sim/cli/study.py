"""Studies on the command line: several configurations, composed as if each had been typed.

Comes in: the overrides as typed, among them `study=compare`. Goes out: `comparison.csv` in the run's folder and a table
in words. Every scenario gets the same overrides, seed and replications, so that only the scenario differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem, nearest
from ..experiments.compare import Difference, compare
from ..experiments.replicate import Results, replicate
from ..model import Configuration
from ..reports.compared import comparison_table
from ..reports.files import write_csv, write_results
from .compose import compose
from .paths import scenario_questions

COLUMNS = (*(field.name for field in fields(Difference)), "verdict", "replications_to_tell")


def run_comparison(config: Configuration, folder: Path, overrides: Sequence[str]) -> None:
    """Runs baseline and scenarios, each into a folder of its own, and says what differs and how surely."""
    study, known = config.study, list(scenario_questions())
    names = study.scenarios or tuple(name for name in known if name != study.baseline)
    problems = [
        Problem(key, f"unknown scenario {name!r}{nearest(name, known)}")
        for key, wanted in (("study.scenarios", names), ("study.baseline", (study.baseline,)))
        for name in wanted
        if name not in known
    ]
    if config.data.intervals is not None:
        problems.append(Problem("study", "compare does not take data.intervals yet: run the scenarios one by one"))
    if problems:
        raise InputError(problems)
    composed = {name: _composed(name, overrides) for name in (study.baseline, *names)}
    done: dict[str, Results] = {}
    for name, (container, each) in composed.items():
        done[name] = replicate(each, progress=True, label=name)
        write_results(done[name], container, folder / name, overrides)
        if done[name].interrupted:  # what is finished is on disk; an incomplete one cannot be paired
            raise KeyboardInterrupt
    baseline = done.pop(study.baseline)
    differences = compare(baseline, done, study.measures)
    write_csv(folder / "comparison.csv", COLUMNS, [_row(each) for each in differences])
    print(comparison_table(baseline, differences, {name: each[1].scenario for name, each in composed.items()}))
    print(f"\nResults: {folder}/ (comparison.csv, a folder for each scenario)")


def _composed(name: str, overrides: Sequence[str]) -> tuple[dict[str, Any], Configuration]:
    kept = [word for word in overrides if not word.startswith(("scenarios=", "study=", "study.", "+study"))]
    container = compose([*kept, f"scenarios={name}"])
    return container, Configuration.from_mapping(container)


def _row(difference: Difference) -> list[object]:
    values: list[object] = [getattr(difference, field.name) for field in fields(Difference)]
    return [*values, difference.verdict, difference.replications_to_tell or ""]
