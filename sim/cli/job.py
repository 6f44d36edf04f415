"""One job: a validated configuration becomes a folder of results."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..model import Configuration
from ..model.units import format_duration
from ..reports.console import imported_table, tables
from ..reports.files import write_log, write_results
from ..runs.cautions import result_warnings, short_run_warnings
from ..runs.offered_load import overload_warnings
from ..runs.replicate import Results, replicate


def run_job(
    config: Configuration, container: dict[str, Any], folder: Path, overrides: list[str], brief: bool = False
) -> None:
    """Runs `config` and writes its results to `folder`; raises InputError for what the user can mend.

    `brief` prints one line in place of the tables: for a point of a sweep, whose table comes at the end.
    """
    if config.exec.kind != "local" and config.study.kind != "sweep":
        what = f"exec={config.exec.kind} is for study=sweep; anything else runs on this machine (exec=local)"
        raise InputError(Problem("exec", what))
    if config.study.kind != "none":
        _study(config, container, folder, overrides)
        return
    if config.data.intervals is not None:
        results, paths = _own_centre(config, folder, overrides)
    else:
        _warn((*overload_warnings(config), *short_run_warnings(config)))
        config = _warmed_up(config)
        results, paths = _replicate(config, folder), []
    _warn(result_warnings(results))
    paths = write_results(results, container, folder, overrides) + paths
    if not brief:
        print(tables(results))
    if config.run.plots:
        from ..plots import draw_all

        paths += draw_all(results, folder)
    if brief:
        print(f"{' '.join(overrides)}: {results.seconds:.1f} s")
        return
    print(f"\nResults: {folder}/ ({', '.join(path.name for path in paths)})")


def _study(config: Configuration, container: dict[str, Any], folder: Path, overrides: list[str]) -> None:
    """What asks for several configurations has a module of its own."""
    if config.run.batches:
        raise InputError(Problem("run.batches", f"study={config.study.kind} needs replications, not batches of one"))
    if config.run.detect_warm_up:
        kept = format_duration(config.run.warm_up)
        _warn([f"run.detect_warm_up: study={config.study.kind} detects none, run.warm_up holds ({kept})"])
    if config.study.kind == "compare":
        from .study import run_comparison

        run_comparison(config, folder, overrides)
    elif config.study.kind == "worth":
        from .study_worth import run_worth

        run_worth(config, container, folder, overrides)
    elif config.study.kind == "select":
        from .study_select import run_selection

        run_selection(config, folder, overrides)
    elif config.study.kind == "staffing":
        from .study_staffing import run_staffing

        run_staffing(config, container, folder, overrides)
    elif config.study.kind == "sweep":
        from .study_sweep import run_sweep_study

        run_sweep_study(config, container, folder, overrides)
    elif config.study.kind == "sensitivity":
        from .study_inputs import run_sensitivity

        run_sensitivity(config, container, folder)
    elif config.study.kind == "uncertainty":
        from .study_inputs import run_uncertainty

        run_uncertainty(config, container, folder)


def _warmed_up(config: Configuration) -> Configuration:
    """The configuration with the warm-up that a pilot finds, if that was asked for."""
    if not config.run.detect_warm_up:
        return config
    from ..runs.warm_up import detect

    found = detect(config)
    if not found.sure:
        half = format_duration(found.seconds)
        _warn([f"the start still shows after {half}, half of the pilot: is the centre overloaded?"])
    print(f"Warm-up detected: {format_duration(found.seconds)}", file=sys.stderr)
    return config.changed(run=config.run.model_copy(update={"warm_up": found.seconds}))


def _warn(notes: Any) -> None:
    for note in notes:
        print(f"warning: {note}", file=sys.stderr)


def _replicate(config: Configuration, folder: Path, extra: Any = None) -> Results:
    keep = partial(write_log, folder=folder) if config.run.log else None
    return replicate(config, progress=True, keep=keep, extra=extra)


def _own_centre(asked: Configuration, folder: Path, overrides: list[str]) -> tuple[Results, list[Path]]:
    """The run on imported volumes; what is printed first is imported beside simulated."""
    from ..calibration.compared import by_hour, interval_sums
    from .own_centre import OwnCentre, summary

    own = OwnCentre(asked, overrides)
    _warn(own.notices())
    config = own.configuration()
    _warn((*own.fitted().notes, *overload_warnings(config)))
    results = _replicate(config, folder, partial(interval_sums, interval=float(own.table.interval)))
    sums = [each for each in results.extras if each is not None]
    print(imported_table(summary(by_hour(own.table, config, sums))), end="\n\n")
    return results, own.write(folder, config, sums)
