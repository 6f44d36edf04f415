"""`study=sensitivity` and `study=uncertainty`: which guesses matter, and how sure the headlines are.

Comes in: a configuration with `study.ranges`. Goes out: findings or headlines, as tables in files and in words. The
simulated points stay in outputs/sweeps/, where the same command finds them again after a crash.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...model.centre import Configuration
from ...model.origin import with_values
from ...reports.headlines import HEADLINES
from ..base import Keep, Study, nothing
from .sensitivity import Finding, Sensitivity
from .uncertainty import Headline, Uncertainty
from .words import findings_table, headlines_table, write_findings, write_headlines

GOES_ON = "what is finished is on disk: the same command goes on from there"


class _OverPoints(Study):
    """What both have in common: points of a sweep, some of which may have failed."""

    def prepare(self, study: Sensitivity | Uncertainty, progress: bool) -> None:
        """Puts the study on its ground: a detected warm-up, a planner's own centre with what is unknown of it."""
        ground = self.stand(progress)
        study.container = with_values(self.config.source, ground.values)
        if ground.own is not None:
            study.stand_on(ground.own)

    def interrupted(self, folder: Path) -> str:
        """The same command goes on."""
        return GOES_ON

    def warnings(self) -> Sequence[str]:
        """Points that failed."""
        return [
            f"{failed} of {len(swept.points)} points failed and are left out"
            for swept in self.swept
            if (failed := sum(point.hash in swept.failed for point in swept.points))
        ]

    def next_step(self, folder: Path) -> str:
        """Where the points are."""
        return f"Points: {', '.join(dict.fromkeys(str(swept.folder) for swept in self.swept))}"


class WhatMatters(_OverPoints):
    """Which guesses matter? Each method over the ranges."""

    kind = "sensitivity"

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self.study = Sensitivity(config, config.source)
        self.findings: list[Finding] = []

    def answer(self, progress: bool = False, keep: Keep = nothing) -> None:
        """Runs or goes on with the designs, method by method."""
        self.prepare(self.study, progress)
        for method in dict.fromkeys(self.study.asked.methods):
            self.findings += self.study.findings(method, progress=progress)
            self.swept = list(self.study.swept.values())
            keep()

    def write(self, folder: Path) -> list[Path]:
        """sensitivity.csv and .parquet."""
        if not self.findings:
            return []
        folder.mkdir(parents=True, exist_ok=True)
        return write_findings(folder, self.findings)

    def words(self) -> str:
        """A table for each method and measure."""
        return findings_table(self.study, self.findings) if self.findings else ""


class HowSure(_OverPoints):
    """How sure are the headlines? Simulation noise, and noise with what is unknown."""

    kind = "uncertainty"

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self.study = Uncertainty(config, config.source, [".".join(line[:3]) for line in HEADLINES])
        self.headlines: list[Headline] = []

    def answer(self, progress: bool = False, keep: Keep = nothing) -> None:
        """Runs or goes on with the sets."""
        self.prepare(self.study, progress)
        self.headlines = self.study.headlines(progress=progress)
        self.swept = self.study.swept

    def write(self, folder: Path) -> list[Path]:
        """uncertainty.csv and .parquet."""
        if not self.headlines:
            return []
        folder.mkdir(parents=True, exist_ok=True)
        return write_headlines(folder, self.headlines)

    def words(self) -> str:
        """Headlines with two intervals."""
        return headlines_table(self.study, self.headlines) if self.headlines else ""
