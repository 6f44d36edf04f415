"""Keys: who a draw belongs to. Packing loses nothing, keeps the tie order and fits a double."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.chance import keys
from sim.chance.keys import Purpose, entity_of, leg_of, stream_of
from sim.chance.sampler import CHOICE_ROUND
from sim.coded.centre import MOST_CONTACTS
from sim.engine.simpy.simulation import simulate
from sim.errors import InputError
from tests.extreme.small import centre, deferred, team

Identity = tuple[int, int, int, int]
identities = st.tuples(
    st.integers(0, keys.STREAMS - 1),
    st.integers(0, keys.DAYS - 1),
    st.integers(0, keys.WHOLE_DAY),
    st.integers(0, keys.CUSTOMERS_PER_INTERVAL - 1),
)


@settings(deadline=None, derandomize=True)
@given(identities, identities)
def test_packing_keeps_the_order_and_loses_nothing(one: Identity, other: Identity) -> None:
    a, b = entity_of(*one), entity_of(*other)
    assert (a < b) == (one < other)
    assert (a == b) == (one == other)


@settings(deadline=None, derandomize=True)
@given(identities)
def test_an_entity_fits_a_double_and_tells_its_stream(identity: Identity) -> None:
    entity = entity_of(*identity)
    assert 0 <= entity < 2**53
    assert int(float(entity)) == entity
    assert stream_of(entity) == identity[0]


def test_the_largest_identity_is_the_largest_number_of_53_bits() -> None:
    largest = (keys.STREAMS - 1, keys.DAYS - 1, keys.WHOLE_DAY, keys.CUSTOMERS_PER_INTERVAL - 1)
    assert entity_of(*largest) == 2**53 - 1


def test_legs_order_by_contact_then_turn() -> None:
    legs = [leg_of(contact, turn) for contact in (0, 1, 2, MOST_CONTACTS) for turn in (0, 1, 255, 256, keys.MOST_TURNS)]
    assert legs == sorted(set(legs))


def test_a_leg_fits_its_word_of_the_counter() -> None:
    """Below 2^31: above are the keys of what belongs to a whole journey."""
    assert MOST_CONTACTS <= keys.MOST_CONTACTS
    assert leg_of(keys.MOST_CONTACTS, keys.MOST_TURNS) < 1 << 31


def test_a_thread_that_outgrows_the_keys_is_refused() -> None:
    """And none shorter: 16,383 answers each have draws of their own."""
    mail = deferred("1 s", turns={"probability": 1 - 1e-12, "delay": "1 s"})
    run = {"measure": "1 d", "end": "drain", "follow_limit": "1 d"}
    config = centre({"mail": mail}, {"team": team(1, "mail")}, [0], run=run)
    with pytest.raises(InputError, match=r"channels\.mail\.turns\.probability: a contact had more than 16,383"):
        simulate(config, 1, 0)


def test_purposes_are_distinct_and_leave_room_for_rounds() -> None:
    values = [int(purpose) for purpose in Purpose]
    assert len(set(values)) == len(values)
    assert all(value & 0xFFFF == 0 and 0 < value < 1 << 32 for value in values)
    assert 0 < CHOICE_ROUND < 1 << 16


def test_purposes_do_not_move() -> None:
    """A new purpose goes at the end: these numbers are in every published result."""
    names = [purpose.name for purpose in sorted(Purpose)]
    known = [
        "COUNT", "BUSYNESS", "ARRIVAL", "SEGMENT", "REASON", "FIRST_CHANNEL", "SERVICE", "WRAP_UP", "PATIENCE",
        "ZERO_PATIENCE", "BALK", "BALK_THRESHOLD", "ABANDON", "ABANDON_AT", "FAILURE", "TRANSFER", "REOPEN",
        "REOPEN_DELAY", "NEXT", "DELAY", "CONTEXT", "STAFFING", "ATTENDANCE", "ARRIVAL_INTERVAL",
    ]  # fmt: skip
    assert names[: len(known)] == known
    assert [int(Purpose[name]) >> 16 for name in known] == list(range(1, len(known) + 1))
