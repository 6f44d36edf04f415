"""Parts: Parquet files of what is finished, written as it finishes, many small results in one file.

Comes in: outcomes with their sums. Goes out: files of the folder parts/, and what they hold. One process writes all
parts of a study, on a thread beside its main one, every half second if there is something: a point that takes longer
has a part of its own, a thousand trivial ones share a few. A file appears under its name complete or not
at all (written under another name, then renamed).
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..provenance import source_hash
from .columns import few, literal
from .foreign import DESCRIBED, check_parts
from .tasks import Outcome, Sums, Task

WAIT = 0.5  # seconds that a result may wait for others to share its part
SHARE, LONGEST = 20, 4 * WAIT  # a slow disk gets fewer and larger parts: one twentieth of the time for writing
MOST = 5_000  # results that may wait; then the simulation does
CELLS = 500_000  # sums of a part, about
STALE = 3600.0  # seconds after which a file that nobody renamed belongs to a process that died
MAGIC = b"PAR1"
SUFFIX = ".parquet"
WRITTEN = """SELECT hash, replication, scope, name, measure, top,
CASE WHEN total THEN NULL ELSE bottom END AS bottom, sample::BLOB AS sample, size, {source} AS source
FROM sums JOIN (SELECT run, replication::INTEGER AS replication, {hash} FROM runs) USING (run)
JOIN (SELECT key, total, {scope}, {name}, {measure} FROM names) USING (key) LEFT JOIN samples USING (run, key)"""
TEXTS = {"hash": "runs", "scope": "names", "name": "names", "measure": "names"}
NAME = {"scope": object, "name": object, "measure": object, "total": bool}
HELD = """CREATE TEMP TABLE held AS
SELECT DISTINCT filename, hash, replication FROM read_parquet(?, filename=true, union_by_name=true)"""
DOUBLED = """SELECT DISTINCT filename FROM held JOIN (
    SELECT hash, replication, min(filename) AS first FROM held GROUP BY ALL HAVING count(*) > 1)
