"""Known answers on the user's own machine: `python -m sim verify`, trust that anybody can repeat.

Comes in: nothing but how much to simulate. Goes out: a table of exact and simulated values with their z-values, and a
verdict. Every case is an ordinary configuration, a plain mapping that is checked and simulated like any other; the
exact values are those of `sim.theory`, which knows nothing of the simulator. The test suite holds many more such cases
against theory, with more replications (outputs/gallery/theory.csv).

A z-value is (simulated - exact) / standard error. By chance alone one of 16,000 normal values is beyond 4, of the t
distribution with 19 degrees of freedom one of 1,300: a table of some twenty values fails by bad luck once in sixty
seeds. The seeds are fixed, and with them every table passes where the program is right; so |z| > 4 on another machine
means another program.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import theory
from .known_centres import (
    DAY_MIN,
    Plain,
    centre,
    exponential,
    phone,
    service_law,
    two_classes,
    with_redials,
)
from .model.centre import Configuration
from .runs.replicate import replicate

LIMIT = 4.0
"""A value further from the exact one than this many standard errors fails."""
REPLICATIONS, FULL = 20, 80
SEED = 2026112601  # declared before the first run
PHONE = "channel.phone."


@dataclass(frozen=True)
class Case:
    """A centre with exact answers: measures by dotted name in the simulator's units (s for times)."""

    name: str
    centre: Plain
    answers: Mapping[str, float]
    hours: float
    """measured in each replication"""
    warm_up: float = 2.0
    """hours"""


@dataclass(frozen=True)
class Answer:
    """One line of the table."""

    case: str
    measure: str
    exact: float
    simulated: float
    error: float
    """standard error"""

    @property
    def z(self) -> float:
        """Standard errors between simulated and exact; infinite where there is no error to measure by."""
        if self.error > 0:
            return (self.simulated - self.exact) / self.error
        return 0.0 if math.isclose(self.simulated, self.exact, rel_tol=1e-12) else math.inf

    @property
    def holds(self) -> bool:
        """Whether the simulated value is as near as chance allows."""
        return abs(self.z) <= LIMIT


def verified(full: bool = False, workers: int | None = None, cases: tuple[Case, ...] | None = None) -> Iterator[Answer]:
    """Simulates the cases one after the other, on the engine that `auto` chooses, and yields their lines. Raises
    KeyboardInterrupt where a case was stopped."""
    for number, case in enumerate(cases if cases is not None else known_cases()):
        run = {
            "warm_up": f"{case.warm_up} h", "measure": f"{case.hours} h", "end": "follow", "seed": SEED + number,
            "replications": FULL if full else REPLICATIONS, "workers": workers,
        }  # fmt: skip
        results = replicate(Configuration.from_mapping({**case.centre, "run": run, "engine": "auto"}))
        if results.interrupted:  # fewer replications would answer another question
            raise KeyboardInterrupt
        for measure, exact in case.answers.items():
            scope, name, what = measure.split(".")
            kpi = results.kpis[scope, name, what]
            yield Answer(case.name, measure, exact, kpi.mean, kpi.standard_error)


def known_cases() -> tuple[Case, ...]:
    """Queues of one phone line in minutes, two classes, calls again, and a journey through two channels."""
    return _erlang_c(), _erlang_a(), _erlang_b(), _lognormal(), _priorities(), _redials(), _journeys()


def _erlang_c() -> Case:
    q = theory.ErlangC(8, 1, 10)
    answers = {
        PHONE + "delayed": q.p_wait, PHONE + "wait": 60 * q.asa, PHONE + "service_level": q.service_level(1 / 3),
        "pool.agents.occupancy": q.occupancy,
    }  # fmt: skip
    return Case("M/M/10 (Erlang C)", phone(8, exponential(1), 10, threshold=1 / 3), answers, 48)


