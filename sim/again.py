"""Run again what a folder says was run, and say whether the numbers are the same.

Comes in: the folder of a run, of a study or of a sweep (with the number of a point), and how to read a configuration.
Goes out: a `Rerun`: how many numbers were held against each other, which differ, and how this program differs from the
one that wrote the folder. Anybody who is given a result can repeat it. A manifest may come from somebody else, so keys
that name other machines or files to be written are left out.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .api import run
from .calibration.own_centre import OwnCentre
from .errors import InputError, Problem
from .model.centre import Configuration
from .model.digest import without
from .model.origin import with_values
from .provenance import differences
from .sweep.again import is_on_own_data, point_again
from .sweep.store import Store

Read = Callable[[Mapping[str, Any], Sequence[str], Sequence[str]], Configuration]
"""a plain configuration, the overrides it was composed with, keys set on purpose -> the checked configuration"""
ELSEWHERE = ("exec", "study.page", "run.large")
"""keys of a manifest that are not obeyed: other machines, files to be written, and leave to take hours"""
QUIET = {"run.plots": False, "run.log": False, "run.event_log": None}
ALONE = {"study.kind": "none"}
"""what a comparison keeps is a folder for each of its runs"""
TIMES = ("seconds",)
"""columns that are no result"""
SHOWN = 5
"""differences that are said one by one"""


@dataclass(frozen=True)
class Rerun:
    """What came of running something again."""

    what: str
    compared: int
    """numbers and texts that were held against each other"""
    different: tuple[str, ...]
    """those that differ: where, what was written, what it is now"""
    program: tuple[str, ...]
    """how this program differs from the one that wrote the folder, where a digit may depend on it"""

    @property
    def equal(self) -> bool:
        """Whether all numbers are the same to the last digit."""
        return self.compared > 0 and not self.different

    def words(self) -> str:
        """The verdict, and what differs."""
        lines = [f"{self.what}: {self.compared:,} values compared"]
        lines += [f"program: {each}" for each in self.program] or ["program: the same"]
        if self.equal:
            return "\n".join([*lines, "equal: every value is the same to the last digit"])
        lines += [f"  {each}" for each in self.different[:SHOWN]]
        if len(self.different) > SHOWN:
            lines.append(f"  and {len(self.different) - SHOWN:,} more")
        return "\n".join([*lines, f"different: {len(self.different):,} of {self.compared:,} values"])


def rerun(place: str | Path, point: int | None = None, *, read: Read, values: Mapping[str, Any] | None = None) -> Rerun:
    """Runs again what `place`, a folder or its manifest.json, says; of a sweep the point with that number.

    `values` are keys that no number depends on, such as `run.workers`; a run as large as a slip would make it needs
    `run.large` among them, whatever the folder says. Raises InputError for a folder that holds no
    result, a sweep without `point`, and anything that cannot be read.
    """
    folder = Path(place)
    if folder.name in ("manifest.json", "study.json"):
        folder = folder.parent
    if (folder / "study.json").is_file():
        return _point(folder, point, read, bool((values or {}).get("run.large")))
    if point is not None:
        raise InputError(Problem("point", f"{folder} is no sweep (no study.json): leave it out"))
    if not (folder / "manifest.json").is_file() and (several := sorted(folder.glob("*/manifest.json"))):
        return _together(folder, [_whole(path.parent, read, values or {}) for path in several])
    return _whole(folder, read, values or {})


def _together(folder: Path, runs: Sequence[Rerun]) -> Rerun:
    """Of a folder of runs, which a comparison and `-m` leave: all of them."""
    different = [f"{each.what}: {what}" for each in runs for what in each.different]
    program = dict.fromkeys(what for each in runs for what in each.program)
    compared = sum(each.compared for each in runs)
    return Rerun(f"{folder} ({len(runs)} runs)", compared, tuple(different), tuple(program))


def _point(folder: Path, point: int | None, read: Read, large: bool) -> Rerun:
    store = Store(folder)
    study = store.study()
    own = _own_centre(folder, study, read) if is_on_own_data(study) else None
    what, compared, different = point_again(store, study, point, own, large)
    now = {"data_sha256": own.digest} if own else {}
    return Rerun(what, compared, tuple(different), (*differences(study), *other_files(study, now)))


def _own_centre(folder: Path, study: Mapping[str, Any], read: Read) -> OwnCentre:
    """The planner's centre that a sweep was made on, fitted again or remembered."""
    asked = with_values(without(study["configuration"], ELSEWHERE), {"study.kind": "none"})
    return OwnCentre(read(asked, _overrides(folder, study), _texts(folder, study, "stated")))


