"""How code from outside comes in: by a file or an installed package, in every process, with its hash, or not at all."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim import extensions, provenance
from sim.cli.app import main
from sim.errors import InputError
from sim.model import Configuration
from tests.sweeps.centres import queue

from .example_file import EXAMPLE, FOLDER, forgotten

ROOT = Path(__file__).resolve().parents[2]
NEWEST = """
import sim.extend as extend

@extend.agent_rule("newest_of_all")
def newest(choice):
    return len(choice.agents) - 1
"""
SMALL = ["centre=single_queue", "run.warm_up=0", "run.measure=2 h", "run.end=drain", "run.plots=false",
         "run.replications=2"]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    """Each test begins without extensions."""
    with forgotten():
        yield


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of a process in which the example is installed: what pip leaves behind."""
    place = tmp_path / "site"
    shutil.copytree(FOLDER / "switchboard_example", place / "switchboard_example")
    info = place / "switchboard_example-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: switchboard-example\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[switchboard.extensions]\nexample = switchboard_example\n")
    return os.environ | {"PYTHONPATH": f"{place}{os.pathsep}{ROOT}"}


def file(folder: Path, text: str, name: str = "mine.py") -> Path:
    """A file of one's own."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def run(words: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-m", "sim", *words]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


# In every process -----------------------------------------------------------------------------------------------------


def test_worker_processes_have_what_a_file_adds() -> None:
    """Measure, law, rule and arrivals of the example on two workers: the same digits as on one."""
    sim.add_extension(EXAMPLE)
    container = queue(Path("unused"), replications=4) | {"study": {}, "routing": {"agent_rule": "newest"}}
    container["channels"]["phone"]["service"] = {"law": "train", "high": "2 min"}
    container["demand"]["streams"]["calls"] |= {"count": "even", "profile": [1] * 24, "settings": {"jitter": 0.5}}
    config = Configuration.from_mapping(container)
    one, two = (sim.replicate(config.at({"run.workers": n})).per_replication() for n in (1, 2))
    assert "late_minute" in set(one["measure"])
    for name, column in one.items():
        assert column.tolist() == two[name].tolist() or name == "value"
    assert [str(value) for value in one["value"]] == [str(value) for value in two["value"]]


def test_a_file_that_is_edited_meanwhile_is_the_same_in_all_workers(tmp_path: Path) -> None:
    """Workers get the text that was loaded, not what the file has become."""
    path = file(tmp_path, NEWEST)
    sim.add_extension(path)
    path.write_text("raise SystemExit")
    container = queue(tmp_path, replications=2, workers=2) | {"study": {}, "routing": {"agent_rule": "newest_of_all"}}
    assert sim.replicate(Configuration.from_mapping(container)).kpis["channel.phone.offered"].mean > 0


def test_what_a_session_registers_itself_needs_one_worker() -> None:
    """A function of a notebook is nothing that another process could load: said, not left out."""
    exec("import sim.extend as e\ne.agent_rule('here_only')(lambda choice: 0)", {"__name__": "__main__"})
    with pytest.raises(InputError, match="here_only exist in this session alone: run.workers=1, or a file"):
        extensions.sources()


def test_an_installed_package_is_loaded_by_itself(installed: dict[str, str], tmp_path: Path) -> None:
    """Listed in help, measured in kpis.csv from two workers, hashed in the manifest."""
    assert "switchboard-example 1.0: measure late_minute" in run(["--help"], installed, tmp_path).stdout
    words = [*SMALL, "run.workers=2", "routing.agent_rule=newest", "hydra.run.dir=out"]
    done = run(words, installed, tmp_path)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out" / "kpis.csv").open(newline="") as table:
        assert "late_minute" in {row["measure"] for row in csv.DictReader(table)}
    said = json.loads((tmp_path / "out" / "manifest.json").read_text())["extensions"]
    assert [each["name"] for each in said] == ["switchboard-example 1.0"]
    assert "agent_rule newest" in said[0]["adds"]
    without = run(words, installed | {"SWITCHBOARD_EXTENSIONS": "none"}, tmp_path)
    assert without.returncode == 2
    assert "routing.agent_rule: must be one of longest_idle" in without.stderr


# Provenance -----------------------------------------------------------------------------------------------------------


def test_an_extension_enters_the_hash_of_the_program(tmp_path: Path) -> None:
    before, then = provenance.source_hash(), provenance.program()
    sim.add_extension(file(tmp_path, NEWEST))
    first = provenance.source_hash()
    assert first != before
    assert provenance.differences(then)[0] == "with the extension mine.py"
    named = provenance.program()
    sim.add_extension(file(tmp_path, NEWEST + "\n# edited\n"))
    assert provenance.source_hash() not in (first, before)
    assert provenance.differences(named)[0] == "the extension mine.py has changed"


def test_rerun_says_which_extension_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mine = file(tmp_path, NEWEST)
    with forgotten():
        assert main([*SMALL, "run.workers=1", f"--extension={mine}", "hydra.run.dir=out"]) == 0
        assert sim.rerun("out").equal
    assert "without the extension mine.py (sim.add_extension, or --extension)" in sim.rerun("out").program


# Mistakes, and attacks ------------------------------------------------------------------------------------------------

PUT = "import sim.extend as extend\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = (", "mine.py: cannot be loaded: line 1: "),
        ("x = 1\ny = z\n", "mine.py: cannot be loaded: line 2: NameError: name 'z' is not defined"),
        ("x = 1\n", "mine.py: registers nothing"),
        (PUT + "extend.agent_rule('random')(print)", "mine.py: agent rule 'random' is there already"),
        (PUT + "extend.agent_rule('No spaces')(print)", "has small letters, digits and underscores, got 'No spaces'"),
        (PUT + "extend.law('mine', [{'meen'}], print)", "law mine: keys are of mean, median"),
        (PUT + "extend.law('mine', [{'cv'}], print)", "law mine: keys are of mean, median"),
        (PUT + "extend.study('mine', int)", "study mine: must be a subclass of sim.studies.base.Study"),
        (PUT + "extend.figure('mine')(3)", "figure mine: must be a function, got 3"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_words(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        sim.add_extension(file(tmp_path, text))
    assert words in str(refused.value)
    assert extensions.described() == []


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("nowhere.py", "no such file"),
        ("no_such_module_at_all", "there is no module"),
        ("https://example.org/x", "no such file"),
        ("a b", "an extension is a Python file"),
    ],
)
def test_what_is_no_extension_is_refused(where: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        sim.add_extension(where)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return 7", "agent rule mine (mine.py): line 4: TypeError: must answer a place from 0 to 2, answered 7"),
        ("return None", "must answer a place from 0 to 2, answered None"),
        ("return 1 / 0", "agent rule mine (mine.py): line 4: ZeroDivisionError: division by zero"),
    ],
)
def test_a_rule_that_fails_in_a_run_is_named(body: str, words: str, tmp_path: Path) -> None:
    from tests.extreme.small import centre, live, lived, team

    sim.add_extension(file(tmp_path, f"{PUT}@extend.agent_rule('mine')\ndef rule(choice):\n    {body}\n"))
    with pytest.raises(InputError) as refused:
        lived(centre({"phone": live()}, {"team": team(3)}, [0], routing={"agent_rule": "mine"}, engine="simpy"))
    assert words.replace("line 4: TypeError: ", "") in str(refused.value).replace("TypeError: ", "")


@pytest.mark.parametrize(
    ("quantile", "words"),
    [
        ("lambda u, mean: mean * (1 - u)", "must rise"),
        ("lambda u, mean: mean * u - 1", "must rise from 0 on"),
        ("lambda u, mean: u", "doubling its times must double"),
        ("lambda u, mean: mean * (u > 0.5)", "jumps"),
        ("lambda u, mean: 1 / 0", "its quantile function fails with ZeroDivisionError"),
    ],
)
def test_a_law_that_is_none_is_refused(quantile: str, words: str, tmp_path: Path) -> None:
    sim.add_extension(file(tmp_path, f"{PUT}extend.law('mine', [{{'mean'}}], {quantile})\n"))
    container = queue(tmp_path)
    container["channels"]["phone"]["service"] = {"law": "mine", "mean": "1 min"}
    with pytest.raises(InputError, match=words):
        Configuration.from_mapping(container)


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("'share', 'waits', lambda facts: facts.waits", "measure mine (mine.py): line 3: AttributeError"),
        ("'share', 'waits', lambda facts: 1.0", "measure mine (mine.py)"),
        ("'percent', 'waits', lambda facts: facts.wait", "unit is one of contacts, share, s, "),
        (
            "'share', 'waits', lambda facts: facts.wait, kinds=('phone',)",
            "kinds of channels are self_service, live, defer",
        ),
    ],
)
def test_a_measure_that_is_none_is_refused(declared: str, words: str, tmp_path: Path) -> None:
    made = f"from sim.measures.measure import of_contacts\nextend.measure(of_contacts('mine', 'Mine', {declared}))\n"
    with pytest.raises(InputError) as refused:
        measured(file(tmp_path, PUT + made))
    assert words in str(refused.value)


def measured(extension: Path) -> None:
    """A run with an extension's measures."""
    from tests.extreme.small import centre, live, team

    sim.add_extension(extension)
    sim.replicate(centre({"phone": live()}, {"team": team()}, [0, 10], run={"workers": 1}))


