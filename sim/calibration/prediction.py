"""Another month than the fitted one: what is predicted, how far it may be off, and why.

Comes in: an own centre with `data.predict`, and the sums of its replications. Goes out: a 95 % prediction interval for
each channel's volume, abandonment and service level, with its parts. The method: what is unknown is taken to be
independent and small, so that variances add. Luck is the variance between replications, pooled over days. Busyness is
what that variance gains when daily counts are drawn (Poisson, times a Gamma factor a day) instead of replayed. Volumes,
handle time, roster and patience are moved up and down by their standard deviation, on the same luck, and half the
difference is their part. Of a period without results the volumes are a forecast, round which days vary: then the value
itself is that of drawn counts (busy days lose more than quiet ones gain). Their sizes are measured on the fitted
period; what it cannot tell is assumed, and says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..model.base import FrozenDict
from ..model.centre import Configuration
from ..model.channels import Queued
from ..model.people import Busyness
from ..runs.replicate import gathered
from .compared import ABANDONED, IN_TIME, OFFERED, interval_sums
from .fit.noise import NORMAL
from .fit.targets import PATIENCE_FIELD
from .imported import Fitted
from .intervals.table import IntervalTable
from .own_centre import OwnCentre
from .roster_weeks import roster_of_weeks

Floats = NDArray[np.float64]
LUCK, BUSYNESS = "luck", "busyness"
MOVED = ("volumes", "handle time", "roster", "patience")
ASSUMED = {BUSYNESS: 0.18, "volumes": 0.05, "handle time": 0.02, "roster": 0.03, "patience": 0.1}
"""standard deviations of logarithms where the fitted period tells none (assumptions; busyness: `Busyness.shape`)"""
FEWEST_WEEKS, FEWEST_DRAWS, MOVED_REPLICATIONS = 3, 16, 4
MANY = 1e6
"""degrees of freedom from which Student's law is the normal one"""
QUANTITIES = {"offered": (OFFERED, None), "abandoned": (ABANDONED, OFFERED), "service level": (IN_TIME, OFFERED)}


@dataclass(frozen=True)
class Unknown:
    """Something that a prediction does not know: the standard deviation of its logarithm, and where that is from."""

    size: float
    source: str
    freedom: float = math.inf
    """degrees of freedom from which the size was measured"""


