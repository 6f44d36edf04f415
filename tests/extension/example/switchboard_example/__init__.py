"""One of everything that can be added from outside; the tests hold each against what ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import sim.extend as extend
from sim.measures.measure import Measure, Scoped, of_contacts
from sim.measures.table import Table
from sim.measures.window import Facts
from sim.runs.replicate import Results, replicate
from sim.studies.base import Keep, Study, nothing


# A measure that is a ratio over contacts, and one that computes its own table.
def _late(facts: Facts) -> np.ndarray:
    return np.asarray((np.nan_to_num(facts.wait) > 60.0) * facts.served)


extend.measure(of_contacts("late_minute", "Waited over a minute", "share", "waits above 60 s / answered", _late,
                           lambda facts: facts.served, kinds=("live",)))  # fmt: skip


def _repeats(facts: Facts) -> Iterator[Scoped]:
    several = (facts.journey("contacts") > 1).astype(float)
    yield "journey", Table(("all",), facts.columns.sums(several, np.zeros(several.size, dtype=int), 1, facts.began))


extend.measure(Measure("repeaters", "Journeys of several contacts", "journeys", "contacts above 1", "total", _repeats))


# A law: waiting for the next of evenly spaced trains. Uniform, so that its truth is known.
def _train(u: float, high: float) -> float:
    return high * u


extend.law("train", [{"high"}], _train)


def _pareto(u: float, median: float, shape: float) -> float:
    """Lomax: much heavier a tail than any law that ships."""
    return float(median * ((1 - u) ** (-1 / shape) - 1) / (2 ** (1 / shape) - 1))


extend.law("pareto", [{"median", "shape"}], _pareto)


# Rules that say what two that ship say, so that the logs must be equal.
@extend.agent_rule("idle_first")
def idle_first(choice: extend.AgentChoice) -> int:
    """Least loaded, then longest free, then in order: `longest_idle` in other words."""
    share = choice.load / choice.capacity
    return min(range(share.size), key=lambda place: (share[place], choice.since[place], place))


@extend.agent_rule("newest")
def newest(choice: extend.AgentChoice) -> int:
    """The agent with the highest number, or with `routing.settings.lowest=1` the lowest."""
    return int(choice.agents.argmin() if choice.settings.get("lowest") else choice.agents.argmax())


@extend.queue_rule("by_score")
def by_score(choice: extend.LineChoice) -> int:
    """Lowest rank, highest score, longest wait: `priority` in other words."""
    return int(np.lexsort((choice.queued_at, -choice.score, choice.rank))[0])


@extend.queue_rule("shortest_queue")
def shortest_queue(choice: extend.LineChoice) -> int:
    """The line with the fewest contacts."""
    return int(choice.length.argmin())


@extend.arrivals("even")
def even(asked: extend.OwnArrivals) -> np.ndarray:
    """As many as expected, at even distances within each interval; `jitter` moves each by up to so much of them."""
    times = []
    for number, rate in enumerate(asked.rates):
        count = round(float(rate))
        places = (np.arange(count) + 0.5 + asked.settings.get("jitter", 0.0) * (asked.uniforms(count) - 0.5)) / count
        times.append((number + places) * asked.interval)
    return np.concatenate(times)


@extend.figure("waits")
def waits(results: Results) -> Figure:
    """The waits by channel as bars."""
    rows = [kpi for kpi in results.kpis if kpi.measure == "asa" and kpi.interval == "all"]
    figure = Figure(figsize=(6, 3))
    figure.subplots().bar([kpi.name for kpi in rows], [kpi.mean for kpi in rows])
    return figure


class Doubling(Study):
    """What one measure is with the demand as it is, and with `study.settings.factor` times as much."""

    kind = "doubling"
    found: tuple[float, float] | None = None

    def answer(self, progress: bool = False, keep: Keep = nothing) -> None:
        """Runs both with the same luck."""
        factor = float(self.config.study.settings.get("factor", 2.0))
        more = self.config.at({"demand.scale": self.config.demand.scale * factor, "study.kind": "none"})
        both = [replicate(each, progress=progress).kpis["channel", "phone", "asa"].mean for each in (self.config, more)]
        self.found = both[0], both[1]
        keep()

    def write(self, folder: Path) -> list[Path]:
        """doubling.csv."""
        if self.found is None:
            return []
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "doubling.csv").write_text("as_is,more\n{},{}\n".format(*self.found), encoding="utf-8")
        return [folder / "doubling.csv"]

    def words(self) -> str:
        """One line."""
        return "wait {:.1f} s, with more demand {:.1f} s".format(*self.found) if self.found else ""


extend.study("doubling", Doubling)
extend.preset("home_made", {"columns": {"start": "Quarter from", "offered": "Rings", "aht_s": "Talk",
                                        "agents": "Heads"}, "channel": "phone"})  # fmt: skip