USING (hash, replication) WHERE filename <> first"""


class Writer:
    """Writes what it is given; leaving the `with` writes the rest. An error of the disk comes out of `put` or there."""

    def __init__(self, parts: Path) -> None:
        self.parts = parts
        self._queue: Queue[Outcome] = Queue(MOST)
        self._leaving = Event()
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="writer", daemon=True)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._leaving.set()
        self._thread.join()
        if self._error is not None and kind is None:
            raise self._error

    def put(self, outcome: Outcome) -> None:
        """Hands over what a task gave."""
        if self._error is not None:
            raise self._error
        self._queue.put(outcome)

    def _run(self) -> None:
        wait = WAIT
        try:
            while not (self._leaving.is_set() and self._queue.empty()):
                try:
                    first = self._queue.get(timeout=WAIT / 10)
                except Empty:
                    continue
                self._leaving.wait(wait)
                batch, cells = [first], _cells(first)
                while cells < CELLS and not self._queue.empty():
                    batch.append(self._queue.get())
                    cells += _cells(batch[-1])
                began = time.perf_counter()
                write_part(self.parts, batch)
                wait = min(max(WAIT, SHARE * (time.perf_counter() - began)), LONGEST)
        except BaseException as error:
            self._error = error
            while not self._leaving.is_set():  # nobody shall wait for room
                with suppress(Empty):
                    self._queue.get(timeout=WAIT / 10)


def _cells(outcome: Outcome) -> int:
    return outcome.sums.top.size if outcome.sums is not None else 0


def write_part(parts: Path, outcomes: Sequence[Outcome]) -> Path:
    """One row for each replication, scope, name and measure; `bottom` is null for totals."""
    contents = hashlib.sha256(" ".join(outcome.task.name for outcome in outcomes).encode()).hexdigest()
    path = parts / f"{contents[:20]}{SUFFIX}"
    written = path.with_suffix(f".{os.getpid()}.tmp")
    connection = _duckdb()
    tables = _tables([(outcome.task, outcome.sums) for outcome in outcomes if outcome.sums is not None])
    for name, columns in tables.items():
        connection.register(name, columns)
    texts = {name: few(name, tables[table][name]) for name, table in TEXTS.items()}
    rows = WRITTEN.format(source=literal(source_hash()), **texts)
    connection.execute(f"COPY ({rows}) TO {literal(str(written))} (FORMAT parquet)")
    for name in tables:
        connection.unregister(name)
    os.replace(written, path)
    return path


@lru_cache(maxsize=1)
def _duckdb() -> Any:
    """One connection a process, used by its writer alone: opening one costs 20 times as much as a small part."""
    import duckdb

    return duckdb.connect(config={"threads": 1})


def _tables(outcomes: Sequence[tuple[Task, Sums]]) -> dict[str, dict[str, NDArray[Any]]]:
    """What a part says, by table of the query: texts once for each replication and each name, numbers for each sum."""
    layouts = dict.fromkeys(sums.names for _, sums in outcomes)
    first = dict(zip(layouts, np.cumsum([0, *map(len, layouts)]).tolist(), strict=False))
    runs = [(task.hash, number) for task, _ in outcomes for number in range(task.first, task.stop)]
    kept = [(first[sums.names], each) for _, sums in outcomes for each in sums.samples or [()] * len(sums.top)]
    samples = [(run, key + place, *rest) for run, (key, each) in enumerate(kept) for place, *rest in each]
    keys = [np.arange(len(sums.names)) + first[sums.names] for _, sums in outcomes for _ in sums.top]
    return {
        "runs": {"run": np.arange(len(runs)), **_columns({"hash": object, "replication": int}, runs)},
        "names": {
            "key": np.arange(sum(map(len, layouts))),
            **_columns(NAME, [name for layout in layouts for name in layout]),
        },
        "sums": {
            "run": np.repeat(np.arange(len(runs)), [key.size for key in keys]), "key": np.concatenate(keys),
            "top": np.concatenate([sums.top.ravel() for _, sums in outcomes]),
            "bottom": np.concatenate([sums.bottom.ravel() for _, sums in outcomes]),
        },
        "samples": _columns({"run": int, "key": int, "sample": object, "size": int}, samples),
    }  # fmt: skip


def _columns(kinds: Mapping[str, type], rows: Sequence[tuple[Any, ...]]) -> dict[str, NDArray[Any]]:
    """Rows as columns of these kinds, texts and bytes being objects; there may be none."""
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return {name: np.array(values, dtype=kind) for (name, kind), values in zip(kinds.items(), columns, strict=True)}


@dataclass(frozen=True)
class Held:
    """What the parts of a folder hold: files, and by hash the numbers of replications."""

    files: tuple[Path, ...] = ()
    replications: Mapping[str, frozenset[int]] = field(default_factory=dict)


def held(parts: Path) -> Held:
    """Looks into the parts.

    Removes files cut short, files that nobody finished, and a part that repeats what another holds (two processes at
    the same study), so that a query over all parts counts nothing twice.
    """
    import duckdb

    files = [path for path in sorted(parts.iterdir()) if path.is_file() and (path.suffix == SUFFIX or _forgotten(path))]
    files = [path for path in files if _is_whole(path)]
    if not files:
        return Held()
    with duckdb.connect() as connection:
        try:
            check_parts(connection, files)
            connection.execute(HELD, [[str(path) for path in files]])
        except duckdb.Error:  # one is whole by its looks only
            unreadable = [path for path in files if not _can_be_read(connection, path)]
            if not unreadable:
                raise
            for path in unreadable:
                path.unlink(missing_ok=True)
            return held(parts)
        doubled = {Path(name) for (name,) in connection.execute(DOUBLED).fetchall()}
        for path in doubled:
            path.unlink(missing_ok=True)
        connection.execute("DELETE FROM held WHERE filename IN (SELECT unnest(?::VARCHAR[]))", [[*map(str, doubled)]])
        same: dict[tuple[int, ...], frozenset[int]] = {}
        rows = connection.execute("SELECT hash, list_sort(list(replication)) FROM held GROUP BY hash").fetchall()
    found = {point: same.setdefault(tuple(numbers), frozenset(numbers)) for point, numbers in rows}
    return Held(tuple(path for path in files if path not in doubled), found)


def sources(parts: Path) -> list[str | None]:
    """The programs that wrote the parts of a folder, by the hash of their source; None for one that did not say."""
    import duckdb

    found: set[str | None] = set()
    with duckdb.connect() as connection:
        for path in parts.glob(f"*{SUFFIX}"):
            with suppress(duckdb.Error):  # `held` sees to parts that cannot be read
                columns = [name for name, *_ in connection.execute(DESCRIBED, [str(path)]).fetchall()]
                query = "SELECT DISTINCT source FROM read_parquet(?)" if "source" in columns else "SELECT NULL"
                rows = connection.execute(query, [str(path)] if "source" in columns else []).fetchall()
                found |= {source for (source,) in rows}
    return sorted(found, key=str)


def not_parts(parts: Path) -> list[Path]:
    """Files of a folder that look like parts and cannot be read as such."""
    import duckdb

    with duckdb.connect() as connection:
        return [path for path in sorted(parts.glob(f"*{SUFFIX}")) if not _can_be_read(connection, path)]


def _forgotten(path: Path) -> bool:
    """Removes a file that nobody renamed, when the process that wrote it has surely died."""
    if time.time() - path.stat().st_mtime > STALE:
        path.unlink(missing_ok=True)
    return False


def _is_whole(path: Path) -> bool:
    """Whether a part ends as Parquet does; it is removed otherwise."""
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) >= 12:
            file.seek(-4, os.SEEK_END)
            if file.read() == MAGIC:
                return True
    path.unlink(missing_ok=True)
    return False


def _can_be_read(connection: Any, path: Path) -> bool:
    """Whether DuckDB can read a part."""
    import duckdb

    try:
        connection.execute("SELECT count(hash) FROM read_parquet(?)", [str(path)])
    except duckdb.Error:
        return False
    return True
