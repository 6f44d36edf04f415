"""With NUMBA_DISABLE_JIT=1 the same code runs as plain Python and gives the same bits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sim.model import Configuration

from .draws import all_draws

MAPPING: dict[str, Any] = {
    "channels": {
        "web": {"kind": "self_service", "session": "1 min"},
        "phone": {"kind": "live", "service": "3 min"},
    },
    "customers": {"segments": {"all": {"share": 1, "first_channel": {"web": 0.4, "phone": 0.6}}}},
    "demand": {
        "streams": {
            "poisson": {"per_day": 40, "profile": [1, 2, 0, 3]},
            "mixed": {"per_day": 40, "count": "mixed_poisson", "busyness": {"shape": 4, "scope": "stream"}},
            "correlated": {
                "per_day": 40, "profile": [1] * 8, "count": "mixed_poisson",
                "busyness": {"shape": 4, "correlation": 0.5},
            },
            "normal": {"per_day": 40, "count": "normal", "sd": 9},
            "fixed": {"per_day": 40, "count": "fixed", "profile": [1, 2, 3]},
            "replayed": {"times": [3.5, 3.5, 260000.25]},
        }
    },
    "journeys": {"rows": {name: {"any": {"to": {"give_up": 1}}} for name in ("web", "phone")}},
    "staffing": {"team": {"agents": 2.37, "profile": [1, 2, 3], "said": "scheduled", "serves": {"phone": 1}}},
}  # fmt: skip


def test_plain_python_draws_the_same_bits() -> None:
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    root = Path(__file__).resolve().parents[2]
    plain = subprocess.run(
        [sys.executable, "-m", "tests.chance.draws"], input=json.dumps(MAPPING), capture_output=True, text=True,
        env=environment,
        cwd=root, check=False,
    )  # fmt: skip
    assert plain.returncode == 0, plain.stderr
    mine, theirs = all_draws(Configuration.from_mapping(MAPPING)), json.loads(plain.stdout)
    assert mine.keys() == theirs.keys()
    differing = {name: sum(a != b for a, b in zip(mine[name], theirs[name], strict=True)) for name in mine}
    assert {name: n for name, n in differing.items() if n} == {}
