"""A point of a finished sweep, simulated again and held against its parts; and its replications one by one.

Comes in: a store. Goes out: what differs at a point to the last bit, or the value of every measure by point and
replication. The design is made anew from the configuration that study.json holds, so factors keep their types.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..calibration.own_centre import OwnCentre
from ..errors import InputError, Problem
from ..measures.observe import observe
from ..model.centre import Configuration
from ..runs.replicate import simulate
from ..runs.size import check_size
from .columns import columns_of, connected, fill
from .configurations import Configurations
from .design import Values, expand
from .foreign import check_parts
from .points import SCENARIOS, Bases, simulated
from .store import Store
from .work import sums_of

HELD = """SELECT replication, scope, name, measure, top, bottom FROM read_parquet(?, union_by_name=true)
WHERE hash = ? ORDER BY replication"""
BY_REPLICATION = """SELECT d.* EXCLUDE (hash), p.replication, p.scope, p.name, p.measure,
CASE WHEN p.bottom IS NULL THEN p.top WHEN p.bottom = 0 THEN NULL ELSE p.top / p.bottom END AS value
FROM read_parquet(?, union_by_name=true) p JOIN design d USING (hash)
WHERE len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], concat_ws('.', p.scope, p.name, p.measure))
ORDER BY d.point, p.replication, p.scope, p.name, p.measure"""


def is_on_own_data(study: Mapping[str, Any]) -> bool:
    """Whether the points are what-ifs on a planner's own centre."""
    data = (study.get("configuration") or {}).get("data")
    return isinstance(data, Mapping) and data.get("intervals") is not None


def point_again(
    store: Store, study: Mapping[str, Any], number: int | None, own: OwnCentre | None = None, large: bool = False
) -> tuple[str, int, list[str]]:
    """What point `number` is, how many sums its replications have on disk, and which differ now; `own` is the planner's
    centre that points are what-ifs on.

    Raises InputError without a number, for one that is no point, and for one that takes hours unless `large` says so.
    """
    bases, design, hashes = _design(store, study)
    if number is None or not 0 <= number < len(design):
        said = "is a sweep" if number is None else f"has no point {number}"
        raise InputError(Problem(str(store.folder), f"{said}: say point=0 to point={len(design) - 1} (see design.csv)"))
    values = design[number]
    held = _held(store, hashes[number])
    if not held:
        raise InputError(Problem(str(store.folder), f"point {number} has no finished replication"))
    config = Configurations(bases, own).at(values)
    run = config.run.model_copy(update={"large": large, "replications": len(held)})
    check_size(config.model_copy(update={"run": run}))
    only = _measures(study)
    different = [each for replication, rows in held.items() for each in _compared(config, replication, rows, only)]
    said = ", ".join(f"{key}={value}" for key, value in values.items())
    what = f"{store.folder} point {number} ({said}; {len(held)} replications)"
    return what, sum(2 * len(rows) for rows in held.values()), different


def _measures(study: Mapping[str, Any]) -> list[str]:
    """The measures that the sweep was limited to, if any; study.json may be somebody else's."""
    node: Any = study
    for name in ("configuration", "study", "sweep", "measures"):
        node = node.get(name) if isinstance(node, Mapping) else None
    return [each for each in node if isinstance(each, str)] if isinstance(node, (list, tuple)) else []


Sums = dict[tuple[str, str, str], tuple[float, float | None]]
"""by scope, name and measure: numerator and denominator"""


def _held(store: Store, point: str) -> dict[int, Sums]:
    """What the parts hold of a point, by replication."""
    found: dict[int, Sums] = {}
    with connected() as connection, _readable(store):
        check_parts(connection, _parts(store))
        rows = connection.execute(HELD, [_names(store), point]).fetchall()
    for replication, scope, name, measure, top, bottom in rows:
        found.setdefault(replication, {})[scope, name, measure] = (top, bottom)
    return found


@contextmanager
def _readable(store: Store) -> Iterator[None]:
    """Parts that cannot be read are the user's to mend."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        what = f"cannot be read ({str(error).splitlines()[0]}): run the sweep's command again"
        raise InputError(Problem(str(store.parts), what)) from None


def _compared(config: Configuration, replication: int, rows: Sums, only: Collection[str]) -> list[str]:
    """What differs in one replication, simulated again; of the measures that the sweep took, `only` those if any."""
    sums = sums_of(observe(simulate(config, replication), config, only))
    now: Sums = {
        (scope, name, measure): (top, None if total else bottom)
        for (scope, name, measure, total), top, bottom in zip(
            sums.names, sums.top[0].tolist(), sums.bottom[0].tolist(), strict=True
        )
    }
    return [
        f"replication {replication} {'.'.join(key)}: was {_shown(rows.get(key))}, now {_shown(now.get(key))}"
        for key in sorted(rows.keys() | now.keys())
        if not _is_same(rows.get(key), now.get(key))
    ]


def _is_same(one: tuple[float, float | None] | None, other: tuple[float, float | None] | None) -> bool:
    """Equality to the last bit; missing and not a number are the same."""
    if one is None or other is None:
        return one is other
    return all(a == b or (a is None or a != a) and (b is None or b != b) for a, b in zip(one, other, strict=True))


def _shown(sums: tuple[float, float | None] | None) -> str:
    if sums is None:
        return "missing"
    return f"{sums[0]!r}" if sums[1] is None else f"{sums[0]!r} / {sums[1]!r}"


def _design(store: Store, study: Mapping[str, Any]) -> tuple[Bases, list[Values], list[str]]:
    """Base configurations, values of the points, and their hashes from design.csv."""
    container = study.get("configuration") or {}
    bases = study.get(SCENARIOS) or {"": simulated(container)}
    if not isinstance(bases, Mapping) or not all(isinstance(base, Mapping) for base in bases.values()):
        raise InputError(Problem(f"{store.folder}/study.json: {SCENARIOS}", "must hold configurations by name"))
    design = expand(Configuration.from_mapping({**container, "exec": {}}).study.sweep)
    path = store.folder / "design.csv"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            hashes = [row["hash"] for row in csv.DictReader(file)]
    except (OSError, KeyError, csv.Error, UnicodeDecodeError) as error:
        raise InputError(Problem(str(path), f"cannot be read ({error}): run the same command again")) from None
    if len(hashes) != len(design):
        what = f"has {len(hashes)} points, study.json {len(design)}: run the same command again"
        raise InputError(Problem(str(path), what))
    return bases, design, hashes


def _names(store: Store) -> list[str]:
    return [str(path) for path in _parts(store)]


def _parts(store: Store) -> list[Path]:
    paths = sorted(store.parts.glob("*.parquet"))
    if not paths:
        raise InputError(Problem(str(store.folder), "holds no parts: nothing is finished yet"))
    return paths


def read_replications(folder: str | Path, measures: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """Every replication of every point of a sweep by column: point, its factors, replication, scope, name, measure,
    value (not a number where the replication has none); of `measures` only, if any."""
    store = Store(Path(folder))
    _, design, hashes = _design(store, store.study())
    factors = {key: columns_of([values[key] for values in design]) for key in design[0]}
    with connected() as connection, _readable(store):
        check_parts(connection, _parts(store))
        fill(connection, "design", {"point": [*range(len(design))], "hash": hashes, **factors})
        found = connection.execute(BY_REPLICATION, [_names(store), [*measures], [*measures]]).fetchnumpy()
    return {
        name: np.asarray(np.ma.filled(column, np.nan) if name == "value" else column) for name, column in found.items()
    }
