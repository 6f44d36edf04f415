"""What becomes of a journey when a contact has ended, and when a run is over; pure, compiled, for every engine."""

from __future__ import annotations

from ..chance.jit import compiled, compiled_for
from .numbers import CARRIED, FAILED, Ints


@compiled_for("boolean(boolean, int64)")
def holds_context(answered: bool, context: int) -> bool:
    """Whether the customer holds context after a contact: one that was served or a session, or what it came with."""
    return answered or context == CARRIED


@compiled
def row_after(row_of: Ints, deflection_row: Ints, channel: int, outcome: int, unserved: int, pushed: bool) -> int:
    """The row of the switching matrix by which the customer goes on: by channel, outcome and the attempt, 1 + contacts
    so far that nobody answered (the last attempt's row repeats); whom the company pushed on goes by its own row."""
    if pushed and outcome == FAILED:
        return int(deflection_row[channel])
    return int(row_of[channel, outcome, min(unserved, row_of.shape[2] - 1)])


@compiled_for("boolean(boolean, boolean, boolean)")
def keeps_line(goes_on: bool, at_once: bool, same_lines: bool) -> bool:
    """Whether a customer's line stays taken on a hop: without delay, to a channel on the same lines."""
    return goes_on and at_once and same_lines


@compiled_for("boolean(float64, float64, int64, int64, boolean)")
def run_is_over(now: float, window_end: float, followed: int, inside: int, follows: bool) -> bool:
    """Whether all journeys that the run waits for have ended, `followed` of the measured window and `inside` of all."""
    return now >= window_end and followed == 0 and (follows or inside == 0)
