"""The log: typed, canonically sorted columns, and an equality that notices everything."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
from sim.log.tables import (
    CONTACT_COLUMNS,
    CUSTOMER_COLUMNS,
    DUTY_COLUMNS,
    POST_COLUMNS,
    STAFFING_COLUMNS,
    TURN_COLUMNS,
    Log,
    Rows,
)
from tests.extreme.small import centre, deferred, live, team, to


@pytest.fixture
def log() -> Log:
    """Some contacts of two channels, some of them unanswered."""
    channels = {"phone": live(patience={"law": "constant", "mean": "50 s"}), "mail": deferred()}
    config = centre(channels, {"team": team(1, "phone", "mail")}, [0, 20, 80], rows={"phone": {"any": to("mail")}},
                    feelings={"public": ["mail"], "posts": {"probability": 1, "reach": {"mean": 5}}})  # fmt: skip
    return simulate(config, 1, 0)


def test_rows_are_sorted_and_typed() -> None:
    rows = Rows({"a": np.int64, "b": np.float64})
    for row in ((2**53 - 1, 0.5), (1, float("nan")), (1, -1.0)):
        rows.add(*row)
    table = rows.table("a", "b")
    assert table["a"].dtype == np.int64
    assert table["a"].tolist() == [1, 1, 2**53 - 1]
    assert table["b"][0] == -1.0
    assert np.isnan(table["b"][1])
    assert Rows({"a": np.int8}).table("a")["a"].size == 0


def test_tables_have_the_declared_columns(log: Log) -> None:
    contacts = CONTACT_COLUMNS | {"turns": np.int16}
    declared: tuple[Any, ...] = (contacts, TURN_COLUMNS, CUSTOMER_COLUMNS, DUTY_COLUMNS, STAFFING_COLUMNS, POST_COLUMNS)
    tables = (log.contacts, log.turns, log.customers, log.duties, log.staffing, log.posts)
    for table, columns in zip(tables, declared, strict=True):
        assert list(table) == list(columns)
        assert all(table[name].dtype == kind for name, kind in columns.items())
        assert len({values.size for values in table.values()}) == 1


def test_a_copy_is_the_same(log: Log) -> None:
    assert log.same_as(copy.deepcopy(log))


@pytest.mark.parametrize("table", ["contacts", "customers", "duties", "staffing", "posts"])
def test_any_changed_cell_is_noticed(log: Log, table: str) -> None:
    for name, values in getattr(log, table).items():
        changed = values.copy()
        with np.errstate(invalid="ignore"):
            changed[-1] = np.nextafter(changed[-1], np.inf) if values.dtype.kind == "f" else changed[-1] + 1
        if values.dtype.kind == "f" and np.isnan(values[-1]):
            changed[-1] = 1.0
        different: dict[str, Any] = {table: {**getattr(log, table), name: changed}}
        other = replace(log, **different)
        assert not log.same_as(other), name


def test_any_other_field_is_noticed(log: Log) -> None:
    for field in fields(log):
        value = getattr(log, field.name)
        if isinstance(value, dict):
            continue
        if isinstance(value, dt.date):
            other: Any = value + dt.timedelta(days=1)
        else:
            value = np.zeros(1) if value is None else value
            other = value + 1 if isinstance(value, (int, float, np.ndarray)) else (*value, "more")
        different: dict[str, Any] = {field.name: other}
        assert not log.same_as(replace(log, **different)), field.name


def test_a_lost_row_is_noticed(log: Log) -> None:
    shorter = {name: values[:-1] for name, values in log.contacts.items()}
    assert not log.same_as(replace(log, contacts=shorter))
    assert not replace(log, contacts=shorter).same_as(log)


def test_waits(log: Log) -> None:
    """Until answered (0 for the first), until leaving (50), until answered as mails (at 100 and at 200)."""
    names = [log.channels[channel] for channel in log.contacts["channel"]]
    assert list(zip(names, log.wait.tolist(), strict=True)) == [
        ("phone", 0), ("phone", 50), ("mail", 30), ("phone", 50), ("mail", 70),
    ]  # fmt: skip
