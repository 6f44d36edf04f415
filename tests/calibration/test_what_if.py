"""What-ifs on own data mean what they say: absolute is absolute, relative acts on the imported numbers.

The fit is stubbed (factors 1, patience as in the centre file): what is tested does not depend on it. The expected
numbers are hand sums over a file of two days, 4 calls a half-hour from 09:00 to 11:00, 5 agents (6 at the peak), 300 s.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration import fits, own_centre
from sim.calibration.imported import start_of_fit
from sim.calibration.own_centre import OwnCentre
from sim.errors import InputError
from sim.model import Configuration
from sim.model.channels import LiveChannel

HEAD = "start,channel,offered,aht_s,agents,abandoned_pct,sl_pct\n"
STARTS = ("09:00", "09:30", "10:00", "10:30")
FILE_AGENTS = {"09:00": 5, "09:30": 6, "10:00": 5, "10:30": 4}
OPEN = slice(18, 22)
"""the open half-hours of a day"""
Ask = Callable[..., Configuration]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """What is simulated for overrides on the file."""
    rows = [
        f"2025-03-{day:02d} {start},phone,4,300,{FILE_AGENTS[start]},5,80"
        for day in (3, 4) for start in STARTS
    ]  # fmt: skip
    (tmp_path / "my.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(own_centre, "fit", lambda config, table, *_: start_of_fit(config, table))
    monkeypatch.setattr(fits, "read", lambda path: None)
    return lambda *words: OwnCentre(sim.load(["data.intervals=my.csv", "centre=phone", *words])).configuration()


def agents(config: Configuration, day: int = 1) -> list[float]:
    """Agents in the open half-hours of a day; day 0 is the warm-up."""
    counts = config.staffing["phone"].counts
    assert counts is not None
    values = np.resize(np.array(counts.values), 3 * 48)
    return [round(value, 9) for value in values.reshape(3, 48)[day, OPEN].tolist()]


def phone(config: Configuration) -> LiveChannel:
    channel = config.channels["phone"]
    assert isinstance(channel, LiveChannel)
    return channel


def handle_time(config: Configuration) -> float:
    """Mean handle time in the first open half-hour, s."""
    factors = phone(config).service_factors
    assert factors is not None
    return phone(config).mean_handle * float(np.resize(np.array(factors.values), 48)[18])


def test_nothing_asked_is_the_file(ask: Ask) -> None:
    config = ask()
    assert agents(config) == [5, 6, 5, 4]
    assert handle_time(config) == pytest.approx(300)
    assert config.data.intervals is None, "what is simulated asks for no further import"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["staffing.phone.agents=12"], [10, 12, 10, 8]),
        (["staffing.phone.agents=26"], [130 / 6, 26, 130 / 6, 104 / 6]),
        (["staffing.phone.plus=-2"], [3, 4, 3, 2]),
        (["staffing.phone.plus=-5"], [0, 1, 0, 0]),
        (["staffing.phone.factor=0.5"], [2.5, 3, 2.5, 2]),
        (["staffing.phone.agents=12", "staffing.phone.plus=1"], [11, 13, 11, 9]),
        (["staffing.phone.factor=2", "staffing.phone.plus=1"], [11, 13, 11, 9]),
    ],
)
def test_agents(ask: Ask, words: list[str], expected: list[float]) -> None:
    assert agents(ask(*words)) == pytest.approx(expected)


def test_a_number_in_a_scenario_file_is_the_peak_too(ask: Ask, tmp_path: Path) -> None:
    """Also where it is the number that the shipped centre has, which differs from the file's."""
    (tmp_path / "scenarios").mkdir()
    text = "# @package _global_\nstaffing: {phone: {agents: 12}}\n"
    (tmp_path / "scenarios" / "more.yaml").write_text(text, encoding="utf-8")
    assert agents(ask("scenarios=more")) == [10, 12, 10, 8]


def test_own_rosters_replace_the_imported_agents(ask: Ask) -> None:
    shifts = "staffing.phone.shifts=[{start: '09:00', end: '11:00', agents: 3}]"
    pool = ask(shifts).staffing["phone"]
    assert [shift.agents for shift in pool.shifts] == [3]
    assert pool.counts is None
    flat = ask("staffing.phone.counts.interval=1 d", "staffing.phone.counts.values=[7,8]").staffing["phone"]
    assert flat.counts is not None
    assert flat.counts.values == (8, 7), "the first number is the file's first day, which comes after one of warm-up"
    shaped = ask("staffing.phone.profile=[1]").staffing["phone"]
    assert (shaped.agents, shaped.counts) == (6, None), "a profile alone keeps the imported peak"


