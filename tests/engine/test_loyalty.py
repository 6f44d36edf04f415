"""Loyalty to a channel: rows said as stay, else and give_up, against integrals over the Beta law and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sim.chance.keys import entity_of
from sim.coded.tables import tables_of
from sim.engine import simulate
from sim.errors import InputError
from sim.model import Configuration, Outcome
from sim.rules import decisions as rules
from sim.rules.loyalty import walked_row
from tests.extreme.small import centre, web

LOYAL = {"else": {"b": 0.75, "c": 0.25}, "give_up": 0.2, "delay": "60 s"}
CUSTOMERS, SEED = 40_000, 5


def three(row: dict[str, object] = LOYAL, **journeys: object) -> Configuration:
    """Channels a, b, c in which nothing helps, so that every row is walked; journeys begin in a."""
    rows = {"a": {"any": row}}
    return centre(
        {name: web("60 s", failure=1.0) for name in "abc"}, rows=rows, journeys={"stay": {"a": 0.7}, **journeys},
        streams={"all": {"per_day": CUSTOMERS, "count": "fixed"}},
    )  # fmt: skip


def test_a_row_without_spread_is_its_mean() -> None:
    """0.7 x 0.8 stay, 0.3 x 0.8 switch, 0.2 give up; the row's own share wins over the channel's."""
    tables = tables_of(three())
    assert tables.hops.rows[tables.hops.row_of[0, Outcome.FAILED, 0]] == pytest.approx([0.56, 0.18, 0.06, 0.2])
    tables = tables_of(three({**LOYAL, "stay": 0.25}))
    assert tables.hops.rows[tables.hops.row_of[0, Outcome.FAILED, 0]] == pytest.approx([0.2, 0.45, 0.15, 0.2])


def test_one_uniform_a_customer_is_inverted_through_each_beta() -> None:
    """The same customer ranks equally in two channels of different means; means of 0 and 1 are constants."""
    out, found = np.empty(3), []
    row, elsewhere = np.array([0.6, 0.3, 0.1]), np.array([0.0, 1.0])
    for n in range(200):
        entity = entity_of(0, 0, 0, n)
        for mean in (0.3, 0.8):
            walked_row(row, elsewhere, np.array([0.0, -1.0, mean * 4, (1 - mean) * 4]), SEED, 0, entity, out)
            found.append(out[0] / 0.9)
            assert out.sum() == pytest.approx(1)
    u = special.betainc(1.2, 2.8, found[0::2])
    assert special.betaincinv(3.2, 0.8, u) == pytest.approx(found[1::2])
    tables = tables_of(three({**LOYAL, "stay": 1.0}, stay_concentration=2.0))
    assert tables.hops.loyalty[tables.hops.row_of[0, Outcome.FAILED, 0]].tolist() == [0, 1, -1, -1]


@pytest.fixture(scope="module")
def visits() -> np.ndarray:
    """Contacts in channel a by journey, of customers who differ in loyalty."""
    log = simulate(three(stay_concentration=2.0, max_contacts=None), SEED, 0)
    owner = np.searchsorted(log.customers["entity"], log.contacts["entity"])
    return np.bincount(owner[log.contacts["channel"] == 0])


@pytest.mark.parametrize("k", [2, 3, 5, 9])
def test_who_stays_has_stayed_before(visits: np.ndarray, k: int) -> None:
    """k visits or more have the probability E[(0.8 s)^(k - 1)] over s ~ Beta(1.4, 0.6), not (0.8 x 0.7)^(k - 1): the
    moments of the Beta law, exact."""
    moment = 0.8 ** (k - 1) * np.prod([(1.4 + i) / (2.0 + i) for i in range(k - 1)])
    share = (visits >= k).mean()
    assert abs(share - moment) < 3.3 * np.sqrt(moment * (1 - moment) / CUSTOMERS)
    assert k == 2 or moment > 1.1 * (0.8 * 0.7) ** (k - 1)


def test_a_return_factor_weighs_channels_used_before() -> None:
    """Weights s r on the same channel and (1 - s) else (times r where used before) on others, giving up as it was."""
    row = np.array([0.7 * 0.8, 0.3 * 0.8 * 0.75, 0.3 * 0.8 * 0.25, 0.2])
    r, n = 0.5, 4000
    weights = np.array([0.7 * r, 0.3 * 0.75, 0.3 * 0.25 * r])
    found = [rules.next_channel((i + 0.5) / n, row, 0b101, r, 1.0) for i in range(n)]
    for channel, share in enumerate(0.8 * weights / weights.sum()):
        assert abs(found.count(channel) / n - share) < 1.01 / n


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({**LOYAL, "to": {"b": 1}}, "journeys.rows.a.any: says where customers go twice"),
        ({"else": {"b": 1}}, "journeys.rows.a.any.give_up: is missing"),
        ({"else": {"a": 1}, "give_up": 0}, "journeys.rows.a.any.else.a: is the same channel"),
        ({"else": {"b": 0.5}, "give_up": 0}, "journeys.rows.a.any.else: must sum to 1"),
        ({"else": {"d": 1}, "give_up": 0}, "journeys.rows.a.any.else.d: unknown channel"),
        ({"give_up": 0.1}, "journeys.rows.a.any.else: is empty"),
        ({"esle": {"b": 1}, "give_up": 0}, "journeys.rows.a.any.esle: unknown key; did you mean 'else'?"),
    ],
)
def test_rows_that_say_it_wrongly_are_refused(row: dict[str, object], text: str) -> None:
    with pytest.raises(InputError, match=text.replace(".", r"\.").replace("?", r"\?")):
        three(row)


def test_a_channel_without_a_share_that_stays_is_refused() -> None:
    with pytest.raises(InputError, match=r"journeys\.rows\.a\.any\.stay: is missing"):
        three(stay={})
