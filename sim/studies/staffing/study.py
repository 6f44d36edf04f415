"""The study: the plan simulated, agents searched, the answer confirmed with other luck.

Comes in: a configuration. Goes out: a `Study` that holds what was seen at the plan, the answer and, once confirmed,
what fresh replications gave there. The search minimises over its own replications, so that these flatter it; the fresh
ones do not.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from ...model.centre import Configuration
from ...model.units import HOUR, WEEK
from ...runs.replicate import Results, replicate
from .formula import erlang
from .groups import Group, groups_to_solve, staffed
from .observed import Seen, SlotSums, look, seen_of
from .search import Agents, Search
from .slack import Limit, limits
from .slots import Slots, slots_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Study:
    """How many agents do I need? Making it simulates the plan; raises InputError for groups that do not exist."""

    def __init__(self, config: Configuration, progress: bool = False) -> None:
        self.config = config.model_copy(update={"run": config.run.model_copy(update={"precision": (), "log": False})})
        self.slots: Slots = slots_of(self.config)
        self.groups: list[Group] = groups_to_solve(self.config, self.slots)
        extra = SlotSums(self.slots)
        self.baseline: Results = replicate(self.config, progress=progress, extra=extra, label="the plan")
        if self.baseline.interrupted:
            raise KeyboardInterrupt
        self.plan: Seen = seen_of(self.config, [each for each in self.baseline.extras if each is not None])
        start = {
            group.name: erlang(self.config, self.slots, group, self.plan, False) if group.by_interval
            else group.at_level(max(group.peak, 1))
            for group in self.groups
        }  # fmt: skip
        self.search = Search(self.config, self.slots, self.groups, start, self._simulated)
        self.found: Seen | None = None
        self.confirmed: Seen | None = None

    def solve(self, progress: bool = False) -> None:
        """Searches; what it has reached stays in `search` if it is interrupted."""
        with tqdm(
            total=self.search.slots_asked, desc="agents settled", unit="slot", disable=None if progress else True
        ) as bar:

            def said(settled: int, asked: int) -> None:
                bar.set_postfix_str(f"{self.search.rounds} staffings simulated")
                bar.update(settled - bar.n)

            self.search.run(said)

    def confirm(self, progress: bool = False) -> Seen:
        """Simulates the answer with replications that the search has not seen."""
        asked, run = self.config.study.staffing, self.config.run
        config = self.answer.model_copy(update={"run": run.model_copy(update={"replications": asked.confirm})})
        with tqdm(total=1, desc="confirmed by fresh replications", disable=None if progress else True) as bar:
            self.confirmed = look(config, self.slots, first=run.replications)
            bar.update()
        return self.confirmed

    def staffed_with(self, agents: Mapping[str, Ints]) -> Configuration:
        """The centre with other agents by group and slot."""
        return staffed(self.config, self.slots, self.groups, agents)

    def _simulated(self, agents: Agents) -> Seen:
        self.found = look(self.staffed_with(agents), self.slots)
        return self.found

    @property
    def agents(self) -> Mapping[str, Ints]:
        """The answer so far: agents on duty (net) by group and slot."""
        return self.search.answer

    @property
    def answer(self) -> Configuration:
        """The centre staffed by it."""
        return self.staffed_with(self.agents)

    @property
    def after(self) -> Seen:
        """What was seen at the answer, or near it: confirmed if it is, else the last of the search, else the plan."""
        return self.confirmed or self.found or self.plan

    @property
    def same_luck(self) -> Seen:
        """The answer, or near it, with the replications of the plan: differences are not luck."""
        return self.found or self.plan

    def hours(self, agents: Floats | Ints) -> float:
        """Agent hours a week of agents by slot."""
        dates = np.repeat(self.slots.dates, self.slots.per_day)
        return float((agents * dates).sum() * self.slots.length / HOUR / (self.config.run.measure / WEEK))

    def erlang(self, group: Group, patient: bool, after: bool = False) -> Ints:
        """Agents by slot that a formula asks for, with the volumes of the plan or `after` the answer."""
        return erlang(self.config, self.slots, group, self.same_luck if after else self.plan, patient)

    def judged(self, group: Group) -> list[tuple[Limit, Floats, Floats]]:
        """Each limit of the group with value and half width by column (the whole window, then slots), at the answer."""
        seen, confidence = self.after, self.config.run.confidence
        return [
            (limit, *seen.with_interval(limit.scope, limit.name, limit.measure, confidence))
            for limit in limits(self.config, group)
        ]


def verdict(limit: Limit, value: float, half_width: float) -> str:
    """`meets`, `within noise` (short, but the interval holds the limit), `misses`, or '' where nothing was offered.

    >>> verdict(Limit("channel", "phone", "service_level", 0.8, True), 0.78, 0.03)
    'within noise'
    """
    if np.isnan(value):
        return ""
    short = limit.value - value if limit.at_least else value - limit.value
    if short <= 0:
        return "meets"
    return "misses" if short > half_width else "within noise"


WORST = ("", "meets", "within noise", "misses")
"""verdicts, better ones first"""
