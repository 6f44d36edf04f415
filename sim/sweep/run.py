"""A sweep from its configuration to its tables; started again, it does what is missing.

Comes in: the plain resolved configuration, with `study.sweep`. Goes out: a folder (see `store`) and a `Swept`. All
points have the same seed, so the same customers have the same luck at every point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..calibration.own_centre import OwnCentre, called
from ..errors import InputError, Problem, nearest
from ..measures.catalogue import names
from ..model.centre import Configuration
from ..model.digest import configuration_digest, digest
from ..model.studies.sweep import Sweep
from ..provenance import source_hash
from ..runs.size import check_size
from .chunks import Work
from .columns import unit_of
from .configurations import Configurations
from .design import Values, expand
from .missing import run_missing
from .points import HASH, SCENARIOS, Bases, Point, identity, numbered, simulated
from .store import Store
from .tables import design_columns, write_design, write_tables
from .tasks import Outcome
from .work import run_tasks

DEFAULT = "outputs/sweeps"


@dataclass(frozen=True)
class Swept:
    """What a sweep left in `folder`."""

    folder: Path
    points: tuple[Point, ...]
    failed: Mapping[str, Outcome]
    """by hash: the first error of a point"""
    tasks: int
    """tasks run now; what was on disk before is not among them"""

    def status(self, point: Point) -> str:
        """ok, mistake or failed."""
        return self.failed[point.hash].status if point.hash in self.failed else "ok"


def run_sweep(
    container: Mapping[str, Any],
    *,
    progress: bool = False,
    work: Work | None = None,
    scenarios: Mapping[str, Mapping[str, Any]] | None = None,
    own: OwnCentre | None = None,
    folders: Sequence[Path] = (),
) -> Swept:
    """Runs what is missing of a sweep and writes its tables.

    `own` is the planner's centre that points are what-ifs on. `scenarios` holds the plain configuration of each
    scenario, where they are a factor; in `folders` files that these name are looked for; `work` does a task in place of
    `run_tasks` (for tests). Raises InputError for what the user can mend before anything runs; a point that fails is a
    row of the results. KeyboardInterrupt leaves what is finished on disk.
    """
    config = Configuration.from_mapping(container, folders)
    _refuse(config, own)
    check_size(config)
    design = expand(config.study.sweep)
    bases = _bases(container, design, scenarios or {})
    known = bases if own is None else {name: {**base, "own": own.identity} for name, base in bases.items()}
    points = tuple(numbered(known, design, folders))
    if config.study.sweep.against >= len(points):
        what = f"has no point {config.study.sweep.against}: points are numbered from 0 to {len(points) - 1}"
        raise InputError(Problem("study.sweep.against", f"the design {what}"))
    if config.exec.kind == "dask":
        from .cluster import check

        check(config.exec)
    store = _store(config, folder_of(config, known))
    store.open(_said(config, container, bases, points, folders) | (_typed(own) if own else {}))
    write_design(store, design_columns(points, {}, "planned"))
    if work is None:
        configurations = Configurations(bases, own, folders)
        work = partial(run_tasks, configurations=configurations, measures=config.study.sweep.measures)
    done = run_missing(store, points, config, work, progress)
    write_design(store, design_columns(points, done.failed, "ok"))
    write_tables(store, done.parts, points, done.failed, config.run, config.study.sweep.against)
    return Swept(store.folder, points, done.failed, done.tasks)


def folder_of(config: Configuration, bases: Bases) -> Path:
    """Where the study is kept: as asked, else by what is simulated and the design, so that the same command finds it.

    More replications, other workers, other machines or other blocks are the same study.
    """
    sweep = config.study.sweep
    if sweep.folder is not None:
        return Path(sweep.folder)
    name = digest([bases.get("", bases), sweep.model_dump(exclude={"block", "folder", "against", *_all(sweep)})])[:HASH]
    return Path(DEFAULT) / (f"{called(config)}-{name}".replace(" ", "_") if "" in bases else f"scenarios-{name}")


def _all(sweep: Sweep) -> tuple[str, ...]:
    """`measures` where all are taken: such studies keep the folders and hashes that they had before there was a key."""
    return () if sweep.measures else ("measures",)


def _identity(sweep: Sweep, bases: Bases, folders: Sequence[Path]) -> str:
    """What may share a folder: the same factors on the same bases, with the same measures."""
    found = identity(bases, list(sweep.factors), folders)
    return digest([found, sorted(sweep.measures)]) if sweep.measures else found


def _store(config: Configuration, folder: Path) -> Store:
    """The study's folder; with `study.on_change=apart` one of this program's own where another program began it."""
    store = Store(folder)
    if config.study.on_change == "apart" and not store.is_of_this_program():
        return Store(folder.with_name(f"{folder.name}-{source_hash()[:8]}"))
    return store


def _bases(container: Mapping[str, Any], design: Sequence[Values], scenarios: Mapping[str, Mapping[str, Any]]) -> Bases:
    """What is simulated before a point sets its values: one, or one for each scenario of the design."""
    wanted = dict.fromkeys(str(values[SCENARIOS]) for values in design if SCENARIOS in values)
    if not wanted:
        return {"": simulated(container)}
    problems = [
        Problem(f"study.sweep.factors.{SCENARIOS}", f"unknown scenario {name!r}{nearest(name, scenarios)}")
        for name in wanted if name not in scenarios
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return {name: simulated(scenarios[name]) for name in wanted}


def _refuse(config: Configuration, own: OwnCentre | None) -> None:
    problems = []
    if config.data.intervals is not None and own is None:
        problems.append(Problem("study", "a sweep of own data needs the fitted centre: sim.run or sim.sweep"))
    if config.run.precision:
        problems.append(Problem("run.precision", "a sweep runs run.replications at every point: leave it out"))
    problems += [
        Problem("study.sweep.measures", f"no measure {name!r}{nearest(name, names())}")
        for name in config.study.sweep.measures if name not in names()
    ]  # fmt: skip
    if problems:
        raise InputError(problems)


def _said(
    config: Configuration, container: Mapping[str, Any], bases: Bases, points: Sequence[Point], folders: Sequence[Path]
) -> dict[str, Any]:  # fmt: skip
    """What study.json says of the study itself."""
    return {
        "scenario": called(config), "engine": config.engine, "design": config.study.sweep.design,
        "factors": list(config.study.sweep.factors), "units": _units(points), "points": len(points),
        "different_points": len({point.hash for point in points}), "replications": config.run.replications,
        "confidence": config.run.confidence, "seeds": {"run": config.run.seed, "design": config.study.sweep.seed},
        "configuration_sha256": configuration_digest(config), "configuration": container,
        "study_sha256": _identity(config.study.sweep, bases, folders),
        **({} if "" in bases else {SCENARIOS: bases}),
    }  # fmt: skip


def _typed(own: OwnCentre) -> dict[str, Any]:
    """What a what-if on own data depends on beside its configuration: the file, what was typed and set on purpose."""
    origin = own.asked.origin
    words, stated = (list(origin.overrides), sorted(origin.stated)) if origin else ([], [])
    return {"overrides": words, "stated": stated, "data_sha256": own.digest}


def _units(points: Sequence[Point]) -> dict[str, str]:
    """Units of the factors whose columns are numbers of it."""
    units = {key: unit_of([point.values[key] for point in points]) for key in points[0].values}
    return {key: unit for key, unit in units.items() if unit}


def summary(swept: Swept) -> str:
    """One sentence: points, different ones, tasks run, what failed."""
    states = Counter(swept.status(point) for point in swept.points)
    different = len({point.hash for point in swept.points})
    same = "" if different == len(swept.points) else f" ({different:,} different)"
    bad = "".join(f", {states[name]:,} {what}" for name, what in (("mistake", "refused"), ("failed", "failed"))
                  if states[name])  # fmt: skip
    return f"{len(swept.points):,} points{same}, {states['ok']:,} ok{bad}; {swept.tasks:,} tasks run now"
