"""The centres of `compared_centres` as one would write it from SimPy's own examples: the reference of the benchmark.

A process for each customer, a `simpy.Resource` for each group of agents, `request | timeout(patience)`, draws from one
NumPy generator one at a time, a list of what happened to each contact. It is written with care for its speed too: laws
are closures prepared once, choices are bisections, a contact is a sub-generator and not a process of its own.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Generator
from itertools import accumulate, count
from typing import Any

import numpy as np
import simpy

RESOLVED, FAILED, TRANSFERRED, ABANDONED, UNANSWERED = "resolved", "failed", "transferred", "abandoned", "unanswered"
Draw = Callable[[], float]
Story = Generator[simpy.Event, Any, Any]


def seconds(text: str) -> float:
    """Of a time as `compared_centres` writes it."""
    return float(text.removesuffix(" s"))


def law(spec: dict[str, Any] | None, rng: np.random.Generator) -> Draw | None:
    """What draws one time of a law."""
    if spec is None:
        return None
    if spec["law"] == "exponential":
        mean = seconds(spec["mean"])
        return lambda: rng.exponential(mean)
    if "median" in spec:
        mu, sigma = math.log(seconds(spec["median"])), spec["sigma"]
    else:
        sigma = math.sqrt(math.log1p(spec["cv"] ** 2))
        mu = math.log(seconds(spec["mean"])) - sigma**2 / 2
    return lambda: rng.lognormal(mu, sigma)


class Mix:
    """Names with shares, one of which is picked."""

    def __init__(self, shares: dict[str, float], rng: np.random.Generator) -> None:
        self.names, self.random = [name for name, share in shares.items() if share], rng.random
        total = sum(shares.values())
        self.below = list(accumulate(share / total for share in shares.values() if share))[:-1]

    def pick(self) -> str:
        """A name, by one uniform."""
        return self.names[bisect(self.below, self.random())]


class Channel:
    """A channel ready to run: its laws, its agents, where its customers go next."""

    def __init__(self, env: simpy.Environment, rng: np.random.Generator, config: dict[str, Any], name: str) -> None:
        spec = config["channels"][name]
        self.name, self.env, self.random = name, env, rng.random
        self.failure, self.transfer = spec["failure"], spec.get("transfer", 0.0)
        self.rows = {
            outcome: (Mix(row["to"], rng), law(row.get("delay"), rng))
            for outcome, row in config["journeys"]["rows"][name].items()
        }

    def outcome(self) -> str:
        """How a contact ends that was served."""
        if self.random() >= self.failure:
            return RESOLVED
        return TRANSFERRED if self.transfer and self.random() < self.transfer else FAILED


class SelfService(Channel):
    """Website and IVR: a session, which some leave before it is over."""

    def __init__(self, env: simpy.Environment, rng: np.random.Generator, config: dict[str, Any], name: str) -> None:
        super().__init__(env, rng, config, name)
        spec = config["channels"][name]
        self.session, self.abandonment = law(spec["session"], rng), spec["abandonment"]

    def visit(self, record: list[Any]) -> Story:
        """One session."""
        record[ANSWERED] = self.env.now
        length = self.session()
        if self.random() < self.abandonment:
            yield self.env.timeout(length * self.random())
            record[OUTCOME] = ABANDONED
        else:
            yield self.env.timeout(length)
            record[OUTCOME] = self.outcome()
        record[ENDED] = self.env.now


class Queue(Channel):
    """Chat, phone, email, social: an agent, or enough of waiting."""

    def __init__(self, env: simpy.Environment, rng: np.random.Generator, config: dict[str, Any], name: str) -> None:
        super().__init__(env, rng, config, name)
        spec = config["channels"][name]
        self.agents = simpy.Resource(env, config["staffing"][name]["agents"])
        self.service, self.wrap_up = law(spec["service"], rng), law(spec.get("wrap_up"), rng)
        self.patience = law(spec["patience" if spec["kind"] == "live" else "deadline"], rng)
        self.left = ABANDONED if spec["kind"] == "live" else UNANSWERED

    def visit(self, record: list[Any]) -> Story:
        """Waits for an agent as long as patience lasts, and is served."""
        env = self.env
        request = self.agents.request()
        yield request | env.timeout(self.patience())
        if not request.triggered:
            request.cancel()
            record[ENDED], record[OUTCOME] = env.now, self.left
            return
        record[ANSWERED] = env.now
        yield env.timeout(self.service())
        record[ENDED], record[OUTCOME] = env.now, self.outcome()
        if self.wrap_up is None:
            self.agents.release(request)
        else:
            env.process(self.finish(request))

    def finish(self, request: simpy.resources.resource.Request) -> Story:
        """The agent's work after the customer has gone on."""
        yield self.env.timeout(self.wrap_up())
        self.agents.release(request)


CUSTOMER, NUMBER, CHANNEL, ARRIVED, ANSWERED, ENDED, OUTCOME = range(7)
NAN = float("nan")


class Centre:
    """The whole centre; `records` holds (customer, number, channel, arrived, answered, ended, outcome) by contact."""

    def __init__(self, config: dict[str, Any], seed: int) -> None:
        self.env, self.rng = simpy.Environment(), np.random.default_rng(seed)
        kinds = {"self_service": SelfService, "live": Queue, "deferred": Queue}
        self.channels = {
            name: kinds[spec["kind"]](self.env, self.rng, config, name) for name, spec in config["channels"].items()
        }
        self.first = Mix(config["customers"]["segments"]["all"]["first_channel"], self.rng)
        self.between = 86400 / config["demand"]["streams"]["all"]["per_day"]
        self.until = 3600 * float(config["run"]["measure"].removesuffix(" h"))
        self.records: list[list[Any]] = []

    def run(self) -> list[list[Any]]:
        """Simulate until nothing is left to happen; the records."""
        self.env.process(self.source())
        self.env.run()
        return self.records

    def source(self) -> Story:
        """Customers arrive at random."""
        for customer in count():
            yield self.env.timeout(self.rng.exponential(self.between))
            if self.env.now >= self.until:
                return
            self.env.process(self.journey(customer))

    def journey(self, customer: int) -> Story:
        """A contact, and another, until the issue is solved or the customer gives up."""
        env, name = self.env, self.first.pick()
        channel: Any
        for number in count(1):
            channel = self.channels[name]
            record = [customer, number, name, env.now, NAN, NAN, None]
            yield from channel.visit(record)
            self.records.append(record)
            outcome = record[OUTCOME]
            if outcome == RESOLVED:
                return
            row, delay = channel.rows.get(outcome) or channel.rows["any"]
            name = row.pick()
            if name == "give_up":
                return
            if delay is not None:
                yield env.timeout(delay())
