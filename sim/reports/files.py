"""What a run leaves in its folder: kpis.csv, kpis.parquet, manifest.json, and on request the log.

Comes in: `Results` and a folder. Goes out: the files' paths. Parquet is written and read with DuckDB, without pandas.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import engine
from ..files import whole, write_text
from ..files import write_csv as write_csv  # also for those who write a result's other tables
from ..log.tables import Log
from ..model.digest import configuration_digest
from ..model.laws import laws_in
from ..provenance import program
from ..runs.replicate import Results
from ..statistics.kpis import FIELDS, Kpis

SCHEMA = 1
"""Version of the files' layout."""


def write_results(
    results: Results, container: Mapping[str, Any], folder: Path, overrides: Sequence[str] = (), **more: Any
) -> list[Path]:
    """kpis.csv, kpis.parquet and manifest.json, with what a run has to add, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "kpis.csv", folder / "kpis.parquet"]
    write_csv(paths[0], FIELDS, zip(*results.kpis.columns().values(), strict=True))
    write_parquet(paths[1], kpi_columns(results.kpis))
    return [*paths, write_manifest(folder, results, container, overrides, **more)]


def kpi_columns(kpis: Kpis) -> dict[str, Any]:
    """The table of results as typed columns."""
    columns = kpis.columns()
    numbers = {"mean": float, "half_width": float, "lower": float, "upper": float, "n": np.int32}
    return {name: np.array(values, dtype=numbers.get(name, object)) for name, values in columns.items()}


def write_parquet(path: Path, columns: Mapping[str, Any]) -> None:
    """One Parquet file from columns of equal length (NumPy arrays or lists of texts)."""
    import duckdb

    with duckdb.connect() as connection, whole(path) as written:
        connection.register("columns", dict(columns))
        target = str(written).replace("'", "''")
        connection.execute(f"COPY (SELECT * FROM columns) TO '{target}' (FORMAT parquet)")


def write_columns(stem: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Path]:
    """A table of rows as stem.csv and stem.parquet."""
    paths = [stem.with_suffix(".csv"), stem.with_suffix(".parquet")]
    write_csv(paths[0], header, rows)
    kinds = {bool: np.bool_, int: np.int64, float: np.float64}
    columns: dict[str, Any] = {
        name: np.array([row[i] for row in rows], dtype=kinds.get(type(rows[0][i]) if rows else str, object))
        for i, name in enumerate(header)
    }
    write_parquet(paths[1], columns)
    return paths


def write_manifest(
    folder: Path, results: Results, container: Mapping[str, Any], overrides: Sequence[str] = (), **more: Any
) -> Path:
    """manifest.json in `folder`, with what a study has to add."""
    text = json.dumps(manifest(results, container, overrides) | more, indent=1, default=str)
    return write_text(folder / "manifest.json", text + "\n")


def write_log(log: Log, folder: Path) -> list[Path]:
    """The log's tables as Parquet: log/contacts-0003.parquet and so on; codes are joined by log/names.json."""
    target = folder / "log"
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in ("contacts", "turns", "customers", "duties", "staffing", "posts"):
        columns = dict(getattr(log, name))
        first = next(iter(columns.values()))
        columns["replication"] = np.full(first.size, log.replication, dtype=np.int32)
        paths.append(target / f"{name}-{log.replication:04d}.parquet")
        write_parquet(paths[-1], columns)
    names = {key: list(getattr(log, key)) for key in ("channels", "pools", "segments", "reasons")}
    names["agent_pool"] = log.agent_pool.tolist()
    write_text(target / "names.json", json.dumps(names, indent=1) + "\n")
    return paths


def config_hash(container: Mapping[str, Any]) -> str:
    """SHA-256 of the resolved configuration, keys sorted: equal configurations have equal hashes."""
    return hashlib.sha256(json.dumps(container, sort_keys=True, default=str).encode()).hexdigest()


def manifest(results: Results, container: Mapping[str, Any], overrides: Sequence[str] = ()) -> dict[str, Any]:
    """Provenance: what was run, with what, when and how long."""
    run = results.config.run
    return {
        "schema": SCHEMA,
        "scenario": results.config.scenario.name,
        "overrides": list(overrides),
        "configuration_sha256": configuration_digest(results.config),
        "files": {law.file: law.digest for _, law in laws_in(results.config) if law.file is not None},
        "seed": run.seed,
        "replications": run.replications,
        "warm_up_seconds": run.warm_up,
        "finished_replications": list(results.replications),
        "interrupted": results.interrupted,
        "engine": engine.described(results.config),
        "finished_at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seconds": round(results.seconds, 3),
        **program(),
        "configuration": container,
    }
