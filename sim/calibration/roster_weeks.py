"""How much the agents really there differ from week to week, beside those that the file shows.

Comes in: an own centre with its fit. Goes out: one standard deviation of the logarithm of a week's factor on agents, or
None where the file cannot tell it. Each week's service level (or wait, or abandonment, whatever identifies the factor)
is turned into a factor of its own along Erlang A's slope at the fit; what these factors differ beyond the luck of a
week is the roster's. A week has as many times the variance of the whole file as the file has weeks.
"""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from .fit.erlang import intervals_of
from .fit.handle import handle_times
from .fit.noise import NORMAL
from .fit.targets import ANSWER, Target, targets_of
from .imported import Finding, agents_of
from .own_centre import OwnCentre

WEEK_DAYS, FEWEST_WEEKS = 7, 3
NUDGE = 0.02
"""change of the logarithm of agents by which Erlang A's slope is taken"""


def roster_of_weeks(own: OwnCentre) -> float | None:
    """The greatest of the channels'; None with fewer than three whole weeks, or where no factor was fitted."""
    told = [_of(own, target) for target in targets_of(own.baseline, own.fit_table) if target.parameter == "staffing"]
    known = [each for each in told if each is not None]
    return max(known, default=None)


def _of(own: OwnCentre, target: Target) -> float | None:
    named = {each.parameter: each for each in own.fitted().findings if each.channel == target.channel}
    factor, patience, whole = named.get("staffing"), named.get("patience"), own.fit_table.n_days // WEEK_DAYS
    if factor is None or patience is None or not factor.low or not factor.high or whole < FEWEST_WEEKS:
        return None
    factors = [_factor(own, target, week, factor, patience) for week in range(whole)]
    weeks = [each for each in factors if each is not None]
    if len(weeks) < FEWEST_WEEKS:
        return None
    luck = whole * (math.log(factor.high / factor.low) / (2 * NORMAL)) ** 2
    return math.sqrt(max(float(np.var(weeks, ddof=1)) - luck, 0.0))


def _factor(own: OwnCentre, target: Target, week: int, factor: Finding, patience: Finding) -> float | None:
    """Logarithm of a week's own factor over the fitted one; None where the week has none of the target."""
    table, name, days = own.fit_table, target.channel, slice(week * WEEK_DAYS, (week + 1) * WEEK_DAYS)
    first = table.first_day + dt.timedelta(days=days.start)
    mine = table.between(first, first + dt.timedelta(days=WEEK_DAYS - 1))
    own_targets = [
        each for each in targets_of(own.baseline, mine) if (each.channel, each.column) == (name, target.column)
    ]
    if not own_targets:
        return None
    queue = intervals_of(own.baseline, mine, name, handle_times(table, name)[days], agents_of(table, name)[days])

    def bent(more: float) -> float:
        """Erlang A's answer, made about straight, with so many times the agents."""
        return target.bent(float(queue.answers(patience.value, factor.value * more)[ANSWER[target.column]]))

    slope = (bent(math.exp(NUDGE)) - bent(math.exp(-NUDGE))) / (2 * NUDGE)
    return (target.bent(own_targets[0].value) - bent(1.0)) / slope if abs(slope) > NUDGE else None
