"""`python -m sim verify`: the table, the verdict, and that it can fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

import sim
from sim import known
from sim.cli.app import main


def small() -> tuple[known.Case, ...]:
    """The case of Erlang A, for half an hour a replication."""
    return (replace(known._erlang_a(), hours=0.5, warm_up=0.5),)


def test_known_answers_hold_and_wrong_ones_fail() -> None:
    answers = list(known.verified(workers=1, cases=small()))
    assert len(answers) == 3
    assert all(each.holds and abs(each.z) > 0 for each in answers)
    assert known.verdict(answers).startswith("verified: all 3 values")
    wrong = [replace(answers[0], exact=answers[0].exact + 5 * answers[0].error), *answers[1:]]
    assert known.verdict(wrong).startswith("NOT verified: 1 of 3")
    assert "too far" in known.line(wrong[0])


def test_the_command_prints_and_its_exit_code_is_the_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = known.Answer("case", "a.b.c", 1.0, 1.001, 0.001)
    for answers, code in (([good], 0), ([good, replace(good, exact=2.0)], 1)):
        monkeypatch.setattr(known, "verified", lambda *_, answers=answers: iter(answers))
        assert main(["verify"]) == code
        assert sim.verify() == answers
    assert "NOT verified: 1 of 2" in capsys.readouterr().out
    assert main(["verify", "ful"]) == 2
    assert main(["--help"]) == 0
    assert "verify [full]" in capsys.readouterr().out


def test_every_case_can_be_read() -> None:
    """All configurations are valid, and no exact answer is missing."""
    for case in known.known_cases():
        known.Configuration.from_mapping(case.centre)
        assert all(each == each and each > 0 for each in case.answers.values())
