"""The shipped baseline is the journey set fitted to the published anchors, and every group's file is usable."""

from __future__ import annotations

import numpy as np
import pytest

from sim.cli import paths
from sim.cli.compose import compose
from sim.model import Configuration
from sim.model.channels import SelfService

CONFIG = Configuration.from_mapping(compose())
NAMES = ("website", "ivr", "chat", "email", "phone", "social")
# validation/calibrated_journey.json beside the project: start, p_resolve, p_give_up
START = dict(zip(NAMES, (0.64, 0.1, 0.08, 0.05, 0.1, 0.03), strict=True))
RESOLVE = dict(zip(NAMES, (0.164, 0.137, 0.557, 0.498, 0.635, 0.605), strict=True))
GIVE_UP = dict(zip(NAMES, (0.092, 0.057, 0.093, 0.144, 0.106, 0.238), strict=True))


def unsolved(name: str) -> dict[str, float]:
    """Share of contacts, none abandoned in a queue, that end unsolved: by outcome. First authority, then the push
    elsewhere, then failure."""
    channel = CONFIG.channels[name]
    left = channel.abandonment if isinstance(channel, SelfService) else 0.0
    authority = channel.authority if isinstance(channel, SelfService) else CONFIG.staffing[name].authority
    helpless = (1 - left) * CONFIG.customers.reasons["any"].needs_authority * (1 - authority)
    push = getattr(channel, "deflection", None)
    pushed = (1 - left - helpless) * (push.share if push else 0.0)
    failed = (1 - left - helpless - pushed) * channel.failure
    return {
        "abandoned": left, "pushed": pushed, "transferred": failed * channel.transfer,
        "failed": failed * (1 - channel.transfer) + helpless,
    }  # fmt: skip


def hop(name: str) -> dict[str, float]:
    """What follows an unsolved contact, over its outcomes."""
    total = sum(unsolved(name).values())
    mix = dict.fromkeys((*NAMES, "give_up"), 0.0)
    for outcome, share in unsolved(name).items():
        rows, push = CONFIG.journeys.rows[name], getattr(CONFIG.channels[name], "deflection", None)
        row = push if outcome == "pushed" and push else (rows.get(outcome) or rows["any"])[0]
        for to, p in row.mix(name, CONFIG.journeys.stay).items():
            if share:
                mix[to] += p * share / total
    return mix


def test_first_channels_are_the_published_ones() -> None:
    for name in NAMES:
        share = sum(s.share * s.first_channel[name] for s in CONFIG.customers.segments.values())
        assert share == pytest.approx(START[name], abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_resolution_and_giving_up_are_the_fitted_ones(name: str) -> None:
    assert 1 - sum(unsolved(name).values()) == pytest.approx(RESOLVE[name], abs=0.0015)
    assert hop(name)["give_up"] == pytest.approx(GIVE_UP[name], abs=0.003)


def test_the_chain_keeps_the_anchors() -> None:
    """Served at once and unmoved. The share of social among fifth contacts is an anchor of the simulation only: there
    anger and unanswered messages bring more customers to social than the rows alone."""
    start = np.array([START[name] for name in NAMES])
    chain = np.array([[hop(a)[b] * sum(unsolved(a).values()) for b in NAMES] for a in NAMES])
    visits = start @ np.linalg.inv(np.eye(len(NAMES)) - chain)
    assisted = visits[2:].sum() / visits.sum()
    assert visits.sum() == pytest.approx(2.20, abs=0.01)
    assert assisted == pytest.approx(0.5475, abs=0.005)


def test_every_file_of_every_group_composes() -> None:
    for group in sorted(paths.groups() - {"scenarios"}):
        files = sorted((paths.conf() / group).glob("*.yaml"))
        assert files
        for path in files if len(files) > 1 else ():  # one file alone is the default, composed everywhere
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
