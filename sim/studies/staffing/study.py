"""The study: the plan simulated, agents searched, the answer confirmed with other luck.

Comes in: a configuration. Goes out: a `Study` that holds what was observed at the plan, the answer and, once
confirmed, what fresh replications gave there. Replications are numbered through: the plan has the first, each round of
the search and of the confirmation the next ones, so that nothing is judged by what it was chosen from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from ...model.centre import Configuration
from ...model.units import HOUR
from ...runs.replicate import Results, replicate
from .confirmation import Confirmation
from .formula import Formulas, formulas
from .groups import Group, groups_to_solve, staffed
from .limits import Limit, Margin, limits
from .needs import needs_of
from .observed import Observed, SlotSums, observed_of, simulated
from .search import Agents, Ladder, Search, agents_of
from .slots import Slots, slots_of
from .volumes import Volume, observed_volume, stated_alone, volumes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CONTACTS = 9e5
"""contacts of a round of the confirmation, where the number of replications is not stated"""
FEWEST, FEWEST_OF_JOURNEYS, MOST = 150, 40, 2000
"""replications of such a round; fewer where journeys tie channels together, which costs more a replication"""
SEARCHED = 10
"""a round of the search has a tenth of a confirmation's replications"""
ROUNDS = 18
"""most rounds of the confirmation"""


