"""The layout of a file of interval volumes: which of its columns is what, in which unit, and how it writes dates.

Comes in: the keys below `data`, typed or from a preset of `conf/data`. Goes out: frozen parts that the reader
(`sim.calibration.intervals`) follows. What the keys do not say the file itself must show.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from .base import Part

TimeUnit = Literal["s", "ms", "min", "h", "days", "m:ss"]
ShareUnit = Literal["percent", "fraction", "count"]
AgentUnit = Literal["heads", "s", "ms", "min", "h", "days"]
DateOrder = Literal["dmy", "mdy", "ymd", "ydm"]


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, (str, int, float)) else value


Titles = Annotated[tuple[str, ...], BeforeValidator(_one_or_more), Field(min_length=1)]
"""Titles of one column, or of several: dates and times are put together, numbers are added."""


class Columns(Part):
    """Title of each field's column; null: the field's own name."""

    start: Titles | None = Field(None, description="start of the interval, or its date and its time")
    channel: Titles | None = Field(None, description="the channel of a row; several titles are put together")
    offered: Titles | None = Field(None, description="contacts offered, redials included; several are added")
    aht_s: Titles | None = Field(None, description="mean handle time with wrap-up; several parts are added")
    agents: Titles | None = Field(None, description="agents on duty, or the time they were")
    abandoned_pct: Titles | None = Field(None, description="share or number abandoned; several are added")
    sl_pct: Titles | None = Field(None, description="share or number answered in target; several are added")
    asa_s: Titles | None = Field(None, description="average speed of answer")


class Units(Part):
    """Unit of each field; null: the field's own (seconds, heads, per cent, local time)."""

    start: str | None = Field(None, description="time zone that the file's times are in, such as UTC")
    aht_s: TimeUnit | None = None
    asa_s: TimeUnit | None = None
    agents: AgentUnit | None = Field(None, description="a time: staffed time in the interval, all agents together")
    abandoned_pct: ShareUnit | None = Field(None, description="count: contacts, out of those offered")
    sl_pct: ShareUnit | None = Field(None, description="count: contacts, out of those offered")


class Per(Part):
    """Columns that a field is divided by: total handle time per contact handled, say."""

    aht_s: Titles | None = None
    asa_s: Titles | None = None
    abandoned_pct: Titles | None = None
    sl_pct: Titles | None = None
