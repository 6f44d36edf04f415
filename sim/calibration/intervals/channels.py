"""The channel of each row: from its column, by the names that the layout gives, or one for the whole file.

Comes in: a `Grid` and the channels of the centre. Goes out: names in order of appearance and an index per row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.calibration.intervals.findings import Findings
from sim.calibration.intervals.header import Grid, filled_down
from sim.calibration.intervals.presets import COMMON, shipped_presets
from sim.calibration.intervals.starts import Start, Unread
from sim.errors import LISTED, nearest

SKIP = "skip"
"""what a channel is called in `data.channel_names` when its rows are to be left out"""
ONLY = "phone"
"""the channel of a file that names none"""


ALL_NAMES = frozenset(
    {"total", "all", "all queues", "all channels", "all skills", "grand total", "subtotal", "overall", "gesamt", "sum"}
)
"""what the rows of all channels together are called"""


@dataclass(frozen=True)
class Channels:
    """Names in order of appearance, and an index per row: -1 where the row has none (left out, or reported). `totals`
    are the rows that say they are of all channels."""

    names: tuple[str, ...]
    index: list[int]
    totals: frozenset[int] = frozenset()


def read_channels(
    grid: Grid, starts: Sequence[Start | Unread], known: Sequence[str] | None, findings: Findings
) -> Channels:
    """Case does not make another channel; a name that is none of `known` is reported once."""
    if not grid.has("channel"):
        return _one_channel(grid, known, findings)
    names = _names(grid, known, findings)
    totals = _totals(names, known)
    strange: dict[str, list[int]] = {}
    order: dict[str, int] = {}
    index = []
    for at, (name, (line, _), start) in enumerate(zip(names, grid.rows, starts, strict=True)):
        if isinstance(start, Unread) or at in totals or name == SKIP:
            index.append(-1)
        elif not name:
            findings.problem(line, grid.title("channel"), "is blank")
            index.append(-1)
        elif known is not None and name not in known:
            strange.setdefault(name, []).append(line)
            index.append(-1)
        else:
            index.append(order.setdefault(name, len(order)))
    _report(strange, grid, known, findings)
    return Channels(tuple(order), index, totals)


def _names(grid: Grid, known: Sequence[str] | None, findings: Findings) -> list[str]:
    """The channel of each row as the centre spells it, `skip` where the layout leaves the row out."""
    shared = shipped_presets()[COMMON].channel_names.items()
    common = {name: to for name, to in shared if known is None or (name not in known and to in known)}
    given = common | {name.casefold(): channel for name, channel in grid.layout.channel_names.items()}
    spelling = {name.casefold(): name for name in known or ()}
    skipped: dict[str, int] = {}
    names = []
    for _, text in _texts(grid, findings):
        name = given.get(text.casefold(), text)
        name = SKIP if not text and SKIP in given.values() else name
        if name == SKIP:
            skipped[text] = skipped.get(text, 0) + 1
        names.append(spelling.setdefault(name.casefold(), name))
    if skipped:
        texts = ", ".join(f"{text or 'blank'!r} ({n} rows)" for text, n in skipped.items())
        findings.notice(0, grid.title("channel"), f"left out, as data.channel_names says: {texts}")
    return names


def _totals(names: Sequence[str], known: Sequence[str] | None) -> frozenset[int]:
    """Rows of all channels together, in a file that has rows of single ones."""
    total = {name for name in names if name.casefold() in ALL_NAMES and name not in (known or ())}
    if not {name for name in names if name} - total - {SKIP}:
        return frozenset()
    return frozenset(at for at, name in enumerate(names) if name in total)


def _one_channel(grid: Grid, known: Sequence[str] | None, findings: Findings) -> Channels:
    name = grid.layout.channel or ONLY
    if not grid.layout.channel:
        if known and len(known) == 1:
            name = known[0]
        what = f"no column says the channel: all rows are read as {name!r} (data.channel names another)"
        findings.notice(grid.header[0], "", what)
    if known is not None and name not in known:
        findings.problem(0, "channel", f"unknown channel {name!r}{nearest(name, known)}; data.channel names it")
        return Channels((), [-1] * len(grid.rows))
    return Channels((name,), [0] * len(grid.rows))


def _texts(grid: Grid, findings: Findings) -> list[tuple[int, str]]:
    places, rows, blank = grid.places["channel"], grid.rows, 0
    if len(places) == 1:
        filled, blank = filled_down(rows, places[0])
        rows = tuple(filled)
    if blank:
        findings.notice(rows[0][0], grid.title("channel"), f"blank cells take the name above them: {blank} rows")
    return [(line, " ".join(row[place] for place in places if row[place])) for line, row in rows]


def _report(strange: Mapping[str, Sequence[int]], grid: Grid, known: Sequence[str] | None, findings: Findings) -> None:
    title, hints = grid.title("channel"), {name: nearest(name, known or ()) for name in strange}
    names = ", ".join(f"{name}: {(known or [ONLY])[0]}" for name in list(strange)[:LISTED])
    how = f"; 'data.channel_names={{{names}}}' reads {'them all' if len(strange) > 1 else 'it'} as one"
    close = len(strange) > 1 and any(hint.startswith("; did you mean") for hint in hints.values())
    for number, (name, lines) in enumerate(strange.items(), start=1):
        more = f" (and {len(lines) - 1} more lines)" if len(lines) > 1 else ""
        what = f"unknown channel {name!r}{more}{hints[name]}"
        findings.problem(lines[0], title, what + (how if number == len(strange) and not close else ""))
