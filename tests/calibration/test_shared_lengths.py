"""Handle times of agents who share: lengths from answer to end come back, agents' time is said to be none and told how.

`files/phone_chat_email.csv` is made up: two weeks, Monday to Saturday, phone patience 200 s, chat patience 150 s, chats
two at a time that last 540 s each, with or without another beside them. Typed is what a planner types, and then the key
that the message names. Slow: `python -m pytest -m slow tests/calibration/test_shared_lengths.py -n 0` writes
outputs/gallery/shared_lengths.csv.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

import sim
from sim.calibration.check import comparisons
from sim.calibration.compared import interval_sums
from sim.calibration.fit.words import sharing
from sim.calibration.imported import Finding
from sim.calibration.intervals.table import read_intervals
from sim.calibration.own_centre import OwnCentre
from sim.errors import InputError
from sim.runs.replicate import gathered

from .recorded import ROOT

LENGTHS = Path(__file__).parent / "files" / "phone_chat_email.csv"
DIVIDED_BY = 1.6
PHONE_PATIENCE, CHAT_PATIENCE = 200.0, 150.0
KEY = re.compile(r"'(data\.[^']+)'")
SPEEDS = "data.assume.centre={staffing.chat.speeds: [1, 2]}"
GALLERY = ROOT / "outputs" / "gallery" / "shared_lengths.csv"


@pytest.fixture
def agents_time(tmp_path: Path) -> Path:
    """The file as a system writes it that prints agents' time per chat."""
    path = tmp_path / "agents_time.csv"
    with LENGTHS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row in rows:
            shorter = {"aht_s": round(float(row["aht_s"]) / DIVIDED_BY)} if row["channel"] == "chat" else {}
            writer.writerow(row | shorter)
    return path


def staffing(factor: float) -> Finding:
    return Finding("chat", "staffing", factor, "factor", 0.96 * factor, 1.04 * factor, "sl_pct")


def test_too_many_agents_who_share_ask_what_handle_times_are() -> None:
    (said,) = sharing(sim.load(), staffing(0.76))
    assert KEY.findall(said) == ["data.aht_divided_by={chat: 1.6}"]
    assert sharing(sim.load(["data.aht_divided_by={chat: 1.6}"]), staffing(0.76)) == []


def test_too_few_agents_who_share_ask_how_quick_they_are() -> None:
    (said,) = sharing(sim.load(), staffing(1.1))
    assert KEY.findall(said) == [SPEEDS]
    assert sharing(sim.load([SPEEDS]), staffing(1.1)) == []


def test_a_factor_that_neither_explains_is_left_as_it_is() -> None:
    assert sharing(sim.load(), staffing(0.95)) == []
    assert sharing(sim.load(), Finding("phone", "staffing", 0.5, "factor", 0.4, 0.6, "sl_pct")) == []


def test_agents_time_becomes_lengths(agents_time: Path) -> None:
    asked = sim.load(["data.aht_divided_by={chat: 1.6}"]).data
    lengths, made = read_intervals(LENGTHS), read_intervals(agents_time, data=asked)
    for name in ("phone", "chat"):
        assert made.weighted_aht(name) == pytest.approx(lengths.weighted_aht(name), rel=0.002)
    wrong = sim.load(["data.aht_divided_by={chatt: 1.6}"]).data
    with pytest.raises(InputError, match=r"data.aht_divided_by.chatt: no such channel.*did you mean 'chat'"):
        read_intervals(agents_time, data=wrong)


@dataclass(frozen=True)
class Come:
    """What came of a file: its fit, and how far the farthest quantity of Mondays and of Saturdays is, in deviations."""

    phone: Finding
    chat: Finding
    factor: Finding
    far: dict[str, float]
    keys: list[str]
    """those that its notices name"""

    def row(self, what: str) -> dict[str, object]:
        """A row of the gallery."""
        told = {"phone_patience": self.phone, "chat_patience": self.chat, "chat_factor": self.factor}
        numbers = {f"{name}{end}": f"{getattr(each, field):.4g}" for name, each in told.items()
                   for end, field in (("", "value"), ("_low", "low"), ("_high", "high"))}  # fmt: skip
        days = {f"{day}_farthest": f"{far:.2f}" for day, far in self.far.items()}
        return {"date": dt.date.today().isoformat(), "file": what, **numbers, **days}


def come(path: Path, *words: str) -> Come:
    own = OwnCentre(sim.load([f"data.intervals={path}", "engine=auto", "run.workers=1", "run.replications=12", *words]))
    config, found = own.as_recorded(), {(each.channel, each.parameter): each for each in own.fitted().findings}
    sums = gathered(config, partial(interval_sums, interval=float(own.table.interval)))
    compared = [
        (each.when.split()[0], abs(each.simulated - each.imported) / each.deviation)
        for each in comparisons(own.table, config, sums)
        if each.channel != "email" and each.quantity != "offered"
    ]
    far = {day: max(each for when, each in compared if when == day) for day in ("Monday", "Saturday")}
    keys = [key for note in own.notices() for key in KEY.findall(note)]
    return Come(found["phone", "patience"], found["chat", "patience"], found["chat", "staffing"], far, keys)


@pytest.mark.slow
def test_lengths_come_back_and_agents_time_does_with_the_key_that_the_message_names(agents_time: Path) -> None:
    """Phone patience within 15 %, and in both readings the same centre; Saturdays within the noise that Mondays have
    (4.2 deviations: of Student's t with 11 degrees of freedom 0.15 % lie farther out)."""
    lengths, blind = come(LENGTHS), come(agents_time)
    (key,) = (key for key in blind.keys if "aht_divided_by" in key)
    mended, quick = come(agents_time, key), come(LENGTHS, SPEEDS)
    told = {"lengths": lengths, "agents' time": blind, "agents' time, told so": mended, "lengths, told speeds": quick}
    rows = [each.row(what) for what, each in told.items()]
    with GALLERY.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    for each in (lengths, mended, quick):
        assert each.phone.value == pytest.approx(PHONE_PATIENCE, rel=0.15)
        assert max(each.far.values()) < 4.2
    assert lengths.chat.low is not None
    assert lengths.chat.high is not None
    assert lengths.chat.low <= CHAT_PATIENCE <= lengths.chat.high
    assert mended.factor.value == pytest.approx(lengths.factor.value, rel=0.05)
    assert SPEEDS in lengths.keys
    assert abs(quick.factor.value - 1) < abs(lengths.factor.value - 1)
