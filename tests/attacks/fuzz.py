"""Inputs that a tired hand, a broken editor or an enemy would make: configurations, YAML files and CSV files, seeded.

Comes in: a seed and a number. Goes out: one input of a kind. A real configuration, scenario or table is taken and
spoiled in one to three places, so that most inputs reach far into the program before something is wrong with them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

KEYS = (
    "staffing.phone.agents", "channels.phone.failure", "channels.phone.patience.mean", "channels.phone.service.cv",
    "channels.email.deadline.median", "channels.chat.concurrency", "channels.phone.hours", "channels.phone.kind",
    "channels.social.seen", "customers.difficulty", "customers.segments", "customers.reasons.any.share",
    "customers.segments.mobile_natives.share", "demand.scale", "demand.streams.all.per_day",
    "demand.streams.all.profile", "demand.streams.all.weekday.mon", "demand.streams.all.dates",
    "demand.streams.all.busyness.shape", "demand.streams.all.times", "demand.streams.all.rates",
    "journeys.max_contacts", "journeys.return_factor", "journeys.rows.phone.abandoned.to", "journeys.rows.chat",
    "integration.level", "integration.pairs.website.phone", "integration.cost.written_off_over", "routing.agent_rule",
    "routing.line_groups", "staffing.chat.speeds", "staffing.chat.slowdown", "staffing.phone.shrinkage",
    "staffing.phone.counts", "staffing.phone.shifts", "staffing.phone.serves", "economics.wage_per_hour",
    "economics.currency", "feelings.growth.wait", "feelings.effects.patience", "feelings.posts.probability",
    "feelings.tolerance.phone", "run.replications", "run.seed", "run.measure", "run.warm_up", "run.interval", "run.end",
    "run.confidence", "run.precision", "run.batches", "run.start", "run.start_with", "run.workers",
    "run.detect_warm_up",
    "scenario.name", "scenario.question", "scenario.directions", "study.kind", "study.scenarios", "study.sweep.factors",
    "study.measures", "data.intervals", "data.fit", "engine", "exec.kind", "exec.address",
)  # fmt: skip
GROUPS = ("channels", "run", "scenarios", "centre", "feelings", "study", "ranges", "exec", "experiment", "demand")
VALUES = (
    "0", "-1", "1", "0.5", "1e9", "1e300", "1e-300", "inf", "-inf", "nan", "true", "false", "null", "''", "' '", "many",
    "5", "'5 s'", "'5'", "'-5 min'", "'1e400 s'", "'5 parsecs'", "[]", "[1]", "[1,2,3]", "[nan]", "[true]", "[[1]]",
    "['a','b']", "{}", "{a: 1}", "{a: {b: {c: 1}}}", "{law: gamma, mean: 1 min, shape: 1e9}",
    "{mon-fri: '08:00-20:00'}",
    "{mon-fri: '20:00-08:00'}", "{interval: 0 s, values: [1]}", "{interval: 30 min, values: []}", "always", "never",
    "9999-12-31", "2026-02-30", "0001-01-01", "'${oc.env:HOME}'", "${nowhere}", "${.x}", "../../x", "/dev/null", "/",
    "'=cmd'", "x" * 300, "\u0000", "\ud7ff", "😀", "'\x1b[2J'", "99999999999999999999999999", "0x10", "1_000", "siloed",
    "[siloed,siloed]", "glob(*)", "range(1,3)", "a=b", "a,b", "[1", "}", "\"", "'",
)  # fmt: skip
LINES = (
    "\t", "- a", "? a", "a: b: c", "!!python/object/apply:os.system ['true']", "!!binary abc", "&a [*a]", "<<: {a: 1}",
    "%YAML 9.9", "---", "...", "'", '"', "[", "{", "hydra: {}", "hydra: 1", "defaults: 1", "defaults: [1]",
    "defaults: {a: b}", "defaults: [null]", "defaults: [{a: [b]}]", "defaults: [override /centre: nothing]", "1: 2",
    "null: null", "true: false", "2026-01-01: 1", "? [a, b]\n: c", "a: !!set {b}", "\ufeff", "\u2028", "a: 1e999",
    "demand: null", "channels: []", "scenario: text", "run: {a: {b: {c: {d: {e: 1}}}}}", "channels: {phone: null}",
)  # fmt: skip
SCENARIO = """# @package _global_
scenario:
  name: mine
  question: What if?
  change: "more agents"
  directions:
    journey.all.contacts: down
staffing:
  phone: {agents: 28}
channels:
  email: {enabled: false}
integration: {level: 0.5, pairs: {website: {phone: 0.8}}}
journeys:
  return_factor: 1.2
  max_contacts: 12
