"""The event loop: the next timer or arrival, and a small handler for each kind of event."""

from __future__ import annotations

from math import inf

from ...chance.jit import compiled
from ...coded.order import NEXT_CONTACT, SUBJECT_BITS, Kind
from ...coded.schedule import Action
from ...log.codes import FORCED_HOP as _FORCED_HOP
from ...model.outcomes import Outcome
from ...rules.decisions import Floats, Ints
from .agents import bring_in, free, send_home, set_count
from .calendar import drop_first, set_timer
from .journeys import ended, enter, go_on, stop_if_done
from .model import Model
from .state import (
    ACTION,
    AFTER_TALK,
    AGENT,
    AGENTS,
    BEHIND,
    CALENDAR,
    CHANNEL,
    CONTACTS,
    CUSTOMERS,
    ENDED,
    ENTITY,
    FIRST,
    FLAGS,
    HEAD,
    NEXT_ARRIVAL,
    OUTCOME,
    PHASE,
    PLANNED,
    RELEASED,
    SECOND,
    SESSION,
    STOPPED,
    SUBJECT,
    UNNOTICED,
    WAITING,
    WHAT,
    WRAP_UP,
    State,
)  # fmt: skip
from .waiting_lines import remove

_SHIFT_START, _SHIFT_END, _CLOSING = int(Kind.SHIFT_START), int(Kind.SHIFT_END), int(Kind.CLOSING)
_RELEASE, _TIME_OUT, _SENT_AWAY = int(Kind.RELEASE), int(Kind.TIME_OUT), int(Kind.SENT_AWAY)
_PATIENCE, _ARRIVAL, _RUN_END = int(Kind.PATIENCE), int(Kind.ARRIVAL), int(Kind.RUN_END)
_COMES, _GOES, _COUNT = int(Action.COMES), int(Action.GOES), int(Action.COUNT)
_ABANDONED, _UNANSWERED = int(Outcome.ABANDONED), int(Outcome.UNANSWERED)
_CLOSED, _TIMED_OUT = int(Outcome.CLOSED), int(Outcome.TIMED_OUT)
_LIVE = 1
ROOM = 1_000
"""rows that must be free before an event: more contacts than one customer makes without delay"""
CHECK, CLEAR, STOP = range(3)
"""what the timers at the end of the window and of the run do"""


@compiled
def run(m: Model, s: State, arrivals: Floats, until: float) -> bool:
    """Live all events before `until`, arrivals and timers: whether it stopped earlier, for want of room for contacts.

    `arrivals` are the times of all customers so far, in order.
    """
    while s.counters[STOPPED] == 0:
        if s.counters[CONTACTS] + ROOM > s.contact_ints.shape[0]:
            return True
        timer = s.counters[CALENDAR] > 0
        at = s.calendar_time[0] if timer else inf
        if _arrival_is_next(s, arrivals, at):
            who = s.counters[NEXT_ARRIVAL]
            if arrivals[who] >= until:
                return False
            s.clock[0] = arrivals[who]
            s.counters[NEXT_ARRIVAL] += 1
            enter(m, s, who)
        else:
            if at >= until:
                return False
            s.clock[0] = at
            first, second, what = s.calendar[0, FIRST], s.calendar[0, SECOND], s.calendar[0, WHAT]
            drop_first(s)
            _happens(m, s, first >> SUBJECT_BITS, second, what)
    return False


@compiled
def _arrival_is_next(s: State, arrivals: Floats, at: float) -> bool:
    """Whether the next customer arrives before the first timer, which is due at `at`."""
    who = s.counters[NEXT_ARRIVAL]
    if who >= s.counters[CUSTOMERS]:
        return False
    if arrivals[who] != at:
        return bool(arrivals[who] < at)
    key = _ARRIVAL << SUBJECT_BITS | s.customer_ints[who, ENTITY]
    if key != s.calendar[0, FIRST]:
        return bool(key < s.calendar[0, FIRST])
    return bool(s.calendar[0, SECOND] > NEXT_CONTACT)


@compiled
def _happens(m: Model, s: State, kind: int, second: int, what: int) -> None:
    """The handler of each kind of timer."""
    if kind == _RELEASE:
        _release(m, s, what)
    elif kind in (_PATIENCE, _TIME_OUT):
        _wait_is_over(m, s, what, kind)
    elif kind == _ARRIVAL:
        go_on(m, s, what)
    elif kind == _SENT_AWAY:
        ended(m, s, what)
    elif kind in (_SHIFT_START, _SHIFT_END, _CLOSING):
        _change(m, s, s.changes[what])
    elif second == CHECK:
        stop_if_done(m, s)
    else:
        s.counters[STOPPED] = 1


@compiled
def _release(m: Model, s: State, contact: int) -> None:
    """A session, a talk or a wrap-up is over: release, dispatch, then the customer goes on."""
    ints, now = s.contact_ints[contact], s.clock[0]
    if ints[PHASE] == AFTER_TALK:
        free(m, s, ints[AGENT])
        return
    s.contact_floats[contact, ENDED] = now
    ints[OUTCOME] = ints[PLANNED]
    if ints[PHASE] == SESSION:
        s.sessions[ints[CHANNEL]] -= 1
    else:
        wrap_up = s.contact_floats[contact, WRAP_UP]
        s.contact_floats[contact, RELEASED] = now + wrap_up
        if wrap_up > 0.0:
            ints[PHASE] = AFTER_TALK
            set_timer(s, now + wrap_up, _RELEASE, contact)
        else:
            free(m, s, ints[AGENT])
    ended(m, s, contact)


@compiled
def _wait_is_over(m: Model, s: State, contact: int, kind: int) -> None:
    """The customer or the company ends a wait, if it is still one."""
    ints = s.contact_ints[contact]
    if ints[WAITING]:
        remove(s, contact)
    elif ints[PHASE] != UNNOTICED:
        return
    s.contact_floats[contact, ENDED] = s.clock[0]
    if kind == _TIME_OUT:
        ints[OUTCOME] = _TIMED_OUT
        ints[FLAGS] |= _FORCED_HOP
    else:
        ints[OUTCOME] = _ABANDONED if m.kind[ints[CHANNEL]] == _LIVE else _UNANSWERED
    ended(m, s, contact)


@compiled
def _change(m: Model, s: State, change: Ints) -> None:
    """A change of the schedule."""
    if change[ACTION] == _COMES:
        bring_in(m, s, change[SUBJECT])
    elif change[ACTION] == _GOES:
        send_home(m, s, change[SUBJECT])
    elif change[ACTION] == _COUNT:
        set_count(m, s, change[SUBJECT], change[AGENTS])
    else:
        _send_away(m, s, change[SUBJECT])


@compiled
def _send_away(m: Model, s: State, channel: int) -> None:
    """All waiting contacts of a channel end now; their customers go on after all closings of the instant."""
    for line in range(m.line_channel.size):
        if m.line_channel[line] == channel:
            contact = s.lines[line, HEAD]
            while contact >= 0:
                behind = s.contact_ints[contact, BEHIND]
                if s.contact_ints[contact, WAITING]:
                    remove(s, contact)
                    s.contact_ints[contact, OUTCOME] = _CLOSED
                    s.contact_floats[contact, ENDED] = s.clock[0]
                    set_timer(s, s.clock[0], _SENT_AWAY, contact)
                contact = behind
