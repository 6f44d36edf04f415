"""What an AI agent takes off people, by hand: three counts, the harder residue, prices, who is in front."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
from sim.errors import InputError
from sim.measures.observe import observe
from sim.model import Configuration
from sim.model.units import YEAR
from tests.extreme.small import centre, live, lived, team, to, web

SEED, CHATS = 11, 20_000


def values(config: Configuration, seed: int = 1) -> dict[tuple[str, str, str], float]:
    """Values of ratios and totals by scope, row and measure."""
    found = {}
    for (scope, measure), table in observe(simulate(config, seed, 0), config).items():
        for i, row in enumerate(table.rows):
            bottom = 1.0 if table.bottom is None else table.bottom[i, 0]
            found[scope, row, measure] = table.top[i, 0] / bottom if bottom else np.nan
    return found


def thousand_chats(back_after: str) -> Configuration:
    """Of 1,000 chats 350 are handed over and 650 are not, of which 100 come back: 550 solved in truth."""
    bot = web("2 min", failure=0.35, transfer=1.0, reopen=100 / 650, reopen_delay=back_after, in_front_of={"chat": 1})
    rows = {"bot": {"transferred": to("chat"), "reopened": to("bot"), "any": to("give_up")}}
    segments = {"all": {"share": 1, "first_channel": {"chat": 1}}}
    return centre(
        {"bot": bot, "chat": live("10 s")}, {"team": team(300, "chat")}, rows=rows, customers={"segments": segments},
        streams={"all": {"per_day": CHATS, "count": "fixed"}}, journeys={"max_contacts": None}, run={"end": "drain"},
    )  # fmt: skip


@pytest.mark.parametrize(("back_after", "quiet"), [("30 h", 0.65), ("20 h", 0.55)])
def test_a_thousand_chats_in_three_counts(back_after: str, quiet: float) -> None:
    """Who comes back tomorrow afternoon is quiet for a day, who comes back in the morning is not."""
    found = values(thousand_chats(back_after), SEED)
    expected = {"vendor_resolved": 0.65, "quiet_resolved": quiet, "true_resolved": 0.55, "transferred": 0.35,
                "false_containment": 100 / 650}  # fmt: skip
    for name, share in expected.items():
        error = np.sqrt(share * (1 - share) / found["channel", "bot", "offered"])
        assert abs(found["channel", "bot", name] - share) < 3.3 * error, name


def easy_and_hard(**bot: Any) -> Configuration:
    """Ten callers, two of them with an issue of 3 minutes; the mean of all is 6."""
    phone = live("405 s", by_reason={"easy": {"service": "3 min"}})  # (2 x 180 + 8 x 405) / 10 = 360 s
    ai = web("1 min", by_reason={"easy": {"failure": 0.0}}, failure=1.0, transfer=1.0, **bot)
    segments = {name: {"share": 0.5, "first_channel": {"phone": 1}, "reasons": {name: 1}} for name in ("easy", "hard")}
    streams = {name: {"times": [1000.0 * i for i in range(n)], "segments": {name: 1}}
               for name, n in (("easy", 2), ("hard", 8))}  # fmt: skip
    return centre(
        {"ai": ai, "phone": phone}, {"team": team(10)}, streams=streams, rows={"ai": {"any": to("phone")}},
        customers={"segments": segments, "reasons": {"easy": {}, "hard": {}}},
    )  # fmt: skip


def test_what_is_left_over_is_harder() -> None:
    """Taking 20 % of the calls away, those of 3 minutes, leaves calls of 6.75 minutes and 10 % less work, not 20 %."""
    before, after = values(easy_and_hard()), values(easy_and_hard(in_front_of={"phone": 1}))
    assert before["channel", "phone", "aht"] == 360
    assert after["channel", "phone", "aht"] == 6.75 * 60
    assert after["channel", "phone", "handled"] / before["channel", "phone", "handled"] == 0.8
    assert after["journey", "all", "agent_time"] / before["journey", "all", "agent_time"] == pytest.approx(0.9)
    assert after["channel", "ai", "true_resolved"] == 0.2


def test_containment_by_reason() -> None:
    """The same bot solves all of one reason and nothing of the other."""
    found = values(easy_and_hard(in_front_of={"phone": 1}))
    assert found["channel_reason", "ai/easy", "containment"] == 1
    assert found["channel_reason", "ai/hard", "containment"] == 0


def test_prices_as_they_are_sold() -> None:
    """Four sessions of 2 minutes: one solved, one that comes back, one dropped by its hour, one handed over. Three
    count for the vendor, one in truth."""
    segments = {name: {"share": 0.25, "first_channel": {"bot": 1}, "reasons": {name: 1}} for name in "abcd"}
    bot = web("2 min", transfer=1.0, cost_per_contact=2.0, by_reason={"d": {"failure": 1.0}},
              price={"per_minute": 0.1, "per_resolution": 0.99, "platform_per_year": 3650})  # fmt: skip
    config = centre(
        {"bot": bot, "phone": live("10 s")}, {"team": team(1)}, rows={"bot": {"any": to("phone")}},
        streams={name: {"times": [0], "segments": {name: 1}} for name in "abcd"},
        customers={"segments": segments, "reasons": dict.fromkeys("abcd", {})},
    )  # fmt: skip
    found = values(config)
    price = 4 * 2.0 + 4 * 2 * 0.1 + 3 * 0.99 + 3650 * 86400 / YEAR
    assert found["channel", "bot", "vendor_resolved"] == 0.75
    assert found["channel", "bot", "cost_per_true_resolution"] == pytest.approx(price / 3)
    assert found["journey", "all", "cost"] == pytest.approx(price)


def test_a_drop_out_counts_as_resolved_for_the_vendor_alone() -> None:
    bot = web("2 min", abandonment=1.0)
    found = values(centre({"bot": bot}, {}, [0, 10], rows={}))
    counts = [found["channel", "bot", name] for name in ("vendor_resolved", "quiet_resolved", "true_resolved")]
    assert counts == [1, 1, 0]


def test_who_is_in_front_is_met_first_and_once() -> None:
    """Chat's customers meet the bot; who is put through, or leaves it for chat, meets a person; a second try at chat
    meets the bot again. The journey begins in the bot."""
    bot = web("10 s", failure=1.0, in_front_of={"chat": 1})
    rows = {"bot": {"any": to("chat", delay="60 s")}, "chat": {"any": to("chat", delay="60 s")}}
    segments = {"all": {"share": 1, "first_channel": {"chat": 1}}}
    config = centre({"bot": bot, "chat": live("10 s", failure=1.0)}, {"team": team(1, "chat")}, [0], rows=rows,
                    customers={"segments": segments}, journeys={"max_contacts": 5})  # fmt: skip
    assert [contact.channel for contact in lived(config)] == ["bot", "chat", "bot", "chat", "bot"]
    assert values(config)["channel", "bot", "first"] == 1


def test_a_share_of_them_meets_it() -> None:
    bot = web("10 s", in_front_of={"chat": 0.3})
    segments = {"all": {"share": 1, "first_channel": {"chat": 1}}}
    config = centre({"bot": bot, "chat": live("1 s")}, {"team": team(50, "chat")}, customers={"segments": segments},
                    streams={"all": {"per_day": 4000, "count": "fixed"}})  # fmt: skip
    share = values(config, SEED)["channel", "bot", "first"]
    assert abs(share - 0.3) < 3.3 * np.sqrt(0.3 * 0.7 / 4000)


def test_a_ceiling_on_sessions_turns_the_rest_away() -> None:
    """Two sessions at a time: the third is blocked and, after its row, served by a person."""
    bot = web("100 s", ports=2, in_front_of={"chat": 1})
    segments = {"all": {"share": 1, "first_channel": {"chat": 1}}}
    rows = {"bot": {"any": to("chat")}}
    config = centre({"bot": bot, "chat": live()}, {"team": team(1, "chat")}, [0, 1, 2], rows=rows,
                    customers={"segments": segments})  # fmt: skip
    assert [(c.channel, c.outcome.name) for c in lived(config)] == [
        ("bot", "RESOLVED"), ("bot", "RESOLVED"), ("bot", "BLOCKED"), ("chat", "RESOLVED"),
    ]  # fmt: skip


def test_two_channels_in_front_of_one_are_refused() -> None:
    bots = {name: web(in_front_of={"chat": 1}) for name in ("a", "b")}
    with pytest.raises(InputError, match=r"channels\.a\.in_front_of\.chat: is behind b already"):
        centre({**bots, "chat": live()}, {"team": team(1, "chat")}, [0])


def test_pace_and_odds_of_assisted_and_hurried_people() -> None:
    """Haste x 0.8 and assistance x 0.9 of the time; odds of failure 1/3 x 2 x 1.5 = 1, so half fail."""
    haste, help_ = {"time": 0.8, "failure_odds": 2.0}, {"time": 0.9, "failure_odds": 1.5}
    phone = live("100 s", wrap_up="50 s", failure=0.25)
    config = centre({"phone": phone}, {"team": team(200, haste=haste, assistance=help_)},
                    streams={"all": {"per_day": 8000, "count": "fixed"}})  # fmt: skip
    found = values(config, SEED)
    assert found["channel", "phone", "talk"] == pytest.approx(72)
    assert found["channel", "phone", "wrap_up"] == pytest.approx(36)
    assert abs(found["channel", "phone", "unsolved"] - 0.5) < 3.3 * np.sqrt(0.25 / 8000)


def test_what_assistance_does_for_the_weaker_half() -> None:
    """Two halves of a team: the weaker takes 120 s a call and fails 1 in 2 (odds 1), the better 80 s and 1 in 5. An
    assistant takes the weaker down to 96 s and odds 1/2 and leaves the better as it is; each half is a measure."""
    half = {"serves": {"phone": 1}, "agents": 100, "shrinkage": 0, "profile": [1]}
    better = {**half, "haste": {"time": 0.8, "failure_odds": 0.25}}
    weaker = {**half, "haste": {"time": 1.2}}
    helped = {**weaker, "assistance": {"time": 0.8, "failure_odds": 0.5}}
    phone = live("100 s", failure=0.5)

    def found(second: dict[str, object]) -> dict[tuple[str, str, str], float]:
        day = {"all": {"per_day": 8000, "count": "fixed"}}
        return values(centre({"phone": phone}, {"better": better, "weaker": second}, streams=day), SEED)

    before, after = found(weaker), found(helped)
    assert [before["pool", name, "aht"] for name in ("better", "weaker")] == pytest.approx([80, 120])
    assert [after["pool", name, "aht"] for name in ("better", "weaker")] == pytest.approx([80, 96])
    for each, share in ((before, 1 / 2), (after, 1 / 3)):
        n = each["pool", "weaker", "handled"]
        assert abs(each["pool", "weaker", "unsolved"] - share) < 3.3 * np.sqrt(share * (1 - share) / n)
        assert abs(each["pool", "better", "unsolved"] - 0.2) < 3.3 * np.sqrt(0.16 / each["pool", "better", "handled"])
        assert each["pool", "weaker", "handled"] + each["pool", "better", "handled"] == 8000


def test_attention_is_what_sessions_beside_take() -> None:
    """Pairs of chats that begin together with one agent: the first is alone at its start and fails with 0.2 (odds
    1/4), the second has one beside it and odds of 1/4 x 4: it fails every second time."""
    chat = live("100 s", concurrency=2, failure=0.2)
    times = [float(t + d) for t in range(0, 800_000, 400) for d in (0, 1)]
    config = centre({"chat": chat}, {"team": team(1, "chat", attention=4.0)}, times, run={"measure": "10 d"})
    log = simulate(config, SEED, 0)
    failed = log.contacts["outcome"][np.argsort(log.contacts["arrived"])] == 2
    for first, share in ((0, 0.2), (1, 0.5)):
        mine = failed[first::2]
        assert abs(mine.mean() - share) < 3.3 * np.sqrt(share * (1 - share) / mine.size)


def test_difficulty_lengthens_work_of_people_only() -> None:
    """Log of talk is the law's plus beta times the shift: its standard deviation is beta x spread, its mean unmoved;
    sessions are as long as before."""
    customers = {"segments": {"all": {"share": 1, "first_channel": {"web": 1}}},
                 "difficulty": 2.0, "difficulty_work": 0.25}  # fmt: skip
    config = centre({"web": web("60 s", failure=1.0, authority=1.0), "phone": live("100 s")}, {"team": team(200)},
                    customers=customers, rows={"web": {"any": to("phone")}},
                    streams={"all": {"per_day": 8000, "count": "fixed"}})  # fmt: skip
    c = simulate(config, SEED, 0).contacts
    length = (c["ended"] - c["answered"])[c["channel"] == 1]
    assert np.log(length / 100).mean() == pytest.approx(0, abs=3.3 * 0.5 / np.sqrt(8000))
    assert np.log(length / 100).std() == pytest.approx(0.5, rel=0.03)
    assert (c["ended"] - c["answered"])[c["channel"] == 0] == pytest.approx(60)