def roster(*rows: str, head: str = "start,agents") -> str:
    """The override for a roster file of these rows."""
    Path("roster.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return "data.roster=roster.csv"


HALF_HOURLY = [f"2025-03-{day:02d} {start},{2 + day}" for day in (3, 4) for start in STARTS]


def test_a_roster_file_replaces_the_imported_agents(ask: Ask) -> None:
    """Real agents, whatever factor was fitted; by day, from the file's first day on, which comes after the warm-up."""
    files = {
        "start,agents": HALF_HOURLY,
        "start,channel,agents": [row.replace(",", ",phone,") for row in HALF_HOURLY],
        "start,agents,offered": [f"{row},99" for row in HALF_HOURLY],
        "start,agents,note": [
            f"2025-03-{day:02d} {hour}:00,{2 + day},by hour" for day in (3, 4) for hour in ("09", "10")
        ],
    }
    for head, rows in files.items():
        config = ask(roster(*rows, head=head), "data.assume.staffing=1.5")
        assert [agents(config, day) for day in range(3)] == [[5] * 4, [5] * 4, [6] * 4], head
    assert agents(ask(roster(*HALF_HOURLY), "staffing.phone.plus=-1")) == [4] * 4


def test_a_roster_file_is_a_what_if(ask: Ask) -> None:
    ask()
    own = OwnCentre(sim.load(["data.intervals=my.csv", "centre=phone", roster(*HALF_HOURLY)]))
    assert own.has_what_if
    assert agents(own.as_recorded()) == [5, 6, 5, 4]
    assert own.notices().count("agents of phone are those of roster.csv (data.roster)") == 1


@pytest.mark.parametrize(
    ("rows", "words", "message"),
    [
        (HALF_HOURLY[:-1], [], "roster.csv has no agents for phone at 2025-03-04 10:30, where my.csv has volumes"),
        (HALF_HOURLY, ["staffing.phone.agents=3"], "data.roster says the agents of phone: one of the two"),
        ([f"2025-03-03 {hour:02d}:{minute:02d},3" for hour in (9, 10) for minute in (0, 20, 40)], [], "20 min"),
    ],
)
def test_a_roster_file_that_does_not_do_is_refused(ask: Ask, rows: list[str], words: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(roster(*rows), *words)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        (["channels.phone.service.mean=315 s"], 315),
        (["channels.phone.service.mean=300 s"], 300),
        (["channels.phone.service.mean=315 s", "channels.phone.wrap_up=30 s"], 345),
        (["channels.phone.aht_factor=1.1"], 330),
        (["channels.phone.service.cv=0.5"], 300),
        (["channels.phone.service.mean=315 s", "channels.phone.aht_factor=2"], 630),
    ],
)
def test_handle_time(ask: Ask, words: list[str], seconds: float) -> None:
    assert handle_time(ask(*words)) == pytest.approx(seconds)


def test_patience_is_absolute_and_its_shape_alone_keeps_the_mean(ask: Ask) -> None:
    fitted = phone(ask()).patience
    stated = phone(ask("channels.phone.patience.mean=100 s")).patience
    shape = phone(ask("channels.phone.patience.zero_share=0.1")).patience
    assert fitted is not None
    assert stated is not None
    assert shape is not None
    assert stated.mean_value == 100
    assert (shape.mean_value, shape.zero_share) == (pytest.approx(fitted.mean_value), 0.1)


def test_volumes(ask: Ask) -> None:
    def calls(config: Configuration, day: int) -> float:
        stream = config.demand.streams["phone"]
        assert stream.rates is not None
        date = np.datetime64("2025-03-02") + day
        factor = {np.datetime64(key): value for key, value in stream.dates.items()}.get(date, 1.0)
        return float(np.reshape(stream.rates.values, (3, 48))[day].sum()) * config.demand.scale * factor

    assert calls(ask("demand.scale=1.5"), 1) == pytest.approx(24)
    assert calls(ask("demand.channels.phone=1.5"), 1) == pytest.approx(24)
    spiked = ask("demand.dates={2025-03-04: 2}")
    assert (calls(spiked, 1), calls(spiked, 2)) == pytest.approx((16, 32))


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("demand.streams.all.per_day=500", "customers come from the file: use demand.scale"),
        ("run.measure=2 weeks", "choose some with data.predict"),
        ("channels.phone.wrap_up=30 s", "the file has one number for all handle time"),
        ("demand.channels.chat=2", "no customer begins there"),
    ],
)
def test_what_the_file_decides_is_refused(ask: Ask, word: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(word)


def test_a_mapping_and_changes_mean_the_same_as_overrides(ask: Ask) -> None:
    words = ["data.intervals=my.csv", "centre=phone"]
    typed = OwnCentre(sim.load([*words, "staffing.phone.plus=-2"])).configuration()
    changed = OwnCentre(sim.load(words, changes={"staffing": {"phone": {"plus": -2}}})).configuration()
    assert changed == typed


def test_a_roster_file_may_leave_channels_out(ask: Ask) -> None:
    """As `required.csv` leaves out deferred ones: their agents stay those of the file."""
    both = [
        f"2025-03-03 {start},{name},4,300,{FILE_AGENTS[start]},5,80" for start in STARTS for name in ("phone", "email")
    ]
    Path("my.csv").write_text(HEAD + "\n".join(both) + "\n", encoding="utf-8")
    word = roster(*(f"2025-03-03 {start},phone,9" for start in STARTS), head="start,channel,agents")
    own = OwnCentre(sim.load(["data.intervals=my.csv", "centre=omnichannel", word]))
    assert own.roster is not None
    assert own.roster.pools["phone"].sum() == 9 * len(STARTS)
    assert list(own.roster.pools) == ["phone"]
