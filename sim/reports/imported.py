"""Imported beside simulated: the files and the table of a run on a planner's own volumes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..calibration.check import DAY_COLUMNS, check, day_rows
from ..calibration.compared import COLUMNS, by_hour, comparison
from ..calibration.imported import Finding
from ..calibration.own_centre import OwnCentre
from ..model.centre import Configuration
from .centre_file import write_centre
from .console import imported_table
from .files import write_csv


def write_imported(own: OwnCentre, config: Configuration, sums: Sequence[np.ndarray], folder: Path) -> list[Path]:
    """intervals.csv and by_hour.csv; `config` is what was simulated, `sums` its `interval_sums` by replication."""
    paths = [folder / "intervals.csv", folder / "by_hour.csv", folder / "by_day.csv"]
    write_csv(paths[0], COLUMNS, comparison(own.table, config, sums))
    hours = by_hour(own.table, config, sums)
    write_csv(paths[1], list(hours[0]) if hours else [], (row.values() for row in hours))
    write_csv(paths[2], DAY_COLUMNS, day_rows(own.table, config, sums))
    saved = write_centre(config, folder / "centre" / f"{config.scenario.name.replace(' ', '_')}.yaml")
    return [*paths, *([saved] if saved else [])]


def imported_words(own: OwnCentre, config: Configuration, sums: Sequence[np.ndarray]) -> str:
    """What of the centre as recorded is off beyond noise, what was fitted, and the table of whole days by channel and
    month."""
    whole = imported_table([row for row in by_hour(own.table, config, sums) if row["hour"] == "all"])
    return "\n\n".join(["\n".join(check(own.table, config, sums)), fitted_table(own.fitted().findings), whole])


def fitted_table(findings: Sequence[Finding]) -> str:
    """Fitted and assumed numbers with their 95 % intervals, and what identifies them."""
    from tabulate import tabulate

    rows = [
        [each.channel, each.parameter.replace("_", " "), f"{each.value:.3g}",
         f"{each.low:.3g} to {each.high:.3g}" if each.low is not None and each.high is not None else "",
         each.unit, each.by]
        for each in findings
    ]  # fmt: skip
    head = ["fitted", "", "value", "95 %", "unit", "by"]
    return str(tabulate(rows, head, tablefmt="simple", disable_numparse=True))
