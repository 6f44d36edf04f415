"""How days end, shifts break and nights pass: days that can be told by hand, with constant times and replayed calls."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest

from sim.engine import simulate
from sim.errors import InputError
from sim.log.tables import Log
from sim.measures.observe import observe
from sim.model import Configuration, Outcome
from tests.extreme.small import centre, deferred, live, team

NINE = 9 * 3600.0


def shift(start: str, end: str, *breaks: tuple[str, str], **more: Any) -> dict[str, Any]:
    """One named agent."""
    return {"start": start, "end": end, "agents": 1, "breaks": [{"start": a, "end": b} for a, b in breaks], **more}


def lived(shifts: list[dict[str, Any]], times: list[float], talk: str = "10 min", **run: Any) -> Log:
    """The log of a day of calls at these times (s after 09:00)."""
    staffing = {"team": {"serves": {"phone": 1}, "shifts": shifts}}
    return simulate(centre({"phone": live(talk)}, staffing, [NINE + t for t in times], run=run), 1, 0)


def answered(log: Log) -> list[float]:
    """When each call was answered, s after 09:00."""
    return [float(x) - NINE for x in log.contacts["answered"]]


def duties(log: Log) -> list[tuple[float, ...]]:
    """(start, end, released, break not taken) of each spell of duty, in minutes after 09:00, by start."""
    table = log.duties
    order = np.lexsort([table["agent"], table["start"]])
    rows = [[(table[name][i] - NINE) / 60 for name in ("start", "end", "released")] for i in order]
    return [(*row, table["missed"][i] / 60) for row, i in zip(rows, order, strict=True)]


class TestBreaks:
    def test_a_break_begins_late_and_keeps_its_length(self) -> None:
        """Due at 10:00, a call lasts until 10:05: the break ends at 10:35, not at 10:30."""
        log = lived([shift("09:00", "12:00", ("10:00", "10:30"))], [55 * 60, 58 * 60])
        assert answered(log) == [55 * 60, 95 * 60]
        assert duties(log) == [(0, 65, 65, 0), (95, 180, 180, 0)]

    def test_an_idle_agent_begins_it_on_time(self) -> None:
        log = lived([shift("09:00", "12:00", ("10:00", "10:30"))], [60 * 60])
        assert answered(log) == [90 * 60]

    def test_what_would_pass_the_end_of_the_shift_is_not_taken(self) -> None:
        """Ten minutes late with a break that ends five minutes before the shift: five minutes are not taken."""
        log = lived([shift("09:00", "11:00", ("10:25", "10:55"))], [85 * 60 - 1])
        assert duties(log)[0][:3] == (0, pytest.approx(95 - 1 / 60), pytest.approx(95 - 1 / 60))
        assert duties(log)[0][3] == pytest.approx(5 - 1 / 60)

    def test_a_break_that_never_begins_is_not_taken_at_all(self) -> None:
        """The call lasts longer than the shift: ten minutes of break, five of overtime."""
        log = lived([shift("09:00", "10:30", ("10:10", "10:20"))], [65 * 60], talk="30 min")
        assert duties(log) == [(0, 90, 95, 10)]

    def test_breaks_that_run_into_each_other_follow_at_once(self) -> None:
        """Ten minutes at 10:00, begun at 10:08, and ten at 10:15: back at 10:28."""
        log = lived([shift("09:00", "12:00", ("10:00", "10:10"), ("10:15", "10:25"))], [58 * 60, 70 * 60])
        assert answered(log) == [58 * 60, 88 * 60]

    def test_a_break_due_while_another_is_owed_adds_to_it(self) -> None:
        """One call from 09:55 to 10:25: both breaks are due before it ends; twenty minutes from 10:25."""
        log = lived(
            [shift("09:00", "12:00", ("10:00", "10:10"), ("10:15", "10:25"))], [55 * 60, 70 * 60], talk="30 min"
        )
        assert answered(log) == [55 * 60, 105 * 60]

    def test_nobody_comes_back_to_go_home(self) -> None:
        """A break that ends with the shift, to the second, because it began late: the call that waits is not taken."""
        log = lived(
            [shift("09:00", "11:00", ("10:20", "10:50"))], [79 * 60, 95 * 60], talk="11 min", measure="12 h", end="cut"
        )
        assert answered(log)[0] == 79 * 60
        assert np.isnan(answered(log)[1])
        assert duties(log) == [(0, 90, 90, 0)]

    def test_hours_of_breaks_not_taken_are_a_measure(self) -> None:
        config = centre(
            {"phone": live("30 min")},
            {"team": {"serves": {"phone": 1}, "shifts": [shift("09:00", "10:30", ("10:10", "10:20"))]}},
            [NINE + 65 * 60],
        )
        seen = observe(simulate(config, 1, 0), config)
        assert seen["pool", "breaks_missed"].top[0, 0] == pytest.approx(1 / 6)
        assert seen["pool", "overtime"].top[0, 0] == pytest.approx(1 / 12)


class TestNights:
    NIGHT = shift("22:00", "06:00", ("23:45", "00:15"))

    def test_a_night_is_worked_by_one_person(self) -> None:
        """A call from 23:59:30 waits for the end of a break over midnight; the agent is the one of 22:00."""
        log = lived([self.NIGHT], [13 * 3600, 15 * 3600 - 30], talk="1 min", measure="2 d")
        assert answered(log) == [13 * 3600, 15.25 * 3600]
        assert set(log.contacts["agent"]) == {0}
        late = log.duties["start"] > NINE
        starts_and_ends = ((log.duties["start"][late][:2] - NINE) / 3600).tolist()
        assert starts_and_ends == [13, 15.25]
        assert (log.duties["end"][late][1] - NINE) / 3600 == 21

    def test_the_night_before_the_run_is_worked_too(self) -> None:
        """A call at 05:00 of the first day."""
        assert answered(lived([self.NIGHT], [5 * 3600 - NINE], talk="1 min")) == [5 * 3600 - NINE]


class TestFallingCounts:
    """Three agents until 1 min, then one; three calls that end at 100, 110, 120 s; a fourth comes at 70 s."""

    @staticmethod
    def lived(on_fall: str, times: list[float], then: int = 1, later: int | None = None) -> Log:
        values = [3, *([then] * 4), *([then if later is None else later] * 1435)]
        counts = {"interval": "1 min", "values": values}
        staffing = {"team": {"on_fall": on_fall, "counts": counts, "serves": {"phone": 1}}}
        return simulate(centre({"phone": live()}, staffing, times), 1, 0)

    def test_named_agents_leave_and_who_stays_goes_on(self) -> None:
        """Agents 1 and 2 leave at 1 min; agent 0, free at 100 s, takes the fourth call beside them."""
        log = self.lived("named", [0, 10, 20, 70])
        assert log.contacts["answered"].tolist() == [0, 10, 20, 100]
        assert log.contacts["agent"].tolist() == [0, 1, 2, 0]

    def test_whoever_is_free_first_leaves(self) -> None:
        """No call begins while as many are busy as the count says: the fourth waits for the last of the three."""
        log = self.lived("first_free", [0, 10, 20, 70])
        assert log.contacts["answered"].tolist() == [0, 10, 20, 120]
        assert log.contacts["agent"].tolist() == [0, 1, 2, 2]
        first = {int(a): (e, r) for a, e, r in zip(*(log.duties[n][::-1] for n in ("agent", "end", "released")),
                                                   strict=True)}  # fmt: skip
        assert first[0] == (60, 100)
        assert first[1] == (60, 110)

    def test_idle_agents_leave_first_either_way(self) -> None:
        """One of the three is busy: both rules send the idle ones home, and the busy one takes the next call."""
        for on_fall in ("named", "first_free"):
            assert self.lived(on_fall, [0, 70]).contacts["answered"].tolist() == [0, 100]

    def test_a_rise_keeps_those_who_were_to_leave(self) -> None:
        """From three to one at 1 min, and to three again at 5 min: calls of ten minutes go on, and nobody has left."""
        counts = {"interval": "1 min", "values": [3, 1, 1, 1, 1, *([3] * 1435)]}
        staffing = {"team": {"on_fall": "first_free", "counts": counts, "serves": {"phone": 1}}}
        log = simulate(centre({"phone": live("10 min")}, staffing, [0, 10, 20, 70]), 1, 0)
        assert log.contacts["answered"].tolist() == [0, 10, 20, 600]
        assert (log.duties["released"] - log.duties["end"]).max() == 0

    @pytest.mark.parametrize("engine", ["simpy", "compiled"])
    @pytest.mark.parametrize("on_fall", ["named", "first_free"])
    def test_as_many_are_on_duty_as_the_count_says_however_often_it_falls(self, on_fall: str, engine: str) -> None:
        """Four days of counts that rise and fall every half-hour, all agents busy; calls are over before the next
        change, so that each fall is."""
        values = np.random.default_rng(20261126).integers(1, 9, size=4 * 48)
        staffing = {"team": {"on_fall": on_fall, "counts": {"interval": "30 min", "values": values.tolist()},
                             "serves": {"phone": 1}}}  # fmt: skip
        run = {"warm_up": "0 s", "measure": "4 d"}
        phone, streams = live("8 min", patience="10 min"), {"calls": {"per_day": 1_000}}
        config = centre({"phone": phone}, staffing, streams=streams, run=run)
        table = simulate(config.model_copy(update={"engine": engine}), 7, 0).duties
        middle = (np.arange(values.size) + 0.5) * 1800.0
        there = (table["start"][:, None] <= middle) & (middle < table["end"][:, None])
        assert there.sum(axis=0).tolist() == values.tolist()

    def test_the_rules_agree_where_counts_never_fall(self) -> None:
        logs = []
        for on_fall in ("named", "first_free"):
            phone, streams = live({"law": "exponential", "mean": "3 min"}), {"calls": {"per_day": 700}}
            config = centre({"phone": phone}, {"team": team(2, on_fall=on_fall)}, streams=streams)
            logs.append(simulate(config, 5, 0))
        assert np.array_equal(logs[0].contacts["answered"], logs[1].contacts["answered"])


class TestClosing:
    """The phone is open from 09:00 to 10:00. Calls last ten minutes; one agent, unless said otherwise."""

    HOURS: ClassVar = {"mon-fri": "09:00-10:00"}

    @classmethod
    def centre(cls, rule: str, times: list[float], *shifts: dict[str, Any], **more: Any) -> Configuration:
        """Calls at these minutes after 09:00."""
        phone = live("10 min", hours=cls.HOURS, at_closing=rule, **more)
        return centre({"phone": phone}, {"team": {"serves": {"phone": 1}, "shifts": shifts}},
                      [NINE + 60 * t for t in times], run={"measure": "2 d"})  # fmt: skip

    @classmethod
    def minutes(cls, *args: Any, **more: Any) -> list[float]:
        """When each call was answered, min after 09:00."""
        return [t / 60 for t in answered(simulate(cls.centre(*args, **more), 1, 0))]

    DAY_SHIFT = shift("09:00", "10:00", days="mon-tue")

    def test_whoever_is_in_the_queue_is_served_the_same_day(self) -> None:
        """Three wait at 10:00; the agent, whose shift ends then, stays for all of them: 30 minutes and the rest of a
        call, nine, of overtime."""
        config = self.centre("serve", [49, 50, 51, 52, 61], self.DAY_SHIFT)
        log = simulate(config, 1, 0)
        assert answered(log)[:4] == [60 * t for t in (49, 59, 69, 79)]
        assert log.contacts["outcome"].tolist() == [Outcome.RESOLVED] * 4 + [Outcome.CLOSED]
        assert duties(log)[0] == (0, 60, 89, 0)
        assert observe(log, config)["pool", "overtime"].top[0, 0] == pytest.approx(29 / 60)

    def test_those_who_wait_are_left_for_the_next_opening(self) -> None:
        assert self.minutes("wait", [49, 50], self.DAY_SHIFT) == [49, 59]
        assert self.minutes("wait", [49, 50, 51], self.DAY_SHIFT) == [49, 59, 24 * 60]

    def test_those_who_wait_are_sent_away(self) -> None:
        log = simulate(self.centre("clear", [49, 50, 51], self.DAY_SHIFT), 1, 0)
        assert log.contacts["outcome"].tolist() == [Outcome.RESOLVED] * 2 + [Outcome.CLOSED]
        assert log.contacts["ended"][2] == NINE + 3600

    def test_only_those_on_duty_at_closing_serve(self) -> None:
        """A second agent went home at 09:55 and finishes a call until 10:01: the queue is the first one's alone."""
        times = [49, 51, 52, 53]
        both = self.minutes("serve", times, self.DAY_SHIFT, self.DAY_SHIFT)
        assert both == [49, 51, 59, 61]
        assert self.minutes("serve", times, self.DAY_SHIFT, shift("09:00", "09:55", days="mon-tue")) == [49, 51, 59, 69]

    def test_a_call_that_ends_with_the_hours_is_followed_by_the_next(self) -> None:
        """Shift, call and hours all end at 10:00."""
        assert self.minutes("serve", [50, 51, 52], self.DAY_SHIFT) == [50, 60, 70]

    def test_patience_goes_on_after_closing(self) -> None:
        """The third would be taken at 10:09 and leaves at 10:06."""
        log = simulate(self.centre("serve", [49, 50, 51], self.DAY_SHIFT, patience="15 min"), 1, 0)
        assert log.contacts["outcome"].tolist() == [Outcome.RESOLVED] * 2 + [Outcome.ABANDONED]
        assert duties(log)[0] == (0, 60, 69, 0)

    def test_overtime_is_for_the_closed_queue_alone(self) -> None:
        """Mail waits too: the agent who stays for the phone leaves it for the next day."""
        channels = {"phone": live("10 min", hours=self.HOURS), "mail": deferred("5 min")}
        streams = {
            "calls": {"times": [NINE + 60 * t for t in (49, 51)], "first_channel": {"phone": 1}},
            "mails": {"times": [NINE + 60 * 50], "first_channel": {"mail": 1}},
        }
        staffing = {"team": {"serves": {"phone": 2, "mail": 1}, "shifts": [self.DAY_SHIFT]}}
        log = simulate(centre(channels, staffing, streams=streams, run={"measure": "2 d"}), 1, 0)
        assert sorted(t / 60 for t in answered(log)) == [49, 59, 64]
        calls = {"calls": {"times": [NINE + 60 * t for t in (49, 51, 52)], "first_channel": {"phone": 1}}}
        staffing["team"]["serves"] = {"phone": 1, "mail": 2}
        log = simulate(centre(channels, staffing, streams=streams | calls, run={"measure": "2 d"}), 1, 0)
        assert sorted(t / 60 for t in answered(log)) == [49, 59, 69, 24 * 60]

    @pytest.mark.parametrize("on_fall", ["named", "first_free"])
    def test_agents_by_count_stay_as_well(self, on_fall: str) -> None:
        """Two until 10:00, then none: both go on while somebody waits."""
        counts = {"interval": "1 h", "values": [0] * 9 + [2] + [0] * 14}
        staffing = {"team": {"serves": {"phone": 1}, "counts": counts, "on_fall": on_fall}}
        phone = live("10 min", hours=self.HOURS)
        times = [NINE + 60 * t for t in (52, 54, 56, 57, 58)]
        log = simulate(centre({"phone": phone}, staffing, times), 1, 0)
        assert [t / 60 for t in answered(log)] == [52, 54, 62, 64, 72]
        assert sorted(duty[1:3] for duty in duties(log)) == [(60, 74), (60, 82)]

    def test_nobody_on_duty_at_closing_is_an_error(self) -> None:
        """The shift ends at 09:55; where nobody waits it is none, and a queue may wait or be sent away."""
        early = shift("09:00", "09:55", days="mon-tue")
        assert self.minutes("serve", [40], early) == [40]
        with pytest.raises(InputError, match=r"channels\.phone\.at_closing: serve: 1 in the queue when the hours end"):
            self.minutes("serve", [40, 56], early)
        assert self.minutes("wait", [40, 56], early) == [40, 24 * 60]

    def test_where_those_who_were_planned_have_not_come_the_queue_is_sent_away(self) -> None:
        absent = {"said": "scheduled", "shrinkage": {"planned": 0, "absence": 1}}
        phone = live("10 min", hours=self.HOURS)
        staffing = {"team": {"serves": {"phone": 1}, "shifts": [self.DAY_SHIFT], **absent}}
        log = simulate(centre({"phone": phone}, staffing, [NINE]), 1, 0)
        assert log.contacts["outcome"].tolist() == [Outcome.CLOSED]
        assert log.contacts["ended"].tolist() == [NINE + 3600]

    def test_overtime_is_paid_if_said(self) -> None:
        """One hour at 20 a head, and 29 minutes at one and a half times that."""
        costs = []
        for pay in (0, 1.5):
            phone = live("10 min", hours=self.HOURS)
            pool = {"serves": {"phone": 1}, "shifts": [shift("09:00", "10:00", days="mon")], "overtime_pay": pay,
                    "wage_per_hour": 20, "shrinkage": 0}  # fmt: skip
            config = centre({"phone": phone}, {"team": pool}, [NINE + 60 * t for t in (49, 50, 51, 52)])
            costs.append(observe(simulate(config, 1, 0), config)["pool", "cost"].top[0, 0])
        assert costs == pytest.approx([20, 20 + 29 / 60 * 30])
