"""Tables of evidence under outputs/gallery: what was run, with what, and when."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

GALLERY = Path(__file__).resolve().parents[2] / "outputs" / "gallery"


def commit(path: Path, fields: Sequence[str], rows: Iterable[Sequence[object]], what: str) -> None:
    """A table whose last line says `what` was run, and the date."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(fields)
        writer.writerows(rows)
        writer.writerow([f"# {what}, {dt.date.today().isoformat()}"])


def medians(rows: Sequence[Sequence[object]]) -> list[object]:
    """A last row: the median of each column of numbers, which are all but the first."""
    columns = [*zip(*rows, strict=True)][1:]
    return ["median", *(round(float(np.median([float(str(each)) for each in column])), 3) for column in columns)]