@dataclass(frozen=True)
class Prediction:
    """One quantity of one channel over the predicted period: contacts, or a share of those offered."""

    channel: str
    quantity: str
    imported: float | None
    """what the file has for it; None where it has nothing"""
    predicted: float
    parts: dict[str, float]
    """standard deviations, by what they are from"""
    freedom: dict[str, float] = field(default_factory=dict)
    """degrees of freedom of parts whose size was measured on few weeks or days"""

    @property
    def deviation(self) -> float:
        """Standard deviation of all parts together."""
        return math.sqrt(sum(part**2 for part in self.parts.values()))

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % prediction interval; shares stay shares. A part that was measured on four weeks may be twice as
        large: Student's law, at the degrees of freedom of the sum (Satterthwaite, Biometrics Bulletin 2 (1946)
        110-114)."""
        doubt = sum(part**4 / self.freedom.get(name, math.inf) for name, part in self.parts.items())
        freedom = self.deviation**4 / doubt if doubt > 0 else math.inf
        reach = float(special.stdtrit(freedom, 0.975) if freedom < MANY else NORMAL) * self.deviation
        most = math.inf if self.quantity == "offered" else 1.0
        return max(self.predicted - reach, 0.0), min(self.predicted + reach, most)


def predictions(own: OwnCentre, sums: Sequence[Floats]) -> list[Prediction]:
    """Every quantity of every channel; `sums` are those of the replications as recorded. Simulates what it needs."""
    config, unknown = own.as_recorded(), unknowns_of(own)
    simulated = partial(_sums, interval=float(own.table.interval))
    drawn = simulated(_with_counts_drawn(config, unknown[BUSYNESS].size), max(len(sums), FEWEST_DRAWS))
    ways = {name: [simulated(_moved(config, own.table, name, math.exp(sign * unknown[name].size)), MOVED_REPLICATIONS)
                   for sign in (1, -1)] for name in MOVED}  # fmt: skip
    found = []
    for i, channel in enumerate(own.table.channels):
        at, known = config.open_channels.index(channel), ~np.isnan(own.table.offered[i])[..., None]
        for quantity in QUANTITIES:
            mean, luck = _value([each[at] * known for each in sums], quantity)
            busier, more = _value([each[at] * known for each in drawn], quantity)
            mean = mean if quantity == "offered" or own.table.has_results(i) else busier
            parts = {LUCK: luck, BUSYNESS: math.sqrt(max(more**2 - luck**2, 0.0))}
            for name, way in ways.items():
                up, down = (_value([each[at] * known for each in side], quantity)[0] for side in way)
                parts[name] = abs(up - down) / 2
            told = _imported(own.table, i, quantity)
            freedom = {name: each.freedom for name, each in unknown.items()}
            found.append(Prediction(channel, quantity, told, mean, parts, freedom))
    return found


def doubts(found: Sequence[Prediction]) -> dict[tuple[str, str], float]:
    """What the fit leaves open of a period whose volumes and handle times are known: its roster and its patience."""
    shares = (each for each in found if each.quantity != "offered")
    return {(p.channel, p.quantity): math.hypot(p.parts["roster"], p.parts["patience"]) for p in shares}


def unknowns_of(own: OwnCentre) -> dict[str, Unknown]:
    """What is unknown of another month of a centre."""
    return unknowns(own.fit_table, own.fitted(), roster_of_weeks(own))


def unknowns(table: IntervalTable, fitted: Fitted, weekly_roster: float | None = None) -> dict[str, Unknown]:
    """What is unknown of another month, measured on the fitted period: between its days, its weeks, and by the fit.
    `weekly_roster` is what the rosters of weeks differ (`roster_of_weeks`): another month's roster is not the fitted
    one."""
    day = np.nansum(table.offered, axis=(0, 2))
    work = np.nansum(table.offered * table.aht, axis=(0, 2))
    timed = np.nansum(np.where(np.isnan(table.aht), np.nan, table.offered), axis=(0, 2))
    whole = day.size // 7
    weeks, timed_weeks, work_weeks = (each[: 7 * whole].reshape(whole, 7).sum(axis=1) for each in (day, timed, work))
    enough = whole >= FEWEST_WEEKS and bool((weeks > 0).all() and (timed_weeks > 0).all())
    by_week = {"volumes": weeks, "handle time": work_weeks / np.maximum(timed_weeks, 1e-9)}
    found = {
        BUSYNESS: Unknown(_busyness(day[: 7 * whole]), "days of the file", _free_days(day[: 7 * whole]))
        if enough
        else _assumed(BUSYNESS)
    }
    cv = max(fitted.cv.values(), default=1.0)
    luck = {
        "volumes": found[BUSYNESS].size ** 2 * _unevenness(day[: 7 * whole]) + 1 / np.maximum(weeks, 1.0).mean(),
        "handle time": cv**2 / np.maximum(timed_weeks, 1.0).mean(),
    } if enough else {}  # fmt: skip
    for name, values in by_week.items():
        found[name] = (
            Unknown(_of_weeks(values, luck[name]), "weeks of the file", whole - 1) if enough else _assumed(name)
        )
    for name, parameter in (("roster", "staffing"), ("patience", "patience")):
        errors = [
            math.log(each.high / each.low) / (2 * NORMAL)
            for each in fitted.findings
            if each.parameter == parameter and each.low and each.high
        ]
        found[name] = Unknown(max(errors), "its interval in the fit") if errors else _assumed(name)
    fit, drift = found["roster"], _assumed("roster").size if weekly_roster is None else weekly_roster
    if fit.source != "assumed":
        told = f"{drift:.0%} assumed" if weekly_roster is None else "weeks of the file"
        both, measured = math.hypot(fit.size, drift), weekly_roster and enough
        freedom = (whole - 1) * (both / drift) ** 4 if measured else math.inf
        found["roster"] = Unknown(both, f"{fit.source}, and {told}", freedom)
    return found


def _of_weeks(values: Floats, luck: float) -> float:
    """Standard deviation of the logarithm of another period's mean around that of these weeks. What weeks differ beyond
    the luck of their days lasts, and moves the other period as much; beside it, the mean of these weeks is not sure."""
    variance = float(np.var(np.log(values), ddof=1))
    return math.sqrt(max(variance - luck, 0.0) + variance / values.size)


def _unevenness(days: Floats) -> float:
    """Variance of a week's volume, relative, by that of its days: the sum of squares of weekdays' shares."""
    share = days.reshape(-1, 7).sum(axis=0) / max(float(days.sum()), 1e-9)
    return float((share**2).sum())


def _assumed(name: str) -> Unknown:
    return Unknown(ASSUMED[name], "assumed")


def _busyness(days: Floats) -> float:
    """Relative standard deviation of days around their weekday in their week, beyond Poisson's."""
    table = days.reshape(-1, 7)
    table = table[:, table.sum(axis=0) > 0]
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    beyond = ((table - expected) ** 2).sum() * table.size / _free_days(days) - expected.sum()
    return float(np.sqrt(max(beyond, 0.0) / (expected**2).sum()))


