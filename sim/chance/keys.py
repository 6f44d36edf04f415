"""Who a draw belongs to: entities, legs and purposes, packed into the words of the generator's counter.

An entity is a customer (stream, day, interval of the day, number within it) or something that is nobody's (a stream's
day, a pool's interval). The packing keeps the order (stream, day, interval, number), which is the tie order of
simultaneous events, and fits a double exactly. A leg is a customer's contact and the turn within it.
"""

from __future__ import annotations

from enum import IntEnum

from .jit import compiled_for

NUMBER_BITS, INTERVAL_BITS, DAY_BITS, STREAM_BITS = 20, 11, 14, 8
TURN_BITS, CONTACT_BITS = 14, 17
MOST_TURNS = (1 << TURN_BITS) - 1
MOST_CONTACTS = (1 << CONTACT_BITS) - 1
"""of one journey: a leg fits 31 bits, and patience of a whole journey has the numbers above them"""
CUSTOMERS_PER_INTERVAL = 1 << NUMBER_BITS
DAYS = 1 << DAY_BITS
STREAMS = 1 << STREAM_BITS
WHOLE_DAY = (1 << INTERVAL_BITS) - 1
"""The interval of customers who are numbered within the whole day (fixed and normal counts, replayed times)."""


class Purpose(IntEnum):
    """What a draw is for. New purposes go at the end: they shift no other draw. Values are shifted left by 16 bits in
    the counter's last word, which leaves room for a second draw of the same purpose (`sampler.CHOICE_ROUND`)."""

    COUNT = 1 << 16
    BUSYNESS = 2 << 16
    ARRIVAL = 3 << 16
    SEGMENT = 4 << 16
    REASON = 5 << 16
    FIRST_CHANNEL = 6 << 16
    SERVICE = 7 << 16
    WRAP_UP = 8 << 16
    PATIENCE = 9 << 16
    ZERO_PATIENCE = 10 << 16
    BALK = 11 << 16
    BALK_THRESHOLD = 12 << 16
    ABANDON = 13 << 16
    ABANDON_AT = 14 << 16
    FAILURE = 15 << 16
    TRANSFER = 16 << 16
    REOPEN = 17 << 16
    REOPEN_DELAY = 18 << 16
    NEXT = 19 << 16
    DELAY = 20 << 16
    CONTEXT = 21 << 16
    STAFFING = 22 << 16
    ATTENDANCE = 23 << 16
    ARRIVAL_INTERVAL = 24 << 16
    NEEDS_AUTHORITY = 25 << 16
    AUTHORITY = 26 << 16
    DIFFICULTY = 27 << 16
    DEFLECTION = 28 << 16
    TURN = 29 << 16
    TURN_DELAY = 30 << 16
    SILENT = 31 << 16
    DETECTION = 32 << 16
    SEEN = 33 << 16
    ROUTING = 34 << 16
    LOYALTY = 40 << 16
    IDENTIFIED = 41 << 16
    VISIBLE = 42 << 16
    FRONT = 43 << 16
    HOURS = 44 << 16
    POST = 45 << 16
    REACH = 46 << 16
    ADVOCATE = 47 << 16
    ADVOCATE_REACH = 48 << 16
    OWN_ARRIVALS = 49 << 16
    STRATUM = 50 << 16


@compiled_for("int64(int64, int64, int64, int64)")
def entity_of(stream: int, day: int, interval: int, number: int) -> int:
    """Packed identity: 8 bits of stream, 14 of day, 11 of interval, 20 of number; below 2**53."""
    return (((stream << DAY_BITS | day) << INTERVAL_BITS | interval) << NUMBER_BITS) | number


@compiled_for("int64(int64, int64)")
def leg_of(contact: int, turn: int) -> int:
    """A contact (from 1; 0 for draws of the whole journey) and the turn within it (answers of a thread)."""
    return contact << TURN_BITS | turn


def stream_of(entity: int) -> int:
    """The stream that a customer belongs to."""
    return entity >> (DAY_BITS + INTERVAL_BITS + NUMBER_BITS)
