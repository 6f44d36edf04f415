"""Lines: how many contacts can be connected at a time, of one channel or of several that share them."""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...rules import decisions as rules
from ...rules.journeys import keeps_line
from .model import Model
from .state import CHANNEL, HOP_CHANNEL, LEFT_LINE, ON_TRUNK, WHO, State

_GIVE_UP = rules.GIVE_UP


@compiled
def connect(m: Model, s: State, contact: int) -> bool:
    """Take a line; who comes from a channel on the same lines has one. False if all are taken."""
    customer = s.customer_ints[s.contact_ints[contact, WHO]]
    trunk = m.channels.trunk[s.contact_ints[contact, CHANNEL]]
    if trunk < 0 or customer[ON_TRUNK] == trunk + 1:
        return True
    if s.connected[trunk] >= m.channels.trunk_lines[trunk]:
        return False
    s.connected[trunk] += 1
    customer[ON_TRUNK] = trunk + 1
    return True


@compiled
def hang_up_line(s: State, who: int) -> None:
    """A customer gives back the line, if there is one."""
    customer = s.customer_ints[who]
    if customer[ON_TRUNK] > 0:
        s.connected[customer[ON_TRUNK] - 1] -= 1
        customer[ON_TRUNK] = 0


@compiled
def keep_line(m: Model, s: State, who: int, begins: float) -> None:
    """A hop without delay to a channel on the same lines keeps the customer's line; any other gives it back."""
    customer = s.customer_ints[who]
    if customer[ON_TRUNK] == 0:
        return
    goes_on = customer[HOP_CHANNEL] != _GIVE_UP
    same = goes_on and m.channels.trunk[customer[HOP_CHANNEL]] + 1 == customer[ON_TRUNK]
    if not keeps_line(goes_on, begins <= s.clock[0], same):
        hang_up_line(s, who)


@compiled
def leave_line(s: State, contact: int) -> None:
    """The customer goes without a word: the line stays taken until an agent finds out."""
    customer = s.customer_ints[s.contact_ints[contact, WHO]]
    s.contact_ints[contact, LEFT_LINE], customer[ON_TRUNK] = customer[ON_TRUNK], 0


@compiled
def give_back_line(s: State, contact: int) -> None:
    """The line of a customer who left without a word is free."""
    ints = s.contact_ints[contact]
    if ints[LEFT_LINE] > 0:
        s.connected[ints[LEFT_LINE] - 1] -= 1
        ints[LEFT_LINE] = 0
