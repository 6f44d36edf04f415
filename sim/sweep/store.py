"""The files of a sweep, schema 4. A store can be copied, queried while it grows, and gone on with.

    study.json               schema, configuration (plain, resolved), its SHA-256, units of factors that are times in
                             seconds (their columns are numbers), seeds, when it began, and the program
                             that wrote it: SHA-256 of the source, commit, versions
    design.csv               point (number), hash, a column for each factor, status, error
    parts/<name>.parquet     hash, replication, scope, name, measure, top, bottom (whole measured window), and
                             source; a part holds some replications of some points, no replication is in two, names
                             mean nothing
    results.parquet, .csv    point, a column for each factor, scope, name, measure, mean, half_width, lower, upper,
                             confidence (of lower to upper), difference and difference_half_width (from the point
                             study.sweep.against, paired; each interval holds alone), n, unit, status, error; a point
                             that failed is one row with its error; no .csv with more rows than a spreadsheet holds
                             (1,048,575)
    errors/<hash>.txt        traceback of a point that failed by a fault of the program

Status is planned (until the sweep ends), ok, mistake (the values of a point are refused) or failed. A measure is
sum(top) / sum(bottom) over replications, or the mean of top where bottom is null. While a sweep runs, one line of
DuckDB sees what is finished:

    SELECT d.*, name, measure, sum(top) / coalesce(sum(bottom), count(*)) AS mean
    FROM read_parquet('outputs/sweeps/.../parts/*.parquet', union_by_name=true) JOIN 'outputs/sweeps/.../design.csv' d
    USING (hash) GROUP BY ALL;

and afterwards `SELECT * FROM 'outputs/sweeps/.../results.parquet' WHERE measure = 'resolved'`. Files appear complete or
not at all. They survive the death of the process; they are not forced through the disk's cache, so a power cut may
cost the last seconds: a part cut short is noticed and run again. Stores of older schemas open too (see `schema`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..files import write_text
from ..provenance import differences, program, source_hash
from .parts import not_parts, sources
from .schema import SCHEMA, migrated

MIXED = "results would be mixed; name another study.sweep.folder, or say study.on_change=apart"


class Store:
    """A sweep's folder. Raises InputError for one of another schema or of another version of the simulator."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = folder / "parts"

    def open(self, study: Mapping[str, Any]) -> None:
        """Makes the folder, or goes on with the one that is there; `study` is what study.json shall say of it."""
        known = self.study() if (self.folder / "study.json").is_file() else {}
        if known:
            self._refuse_another(known, study)
        elif strange := not_parts(self.parts):  # what a sweep of ours left would be removed and run again
            what = "no part of a sweep, in a folder without study.json: name another study.sweep.folder"
            raise InputError(Problem(str(strange[0]), what))
        elif other := [each for each in sources(self.parts) if each != source_hash()]:
            what = f"holds parts of another program (source {str(other[0])[:12]}, here {source_hash()[:12]}): {MIXED}"
            raise InputError(Problem(str(self.folder), what))
        self.parts.mkdir(parents=True, exist_ok=True)
        now = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        told = {
            "schema": SCHEMA, "began_at": known.get("began_at", now), "last_begun_at": now, **study,
            **program(),
        }  # fmt: skip
        self.write_text("study.json", json.dumps(told, indent=1, default=str) + "\n")

    def _refuse_another(self, known: Mapping[str, Any], study: Mapping[str, Any]) -> None:
        """Refuses to mix programs, and to write one study over another."""
        if found := differences(known):
            what = f"was begun with another program ({'; '.join(found)}): {MIXED}"
            raise InputError(Problem(str(self.folder), what))
        mine, theirs = study.get("study_sha256"), known.get("study_sha256")
        if theirs and mine and mine != theirs:
            factors = f"its factors: {', '.join(known.get('factors', ()))}"
            what = f"holds another study ({factors}; or another centre): name another study.sweep.folder"
            raise InputError(Problem(str(self.folder), what))

    def is_of_this_program(self) -> bool:
        """Whether nothing is there yet, or this program wrote it."""
        if (self.folder / "study.json").is_file():
            return not differences(self.study())
        return all(each == source_hash() for each in sources(self.parts))

    def study(self) -> dict[str, Any]:
        """What study.json says, as this version would; raises InputError if there is none or it cannot be read."""
        path = self.folder / "study.json"
        if not path.is_file():
            raise InputError(Problem(str(self.folder), "holds no study.json: not the folder of a sweep"))
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:  # cut short, or no text
            hint = "remove it and run the same command again: finished parts are kept"
            raise InputError(Problem(str(path), f"cannot be read ({error}); {hint}")) from None
        return migrated(content, self.folder)

    def drop_results(self) -> None:
        """Removes the tables of an earlier run: until there are new ones the study is not finished."""
        for name in ("results.parquet", "results.csv"):
            (self.folder / name).unlink(missing_ok=True)

    def write_text(self, name: str, text: str) -> Path:
        """A file of the folder, complete or not at all."""
        return write_text(self.folder / name, text)