@pytest.mark.parametrize("key", ["extension", "extensions", "run.extension", "routing.extension", "study.extension"])
def test_no_configuration_can_name_code(key: str, tmp_path: Path) -> None:
    """Neither a key typed nor a scenario's file loads anything; a file named where a rule is expected is no rule."""
    trap = file(tmp_path, "open('sprung', 'w')")
    assert main([f"+{key}={trap}", *SMALL]) == 2
    (tmp_path / "scenarios").mkdir()
    section, _, name = key.rpartition(".")
    said = f"{section}:\n  {name}: {trap}\n" if section else f"{name}: {trap}\n"
    text = f"# @package _global_\nscenario:\n  question: what?\n{said}"
    (tmp_path / "scenarios" / "trap.yaml").write_text(text)
    assert main(["scenarios=trap", "--config-dir", str(tmp_path), *SMALL]) == 2
    assert main([f"routing.agent_rule={trap}", *SMALL]) == 2
    assert not Path("sprung").exists()
    assert extensions.described() == []


def test_a_manifest_cannot_load_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a manifest says of extensions is compared, never followed."""
    monkeypatch.chdir(tmp_path)
    assert main([*SMALL, "run.workers=1", "hydra.run.dir=out"]) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    trap = file(tmp_path, "open('sprung', 'w')")
    manifest["extensions"] = [{"name": str(trap), "path": str(trap), "sha256": "0", "text": "1"}]
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest))
    assert sim.rerun("out").program != ()
    assert not (tmp_path / "sprung").exists()


def test_a_worker_has_the_extensions_of_whoever_asks_and_no_others(tmp_path: Path) -> None:
    """A cluster's worker serves one study after the other: what the one before brought along is gone."""
    mine = sim.add_extension(file(tmp_path, NEWEST))
    other = extensions.Source("other.py", "switchboard_extension_other", "0" * 64, "other.py",
                              NEWEST.replace("newest_of_all", "another"))  # fmt: skip
    extensions.adopt([other])
    assert set(extensions.registered("agent_rule")) == {"another"}
    extensions.adopt([mine])
    assert set(extensions.registered("agent_rule")) == {"newest_of_all"}
    extensions.adopt([])
    assert extensions.described() == []
