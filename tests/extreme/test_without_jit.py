"""With NUMBA_DISABLE_JIT=1 a replication gives the same log, to the bit."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from sim.engine import simulate
from sim.log.tables import Log
from sim.model import Configuration

from .mechanised import mechanised
from .small import centre, deferred, live, team, web


def digest(log: Log) -> dict[str, str]:
    """A hash of every column of every table."""
    tables = {name: getattr(log, name) for name in ("contacts", "turns", "customers", "duties", "staffing")}
    return {
        f"{table}.{name}": hashlib.sha256(column.tobytes()).hexdigest()
        for table, columns in tables.items()
        for name, column in columns.items()
    }


def everything() -> Configuration:
    """Every law, every kind of channel and of staffing, journeys with context, losses and returns; three hours."""
    parts = [
        {"share": 0.4, "law": "uniform", "low": "10 s", "high": "1 min"},
        {"share": 0.6, "law": "weibull", "mean": "5 min", "shape": 0.8},
    ]
    channels = {
        "web": web(
            {"law": "empirical", "quantiles": ["10 s", "1 min", "4 min"]}, ports=4, failure=0.4, abandonment=0.2,
        ),
        "phone": live(
            {"law": "lognormal", "mean": "4 min", "cv": 1.1}, wrap_up={"law": "exponential", "mean": "30 s"},
            failure=0.3, transfer=0.2, lines=6, priority=1, redial_patience="remaining",
            patience={"law": "gamma", "mean": "2 min", "shape": 0.7, "zero_share": 0.1},
            balking={"probability": 0.5, "threshold": {"law": "exponential", "mean": "5 min"}},
        ),
        "mail": deferred(
            {"law": "mixture", "parts": parts}, deadline={"law": "gamma", "mean": "20 min", "shape": 2.2},
            stale="answered", failure=0.3, reopen=0.3, reopen_delay={"law": "exponential", "mean": "10 min"},
        ),
    }  # fmt: skip
    mix = {"phone": 0.5, "mail": 0.2, "web": 0.1, "give_up": 0.2}
    return centre(
        channels,
        {"calls": team(2.5, "phone", profile=[1, 2, 1] * 16), "both": team(1.2, "mail", "phone", said="scheduled")},
        streams={
            "visits": {"per_day": 500, "count": "mixed_poisson", "busyness": {"shape": 8, "correlation": 0.5}},
            "calls": {"per_day": 400, "first_channel": {"phone": 1}},
        },
        rows={name: {"any": {"to": mix, "delay": {"law": "exponential", "mean": "3 min"}}} for name in channels},
        integration={"level": 0.5, "time_saved": 0.2, "failures_removed": 0.3, "give_up_factor": 0.5},
        journeys={"return_factor": 0.7},
        routing={"ageing_per_minute": 0.3},
        run={"measure": "3 h", "end": "follow", "follow_limit": "2 h"},
    )


SCRIPT = """import json
from tests.extreme.test_without_jit import *
print(json.dumps([digest(simulate(config(), 4, 0)) for config in (everything, mechanised)]))"""


def test_plain_python_writes_the_same_log() -> None:
    logs = [simulate(config(), 4, 0) for config in (everything, mechanised)]
    assert len(set(logs[0].contacts["outcome"].tolist())) >= 7  # nearly every way a contact can end
    assert logs[1].turns["entity"].size > 100
    tests = Path(__file__).resolve().parents[1]
    path = os.pathsep.join([str(tests), str(tests.parent)])
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}
    command = [sys.executable, "-c", SCRIPT]
    plain = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert plain.returncode == 0, plain.stderr
    for log, theirs in zip(logs, json.loads(plain.stdout), strict=True):
        assert {name for name, value in digest(log).items() if theirs[name] != value} == set()
