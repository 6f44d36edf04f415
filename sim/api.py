"""All that `python -m sim` can do, for Python and for the command line alike.

Comes in: a checked configuration (`sim.load`). Goes out: typed results, of one configuration a `Run`, of a study the
study itself with its answer. The command line calls these functions, prints what comes back and sets exit codes; it
knows nothing more. What a configuration asks for and a function does not do is refused, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np

from .calibration.compared import interval_sums
from .calibration.ground import Ground
from .calibration.own_centre import OwnCentre
from .calibration.prediction import Prediction, predictions
from .errors import InputError, Problem, nearest
from .log.tables import Log
from .model.centre import Configuration
from .model.run import Run as RunOf
from .runs import replicate as runs
from .runs.cautions import result_warnings
from .runs.replicate import Results
from .statistics.precision import unreached
from .studies.base import Study, study_of
from .studies.compare.rows import COLUMNS, row_of
from .studies.compare.study import Difference
from .studies.compare.what_if import what_if_differences, what_if_table
from .studies.compare.words import held_together

Say = Callable[[str], object]


@dataclass(frozen=True)
class Run:
    """One configuration, simulated."""

    results: Results
    ground: Ground
    """what it stands on: own data with their fit, a detected warm-up"""
    notes: tuple[str, ...]
    """what to beware of"""
    baseline: Results | None = None
    """of own data with a what-if: the centre as it was recorded, with the same luck"""
    files: tuple[Path, ...] = ()
    """what was written, if a folder was named"""
    predictions: tuple[Prediction, ...] = ()
    """with `data.predict`: what the period may bring, with what is unknown about it"""

    @property
    def own(self) -> OwnCentre | None:
        """The planner's own centre; None for one that the configuration describes whole."""
        return self.ground.own

    @property
    def as_recorded(self) -> Results:
        """The results that are held against the file: without the what-if."""
        return self.baseline or self.results

    @property
    def interval_sums(self) -> list[np.ndarray]:
        """Of own data: sums by channel, day and interval as recorded (`sim.calibration.compared`), by replication."""
        return [each for each in self.as_recorded.extras if each is not None]

    @property
    def shortfalls(self) -> list[str]:
        """What `run.precision` asked for and was not reached."""
        return list(unreached(self.results.kpis, self.results.config))

    @property
    def differences(self) -> list[Difference]:
        """What the what-if on own data changes, paired; empty without one."""
        if self.own is None or self.baseline is None:
            return []
        return what_if_differences(self.own, self.baseline, self.results)

    @property
    def objective(self) -> float | None:
        """The mean of the measure `study.objective`, which a sweeper optimises; None if none is named. Raises
        InputError for a measure that there is not."""
        wanted, kpis = self.results.config.study.objective, self.results.kpis
        if wanted is None:
            return None
        means = {f"{kpi.scope}.{kpi.name}.{kpi.measure}": kpi.mean for kpi in kpis if kpi.interval == "all"}
        if wanted not in means:
            raise InputError(Problem("study.objective", f"unknown measure {wanted!r}{nearest(wanted, means)}"))
        return float(means[wanted])

    def words(self) -> str:
        """What the command line prints of it: the check against one's own file, the what-if, the tables."""
        from .reports.console import tables

        said = []
        if self.own:
            from .calibration.prediction import unknowns_of
            from .reports.imported import imported_words, predicted_table

            said.append(imported_words(self.own, self.as_recorded.config, self.interval_sums, self.predictions))
            if self.predictions:
                said.append(predicted_table(self.predictions, unknowns_of(self.own)))
        if self.baseline and self.differences:
            said.append(what_if_table(self.baseline, self.differences))
        return "\n\n".join([*said, tables(self.results)])


def run(
    config: Configuration, folder: str | Path | None = None, *, progress: bool = False, say: Say = str,
    only: Sequence[int] = (),
) -> Run | Study:  # fmt: skip
    """What the configuration asks for: one run, or the study that `study` names, answered.

    With `folder` everything that the command line would write is written there: tables, manifest, pictures, the log.
    `say` hears what to beware of before the numbers are there. `only` names the replications of a run (not of a study)
    instead of `run.replications`: those that an interrupted one had. Raises InputError for what the user can mend.
    """
    place = None if folder is None else Path(folder)
    if config.study.kind == "none":
        return _one(config, place, progress, say, only)
    return answered(study_of(config), place, progress=progress, say=say)


def answered(study: Study, folder: Path | None = None, *, progress: bool = False, say: Say = str) -> Study:
    """A study with its answer. With `folder` its files are written as they become known, and its pictures."""
    for note in study.stand(progress).notes:
        say(note)

    def keep() -> None:
        """Writes what is known so far, where a folder is named."""
        if folder is not None:
            study.files = study.write(folder)

    try:
        study.answer(progress, keep)
    finally:  # what is known is not lost when it is interrupted
        keep()
    if folder is not None and study.config.run.plots:
        from .plots.studies import draw_study

        study.files = [*study.files, *draw_study(study, folder)]
    for note in (*study.warnings(), *study.shortfalls()):
        say(note)
    return study


