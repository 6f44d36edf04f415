"""Replications: the same configuration with independent chance, on all cores, and what came of it.

Comes in: a configuration. Goes out: `Results`, the estimates and the observations they come from. Replications are
processes (joblib's loky), because the SimPy engine holds the interpreter's lock; a single one runs in this process.
Ctrl-C keeps what is finished.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from tqdm import tqdm

from ..engine.log import Log
from ..engine.tables import tables_of
from ..measures.observe import Observations, observe
from ..model.centre import Configuration
from .estimates import Kpis, estimate


@dataclass(frozen=True)
class Results:
    """What replications gave: `kpis`, and what a picture or a report needs to say about them."""

    config: Configuration
    kpis: Kpis
    observations: tuple[Observations, ...]
    replications: tuple[int, ...]
    """numbers of the replications that finished"""
    seconds: float
    """wall-clock time"""
    flows: tuple[np.ndarray, ...] = field(repr=False, default=())
    """hops between channels by replication (see `sim.measures.flows`)"""

    @property
    def interrupted(self) -> bool:
        """Whether fewer replications finished than were asked for."""
        return len(self.replications) < self.config.run.replications


def simulate(config: Configuration, replication: int = 0, *, seed: int | None = None) -> Log:
    """One replication of a configuration on its engine: the log. Replications count from 0."""
    from ..engine.reference.simulation import simulate as on_simpy

    return on_simpy(config, config.run.seed if seed is None else seed, replication)


def _one(config: Configuration, replication: int, keep: Callable[[Log], None] | None) -> tuple[int, Observations, np.ndarray]:
    from ..measures.flows import flows

    log = simulate(config, replication)
    if keep is not None:
        keep(log)
    return replication, observe(log, config), flows(log)


def replicate(
    config: Configuration, *, progress: bool = False, keep: Callable[[Log], None] | None = None
) -> Results:
    """Run `config.run.replications` replications and estimate. `keep` sees each log in its worker (picklable).

    Raises InputError for what only a run can find; KeyboardInterrupt only if nothing has finished yet.
    """
    began = time.perf_counter()
    done: list[tuple[int, Observations, np.ndarray]] = []
    bar = tqdm(total=config.run.replications, desc="replications", unit="run", disable=None if progress else True, leave=False)
    try:
        for result in _results(config, keep):
            done.append(result)
            bar.update()
    except KeyboardInterrupt:
        if not done:
            raise
    finally:
        bar.close()
    done.sort(key=lambda result: result[0])
    observations = tuple(each[1] for each in done)
    return Results(
        config, estimate(observations, config), observations, tuple(each[0] for each in done),
        time.perf_counter() - began, tuple(each[2] for each in done),
    )  # fmt: skip


def _results(
    config: Configuration, keep: Callable[[Log], None] | None
) -> Iterator[tuple[int, Observations, np.ndarray]]:
    numbers = range(config.run.replications)
    workers = min(config.run.workers or os.cpu_count() or 1, len(numbers))
    tables_of(config)  # compiled and checked once here rather than in every worker
    if workers == 1:
        yield from (_one(config, number, keep) for number in numbers)
        return
    from joblib import Parallel, delayed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # loky's notice of a worker that ended when idle
        parallel = Parallel(n_jobs=workers, return_as="generator_unordered")
        yield from parallel(delayed(_one)(config, number, keep) for number in numbers)



