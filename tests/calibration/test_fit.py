"""The fit on a planner's own volumes: a known truth comes back, what cannot be is refused, what-ifs do what they
say."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml

import sim
from sim.calibration import fits, own_centre
from sim.calibration.compared import ABANDONED, COLUMNS, HANDLE, HANDLED, OFFERED, interval_sums
from sim.calibration.fit.handle import handle_cv, handle_times
from sim.calibration.imported import start_of_fit
from sim.calibration.intervals.table import read_intervals
from sim.calibration.own_centre import OwnCentre
from sim.cli.app import main
from sim.errors import InputError
from sim.model.centre import Centre
from sim.reports.centre_file import write_centre as write_centre_file

from .recorded import MEAN_PATIENCE, ROOT, constant_rows, truth, write_centre, write_records, write_rows

AGENTS = {"phone": 7, "chat": 4}
DAYS, REPLICATIONS = 7, 6
TEMPLATE = ROOT / "conf" / "data" / "intervals_template.csv"
COMMON = ["run.workers=1", "run.plots=false"]
Own = Callable[..., OwnCentre]


def own_centre_of(*overrides: str) -> OwnCentre:
    words = [*overrides, *COMMON]
    return OwnCentre(sim.load(words))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working folder with both centres and their records, and a cache of its own."""
    place = tmp_path_factory.mktemp("planner")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        for name in ("line", "pair"):
            write_centre(place, name)
            write_records(place / f"{name}.csv", truth(name, DAYS), AGENTS)
        yield place


@pytest.fixture
def unfitted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Own:
    """An own centre whose fit stops at its start: for what does not depend on it."""
    monkeypatch.setattr(own_centre, "fit", lambda config, table, *_: start_of_fit(config, table))
    monkeypatch.setattr(fits, "read", lambda path: None)
    return own_centre_of


@pytest.mark.parametrize("name", ["line", "pair"])
def test_a_known_truth_comes_back(folder: Path, name: str) -> None:
    """Volumes within 1.5 %, handle time within 1 %, abandonment within a tenth of it; the 95 % interval of mean
    patience holds the truth. Chats share agents, two at a time: their handle time is longer than the work in it."""
    own = own_centre_of(f"centre={name}", f"data.intervals={name}.csv", "data.replications=3")
    config, table = own.configuration(), own.table
    assert own.fitted().notes == ()
    run = config.run.model_copy(update={"end": "cut"})
    logs = (sim.simulate(config.changed(run=run), replication) for replication in range(REPLICATIONS))
    mean = np.mean([interval_sums(log, config, 1800.0) for log in logs], axis=0)
    for c, channel in enumerate(config.open_channels):
        got = mean[c].sum(axis=(0, 1))
        assert got[OFFERED] == pytest.approx(table.total_offered(channel), rel=0.015)
        assert got[HANDLE] / got[HANDLED] == pytest.approx(table.weighted_aht(channel), rel=0.01)
        assert got[ABANDONED] / got[OFFERED] == pytest.approx(table.abandoned_share(channel), rel=0.1)
        found = next(f for f in own.fitted().findings if (f.channel, f.parameter) == (channel, "patience"))
        assert (found.low or 0) < MEAN_PATIENCE[channel] < (found.high or 0)


def test_the_fit_is_remembered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rows(folder / "short.csv", constant_rows("phone", 30, 200, 6, ""))
    words = ("centre=line", "data.intervals=short.csv", "data.replications=1")
    first = own_centre_of(*words).fitted()
    monkeypatch.setattr(own_centre, "fit", None)
    assert own_centre_of(*words).fitted() == first
    assert own_centre_of(*words, "staffing.phone.agents=30", "integration.level=0.5").fitted() == first
    cached = list((folder / "cache" / "switchboard" / "fits").glob("*.json"))
    assert cached
    with pytest.raises(TypeError):
        own_centre_of(*words, "run.seed=2").fitted()


