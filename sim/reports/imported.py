"""Imported beside simulated: the files and the table of a run on a planner's own volumes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..calibration.compared import COLUMNS, by_hour, comparison
from ..calibration.own_centre import OwnCentre
from ..model.centre import Configuration
from .console import imported_table
from .files import write_csv


def write_imported(own: OwnCentre, config: Configuration, sums: Sequence[np.ndarray], folder: Path) -> list[Path]:
    """intervals.csv and by_hour.csv; `config` is what was simulated, `sums` its `interval_sums` by replication."""
    paths = [folder / "intervals.csv", folder / "by_hour.csv"]
    write_csv(paths[0], COLUMNS, comparison(own.table, config, sums))
    hours = by_hour(own.table, config, sums)
    write_csv(paths[1], list(hours[0]) if hours else [], (row.values() for row in hours))
    return paths


def imported_words(own: OwnCentre, config: Configuration, sums: Sequence[np.ndarray]) -> str:
    """The table of whole days by channel and month."""
    return imported_table([row for row in by_hour(own.table, config, sums) if row["hour"] == "all"])
