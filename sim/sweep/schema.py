"""Versions of a sweep's files: what this one writes, and how an older one is read.

Comes in: study.json as some version wrote it, or the table of its results. Goes out: the same as this version would
have written it. A change of the files is a new number here and one step from the number before; every older store
opens by taking all steps (tests/sweeps/older holds one of each schema, and a test opens them all).

    1    parts are named <hash>-<first>-<stop>.parquet and hold one point each
    2    parts hold any points; results say their confidence
    3    missing numbers of results are NULL, not NaN; parts and study.json say which source wrote them
    4    results have paired differences from the point `study.sweep.against`; factors that are times in seconds are
         numbers
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem

SCHEMA = 4
Study = dict[str, Any]
Step = tuple[Callable[[Study], Study], str]
"""study.json as the next schema has it, and the table of results as a query from the table `results`"""


def _confidence(study: Study) -> Study:
    """Until 2 only the configuration said it, if at all."""
    run = study.get("configuration", {}).get("run") or {}
    return {"confidence": run.get("confidence", 0.95), **study}


NUMBERS = ("mean", "half_width", "lower", "upper", "confidence", "difference", "difference_half_width")
"""columns of results that are numbers with a fraction"""
FINITE = ", ".join(f"CASE WHEN isfinite({name}) THEN {name} END AS {name}" for name in NUMBERS[:5])
"""Numbers in SQL until 3, missing where they are none"""
STEPS: dict[int, Step] = {
    1: (
        _confidence,
        "SELECT * EXCLUDE (n, unit, status, error), CASE WHEN status = 'ok' THEN {confidence!r}::DOUBLE END"
        " AS confidence, n, unit, status, error FROM results",
    ),
    2: (dict, f"SELECT * REPLACE ({FINITE}) FROM results"),
    3: (
        dict,
        "SELECT * EXCLUDE (n, unit, status, error), NULL::DOUBLE AS difference, NULL::DOUBLE AS difference_half_width,"
        " n, unit, status, error FROM results",
    ),
}
"""from this schema to the next one"""


def migrated(study: Any, folder: Path) -> Study:
    """study.json as this version would have written it; `read_as` keeps the number that it has.

    Raises InputError for a schema that is newer than this version, or none.
    """
    if not isinstance(study, Mapping) or not isinstance(study.get("configuration", {}), Mapping):
        raise InputError(Problem(str(folder), "study.json does not describe a sweep"))
    schema, found = study.get("schema"), dict(study)
    if isinstance(schema, bool) or not isinstance(schema, int) or not (schema == SCHEMA or schema in STEPS):
        newer = isinstance(schema, int) and schema > SCHEMA
        hint = "a newer version of the simulator wrote it" if newer else "name another study.sweep.folder"
        raise InputError(Problem(str(folder), f"has schema {schema} of the store, this version has {SCHEMA}; {hint}"))
    for number in range(schema, SCHEMA):
        found = STEPS[number][0](found)
    confidence = found.get("confidence")
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 < confidence < 1:
        raise InputError(Problem(str(folder), f"study.json: confidence must be between 0 and 1, got {confidence!r}"))
    return {**found, "confidence": float(confidence), "schema": SCHEMA, "read_as": schema}


def results_query(study: Study, table: str) -> str:
    """A query that reads `table`, the results of a store that `migrated` has read, as this version writes them."""
    query = f"SELECT * FROM {table}"
    for number in range(study["read_as"], SCHEMA):
        query = f"WITH results AS ({query}) " + STEPS[number][1].format(confidence=study["confidence"])
    return query
