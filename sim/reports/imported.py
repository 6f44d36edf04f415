"""Imported beside simulated: the files and the table of a run on a planner's own volumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..calibration.check import DAY_COLUMNS, check, day_rows
from ..calibration.compared import COLUMNS, by_hour, comparison
from ..calibration.fit.noise import NORMAL
from ..calibration.imported import Finding
from ..calibration.own_centre import OwnCentre
from ..calibration.prediction import Prediction, Unknown, doubts
from ..model.centre import Configuration
from .centre_file import write_centre
from .console import imported_table
from .files import write_csv


def write_imported(
    own: OwnCentre,
    config: Configuration,
    sums: Sequence[np.ndarray],
    folder: Path,
    predicted: Sequence[Prediction] = (),
) -> list[Path]:
    """intervals.csv, by_hour.csv, by_day.csv and a centre file; `config` is the centre as it was recorded, `sums` its
    `interval_sums` by replication."""
    paths = [folder / "intervals.csv", folder / "by_hour.csv", folder / "by_day.csv"]
    write_csv(paths[0], COLUMNS, comparison(own.table, config, sums))
    hours = by_hour(own.table, config, sums)
    write_csv(paths[1], list(hours[0]) if hours else [], (row.values() for row in hours))
    write_csv(paths[2], DAY_COLUMNS, day_rows(own.table, config, sums, doubts(predicted)))
    path = folder / "centre" / f"{config.scenario.name.replace(' ', '_')}.yaml"
    saved = write_centre(config, path, own.asked.origin)
    return [*paths, *([saved] if saved else [])]


def imported_words(
    own: OwnCentre, config: Configuration, sums: Sequence[np.ndarray], predicted: Sequence[Prediction] = ()
) -> str:
    """What of the centre as recorded is off beyond noise, what was fitted, and the table of whole days by channel and
    month."""
    whole = imported_table([row for row in by_hour(own.table, config, sums) if row["hour"] == "all"])
    checked = "\n".join(check(own.table, config, sums, doubts(predicted)))
    return "\n\n".join([checked, fitted_table(own.fitted().findings), whole])


def write_predictions(predictions: Sequence[Prediction], folder: Path) -> Path:
    """prediction.csv: the 95 % interval of each quantity, and the standard deviation from each part."""
    head = ["channel", "quantity", "imported", "predicted", "low", "high", *predictions[0].parts]
    rows = [[p.channel, p.quantity, p.imported, p.predicted, *p.interval, *p.parts.values()] for p in predictions]
    write_csv(folder / "prediction.csv", head, rows)
    return folder / "prediction.csv"


def predicted_table(predictions: Sequence[Prediction], unknown: Mapping[str, Unknown]) -> str:
    """What is predicted, with its interval; and what each unknown adds to it, as 95 % half-widths."""
    from tabulate import tabulate

    rows = []
    for each in predictions:
        scale, digits = (1.0, 0) if each.quantity == "offered" else (100.0, 1)
        low, high = (f"{scale * end:,.{digits}f}" for end in each.interval)
        told = "" if each.imported is None else f"{scale * each.imported:,.{digits}f}"
        parts = [f"{scale * NORMAL * part:,.{digits}f}" for part in each.parts.values()]
        name = each.quantity if scale == 1 else f"{each.quantity} %"
        rows.append([each.channel, name, f"{scale * each.predicted:,.{digits}f}", f"{low} to {high}", told, *parts])
    head = ["predicted", "", "value", "95 %", "in the file", *(f"± {name}" for name in predictions[0].parts)]
    said = ", ".join(f"{name} {each.size:.1%} ({each.source})" for name, each in unknown.items())
    return (
        f"{tabulate(rows, head, tablefmt='simple', disable_numparse=True)}\n\nunknown, one standard deviation: {said}"
    )


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
