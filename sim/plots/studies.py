"""The picture of a study, for those that have one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..runs.replicate import Results
from ..studies.base import Study
from ..studies.compare.study import Difference
from ..studies.compare.task import Comparison
from ..studies.inputs.task import WhatMatters
from ..studies.staffing.task import Plan
from ..studies.worth.task import Price
from . import assumption, differences, staircase, tornado, worth
from .page import house_style, save


def draw_study(study: Study, folder: Path) -> list[Path]:
    """Draws what is known of a study into `folder`; the files, none where there is nothing to draw."""
    if isinstance(study, Price) and study.study is not None and study.answers:
        with house_style():
            files = save(worth.draw(study.study, study.answers), folder / "worth")
            if study.inputs is not None and (curve := study.inputs.curve) is not None:
                files += save(assumption.draw(study.study, curve), folder / "assumption")
            return files
    if isinstance(study, Comparison) and differences.drawable(study.differences):
        base = study.results[study.baseline]
        return draw_differences(base, study.differences, study.baseline, folder, study.together)
    if isinstance(study, WhatMatters) and "tornado" in study.study.asked.methods and study.findings:
        with house_style():
            return save(tornado.draw(study.study, study.findings), folder / "tornado")
    if isinstance(study, Plan) and study.study is not None and study.study.formulas:
        with house_style():
            return save(staircase.draw(study.study), folder / "staircase")
    return []


def draw_differences(base: Results, found: Sequence[Difference], name: str, folder: Path, together: str) -> list[Path]:
    """Draws differences from the baseline called `name`; no file where none has a better side and an interval."""
    if not differences.drawable(found):
        return []
    with house_style():
        return save(differences.draw(base, found, name, together), folder / "differences")
