"""What one replication needs beside its state: the tables, the key of its chance, its time axis."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ...model.centre import Configuration
from ..tables import Tables, tables_of


class Setup:
    """A configuration, coded, with seed and replication."""

    def __init__(self, config: Configuration, seed: int, replication: int) -> None:
        self.config, self.seed, self.replication = config, seed, replication
        self.chance = seed, replication
        self.tables: Tables = tables_of(config)
        run = config.run
        self.window = (run.warm_up, run.warm_up + run.measure)
        self.follows = run.end == "follow"
        self.limit = self.window[1] + (0.0 if run.end == "cut" else run.follow_limit)
        self.last_arrival = self.limit if self.follows else self.window[1]

    @cached_property
    def session_tables(self) -> tuple[Any, ...]:
        """Arrays that `plan_session` takes first."""
        return self.tables.parameters, self.tables.laws, self.tables.quantiles

    @cached_property
    def service_tables(self) -> tuple[Any, ...]:
        """Arrays that `plan_service` takes first."""
        return *self.session_tables, self.tables.factors

    @cached_property
    def hop_tables(self) -> tuple[Any, ...]:
        """Arrays that `plan_hop` takes first."""
        t = self.tables
        return (t.rows, t.row_delays, t.row_until_opening, t.laws, t.quantiles, t.opens, t.closes, t.first_span,
                t.week_offset)  # fmt: skip
