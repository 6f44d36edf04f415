"""`study=sensitivity` and `study=uncertainty` on the command line.

Comes in: a configuration with `study.ranges` and its plain container. Goes out: tables in the run's folder and in
words; the simulated points stay in outputs/sweeps/, where the same command finds them again after a crash.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..model import Configuration
from ..reports.headlines import HEADLINES
from ..studies.inputs.sensitivity import Finding, Sensitivity
from ..studies.inputs.uncertainty import Uncertainty
from ..studies.inputs.words import findings_table, headlines_table, write_findings, write_headlines
from ..sweep.run import Swept
from . import gather, points


def run_sensitivity(config: Configuration, container: Mapping[str, Any], folder: Path) -> None:
    """Runs or goes on with the designs, writes and prints what matters."""
    _refuse(config)
    study = Sensitivity(config, container)
    findings: list[Finding] = []
    for method in dict.fromkeys(study.asked.methods):
        findings += _kept(study.findings, method, progress=True)
        folder.mkdir(parents=True, exist_ok=True)
        files = write_findings(folder, findings)
    _failures(study.swept.values())
    print(findings_table(study, findings))
    files += _picture(study, findings, folder)
    _where(folder, files, study.swept.values())


def _picture(study: Sensitivity, findings: Sequence[Finding], folder: Path) -> list[Path]:
    if not study.config.run.plots or "tornado" not in study.asked.methods:
        return []
    from ..plots.page import house_style, save
    from ..plots.tornado import draw

    with house_style():
        return save(draw(study, findings), folder / "tornado")


def run_uncertainty(config: Configuration, container: Mapping[str, Any], folder: Path) -> None:
    """Runs or goes on with the sets, writes and prints headlines with two intervals."""
    _refuse(config)
    study = Uncertainty(config, container, [".".join(line[:3]) for line in HEADLINES])
    headlines = _kept(study.headlines, progress=True)
    folder.mkdir(parents=True, exist_ok=True)
    files = write_headlines(folder, headlines)
    _failures(study.swept)
    print(headlines_table(study, headlines))
    _where(folder, files, study.swept)


def _refuse(config: Configuration) -> None:
    if config.data.intervals is not None:
        raise InputError(Problem("study", f"{config.study.kind} does not take data.intervals yet"))


def _kept(work: Any, *args: Any, **options: Any) -> Any:
    try:
        return work(*args, **options)
    except KeyboardInterrupt:
        print("what is finished is on disk: the same command goes on from there", file=sys.stderr)
        raise


def _failures(studies: Iterable[Swept]) -> None:
    """Points that failed are left out of the analysis; they are said, and in the exit code."""
    for swept in studies:
        failed = [point for point in swept.points if point.hash in swept.failed]
        gather.SWEEPS.append([points.Point(p.number, swept.folder, swept.status(p), "", {}, []) for p in swept.points])
        if failed:
            print(f"warning: {len(failed)} of {len(swept.points)} points failed and are left out", file=sys.stderr)


def _where(folder: Path, files: Sequence[Path], studies: Iterable[Swept]) -> None:
    kept = ", ".join(dict.fromkeys(str(swept.folder) for swept in studies))
    print(f"\nResults: {folder}/ ({', '.join(path.name for path in files)}); points: {kept}")
