"""Switchboard: a discrete-event simulator of contact centres in which customers move between channels.

>>> import sim
>>> config = sim.load(["scenarios=siloed", "integration.level=0.6", "run.replications=2", "run.workers=1",
...                    "run.warm_up=0", "run.measure=1 d", "run.end=drain", "demand.scale=0.05"])
>>> log = sim.simulate(config, replication=0)          # one replication: flat tables
>>> bool((log.contacts["ended"] >= log.contacts["arrived"]).all())
True
>>> results = sim.replicate(config)                    # all replications, with intervals
>>> results.kpis["journey", "all", "resolved"].n
2
>>> sorted(results.kpis.columns())[:3]                 # a tidy table, column by column
['half_width', 'interval', 'lower']
>>> answer = sim.compare(config, {"integration.level": 1.0})   # paired, with the same luck
>>> {each.n for each in answer.differences}
{2}

Everything that `python -m sim` does is here with the same words and the same results: `sim.run(config)` does what the
configuration asks, own data (`data.intervals`), a detected warm-up and studies among it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from .again import Rerun
    from .api import Run
    from .extensions import Source
    from .known import Answer
    from .log.tables import Log
    from .model import Configuration
    from .runs.replicate import Results
    from .studies.base import Study
    from .studies.compare.task import Comparison

__all__ = [
    "add_extension", "all_measures", "compare", "load", "read_study", "replicate", "rerun", "run", "scenarios",
    "select", "sensitivity", "simulate", "simulate_in_pieces", "staffing", "sweep", "uncertainty", "verify", "worth",
]  # fmt: skip


def load(
    overrides: Sequence[str] | Mapping[str, Any] = (),
    config_dir: str | Path | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Configuration:
    """A checked configuration, from overrides, from a mapping, or from both.

    `overrides` are what would follow `python -m sim`: `["scenarios=siloed", "staffing.phone.agents=30"]`. A mapping
    in their place is a whole configuration (as `manifest.json` holds it), read without Hydra in some milliseconds, or a
    part of one on top of the shipped centre: `{"staffing": {"phone": {"agents": 30}}}` or `{"staffing.phone.agents":
    30}`. `changes` is such a part on top of the overrides. `config_dir` is a folder with scenarios of one's own.
    Raises InputError listing every mistake.
    """
    from .cli.load import load as read

    return read(overrides, config_dir, changes)


def run(config: Configuration, folder: str | Path | None = None, *, progress: bool = False) -> Run | Study:
    """What the configuration asks for: one run (`.results`), or its study with the answer.

    With `folder` everything that the command line would write is written there.
    """
    from .api import run as do

    return do(config, folder, progress=progress)


def simulate(config: Configuration, replication: int = 0, *, seed: int | None = None) -> Log:
    """One replication (they count from 0): its log, flat tables of customers, contacts, duties and staffing.

    Raises InputError for a configuration that asks for a study: `sim.run` does it.
    """
    from .api import simulate as do

    return do(config, replication, seed=seed)


def simulate_in_pieces(config: Configuration, replication: int = 0, *, seed: int | None = None) -> Iterator[Log]:
    """The log of one replication in pieces, in the order of time, however long it is: ten million contacts pass
    through 400 MB. A piece has every row of the customers with whom the centre was done (`Log.counted`), and tells of a
    part of the time (`Log.part`) what agents did; the SimPy engine gives all as one. Raises as `simulate` does.

    `sim.measures.pieces.Sums(config)` adds up what is measured of pieces.
    """
    from .api import simulate_in_pieces as do

    return do(config, replication, seed=seed)


def replicate(config: Configuration, **options: Any) -> Results:
    """`config.run.replications` replications on all cores: `.kpis` holds every measure with its interval.

    Options: `progress`, `keep` (called with each log), `extra` (an array made of each log), `label`, `first`; see
    `sim.api.replicate`. Raises InputError for a configuration that asks for a study: `sim.run` does it.
    """
    from .api import replicate as do

    return do(config, **options)


def compare(config: Configuration, *against: Mapping[str, Any], **options: Any) -> Comparison:
    """The configuration against changes of it, or against `study.scenarios`, paired by the same luck: `.differences`.

    Each of `against` is one alternative, values by key: `{"staffing.phone.agents": 28}`.
    """
    from .api import study
    from .studies.compare.task import Comparison

    answer = study("compare", config, {"against": [dict(each) for each in against]} if against else None, **options)
    assert isinstance(answer, Comparison)
    return answer


def sweep(config: Configuration, **options: Any) -> Study:
    """The points of `study.sweep` (`.result`); the results are read by `sim.read_study(answer.result.folder)`."""
    return _study("sweep", config, options)


def select(config: Configuration, **options: Any) -> Study:
    """Which of `study.scenarios` or `study.against` is best (`.selection`), with a stated probability."""
    return _study("select", config, options)


def staffing(config: Configuration, **options: Any) -> Study:
    """How many agents are needed (`.study.agents`); load with `study=staffing` for the run that it wants."""
    return _study("staffing", config, options)


def worth(config: Configuration, **options: Any) -> Study:
    """What integration is worth in agents (`.answers`); load with `study=worth` for the run that it wants."""
    return _study("worth", config, options)


def sensitivity(config: Configuration, **options: Any) -> Study:
    """Which guesses matter (`.findings`); load with `study=sensitivity` for ranges and the run that it wants."""
    return _study("sensitivity", config, options)


def uncertainty(config: Configuration, **options: Any) -> Study:
    """How sure the headlines are (`.headlines`); load with `study=uncertainty` for ranges."""
    return _study("uncertainty", config, options)


def _study(kind: str, config: Configuration, options: Mapping[str, Any]) -> Study:
    from .api import study

    return study(kind, config, **options)


def rerun(folder: str | Path, point: int | None = None, workers: int | None = None, large: bool = False) -> Rerun:
    """What a folder (or its manifest.json) says was run, run again: `.equal`, or what is `.different`.

    Of a sweep the point with that number, its replications to the last bit. `.program` says how this program differs
    from the one that wrote the folder. `large` is leave to take hours, which a folder cannot give itself. Raises
    InputError for a folder that holds no result.
    """
    from .cli.load import rerun as again

    return again(folder, point, workers, large)


def read_study(
    folder: str | Path, measures: Sequence[str] = (), *, per_replication: bool = False
) -> dict[str, np.ndarray]:
    """The results of a finished sweep (`study=sweep`) by column: point, its factors, scope, name, measure, mean, ...

    `measures` picks some, such as ["journey.all.resolved"]: all of them are some hundred rows a point. With
    `per_replication` each replication's own `value` in place of estimates, also of a sweep that is not finished.
    """
    if per_replication:
        from .sweep.again import read_replications

        return read_replications(folder, measures)
    from .sweep.tables import read_study as read

    return read(folder, measures)


def add_extension(where: str | Path) -> Source:
    """Loads a Python file of one's own, or an importable module, that adds laws, rules, measures, ...: `sim.extend`.

    Installed packages with an entry point `switchboard.extensions` are loaded by themselves. The same file again takes
    the place of what it was. Raises InputError for a file that fails, adds nothing, or takes a name that is taken.
    """
    from .extensions import add

    return add(where)


def verify(*, full: bool = False, workers: int | None = None) -> list[Answer]:
    """Known answers simulated on this machine: each with `.exact`, `.simulated`, `.z` and whether it `.holds`."""
    from .known import verified

    return list(verified(full, workers))


def all_measures() -> dict[str, str]:
    """Every measure there is with its title; `kpis["channel.phone.asa"]` is one of them in one place."""
    from .measures.catalogue import describe, names

    return {name: describe(name).title for name in names()}


def scenarios(config_dir: str | Path | None = None) -> dict[str, str]:
    """Every scenario with the question it asks, the baseline first; `config_dir` has more of one's own."""
    from .cli import paths

    with paths.given(None if config_dir is None else str(config_dir)):
        return dict(paths.scenario_questions())


def __getattr__(name: str) -> str:
    """`sim.__version__`, looked up when it is asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("switchboard-sim")
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