class Study:
    """How many agents do I need? Making it simulates the plan; raises InputError for groups that do not exist.

    `stated` gives the volumes of a planner's own file (configuration, slots, channel and group go in), and `has_plan`
    is False where nobody says how many agents there are.
    """

    def __init__(
        self,
        config: Configuration,
        progress: bool = False,
        stated: Callable[..., Volume] | None = None,
        has_plan: bool = True,
    ) -> None:
        self.config = config.model_copy(update={"run": config.run.model_copy(update={"precision": (), "log": False})})
        self.slots: Slots = slots_of(self.config)
        self.groups: list[Group] = groups_to_solve(self.config, self.slots)
        self.stated, self.has_plan = stated, has_plan
        self.baseline: Results | None = self._baseline(progress) if has_plan else None
        extras = [each for each in self.baseline.extras if each is not None] if self.baseline else []
        self.plan: Observed | None = observed_of(self.config, extras) if extras else None
        self._next = self.config.run.replications if self.baseline else 0
        self.volumes = {group.name: self._volumes(group) for group in self.groups}
        self.formulas = {g.name: formulas(self.config, g, self.volumes[g.name]) for g in self.groups if g.by_interval}
        self.replications = self._replications()
        ladders = self._ladders()
        self.search = Search(ladders, self.groups, self._fresh_round, self.config.study.staffing.rounds)
        self.confirmation: Confirmation | None = None

    def _baseline(self, progress: bool) -> Results:
        found = replicate(self.config, progress=progress, extra=SlotSums(self.slots), label="the plan")
        if found.interrupted:
            raise KeyboardInterrupt
        return found

    def _volumes(self, group: Group) -> dict[str, Volume]:
        if self.stated is None:
            return {name: volumes(self.config, self.slots, name, self.plan) for name in group.live}
        return {
            name: self.stated(config=self.config, slots=self.slots, channel=name, group=group.name)
            for name in group.live
        }

    def _replications(self) -> int:
        """Of a round of the confirmation: as stated, or enough for `CONTACTS`."""
        asked = self.config.study.staffing.confirm
        if asked is not None:
            return asked
        days, live = self.slots.days_by_slot, [name for group in self.groups for name in group.live]
        contacts = sum(float((v.contacts * days).sum()) for each in self.volumes.values() for v in each.values())
        plain = live and all(stated_alone(self.config, name) for name in live)
        return int(np.clip(math.ceil(CONTACTS / max(contacts, 1.0)), FEWEST if plain else FEWEST_OF_JOURNEYS, MOST))

    def _ladders(self) -> list[Ladder]:
        ladders, final = [], ROUNDS * self.replications
        for need in needs_of(self.config, self.slots, self.groups, self.volumes):
            if need.is_level:
                ladders.append(Ladder(need, max(need.group.peak, 1), 1, final))
                continue
            of, at = self.formulas[need.group.name], list(need.slots)
            endless = of.erlang_a is None
            least = max(int(need.group.least[at].max()), int(of.stable[at].max()) if endless else 0)
            ladders.append(Ladder(need, max(int(of.all_asked[at].max()), least), least, final))
        return ladders

    # Searching and confirming ---------------------------------------------------------------------------------------

    def solve(self, progress: bool = False) -> None:
        """Searches; what it has reached stays in `search` if it is interrupted."""
        with tqdm(
            total=len(self.search.ladders), desc="agents settled", unit="need", disable=None if progress else True
        ) as bar:

            def tell(settled: int, asked: int) -> None:
                """Shows how far it is."""
                bar.set_postfix_str(f"{self.search.rounds} staffings simulated")
                bar.update(settled - bar.n)

            self.search.run(tell)

    def confirm(self, progress: bool = False) -> Observed:
        """Confirms the answer with replications that nothing was chosen from, adding agents where it falls short;
        returns what the last round observed."""
        check = Confirmation(
            self.search.ladders, list(self.search.answer), self._fresh_numbers, self.replications,
            self.config.run.confidence, ROUNDS,
        )  # fmt: skip
        self.confirmation = check
        with tqdm(total=None, desc="confirmed on fresh replications", disable=None if progress else True) as bar:

            def tell(short: int) -> None:
                """Shows how far it is."""
                bar.set_postfix_str(f"round {check.rounds}, {short} of {len(check.ladders)} not confirmed")
                bar.update()

            check.run(tell)
        assert check.observed is not None
        return check.observed

    def _fresh_round(self, agents: Agents) -> Observed:
        count = max(self.config.run.replications, math.ceil(self.replications / SEARCHED))
        return self._fresh(agents, count)

    def _fresh_numbers(self, numbers: Sequence[int], count: int) -> Observed:
        return self._fresh(agents_of(self.groups, self.search.ladders, numbers), count)

    def _fresh(self, agents: Mapping[str, Ints], count: int) -> Observed:
        """What `count` replications give that were never looked at before."""
        first, self._next = self._next, self._next + count
        config = self.staffed_with(agents)
        run = config.run.model_copy(update={"replications": count})
        return simulated(config.model_copy(update={"run": run}), self.slots, first)

    def staffed_with(self, agents: Mapping[str, Ints]) -> Configuration:
        """The centre with other agents by group and slot."""
        return staffed(self.config, self.slots, self.groups, agents)

    # The answer -----------------------------------------------------------------------------------------------------

    @property
    def numbers(self) -> list[int]:
        """The answer so far, by need."""
        return list(self.search.answer if self.confirmation is None else self.confirmation.numbers)

    @property
    def agents(self) -> Mapping[str, Ints]:
        """The answer so far: agents on duty (net) by group and slot."""
        return agents_of(self.groups, self.search.ladders, self.numbers)

    @property
    def answer(self) -> Configuration:
        """The centre staffed by it."""
        return self.staffed_with(self.agents)

    @property
    def checked(self) -> Confirmation | None:
        """The confirmation once a round of it is over; before that it says nothing."""
        return self.confirmation if self.confirmation is not None and self.confirmation.rounds else None

    @property
    def holds(self) -> bool:
        """Whether every limit of every need is confirmed at the confidence of the run."""
        return self.confirmation is not None and self.confirmation.holds

    @property
    def after(self) -> Observed | None:
        """What the last round of the confirmation observed; before one is over, the plan."""
        return self.plan if self.checked is None else self.checked.observed

    def hours(self, agents: Floats | Ints) -> float:
        """Agent hours of a week, of agents by slot: each weekday counts with the mean of its days in the window. Dates
        that a planner's file does not have are closed; of another centre, less than a week stands for a whole one."""
        of_kind = agents.reshape(len(self.slots.kinds), -1).sum(axis=1) * self.slots.length / HOUR
        hours = np.array([of_kind[self.slots.kind_of(day)] for day in self.slots.measured])
        weekday = np.array(self.slots.measured) % 7
        means = [float(hours[weekday == each].mean()) for each in np.unique(weekday)]
        return sum(means) * (1.0 if self.stated else 7 / len(means))

    def formulas_after(self, group: Group) -> Formulas:
        """What the formulas ask for with the volumes that the answer brings."""
        if self.after is None or all(volume.stated for volume in self.volumes[group.name].values()):
            return self.formulas[group.name]
        found = {name: observed_volume(self.config, self.slots, name, self.after) for name in group.live}
        return formulas(self.config, group, found)

    def judged(self, group: Group) -> list[tuple[Limit, Floats, Floats]]:
        """Each limit of the group with value and half width by column (the whole window, then slots; NaN where the
        group is closed), at the answer; empty before anything was simulated. A slot is judged by all rounds of the
        confirmation with its number, the whole window by the last one."""
        if self.after is None:
            return []
        confidence, by_limit = self.config.run.confidence, []
        closed = np.concatenate([[False], ~group.is_open])
        for limit in limits(self.config, group):
            value, half = self.after.with_interval(limit.scope, limit.name, limit.measure, confidence)
            for margin, columns in self._pooled(group, limit):
                value[columns], half[columns] = margin.share, margin.half_width(confidence)
            by_limit.append((limit, np.where(closed, np.nan, value), np.where(closed, np.nan, half)))
        return by_limit

    def replications_of(self, group: Group) -> Ints:
        """By column as in `judged`, how many replications stand behind it."""
        counts = np.full(1 + self.slots.count, 0 if self.after is None else self.after.sums.shape[0])
        for limit in limits(self.config, group):
            for margin, columns in self._pooled(group, limit):
                counts[columns] = margin.count
        return counts

    def _pooled(self, group: Group, limit: Limit) -> Iterator[tuple[Margin, list[int]]]:
        """What all rounds of the confirmation gave of a limit in the group's slots, with the columns it stands for."""
        if self.checked is None:
            return
        for ladder, evidence in zip(self.checked.ladders, self.checked.evidence, strict=True):
            need = ladder.need
            if need.group is group and not need.is_level and evidence:
                mine = [margin for margin in evidence if margin.limit == limit]
                pairs = zip(mine, need.judged, strict=False)
                yield from ((margin, list(columns)) for margin, columns in pairs if margin.bottom > 0)


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
