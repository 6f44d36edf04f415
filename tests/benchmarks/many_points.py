"""What a study of many points costs beside its simulation: time, memory and files, at growing sizes.

    python tests/benchmarks/many_points.py 1000 10000 50000

Every task gives back a copy of one real result (a queue's, or with `--baseline` the baseline's, which has more
measures) instead of simulating, so all that is left is the study itself: points, hashes, the parts, tables. Each size
runs in a process of its own. Printed as lines of a table: CPU and wall per point, where it goes, peak memory, files and
bytes, the time to open the finished study, and that of one query over all parts.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sim.sweep import run  # noqa: E402
from sim.sweep.configurations import Configurations  # noqa: E402
from sim.sweep.points import HASH, simulated  # noqa: E402
from sim.sweep.tables import read_study  # noqa: E402
from sim.sweep.tasks import Outcome, Task  # noqa: E402
from tests.sweeps.centres import queue, run_task  # noqa: E402

FACTORS = {
    "demand.scale": {"low": 0.5, "high": 1.5},
    "integration.level": {"low": 0, "high": 1},
    "run.seed": {"low": 0, "high": 1000000, "integer": True},
}


def copied(tasks: Iterable[Task], outcome: Outcome) -> Iterator[Outcome]:
    """The same result for every task, but for its size: equal numbers would pack too well."""
    assert outcome.sums is not None
    for task in tasks:
        factor = 1 + int(task.hash[1:], 16) / 16**HASH
        sums = replace(outcome.sums, top=outcome.sums.top * factor, bottom=outcome.sums.bottom * (2 - factor))
        yield replace(outcome, task=task, sums=sums)


def container(folder: Path, points: int, baseline: bool) -> dict[str, Any]:
    """A study of the tiny queue or of the baseline."""
    small = queue(folder, FACTORS, "1 min", replications=1, design="latin_hypercube", points=points)
    if not baseline:
        return small
    from sim.cli.compose import compose

    whole = compose(["run.replications=1", "run.warm_up=0", "run.measure=1 d", "run.end=cut", "run.workers=1"])
    return whole | {"study": small["study"]}


def measured(points: int, baseline: bool) -> dict[str, float]:
    """What one size costs."""
    with TemporaryDirectory() as there:
        folder = Path(there) / "study"
        study = container(folder, points, baseline)
        one = run_task(Task("p", {"run.seed": 1}, 0, 1), Configurations({"": simulated(study)}))
        assert one.sums is not None
        phases: dict[str, float] = {}
        for name in ("expand", "numbered", "run_missing", "write_tables", "write_design"):
            setattr(run, name, partial(_timed, phases, name, getattr(run, name)))
        wall, cpu = time.perf_counter(), time.process_time()
        run.run_sweep(study, work=partial(copied, outcome=one))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        opening = time.perf_counter()
        rows = len(read_study(folder)["point"])
        opening, opening_one = time.perf_counter() - opening, time.perf_counter()
        read_study(folder, ["journey.all.resolved"])
        opening_one, asking = time.perf_counter() - opening_one, time.perf_counter()
        _query(folder)
        asking = time.perf_counter() - asking
        parts = [path.stat().st_size for path in (folder / "parts").iterdir()]
        return {
            "points": points, "rows": rows,
            "CPU ms a point": cpu / points * 1e3, "wall ms a point": wall / points * 1e3,
            **{f"{name}, wall ms a point": seconds / points * 1e3 for name, seconds in phases.items()},
            "peak MiB": peak, "parts": len(parts), "bytes a point in parts": sum(parts) / points,
            **{f"{name}, bytes a point": _size(folder / name) / points for name in
               ("results.parquet", "results.csv", "design.csv")},
            "study.json bytes": (folder / "study.json").stat().st_size, "open s": opening,
            "open one measure s": opening_one, "query s": asking,
        }  # fmt: skip


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _timed(phases: dict[str, float], name: str, function: Any, *words: Any, **options: Any) -> Any:
    began = time.perf_counter()
    found = function(*words, **options)
    if name == "numbered":
        found = list(found)
    phases[name] = phases.get(name, 0.0) + time.perf_counter() - began
    return found


def _query(folder: Path) -> None:
    import duckdb

    parts = f"read_parquet('{folder}/parts/*.parquet')"
    duckdb.sql(f"SELECT measure, avg(top) FROM {parts} WHERE scope = 'journey' GROUP BY measure").fetchall()


def main(words: list[str]) -> None:
    """Each size in a process of its own, as lines of a table."""
    baseline, sizes = "--baseline" in words, [int(word) for word in words if word.isdigit()]
    if "--one" in words:
        print(json.dumps(measured(sizes[0], baseline)))
        return
    found = []
    for size in sizes:
        command = [sys.executable, __file__, "--one", str(size), *(["--baseline"] if baseline else [])]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        found.append(json.loads(said.splitlines()[-1]))
    for name in found[0]:
        print(
            f"| {name} | "
            + " | ".join(f"{each[name]:,.3g}" if each[name] < 100 else f"{each[name]:,.0f}" for each in found)
            + " |"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
