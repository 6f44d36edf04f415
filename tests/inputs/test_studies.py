"""The studies end to end on a plain queue, where Erlang A knows what matters; the command line; going on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli.app import main
from sim.cli.compose import compose
from sim.errors import InputError
from sim.model import Configuration
from sim.plots.tornado import draw, title
from sim.studies.inputs.sensitivity import Sensitivity, ranked
from sim.studies.inputs.uncertainty import Uncertainty
from sim.studies.inputs.words import findings_table, headlines_table
from sim.sweep.tables import read_study
from sim.theory import ErlangA

SEED = 20261123  # declared before the first run
LEFT = "channel.phone.abandoned"
RANGES = {
    "calls": {"key": "demand.streams.all.per_day", "low": 900, "high": 1400, "label": "calls a day"},
    "talk": {"key": "channels.phone.service.mean", "low": "2.7 min", "high": "3.3 min", "label": "talk time"},
    "patience": {"key": "channels.phone.patience.mean", "low": "4 min", "high": "7 min", "law": "log_uniform"},
}
TODAY = {"calls": 1152.0, "talk": 180.0, "patience": 300.0}
PATIENCE = "channels.phone.patience={law: exponential, mean: 5 min}"


def container(**study: Any) -> dict[str, Any]:
    """M/M/3+M for a day after two hours, with the ranges above."""
    words = ["centre=single_queue", PATIENCE, "run.warm_up=2 h", "run.measure=1 day", "run.end=drain", "run.workers=1",
             "run.replications=6", f"run.seed={SEED}"]  # fmt: skip
    return {**compose(words), "study": {"ranges": RANGES, **study}}


def exact(agents: int = 3, **changed: float) -> float:
    """Share abandoned by Erlang A."""
    at = TODAY | changed
    return ErlangA(at["calls"] / 1440, at["talk"] / 60, agents, at["patience"] / 60).p_abandon


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own: studies keep their points there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tornado_is_erlang_as() -> None:
    """Every change within its 99.9 % interval; signs and order as they are exactly."""
    asked = container(kind="sensitivity", sensitivity={"methods": ["tornado"], "measures": [LEFT]})
    asked["run"]["confidence"] = 0.999
    study = Sensitivity(Configuration.from_mapping(asked), asked)
    findings = study.findings("tornado")
    sizes = {}
    for each in findings:
        one = next(one for one in study.inputs if one.name == each.input)
        end = one.range.ends[0 if each.index == "low" else 1]
        change = exact(**{each.input: end}) - exact()
        assert each.lower < change < each.upper, each
        assert each.value * change > 0
        sizes[each.input] = max(sizes.get(each.input, 0.0), abs(change))
    assert ranked(findings, "tornado", LEFT) == sorted(sizes, key=lambda name: -sizes[name])
    assert "calls a day" in findings_table(study, findings)
    assert title(study, findings).startswith("Abandoned, phone hangs most on calls a day")
    assert draw(study, findings).axes


def test_the_tornado_of_a_difference_is_erlang_as() -> None:
    """How far a fourth agent moves abandonment, and what that hangs on: each change of the difference holds the exact
    one within its 99.9 % interval. What sets the staffing is no unknown then."""
    asked = container(kind="sensitivity", sensitivity={"methods": ["tornado"], "measures": [LEFT]},
                      of={"staffing.phone.agents": 4})  # fmt: skip
    asked["study"]["ranges"] = RANGES | {"team": {"key": "staffing.phone.agents", "low": 2, "high": 4}}
    asked["run"]["confidence"] = 0.999
    study = Sensitivity(Configuration.from_mapping(asked), asked)
    assert study.left_out == ["team"]
    assert study.today == {"staffing.phone.agents": 3}
    findings = study.findings("tornado")

    def gain(**changed: float) -> float:
        return exact(4, **changed) - exact(3, **changed)

    for each in findings:
        end = next(one for one in study.inputs if one.name == each.input).range.ends[each.index == "high"]
        assert each.lower < gain(**{each.input: end}) - gain() < each.upper, each
    assert "Abandoned, phone, change by staffing.phone.agents=4" in findings_table(study, findings)
    assert draw(study, findings).axes


def test_a_difference_of_what_the_centre_does_not_have_is_refused() -> None:
    asked = container(kind="sensitivity", of={"staffing.fone.agents": 4, "channels.phone.patience": "2 min"})
    with pytest.raises(InputError) as refused:
        Sensitivity(Configuration.from_mapping(asked), asked)
    assert "study.of.staffing.fone.agents" in str(refused.value)
    assert "no single value" in str(refused.value)


def test_morris_and_sobol_agree_with_the_exact_function(here: Path) -> None:
    """Simulated outputs follow Erlang A over the designs' points, and what matters most there comes first."""
    asked = container(kind="sensitivity", sensitivity={"measures": [LEFT], "trajectories": 4, "points": 8})
    asked["run"].update(replications=2, measure="8 h", confidence=0.999)
    study = Sensitivity(Configuration.from_mapping(asked), asked)
    names = [one.name for one in study.inputs]
    for method in ("morris", "sobol"):
        found = study.findings(method)  # type: ignore[arg-type]
        swept = study.swept[method]
        assert len({each.input for each in found}) == 3
        truth = [exact(**_values(point.values)) for point in swept.points]
        columns = read_study(swept.folder)
        mine = columns["mean"][(columns["measure"] == "abandoned") & (columns["scope"] == "channel")]
        assert np.corrcoef(truth, mine)[0, 1] > 0.8
        assert ranked(found, method, LEFT)[0] == "calls"
    assert names == list(RANGES)


