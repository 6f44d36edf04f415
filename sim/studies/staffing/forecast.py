"""A centre from volumes and handle times alone, for the question how many agents it needs.

Comes in: a planner's own centre as the file describes it. Goes out: a configuration of the file's days in which every
contact is a first contact, nobody comes back, and nobody leaves unless a patience was stated. Nothing is fitted: a file
without agents, or without what they achieved, has nothing to fit to. The volumes are a forecast, so counts vary round
them as Poisson, which is what every formula of staffing takes for granted too.

`handle` in a file is the plain length of a contact. Where an agent holds several contacts at a time, each goes slower;
the length is read as that of full slots, so that the work of a contact is length x total speed / slots.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from ...calibration.fit.handle import handle_cv, with_cv
from ...calibration.groups import shares_of
from ...calibration.imported import one_law
from ...calibration.intervals.table import IntervalTable
from ...calibration.own_centre import OwnCentre
from ...errors import InputError, Problem
from ...model.base import FrozenDict
from ...model.centre import Configuration
from ...model.channels import Balking, DeferredChannel, Factors, LiveChannel, Queued, Target
from ...model.data import Data
from ...model.journeys import Integration
from ...model.mechanisms import Turns
from ...model.people import Demand, Pool, Stream
from ...model.rows import GIVE_UP, Row
from ...model.units import DAY, Spans
from .formula import speeds_of
from .groups import owner
from .slots import Slots
from .volumes import Volume, in_slots

Floats = NDArray[np.float64]


def needs_no_fit(table: IntervalTable) -> bool:
    """Whether a channel lacks what a fit needs: agents, and how many customers they lost."""
    return any(bool(np.isnan(values).all()) for values in (*table.agents, *table.abandoned_pct))


def has_plan(table: IntervalTable) -> bool:
    """Whether the file says for every channel how many agents there are."""
    return not any(bool(np.isnan(agents).all()) for agents in table.agents)


def assumptions(config: Configuration, table: IntervalTable) -> list[str]:
    """What the study takes for granted of a forecast, in sentences."""
    lines = ["The file's volumes are a forecast: every contact is a first contact, counts vary as Poisson."]
    lines += [
        f"No patience is stated for {name}, so nobody is assumed to hang up (Erlang C); "
        f"channels.{name}.patience='{{law: exponential, mean: 3 min}}' states one, and fewer agents may do."
        for name in table.channels
        if isinstance(config.channels[name], LiveChannel) and getattr(config.channels[name], "patience", None) is None
    ]
    for name in table.channels:
        others = [group for group in serving(config, name) if group != owner(config, name)]
        if others:
            lines.append(
                f"Several agent groups serve {name}: the agents that it needs are those of {owner(config, name)}; "
                f"{', '.join(others)} help as the file's agents, shared out as configured, let them."
            )
    return lines


def serving(config: Configuration, channel: str) -> list[str]:
    """The agent groups that serve a channel."""
    return [group for group, pool in config.staffing.items() if channel in pool.serves]


def forecast(own: OwnCentre, asked: Configuration) -> Configuration:
    """The centre on the file's days; raises InputError where no agent group serves a channel."""
    table = own.table
    groups = {name: _group_of(asked, table, name) for name in table.channels}
    before = 1 if _all_night(table) else 0
    start = table.first_day - dt.timedelta(days=before)
    update = {"start": start, "warm_up": before * DAY, "measure": table.n_days * DAY, "end": "drain",
              "interval": float(table.interval), "detect_warm_up": False}  # fmt: skip
    made = {name: _channel(asked, table, name, group, before) for name, group in groups.items()}
    channels = {**asked.channels, **made}
    pools = dict(asked.staffing)
    for group in dict.fromkeys(each for name in table.channels for each in serving(asked, name)):
        pools[group] = _pool(asked, table, group, before)
    streams = {name: _stream(table, name, before) for name in table.channels}
    rows = {name: {"any": (Row(to={GIVE_UP: 1.0}),)} for name in asked.open_channels}
    study = asked.study.model_copy(
        update={"staffing": asked.study.staffing.model_copy(update={"groups": _asked_groups(asked, groups)})}
    )
    return asked.changed(
        channels=FrozenDict(channels), staffing=FrozenDict(pools), run=asked.run.model_copy(update=update),
        demand=Demand.model_construct(scale=asked.demand.scale, streams=FrozenDict(streams)),
        journeys=asked.journeys.model_copy(update={"rows": FrozenDict({n: FrozenDict(r) for n, r in rows.items()})}),
        integration=Integration(), data=Data(), study=study,
    )  # fmt: skip


def _asked_groups(asked: Configuration, groups: dict[str, str]) -> tuple[str, ...]:
    """The groups named by the user, else those that serve the file's channels."""
    return asked.study.staffing.groups or tuple(dict.fromkeys(groups.values()))


def _group_of(config: Configuration, table: IntervalTable, name: str) -> str:
    """The group that gets the agents of a channel."""
    if not serving(config, name):
        what = "no agent group serves it: state one with staffing.<group>.serves"
        raise InputError(Problem(f"{table.path.name}, channel {name}", what))
    return owner(config, name)


