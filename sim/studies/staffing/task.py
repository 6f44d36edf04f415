"""`study=staffing`: how many agents do I need?

Comes in: a configuration. Goes out: the `Study`; staffing.csv and targets.csv (with Parquet), the answer as a scenario
that can be run at once, the plan's own results in `baseline/`, and tables in words. Ctrl-C in the search keeps the
agents found so far, marked as not confirmed.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ...calibration.ground import Ground
from ...calibration.own_centre import OwnCentre
from ...model.centre import Configuration
from ...reports.files import write_results
from ..base import Keep, nothing
from ..base import Study as Asked
from .files import SCENARIO, write_staffing
from .forecast import as_forecast, assumptions, forecast, has_plan, needs_no_fit, volumes_of_file
from .study import Study
from .words import staffing_table

REPLACED = ("agents", "said", "weekday", "profile", "counts", "shifts")
"""keys of a group that the answer sets: typed on the command line they would win over it"""


class Forecast(Ground):
    """The ground of a study on volumes and handle times alone."""

    def __init__(self, own: OwnCentre, asked: Configuration) -> None:
        self.asked, self.own, self.warm_up = asked, own, None
        self.table = own.table
        self.baseline = self.simulated(asked)
        self.notes = [*own.table.notices, *assumptions(self.baseline, own.table)]

    def simulated(self, config: Configuration) -> Configuration:
        """What is asked, on the days of the file."""
        assert self.own is not None
        return forecast(self.own, config)


class Plan(Asked):
    """The plan simulated, agents searched, the answer confirmed with other luck."""

    kind = "staffing"

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self.study: Study | None = None

    def stand(self, progress: bool = False) -> Ground:
        """The ground of the study. A file without agents, or without what they achieved, is a forecast: nothing is
        fitted to it."""
        if self.ground is None and self._own:
            own = OwnCentre(self.config, progress)
            if needs_no_fit(own.table):
                self.ground = Forecast(own, self.config)
        return super().stand(progress)

    def answer(self, progress: bool = False, keep: Keep = nothing) -> None:
        """Searches and confirms."""
        ground = self.stand(progress)
        plan, table = True, ground.own.table if ground.own else None
        config = as_forecast(ground.baseline) if table else ground.baseline
        if isinstance(ground, Forecast):
            plan = has_plan(ground.table)
        self.study = Study(config, progress, partial(volumes_of_file, table=table) if table else None, plan)
        try:
            self.study.solve(progress=progress)
            self.study.confirm(progress=progress)
        finally:
            keep()

    @property
    def _own(self) -> bool:
        return self.config.data.intervals is not None

    def write(self, folder: Path) -> list[Path]:
        """Agents and targets by slot, the answer as a scenario, the plan's own results."""
        if self.study is None:
            return []
        source = self.config.source
        if self.study.baseline is not None:
            write_results(self.study.baseline, source, folder / "baseline", self.overrides)
        own_file = Path(str(self.config.data.intervals)) if self._own else None
        return write_staffing(self.study, source, folder, self.overrides, own_file)

    def words(self) -> str:
        """Groups, the day, the check, and why formulas differ."""
        return staffing_table(self.study) if self.study and self.study.confirmation else ""

    def interrupted(self, folder: Path) -> str:
        """What the search has reached."""
        return f"{folder}/ has the agents found so far" if self.study else "nothing is known yet"

    def next_step(self, folder: Path) -> str:
        """How to run the answer."""
        if self.study is None:
            return ""
        return f"Run the answer: {' '.join(['python -m sim', '--config-dir', str(folder), *self._kept()])}"

    def _kept(self) -> list[str]:
        """The overrides as typed, with the answer as scenario, without the study and what it replaced."""
        assert self.study is not None
        replaced = tuple(f"staffing.{name}.{key}" for name in self.study.agents for key in REPLACED)
        gone = ("scenarios=", "study=", "study.", "+study", "data.intervals=", *replaced)
        words = [word for word in self.overrides if not word.lstrip("+").startswith(gone)]
        return [*(f"'{word}'" if set(word) & set(" {}[]()") else word for word in words), f"scenarios={SCENARIO}"]
