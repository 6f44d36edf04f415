"""Of which runs facts are: of one, or of several side by side.

Comes in: logs and their configurations. Goes out: what is by run. Sums know the run as one more label, so that the rows
of a table of several runs are those of the first, then those of the second, and so on; a table's `rows` name those of
one run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..log.tables import Log
from ..model.centre import Configuration
from ..sums.times import ONE
from .given import Given, given_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class OfRuns:
    """The runs that a log is of."""

    runs = 1
    _run: Mapping[str, Ints] = {}
    """by table the run of each row; nothing where there is one run"""

    def __init__(self, log: Log, configs: Sequence[Configuration], stopped: Sequence[float]) -> None:
        self.log, self.configs = log, configs
        self.stopped: Floats = np.array(stopped)
        """(runs,): when each ended, s"""

    @property
    def config(self) -> Configuration:
        """The configuration; of several runs that of the first, which says what is the same in all of them."""
        return self.configs[0]

    @cached_property
    def givens(self) -> tuple[Given, ...]:
        """What the configuration of each run gives."""
        return tuple(map(given_of, self.configs))

    def given(self, what: Callable[[Given], Floats]) -> Floats:
        """What configurations give: (rows of all runs, ...)."""
        return np.concatenate([what(given) for given in self.givens])

    def run(self, table: str) -> Ints:
        """The run of each row of a table of the log; `ONE` of a single run."""
        return self._run.get(table, ONE)

    def in_runs(self, table: str, number: NDArray[np.integer], count: int) -> Ints:
        """Numbers below `count` of the rows of a table, as numbers over all runs."""
        if self.runs == 1:
            return number.astype(np.int64, copy=False)
        return np.asarray(self._run[table] * count + number)

    def of_each_run(self, some: Sequence[int], count: int) -> Ints:
        """Rows of all runs: some of the `count` rows of each."""
        return (np.arange(self.runs)[:, None] * count + np.array(some, dtype=np.int64)).reshape(-1)

    def until_stop(self, table: str, times: Floats) -> Floats:
        """Times of the rows of a table, s; what had not happened when the run stopped counts as happening then."""
        return np.asarray(np.fmin(times, self.stopped[0] if self.runs == 1 else self.stopped[self._run[table]]))

    @property
    def agent_rows(self) -> Ints:
        """(agents of all runs,): the row of each one's group among those of all runs."""
        pool = self.log.agent_pool
        return pool if self.runs == 1 else self._run["agents"] * len(self.log.pools) + pool