def test_half_a_file_in_the_cache_is_fitted_again(folder: Path, unfitted: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    path = folder / "half.json"
    path.write_text('{"demand": {"phone"', encoding="utf-8")
    assert fits.read(path) is None


def test_abandonment_out_of_reach(folder: Path) -> None:
    write_rows(folder / "busy.csv", constant_rows("phone", 20, 200, 1, 1.5, days=1))
    words = ["centre=line", "data.intervals=busy.csv", "data.replications=1"]
    with pytest.raises(InputError) as error:
        own_centre_of(*words).fitted()
    first, hint = str(error.value).splitlines()
    assert first.startswith("busy.csv, channel phone, abandoned_pct: 1.5% cannot be reached with the agents, volumes")
    assert "at a mean patience of 900 s" in first
    assert hint == "data.infeasible: say nearest to go on with the nearest fit"
    notes = own_centre_of(*words, "data.infeasible=nearest").fitted().notes
    assert notes[0].startswith("channel phone, abandoned_pct: 1.5% cannot be reached")


def test_switching_alone_exceeds_volumes(folder: Path) -> None:
    """Of 1920 chats some 350 go on to a phone that had 32 calls: rows are scaled by one printed factor; if the planner
    says how many switch, that is an error."""
    rows = constant_rows("chat", 60, 60, 6) + constant_rows("phone", 1, 200, 3)
    write_rows(folder / "switch.csv", rows)
    words = ("centre=pair", "data.intervals=switch.csv", "data.replications=1")
    with pytest.raises(InputError) as error:
        own_centre_of(*words, "data.assume.switches=1").fitted()
    assert "switch.csv, channel phone, offered: switches and redials alone bring" in str(error.value)
    assert "more than the 32 imported" in str(error.value)
    assert "data.volumes=first_contacts" in str(error.value)
    fitted = own_centre_of(*words).fitted()
    assert 0.02 < fitted.switches < 0.2
    assert any(f"all rows are scaled by {fitted.switches:.2f} (data.assume.switches)" in note for note in fitted.notes)


def test_first_contacts(unfitted: Own) -> None:
    own = unfitted("centre=line", "data.intervals=line.csv", "data.volumes=first_contacts")
    stream = own.configuration().demand.streams["phone"]
    assert stream.rates is not None
    assert sum(stream.rates.values[-48 * DAYS :]) == pytest.approx(own.table.total_offered("phone"))
    assert any("first contacts" in notice for notice in own.notices())


def counts(own: OwnCentre, pool: str = "phone") -> np.ndarray:
    factors = own.configuration().staffing[pool].counts
    assert factors is not None
    return np.array(factors.values)


def test_staffing_what_if_scales_the_imported_counts(unfitted: Own) -> None:
    words = ("centre=omnichannel", f"data.intervals={TEMPLATE}")
    imported = counts(unfitted(*words))
    assert imported.max() == 24
    np.testing.assert_allclose(counts(unfitted(*words, "staffing.phone.agents=30")), imported * 1.25)
    np.testing.assert_allclose(counts(unfitted(*words, "staffing.phone.agents=26")), imported * 26 / 24)  # as typed
    np.testing.assert_allclose(counts(unfitted(*words, "scenarios=email_closed")), imported * 34 / 24)  # in a file too


def test_what_ifs_change_what_they_say_and_leave_the_customers(unfitted: Own) -> None:
    words = ("centre=omnichannel", f"data.intervals={TEMPLATE}")
    before = unfitted(*words).configuration()
    after = unfitted(*words, "channels.phone.service.mean=762 s", "channels.phone.failure=0.1").configuration()
    assert after.demand == before.demand
    shapes = [np.array(config.channels["phone"].service_factors.values) for config in (before, after)]  # type: ignore[union-attr]
    np.testing.assert_allclose(shapes[0] / shapes[0].mean(), shapes[1] / shapes[1].mean(), rtol=1e-9)
    closed = unfitted(*words, "channels.email.enabled=false").configuration()
    streams = [config.demand.streams for config in (before, closed)]
    assert [s["email"].rates for s in streams][0] == [s["email"].rates for s in streams][1]
    assert "email" not in streams[1]["email"].first_channel
    natives = unfitted(*words, "scenarios=mobile_natives").configuration()
    totals = [sum(sum(s.rates.values) for s in c.demand.streams.values() if s.rates) for c in (before, natives)]
    assert totals[0] == pytest.approx(totals[1])
    chats = [c.demand.streams["chat"].first_channel["chat"] for c in (before, natives)]
    assert chats[1] > 1.2 * chats[0]


def test_integration_typed_or_as_recorded(unfitted: Own) -> None:
    words = ("centre=line", "data.intervals=line.csv", "data.current_integration=0.3")
    assert unfitted(*words).configuration().integration.level == 0.3
    assert unfitted(*words, "integration.level=0.8").configuration().integration.level == 0.8
    assert unfitted(*words, "integration.level=0").configuration().integration.level == 0.0
    assert unfitted(*words, "integration.time_saved=0.11").configuration().integration.time_saved == 0.11


def test_groups_not_named_keep_their_defaults_and_are_said(unfitted: Own) -> None:
    own = unfitted("centre=omnichannel", f"data.intervals={TEMPLATE}")
    assert "agent groups that the file does not name keep their defaults: social" in own.notices()
    assert own.configuration().staffing["social"] == sim.load().staffing["social"]


def test_handle_times_of_mere_luck_are_drawn_to_their_mean(folder: Path) -> None:
    rng = np.random.default_rng(20250303)
    lucky, told = constant_rows("phone", 25, 200, 6, days=10), constant_rows("phone", 25, 200, 6, days=10)
    for i, (luck, row) in enumerate(zip(rng.normal(0, 40, 160).tolist(), lucky, strict=True)):
        row[3] = 200 + luck
        told[i][3] = 150 if i % 16 < 8 else 250
    for name, rows in (("lucky", lucky), ("told", told)):
        write_rows(folder / f"{name}.csv", rows)
    tables = [read_intervals(folder / f"{name}.csv") for name in ("lucky", "told")]
    spread = [np.nanstd(handle_times(table, "phone")) for table in tables]
    assert spread[0] < 12, "40 s of luck in the file"
    assert spread[1] > 45, "50 s that the day says"
    for table in tables:
        drawn = handle_times(table, "phone")
        assert np.nansum(drawn * table.offered[0]) / table.total_offered("phone") == pytest.approx(
            table.weighted_aht("phone")
        )


def test_what_days_agree_on_is_not_taken_for_luck(folder: Path) -> None:
    """Calls of 160 s in the morning, 200 s otherwise, and Fridays a tenth longer: four weeks of half-hours with the
    luck of 60 calls each. A half-hour's own mean is 24 s off its law; drawn to what all days say of its time and all
    times of its day, it is within a third of that, and the mornings keep all but their own luck."""
    rng, rows = np.random.default_rng(20261127), constant_rows("phone", 60, 200, 8, days=20)
    slots, days = np.tile(np.arange(16), 20), np.repeat(np.arange(20), 16)
    law = np.where(slots < 6, 160.0, 200.0) * np.where(days % 5 == 4, 1.1, 1.0)
    for row, mean, luck in zip(rows, law.tolist(), rng.standard_normal(320).tolist(), strict=True):
        row[3] = mean * (1 + luck / 60**0.5)
    write_rows(folder / "mornings.csv", rows)
    table = read_intervals(folder / "mornings.csv")
    asked = ~np.isnan(table.offered[0])
    drawn, own = handle_times(table, "phone")[asked], table.aht[0][asked]
    assert np.std(own - law) == pytest.approx(law.mean() / 60**0.5, rel=0.1)
    assert np.std(drawn - law) < np.std(own - law) / 3
    for group in (slots < 6, slots >= 6, days % 5 == 4):
        assert abs(drawn[group].mean() - law[group].mean()) < 3 * law.mean() / (60 * group.sum()) ** 0.5


@pytest.mark.parametrize("cv", [0.6, 1.0])
def test_a_files_means_tell_how_much_single_calls_differ(folder: Path, unfitted: Own, cv: float) -> None:
    """Means of 30 gamma calls in 320 half-hours: their luck gives the law's variation back, 4 standard errors apart at
    most; means that were typed, all alike, tell nothing and leave the law as it is."""
    rng = np.random.default_rng(20261126)
    told, typed = constant_rows("phone", 30, 200, 8, days=20), constant_rows("phone", 30, 200, 8, days=20)
    for row, calls in zip(told, rng.gamma(cv**-2, 200 * cv**2, (320, 30)), strict=True):
        row[3] = float(calls.mean())
    for name, rows in (("told", told), ("typed", typed)):
        write_rows(folder / f"{name}.csv", rows)
    found = handle_cv(read_intervals(folder / "told.csv"), "phone")
    assert found is not None
    assert abs(np.log(found[0] / cv)) < 4 * found[1] < 0.3
    assert handle_cv(read_intervals(folder / "typed.csv"), "phone") is None
    laws = {name: unfitted("centre=phone", f"data.intervals={name}.csv").configuration().channels["phone"].service  # type: ignore[union-attr]
            for name in ("told", "typed")}  # fmt: skip
    assert laws["told"].cv == pytest.approx(found[0])
    assert laws["typed"].cv == 1.2
    longer = unfitted("centre=phone", "data.intervals=told.csv", "channels.phone.service.mean=300 s").configuration()
    assert longer.channels["phone"].service.cv == pytest.approx(found[0])  # type: ignore[union-attr]


def test_blank_agents_lie_on_the_line_between_their_neighbours(folder: Path, unfitted: Own) -> None:
    rows = constant_rows("phone", 30, 200, 6, days=1)
    rows[4][4], rows[5][4], rows[6][4] = 4, "", 8
    write_rows(folder / "blank.csv", rows)
    day = counts(unfitted("centre=line", "data.intervals=blank.csv"))[-48:]
    assert day[20:23].tolist() == [4, 6, 8]


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("phnoe", "did you mean 'phone'?"),
        ("website", "channel website: is self-service, without agents: leave its rows out"),
    ],
)
def test_channels_that_cannot_be_imported(folder: Path, channel: str, text: str) -> None:
    write_rows(folder / "odd.csv", constant_rows(channel, 10, 200, 3))
    with pytest.raises(InputError) as error:
        own_centre_of("data.intervals=odd.csv")
    assert text in str(error.value)


