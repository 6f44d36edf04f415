"""A study's folder, a factor's name and a table's cell are data too: none of them becomes SQL, a path or a formula."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest

import sim
from sim.cli.app import main
from sim.errors import InputError
from sim.files import plain_cell, whole, write_csv
from sim.sweep.columns import connected, fill, quoted
from tests.sweeps.centres import queue, sweep

OLD = Path(__file__).parents[1] / "sweeps" / "older" / "schema_1"
READS = "0.95 FROM results UNION ALL SELECT content FROM read_text('/etc/hostname') --"
ESCAPES = 'x"::VARCHAR AS "status") FROM filling; COPY (SELECT 1) TO $$PWNED$$; --'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_factors_name_is_no_sql(here: Path) -> None:
    with pytest.raises(InputError, match="is no key of the configuration"):
        sweep(here / "study", {"feelings.tolerance." + ESCAPES: ["5 s", "7 s"]})
    assert not (here / "PWNED").exists()


@pytest.mark.parametrize("name", [ESCAPES, 'a"b', "a'b", "a;b", "", "a\nb", "select", "a.b"])
def test_a_column_may_be_called_anything(name: str, here: Path) -> None:
    with connected() as connection:
        fill(connection, "design", {name or "_": ["x", "y"], "point": [0, 1]})
        found = connection.execute(f"SELECT {quoted(name or '_')} FROM design").fetchall()
    assert found == [("x",), ("y",)]
    assert not (here / "PWNED").exists()


@pytest.mark.parametrize("confidence", [READS, "0.95", True, 2, float("nan"), None, [0.95]])
def test_the_confidence_of_a_foreign_study_is_a_number(confidence: object, here: Path) -> None:
    shutil.copytree(OLD, here / "copy")
    study = json.loads((here / "copy" / "study.json").read_text())
    (here / "copy" / "study.json").write_text(json.dumps({**study, "confidence": confidence}))
    with pytest.raises(InputError, match="confidence must be between 0 and 1"):
        sim.read_study(here / "copy")


HARMED = {
    "cut short": b'{"schema": 2, "confi',
    "empty": b"",
    "no text": b"\xff\xfe\x00",
    "a list": b"[]",
    "a number": b"1",
    "a schema that is true": b'{"schema": true}',
    "a configuration that is a list": b'{"schema": 1, "configuration": []}',
    "without end": b"[" * 100_000,
}


@pytest.mark.parametrize("harm", HARMED)
def test_a_harmed_study_is_a_message(harm: str, here: Path) -> None:
    shutil.copytree(OLD, here / "copy")
    (here / "copy" / "study.json").write_bytes(HARMED[harm])
    with pytest.raises(InputError, match=r"copy"):
        sim.read_study(here / "copy")


def test_junk_for_results_and_a_folder_among_the_parts(here: Path) -> None:
    sweep(here / "study", {"staffing.team.agents": [4]}, replications=1)
    (here / "study" / "parts" / "x.parquet").mkdir()
    assert sweep(here / "study", {"staffing.team.agents": [4]}, replications=2).tasks == 1
    (here / "study" / "results.parquet").write_bytes(b"PAR1 junk PAR1")
    with pytest.raises(InputError, match="results.parquet: cannot be read"):
        sim.read_study(here / "study")


def test_texts_that_would_run_in_a_spreadsheet_are_quoted(here: Path) -> None:
    cells = ["=1+1", "+1", "-1", "@sum", "\tx", "-x", "plain", 1.5, float("inf"), float("nan"), None]
    write_csv(here / "a.csv", ["=heading", "b"], [[cell, 1] for cell in cells])
    with (here / "a.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows] == [
        "'=heading", "'=1+1", "+1", "-1", "'@sum", "'\tx", "'-x", "plain", "1.5", "", "", ""
    ]  # fmt: skip
    assert plain_cell("") == ""


def test_the_tables_of_a_sweep_hold_no_formula(here: Path) -> None:
    sweep(here / "study", {"journeys.max_contacts": ["=1+1", 3]}, replications=1)
    for name in ("design.csv", "results.csv"):
        with (here / "study" / name).open(newline="", encoding="utf-8") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell[:1] in "=+@" and cell]
        assert "'=1+1" in cells
    stored = duckdb.execute("SELECT DISTINCT \"journeys.max_contacts\" FROM 'study/results.parquet'").fetchall()
    assert ("=1+1",) in stored, "only files for spreadsheets are changed"


def test_a_file_is_complete_or_not_there(here: Path) -> None:
    (here / "a.txt").write_text("before")
    with pytest.raises(IsADirectoryError), whole(here / "a.txt") as written:  # noqa: PT012
        written.write_text("half")
        here.read_text()
    assert (here / "a.txt").read_text() == "before"
    assert os.listdir(here) == ["a.txt"]


def test_a_mistake_removes_only_what_the_run_made(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "project").mkdir()
    (here / "empty").mkdir()
    monkeypatch.chdir(here / "project")
    assert main(["hydra.run.dir=r1", "run.seed=-1"]) == 2
    assert main(["hydra.run.dir=../empty", "run.seed=-1"]) == 2
    assert main(["hydra.run.dir=../new/deep/er", "run.seed=-1"]) == 2
    assert main(["-m", "hydra.sweep.dir=../empty", "scenarios=siloed,silod"]) == 2
    assert (here / "project").is_dir()
    assert (here / "empty").is_dir()
    assert not (here / "new").exists()
    assert not (here / "project" / "r1").exists()


def test_a_study_of_this_folder_reads(here: Path) -> None:
    """The attacks above change one thing in a folder that otherwise opens."""
    shutil.copytree(OLD, here / "copy")
    assert sim.read_study(here / "copy")["confidence"][0] == 0.95
    assert queue(here)["run"]["seed"]


FOREIGN = {
    "another's columns": "SELECT 1 AS x",
    "no sums": "SELECT * EXCLUDE (top) FROM part",
    "texts for sums": "SELECT * REPLACE ('x' AS top) FROM part",
    "no replication": "SELECT * REPLACE (NULL::INTEGER AS replication) FROM part",
    "a replication before the first": "SELECT * REPLACE (-1::INTEGER AS replication) FROM part",
    "an unknown measure": "SELECT * REPLACE ('nobody' AS measure) FROM part",
    "texts for samples": "SELECT * REPLACE (sample::VARCHAR AS sample) FROM part",
    "torn samples": "SELECT * REPLACE ('abc'::BLOB AS sample) FROM part",
    "samples of nobody": "SELECT * REPLACE (-5::BIGINT AS size) FROM part",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "study"
    sweep(folder, {"staffing.team.agents": [4]}, replications=1)
    return folder


@pytest.mark.parametrize("what", FOREIGN)
def test_a_part_of_somebody_else_is_a_message(what: str, store: Path, here: Path) -> None:
    shutil.copytree(store, here / "study")
    (part,) = (here / "study" / "parts").iterdir()
    part.rename(here / "part.parquet")
    with duckdb.connect() as connection:
        connection.execute("CREATE VIEW part AS SELECT * FROM 'part.parquet'")
        connection.execute(f"COPY ({FOREIGN[what]}) TO '{part}' (FORMAT parquet)")
    with pytest.raises(InputError, match="is no part of a sweep"):
        sweep(here / "study", {"staffing.team.agents": [4]}, replications=1)
    with pytest.raises(InputError, match="is no part of a sweep"):
        sim.rerun(here / "study", point=0)
    with pytest.raises(InputError, match="is no part of a sweep"):
        sim.read_study(here / "study", per_replication=True)


def test_files_of_a_folder_that_no_sweep_made_stay(here: Path) -> None:
    """One cut short by a sweep is removed and run again; one of somebody else is not a sweep's to remove."""
    mine = here / "archive" / "parts" / "mine.parquet"
    mine.parent.mkdir(parents=True)
    mine.write_text("not even Parquet", encoding="utf-8")
    with pytest.raises(InputError, match="mine.parquet: no part of a sweep"):
        sweep(here / "archive", {"staffing.team.agents": [4]}, replications=1)
    assert mine.read_text(encoding="utf-8") == "not even Parquet"


