"""Contacts of a channel by outcome as whole numbers that add up, the same in the console's table and in the pictures.

Comes in: `Results`. Goes out: text by measure.
"""

from __future__ import annotations

import math

from ..measures.contacts import OUTCOME_COUNTS
from ..runs.replicate import Results


def contacts_by_outcome(results: Results, channel: str) -> dict[str, str]:
    """`offered` and the count of each outcome, as text; what is printed adds up."""
    names = [each.name for each in OUTCOME_COUNTS]
    parts = adding_up([results.kpis["channel", channel, name].mean for name in names])
    return dict(zip(("offered", *names), parts, strict=True))


def adding_up(parts: list[float]) -> list[str]:
    """The sum and its parts, rounded so that what is printed adds up (largest remainders go up).

    >>> adding_up([10.4, 5.4, 0.2])
    ['16.0', '10.4', '5.4', '0.2']
    >>> adding_up([1000.4, 500.4, 0.2])
    ['1,501', '1,001', '500', '0']
    """
    digits = 0 if sum(parts) >= 100 else 1
    units = [part * 10**digits for part in parts]
    whole = [math.floor(each) for each in units]
    missing = round(sum(units)) - sum(whole)
    for i in sorted(range(len(units)), key=lambda i: whole[i] - units[i])[:missing]:
        whole[i] += 1
    return [f"{each / 10**digits:,.{digits}f}" for each in (sum(whole), *whole)]
