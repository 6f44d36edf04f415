"""What one replication needs beside its state: the tables, the key of its chance, its time axis."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...coded.centre import centre_of
from ...model.centre import Configuration
from ...rules import decisions as rules
from ...rules import loyalty
from ...rules.hops import plan_hop, plan_reopening
from ...rules.service import plan_service, plan_session, plan_turn
from ...rules.waiting import plan_balking, plan_seen, plan_silence
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
        self.plan_hop = partial(plan_hop, t.hops.delays, t.hops.carries, t.laws, t.quantiles)
        self.loyal = (t.hops.loyalty[:, loyalty.OWN] >= 0).tolist()
        self._walked = np.empty(t.hops.rows.shape[1])
        self.profile_of: list[list[list[int]]] = t.profile_of.tolist()
        self.mood = mood_of(self.coded, self.plan_hop)
        window = self.coded.window
        self.window, self.limit = (window.begin, window.end), window.limit
        self.follows, self.last_arrival = window.follows, window.last_arrival

    def walked(self, row: int, entity: int) -> rules.Floats:
        """A row of the switching matrix as the customer walks it; valid until the next call."""
        hops = self.tables.hops
        if not self.loyal[row]:
            return np.asarray(hops.rows[row])
        loyalty.walked_row(
            hops.rows[row], hops.elsewhere[row], hops.loyalty[row], self.seed, self.replication, entity, self._walked
        )
        return self._walked

    def plan_turn_of(self, contact: Contact, profile: int) -> tuple[float, float, float, int]:
        """(patience, service, wrap-up, outcome if served) of the contact's present turn, as `profile` sees it."""
        return self.plan_service(
            profile, contact.saved, contact.beside, contact.queued_at, self.seed, self.replication,
            contact.customer.entity, contact.number, contact.turn,
        )  # fmt: skip