@pytest.mark.parametrize("section", ["data", "scenario", "study", "run", "channels"])
@pytest.mark.parametrize("junk", [1, "x", [1], True, {"a": 1}])
def test_a_manifest_of_somebody_else_is_a_message(section: str, junk: object, here: Path) -> None:
    (here / "old").mkdir()
    manifest = {"configuration": {**queue(here), section: junk}, "overrides": []}
    (here / "old" / "manifest.json").write_text(json.dumps(manifest))
    (here / "old" / "kpis.csv").write_text("a,b\n1\n")
    with pytest.raises(InputError):
        sim.rerun(here / "old")


def test_points_that_lay_there_before_are_not_of_this_sweep(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, content in (("a", b"\xff"), ("b", b"[]"), ("c", b'{"point": 0, "overrides": ["x=1"], "status": "ok"}')):
        (here / "m" / name).mkdir(parents=True)
        (here / "m" / name / "point.json").write_bytes(content)
    words = ["centre=single_queue", "run.measure=10 min", "run.warm_up=0", "run.replications=1", "run.workers=1",
             "run.plots=false", "run.follow_limit=1 h"]  # fmt: skip
    assert main(["-m", *words, "staffing.phone.agents=6,7", "hydra.sweep.dir=m"]) == 0
    with (here / "m" / "sweep.csv").open(newline="", encoding="utf-8") as file:
        assert {row["staffing.phone.agents"] for row in csv.DictReader(file)} == {"6", "7"}
    assert "Traceback" not in capsys.readouterr().err
