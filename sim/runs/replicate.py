"""Replications: the same configuration with independent chance, on all cores, and what came of it.

Comes in: a configuration. Goes out: `Results`, the estimates and the observations they come from. Replications are
threads on the compiled engine and processes (joblib's loky) on the SimPy engine, which holds the interpreter's lock; a
single one runs in this process. Ctrl-C keeps what is finished.
"""

from __future__ import annotations

import html
import os
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from tqdm import tqdm

from .. import engine
from ..errors import InputError, Problem
from ..log.tables import Log
from ..measures.flows import flows
from ..measures.observe import Observations, observe
from ..measures.pieces import Sums, lacking
from ..measures.replications import by_replication
from ..model.centre import Configuration
from ..statistics.batches import dependence_warnings, estimate_batches, pieces
from ..statistics.estimates import estimate
from ..statistics.groups import complete, grouped
from ..statistics.kpis import Kpis
from ..statistics.precision import check_asked, more_replications
from .initial_contents import started
from .known_arrivals import control, mean_first_contacts
from .levels import contacts_inside
from .size import check_size
from .threads import in_threads
from .workers import parallel

Numbered = tuple[int, Any]
"""the number of a replication, and what was made of it"""


class _Bar(tqdm):  # type: ignore[type-arg]
    """A progress bar without tqdm's thread that looks after bars: copies of a process with threads are not safe."""

    monitor_interval = 0


@dataclass(frozen=True)
class Results:
    """What replications gave: `kpis`, and what a picture or a report needs to say about them."""

    config: Configuration
    kpis: Kpis
    observations: tuple[Observations, ...]
    """by replication; with `run.batches` by batch of the one there is"""
    replications: tuple[int, ...]
    """numbers of the replications that finished"""
    seconds: float
    """wall-clock time"""
    flows: tuple[np.ndarray, ...] = field(repr=False, default=())
    """hops between channels by replication (see `sim.measures.flows`)"""
    extras: tuple[np.ndarray | None, ...] = field(repr=False, default=())
    levels: tuple[np.ndarray, ...] = field(repr=False, default=())
    """by replication (channels, 2): contacts in the centre at the start and the end of the measured window"""
    notes: tuple[str, ...] = ()
    """what to beware of in the intervals"""
    stopped: bool = False
    """whether Ctrl-C ended it, or the run that it repeats"""

    def __repr__(self) -> str:
        """What was run, and how much came of it."""
        return f"<Results of {self.config.scenario.name}: {len(self.replications)} replications, {self.kpis!r}>"

    def _repr_html_(self) -> str:
        """For notebooks."""
        return f"<p>{html.escape(repr(self)[1:-1])}</p>{self.kpis._repr_html_()}"

    def per_replication(self, measures: Sequence[str] = ()) -> dict[str, np.ndarray]:
        """Every replication's (or batch's) own value over the whole window, by column: replication, scope, name,
        measure, value; of `measures` (scope.name.measure) only, if any. NaN where a replication has none."""
        return by_replication(self.observations, self.replications, measures)

    @property
    def interrupted(self) -> bool:
        """Whether fewer replications finished than were asked for, or than `run.precision` needs."""
        return self.stopped or len(self.replications) < self.config.run.replications


def simulate(config: Configuration, replication: int = 0, *, seed: int | None = None) -> Log:
    """One replication of a configuration on its engine: the log. Replications count from 0."""
    return engine.simulate(started(config), config.run.seed if seed is None else seed, replication)


def simulate_in_pieces(config: Configuration, replication: int = 0, *, seed: int | None = None) -> Iterator[Log]:
    """The log of one replication in pieces that fit into memory however long it is, in the order of time. Each has the
    customers with whom the centre was done (`Log.counted`), and what agents did in a part of the time (`Log.part`);
    `sim.measures.pieces.Sums` adds up what is measured of them. Replications count from 0."""
    yield from engine.in_pieces(started(config), config.run.seed if seed is None else seed, replication)


def replicate(
    config: Configuration,
    *,
    progress: bool = False,
    keep: Callable[[Log], Any] | None = None,
    extra: Callable[[Log, Configuration], np.ndarray] | None = None,
    label: str = "replications",
    first: int = 0,
    only: Sequence[int] = (),
    measures: Collection[str] = (),
) -> Results:
    """Run `config.run.replications` replications, counted from `first`, and estimate; or the replications with the
    numbers in `only`, whatever precision is asked: what a run had that was interrupted. With `run.strata` only whole
    groups count. `measures` names the only ones to take, for a search that asks for few of very many centres.

    `keep` sees each log in its worker and `extra` makes an array of it that comes back in `Results.extras` (both
    picklable). Raises InputError for what only a run can find; KeyboardInterrupt only if nothing has finished yet.
    """
    wanted: Sequence[int] = only or range(first, first + config.run.replications)
    _check(config, wanted)
    began = time.perf_counter()
    done: list[tuple[int, Any]] = []
    one = partial(_whole, use=partial(_measured, config=config, keep=keep, extra=extra, measures=measures))
    if keep is None and extra is None and _comes_in_pieces(config, measures):
        one = partial(_measured_in_pieces, measures=measures)
    bar = _Bar(total=len(wanted), desc=label, unit="run", disable=None if progress else True)
    stopped = bool(only)
    try:
        while wanted:
            for result in _results(config, one, wanted):
                done.append(result)
                bar.update()
            wanted = ()
            if config.run.precision and not only:
                done.sort(key=lambda result: result[0])
                missing = more_replications(_weighed([each[0][0] for _, each in done], config), config, len(done))
                wanted = range(first + len(done), first + len(done) + missing)
                bar.total = (bar.total or 0) + missing
    except KeyboardInterrupt:
        stopped = True
        if not complete([number for number, _ in done], config.run.group):
            raise
    finally:
        bar.close()
    whole = complete([number for number, _ in done], config.run.group)
    done = sorted((result for result in done if result[0] in whole), key=lambda result: result[0])
    observations, flow, extras, levels = (tuple(part[i] for _, part in done) for i in range(4))
    numbers = tuple(number for number, _ in done)
    kpis, observations, notes = _estimated(observations, config)
    seconds = time.perf_counter() - began
    return Results(config, kpis, observations, numbers, seconds, flow, extras, levels, notes, stopped)


