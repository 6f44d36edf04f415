"""`study=worth`: what is integration worth in agents?

Comes in: a configuration. Goes out: answers by rule and level; worth.csv, connections.csv, plans.csv, confirmation.csv,
the baseline's own results in `baseline/`, and a table in words. Search, headline, origins and confirmation are one
command; each answer is written as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...model.centre import Configuration
from ...reports.files import write_csv, write_results
from ..base import Keep, Study, nothing
from ..compare.rows import COLUMNS, row_of
from .answer import Answer
from .confirm import Plan, confirmed
from .origins import Connection, Origins, connections, origins_of
from .pilot import Pilot, pilot_of
from .study import Worth
from .unknowns import WorthInputs
from .words import connections_table, worth_table, write_connections, write_plans, write_worth


class Price(Study):
    """The fewest agents at each level of integration with no constraint worse than today."""

    kind = "worth"

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self.study: Worth | None = None
        self.inputs: WorthInputs | None = None
        self.answers: list[Answer] = []
        self.plans: list[Plan] = []
        self.origins: Origins | None = None
        self.connections: list[Connection] = []
        self.pilot: Pilot | None = None

    def answer(self, progress: bool = False, keep: Keep = nothing) -> None:
        """Searches level by level, adds the second interval, confirms."""
        self.study = study = Worth(self.stand(progress).baseline)
        asked = self.config.study.worth
        self.inputs = WorthInputs(study, self.config.source, self.stand().own) if asked.sets else None
        for answer in study.answers(progress=progress):
            self.answers.append(answer)
            keep()
        if self.inputs is not None:
            self.answers = self.inputs.with_both(self.answers, progress=progress)
            keep()
        if asked.origins and asked.of.startswith("integration."):
            self._explain(study)
            keep()
        if asked.confirm:
            self.plans = confirmed(study, self.answers, progress=progress)

    def _explain(self, study: Worth) -> None:
        """The level farthest from today's, under the first rule."""
        far = max(study.asked.levels, key=lambda level: abs(level - study.own))
        if far != study.own:
            self.origins = origins_of(study, far)
            mine = next(a for a in self.answers if (a.rule, a.level) == (study.asked.allocation[0], far))
            self.pilot = pilot_of(study, mine)
        if study.asked.of == "integration.level" and far != study.own:
            self.connections = connections(study, far)

    def write(self, folder: Path) -> list[Path]:
        """worth.csv, plans.csv and confirmation.csv, and the baseline's own results."""
        if self.study is None:
            return []
        write_results(self.study.baseline, self.config.source, folder / "baseline", self.overrides)
        if not self.answers:
            return []
        paths = [folder / "worth.csv"]
        write_worth(paths[0], self.study, self.answers)
        if self.connections:
            paths.append(folder / "connections.csv")
            write_connections(paths[-1], self.connections)
        if self.plans:
            paths += [folder / "plans.csv", folder / "confirmation.csv"]
            write_plans(paths[-2], self.study, self.plans)
            rows = [row_of(each) for plan in self.plans for each in plan.differences]
            write_csv(paths[-1], COLUMNS, rows)
        return paths

    def words(self) -> str:
        """The table of the answers so far."""
        if self.study is None or not self.answers:
            return ""
        said = [worth_table(self.study, self.answers, self.inputs, self.plans)]
        if self.origins is not None:
            rule, name = self.study.asked.allocation[0], self.study.asked.name
            freed = next(a.freed for a in self.answers if (a.rule, a.level) == (rule, self.origins.level))
            said.append(self.origins.words(name, freed))
        if self.pilot is not None:
            said.append(self.pilot.words)
        if self.connections:
            said.append(connections_table(self.connections))
        return "\n\n".join(said)

    def warnings(self) -> Sequence[str]:
        """Searches that did not settle, and parameter sets that failed."""
        notes = [f"{a.rule} at {a.level:g}: the search did not settle" for a in self.answers if not a.converged]
        swept = self.inputs.swept if self.inputs else None
        if swept is not None and swept.failed:
            notes.append(f"{len(swept.failed)} points of the parameter sets failed; their sets are left out")
        return notes

    def interrupted(self, folder: Path) -> str:
        """How many answers there are."""
        return f"{folder}/ has the {len(self.answers)} answers found so far"