def test_agents_of_a_channel_are_shared_out_between_its_groups(folder: Path, unfitted: Own) -> None:
    """7 agents in the file, groups of 2 and 6 configured: 1.75 and 5.25."""
    centre = yaml.safe_load((folder / "centre" / "line.yaml").read_text(encoding="utf-8"))
    phone = centre["staffing"]["phone"]
    centre["staffing"] |= {"phone": {**phone, "agents": 6}, "second": {**phone, "agents": 2}}
    text = "# @package _global_\n" + yaml.safe_dump(centre, sort_keys=False)
    (folder / "centre" / "two.yaml").write_text(text, encoding="utf-8")
    own = unfitted("centre=two", "data.intervals=line.csv")
    peaks = [counts(own, pool).max() for pool in ("phone", "second")]
    np.testing.assert_allclose(peaks, [AGENTS["phone"] * 6 / 8, AGENTS["phone"] * 2 / 8])
    assert any("in proportion to those configured" in notice and "second 25%" in notice for notice in own.notices())
    log = sim.simulate(own.configuration())
    assert set(np.unique(log.staffing["pool"])) >= {0, 1}


def test_the_saved_centre_loads_again_without_the_file(folder: Path, unfitted: Own) -> None:
    """The centre file that a run leaves is the fitted centre, on the file's days."""
    own = unfitted("centre=pair", "data.intervals=pair.csv")
    made = own.as_recorded()
    assert write_centre_file(made, folder / "centre" / "saved.yaml", own.asked.origin)
    again = sim.load(["centre=saved"])
    assert again.data.intervals is None
    for name in Centre.model_fields:
        assert getattr(again, name) == getattr(made, name), name
    for name in ("start", "warm_up", "measure", "interval"):
        assert getattr(again.run, name) == getattr(made.run, name), name


def test_the_template_runs_end_to_end(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """One replication a step keeps the fit short here; it may then stop short, which is a warning."""
    words = [f"data.intervals={TEMPLATE}", "run.replications=2", "data.replications=1", "data.infeasible=nearest"]
    assert main([*words, *COMMON]) == 0
    said = capfd.readouterr()
    assert "Imported and simulated" in said.out
    assert "the shipped centre without website, ivr, social" in said.err
    (path,) = folder.glob("outputs/*/*_intervals_template/intervals.csv")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 120
    assert {row["channel"] for row in rows} == {"phone", "chat", "email"}
    assert sum(float(row["offered_simulated"]) for row in rows) == pytest.approx(
        sum(float(row["offered"]) for row in rows), rel=0.1
    )
    assert (path.parent / "by_hour.csv").is_file()
