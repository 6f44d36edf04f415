"""A number as a planner reads it: with its unit, its interval, and no more digits than it deserves."""

from __future__ import annotations

import math

from ..model.units import HOUR, MINUTE
from ..statistics.kpis import Kpi


def say(kpi: Kpi | None, currency: str = "") -> str:
    """`5.1 % ±0.4`, `38 s ±3`, `12.60 USD ±0.11`; a dash where there is no number.

    >>> say(Kpi("channel", "phone", "abandoned", "all", 0.0512, 0.0041, 10, "share"))
    '5.1 % ±0.4'

    What was never seen is not `0 ±0`:

    >>> say(Kpi("channel", "phone", "blocked", "all", 0.0, 0.0005, 10, "share", (0.0, 0.001)))
    '0 % ≤ 0.1 %'
    """
    if kpi is None or math.isnan(kpi.mean):
        return "–"
    if kpi.mean == 0 and kpi.bounds is not None and kpi.upper > 0:
        return f"{say(Kpi('', '', '', 'all', 0.0, math.nan, 0, kpi.unit), currency)} ≤ {_at_most(kpi, currency)}"
    scale, unit = _scale(kpi.mean, kpi.unit, currency)
    value, half = kpi.mean / scale, kpi.half_width / scale
    digits = _digits(value, half)
    text = f"{value:,.{digits}f}" + (f" {unit}" if unit else "")
    return text if math.isnan(half) else f"{text} ±{half:,.{digits}f}"


def _at_most(kpi: Kpi, currency: str) -> str:
    """The upper end of an interval of which nothing was seen, to two digits."""
    scale, unit = _scale(kpi.upper, kpi.unit, currency)
    return f"{kpi.upper / scale:.2g}" + (f" {unit}" if unit else "")


def say_share(value: float, half_width: float) -> str:
    """A share with its interval, as `say` writes it.

    >>> say_share(0.0512, 0.0041)
    '5.1 % ±0.4'
    """
    return say(Kpi("", "", "", "all", value, half_width, 0, "share"))


def _scale(value: float, unit: str, currency: str) -> tuple[float, str]:
    if unit == "share":
        return 0.01, "%"
    if unit == "s":
        if abs(value) >= 2 * HOUR:
            return HOUR, "h"
        return (MINUTE, "min") if abs(value) >= 10 * MINUTE else (1.0, "s")
    return 1.0, {"money": currency, "h": "h"}.get(unit, "")


def _digits(value: float, half: float) -> int:
    """Digits after the point: one more than the interval's first, at most two."""
    if not math.isfinite(half) or half <= 1e-9 * abs(value):
        return 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return min(2, max(0, -math.floor(math.log10(half))))