def _erlang_a() -> Case:
    q = theory.ErlangA(9, 1, 8, 1)
    answers = {
        PHONE + "abandoned": q.p_abandon, PHONE + "wait": 60 * q.mean_wait_all, "pool.agents.occupancy": q.occupancy,
    }  # fmt: skip
    return Case("M/M/8+M (Erlang A)", phone(9, exponential(1), 8, patience=1), answers, 32)


def _erlang_b() -> Case:
    answers = {PHONE + "blocked": theory.erlang_b(5, 6)}
    return Case("M/G/6/6 (Erlang B)", phone(5, service_law("lognormal cv 2", 1), 6, places=0), answers, 48)


def _lognormal() -> Case:
    answers = {PHONE + "wait": 60 * theory.mg1_wait(0.6, 1, 1.0), PHONE + "delayed": 0.6}
    return Case("M/G/1 lognormal", phone(0.6, service_law("lognormal cv 1", 1), 1), answers, 480)


def _priorities() -> Case:
    high, low = (float(x) for x in theory.priority_waits_mmc([3, 5], 1, 10))
    name = "channel_segment.phone/{}.wait"
    answers = {name.format("high"): 60 * high, name.format("low"): 60 * low}
    return Case("two priorities (Cobham)", two_classes(3, 5, 10), answers, 72)


def _redials() -> Case:
    q = theory.RedialQueue(9, 1, 8, 1, 0.6, 2)
    answers = {
        "journey.all.contacts": q.attempts_per_customer, PHONE + "abandoned": q.p_abandon,
        "journey.all.resolved": q.p_served_in_the_end, "pool.agents.occupancy": q.occupancy,
    }  # fmt: skip
    return Case("redials (chain)", with_redials(9, 1, 8, 1, 0.6, 2), answers, 32)


def _journeys() -> Case:
    """Two channels without queues: a website that solves 36 % and a phone that solves 68 %."""
    chain = theory.Journey((0.7, 0.3), (0.36, 0.68), (0.1, 0.15), ((0.2, 0.8), (0.25, 0.75)))
    channels = {
        "web": {"kind": "self_service", "session": exponential(4), "failure": 0.64},
        "phone": {"kind": "live", "service": exponential(7), "failure": 0.32},
    }
    rows = {
        "web": {"any": {"to": {"web": 0.9 * 0.2, "phone": 0.9 * 0.8, "give_up": 0.1}}},
        "phone": {"any": {"to": {"web": 0.85 * 0.25, "phone": 0.85 * 0.75, "give_up": 0.15}}},
    }
    made = centre(channels, {}, {"agents": {"agents": 80, "serves": {"phone": 1}}}, rows)
    made["demand"] = {"streams": {"all": {"per_day": 5 * DAY_MIN, "first_channel": {"web": 0.7, "phone": 0.3}}}}
    answers = {
        "journey.all.contacts": chain.contacts_mean, "journey.all.resolved": chain.p_resolved,
        "journey.all.fcr": chain.p_resolved_at_first,
    }  # fmt: skip
    return Case("journeys (Markov chain)", made, answers, 48)


HEADING = f"{'case':<26} {'measure':<34} {'exact':>10} {'simulated':>10} {'error':>9} {'z':>6}"


def line(answer: Answer) -> str:
    """A line of the table; one that fails says so."""
    numbers = f"{answer.exact:>10.5g} {answer.simulated:>10.5g} {answer.error:>9.2g} {answer.z:>6.2f}"
    return f"{answer.case:<26} {answer.measure:<34} {numbers}{'' if answer.holds else '  <- too far'}"


def verdict(answers: list[Answer]) -> str:
    """The last line."""
    far = [each for each in answers if not each.holds]
    if not far:
        most = max(abs(each.z) for each in answers)
        return (
            f"verified: all {len(answers)} values within {LIMIT:g} standard errors of the exact ones (most: {most:.1f})"
        )
    return (
        f"NOT verified: {len(far)} of {len(answers)} values are more than {LIMIT:g} standard errors from the exact ones"
    )