def _whole(folder: Path, read: Read, values: Mapping[str, Any]) -> Rerun:
    """A run, or a study that is no sweep: every table that it wrote is made again and held against it."""
    manifest = _manifest(folder)
    container = without(manifest["configuration"], ELSEWHERE)
    study = container.get("study")
    if isinstance(study, Mapping) and study.get("kind") == "sweep":  # it would write where the manifest says
        raise InputError(Problem(str(folder), "is no sweep: that is known by its study.json, and here is none"))
    alone = isinstance(study, Mapping) and study.get("kind") == "compare"
    try:
        if alone:
            container = with_values(container, ALONE)
        asked = with_values(container, {**QUIET, **values})
    except (ValueError, AttributeError) as error:
        raise InputError(Problem(f"{folder}/manifest.json: {error.args[0]}", str(error.args[-1]))) from None
    config = read(asked, _overrides(folder, manifest), _texts(folder, manifest, "stated"))
    with TemporaryDirectory(prefix="rerun-", suffix=".tmp") as made:
        run(config, made, only=_finished(manifest) if config.study.kind == "none" else ())
        compared, different = 0, list[str]()
        for path in sorted(Path(made).glob("*.csv")):
            if (folder / path.name).is_file():
                more, found = compared_tables(folder / path.name, path)
                compared, different = compared + more, different + found
            elif not alone:  # a side of a comparison keeps its numbers only
                different.append(f"{path.name}: is not in {folder}")
        now = _manifest(Path(made)) if (Path(made) / "manifest.json").is_file() else {}
    if not compared:
        raise InputError(Problem(str(folder), "holds no table to compare with (kpis.csv and the like)"))
    name = f"{manifest.get('scenario', 'run')}, seed {manifest.get('seed')}"
    program = (*differences(manifest), *other_files(manifest, now))
    return Rerun(f"{folder} ({name})", compared, tuple(different), program)


def other_files(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Files that two manifests were made from and that have changed in between."""
    named = [each.get("files") for each in (before, now)]
    files = [
        {
            "data.intervals": each.get("data_sha256"),
            "data.roster": each.get("roster_sha256"),
            **(more if isinstance(more, Mapping) else {}),
        }
        for each, more in zip((before, now), named, strict=True)
    ]
    for name in files[0].keys() & files[1].keys():
        was, is_now = (str(each[name]) for each in files)
        if was != is_now and files[0][name] is not None:
            yield f"file {name} has changed: {was[:12]}, now {is_now[:12]}"


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file():
        what = "holds neither manifest.json (a run) nor study.json (a sweep)"
        raise InputError(Problem(str(folder), what if folder.is_dir() else "there is no such folder"))
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(Problem(str(path), f"cannot be read ({error})")) from None
    if not isinstance(content, dict) or not isinstance(content.get("configuration"), dict):
        raise InputError(Problem(str(path), "holds no configuration: not the manifest of a run"))
    return content


def _overrides(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """The command line of the manifest; raises InputError where it reaches for Hydra or the environment, for a manifest
    may be somebody else's."""
    words = _texts(folder, manifest, "overrides")
    for word in words:
        if "${" in word or word.lstrip("+~").startswith("hydra"):
            what = f"{word!r} reaches beyond the description of a centre; type the command yourself"
            raise InputError(Problem(f"{folder}/manifest.json: overrides", what))
    return words


def _texts(folder: Path, manifest: Mapping[str, Any], name: str) -> list[str]:
    """A list of the manifest; empty where it has none."""
    words = manifest.get(name) or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise InputError(Problem(f"{folder}/manifest.json: {name}", "must be a list of texts"))
    return words


def _finished(manifest: Mapping[str, Any]) -> list[int]:
    """Of an interrupted run: the replications that it finished, in whatever order they did; none of another."""
    numbers, asked = manifest.get("finished_replications"), manifest.get("replications")
    if not isinstance(numbers, list) or not isinstance(asked, int):
        return []
    if len(numbers) > (most := max(asked, _most(manifest))):
        raise InputError(Problem("finished_replications", f"{len(numbers):,} of them, where {most:,} were asked for"))
    whole = [*dict.fromkeys(number for number in numbers if type(number) is int and 0 <= number < 2**20)]
    return whole if manifest.get("interrupted") or len(numbers) < asked else []


def _most(manifest: Mapping[str, Any]) -> int:
    """Replications to which `run.precision` may have led."""
    run = manifest["configuration"].get("run")
    most = run.get("max_replications") if isinstance(run, Mapping) and run.get("precision") else 0
    return most if isinstance(most, int) else 0


def compared_tables(before: Path, now: Path) -> tuple[int, list[str]]:
    """How many cells two CSV files have, and where they differ; rows are named by their texts."""
    old, new = _rows(before), _rows(now)
    if [*map(len, old)] != [*map(len, new)] or old[:1] != new[:1]:
        size = f"{len(old) - 1} rows of {len(old[0]) if old else 0} columns"
        return 1, [f"{before.name}: had {size}, now {len(new) - 1} rows of {len(new[0]) if new else 0}"]
    compared, different = 0, []
    header = old[0] if old else []
    for mine, theirs in zip(old[1:], new[1:], strict=True):
        for name, was, is_now in zip(header, mine, theirs, strict=False):
            compared += name not in TIMES
            if was != is_now and name not in TIMES:
                row = ".".join(cell for cell in mine[:4] if not _is_number(cell))
                different.append(f"{before.name} {row} {name}: was {was or 'empty'}, now {is_now or 'empty'}")
    return compared, different


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(Problem(str(path), f"cannot be read ({error})")) from None


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
