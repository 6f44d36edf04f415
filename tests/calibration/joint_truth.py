"""Whether the days of one file tell how far fits of many files lie apart, and which way together.

From the project's root, some five minutes on one core with the compiled engine:

    python -m tests.calibration.joint_truth

writes outputs/gallery/joint_fit.csv: over files of one known truth (`known_truth`, ten days each) the standard
deviations and correlations of what fits find, beside the means of what `calibration.day_bootstrap` says from each
file alone. Seeds were written down before the first run.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import sim
from sim.calibration.day_bootstrap import Joint, joint_of
from sim.calibration.own_centre import OwnCentre

from .known_truth import Truth, write_file

SEEDS = range(20261204, 20261244)
NAMES = ("volumes", "phone_patience", "phone_agents", "phone_handle_time")
TABLE = Path(__file__).resolve().parents[2] / "outputs" / "gallery" / "joint_fit.csv"


def of_file(folder: Path, seed: int) -> tuple[list[float], Joint]:
    """Logarithms of what a file and its fit say, by NAMES; and what its days leave open of them."""
    path = folder / f"{seed}.csv"
    write_file(path, Truth(), seed)
    words = ["centre=phone", f"data.intervals={path}", "data.replications=8", "run.workers=1", "engine=compiled"]
    own = OwnCentre(sim.load(words))
    fitted = {each.parameter: each.value for each in own.fitted().findings}
    table = own.fit_table
    offered = float(np.nansum(table.offered))
    handle = float(np.nansum(table.offered * table.aht)) / offered
    return [float(np.log(x)) for x in (offered, fitted["patience"], fitted["staffing"], handle)], joint_of(own)


def rows(found: np.ndarray, joints: list[Joint]) -> Iterator[list[object]]:
    """Standard deviations, then correlations."""
    between, within = np.cov(found.T), np.mean([each.covariance for each in joints], axis=0)
    spread = [np.sqrt(np.diag(each)) for each in (between, within)]
    for i, name in enumerate(NAMES):
        yield ["deviation", name, "", *(round(float(each[i]), 4) for each in spread)]
    for i, name in enumerate(NAMES):
        for j in range(i):
            pair = [each[i, j] / (s[i] * s[j]) for each, s in zip((between, within), spread, strict=True)]
            yield ["correlation", name, NAMES[j], *(round(float(each), 2) for each in pair)]


def main() -> None:
    """All files, as a table."""
    found, joints = [], []
    with TemporaryDirectory() as place:
        for seed in SEEDS:
            values, joint = of_file(Path(place), seed)
            assert joint.names == NAMES
            found.append(values)
            joints.append(joint)
            print(seed, *values, *np.sqrt(np.diag(joint.covariance)), flush=True)
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["what", "name", "with", "between_files", "from_one_file"])
        writer.writerows(rows(np.array(found), joints))
        writer.writerow([f"# {len(SEEDS)} files, seeds from {SEEDS[0]}, {dt.date.today().isoformat()}"])


if __name__ == "__main__":
    main()
