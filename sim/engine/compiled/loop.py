"""The event loop: the next timer or arrival, and a small handler for each kind of event."""

from __future__ import annotations

from ...chance.jit import compiled as entry
from ...chance.jit import part_of_kernel as compiled
from ...coded.channels import Kind as ChannelKind
from ...coded.order import NEXT_CONTACT, SUBJECT_BITS, WHAT_BITS, Kind
from ...coded.schedule import Action
from .agents import back, bring_in, free, pause, send_home, set_count
from .calendar import drop_first, first_time, tie
from .closing import close
from .desk import help_out, send_away
from .endings import finish, over, resume
from .journeys import ended, enter, go_on, stop_if_done
from .model import Model
from .pauses import BACK
from .state import (
    ACTION,
    AFTER_TALK,
    AGENT,
    AGENTS,
    CALENDAR,
    CAME,
    CHANNEL,
    CONTACT,
    CONTACTS,
    CUSTOMERS,
    DONE,
    ENDED,
    ENTITY,
    FIRST,
    HOLDINGS,
    IN_LINE,
    NEXT_ARRIVAL,
    OUTCOME,
    PHASE,
    PLANNED,
    SECOND,
    SESSION,
    STOPPED,
    SUBJECT,
    State,
)  # fmt: skip
from .stations import patience_is_over, reply, timed_out

_SHIFT_START, _SHIFT_END, _CLOSING = int(Kind.SHIFT_START), int(Kind.SHIFT_END), int(Kind.CLOSING)
_RELEASE, _TIME_OUT, _SENT_AWAY = int(Kind.RELEASE), int(Kind.TIME_OUT), int(Kind.SENT_AWAY)
_PATIENCE, _REPLY, _ARRIVAL = int(Kind.PATIENCE), int(Kind.REPLY), int(Kind.ARRIVAL)
_OVERFLOW = int(Kind.OVERFLOW)
_COMES, _GOES, _PAUSES = int(Action.COMES), int(Action.GOES), int(Action.PAUSES)
_COUNT, _COUNT_BY_FREE = int(Action.COUNT), int(Action.COUNT_BY_FREE)
_LIVE = int(ChannelKind.LIVE)
_WHAT = (1 << WHAT_BITS) - 1
ROOM = 1_000
"""rows that must be free before an event: more contacts than one customer makes without delay"""
TIMERS_EACH = 4
"""most timers that one event puts on the calendar for each contact that it begins or gives to an agent"""
CHECK, CLEAR, STOP = range(3)
"""what the timers at the end of the window and of the run do"""


@entry
def run(m: Model, s: State, until: float) -> bool:
    """Live all events before `until`, arrivals and timers: whether it stopped earlier, for want of room in a table."""
    while s.counters[STOPPED] == 0:
        if _is_full(m, s):
            return True
        at = first_time(s)
        if _arrival_is_next(s, at):
            who = s.counters[NEXT_ARRIVAL]
            if s.customer_floats[who, CAME] >= until:
                return False
            s.clock[0] = s.customer_floats[who, CAME]
            s.counters[NEXT_ARRIVAL] += 1
            enter(m, s, who)
        else:
            if at >= until:
                return False
            s.clock[0] = at
            first, second = s.timers[s.soon[0], FIRST], s.timers[s.soon[0], SECOND]
            what = drop_first(s)
            _happens(m, s, first >> SUBJECT_BITS, second, what)
    return False


@compiled
def _is_full(m: Model, s: State) -> bool:
    """Whether some table may have too few rows for all that one event can write."""
    most = ROOM + m.most_held
    return bool(
        s.counters[CONTACTS] + ROOM > s.contact_ints.shape[0]
        or s.counters[HOLDINGS] + most > s.holding_ints.shape[0]
        or s.counters[CALENDAR] + s.counters[IN_LINE] + TIMERS_EACH * most > s.timers.shape[0]
    )


