"""A run on a planner's own volumes: the baseline is fitted once (and remembered), then the what-if is simulated.

Comes in: the configuration that was asked for, with its overrides. Goes out: that configuration with the imported days,
staffing and fitted demand in it, and afterwards `intervals.csv` and `by_hour.csv`. What was typed splits in two:
`data.*` and choices of whole groups (`centre=...`) describe the baseline as it was recorded; everything else is the
what-if.
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ..caches import cache_folder
from ..calibration.compared import COLUMNS, by_hour, comparison
from ..calibration.fit.solve import fit
from ..calibration.imported import Fitted, Staffing, imported
from ..calibration.intervals.table import IntervalTable, read_intervals
from ..errors import InputError, Problem
from ..model import Configuration
from ..model.channels import Queued
from ..reports.files import config_hash, write_csv
from .compose import compose

FIT_VERSION = 6
"""Part of the key under which fits are remembered: raise it when the fit changes."""


class OwnCentre:
    """An imported table with its baseline and fit."""

    def __init__(self, config: Configuration, overrides: Sequence[str]) -> None:
        self.asked = config
        container = compose(baseline_overrides(overrides))
        baseline = Configuration.from_mapping(container)
        typed = {word.lstrip("+~").partition("=")[0] for word in overrides}
        changed = config.integration.level != baseline.integration.level
        self.level = config.integration.level if changed or "integration.level" in typed else None
        self.staffing = _changed_staffing(baseline, config, typed)
        level = baseline.integration.model_copy(update={"level": config.data.current_integration})
        run = baseline.run.model_copy(update={"workers": config.run.workers})
        self.baseline = baseline.changed(integration=level, run=run)
        whole = read_intervals(str(config.data.intervals), baseline.open_channels, config.data)
        _refuse_self_service(baseline, whole)
        self.fit_table = _period(whole, config.data.fit, "data.fit")
        self.table = _period(whole, config.data.predict or config.data.fit, "data.predict")
        self._key = {"version": FIT_VERSION, "container": container, "file": _digest(whole.path)}

    def notices(self) -> list[str]:
        """What the user should know before the numbers."""
        pools = [p for p, pool in self.baseline.staffing.items() if not set(pool.serves) & set(self.table.channels)]
        notes = list(self.table.notices)
        if pools:
            notes.append(f"agent groups that the file does not name keep their defaults: {', '.join(pools)}")
        if self.asked.demand.streams != self.baseline.demand.streams:
            notes.append("customers come from the file: changes of demand.streams have no effect; use demand.scale")
        if self.asked.data.volumes == "first_contacts":
            notes.append("the file's volumes are first contacts: the simulated ones contain redials and switches")
        return notes

    def fitted(self) -> Fitted:
        """The fit, from the cache if the same baseline and file were fitted before."""
        path = _cache() / f"{config_hash(self._key)}.json"
        found = _remembered(path)
        if found is None:
            with tqdm(total=0, desc="fitting the baseline", disable=None, bar_format="{desc} ({elapsed})") as bar:

                def say(step: int, text: str) -> None:
                    bar.set_description_str(f"fitting, step {step}: {text}")

                found = fit(self.baseline, self.fit_table, say)
            _remember(path, found)
        return found

    def configuration(self) -> Configuration:
        """What was asked for, on the imported days."""
        level = self.baseline.integration.level if self.level is None else self.level
        integration = self.asked.integration.model_copy(update={"level": level})
        asked = self.asked.model_copy(update={"integration": integration})
        return imported(asked, self.table, self.fitted(), self.baseline, self.staffing)

    def write(self, folder: Path, config: Configuration, sums: Sequence[np.ndarray]) -> list[Path]:
        """intervals.csv and by_hour.csv: imported beside simulated."""
        paths = [folder / "intervals.csv", folder / "by_hour.csv"]
        write_csv(paths[0], COLUMNS, comparison(self.table, config, sums))
        hours = by_hour(self.table, config, sums)
        write_csv(paths[1], list(hours[0]) if hours else [], (row.values() for row in hours))
        return paths


def _refuse_self_service(baseline: Configuration, table: IntervalTable) -> None:
    queued = [name for name in baseline.open_channels if isinstance(baseline.channels[name], Queued)]
    what = f"is self-service, without agents: leave its rows out (channels with agents: {', '.join(queued)})"
    problems = [Problem(f"{table.path.name}, channel {n}", what) for n in table.channels if n not in queued]
    if problems:
        raise InputError(problems)


def baseline_overrides(overrides: Sequence[str]) -> list[str]:
    """The part of a command line that describes the recorded centre: data.*, run.seed, and choices of whole groups."""
    kept = []
    for word in overrides:
        key = word.lstrip("+~").partition("=")[0]
        if key.startswith("data.") or key == "run.seed" or ("." not in key and key not in ("scenarios", "engine")):
            kept.append(word)
    return kept


def _changed_staffing(baseline: Configuration, asked: Configuration, typed: Set[str]) -> dict[str, Staffing]:
    """What the what-if does to agents: a typed number is the new peak; a scenario's, which was written for the shipped
    centre, changes the imported numbers in proportion."""
    found = {}
    for name, pool in asked.staffing.items():
        before = baseline.staffing[name].agents if name in baseline.staffing else 0.0
        if f"staffing.{name}.agents" in typed:
            found[name] = Staffing(peak=pool.agents)
        elif before > 0 and pool.agents != before:
            found[name] = Staffing(factor=pool.agents / before)
    return found


def _period(table: IntervalTable, text: str | None, where: str) -> IntervalTable:
    """The part of the table in `1999-01`, `1999-01-15` or `1999-01-01..1999-01-31`."""
    if text is None:
        return table
    first, _, last = str(text).partition("..")
    try:
        begin, end = _date(first, False), _date(last or first, True)
    except ValueError:
        raise InputError(Problem(where, f"must be like 1999-01 or 1999-01-01..1999-01-31, got {text!r}")) from None
    return table.between(max(begin, table.first_day), min(end, table.last_day))


def _date(text: str, last: bool) -> dt.date:
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        return dt.date(year, month, calendar.monthrange(year, month)[1] if last else 1)
    return dt.date.fromisoformat(text)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remembered(path: Path) -> Fitted | None:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Fitted.from_json(said)
    except (OSError, ValueError, TypeError, KeyError):  # not fitted yet, or half a file
        return None


def _remember(path: Path, found: Fitted) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        json.dump(found.as_json(), file)
    os.replace(file.name, path)


def _cache() -> Path:
    return cache_folder("fits") or Path(tempfile.mkdtemp())


def summary(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The whole-day lines of the comparison by hour."""
    return [row for row in rows if row["hour"] == "all"]
