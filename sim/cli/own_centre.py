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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ..calibration.compare import COLUMNS, by_hour, comparison
from ..calibration.fit import fit
from ..calibration.imported import Fitted, imported
from ..calibration.intervals import IntervalTable, read_intervals
from ..errors import InputError, Problem
from ..model import Configuration
from ..model.channels import Queued
from ..reports.files import config_hash, write_csv
from .compose import compose

FIT_VERSION = 2
"""Part of the key under which fits are remembered: raise it when the fit changes."""


class OwnCentre:
    """An imported table with its baseline and fit."""

    def __init__(self, config: Configuration, overrides: Sequence[str]) -> None:
        self.asked = config
        container = compose(baseline_overrides(overrides))
        baseline = Configuration.from_mapping(container)
        self.typed_level = config.integration.level != baseline.integration.level
        self.peaks = _changed_peaks(baseline, config)
        level = baseline.integration.model_copy(update={"level": config.data.current_integration})
        self.baseline = baseline.changed(integration=level)
        queued = [n for n in baseline.open_channels if isinstance(baseline.channels[n], Queued)]
        whole = read_intervals(str(config.data.intervals), queued)
        self.fit_table = _period(whole, config.data.fit, "data.fit")
        self.table = _period(whole, config.data.predict or config.data.fit, "data.predict")
        self._key = {"version": FIT_VERSION, "container": container, "file": _digest(whole.path)}

    def notices(self) -> list[str]:
        """What the user should know before the numbers."""
        pools = [p for p, pool in self.baseline.staffing.items() if not set(pool.serves) & set(self.table.channels)]
        kept = [f"agent groups that the file does not name keep their defaults: {', '.join(pools)}"] if pools else []
        return [*self.table.notices, *kept]

    def fitted(self) -> Fitted:
        """The fit, from the cache if the same baseline and file were fitted before."""
        path = _cache() / f"{config_hash(self._key)}.json"
        if path.exists():
            return Fitted(**json.loads(path.read_text(encoding="utf-8")))
        with tqdm(total=0, desc="fitting the baseline", disable=None, bar_format="{desc} ({elapsed})") as bar:

            def say(step: int, text: str) -> None:
                bar.set_description_str(f"fitting, step {step}: {text}")

            found = fit(self.baseline, self.fit_table, say)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found.as_json()), encoding="utf-8")
        return found

    def configuration(self) -> Configuration:
        """What was asked for, on the imported days."""
        asked = self.asked
        if not self.typed_level:
            asked = asked.model_copy(update={"integration": self.baseline.integration})
        return imported(asked, self.table, self.fitted(), self.peaks)

    def write(self, folder: Path, config: Configuration, sums: Sequence[np.ndarray]) -> list[Path]:
        """intervals.csv and by_hour.csv: imported beside simulated."""
        paths = [folder / "intervals.csv", folder / "by_hour.csv"]
        write_csv(paths[0], COLUMNS, comparison(self.table, config, sums))
        hours = by_hour(self.table, config, sums)
        write_csv(paths[1], list(hours[0]) if hours else [], (row.values() for row in hours))
        return paths


def baseline_overrides(overrides: Sequence[str]) -> list[str]:
    """The part of a command line that describes the recorded centre: data.*, run.seed, and choices of whole groups."""
    kept = []
    for word in overrides:
        key = word.lstrip("+~").partition("=")[0]
        if key.startswith("data.") or key == "run.seed" or ("." not in key and key not in ("scenarios", "engine")):
            kept.append(word)
    return kept


def _changed_peaks(baseline: Configuration, asked: Configuration) -> dict[str, float | None]:
    """Peaks of the pools whose number of agents the what-if changes."""
    before = {name: pool.agents for name, pool in baseline.staffing.items()}
    return {n: p.agents for n, p in asked.staffing.items() if n in before and p.agents != before[n]}


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


def _cache() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    folder = base / "switchboard" / "fits"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / "switchboard-fits"
    return folder


def summary(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The whole-day lines of the comparison by hour."""
    return [row for row in rows if row["hour"] == "all"]