def _free_days(days: Floats) -> int:
    """Degrees of freedom of days around their weekday in their week."""
    table = days.reshape(-1, 7)
    return max((table.shape[0] - 1) * (int((table.sum(axis=0) > 0).sum()) - 1), 1)


def _with_counts_drawn(config: Configuration, size: float) -> Configuration:
    """Daily counts as they would be drawn, not as they were recorded."""
    update = {"count": "poisson"} if size < 1e-3 else {"count": "mixed_poisson", "busyness": Busyness(shape=size**-2)}
    streams = {name: stream.model_copy(update=update) for name, stream in config.demand.streams.items()}
    return config.model_copy(update={"demand": config.demand.model_copy(update={"streams": FrozenDict(streams)})})


def _moved(config: Configuration, table: IntervalTable, name: str, factor: float) -> Configuration:
    """The centre with one unknown `factor` times what it is taken for."""
    if name == "volumes":
        return config.changed(demand=config.demand.model_copy(update={"scale": config.demand.scale * factor}))
    if name == "roster":
        pools = {
            key: pool.model_copy(update={"factor": pool.factor * factor})
            if set(pool.serves) & set(table.channels) else pool
            for key, pool in config.staffing.items()
        }  # fmt: skip
        return config.changed(staffing=FrozenDict(pools))
    channels = dict(config.channels)
    for key in table.channels:
        channel = channels[key]
        assert isinstance(channel, Queued)
        field = PATIENCE_FIELD[channel.kind] if name == "patience" else "aht_factor"
        value = getattr(channel, field)
        if value is not None:
            more = value * factor if name == "handle time" else value.scaled(factor)
            channels[key] = channel.model_copy(update={field: more})
    return config.changed(channels=FrozenDict(channels))


def _sums(config: Configuration, replications: int, interval: float) -> list[Floats]:
    run = config.run.model_copy(update={"replications": replications, "precision": ()})
    return gathered(config.model_copy(update={"run": run}), partial(interval_sums, interval=interval))


def _value(sums: Sequence[Floats], quantity: str) -> tuple[float, float]:
    """A quantity over the period, and the standard deviation of one draw of it with that of the mean."""
    top, bottom = QUANTITIES[quantity]
    tops = np.array([each[..., top].sum(axis=1) for each in sums])
    bottoms = tops * 0 + 1 / tops.shape[1] if bottom is None else np.array([e[..., bottom].sum(axis=1) for e in sums])
    by_day = tops.sum(axis=0) / np.maximum(bottoms.sum(axis=0), 1e-9)
    each = (tops - by_day * bottoms) / max(float(bottoms.sum()) / len(sums), 1e-9)
    variance = float((each**2).sum()) / max(len(sums) - 1, 1) * (1 + 1 / len(sums))
    return float(tops.sum() / max(bottoms.sum(), 1e-9)), math.sqrt(variance)


def _imported(table: IntervalTable, i: int, quantity: str) -> float | None:
    offered = np.nan_to_num(table.offered[i])
    if quantity == "offered":
        return float(offered.sum())
    values = (table.abandoned_pct if quantity == "abandoned" else table.sl_pct)[i]
    known = ~np.isnan(values) & (offered > 0)
    return float(offered[known] @ values[known] / offered[known].sum() / 100) if known.any() else None
