"""The points of `-m` against the first one, paired: as compared by study=compare, and never where luck differs."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sim.cli.app import main
from sim.reports.points import read_points
from sim.studies.compare.points import FILE, point_differences

WORDS = ["centre=single_queue", "run.measure=2 h", "run.warm_up=0", "run.replications=4", "run.workers=1",
         "run.follow_limit=1 h", "run.plots=false", "demand.scale=4"]  # fmt: skip
MEASURE = ("channel", "phone", "service_level")


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("points")
    assert main(["-m", *WORDS, "staffing.phone.agents=6,7", f"hydra.sweep.dir={folder}/m"]) == 0
    against = [
        "study=compare",
        "study.against={staffing.phone.agents: 7}",
        "study.measures=[channel.phone.service_level]",
    ]
    assert main([*WORDS, "staffing.phone.agents=6", *against, f"hydra.run.dir={folder}/c"]) == 0
    return folder


def test_a_point_differs_from_the_first_as_study_compare_says(swept: Path) -> None:
    found = point_differences(read_points(swept / "m"))
    assert found is not None
    assert (found.baseline, found.points) == ("staffing.phone.agents=6", {"staffing.phone.agents=7": 1})
    (mine,) = [each for each in found.differences if each.key == MEASURE]
    with (swept / "c" / "comparison.csv").open(newline="", encoding="utf-8") as file:
        (theirs,) = csv.DictReader(file)
    assert (repr(mine.difference), repr(mine.half_width)) == (theirs["difference"], theirs["half_width"])


def test_the_differences_are_a_table(swept: Path) -> None:
    with (swept / "m" / "differences.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["point"] for row in rows} == {"1"}
    (level,) = [row for row in rows if row["measure"] == "service_level"]
    assert float(level["difference"]) == pytest.approx(float(level["value"]) - float(level["baseline"]))


@pytest.mark.parametrize("key", ["seed", "replications"])
def test_points_with_other_luck_are_not_paired(key: str, swept: Path, tmp_path: Path) -> None:
    points = read_points(swept / "m")
    path = points[1].folder / FILE
    before = path.read_text()
    try:
        path.write_text(json.dumps({**json.loads(before), key: [7]}))
        assert point_differences(points) is None
    finally:
        path.write_text(before)