def _all_night(table: IntervalTable) -> bool:
    known = ~np.isnan(table.offered)
    return bool((known[:, :-1, -1] & known[:, 1:, 0]).any())


def _days(values: Floats, before: int) -> Floats:
    """Days of the file, with the last one before them where the night has to be warmed up."""
    return np.concatenate([values[-before:], values]) if before else values


def _factors(table: IntervalTable, values: Floats) -> Factors:
    """(days, intervals) as a parameter; not validated, there may be a hundred thousand."""
    return Factors.model_construct(interval=float(table.interval), values=tuple(values.ravel().tolist()))


def _stream(table: IntervalTable, name: str, before: int) -> Stream:
    offered = np.nan_to_num(table.offered[table.channels.index(name)])
    return Stream(rates=_factors(table, _days(offered, before)), first_channel={name: 1.0}, count="poisson")


def _channel(config: Configuration, table: IntervalTable, name: str, group: str, before: int) -> Queued:
    spec, i = config.channels[name], table.channels.index(name)
    assert isinstance(spec, Queued)
    usual, held = table.weighted_aht(name), speeds_of(config, group, name)
    length = np.where(np.isnan(table.aht[i]), spec.mean_handle if np.isnan(usual) else usual, table.aht[i])
    work = length * held[-1] / len(held)
    # while_closed: the file says when contacts come, there is nothing to move into the hours
    update: dict[str, object] = {
        "service_factors": _factors(table, _days(work / spec.mean_handle, before)), "failure": 0.0, "reopen": 0.0,
        "transfer": 0.0, "while_closed": 1.0, "turns": Turns(), "deflection": None, "by_segment": FrozenDict({}),
        "by_reason": FrozenDict({}), "by_pool": FrozenDict({}), "hours": (),
        "dates": FrozenDict(_hours(table, i, before)), "target": spec.target or Target(),
    }  # fmt: skip
    if one_law(spec) and not (config.origin and config.origin.states(f"channels.{name}.service")):
        told = handle_cv(table, name)
        update["service"] = with_cv(spec.service, told[0] if told else None)
    if isinstance(spec, LiveChannel):
        stated = config.origin is not None and config.origin.states(f"channels.{name}.patience")
        update |= {"balking": Balking(), "lines": None, "places": None}
        update |= {} if stated else {"patience": None}
    if isinstance(spec, DeferredChannel):
        update |= {"deadline": None, "seen": 1.0}
    return spec.model_copy(update=update)


def _hours(table: IntervalTable, i: int, before: int) -> dict[dt.date, Spans]:
    """Opening hours by date: the intervals that have rows. A date without rows is closed."""
    is_open = _days((~np.isnan(table.offered[i])).astype(float), before)
    dates = {}
    for day, row in enumerate(is_open):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row, [0]]))) * float(table.interval)
        spans = tuple(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
        dates[table.first_day + dt.timedelta(days=day - before)] = spans
    return dates


def _pool(config: Configuration, table: IntervalTable, group: str, before: int) -> Pool:
    """The group with its share of the file's agents as its plan, or with none."""
    pool = config.staffing[group]
    mine = {name: i for i, name in enumerate(table.channels) if name in pool.serves}
    agents = np.sum(
        [shares_of(config, name)[group] * np.nan_to_num(table.agents[i]) for name, i in mine.items()], axis=0
    )
    counts = _factors(table, _days(agents, before))
    return pool.model_copy(
        update={"agents": 0.0, "shifts": (), "weekday": FrozenDict({}), "counts": counts, "said": config.data.agents}
    )


def as_forecast(config: Configuration) -> Configuration:
    """A fitted centre whose recorded counts are taken as means: Poisson counts in place of fixed ones."""
    streams = {
        name: stream.model_copy(update={"count": "poisson"}) if stream.count == "fixed" else stream
        for name, stream in config.demand.streams.items()
    }
    return config.changed(demand=config.demand.model_copy(update={"streams": FrozenDict(streams)}))


def volumes_of_file(config: Configuration, slots: Slots, channel: str, group: str, table: IntervalTable) -> Volume:
    """The file's own volumes and handle times by slot, for the formulas: what a planner would type."""
    i, scale = table.channels.index(channel), config.demand.scale
    rows = [(slots.date(day) - table.first_day).days for day in slots.measured]
    offered = scale * np.nan_to_num(table.offered[i])
    work = offered * np.where(np.isnan(table.aht[i]), table.weighted_aht(channel), table.aht[i])
    held = speeds_of(config, group, channel)
    contacts = slots.by_slot(np.array([in_slots(offered[row], slots.per_day) for row in rows]))
    seconds = slots.by_slot(np.array([in_slots(work[row], slots.per_day) for row in rows])) * held[-1] / len(held)
    handle = np.divide(seconds, contacts, out=np.zeros(slots.count), where=contacts > 0)
    return Volume(contacts, contacts / slots.length, handle, True)
