"""One table from all points of a sweep.

Comes in: the sweep's folder, where each job left `point.json` and, if it ran, `kpis.csv`. Goes out: `sweep.csv` there
(long form, swept keys as columns, a failed point as a row with its error) and one table on the console.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import files
from ..errors import InputError
from ..reports.points import Point, read_points, table, write_csv, written_points
from .folders import about_to_make, remove_made, was_made

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from ..studies.compare.points import PointDifferences

SWEEPS: list[list[Point]] = []  # gathered, for the exit code: Hydra drops what jobs and callbacks return
EMPTY: list[Path] = []  # folders of sweeps that had no point
SHORT: list[str] = []  # what run.precision asked for and was not reached
_OPEN: list[tuple[Path, dict[Path, int]]] = []  # folders of sweeps not yet gathered, and points that lay there before


@contextmanager
def record(folder: Path, number: int, overrides: list[str]) -> Iterator[None]:
    """Runs the body as a point of a sweep: its failure is written down and said, and the others go on."""
    point: dict[str, Any] = {"point": number, "overrides": overrides, "status": "ok", "error": ""}
    try:
        yield
    except InputError as error:
        point |= {"status": "mistake", "error": str(error)}
    except Exception as error:
        point |= {"status": "failed", "error": f"{type(error).__name__}: {error}"}
        (folder / "error.txt").write_text(traceback.format_exc(), encoding="utf-8")
    (folder / "point.json").write_text(json.dumps(point, indent=1) + "\n", encoding="utf-8")
    if point["error"]:
        said = point["error"].splitlines()
        where = f" (see {folder / 'error.txt'})" if point["status"] == "failed" else ""
        for line in said:
            print(f"error: point {number} ({' '.join(overrides)}): {line}{where}", file=sys.stderr)


class Gather:
    """Hydra's callback around a multirun."""

    def on_run_start(self, config: DictConfig, **_: Any) -> None:
        """Remembers which folders the run is about to make."""
        from hydra.core.hydra_config import HydraConfig

        before = HydraConfig.instance().cfg
        HydraConfig.instance().cfg = config  # type: ignore[assignment]  # the folder's name asks for choices of the configuration
        try:
            about_to_make(Path(str(config.hydra.run.dir)))
        finally:
            HydraConfig.instance().cfg = before

    def on_multirun_start(self, config: DictConfig, **_: Any) -> None:
        """Remembers the folder, so that a sweep that is stopped half-way is gathered too."""
        folder = Path(str(config.hydra.sweep.dir))
        about_to_make(folder)
        _OPEN.append((folder, written_points(folder)))

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        """Writes and prints the table of all points."""
        try:
            before = len(SWEEPS)
            finish()
            if len(SWEEPS) == before:
                EMPTY.append(Path(str(config.hydra.sweep.dir)))
        except Exception:  # Hydra would turn it into a warning of one line
            traceback.print_exc()
            SWEEPS.append([Point(-1, Path(), "failed", "gathering failed", {}, [])])

    def __getattr__(self, name: str) -> Any:
        """The other moments of a run (on_job_start ...) need nothing done."""
        if name.startswith("on_"):
            return lambda **_: None
        raise AttributeError(name)


def start() -> None:
    """Forgets the sweeps of earlier calls in this process."""
    SWEEPS.clear()
    EMPTY.clear()
    SHORT.clear()
    _OPEN.clear()


def finish() -> None:
    """Gathers the sweeps that have not been gathered yet; the folder of one that never began is removed."""
    while _OPEN:
        folder, before = _OPEN.pop()
        points = read_points(folder, before)
        if points:
            SWEEPS.append(points)
            write_csv(folder / "sweep.csv", points)
            print(table(points), f"\n{folder / 'sweep.csv'}", sep="\n")
            _compare(points, folder)
        elif was_made(folder) and folder.is_dir() and {path.name for path in folder.iterdir()} <= {"multirun.yaml"}:
            (folder / "multirun.yaml").unlink(missing_ok=True)
            remove_made(folder)


def _compare(points: list[Point], folder: Path) -> None:
    """Differences from the first point: words, differences.csv, and a picture if the points were drawn."""
    from ..studies.compare.points import columns, point_differences, rows, words

    found = point_differences(points)
    if found is None:
        return
    path = folder / "differences.csv"
    files.write_csv(path, columns(), rows(found))
    print(f"\n{words(found)}", path, sep="\n")
    if (found.folder / "scorecard.png").is_file():
        _draw(found, folder)


def _draw(found: PointDifferences, folder: Path) -> None:
    """The picture, with the run of the first point at its foot."""
    from ..model.centre import Configuration
    from ..plots.studies import draw_differences
    from ..runs.replicate import Results
    from ..statistics.kpis import Kpis

    manifest = json.loads((found.folder / "manifest.json").read_text(encoding="utf-8"))
    config = Configuration.from_mapping({**manifest["configuration"], "data": {}})
    base = Results(config, Kpis(()), (), tuple(manifest["finished_replications"]), 0.0)
    draw_differences(base, found.differences, found.baseline, folder, found.together)


def exit_code() -> int:
    """0 if every point ran and is as precise as asked, 2 if none could because of the user's mistakes, else 1."""
    states = [point.status for points in SWEEPS for point in points]
    if all(status == "ok" for status in states):
        return 1 if SHORT else 0
    return 2 if all(status == "mistake" for status in states) else 1
