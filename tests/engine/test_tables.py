"""The coded model: mixes and rows without disabled channels, lines, tiers, laws."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chance.mixes import mix_of
from sim.coded.hops import REOPENED_ROW
from sim.coded.laws import LawBook
from sim.coded.tables import tables_of
from sim.model import Law, Outcome
from sim.model.outcomes import REOPENED, ROW_NAMES
from sim.rules.numbers import JOURNEY_LEG
from tests.extreme.small import centre, deferred, live, team, to, web


def test_shares_of_absent_names_spread_in_proportion() -> None:
    assert mix_of({"a": 0.2, "b": 0.3, "c": 0.5}, ("c", "a")).tolist() == pytest.approx([5 / 7, 2 / 7])
    assert mix_of({"b": 1.0}, ("c", "a")).tolist() == [0, 0]


def test_a_disabled_channel_leaves_its_customers_to_the_others_and_give_up_as_it_was() -> None:
    channels = {"phone": live(), "chat": live(enabled=False), "mail": deferred()}
    rows = {"phone": {"any": {"to": {"phone": 0.1, "chat": 0.4, "mail": 0.3, "give_up": 0.2}},
                      "abandoned": {"to": {"chat": 0.9, "give_up": 0.1}}}}  # fmt: skip
    tables = tables_of(centre(channels, {"team": team(1, "phone", "mail", "chat")}, rows=rows))
    assert tables.channels == ("phone", "mail")
    hops = tables.hops
    failed, abandoned = (hops.rows[hops.row_of[0, outcome, 0]] for outcome in (Outcome.FAILED, Outcome.ABANDONED))
    assert failed == pytest.approx([0.2, 0.6, 0.2])
    assert abandoned == pytest.approx([0, 0, 1])


def test_every_row_is_a_distribution() -> None:
    rows = {"web": {"any": [to("phone"), {"to": {"web": 0.25, "give_up": 0.75}}], "closed": to("give_up")}}
    tables = tables_of(centre({"web": web(), "phone": live()}, {"team": team()}, rows=rows))
    assert tables.hops.rows.sum(axis=1) == pytest.approx(np.ones(len(tables.hops.rows)))
    assert np.all(tables.hops.rows >= 0)


def test_rows_by_outcome_and_attempt() -> None:
    """An outcome's own row before `any`; the last attempt's row repeats; `reopened` is a row too."""
    rows = {"web": {"any": to("phone"), "closed": [to("web"), to("give_up")], "reopened": to("web")}}
    tables = tables_of(centre({"web": web(), "phone": live()}, {"team": team()}, rows=rows))

    def goes(outcome: int, attempt: int) -> int:
        return int(np.argmax(tables.hops.rows[tables.hops.row_of[0, outcome, attempt]]))

    assert [goes(Outcome.CLOSED, attempt) for attempt in (0, 1)] == [0, 2]
    assert [goes(Outcome.FAILED, attempt) for attempt in (0, 1)] == [1, 1]
    assert goes(REOPENED_ROW, 0) == 0


def test_row_names_are_the_outcomes_in_order() -> None:
    assert ROW_NAMES[-1] == REOPENED
    for number, name in enumerate(ROW_NAMES[:-1]):
        assert Outcome(number + 2).name.lower() == name
    assert max(Outcome) + 1 == REOPENED_ROW


def test_first_come_classes_are_the_channels_and_scores() -> None:
    """One line for each channel and base score: gold bills and plain faults of the phone share one."""
    customers = {
        "segments": {"gold": {"share": 0.5, "first_channel": {"phone": 1}, "priority": 1},
                     "plain": {"share": 0.5, "first_channel": {"phone": 1}}},
        "reasons": {"bill": {"share": 1}, "fault": {"share": 1, "priority": 1}},
    }  # fmt: skip
    channels = {"phone": live(), "mail": deferred(priority=5)}
    tables = tables_of(centre(channels, {"team": team(1, "phone", "mail")}, customers=customers))
    phone, mail = tables.desks.line_of
    assert phone[0, 0].tolist() == phone[1, 1].tolist()
    assert len(set(phone.ravel())) == len(set(mail.ravel())) == 3
    assert not set(phone.ravel()) & set(mail.ravel())
    score = tables.desks.line_priority[tables.desks.line_of[:, :, :, 0]]
    assert score.tolist() == [[[1, 2], [0, 1]], [[6, 7], [5, 6]]]


def test_tiers_of_pools() -> None:
    phone = live(prefer={"b": 1, "d": 1, "a": 2})
    tables = tables_of(centre({"phone": phone, "chat": live()}, {n: team(1, "phone", "chat") for n in "abcd"}))
    assert tables.desks.tiers == ((((1, 3), (0,), (2,)),), (((0, 1, 2, 3),),))


def test_laws_with_parts_and_quantiles_keep_their_own_rows() -> None:
    book = LawBook()
    part = {"share": 0.5, "law": "empirical", "quantiles": ["1 s", "2 s", "4 s"]}
    other = {"share": 0.5, "law": "constant", "mean": "9 s"}
    numbers = [book.add(law) for law in (
        None, Law.model_validate({"law": "empirical", "quantiles": ["5 s", "6 s"]}),
        Law.model_validate({"law": "mixture", "parts": [part, other]}), Law.model_validate({"mean": "3 s"}),
    )]  # fmt: skip
    assert numbers == [-1, 0, 3, 4]
    assert book.quantiles == [5, 6, 1, 2, 4]
    assert book.rows[1][3:5] == (2, 3)
    assert book.rows[3] == (6, 1.0, 0.0, 1, 2, 0.0)


def test_a_patience_of_the_journey_hangs_on_the_channels_name() -> None:
    """Its key does not move when channels are added, and is apart from the keys of all contacts."""
    few = tables_of(centre({"phone": live()}, {"team": team()}))
    many = tables_of(centre({"web": web(), "chat": live(), "phone": live()}, {"team": team(1, "phone", "chat")}))
    legs = many.profiles[:, JOURNEY_LEG]
    assert few.profiles[0, JOURNEY_LEG] == legs[2]
    assert len(set(legs)) == 3
    assert np.all((legs >= 2**31) & (legs < 2**32))