def _values(point: Any) -> dict[str, float]:
    """A point's values by input, times in seconds."""
    return {name: float(str(point[each["key"]]).removesuffix(" s")) for name, each in RANGES.items()}


def test_what_was_killed_goes_on(here: Path) -> None:
    asked = container(kind="sensitivity", sensitivity={"methods": ["tornado"], "measures": [LEFT]})
    asked["run"]["measure"] = "2 h"
    first = Sensitivity(Configuration.from_mapping(asked), asked)
    findings = first.findings("tornado")
    folder = first.swept["tornado"].folder
    for part in (folder / "parts").iterdir():
        part.unlink()
        break
    (folder / "results.parquet").unlink()
    again = Sensitivity(Configuration.from_mapping(asked), asked)
    assert again.findings("tornado") == findings
    assert 0 < again.swept["tornado"].tasks <= first.swept["tornado"].tasks
    once_more = Sensitivity(Configuration.from_mapping(asked), asked)
    assert once_more.findings("tornado") == findings
    assert once_more.swept["tornado"].tasks == 0


def test_two_intervals_of_a_queue() -> None:
    """Noise as `replicate` says it; the wider interval as wide as Erlang A over the same ranges."""
    asked = container(kind="uncertainty", uncertainty={"sets": 16, "measures": [LEFT]})
    asked["run"]["measure"] = "1 day"
    study = Uncertainty(Configuration.from_mapping(asked), asked, [])
    (found,) = study.headlines()
    assert abs(found.value - exact()) < 2 * found.half_width
    assert found.lower < found.noise[0] < found.noise[1] < found.upper
    truth = [exact(**_values(point.values)) for point in study.swept[1].points]
    spread = np.std(truth, ddof=1)
    assert (found.upper - found.lower) / (2 * 1.96) == pytest.approx(spread, rel=0.5)
    assert found.input_share > 0.6
    assert "Abandoned, phone" in headlines_table(study, [found])


TALK = "+study.ranges.talk={key: channels.phone.service.mean, low: 2 min, high: 4 min}"
TINY = ["centre=single_queue", "run.warm_up=0", "run.measure=1 h", "run.workers=1", "run.replications=2",
        "ranges=none", TALK, "run.plots=false"]  # fmt: skip


def test_the_commands(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study=sensitivity", *TINY, "study.sensitivity.trajectories=2",
                 "study.sensitivity.measures=[channel.phone.asa]"]) == 0  # fmt: skip
    out = capsys.readouterr().out
    assert "ASA, phone: Morris screening" in out
    assert "sensitivity.csv, sensitivity.parquet" in out
    assert main(["study=uncertainty", *TINY, "study.uncertainty.sets=8"]) == 0
    out = capsys.readouterr().out
    assert "noise and inputs" in out
    assert "8 sets of 1 parameter" in out


def test_mistakes_have_exit_code_2(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study=sensitivity", *TINY, "study.ranges.talk.low=200 s"]) == 2
    assert "study.ranges.talk: must contain the present value 3 min" in capsys.readouterr().err
    assert main(["study=sensitivity", *TINY, "study.sensitivity.measures=[channel.phone.asaa]"]) == 2
    assert "did you mean 'channel.phone.asa'?" in capsys.readouterr().err
    assert main(["study=sensitivity", "ranges=asumptions"]) == 2
    assert "unknown 'asumptions'; did you mean 'assumptions'?" in capsys.readouterr().err
