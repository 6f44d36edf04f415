"""Laws that are no laws, and files that are no samples: each is refused in words that name the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.model import Configuration
from sim.runs.cautions import law_warnings
from tests.extreme.small import centre, live, team

SECRET = "hunter2"


def refused(law: dict[str, Any], *folders: Path) -> str:
    """What is said about a phone whose talk has this law."""
    with pytest.raises(InputError) as error:
        Configuration.from_mapping(mapping(law), folders)
    return str(error.value)


def mapping(law: dict[str, Any]) -> dict[str, Any]:
    """A small centre whose phone has this law of talk."""
    return {
        "channels": {"phone": {"kind": "live", "service": law}},
        "customers": {"segments": {"all": {"first_channel": {"phone": 1}}}},
        "demand": {"streams": {"calls": {"per_day": 10}}},
        "journeys": {"rows": {"phone": {"any": {"to": {"give_up": 1}}}}},
        "staffing": {"team": {"agents": 1, "serves": {"phone": 1}}},
    }


@pytest.mark.parametrize(
    ("law", "text"),
    [
        ({"law": "gamma", "mean": "3 min", "shape": 1e9}, "shape must be from 0.01 to 100000, got 1e+09"),
        ({"law": "gamma", "mean": "3 min", "shape": 1e-9}, "shape must be from 0.01 to 100000"),
        ({"law": "gamma", "mean": "3 min", "cv": 50}, "(cv from 0.0032 to 10)"),
        ({"law": "gamma", "mean": "3 min", "shape": float("inf")}, "must be a finite number"),
        ({"law": "lognormal", "mean": "3 min", "cv": float("inf")}, "must be a finite number"),
        ({"law": "lognormal", "mean": "3 min", "cv": 1e300}, "must be at most 100"),
        ({"law": "lognormal", "median": "3 min", "sigma": 37}, "must be at most 5"),
        ({"law": "weibull", "mean": "3 min", "shape": 0.001}, "shape must be from 0.1 to 1000"),
        ({"law": "log_logistic", "mean": "3 min", "shape": 1}, "shape must be from 1.01 to 1000"),
        ({"law": "log_logistic", "mean": "3 min"}, "takes mean and shape or median and shape, got mean"),
        ({"law": "triangular", "low": "1 s", "mode": "9 s", "high": "5 s"}, "high must not be below mode"),
        ({"law": "triangular", "low": "4 s", "mode": "3 s", "high": "5 s"}, "mode must not be below low"),
        ({"law": "uniform", "low": "4 s", "high": "3 s"}, "high must not be below low"),
        ({"law": "shifted", "shift": "1 s"}, "takes of and shift, got shift"),
        ({"law": "shifted", "shift": "1 s", "of": {"law": "shifted", "shift": "1 s", "of": "2 s"}}, "add the shifts"),
        ({"law": "exponential", "mean": "1 s", "shift": "1 s"}, "takes mean, got mean, shift"),
        ({"law": "log-logistic", "mean": "1 s", "shape": 2}, "did you mean 'log_logistic'?"),
        ({"law": "sample", "column": "talk"}, "takes file, got column"),
    ],
)
def test_no_law(law: dict[str, Any], text: str) -> None:
    said = refused(law)
    assert text in said
    assert said.startswith("channels.phone.service")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a secret beside it and a link to it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (tmp_path / "secret.csv").write_text(f"{SECRET}\n{SECRET}\n", encoding="utf-8")
    (here / "link.csv").symlink_to(tmp_path / "secret.csv")
    (here / "folder.csv").mkdir()
    (here / "good.csv").write_text("talk;wrap\n60;5\n120,5;6\n", encoding="utf-8")
    (here / "words.csv").write_text(f"{SECRET}\n60\n{SECRET}\n", encoding="utf-8")
    (here / "negative.csv").write_text("60\n-1\n", encoding="utf-8")
    (here / "endless.csv").write_text("inf\n", encoding="utf-8")
    (here / "short.csv").write_text("a,b\n1\n", encoding="utf-8")
    (here / "empty.csv").write_text("", encoding="utf-8")
    (here / "head.csv").write_text("talk,wrap\n", encoding="utf-8")
    (here / "binary.csv").write_bytes(b"\xff\xfe\x00secret")
    return here


@pytest.mark.parametrize(
    ("file", "column", "text"),
    [
        ("/etc/hosts.csv", None, "must be a relative path without '..'"),
        ("../secret.csv", None, "must be a relative path without '..'"),
        ("link.csv", None, "there is no file 'link.csv'"),
        ("folder.csv", None, "there is no file 'folder.csv'"),
        ("none.csv", None, "there is no file 'none.csv'"),
        ("good.py", None, "that ends in .csv, .txt, .tsv"),
        ("words.csv", None, "line 1: must be a number that is not negative"),
        ("words.csv", "talk", "has no column 'talk' in its first line"),
        ("good.csv", "talk", "line 3: must be a number"),
        ("negative.csv", None, "line 2: must be a number that is not negative"),
        ("endless.csv", None, "line 1: must be a number that is not negative"),
        ("short.csv", "b", "line 2: must be a number"),
        ("empty.csv", None, "is empty"),
        ("head.csv", "talk", "must hold 1 to 1,000,000 numbers, has 0"),
        ("binary.csv", None, "cannot be read as text"),
    ],
)
def test_no_sample(folder: Path, file: str, column: str | None, text: str) -> None:
    """Nothing outside the folder is read, and nothing that a file contains is repeated."""
    said = refused({"law": "sample", "file": file, "column": column})
    assert text in said
    assert SECRET not in said


def test_a_file_may_lie_beside_the_configuration(folder: Path, tmp_path: Path) -> None:
    """Or in the working folder; `folders` are those of the configuration files."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "talks.txt").write_text("60\n180\n", encoding="utf-8")
    law = {"law": "sample", "file": "talks.txt"}
    assert "there is no file" in refused(law)
    service = Configuration.from_mapping(mapping(law), [own]).channels["phone"].service  # type: ignore[union-attr]
    assert service.mean_value == 120
    assert service.scaled(2).mean_value == 240


def test_a_digest_holds_a_sample_to_what_it_was(folder: Path) -> None:
    law = {"law": "sample", "file": "good.csv", "column": "wrap"}
    said = refused(law | {"digest": "0123456789abcdef"})
    digest = said.split("its digest is ")[1][:16]
    assert Configuration.from_mapping(mapping(law | {"digest": digest}))


def test_the_numbers_of_a_sample_are_shown_nowhere(folder: Path) -> None:
    config = Configuration.from_mapping(mapping({"law": "sample", "file": "good.csv", "column": "wrap"}))
    service = config.channels["phone"].service  # type: ignore[union-attr]
    assert service.numbers == (5, 6)
    assert "5.0" not in repr(service) + service.model_dump_json()


def test_a_coarse_quantile_table_warns() -> None:
    """Deciles of a skewed law: their straight lines have a mean 37 % too long, and the table is refused no more than a
    warning; two hundred quantiles are near enough. A table that is a uniform law cannot be told from a coarse one."""
    deciles = ["20 s", "60 s", "80 s", "100 s", "120 s", "150 s", "180 s", "220 s", "280 s", "380 s", "1500 s"]
    coarse = centre({"phone": live({"law": "empirical", "quantiles": deciles})}, {"team": team()})
    (text,) = law_warnings(coarse)
    assert "channels.phone.service: 11 quantiles" in text
    assert "law sample" in text
    fine = [f"{10 + 3 * i} s" for i in range(201)]
    assert not list(law_warnings(centre({"phone": live({"law": "empirical", "quantiles": fine})}, {"team": team()})))
