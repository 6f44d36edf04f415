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
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from .log.tables import Log
    from .model import Configuration
    from .runs.replicate import Results

__all__ = ["load", "read_study", "replicate", "simulate"]


def load(overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> Configuration:
    """The configuration that `python -m sim` with these overrides would run.

    `config_dir` is a folder with scenarios of one's own. Raises InputError listing every mistake.
    """
    from .cli.compose import compose
    from .model import Configuration

    folders = () if config_dir is None else (Path(config_dir),)
    return Configuration.from_mapping(compose(overrides, config_dir), folders)


def simulate(config: Configuration, replication: int = 0, *, seed: int | None = None) -> Log:
    """One replication (they count from 0): its log, flat tables of customers, contacts, duties and staffing."""
    from .runs.replicate import simulate as run

    return run(config, replication, seed=seed)


def replicate(config: Configuration, **options: Any) -> Results:
    """`config.run.replications` replications on all cores: `.kpis` holds every measure with its interval."""
    from .runs.replicate import replicate as run

    return run(config, **options)


def read_study(folder: str | Path, measures: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """The results of a finished sweep (`study=sweep`) by column: point, its factors, scope, name, measure, mean, ...

    `measures` picks some, such as ["journey.all.resolved"]: all of them are some hundred rows a point.
    """
    from .sweep.tables import read_study as read

    return read(folder, measures)
