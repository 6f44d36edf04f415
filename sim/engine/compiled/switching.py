"""Where a customer goes after a contact: the row of the switching matrix as this customer walks it, and the choice.

How loyal a customer is to a channel is the quantile of a Beta law, which takes as long as the rest of a contact. So the
choice is made twice, for a little less and a little more loyalty than the customer has (from a table), and is the
customer's where both agree beyond doubt; only else is the quantile asked for.
"""

from __future__ import annotations

from ...chance.jit import part_of_kernel as compiled
from ...rules import decisions as rules
from ...rules.feelings import feel_row, pulled_row, pulls
from ...rules.hops import UNSURE, luck_of_hop, next_channel, sure_channel
from ...rules.loyalty import ALL_ALIKE, OWN, luck_of_loyalty, stay_between, stay_of, walk
from .model import Model
from .state import CONTEXT, ENTITY, FRUSTRATION, NUMBER, USED, WHO, State

_CARRIED = rules.CARRIED


@compiled
def chosen(m: Model, s: State, contact: int, row: int) -> int:
    """The channel to which the customer goes by a row of the switching matrix, or GIVE_UP."""
    ints = s.contact_ints[contact]
    who, used = ints[WHO], s.customer_ints[ints[WHO], USED]
    entity, give_up = s.customer_ints[who, ENTITY], m.give_up_factor if ints[CONTEXT] == _CARRIED else 1.0
    u = luck_of_hop(m.seed, m.replication, entity, ints[NUMBER])
    if m.hops.loyalty[row, OWN] < 0.0:
        _feel(m, s, who, m.hops.rows[row], s.felt)
        return next_channel(u, s.felt, used, m.return_factor, give_up)
    luck = luck_of_loyalty(m.seed, m.replication, entity)
    if m.hops.loyalty[row, ALL_ALIKE] < 0.0:
        low, high = stay_between(m.hops.stays[row], luck)
        if low > 0.0:
            _feel_between(m, s, who, row, low, high)
            channel = sure_channel(u, s.felt, s.other, used, m.return_factor, give_up)
            if channel != UNSURE:
                return channel
    _walk(m, row, stay_of(m.hops.loyalty[row], luck), s.walked)
    _feel(m, s, who, s.walked, s.felt)
    return next_channel(u, s.felt, used, m.return_factor, give_up)


@compiled
def _walk(m: Model, row: int, stay: float, walked: rules.Floats) -> None:
    """The row of a customer of whose steps so many stay."""
    walk(m.hops.rows[row], m.hops.elsewhere[row], int(m.hops.loyalty[row, OWN]), stay, walked)


@compiled
def _feel_between(m: Model, s: State, who: int, row: int, low: float, high: float) -> None:
    """Makes `felt` and `other` the rows of a little less and a little more loyalty, both above 0 and below 1, so that
    they have the same cells, and frustration pulls alike at both."""
    if not m.felt.moved:
        _walk(m, row, low, s.felt)
        _walk(m, row, high, s.other)
        return
    _walk(m, row, low, s.walked)
    f, public = s.customer_floats[who, FRUSTRATION], m.felt.public
    quiet, loud, leaving = pulls(s.walked, public, f, m.felt.to_public, m.felt.to_give_up)
    pulled_row(s.walked, public, quiet, loud, leaving, s.felt)
    _walk(m, row, high, s.walked)
    pulled_row(s.walked, public, quiet, loud, leaving, s.other)


@compiled
def _feel(m: Model, s: State, who: int, walked: rules.Floats, felt: rules.Floats) -> None:
    """Makes of the walked row the one that the customer's frustration makes of it."""
    if m.felt.moved:
        feel_row(walked, m.felt.public, s.customer_floats[who, FRUSTRATION], m.felt.to_public, m.felt.to_give_up, felt)
        return
    for c in range(walked.size):
        felt[c] = walked[c]