"""
TABLE = "start,channel,offered,aht_s,agents,abandoned_pct,sl_pct\n" + "".join(
    f"2026-01-{day:02d}T{hour:02d}:{half}0:00,phone,{20 + hour},{300 + day},{9},{4},{80}\n"
    for day in range(5, 8) for hour in range(8, 18) for half in (0, 3)
)  # fmt: skip
CELLS = (
    "", " ", "-1", "1e9", "1e400", "nan", "inf", "n/a", "=cmd|x", "20%", "1.234,5", "1,5", "'", '"', "\x00", "phone\r",
    "2026-13-01", "2026-01-05 24:00", "2026-01-05T10:07:00", "2026-01-05T10:00:00+25:00", "05/01/2026 10:00", "fax",
    "😀",
)  # fmt: skip


@dataclass(frozen=True)
class Input:
    """One input: the words of a command line, and files by name."""

    kind: str
    words: tuple[str, ...]
    files: dict[str, bytes]


def made(seed: int, number: int) -> Input:
    """Input `number` of a seed."""
    dice = random.Random(f"{seed} {number}")
    return dice.choice((_words, _words, _yaml, _yaml, _csv))(dice)


def _words(dice: random.Random) -> Input:
    words = []
    for _ in range(dice.randint(1, 3)):
        if dice.random() < 0.2:
            words.append(f"{dice.choice(('', '+', '~', '++'))}{dice.choice(GROUPS)}={dice.choice(VALUES)}")
        else:
            key = dice.choice(KEYS)
            if dice.random() < 0.1:
                at = dice.randrange(len(key))
                key = key[:at] + dice.choice("x..[ ]@/:=$\\") + key[at + 1 :]
            words.append(f"{dice.choice(('', '', '', '+', '++'))}{key}={dice.choice(VALUES)}")
    if dice.random() < 0.05:
        words.insert(
            dice.randrange(len(words) + 1), dice.choice(("-m", "--cfg=job", "--info", "--resolve", "--package=x"))
        )
    return Input("configuration", tuple(words), {})


def _yaml(dice: random.Random) -> Input:
    lines = SCENARIO.splitlines(keepends=True)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(lines))
        what = dice.random()
        if what < 0.25:
            lines.insert(at, dice.choice(LINES) + "\n")
        elif what < 0.45:
            head, colon, _ = lines[at].partition(":")
            lines[at] = f"{head}{colon} {dice.choice(VALUES)}\n"
        elif what < 0.6:
            lines[at] = " " * dice.randint(0, 9) + lines[at].lstrip()
        elif what < 0.75:
            del lines[at]
        else:
            text = lines[at]
            place = dice.randrange(len(text))
            lines[at] = text[:place] + dice.choice("\t:{}[]'\"&*!|>%@`,#-?\x00é") + text[place + 1 :]
        lines = lines or ["\n"]
    content = "".join(lines).encode("utf-8", "surrogatepass")
    if dice.random() < 0.1:
        content = _torn(dice, content)
    return Input("YAML", ("scenarios=mine",), {"scenarios/mine.yaml": content})


def _csv(dice: random.Random) -> Input:
    rows = [line.split(",") for line in TABLE.splitlines()]
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(rows))
        what = dice.random()
        if what < 0.6:
            rows[at][dice.randrange(len(rows[at]))] = dice.choice(CELLS)
        elif what < 0.7:
            rows[at].append(dice.choice(CELLS))
        elif what < 0.8 and len(rows[at]) > 1:
            rows[at].pop()
        elif what < 0.9:
            rows.insert(at, list(rows[at]))
        elif len(rows) > 1:
            del rows[at]
    comma = dice.choice((",", ",", ",", ";", "\t"))
    torn = dice.randrange(len(rows)) if dice.random() < 0.05 else -1  # a row from another program
    content = "\n".join((comma if i != torn else "|").join(row) for i, row in enumerate(rows)).encode()
    if dice.random() < 0.1:
        content = _torn(dice, content)
    words = ("data.intervals=mine.csv", "centre=phone_with_ivr")
    return Input("CSV", words, {"mine.csv": content})


def _torn(dice: random.Random, content: bytes) -> bytes:
    """Bytes as another program, a bad cable or a full disk leaves them."""
    return dice.choice((
        content.decode("utf-8", "ignore").encode("utf-16"), content[: len(content) // 2], b"\xef\xbb\xbf" + content,
        content.replace(b"a", b"\xe9"), b"", b"\x00" * 100, content.replace(b"\n", b"\r"), content * 50,
    ))  # fmt: skip
