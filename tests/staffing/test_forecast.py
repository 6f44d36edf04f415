"""A file of volumes and handle times alone: what the study makes of it before anything is simulated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration.own_centre import OwnCentre
from sim.model.centre import Configuration
from sim.studies.staffing.forecast import assumptions, forecast, has_plan, needs_no_fit
from sim.studies.staffing.roster import ROSTER, write_roster, write_workbook
from sim.studies.staffing.study import Study


def own(folder: Path, *more: str) -> OwnCentre:
    """Two days: 360 calls of 240 s each half-hour on Monday, half of that on Tuesday."""
    path = folder / "volumes.csv"
    lines = ["start,channel,offered,aht_s"]
    for day, calls in ((5, 360), (6, 180)):
        lines += [f"2026-01-0{day} {9 + n // 2:02d}:{30 * (n % 2):02d},phone,{calls},240" for n in range(8)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return OwnCentre(sim.load([f"data.intervals={path}", "centre=phone", "study=staffing", "run.workers=1", *more]))


def forecast_of(centre: OwnCentre, agents: np.ndarray) -> Configuration:
    """The forecast of a file that has these agents too."""
    centre.table = replace(centre.table, agents=agents)
    return forecast(centre, centre.asked)


def test_the_columns_are_a_calculators_for_the_stated_volumes(tmp_path: Path) -> None:
    centre = own(tmp_path)
    assert needs_no_fit(centre.table)
    assert not has_plan(centre.table)
    study = Study(forecast(centre, centre.asked), has_plan=False)
    of = study.formulas["phone"]
    assert study.slots.kinds == ("mon", "tue")  # different volumes are different days
    assert set(of.erlang_c[of.erlang_c > 0]) == {54, 29}
    assert of.for_occupancy is not None
    assert set(of.for_occupancy[of.for_occupancy > 0]) == {57, 29}
    volume = study.volumes["phone"]["phone"]
    assert volume.contacts.sum() == pytest.approx(8 * 360 + 8 * 180)
    assert np.unique(volume.handle[volume.contacts > 0]) == pytest.approx([240])


def test_flat_demand_has_one_number_a_day(tmp_path: Path) -> None:
    centre = own(tmp_path)
    study = Study(forecast(centre, centre.asked), has_plan=False)
    assert [len(ladder.need.slots) for ladder in study.search.ladders] == [8, 8]
    assert [ladder.start for ladder in study.search.ladders] == [57, 29]


TWO = ("+staffing.night={agents: 2, serves: {phone: 1}, said: net}",)


def test_a_channel_that_two_groups_serve_gets_its_agents_in_the_larger(tmp_path: Path) -> None:
    """Without agents in the file the second group has none; the formulas and the search are for the first."""
    centre = own(tmp_path, *TWO)
    made = forecast(centre, centre.asked)
    study = Study(made, has_plan=False)
    assert [group.name for group in study.groups] == ["phone"]
    assert set(study.formulas["phone"].erlang_c[study.formulas["phone"].erlang_c > 0]) == {54, 29}
    assert max(made.staffing["night"].counts.values) == 0  # type: ignore[union-attr]
    assert any("Several agent groups serve phone" in line for line in assumptions(made, centre.table))


def test_agents_of_the_file_are_shared_out_to_both_groups(tmp_path: Path) -> None:
    centre = own(tmp_path, *TWO)
    agents = np.where(np.isnan(centre.table.offered), np.nan, 12.0)
    pool = centre.asked.staffing["phone"]
    net = pool.agents * (1 - pool.shrinkage if pool.said == "scheduled" else 1)
    made = forecast_of(centre, agents)
    for group, mine in (("phone", net / (net + 2)), ("night", 2 / (net + 2))):
        assert max(made.staffing[group].counts.values) == pytest.approx(12 * mine)  # type: ignore[union-attr]


def test_nobody_leaves_unless_a_patience_is_stated(tmp_path: Path) -> None:
    centre = own(tmp_path)
    made = forecast(centre, centre.asked)
    assert getattr(made.channels["phone"], "patience") is None  # noqa: B009
    assert any("No patience is stated for phone" in line for line in assumptions(made, centre.table))
    stated = own(tmp_path, "channels.phone.patience={law: exponential, mean: 3 min}")
    made = forecast(stated, stated.asked)
    assert getattr(made.channels["phone"], "patience") is not None  # noqa: B009
    assert not any("No patience" in line for line in assumptions(made, stated.table))


def test_the_roster_file_is_taken_back(tmp_path: Path) -> None:
    centre = own(tmp_path)
    study = Study(forecast(centre, centre.asked), has_plan=False)
    (path,) = write_roster(study, tmp_path / "required.csv")
    assert path.read_text(encoding="utf-8").splitlines()[0] == ",".join(ROSTER)
    again = OwnCentre(sim.load([f"data.intervals={path}", "centre=phone"])).table
    assert np.nansum(again.offered) == pytest.approx(np.nansum(centre.table.offered))
    assert set(again.agents[again.agents > 0]) == {57, 29}


def test_the_workbook_has_a_row_for_each_date_and_interval(tmp_path: Path) -> None:
    import openpyxl

    centre = own(tmp_path)
    study = Study(forecast(centre, centre.asked), has_plan=False)
    (path,) = write_workbook(study, tmp_path / "required.xlsx")
    book = openpyxl.load_workbook(path)
    rows = list(book["list"].iter_rows(values_only=True))
    assert len(rows) == 1 + 16
    assert rows[1][:5] == ("2026-01-05", "09:00", "phone", 57, 82)
    assert [cell.value for cell in book["phone net"][1]] == ["from", "2026-01-05", "2026-01-06"]


def test_chats_two_at_a_time_need_what_their_slots_need(tmp_path: Path) -> None:
    """100 chats an hour of 990 s alone, at total rates 1 and 1.6; the file's length is that of full slots."""
    path = tmp_path / "chats.csv"
    rows = [f"2026-01-05 {9 + n // 2:02d}:{30 * (n % 2):02d},chat,50,{990 * 2 / 1.6}" for n in range(4)]
    path.write_text("\n".join(["start,channel,offered,aht_s", *rows]) + "\n", encoding="utf-8")
    words = [
        f"data.intervals={path}", "study=staffing", "study.staffing.max_occupancy=1", "run.workers=1",
        "channels.chat.target={share: 0.8, within: 20 s}", "staffing.chat.speeds=[1, 1.6]",
    ]  # fmt: skip
    centre = OwnCentre(sim.load(words))
    of = Study(forecast(centre, centre.asked), has_plan=False).formulas["chat"]
    assert set(of.erlang_c[of.erlang_c > 0]) == {20}
