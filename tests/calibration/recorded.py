"""Synthetic records: a centre whose truth is known is simulated, and what a switch would have counted is written down.

The file `centre/<name>.yaml` is the planner's idea of the centre; the truth differs from it in the keys of `TRUTH`, of
which the fit knows nothing but the counts.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import yaml

import sim
from sim.calibration.compared import ABANDONED, HANDLE, HANDLED, OFFERED, interval_sums
from sim.model import Configuration

ROOT = Path(__file__).resolve().parents[2]
INTERVAL = 1800.0
DAY_OF = [0.0] * 16 + [1.0] * 16 + [0.0] * 16
HEADER = ("start", "channel", "offered", "aht_s", "agents", "abandoned_pct")
REDIAL = {"law": "exponential", "mean": "5 min", "median": None, "sigma": None}
TRUTH = {
    "line": ["channels.phone.patience.mean=2 min"],
    "pair": ["channels.phone.patience.mean=2 min", "channels.chat.patience.mean=1 min"],
}
MEAN_PATIENCE = {"phone": 120.0, "chat": 60.0}


def live(mean: str, failure: float) -> dict[str, Any]:
    """A channel open from 8 to 16, in which the planner believes in a patience of 5 minutes."""
    return {
        "kind": "live", "hours": {"daily": "08:00-16:00"}, "failure": failure, "wrap_up": None,
        "service": {"law": "gamma", "mean": mean, "shape": 4, "cv": None},
        "patience": {"law": "exponential", "mean": "5 min"}, "balking": {"probability": 0},
    }  # fmt: skip


def row(delay: dict[str, Any] | None = None, **to: float) -> dict[str, Any]:
    """A row of the switching matrix without the baseline's other channels."""
    nowhere = dict.fromkeys(("website", "ivr", "chat", "email", "phone", "social"))
    return {"to": nowhere | to, "stay": None, "else": None, "give_up": None, "delay": delay, "delay_to": None}


def team(agents: int, channel: str) -> dict[str, Any]:
    """Net agents from 8 to 16."""
    return {"agents": agents, "said": "net", "profile": DAY_OF, "weekday": None, "serves": {channel: 1}}


def write_centre(folder: Path, name: str) -> None:
    """`centre/<name>.yaml` below `folder`: `line` is a phone line, `pair` a phone line and chats that go on to it."""
    centre = yaml.safe_load((ROOT / "conf" / "centre" / "single_queue.yaml").read_text(encoding="utf-8"))
    phone = {"any": row(phone=0.2, give_up=0.8), "abandoned": row(REDIAL, phone=0.4, give_up=0.6)}
    closed = {"balked": None, "blocked": None, "closed": row(give_up=1.0)}
    centre["channels"]["phone"] = live("200 s", 0.1)
    centre["journeys"]["rows"]["phone"] = phone | closed
    centre["staffing"]["phone"] = team(7, "phone")
    stream: dict[str, Any] = {"per_day": 820, "profile": DAY_OF, "weekday": None, "count": "poisson"}
    if name == "pair":
        centre["channels"]["chat"] = live("300 s", 0.3)
        chat = {"any": row(REDIAL, phone=0.6, give_up=0.4), "abandoned": row(REDIAL, chat=0.2, phone=0.4, give_up=0.4)}
        centre["journeys"]["rows"]["chat"] = chat | closed
        centre["staffing"]["chat"] = team(4, "chat")
        centre["customers"]["segments"]["classic"]["first_channel"] |= {"phone": 0.6, "chat": 0.4}
        stream["per_day"] = 1100
    centre["demand"] = {"streams": {"all": stream}}
    (folder / "centre").mkdir(exist_ok=True)
    text = "# @package _global_\n" + yaml.safe_dump(centre, sort_keys=False)
    (folder / "centre" / f"{name}.yaml").write_text(text, encoding="utf-8")


def truth(name: str, days: int) -> Configuration:
    """The centre as it really is, for as many days after one of warm-up; the working folder holds its file."""
    run = ["run.start=2025-03-02", "run.warm_up=1 d", f"run.measure={days} d", "run.end=cut"]
    return sim.load([f"centre={name}", *TRUTH[name], *run])


def write_records(path: Path, config: Configuration, agents: dict[str, int]) -> None:
    """The intervals of one replication of the truth, as a switch would print them, from Monday 2025-03-03."""
    sums = interval_sums(sim.simulate(config, 0, seed=20250303), config, INTERVAL)
    rows = []
    for c, name in enumerate(config.open_channels):
        for day, k in np.ndindex(sums.shape[1:3]):
            if DAY_OF[k]:
                got = sums[c, day, k]
                start = dt.datetime(2025, 3, 3) + dt.timedelta(days=day, seconds=k * INTERVAL)
                aht = f"{got[HANDLE] / got[HANDLED]:.1f}" if got[HANDLED] else ""
                left = f"{100 * got[ABANDONED] / got[OFFERED]:.2f}" if got[OFFERED] else ""
                rows.append([f"{start:%Y-%m-%d %H:%M}", name, int(got[OFFERED]), aht, agents[name], left])
    write_rows(path, rows)


def write_rows(path: Path, rows: list[list[Any]]) -> None:
    """An intervals file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)


def constant_rows(
    channel: str, offered: int, aht: int, agents: int, left: float | str = "", days: int = 2
) -> list[list[Any]]:
    """The same numbers in every half-hour from 8 to 16."""
    starts = [dt.datetime(2025, 3, 3 + day, 8) + k * dt.timedelta(minutes=30) for day in range(days) for k in range(16)]
    return [[f"{start:%Y-%m-%d %H:%M}", channel, offered, aht, agents, left] for start in starts]
