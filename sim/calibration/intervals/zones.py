"""Times of a file → local civil time of the centre.

Comes in: starts as printed and `data.timezone`. Goes out: starts in local time. Exists because a system that prints UTC
puts a morning peak into the night, and because only the calendar of a place knows its 25-hour days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.starts import Start, Unread
from sim.errors import InputError, Problem, nearest
from sim.model.data import Data


@cache
def zone_of(name: str, key: str) -> ZoneInfo:
    """The time zone of that name; raises InputError that names `key` and the nearest zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = f"no such time zone, got {name!r}{_nearest_zone(name)}; write it as Europe/Berlin"
        raise InputError(Problem(key, what)) from None


def _nearest_zone(name: str) -> str:
    """The end of a sentence: the zone of that name or of a city called nearly so."""
    zones = sorted(available_timezones())
    cities = {zone.rpartition("/")[2].replace("_", " "): zone for zone in zones}
    for known in (dict(zip(zones, zones, strict=True)), cities):
        close = nearest(name.replace("_", " "), known)
        if close.startswith("; did you mean"):
            zone = next(known[each] for each in known if repr(each) in close)
            return f"; did you mean {zone!r}?"
    return ""


def in_local_time(starts: Sequence[Start | Unread], layout: Data, findings: Findings) -> list[Start | Unread]:
    """The starts in `data.timezone`; without it as printed, with a notice where they are UTC."""
    printed = zone_of(layout.units.start, "data.units.start") if layout.units.start else None
    home = zone_of(layout.timezone, "data.timezone") if layout.timezone else None
    if home is None:
        _notice_utc(starts, printed, findings)
        return list(starts)
    return [each if isinstance(each, Unread) else _local(each, printed, home) for each in starts]


def _notice_utc(starts: Sequence[Start | Unread], printed: ZoneInfo | None, findings: Findings) -> None:
    utc = printed is not None or any(isinstance(each, Start) and each.offset == 0 for each in starts)
    if utc and all(isinstance(each, Unread) or printed or each.offset == 0 for each in starts):
        name = str(printed) if printed else "UTC"
        what = (
            f"times are in {name} and read as they stand; data.timezone=Europe/Berlin (say) turns them into local time"
        )
        findings.notice(0, "start", what)


def _local(start: Start, printed: ZoneInfo | None, home: ZoneInfo) -> Start:
    """What a clock in `home` showed; a time without offset and without a zone of the file is local already."""
    if math.isnan(start.offset) and printed is None:
        return start
    if math.isnan(start.offset):
        moment = start.local.replace(tzinfo=printed)
    else:
        moment = (start.local - timedelta(seconds=start.offset)).replace(tzinfo=ZoneInfo("UTC"))
    local = moment.astimezone(home)
    offset = local.utcoffset()
    return replace(start, local=local.replace(tzinfo=None), offset=offset.total_seconds() if offset else 0.0)


def shown_twice(moment: datetime, home: ZoneInfo) -> bool:
    """Whether clocks in `home` showed this local time twice."""
    early, late = (moment.replace(tzinfo=home, fold=fold).utcoffset() for fold in (0, 1))
    return early is not None and late is not None and early > late


def never_shown(moment: datetime, home: ZoneInfo) -> bool:
    """Whether clocks in `home` skipped this local time."""
    early, late = (moment.replace(tzinfo=home, fold=fold).utcoffset() for fold in (0, 1))
    return early is not None and late is not None and early < late
