"""What is assumed of the recorded centre: redials are contacts of customers who called before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration.fit.assume import assumed
from sim.calibration.imported import start_of_fit
from sim.calibration.own_centre import OwnCentre
from sim.errors import InputError
from sim.log.tables import Log
from sim.model.outcomes import Outcome
from sim.theory import ErlangA

from .recorded import constant_rows, write_rows

CALLS, HANDLE, AGENTS, PATIENCE = 40, 240, 5, 120.0
LEFT = ErlangA(CALLS / 30, HANDLE / 60, AGENTS, PATIENCE / 60).p_abandon
SEED = 20261205  # declared before the first run
BASE = ["data.intervals=line.csv", "centre=phone", "data.replications=6", "run.workers=1", f"run.seed={SEED}"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    write_rows(tmp_path / "line.csv", constant_rows("phone", CALLS, HANDLE, AGENTS, round(100 * LEFT, 3)))
    return tmp_path


def own(*words: str) -> OwnCentre:
    return OwnCentre(sim.load([*BASE, *words]))


def calls(log: Log) -> np.ndarray:
    """Customer and number of each call in one integer: the next call of the same customer is one more."""
    return log.contacts["entity"].astype(np.int64) * 10_000 + log.contacts["number"]


def inside(log: Log) -> np.ndarray:
    """Calls that arrived in the measured window."""
    return (log.contacts["arrived"] >= log.window[0]) & (log.contacts["arrived"] < log.window[1])


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_the_share_who_call_again_is_in_the_row_of_those_who_hung_up(share: float) -> None:
    rows = assumed(own(f"data.assume.redials={share}").baseline).journeys.rows["phone"]
    for row in rows["abandoned"]:
        to = {"phone": row.stay * (1 - row.give_up)} if row.loyal else row.to  # type: ignore[operator]
        assert to.get("phone", 0.0) == pytest.approx(share)
        assert sum(row.to.values()) == pytest.approx(1) or row.loyal


def test_the_offered_come_back_with_half_of_those_who_hung_up_calling_again() -> None:
    """First contacts make room for redials: the file's volumes come back, and half of the lost calls are followed."""
    made = own("data.assume.redials=0.5")
    again = next(f for f in made.fitted().findings if f.parameter == "first_contacts")
    assert 1 - 0.5 * LEFT < again.value < 1 - 0.25 * LEFT  # some call again after closing, and are not offered
    words = [*BASE, "data.assume.redials=0.5", "run.follow_limit=60 d"]  # some call again weeks later
    logs = [sim.simulate(sim.load(words), k) for k in range(6)]
    # of the window alone: whoever comes later may still mean to call again when the run stops
    lost = np.concatenate([(log.contacts["outcome"] == Outcome.ABANDONED) & inside(log) for log in logs])
    followed = np.concatenate([np.isin(calls(log) + 1, calls(log)) for log in logs])
    share, error = followed[lost].mean(), 0.5 / lost.sum() ** 0.5
    assert abs(share - 0.5) < 3.3 * error
    offered = np.mean([(log.contacts["outcome"][inside(log)] != Outcome.CLOSED).sum() for log in logs])
    assert offered == pytest.approx(2 * 16 * CALLS, rel=0.025)


def test_redials_of_the_recorded_centre_stand_in_every_what_if() -> None:
    made = own("data.assume.redials=0.5", "staffing.phone.plus=-1").configuration()
    assert made.journeys == own("data.assume.redials=0.5").as_recorded().journeys


def test_what_the_files_service_level_counts_is_said_once_for_baseline_and_what_if() -> None:
    longer = own("data.sl_within={phone: 45 s}", "staffing.phone.plus=-1")
    for config in (longer.baseline, longer.configuration(), longer.as_recorded()):
        assert config.channels["phone"].target.within == 45  # type: ignore[union-attr]
    assert not own("data.sl_within={phone: 45 s}").has_what_if
    typed = own("data.sl_within={phone: 45 s}", "channels.phone.target.within='60 s'")
    assert typed.configuration().channels["phone"].target.within == 60  # type: ignore[union-attr]
    assert typed.baseline.channels["phone"].target.within == 45  # type: ignore[union-attr]


def test_a_threshold_of_no_channel_is_refused() -> None:
    with pytest.raises(InputError, match=r"data.sl_within.phne: no channel of the file; did you mean 'phone'"):
        own("data.sl_within={phne: 45 s}").notices()


def test_without_switches_every_contact_is_a_first_one_from_the_start(here: Path) -> None:
    """Volumes halved where the fit began with the switches that were assumed away, and nothing was left to solve."""
    rows = [*constant_rows("phone", CALLS, HANDLE, AGENTS), *constant_rows("chat", 10, HANDLE, AGENTS)]
    write_rows(here / "two.csv", rows)
    made = OwnCentre(sim.load(["data.intervals=two.csv", "data.assume.switches=0", "run.workers=1"]))
    shares = start_of_fit(made.baseline, made.fit_table).demand
    assert {round(each, 2) for name in ("phone", "chat") for day in shares[name] for each in day} <= {1.0, 0.99}


def test_any_key_of_the_recorded_centre_can_be_assumed_and_a_what_if_stands_on_it() -> None:
    """Calls of cv 0.5 in the recorded centre; the what-if that types 2 has 2, and the recorded centre still 0.5."""
    assume = "data.assume.centre={channels.phone.service.cv: 0.5, staffing.phone.on_fall: first_free}"
    made = own(assume)
    assert made.baseline.channels["phone"].service.cv == 0.5  # type: ignore[union-attr]
    assert made.baseline.staffing["phone"].on_fall == "first_free"
    assert not made.has_what_if
    assert (
        own("data.assume.centre.staffing.phone.on_fall=first_free").baseline.staffing["phone"].on_fall == "first_free"
    )
    what_if = own(assume, "channels.phone.service.cv=2")
    assert what_if.has_what_if
    assert what_if.asked.channels["phone"].service.cv == 2  # type: ignore[union-attr]
    assert what_if.baseline.channels["phone"].service.cv == 0.5  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "text"),
    [("staffing.phone.spedes", "did you mean 'speeds'"), ("demand.scale", "must be a key of channels"),
     ("staffing.phnoe.speeds", "did you mean 'phone'")],
)  # fmt: skip
def test_what_is_no_key_of_a_centre_cannot_be_assumed(key: str, text: str) -> None:
    with pytest.raises(InputError, match=text):
        own(f"data.assume.centre={{{key}: [1]}}")
