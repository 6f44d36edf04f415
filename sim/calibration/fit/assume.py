"""What is assumed of the recorded centre (`data.assume`), and the one factor that rows may be scaled by.

Comes in: the centre as its files describe it. Goes out: the centre as it is taken to have been recorded. What-ifs stand
beside this: they change the recorded centre, assumptions say what it was.
"""

from __future__ import annotations

from ...model.base import FrozenDict
from ...model.centre import Configuration
from ...model.rows import GIVE_UP, Journeys, Row
from .targets import law_of

KEPT = ("transferred", "reopened")
"""rows that are no decision of the customer's: they are never scaled"""


def assumed(config: Configuration, switches: float = 1.0, recorded: Configuration | None = None) -> Configuration:
    """The centre under its assumptions, every move after an unsolved contact made `switches` times as likely; the rest
    gives up. With `recorded`, `config` is a what-if on it: what it changed on purpose is no assumption."""
    recorded = recorded or config
    assume = recorded.data.assume
    factor = switches if assume.switches is None else assume.switches
    channels = {
        name: channel.model_copy(update=_patience(config, recorded, name)) for name, channel in config.channels.items()
    }
    rows = {
        name: FrozenDict({outcome: tuple(_row(recorded, config, name, outcome, row, factor) for row in listed)
                          for outcome, listed in by.items()})
        for name, by in config.journeys.rows.items()
    }  # fmt: skip
    journeys: Journeys = config.journeys.model_copy(update={"rows": FrozenDict(rows)})
    return config.model_copy(update={"channels": FrozenDict(channels), "journeys": journeys})


def _patience(config: Configuration, recorded: Configuration, name: str) -> dict[str, object]:
    wanted, law = recorded.data.assume.patience, law_of(config, name)
    before = law_of(recorded, name) if name in recorded.channels else None
    if wanted is None or law is None or before is None or config.channels[name].kind != "live":
        return {}
    return {"patience": law.scaled(wanted / before.mean_value)}


def _row(recorded: Configuration, config: Configuration, name: str, outcome: str, row: Row, factor: float) -> Row:
    redials = recorded.data.assume.redials
    same = row in recorded.journeys.rows.get(name, {}).get(outcome, ())
    if redials is not None and same and outcome == "abandoned" and config.channels[name].kind == "live":
        row = _redialling(row, name, redials)
    return row if factor == 1.0 or outcome in KEPT else _thinner(row, factor)


def _redialling(row: Row, name: str, share: float) -> Row:
    """The row with `share` calling again; the others are left as they were in proportion."""
    if row.loyal:
        return row.model_copy(update={"stay": 1.0 if share > 0 else 0.0, "give_up": 1 - share})
    rest = 1 - row.to.get(name, 0.0)
    others = {to: part * (1 - share) / rest for to, part in row.to.items() if to != name} if rest > 0 else {}
    left = 1 - share - sum(others.values())
    mix = {**others, name: share, GIVE_UP: others.get(GIVE_UP, 0.0) + max(left, 0.0)}
    return row.model_copy(update={"to": FrozenDict(mix)})


def _thinner(row: Row, factor: float) -> Row:
    """The row with every move `factor` times as likely."""
    if row.loyal:
        return row.model_copy(update={"give_up": 1 - factor * (1 - (row.give_up or 0.0))})
    moves = {to: part * factor for to, part in row.to.items() if to != GIVE_UP}
    return row.model_copy(update={"to": FrozenDict({**moves, GIVE_UP: 1 - sum(moves.values())})})
