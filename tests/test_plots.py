"""The three pictures: drawn for any centre, the same every time, and true to the numbers in their titles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.plots
from sim.model import Configuration
from sim.model.units import DAY
from sim.plots import FIGURES, draw_all
from sim.plots import day as day_page
from sim.plots.daytime import Daytime
from sim.plots.river import river
from sim.plots.words import NO_INTERVAL, caption, finding, in_ten
from sim.runs.replicate import Results, replicate

EXPONENTIAL = {"law": "exponential", "mean": "4 min"}


def live(**more: Any) -> dict[str, Any]:
    return {"kind": "live", "service": EXPONENTIAL, "patience": EXPONENTIAL, **more}


def results_of(channels: dict[str, Any], to: dict[str, float], *, agents: float = 3, **run: Any) -> Results:
    """A small centre in which every channel has one row and, if it needs agents, one pool."""
    row = {"any": {"to": to, "delay": {"law": "exponential", "mean": "20 min"}}}
    served = [name for name, channel in channels.items() if channel["kind"] != "self_service"]
    return replicate(
        Configuration.from_mapping(
            {
                "channels": channels,
                "customers": {"segments": {"all": {"first_channel": {name: 1 / len(channels) for name in channels}}}},
                "demand": {"streams": {"day": {"per_day": 150}}},
                "journeys": {"rows": dict.fromkeys(channels, row)},
                "staffing": {name: {"agents": agents, "serves": {name: 1}} for name in served},
                "run": {"warm_up": "0", "measure": "1 day", "replications": 2, "workers": 1, **run},
            }
        )
    )


@pytest.fixture(scope="module")
def several() -> Results:
    channels = {
        "website": {"kind": "self_service", "session": EXPONENTIAL, "failure": 0.7},
        "phone": live(failure=0.3, target={"share": 0.8, "within": "20 s"}, hours={"daily": "08:00-20:00"}),
        "social": {"kind": "deferred", "service": EXPONENTIAL, "failure": 0.5},
    }
    return results_of(channels, {"website": 0.1, "phone": 0.6, "social": 0.1, "give_up": 0.2})


def one_channel(**run: Any) -> Results:
    return results_of({"helpline": live()}, {"give_up": 1.0}, **run)


def nobody() -> Results:
    return results_of(
        {"web": {"kind": "self_service", "session": EXPONENTIAL}}, {"give_up": 1.0}, measure="12 h", replications=1
    )


def ten_channels() -> Results:
    channels = {f"a_channel_with_a_long_name_{i}": live(failure=0.5) for i in range(10)}
    return results_of(channels, {**dict.fromkeys(channels, 0.08), "give_up": 0.2}, replications=1, end="cut")


def test_every_picture_is_written_and_the_same_when_drawn_again(several: Results, tmp_path: Path) -> None:
    run = several.config.run.model_copy(update={"workers": 2})
    apart = replace(several, config=several.config.model_copy(update={"run": run}))  # where copies may draw
    first, again = draw_all(several, tmp_path / "a"), draw_all(apart, tmp_path / "b")
    assert [path.name for path in first] == [f"{n}.{k}" for n in FIGURES for k in ("png", "svg")]
    for one, other in zip(first, again, strict=True):
        assert one.stat().st_size > 20_000
        assert one.read_bytes() == other.read_bytes(), one.name


@pytest.mark.parametrize("make", [one_channel, nobody, ten_channels])
def test_any_centre_can_be_drawn(make: Any) -> None:
    from sim.plots import day, journeys, scorecard

    results = make()
    for module in (journeys, day, scorecard):
        figure = module.draw(results)
        figure.set_dpi(40)
        figure.canvas.draw()


def test_titles_and_captions_say_the_numbers(several: Results) -> None:
    from sim.plots import day, journeys, scorecard

    broken, level = several.kpis["journey", "all", "broken"], several.kpis["channel", "phone", "service_level"]
    assert finding(broken) in journeys.title(several)
    assert finding(level) in scorecard.title(several)
    assert scorecard.title(several).startswith("Service target ")
    assert "80 % in 20 s" in scorecard.title(several)
    label = next(word.rstrip(":") for word in day.title(several).split() if word[:2].isdigit() and ":" in word)
    assert finding(several.kpis["channel", "phone", "service_level", label]) in day.title(several)
    for words in ("2 replications", "95 %", "24 h", "0 s of warm-up", "seed 1", "siloed", "journeys a replication"):
        assert words in caption(several)


def test_one_replication_has_no_interval_and_says_so() -> None:
    from sim.plots import journeys, scorecard

    results = one_channel(replications=1)
    assert NO_INTERVAL in caption(results)
    assert "(" not in journeys.title(results)
    texts = [text.get_text() for text in scorecard.draw(results).axes[0].texts]
    assert texts.count(NO_INTERVAL) == 4
    assert not any("nan" in text for text in texts)


def test_no_text_leaves_the_page(several: Results) -> None:
    from sim.plots import day, journeys, scorecard
    from sim.plots.page import house_style

    for module in (journeys, day, scorecard):
        with house_style():
            figure = module.draw(several)
            figure.canvas.draw()
            page = figure.bbox
            for text in figure.findobj(lambda artist: hasattr(artist, "get_text") and artist.get_text() != ""):
                box = text.get_window_extent()
                assert box.x0 >= page.x0, text.get_text()
                assert box.x1 <= page.x1, text.get_text()


def test_the_river_conserves_journeys(several: Results) -> None:
    moves = np.sum(several.flows, axis=0)
    shape = river(moves / moves[0].sum(), 5.0, 0.25)
    assert shape.alive[0] == pytest.approx(1)
    assert shape.ended[-1].sum() == pytest.approx(1)
    kpis = several.kpis
    assert shape.ended[-1, 0] == pytest.approx(kpis["journey", "all", "resolved"].mean)
    for step in range(shape.steps):
        bars = [bar for bar in shape.bars if bar.step == step]
        assert sum(bar.share for bar in bars) == pytest.approx(shape.alive[step])
        assert shape.alive[step] + shape.ended[step].sum() == pytest.approx(1)
        assert all(0 <= bar.bottom <= bar.top <= 5 for bar in bars)


def test_the_day_divides_by_the_days_and_is_silent_when_closed(several: Results) -> None:
    day = Daytime(several)
    assert day.days.sum() * several.config.run.interval == pytest.approx(DAY)
    whole = several.kpis["channel", "phone", "offered"].mean
    assert np.nansum(day.offered("phone").mean) == pytest.approx(whole)
    level = day.share("phone", "service_level").mean
    assert np.isnan(level[:16]).all()
    assert np.isnan(level[40:]).all()


def test_a_usual_day_is_one_on_which_somebody_is_served() -> None:
    """A week of a phone line that is closed on two of its days, and on a Wednesday by its date: means of four days."""
    words = ["centre=phone", "run=week", "run.warm_up=0 s", "run.replications=2", "run.workers=1", "run.end=cut",
             "demand.streams.all.per_day=40", "channels.phone.dates={2026-01-07: closed}"]  # fmt: skip
    week = sim.replicate(sim.load(words))
    day = Daytime(week)
    assert day.closed_days == 3
    assert set(day.days) == {4.0}
    kpi = week.kpis["channel", "phone", "offered"]
    assert np.nansum(day.offered("phone").mean) == pytest.approx(kpi.mean / 4)
    assert "mean of 4 open days" in [axes.get_title(loc="left").partition(", ")[2] for axes in day_page.draw(week).axes]


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, "all"), (0.97, "almost all"), (0.62, "6 in 10"), (0.05, "1 in 20"), (0.0, "almost no"), (0.9, "9 in 10")],
)
def test_shares_in_words(share: float, words: str) -> None:
    assert in_ten(share) == words


def test_matplotlib_is_imported_late_and_pyplot_never() -> None:
    folder = Path(sim.plots.__file__).parent
    assert "import matplotlib" not in (folder / "__init__.py").read_text()
    for path in folder.glob("*.py"):
        imports = [line for line in path.read_text().splitlines() if "import " in line]
        assert not any("pyplot" in line for line in imports), path.name