def _one(config: Configuration, folder: Path | None, progress: bool, say: Say, only: Sequence[int]) -> Run:
    """One configuration, with its files."""
    if config.exec.kind != "local":
        what = f"exec={config.exec.kind} is for study=sweep; anything else runs on this machine (exec=local)"
        raise InputError(Problem("exec", what))
    for key in _logs(config) if folder is None else ():
        raise InputError(Problem(key, "needs a folder to write to: sim.run(config, 'folder')"))
    ground = Ground(config, progress)
    for note in ground.notes:
        say(note)
    own = ground.own
    extra = partial(interval_sums, interval=float(own.table.interval)) if own else None
    keep = partial(_write_log, folder=folder, run=config.run) if _logs(config) and folder is not None else None
    results = runs.replicate(ground.baseline, progress=progress, keep=keep, extra=extra, only=only)
    baseline = None
    if own and own.has_what_if and not results.interrupted:
        same = {"replications": len(results.replications), "precision": ()}  # or they could not be paired
        recorded = own.as_recorded()
        recorded = recorded.model_copy(update={"run": recorded.run.model_copy(update=same)})
        baseline = runs.replicate(recorded, progress=progress, extra=extra, label="as recorded")
        if baseline.interrupted:  # a half of it cannot be paired
            results, baseline = replace(results, stopped=True), None
    notes = tuple(result_warnings(results))
    for note in notes:
        say(note)
    made = Run(results, ground, (*ground.notes, *notes), baseline)
    if own and config.data.predict and not results.interrupted:
        made = replace(made, predictions=tuple(predictions(own, made.interval_sums)))
    return made if folder is None else _written(made, config, folder)


def _written(made: Run, asked: Configuration, folder: Path) -> Run:
    """The run with everything that it leaves in a folder."""
    from .plots import begun
    from .reports.files import write_csv, write_results
    from .reports.imported import write_imported, write_predictions

    overrides = asked.origin.overrides if asked.origin else ()
    more = of_own_data(made.own, made.results.config) if made.own else {}
    stated = sorted(asked.origin.stated) if asked.origin else []
    pictures = begun(made.results, folder) if asked.run.plots else list
    files = write_results(made.results, asked.source, folder, overrides, stated=stated, **more)
    if asked.run.event_log:
        files += sorted(folder.glob(f"events-*.{asked.run.event_log}"))
    if made.own:
        files += write_imported(made.own, made.as_recorded.config, made.interval_sums, folder, made.predictions)
    if made.predictions:
        files.append(write_predictions(made.predictions, folder))
    if made.differences:
        files.append(folder / "comparison.csv")
        write_csv(files[-1], COLUMNS, [row_of(each) for each in made.differences])
    files += pictures()
    if asked.run.plots and made.baseline is not None:
        from .plots.studies import draw_differences

        study, found = asked.study, made.differences
        together = held_together(len(found), asked.run.confidence, study.simultaneous)
        files += draw_differences(made.baseline, found, "as recorded", folder, together)
    return replace(made, files=tuple(files))


def of_own_data(own: OwnCentre, simulated: Configuration) -> dict[str, Any]:
    """What a manifest has to add for a planner's own centre: the file's hash, the fit, what was simulated."""
    files = {"data_sha256": own.digest, **({"roster_sha256": own.roster.digest} if own.roster else {})}
    return {**files, "fit": own.fitted().as_json(), "simulated": simulated.source}


def _logs(config: Configuration) -> list[str]:
    """The keys that ask for files of each replication."""
    return [key for key, on in (("run.log", config.run.log), ("run.event_log", config.run.event_log)) if on]


def _write_log(log: Log, folder: Path, run: RunOf) -> None:
    """What each replication leaves, in its own process."""
    from .reports.event_log import write_event_log
    from .reports.files import write_log

    if run.log:
        write_log(log, folder)
    if run.event_log:
        write_event_log(log, folder, run.event_log)


def simulate(config: Configuration, replication: int = 0, *, seed: int | None = None) -> Log:
    """One replication of what the configuration asks for (they count from 0): its log, flat tables."""
    _refuse(config, "simulate")
    return runs.simulate(Ground(config).baseline, replication, seed=seed)


def simulate_in_pieces(config: Configuration, replication: int = 0, *, seed: int | None = None) -> Iterator[Log]:
    """The same in pieces that fit into memory, however long the run is."""
    _refuse(config, "simulate")
    return runs.simulate_in_pieces(Ground(config).baseline, replication, seed=seed)


def replicate(config: Configuration, *, progress: bool = False, **options: Any) -> Results:
    """`config.run.replications` replications on all cores: `.kpis` holds every measure with its interval.

    Own data (`data.intervals`) are fitted and simulated, and a warm-up is detected if that is asked. `options` are
    those of `sim.runs.replicate.replicate`: `keep`, `extra`, `label`, `first`. Raises InputError for what the user can
    mend, a configuration that asks for a study among it.
    """
    _refuse(config, "replicate")
    return runs.replicate(Ground(config, progress).baseline, progress=progress, **options)


def _refuse(config: Configuration, function: str) -> None:
    """What `run` does and the functions for one configuration do not."""
    problems = []
    if config.study.kind != "none":
        what = f"{function} runs one configuration: sim.run(config) does study={config.study.kind}"
        problems.append(Problem("study", what))
    for key in _logs(config):
        problems.append(Problem(key, f"{function} writes no files: sim.run(config, 'folder') does"))
    if config.exec.kind != "local":
        problems.append(Problem("exec", f"{function} runs on this machine: exec={config.exec.kind} is for study=sweep"))
    if problems:
        raise InputError(problems)


def study(kind: str, config: Configuration, values: Mapping[str, Any] | None = None, **options: Any) -> Study:
    """The study `kind` of a configuration, answered; `values` sets keys below `study.` for it.

    A configuration that was loaded with `study=<kind>` brings the run that the study wants (`conf/study/`).
    """
    changes = {f"study.{key}": value for key, value in (values or {}).items()}
    return cast(Study, run(config.at({"study.kind": kind, **changes}), **options))
