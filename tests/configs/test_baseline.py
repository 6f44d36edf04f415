"""The shipped baseline is the journey set fitted to the published anchors, and every group's file is usable."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from sim.cli import paths
from sim.cli.compose import compose
from sim.model import Configuration
from tests.published import journeys_fit

CONFIG = Configuration.from_mapping(compose())
NAMES = ("website", "ivr", "chat", "email", "phone", "social")
START = dict(zip(NAMES, (0.64, 0.1, 0.08, 0.05, 0.1, 0.03), strict=True))
REGIMES = {"switchers": [], "stickers": ["journeys=stickers"]}


def fitted(regime: str) -> dict[str, float]:
    """What the fit of a regime found (`tests.published.journeys_fit`)."""
    with (journeys_fit.GALLERY / "anchors_fit.csv").open(encoding="utf-8") as file:
        return {row["what"]: float(row["fitted"]) for row in csv.DictReader(file) if row["regime"] == regime}


def test_first_channels_are_the_published_ones() -> None:
    for name in NAMES:
        share = sum(s.share * s.first_channel[name] for s in CONFIG.customers.segments.values())
        assert share == pytest.approx(START[name], abs=1e-9)


@pytest.mark.parametrize("regime", REGIMES)
def test_each_regime_ships_with_what_was_fitted_for_it(regime: str) -> None:
    config, found = Configuration.from_mapping(compose(REGIMES[regime])), fitted(regime)
    stay = dict(zip(NAMES, journeys_fit.STAY[regime].tolist(), strict=True))
    stay["website"] = found["loyalty to the website"]
    for name in NAMES:
        assert config.channels[name].failure == pytest.approx(found[f"failure of {name}"], abs=1e-3)
        assert config.journeys.stay[name] == pytest.approx(stay[name], abs=1e-3)
        give_up = config.journeys.rows[name]["any"][0].give_up
        expected = journeys_fit.GIVE_UP[NAMES.index(name)] * found["factor on giving up"]
        assert give_up == pytest.approx(min(0.9, expected), abs=1e-3)
    assert config.customers.difficulty == pytest.approx(found["spread of difficulty"], abs=0.01)


def test_the_default_lies_closer_to_the_anchors() -> None:
    """And the recorded anchors are those that the fit's walk gives with the recorded numbers."""
    distance = {
        regime: sum(d * d for d in journeys_fit.distances(fitted(regime)).values()) for regime in REGIMES
    }  # fmt: skip
    assert distance["switchers"] < distance["stickers"]


def test_the_walk_of_the_fit_counts_what_it_says() -> None:
    """The default's anchors again, from its shipped numbers within rounding of what was recorded."""
    found = fitted("switchers")
    stay = journeys_fit.STAY["switchers"].copy()
    stay[0] = found["loyalty to the website"]
    failure = np.array([CONFIG.channels[name].failure for name in NAMES])
    trial = journeys_fit.Trial(failure, CONFIG.customers.difficulty, found["factor on social"],
                               found["factor on giving up"], stay)  # fmt: skip
    again = journeys_fit.walk(trial, journeys_fit.luck())
    assert {name: again[name] for name in journeys_fit.ANCHORS} == pytest.approx(
        {name: found[name] for name in journeys_fit.ANCHORS}, abs=0.015
    )


def test_every_file_of_every_group_composes() -> None:
    for group in sorted(paths.groups() - {"scenarios"}):
        files = sorted((paths.conf() / group).glob("*.yaml"))
        assert files
        for path in files if len(files) > 1 else ():  # one file alone is the default, composed everywhere
            if path.stem == "empty":  # nothing to run: tests/configs/test_neutral.py
                compose([f"{group}=empty"])
                continue
            Configuration.from_mapping(compose([f"{group}={path.stem}"]))


def test_pools_are_idle_when_their_channels_are_closed() -> None:
    for name in ("phone", "chat"):
        profile = CONFIG.staffing[name].profile
        start, end = CONFIG.channels[name].hours[0]
        assert [hour for hour, size in enumerate(profile) if size] == list(range(int(start // 3600), int(end // 3600)))


def test_the_python_interface_may_be_called_inside_another_hydra_application() -> None:
    from hydra import initialize
    from hydra.core.global_hydra import GlobalHydra

    with initialize(version_base="1.3"):
        compose(["run=quick"])
        assert GlobalHydra.instance().is_initialized()


def test_a_plain_queue_is_a_centre_like_any_other() -> None:
    config = Configuration.from_mapping(compose(["centre=single_queue"]))
    assert config.open_channels == ("phone",)
    assert list(config.staffing) == ["phone"]
    load = config.demand.streams["all"].per_day * config.channels["phone"].service.mean / 86400  # type: ignore
    assert load / config.staffing["phone"].agents == pytest.approx(0.8)
