"""What an extension adds works like what ships: held against formulas, hand sums, and rules that ship."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim import extensions
from sim.coded.laws import LawBook, numbers_of, table_of
from sim.engine import lacking, simulate
from sim.errors import InputError
from sim.model import Configuration
from sim.model.laws import Law
from sim.plots import draw_all
from tests.extreme.small import centre, live, lived, team

from .example_file import EXAMPLE, forgotten

SEED = 20261126  # declared before the first run
QUEUE: dict[str, Any] = {"law": "exponential", "mean": "150 s"}


@pytest.fixture(autouse=True)
def example() -> Iterator[None]:
    """The example's file, loaded as one's own file is."""
    with forgotten():
        sim.add_extension(EXAMPLE)
        yield


def two_queues(**routing: Any) -> Configuration:
    """Two channels, two groups of agents and more work than they can do at once."""
    patience = {"law": "exponential", "mean": "3 min"}
    channels = {"phone": live(QUEUE, patience=patience, priority=1), "chat": live(QUEUE, concurrency=3)}
    staffing = {"both": team(4, "phone", "chat"), "phones": team(3)}
    streams = {
        "calls": {"per_day": 3000, "first_channel": {"phone": 1}},
        "chats": {"per_day": 2000, "first_channel": {"chat": 1}},
    }
    run = {"measure": "3 h", "seed": SEED}
    return centre(channels, staffing, streams=streams, routing=routing, run=run, engine="auto")


def same_log(one: Configuration, other: Configuration) -> None:
    """Asserts that two configurations write the same contacts, to the bit."""
    mine, theirs = simulate(one, SEED, 0).contacts, simulate(other, SEED, 0).contacts
    assert mine["entity"].size > 300
    for name, column in mine.items():
        np.testing.assert_array_equal(column, theirs[name], err_msg=name)


# Rules ----------------------------------------------------------------------------------------------------------------


def test_longest_idle_in_ones_own_words_writes_the_same_log() -> None:
    same_log(two_queues(), two_queues(agent_rule="idle_first"))


def test_priority_in_ones_own_words_writes_the_same_log() -> None:
    routing = {"ageing_per_minute": 0.7}
    same_log(two_queues(**routing), two_queues(queue_rule="by_score", **routing))


def test_an_agent_rule_and_its_settings_decide() -> None:
    for settings, agents in (({}, [2, 1, 0]), ({"lowest": 1}, [0, 1, 2])):
        routing = {"agent_rule": "newest", "settings": settings}
        config = centre({"phone": live()}, {"team": team(3)}, [0, 10, 20], routing=routing, engine="simpy")
        assert [contact.agent for contact in lived(config)] == agents


def test_a_queue_rule_decides() -> None:
    """One agent; two calls wait when the first is done, and one chat: the shorter queue is the chat's."""
    channels = {"phone": live(), "chat": live()}
    streams = {
        "calls": {"times": [0, 10, 20], "first_channel": {"phone": 1}},
        "chats": {"times": [30], "first_channel": {"chat": 1}},
    }
    config = centre(channels, {"team": team(1, "phone", "chat")}, streams=streams,
                    routing={"queue_rule": "shortest_queue"}, engine="simpy")  # fmt: skip
    assert [contact.answered for contact in lived(config) if contact.channel == "chat"] == [100.0]


def test_the_compiled_engine_refuses_rules_by_name() -> None:
    config = two_queues(agent_rule="newest", queue_rule="shortest_queue")
    lacks = lacking(config)
    assert any("newest" in each for each in lacks)
    assert any("shortest_queue" in each for each in lacks)
    with pytest.raises(InputError, match="newest"):
        simulate(config.changed(engine="compiled"), SEED, 0)


# Laws and arrivals ----------------------------------------------------------------------------------------------------


def times_of(law: dict[str, Any], uniforms: np.ndarray) -> np.ndarray:
    """The times that the sampler gives a law."""
    from sim.chance.sampler import quantile

    book = LawBook()
    number = book.add(Law.model_validate(law))
    return np.array([quantile(table_of([book]), numbers_of([book]), number, float(u)) for u in uniforms])


def test_the_sampler_gives_a_laws_own_quantiles() -> None:
    u = np.array([1e-12, 0.01, 0.3, 0.5, 0.77, 0.99, 1 - 1e-9])
    np.testing.assert_allclose(times_of({"law": "train", "high": "10 min"}, u), 600 * u, rtol=1e-4)
    pareto = 60 * ((1 - u) ** (-1 / 2.5) - 1) / (2 ** (1 / 2.5) - 1)
    np.testing.assert_allclose(times_of({"law": "pareto", "median": "60 s", "shape": 2.5}, u), pareto, rtol=2e-4)


