"""Dirty: the layouts of conf/data, each with a made-up file in its own titles and forms (`layouts/`)."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import yaml

import sim
from sim.calibration.intervals.presets import shipped_presets
from sim.calibration.intervals.table import IntervalTable, read_intervals
from sim.errors import InputError
from sim.model.data import Data

FOLDER = Path(__file__).parent
FILES = {
    "avaya_cms": "exports/f01_avaya.csv", "genesys_cloud": "exports/f02_genesys.csv", "five9": "exports/f03_five9.csv"
}  # fmt: skip
WITH_AGENTS = ("avaya_cms", "amazon_connect", *(name for name in shipped_presets() if name.startswith("common")))
HOURLY = ("zendesk_talk",)
WITHOUT_LEVEL = ("zendesk_talk", "genesys_history", "common_forecast")
WITHOUT_ABANDONED = ("genesys_history", "common_forecast")
KNOWN = ["phone", "chat", "email"]


def read(preset: str, data: Data | None = None) -> IntervalTable:
    return read_intervals(FOLDER / FILES.get(preset, f"layouts/{preset}.csv"), KNOWN, data)


def base() -> IntervalTable:
    return read_intervals(FOLDER / "exports" / "base.csv", KNOWN)


def test_every_layout_has_a_file() -> None:
    assert len(shipped_presets()) >= 10
    assert all((FOLDER / FILES.get(name, f"layouts/{name}.csv")).exists() for name in shipped_presets())


@pytest.mark.parametrize("preset", shipped_presets())
def test_a_layout_is_recognised_and_gives_the_week_back(preset: str) -> None:
    table, truth = read(preset), base()
    assert sum("recognised as the layout data=" in notice for notice in table.notices) == 1
    assert any(f"recognised as the layout data={preset}:" in notice for notice in table.notices)
    assert table.total_offered("phone") == truth.total_offered("phone") == 2273
    assert table.weighted_aht("phone") == pytest.approx(truth.weighted_aht("phone"), abs=0.01)
    assert np.isnan(table.sl_pct).all() == (preset in WITHOUT_LEVEL)
    assert np.isnan(table.abandoned_pct).all() == (preset in WITHOUT_ABANDONED)
    if preset in HOURLY:
        assert table.interval == 3600
        return
    np.testing.assert_array_equal(table.offered, truth.offered)
    if preset not in WITHOUT_LEVEL:
        np.testing.assert_allclose(table.sl_pct, truth.sl_pct, atol=1e-9)
    if preset in WITH_AGENTS:
        np.testing.assert_allclose(table.agents, truth.agents)
    else:
        assert np.isnan(table.agents).all(), "a layout with agents belongs into WITH_AGENTS"


@pytest.mark.parametrize("preset", shipped_presets())
def test_a_layout_is_chosen_in_one_word(preset: str) -> None:
    data = sim.load([f"data={preset}", "data.timezone=Europe/Berlin"]).data
    assert data.preset == preset
    table = read(preset, data)
    assert table.total_offered("phone") == 2273
    assert not any("recognised as the layout" in notice or "times are in UTC" in notice for notice in table.notices)


@pytest.mark.parametrize("path", sorted((Path(sim.__file__).parents[1] / "conf" / "data").glob("*.yaml")))
def test_layouts_are_a_few_lines(path: Path) -> None:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    if path.stem != "none":  # which lists the keys
        assert said["preset"] == path.stem
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 25


def guide() -> str:
    return (Path(sim.__file__).parents[1] / "conf" / "data" / "README.md").read_text(encoding="utf-8")


def test_the_guide_names_every_layout() -> None:
    assert [name for name in shipped_presets() if f"`{name}`" not in guide()] == [], "conf/data/README.md lacks a row"


@pytest.mark.parametrize("line", re.findall(r"^    python -m sim ([^#\n]+)", guide(), re.MULTILINE))
def test_every_line_of_the_guide_is_a_configuration(line: str) -> None:
    words = [word for word in shlex.split(line) if not word.startswith("data.intervals")]
    assert "data.intervals=my." in line
    assert sim.load(words).data.intervals is None  # the layout and its keys are known, whatever the file


def test_the_layout_in_the_guide_can_be_written_and_chosen(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", guide(), re.DOTALL)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.yaml").write_text(text)
    path = write(
        tmp_path,
        "Day,From,Media,Answered,Lost,Talk,Hold,Wrap,Staffed Time,In SL 20 s",
        "20.01.2025,09:00,Voice,8,2,1600000,0,800000,5400,0.6",
        "20.01.2025,09:30,Web chat,8,2,1600000,0,800000,5400,0.6",
        "20.01.2025,09:30,Voice,8,2,1600000,0,800000,5400,0.6",
    )
    table = read_intervals(path, KNOWN, sim.load(["data=mine"], config_dir=tmp_path).data)
    assert [table.total_offered(name) for name in ("phone", "chat")] == [20, 10]
    assert (table.weighted_aht("phone"), table.agents[0, 0, 18], table.sl_pct[0, 0, 18]) == (300, 3, 60)


def test_what_is_typed_wins_over_a_layout(tmp_path: Path) -> None:
    text = (FOLDER / FILES["five9"]).read_text().replace("Calls Inbound", "Incoming")
    (tmp_path / "my.csv").write_text(text)
    data = sim.load(["data=five9", "data.columns.offered=Incoming"]).data
    assert read_intervals(tmp_path / "my.csv", KNOWN, data).total_offered("phone") == 2273


def write(folder: Path, *lines: str) -> Path:
    (folder / "my.csv").write_text("\n".join(lines) + "\n")
    return folder / "my.csv"


def test_parts_are_added_totals_divided_and_counts_turned_into_per_cent(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Day,From,Media,Answered,Lost,Talk,Hold,Wrap,Staffed,In SL 20 s",
        "20.01.2025,09:00,Voice,8,2,1600000,,800000,5400,6",
        "20.01.2025,09:30,voice,0,4,0,0,0,1800,0",
        "20.01.2025,09:30,Outbound,9,0,999,0,0,1800,9",
    )
    words = (
        "data.columns={start: [Day, From], channel: Media, offered: [Answered, Lost], aht_s: [Talk, Hold, Wrap], "
        "agents: Staffed, abandoned_pct: Lost, sl_pct: 'In SL *'}",
        "data.units={aht_s: ms, agents: s, abandoned_pct: count, sl_pct: count}", "data.per={aht_s: Answered}",
        "data.channel_names={voice: phone, outbound: skip}",
    )  # fmt: skip
    table = read_intervals(path, KNOWN, sim.load(words).data)
    assert table.offered[0, 0, 18:20].tolist() == [10, 4]
    assert table.aht[0, 0, 18] == 300
    assert table.agents[0, 0, 18:20].tolist() == [3, 1]
    assert table.abandoned_pct[0, 0, 18:20].tolist() == [20, 100]
    assert table.sl_pct[0, 0, 18:20].tolist() == [60, 0]
    assert any("left out, as data.channel_names says: 'Outbound' (1 rows)" in notice for notice in table.notices)


def test_queues_are_kept_apart_by_naming_them_as_channels(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "start,Queue,offered,aht_s,agents",
        "2025-01-20 09:00,Sales,10,200,3", "2025-01-20 09:00,Web chat,5,500,2",
        "2025-01-20 09:30,Sales,12,200,3", "2025-01-20 09:30,Web chat,6,500,2",
    )  # fmt: skip
    added = read_intervals(path, KNOWN)
    assert added.total_offered("phone") == 33
    assert any("up to 2 queues (Queue) in an interval" in notice for notice in added.notices)
    words = ["data.columns.channel=Queue", "data.channel_names={Sales: phone, Web chat: chat}"]
    apart = read_intervals(path, KNOWN, sim.load(words).data)
    assert [apart.total_offered(name) for name in apart.channels] == [22, 11]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["data.columns.oferd=x"], "data.columns.oferd: unknown key; did you mean 'offered'?"),
        (["data.units.aht_s=sec"], "data.units.aht_s"),
        (["data.date_order=us"], "data.date_order"),
        (["data=genesis"], "data: unknown 'genesis'; did you mean 'genesys"),
    ],
)
def test_slips_in_the_keys_are_named(words: list[str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        sim.load(words)
    assert message in str(caught.value)


def test_titles_that_are_not_there_are_named_with_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path, "start,Calls offered,aht_s", "2025-01-20 09:00,10,200", "2025-01-20 09:30,12,200")
    with pytest.raises(InputError) as caught:
        read_intervals(path, KNOWN, sim.load(["data.columns.offered=Call offered"]).data)
    assert "columns missing: 'Call offered' (offered); did you mean 'Calls offered'?" in str(caught.value)
