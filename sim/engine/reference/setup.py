"""What one replication needs beside its state: the tables, the key of its chance, its time axis."""

from __future__ import annotations

from functools import partial

from ...model.centre import Configuration
from .. import steps
from ..tables import Tables, tables_of
from .moods import mood_of


class Setup:
    """A configuration, coded, with seed and replication."""

    def __init__(self, config: Configuration, seed: int, replication: int) -> None:
        self.config, self.seed, self.replication = config, seed, replication
        self.tables: Tables = tables_of(config)
        t = self.tables
        # The steps, with the tables that they take first.
        self.plan_session = partial(steps.plan_session, t.parameters, t.laws, t.quantiles)
        self.plan_service = partial(steps.plan_service, t.parameters, t.laws, t.quantiles, t.factors)
        self.plan_reopening = partial(steps.plan_reopening, t.parameters, t.laws, t.quantiles)
        self.plan_balking = partial(steps.plan_balking, t.laws, t.quantiles)
        self.plan_hop = partial(steps.plan_hop, t.rows, t.row_delays, t.laws, t.quantiles, t.carries)
        self.mood = mood_of(config, t)
        run = config.run
        self.window = (run.warm_up, run.warm_up + run.measure)
        self.follows = run.end == "follow"
        self.limit = self.window[1] + (0.0 if run.end == "cut" else run.follow_limit)
        self.last_arrival = self.limit if self.follows else self.window[1]
