"""What a log says, arranged for measuring: contacts and journeys of the measured window, with their time columns.

Comes in: one log (or a piece of one) and its configuration. Goes out: arrays from which every measure is a sum over a
sum. A contact belongs to the interval in which it joined its channel; a journey to the one in which it began. What
several measures need is computed once (`once`).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..log.codes import PUT_THROUGH
from ..sums.places import sums
from .columns import Columns, Floats, Ints, Label, Labels
from .contact_facts import SERVED, Bools, ContactFacts, Selection, selection, without_nan

__all__ = ["SERVED", "Bools", "Columns", "Facts", "Floats", "Ints", "Selection", "without_nan"]


class Facts(ContactFacts):
    """Contacts, journeys and their attributes within the measured window of one log."""

    @cached_property
    def begun(self) -> Selection:
        """Which customers' journeys began within the window, and are counted."""
        return self.within(self.log.customers["arrived"], self.log.counted)

    def journey(self, name: str) -> NDArray[np.generic]:
        """A column of the customers whose journey began in the window."""
        return self.once(_of_journeys, name)

    @property
    def journeys(self) -> int:
        """How many journeys began in the window."""
        return self.journey("entity").size

    @property
    def journey_labels(self) -> Labels:
        """`segment` and `reason` of the journeys of the window, and of several runs the run."""
        known = {"segment": len(self.log.segments), "reason": len(self.log.reasons)}
        labels: dict[str, Label] = {name: (self.journey(name), size) for name, size in known.items()}
        return labels if self.runs == 1 else labels | {"run": (self.run("customers")[self.begun], self.runs)}

    @cached_property
    def began(self) -> Floats:
        """When each journey began, s."""
        return self.journey("arrived").astype(float)

    @cached_property
    def owner(self) -> tuple[Selection, Ints]:
        """Which contacts of the log belong to journeys of the window, and to which of these."""
        if isinstance(self.begun, slice):
            return self.begun, self._customer
        mine = selection(self.begun[self._customer])
        return mine, (np.cumsum(self.begun) - 1)[self._customer[mine]]

    def theirs(self, name: str) -> NDArray[np.generic]:
        """A column of all contacts (whenever they happened) of the journeys of the window."""
        return self.once(_of_their_contacts, name)

    def per_journey(self, values: NDArray[np.generic]) -> Floats:
        """Sums over the contacts of each journey of the window."""
        if self._one_leg_each:
            return values.astype(float)
        return sums(self.owner[1], values, self.journeys)

    @cached_property
    def _one_leg_each(self) -> bool:
        """Whether each journey of the window has one leg, as in a plain queue: a sum over legs is the leg's value."""
        owner = self.owner[1]
        return owner.size == self.journeys and bool((owner == np.arange(owner.size)).all())

    # Contacts of these journeys: legs joined by a put-through are one, and its channel is that of its last leg --------

    @cached_property
    def begins_contact(self) -> Bools:
        """Whether each leg of their journeys begins a contact, rather than going on with the one before."""
        return np.asarray(self.theirs("via") != PUT_THROUGH)

    @cached_property
    def ends_contact(self) -> Bools:
        """Whether each leg of their journeys is the last of its contact."""
        return np.append(self.begins_contact[1:], True) if self.begins_contact.size else self.begins_contact

    @cached_property
    def contact_number(self) -> Ints:
        """The number, within its journey, of the contact that each leg belongs to: 1 for the first."""
        begun = np.cumsum(self.begins_contact)
        first = self.theirs("number") == 1
        return np.asarray(begun - begun[first][np.cumsum(first) - 1] + 1 if begun.size else begun)

    def in_contact(self, values: NDArray[np.generic]) -> Floats:
        """Sums over the legs of the contact that each leg belongs to."""
        which = np.cumsum(self.begins_contact) - 1
        return sums(which, values, int(which[-1]) + 1)[which] if which.size else np.zeros(0)

    @cached_property
    def their_agent_seconds(self) -> Floats:
        """Agents' time by contact of the journeys of the window, s."""
        return np.asarray(self._all_agent_seconds[self.owner[0]])

    @cached_property
    def their_waits(self) -> Floats:
        """Wait by contact of the journeys of the window, s; 0 in self-service."""
        queued = ~self._of_self_service[self.theirs("channel").astype(np.int64)]
        return np.asarray(self._all_waits[self.owner[0]] * queued)

    @cached_property
    def visits(self) -> NDArray[np.int64]:
        """(journeys, channels): contacts of each journey in each channel."""
        channels = len(self.log.channels)
        code = (self.owner[1] * channels + self.theirs("channel").astype(np.int64))[self.ends_contact]
        return np.bincount(code, minlength=self.journeys * channels).reshape(-1, channels)


def _of_journeys(facts: Facts, name: str) -> NDArray[np.generic]:
    return np.asarray(facts.log.customers[name][facts.begun])


def _of_their_contacts(facts: Facts, name: str) -> NDArray[np.generic]:
    return np.asarray(facts.log.contacts[name][facts.owner[0]])
