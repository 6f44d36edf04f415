"""`study=compare`: alternatives against a baseline, paired.

Comes in: a configuration with `study.scenarios` or `study.against`. Goes out: results by name and the differences of
those that are done; `comparison.csv`, a folder of results for each, and a table in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...model.centre import Configuration
from ...model.origin import with_values
from ...reports.files import write_csv, write_results
from ...runs.replicate import Results, replicate
from ..alternatives import alternatives
from ..base import Keep, Study, nothing
from .findings_page import check_page, write_found
from .rows import COLUMNS, row_of
from .study import Difference, compare
from .until import check_until, continued, first_batch, more_of_each, not_reached
from .words import comparison_table, held_together


class Comparison(Study):
    """Baseline and alternatives with the same luck: what differs, and how surely."""

    kind = "compare"
    until_precise = True

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        if config.study.page is not None:
            check_page(Path(config.study.page))
        self.asked = alternatives(config)
        self.results: dict[str, Results] = {}
        self._written: dict[str, list[Path]] = {}

    def answer(self, progress: bool = False, keep: Keep = nothing) -> None:
        """Runs the baseline, then the others; an incomplete one cannot be paired and is not kept."""
        ground = self.stand(progress)
        simulated = {name: ground.simulated(each) for name, each in self.asked.items()}
        check_until(simulated)
        for name, each in simulated.items():
            results = replicate(first_batch(each), progress=progress, label=name)
            if results.interrupted:
                raise KeyboardInterrupt
            self.results[name] = results
            keep()
        while more := more_of_each(self.config.run, self.differences, self._done):
            self.results = continued(self.results, more, progress)
            self._written.clear()
            keep()

    @property
    def _done(self) -> int:
        return len(self.results[self.baseline].replications)

    @property
    def baseline(self) -> str:
        """The name of what the others are compared with."""
        return next(iter(self.asked))

    @property
    def differences(self) -> list[Difference]:
        """Of the alternatives that are done; the intervals hold for these together."""
        others = {name: each for name, each in self.results.items() if name != self.baseline}
        if not others:
            return []
        study, asked = self.config.study, (each.measure for each in self.config.run.precision)
        measures, doubt = (*study.measures, *asked), bool(self.config.run.precision)
        return compare(self.results[self.baseline], others, measures, study.simultaneous, doubt)

    @property
    def together(self) -> str:
        """What the confidence of the intervals holds for, in words."""
        return held_together(len(self.differences), self.config.run.confidence, self.config.study.simultaneous)

    def shortfalls(self) -> list[str]:
        """Differences that `run.precision` asked for and that are wider."""
        done = len(self.results) == len(self.asked)
        return list(not_reached(self.config.run, self.differences)) if done else []

    def write(self, folder: Path) -> list[Path]:
        """comparison.csv, and a folder for each configuration that is done."""
        for name, results in self.results.items():
            if name not in self._written:
                place, origin = folder / folder_name(name), self.asked[name].origin
                stated = sorted(origin.stated) if origin else []
                self._written[name] = write_results(results, self._said(name), place, self.overrides, stated=stated)
        paths = []
        if len(self.results) > 1:
            paths.append(folder / "comparison.csv")
            write_csv(paths[0], COLUMNS, [row_of(each) for each in self.differences])
        return paths

    def _said(self, name: str) -> Mapping[str, Any]:
        """The plain configuration of one side, to run it again: with as many replications as it had in the end."""
        source = self.asked[name].source
        fixed = {"run.precision": [], "run.replications": len(self.results[name].replications)}
        return with_values(source, fixed) if self.config.run.precision else source

    def words(self) -> str:
        """A block for each alternative that is done."""
        if len(self.results) < 2:
            return ""
        baseline, differences, study = self.results[self.baseline], self.differences, self.config.study
        page = ""
        if study.page is not None:
            write_found(Path(study.page), baseline, differences)
            page = f"{study.page}: table of what was found\n\n"
        scenarios = {name: self.asked[name].scenario for name in self.results}
        return page + comparison_table(baseline, differences, scenarios, study.simultaneous)

    def interrupted(self, folder: Path) -> str:
        """What is done and what is not."""
        left = ", ".join(name for name in self.asked if name not in self.results)
        return f"{folder}/ has what was finished; not compared: {left}"


def folder_name(name: str) -> str:
    """A text that any file system takes as a name.

    >>> folder_name("data.scale=1.2 channels.phone.hours={mon: 08:00-20:00}")
    'data.scale=1.2-channels.phone.hours=-mon-08-00-20-00'
    """
    return re.sub(r"[^\w=.,+-]+", "-", name)[:80].strip("-.")
