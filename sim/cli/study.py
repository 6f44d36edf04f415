"""Studies on the command line: several configurations, composed as if each had been typed.

Comes in: the overrides as typed, among them `study=compare`. Goes out: `comparison.csv` in the run's folder and a table
in words; Ctrl-C compares the scenarios that are done. Every scenario gets the same overrides, seed and replications, so
that only the scenario differs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..model import Configuration
from ..reports.files import write_csv, write_results
from ..runs.replicate import Results, replicate
from ..studies.compare.findings_page import check_page, write_found
from ..studies.compare.study import Difference, compare
from ..studies.compare.words import comparison_table
from .compose import check_scenarios, compose_scenario
from .paths import changes_of_the_centre

COLUMNS = (*(field.name for field in fields(Difference)), "verdict", "found", "replications_to_tell")


def run_comparison(config: Configuration, folder: Path, overrides: Sequence[str]) -> None:
    """Runs baseline and scenarios, each into a folder of its own, and says what differs and how surely."""
    if config.study.page is not None:
        check_page(Path(config.study.page))
    containers = composed_all(config, overrides)
    configs = {name: Configuration.from_mapping(container) for name, container in containers.items()}
    done: dict[str, Results] = {}
    try:
        for name, each in configs.items():
            results = replicate(each, progress=True, label=name)
            write_results(results, containers[name], folder / name, overrides)
            if results.interrupted:  # what is finished is on disk; an incomplete one cannot be paired
                raise KeyboardInterrupt
            done[name] = results
    except KeyboardInterrupt:
        if len(done) > 1:
            _tell(done, configs, config, folder)
        left = ", ".join(name for name in configs if name not in done)
        print(f"interrupted: {folder}/ has what was finished; not compared: {left}", file=sys.stderr)
        raise
    _tell(done, configs, config, folder)


def composed_all(config: Configuration, overrides: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Baseline and scenarios of a study, each composed with the same overrides; raises InputError for unknown ones."""
    study = config.study
    names = study.scenarios or tuple(name for name in changes_of_the_centre() if name != study.baseline)
    check_scenarios({"study.scenarios": names, "study.baseline": (study.baseline,)})
    if config.data.intervals is not None:
        text = f"{study.kind} does not take data.intervals yet: run the scenarios one by one"
        raise InputError(Problem("study", text))
    return {name: compose_scenario(name, overrides) for name in (study.baseline, *names)}


def _tell(done: dict[str, Results], configs: dict[str, Configuration], config: Configuration, folder: Path) -> None:
    """comparison.csv and the table of the scenarios that are done; the intervals hold for these together."""
    baseline = done[config.study.baseline]
    scenarios = {name: results for name, results in done.items() if results is not baseline}
    differences = compare(baseline, scenarios, config.study.measures, config.study.simultaneous)
    write_csv(folder / "comparison.csv", COLUMNS, [row_of(each) for each in differences])
    page = config.study.page
    if page is not None:
        write_found(Path(page), baseline, differences)
        print(f"{page}: table of what was found\n")
    asked = {name: configs[name].scenario for name in done}
    print(comparison_table(baseline, differences, asked, config.study.simultaneous))
    print(f"\nResults: {folder}/ (comparison.csv, a folder for each scenario)")


def row_of(difference: Difference) -> list[object]:
    """A row of comparison.csv, as COLUMNS."""
    values: list[object] = [getattr(difference, field.name) for field in fields(Difference)]
    return [*values, difference.verdict, difference.found, difference.replications_to_tell or ""]
