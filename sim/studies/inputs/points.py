"""Points of the space of the inputs, simulated by the sweep machinery: parts on disk, resumed, same luck.

Comes in: inputs, points and the configuration. Goes out: a finished sweep. The design is handed over as the lists of a
`zip`, so there is no second runner: what a killed study has finished is found again by the same command.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...calibration.own_centre import OwnCentre
from ...errors import InputError, Problem
from ...sweep.design import Values
from ...sweep.run import Swept, run_sweep
from .ranges import Input, together
from .sums import Floats


def run_points(
    container: Mapping[str, Any],
    inputs: Sequence[Input],
    values: Floats,
    replications: int,
    more: Sequence[Values] = ({},),
    progress: bool = False,
    own: OwnCentre | None = None,
    folders: Sequence[Path] = (),
    measures: Sequence[str] = (),
) -> Swept:
    """Simulates each row of `values` (points, inputs) with each of `more` (values of other keys, the same keys in
    all): (points x more) in that order, as what-ifs on `own` where it is given. Raises InputError if no point could be
    simulated. `measures` are the only ones to take, by name; none: all. What another program had begun is begun anew,
    unless the folder was named: then `on_change` decides.
    """
    design = [{**together(inputs, row), **each} for row in values.tolist() for each in more]
    study = container.get("study", {})
    sweep = study.get("sweep") or {}
    on_change = study.get("on_change", "refuse") if sweep.get("folder") else "apart"
    asked = {
        **{name: sweep[name] for name in ("block", "folder") if name in sweep},
        **({"measures": list(measures)} if measures else {}),
        "design": "zip", "factors": {key: [each[key] for each in design] for key in design[0]},
    }  # fmt: skip
    run = {**container["run"], "replications": replications, "precision": (), "log": False}
    swept = run_sweep(
        {**container, "run": run, "study": {"kind": "sweep", "sweep": asked, "on_change": on_change}},
        progress=progress,
        own=own,
        folders=folders,
    )
    if all(point.hash in swept.failed for point in swept.points):
        raise InputError(Problem("study", f"no point could be simulated: {next(iter(swept.failed.values())).error}"))
    return swept
