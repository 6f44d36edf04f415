"""What one replication needs beside its state: the tables, the key of its chance, its time axis."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...coded.centre import centre_of
from ...model.centre import Configuration
from ...rules import decisions as rules
from ...rules import loyalty
from ...rules.hops import after_opening, plan_hop, plan_reopening
from ...rules.service import plan_service, plan_session, plan_turn
from ...rules.waiting import plan_balking, plan_balking_by_number, plan_seen, plan_silence
from .customers import Contact
from .moods import mood_of


class Setup:
    """A configuration, coded, with seed and replication."""

    def __init__(self, config: Configuration, seed: int, replication: int) -> None:
        self.config, self.seed, self.replication = config, seed, replication
        self.coded = centre_of(config)
        self.channels = self.coded.channels
        self.tables = t = self.coded.tables
        # The steps, with the tables that they take first.
        laws = (t.profiles, t.laws, t.quantiles)
        self.plan_session = partial(plan_session, *laws, t.factors)
        self.plan_service = partial(plan_service, *laws, t.factors)
        self.plan_reopening = partial(plan_reopening, *laws)
        self.plan_turn = partial(plan_turn, *laws)
        self.plan_silence = partial(plan_silence, *laws)
        self.plan_seen = partial(plan_seen, t.profiles)
        self.plan_balking = partial(plan_balking, t.laws, t.quantiles)
        self.plan_balking_by_number = plan_balking_by_number
        self.plan_hop = partial(plan_hop, t.row_delays, t.row_carries, t.laws, t.quantiles)
        self.after_opening = t.row_after_opening.tolist()
        self.loyal = (t.row_loyalty[:, loyalty.OWN] >= 0).tolist()
        self._walked = np.empty(t.rows.shape[1])
        self.profile_of: list[list[list[int]]] = t.profile_of.tolist()
        self.mood = mood_of(self.coded, self.plan_hop)
        window = self.coded.window
        self.window, self.limit = (window.begin, window.end), window.limit
        self.follows, self.last_arrival = window.follows, window.last_arrival

    def walked(self, row: int, entity: int) -> rules.Floats:
        """A row of the switching matrix as the customer walks it; valid until the next call."""
        t = self.tables
        if not self.loyal[row]:
            return np.asarray(t.rows[row])
        loyalty.walked_row(
            t.rows[row], t.row_else[row], t.row_loyalty[row], self.seed, self.replication, entity, self._walked
        )
        return self._walked

    def plan_after_opening(self, row: int, delay: float, entity: int, contact: int) -> float:
        """Seconds after the opening of a closed channel at which a hop by this row begins."""
        t, law = self.tables, self.after_opening[row]
        return after_opening(delay, law, t.laws, t.quantiles, self.seed, self.replication, entity, contact)

    def plan_turn_of(self, contact: Contact, profile: int) -> tuple[float, float, float, int]:
        """(patience, service, wrap-up, outcome if served) of the contact's present turn, as `profile` sees it."""
        return self.plan_service(
            profile, contact.saved, contact.beside, contact.queued_at, self.seed, self.replication,
            contact.customer.entity, contact.number, contact.turn,
        )  # fmt: skip