def test_mean_and_variance_of_a_law_are_those_of_its_formula() -> None:
    law = Law.model_validate({"law": "train", "high": "10 min"})
    assert law.mean_value == pytest.approx(300, rel=1e-5)
    assert law.cv_value == pytest.approx(1 / 3**0.5, rel=1e-4)
    assert law.scaled(2.0).mean_value == pytest.approx(600, rel=1e-5)
    lomax = Law.model_validate({"law": "pareto", "median": "60 s", "shape": 2.5})
    assert lomax.mean_value == pytest.approx(60 / (2 ** (1 / 2.5) - 1) / 1.5, rel=1e-4)


def test_a_law_of_ones_own_serves_and_shifts_and_mixes() -> None:
    service = {"law": "shifted", "shift": "1 min", "of": {"law": "train", "high": "2 min"}}
    config = centre({"phone": live(service)}, {"team": team(9)}, [1000.0 * n for n in range(80)])
    talks = [contact.ended - contact.answered for contact in lived(config)]
    assert 60 <= min(talks) < 75
    assert 165 < max(talks) <= 180
    parts = [{"share": 0.5, "law": "train", "high": "10 s"}, {"share": 0.5, "law": "constant", "mean": "100 s"}]
    assert Law.model_validate({"law": "mixture", "parts": parts}).mean_value == pytest.approx(52.5, rel=1e-4)


@pytest.mark.parametrize(
    ("law", "words"),
    [
        ({"law": "trian"}, "law: must be one of .*train, pareto, got 'trian'; did you mean 'train'"),
        ({"law": "train", "mean": "3 s"}, "law train takes high, got mean"),
        ({"law": "pareto", "median": "60 s", "shape": -1}, "shape: must be above 0"),
    ],
)
def test_a_wrong_law_is_refused_in_words(law: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        centre({"phone": live(law)}, {"team": team(1)}, [0])


def test_an_arrival_process_gives_the_days_times() -> None:
    stream = {"rates": {"interval": "12 h", "values": [2, 3]}, "count": "even"}
    config = centre({"phone": live()}, {"team": team(1)}, streams={"calls": stream})
    assert [contact.arrived for contact in lived(config)] == [10800, 32400, 50400, 64800, 79200]


def test_the_chance_of_an_arrival_process_belongs_to_seed_and_day() -> None:
    def times(seed: int, jitter: float = 1.0) -> list[float]:
        stream = {"per_day": 24, "profile": [1] * 24, "count": "even", "settings": {"jitter": jitter}}
        config = centre({"phone": live("1 s")}, {"team": team(1)}, streams={"calls": stream}, run={"measure": "2 d"})
        return [contact.arrived for contact in lived(config, seed)]

    first = times(1)
    assert first == times(1)
    assert first != times(2)
    assert len(first) == 48
    within_day = np.array(first).reshape(2, 24) - [[0.0], [86400.0]]
    assert np.all(within_day[0] != within_day[1])
    assert np.all(within_day // 3600 == np.arange(24))


# Measures, figures, studies, presets ----------------------------------------------------------------------------------


def test_measures_of_ones_own_are_estimated_like_others() -> None:
    config = centre({"phone": live("100 s")}, {"team": team(1)}, [0, 10, 80, 5000], run={"workers": 1})
    kpis = sim.replicate(config.at({"run.replications": 2})).kpis
    assert kpis["channel.phone.late_minute"].mean == 0.5  # waits 0, 90, 120, 0
    assert kpis["journey.all.repeaters"].mean == 0
    assert "late_minute" in sim.all_measures()


def test_a_figure_of_ones_own_is_drawn_beside_the_others(tmp_path: Path) -> None:
    config = centre({"phone": live("100 s")}, {"team": team(1)}, [0, 10, 80], run={"workers": 1, "replications": 2})
    names = {path.name for path in draw_all(sim.replicate(config), tmp_path)}
    assert {"waits.png", "waits.svg", "day.png"} <= names


def test_a_study_of_ones_own_is_run_like_others(tmp_path: Path) -> None:
    run = {"measure": "3 h", "workers": 1, "replications": 2}
    config = centre({"phone": live(QUEUE)}, {"team": team(4)}, streams={"calls": {"per_day": 1000}}, run=run)
    done = sim.run(config.at({"study.kind": "doubling", "study.settings": {"factor": 1.5}}), tmp_path)
    before, after = (tmp_path / "doubling.csv").read_text().splitlines()[1].split(",")
    assert float(after) > 2 * float(before) > 0
    assert "with more demand" in done.words()
    with pytest.raises(InputError, match=r"study.kind: must be one of .*doubling, got 'dubling'"):
        config.at({"study.kind": "dubling"})


def test_a_preset_of_ones_own_is_recognised_by_its_titles(tmp_path: Path) -> None:
    from sim.calibration.intervals.table import read_intervals
    from sim.model.data import Data

    rows = [f"2026-03-02 {9 + n // 2:02d}:{30 * (n % 2):02d},20,240,6" for n in range(16)]
    (tmp_path / "mine.csv").write_text("\n".join(["Quarter from,Rings,Talk,Heads", *rows]) + "\n")
    table = read_intervals(str(tmp_path / "mine.csv"), ["phone"], Data())
    assert table.channels == ("phone",)
    assert "home_made" in extensions.registered("preset")