def _check(config: Configuration, wanted: Sequence[int]) -> None:
    """Says before anything runs what would go wrong at its end."""
    check_size(config)
    if config.run.precision:
        check_asked(momentary(config), config)
    if config.run.control_variates:
        mean_first_contacts(config)
    if not complete(wanted, config.run.group):
        raise InputError(Problem("run.strata", f"none of the {config.run.counted} asked for is whole"))


def momentary(config: Configuration) -> Kpis:
    """Which measures a centre has, told by a moment of it: the numbers mean nothing."""
    short = shortest(config)
    return estimate([observe(simulate(short), short)], short)


def joined(before: Results, more: Results) -> Results:
    """Results of a configuration with further replications of the same, estimated anew."""
    observations = (*before.observations, *more.observations)
    run = before.config.run.model_copy(update={"replications": len(observations)})
    config = before.config.model_copy(update={"run": run})
    return Results(
        config, _weighed(observations, config), observations, before.replications + more.replications,
        before.seconds + more.seconds, before.flows + more.flows, before.extras + more.extras,
        before.levels + more.levels, before.notes,
    )  # fmt: skip


def _weighed(observations: Sequence[Observations], config: Configuration) -> Kpis:
    """Estimates over replications in order, or groups of them, with the control that the run asks for."""
    independent = grouped(observations, config.run.group)
    return estimate(independent, config, control(independent, config))


def _estimated(
    found: tuple[list[Observations], ...], config: Configuration
) -> tuple[Kpis, tuple[Observations, ...], tuple[str, ...]]:
    """Estimates, what they come from, and warnings: over replications, or over the batches of the one there is."""
    if config.run.batches is None:
        observations = tuple(whole for (whole,) in found)
        return _weighed(observations, config), observations, ()
    whole, *parts = found[0]
    return estimate_batches(whole, parts, config), tuple(parts), tuple(dependence_warnings(parts, config))


def gathered(
    config: Configuration, extra: Callable[[Log, Configuration], np.ndarray], first: int = 0
) -> list[np.ndarray]:
    """Only the array that `extra` makes of each replication's log, in order; replications count from `first`."""
    numbers = range(first, first + config.run.replications)
    done = list(_results(config, partial(_whole, use=partial(_only, config=config, extra=extra)), numbers))
    return [array for _, array in sorted(done, key=lambda result: result[0])]


def _only(log: Log, config: Configuration, extra: Callable[[Log, Configuration], np.ndarray]) -> np.ndarray:
    return extra(log, config)


def _measured(
    log: Log,
    config: Configuration,
    keep: Callable[[Log], Any] | None,
    extra: Callable[[Log, Configuration], np.ndarray] | None,
    measures: Collection[str],
) -> tuple[list[Observations], np.ndarray, np.ndarray | None, np.ndarray]:
    if keep is not None:
        keep(log)
    observations = [observe(log, config, measures), *(pieces(log, config) if config.run.batches else ())]
    levels = contacts_inside(log, np.array(log.window))
    return observations, flows(log), None if extra is None else extra(log, config), levels


def _whole(config: Configuration, number: int, use: Callable[[Log], Any]) -> Numbered:
    return number, use(simulate(config, number))


def _comes_in_pieces(config: Configuration, measures: Collection[str]) -> bool:
    """Whether nobody needs the whole log of a replication, which is long."""
    return config.run.batches is None and engine.is_long(config) and not lacking(config, measures)


def _measured_in_pieces(config: Configuration, number: int, measures: Collection[str]) -> Numbered:
    """The same as of a whole log, of one that is never held."""
    sums, moves, levels = Sums(config, measures), np.zeros(1), np.zeros(1)
    for piece in simulate_in_pieces(config, number):
        sums.add(piece)
        moves = moves + flows(piece)
        levels = levels + contacts_inside(piece, np.array(piece.window))
    return number, ([sums.observations()], moves, None, levels)


def _results(
    config: Configuration, one: Callable[[Configuration, int], Numbered], numbers: Sequence[int]
) -> Iterator[Numbered]:
    """What `one` makes of each replication, with its number, as they finish."""
    workers = min(config.run.workers or os.cpu_count() or 1, len(numbers))
    if workers == 1:
        yield from (one(config, number) for number in numbers)
        return
    simulate(shortest(config), numbers[0])  # compiles once, here, rather than in every worker
    if engine.frees_the_lock(config):
        yield from in_threads(one, config, numbers, workers)
        return
    from joblib import delayed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # loky's notice of a worker that ended when idle
        yield from parallel(workers)(delayed(one)(config, number) for number in numbers)


def shortest(config: Configuration, replications: int | None = None) -> Configuration:
    """The same centre for a moment only, on the engine that so many replications of the whole take."""
    run = config.run.model_copy(update={"warm_up": 0.0, "measure": 1.0, "end": "cut"})
    return config.model_copy(update={"run": run, "engine": engine.chosen(config, replications)})