@compiled
def _arrival_is_next(s: State, at: float) -> bool:
    """Whether the next customer arrives before the first timer, which is due at `at`."""
    who = s.counters[NEXT_ARRIVAL]
    if who >= s.counters[CUSTOMERS]:
        return False
    if s.customer_floats[who, CAME] != at:
        return bool(s.customer_floats[who, CAME] < at)
    key = _ARRIVAL << SUBJECT_BITS | s.customer_ints[who, ENTITY]
    first = s.timers[s.soon[0], FIRST]
    if key != first:
        return bool(key < first)
    return bool(s.timers[s.soon[0], SECOND] > NEXT_CONTACT)


@compiled
def _happens(m: Model, s: State, kind: int, second: int, what: int) -> None:
    """The handler of each kind of timer."""
    if kind == _RELEASE:
        _release(m, s, what)
    elif kind in (_PATIENCE, _TIME_OUT, _OVERFLOW):
        _wait(m, s, kind, second, what)
    elif kind == _ARRIVAL:
        go_on(m, s, what)
    elif kind == _SENT_AWAY:
        ended(m, s, what)
    elif kind == _REPLY:
        _reply(m, s, what)
    elif kind in (_SHIFT_START, _SHIFT_END, _CLOSING):
        if second == BACK:
            back(m, s, what)
        else:
            _change(m, s, what)
    else:
        _run_end(m, s, second)


@compiled
def _release(m: Model, s: State, what: int) -> None:
    """A session, a talk, a ring, work or a wrap-up is over: release, dispatch, then the customer goes on."""
    if what < 0:
        if over(m, s, -1 - what):
            ended(m, s, s.holding_ints[-1 - what, CONTACT])
        return
    ints = s.contact_ints[what]
    if ints[PHASE] == AFTER_TALK:
        free(m, s, ints[AGENT], 1)
    elif ints[PHASE] != SESSION:
        if finish(m, s, what):
            ended(m, s, what)
    else:
        s.sessions[ints[CHANNEL]] -= 1
        ints[OUTCOME], s.contact_floats[what, ENDED] = ints[PLANNED], s.clock[0]
        ended(m, s, what)


@compiled
def _wait(m: Model, s: State, kind: int, second: int, contact: int) -> None:
    """Other pools may help out with a wait, or the customer or the company ends it, if it is still one."""
    if kind == _OVERFLOW:
        help_out(m, s, contact, second & _WHAT)
        return
    if second != tie(s, contact):  # it was a wait of an earlier turn
        return
    if timed_out(s, contact) if kind == _TIME_OUT else patience_is_over(m, s, contact):
        ended(m, s, contact)


@compiled
def _reply(m: Model, s: State, contact: int) -> None:
    """The customer replies within a contact."""
    if m.channels.kept[s.contact_ints[contact, CHANNEL]]:
        resume(m, s, contact)
    else:
        reply(m, s, contact)


@compiled
def _change(m: Model, s: State, row: int) -> None:
    """A change of the schedule."""
    action, who, agents = s.changes[row, ACTION], s.changes[row, SUBJECT], s.changes[row, AGENTS]
    if action == _COMES:
        bring_in(m, s, who)
    elif action == _GOES:
        send_home(m, s, who)
    elif action == _PAUSES:
        pause(m, s, who, s.change_lengths[row])
    elif action in (_COUNT, _COUNT_BY_FREE):
        set_count(m, s, who, agents, action == _COUNT_BY_FREE)
    else:
        close(m, s, who, agents > 0)


@compiled
def _run_end(m: Model, s: State, what: int) -> None:
    """The end of the window, or of the run. Deferred work has no closing: it is drained or reaches its deadline."""
    if what == CHECK:
        stop_if_done(m, s)
    elif what == STOP:
        s.counters[STOPPED] = DONE
    else:
        for channel in range(m.channels.kind.size):
            if m.channels.kind[channel] == _LIVE:
                send_away(m, s, channel)
