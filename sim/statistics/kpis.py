"""Numbers with intervals, as a tidy table in long form: what a run's estimates are, however they were made.

Comes in: one `Kpi` for each scope, name, measure and interval. Goes out: `Kpis`, which finds a number by its key, says
what is wrong with a key that is none, and shows itself in notebooks.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..errors import nearest

IN_NOTEBOOKS = 200
"""rows of a table in a notebook"""
FIELDS = ("scope", "name", "measure", "interval", "mean", "half_width", "lower", "upper", "n", "unit")


@dataclass(frozen=True, slots=True)
class Kpi:
    """One number with its interval. `interval` is `all`, a date, or a time of day; `half_width`, half the length of the
    interval, is NaN for n < 2. Without `bounds` the interval is symmetric."""

    scope: str
    name: str
    measure: str
    interval: str
    mean: float
    half_width: float
    n: int
    unit: str
    bounds: tuple[float, float] | None = None
    standard_error: float = math.nan
    skewness: float = 0.0
    """of what each replication adds: far from 0, intervals of few replications cover too seldom"""
    as_good_as: float = math.nan
    """with `run.control_variates`: replications that would be as precise without them"""

    @property
    def lower(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half_width if self.bounds is None else self.bounds[0]

    @property
    def upper(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half_width if self.bounds is None else self.bounds[1]


def _by_key(rows: Iterable[Kpi]) -> dict[tuple[str, ...], Kpi]:
    return {(row.scope, row.name, row.measure, row.interval): row for row in rows}


class Kpis:
    """All numbers of a run. `kpis["channel.phone.asa"]`, or `kpis["channel", "phone", "asa"]`, is that number over the
    whole window; `kpis["channel.phone.asa", "07:30"]` in an interval."""

    def __init__(self, rows: Sequence[Kpi]) -> None:
        self.rows = tuple(rows)

    @cached_property
    def _whole(self) -> dict[tuple[str, ...], Kpi]:
        """Those of the whole window by scope, name, measure and interval."""
        return _by_key(row for row in self.rows if row.interval == "all")

    @cached_property
    def _index(self) -> dict[tuple[str, ...], Kpi]:
        """All of them; a run of years has hundreds of thousands."""
        return _by_key(self.rows)

    def __getitem__(self, key: str | tuple[str, ...]) -> Kpi:
        """Raises KeyError with the nearest known measure."""
        parts = (key,) if isinstance(key, str) else key
        if len(parts) <= 2:  # dotted, with or without an interval; names may hold dots, scopes and measures do not
            scope, _, rest = parts[0].partition(".")
            parts = (scope, *rest.rpartition(".")[::2], *parts[1:])
        whole = parts if len(parts) == 4 else (*parts, "all")
        found = self._whole.get(whole) or self._index.get(whole)
        if found is None:
            raise KeyError(self._unknown(tuple(map(str, whole))))
        return found

    def _unknown(self, key: tuple[str, ...]) -> str:
        """What is wrong with a key."""
        measures = {".".join(each[:3]) for each in self._index}
        asked = ".".join(key[:3])
        if asked in measures:
            return f"{asked} has no interval {key[3]!r}"
        return f"unknown measure {asked!r}{nearest(asked, measures)}"

    def __repr__(self) -> str:
        """How many numbers there are."""
        return f"<Kpis: {len({row.measure for row in self.rows})} measures, {len(self.rows):,} numbers>"

    def _repr_html_(self) -> str:
        """For notebooks: the numbers over the whole window."""
        rows = [row for row in self.rows if row.interval == "all"]
        fields = ("mean", "lower", "upper")
        heads = "".join(f"<th>{name}</th>" for name in ("measure", *fields, "unit"))
        lines = "".join(
            f"<tr><td>{html.escape(f'{row.scope}.{row.name}.{row.measure}')}</td>"
            + "".join(f"<td>{getattr(row, name):.4g}</td>" for name in fields)
            + f"<td>{html.escape(row.unit)}</td></tr>"
            for row in rows[:IN_NOTEBOOKS]
        )
        more = f"<p>and {len(rows) - IN_NOTEBOOKS:,} more</p>" if len(rows) > IN_NOTEBOOKS else ""
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>{more}"

    def get(self, scope: str, name: str, measure: str, interval: str = "all") -> Kpi | None:
        """The number, or None where it has no meaning (such as the service level of a website)."""
        return self._index.get((scope, name, measure, interval))

    def __iter__(self) -> Iterator[Kpi]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def columns(self) -> dict[str, list[object]]:
        """The table as columns, by name of FIELDS."""
        return {field: [getattr(row, field) for row in self.rows] for field in FIELDS}
