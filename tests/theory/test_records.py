"""Context as records: the engine against absorbing chains over sets of records, and small stories by hand.

Seeds and lengths were written down before the first run. Intervals are 3.3 standard errors over independent customers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
from sim.log.tables import Log
from sim.measures.observe import observe
from sim.model import Configuration
from sim.theory.context import ContextJourney
from sim.theory.journeys import Journey
from sim.theory.records import RecordJourney
from tests.extreme.small import centre, deferred, live, lived, team, to, web

SEED, CUSTOMERS = 20261126, 40_000
NAMES = ("web", "phone", "chat")
START = (0.6, 0.3, 0.1)
FAILURE = (0.8, 0.6, 0.7)
REMOVED = (0.0, 0.5, 0.3)
ROWS = ((0.3, 0.4, 0.2, 0.1), (0.2, 0.4, 0.25, 0.15), (0.1, 0.5, 0.3, 0.1))
VISIBLE = ((0.5, 0.3, 0.8), (0.1, 0.7, 0.4), (0.6, 0.2, 0.9))
IDENTIFIED = (0.4, 0.9, 0.7)
SAVINGS = ((0.0, 0.3, 0.1), (0.0, 0.2, 0.4), (0.0, 0.1, 0.25))
LEAVES_EARLY, DROPS = 0.25, 0.5


def exact(visible: Any = VISIBLE, identified: Any = IDENTIFIED) -> RecordJourney:
    """The chain. On the web half drop out, a quarter of these before they have told anything."""
    failure = np.array(FAILURE)
    p_resolve = 1 - failure
    p_resolve[0] *= 1 - DROPS
    rows = np.array(ROWS)
    base = Journey(START, p_resolve, rows[:, 3], rows[:, :3] / (1 - rows[:, 3:]))
    with_context = 1 - failure * (1 - np.array(REMOVED))
    with_context[0] *= 1 - DROPS
    return RecordJourney(base, visible, identified, with_context, (1 - DROPS * LEAVES_EARLY, 1, 1))


def config(**integration: Any) -> Configuration:
    """The same as a centre where nobody waits; phone and chat take 100 s, without context."""
    channels = {
        "web": web("60 s", failure=FAILURE[0], abandonment=DROPS),
        "phone": live("100 s", failure=FAILURE[1]), "chat": live("100 s", failure=FAILURE[2]),
    }  # fmt: skip
    pairs = {i: dict(zip(NAMES, row, strict=True)) for i, row in zip(NAMES, VISIBLE, strict=True)}
    savings = {i: dict(zip(NAMES, row, strict=True)) for i, row in zip(NAMES, SAVINGS, strict=True)}
    said = {
        "context": "record", "pairs": pairs, "identified": dict(zip(NAMES, IDENTIFIED, strict=True)),
        "told_after": LEAVES_EARLY, "time_saved_by_pair": savings, "reading": "7 s",
        "failures_removed_by_channel": dict(zip(NAMES, REMOVED, strict=True)), **integration,
    }  # fmt: skip
    rows = {n: {"any": {"to": dict(zip((*NAMES, "give_up"), row, strict=True)), "delay": "60 s"}}
            for n, row in zip(NAMES, ROWS, strict=True)}  # fmt: skip
    segments = {"all": {"share": 1, "first_channel": dict(zip(NAMES, START, strict=True))}}
    return centre(
        channels, {"team": team(400, "phone", "chat")}, rows=rows, customers={"segments": segments},
        streams={"all": {"per_day": CUSTOMERS, "count": "fixed"}}, journeys={"max_contacts": None}, integration=said,
        engine="auto",
    )  # fmt: skip


def per_journey(log: Log, values: np.ndarray) -> tuple[float, float]:
    """(mean, standard error) over journeys of sums over their contacts."""
    owner = np.searchsorted(log.customers["entity"], log.contacts["entity"])
    sums = np.bincount(owner, weights=values, minlength=log.customers["entity"].size)
    return float(sums.mean()), float(sums.std(ddof=1) / np.sqrt(sums.size))


@pytest.fixture(scope="module")
def log() -> Log:
    return simulate(config(), SEED, 0)


@pytest.mark.parametrize("context", [0, 1, 2])
@pytest.mark.parametrize("channel", [0, 1, 2])
def test_contacts_by_what_is_known(log: Log, channel: int, context: int) -> None:
    mine = (log.contacts["channel"] == channel) & (log.contacts["context"] == context)
    mean, error = per_journey(log, mine)
    assert abs(mean - exact().visits[context, channel]) < 3.3 * error
    assert error < 0.03 * mean


def test_the_largest_saving_and_one_reading_time(log: Log) -> None:
    """Handle time is 100 s x (1 - the largest saving among what is seen) + 7 s of reading."""
    c = log.contacts
    for channel in (1, 2):
        mine = c["channel"] == channel
        short = np.where(mine, 100.0 - (c["ended"] - c["answered"]) + 7.0 * (c["context"] == 1), 0.0)
        mean, error = per_journey(log, short)
        assert abs(mean - 100 * exact().saved(SAVINGS)[channel]) < 3.3 * error


def test_restarts_are_those_of_the_chain(log: Log) -> None:
    table = observe(log, config())["journey", "restarts"]
    mean, error = per_journey(log, log.contacts["context"] == 2)
    assert table.bottom is not None
    assert table.top[0, 0] / table.bottom[0, 0] == pytest.approx(mean)
    assert abs(mean - exact().restarts) < 3.3 * error


def test_records_seen_everywhere_are_a_token_that_is_never_lost() -> None:
    """Where every record is visible and everybody identified, both chains are one."""
    chain = exact(np.ones((3, 3)), np.ones(3))
    all_told = RecordJourney(chain.base, np.ones((3, 3)), np.ones(3), chain.p_resolve_with, np.ones(3))
    token = ContextJourney(chain.base, np.ones((3, 3)), all_told.p_resolve_with, chain.base.p_give_up)
    assert all_told.restarts == pytest.approx(0, abs=1e-12)
    assert all_told.contacts_mean == pytest.approx(token.contacts_mean)
    assert all_told.visits[1] == pytest.approx(token.visits[1])


def test_one_lossy_hop_erases_nothing() -> None:
    """Website, then phone, where nobody can see it and nobody answers, then chat, which sees the website: the token is
    lost on the phone, the record is not."""
    channels = {"web": web("10 s", failure=1.0), "phone": live("1 h", patience="30 s", failure=1.0), "chat": live()}
    rows = {"web": {"any": to("phone")}, "phone": {"any": to("chat")}}
    staffing = {"nobody": team(0, "phone"), "chats": team(1, "chat")}
    for context, known in (("token", [0, 2, 0]), ("record", [0, 2, 1])):
        integration = {"context": context, "pairs": {"web": {"chat": 1}}}
        seen = lived(centre(channels, staffing, [0], rows=rows, integration=integration))
        assert [contact.context for contact in seen] == known


def test_what_is_invisible_stays_so_and_is_looked_for_once() -> None:
    """A record that the phone did not see at the second contact is not seen at the third: one draw for both."""
    channels = {"web": web("10 s", failure=1.0), "phone": live("10 s", failure=1.0)}
    rows = {"web": {"any": to("phone")}, "phone": {"any": to("phone")}}
    integration = {"context": "record", "pairs": {"web": {"phone": 0.5}}, "same_channel": 0}
    said = centre(channels, {"team": team(100)}, [float(30 * t) for t in range(200)], rows=rows,
                  integration=integration, journeys={"max_contacts": 4})  # fmt: skip
    seen = lived(said)
    later = [{c.context for c in seen if c.who == who and c.number > 1} for who in range(200)]
    assert all(len(each) == 1 for each in later)
    assert 70 < sum(each == {1} for each in later) < 130


def test_a_drop_out_after_no_time_taught_nothing() -> None:
    """Left at 0 % of the session there is nothing to lose; at exactly the share that tells there is."""
    for at, known in ((0.0, 0), (0.2, 0), (0.25, 2)):
        channels = {"web": web("100 s", abandonment=1.0, abandonment_at=at), "phone": live()}
        integration = {"context": "record", "told_after": 0.25}
        seen = lived(centre(channels, {"team": team()}, [0], rows={"web": {"any": to("phone")}},
                            integration=integration))  # fmt: skip
        assert [contact.context for contact in seen] == [0, known]


def test_nobody_finds_the_notes_of_who_is_not_identified() -> None:
    """Not even their own: the diagonal follows the same rule."""
    channels, rows = {"phone": live("10 s", failure=1.0)}, {"phone": {"any": to("phone")}}
    for identified, known in ((1.0, 1), (0.0, 2)):
        integration = {"context": "record", "same_channel": 1, "identified": {"phone": identified}}
        said = centre(channels, {"team": team()}, [0], rows=rows, integration=integration,
                      journeys={"max_contacts": 3})  # fmt: skip
        assert [contact.context for contact in lived(said)] == [0, known, known]


def test_a_secure_escalation_has_its_own_probability_for_its_record_only() -> None:
    """Social pushes to chat with context 1 though nothing else is connected; mail, later, sees it too, but not what
    chat wrote."""
    push = {"share": 1, "to": {"chat": 1}, "context": 1.0}
    channels = {"social": deferred("10 s", deflection=push), "chat": live("10 s", failure=1.0), "mail": deferred()}
    rows = {"chat": {"any": to("mail")}}
    staffing = {"team": team(1, "social", "chat", "mail")}
    seen = lived(centre(channels, staffing, [0], rows=rows, integration={"context": "record"}))
    assert [(c.channel, c.context) for c in seen] == [("social", 0), ("chat", 1), ("mail", 1)]
