"""Dirty: hundreds of files that no person wrote. Never a traceback, never a total that is wrong without a word."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from sim.calibration.intervals.table import IntervalTable, read_intervals
from sim.errors import InputError
from tests.dirty.clothes import Clothes, Row, clothes, dressed, week

FOLDERS = [Path(__file__).parent / "exports", Path(__file__).parent / "layouts"]
MONDAY = datetime(2025, 1, 20)
EARLY_MONDAY = datetime(2025, 1, 6)  # no day above 12: only the days together tell day from month


def read(path: Path, data: bytes) -> IntervalTable | InputError:
    """The table, or the refusal; anything else is a traceback."""
    path.write_bytes(data)
    try:
        return read_intervals(path, ["phone", "chat", "email"])
    except InputError as error:
        return error


def grid(rows: list[Row], column: int) -> np.ndarray:
    """A column of the truth as the table holds it: (days, half-hours), NaN where closed."""
    dense = np.full((5, 48), np.nan)
    for row in rows:
        dense[row[0].weekday(), row[0].hour * 2 + row[0].minute // 30] = row[column]
    return dense


@pytest.mark.parametrize("seed", range(1000, 1120))
def test_any_clothes_are_read_to_the_last_call(tmp_path: Path, seed: int) -> None:
    rows = week(seed, (MONDAY, EARLY_MONDAY)[seed % 2])
    table = read(tmp_path / "week.csv", dressed(rows, clothes(seed)))
    assert isinstance(table, IntervalTable), (clothes(seed), table)
    assert (table.first_day, table.n_days, table.interval) == (rows[0][0].date(), 5, 1800), clothes(seed)
    np.testing.assert_array_equal(table.offered[0], grid(rows, 1), err_msg=str(clothes(seed)))
    np.testing.assert_array_equal(table.agents[0], grid(rows, 3))
    known = grid(rows, 1) > 0
    np.testing.assert_allclose(table.aht[0][known], grid(rows, 2)[known])
    np.testing.assert_allclose(
        table.sl_pct[0][known], (100 * grid(rows, 5) / np.maximum(grid(rows, 1), 1))[known], atol=0.006
    )


Mutation = Callable[[list[str], random.Random], tuple[list[str], int | None]]


def one_row_less(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    at = chance.randrange(1, len(lines))
    return lines[:at] + lines[at + 1 :], -offered(lines[at])


def a_row_twice(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    at, to = chance.randrange(1, len(lines)), chance.randrange(1, len(lines))
    return [*lines[:to], lines[at], *lines[to:]], 0


def all_rows_twice(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    return lines + lines[1:], 0


def volume_unknown(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    at = chance.randrange(1, len(lines))
    return replaced(lines, at, 2, chance.choice(("", "-", "n/a"))), -offered(lines[at])


def volume_spoilt(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    return replaced(lines, chance.randrange(1, len(lines)), 2, chance.choice(("x", "1.2.3", "-5", "12:30"))), None


def start_spoilt(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    texts = ("2025-13-40 09:00", "later", "", "2025-01-20", "2025-01-20 9:07", "20/20/2025 09:00", "9")
    return replaced(lines, chance.randrange(1, len(lines)), 0, chance.choice(texts)), None


def another_channel(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    return replaced(lines, chance.randrange(1, len(lines)), 1, chance.choice(("fone", "", "all", "Total"))), None


def rows_shuffled(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    return [lines[0], *chance.sample(lines[1:], len(lines) - 1)], 0


def columns_shuffled(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    order = chance.sample(range(7), 7)
    return [",".join(line.split(",")[place] for place in order) for line in lines], 0


def a_wrong_total(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    return [*lines, f"Total,,{sum(map(offered, lines[1:])) + 9},,,,"], None


def wider_rows(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    at = chance.randrange(1, len(lines))
    return [*lines[:at], lines[at] + ",7", *lines[at + 1 :]], None


def a_day_total_at_midnight(lines: list[str], chance: random.Random) -> tuple[list[str], int | None]:
    days = sorted({line[:10] for line in lines[1:]})
    sums = {day: sum(offered(line) for line in lines[1:] if line.startswith(day)) for day in days}
    return [lines[0], *(f"{day} 00:00,phone,{sums[day]},300,9,1,80" for day in days), *lines[1:]], 0


MUTATIONS: tuple[Mutation, ...] = (
    one_row_less, a_row_twice, all_rows_twice, volume_unknown, volume_spoilt, start_spoilt, another_channel,
    rows_shuffled, columns_shuffled, a_wrong_total, wider_rows, a_day_total_at_midnight,
)  # fmt: skip

READ = (one_row_less, volume_unknown, rows_shuffled, columns_shuffled, a_day_total_at_midnight)


def offered(line: str) -> int:
    return int(line.split(",")[2])


def replaced(lines: list[str], at: int, column: int, text: str) -> list[str]:
    cells = lines[at].split(",")
    cells[column] = text
    return [*lines[:at], ",".join(cells), *lines[at + 1 :]]


@pytest.mark.parametrize("seed", range(2000, 2010))
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_spoilt_file_is_refused_or_its_total_is_known(tmp_path: Path, mutation: Mutation, seed: int) -> None:
    """`change` is what the mutation does to the total of a file that is read; None: it must not be read."""
    rows = week(seed, MONDAY)
    lines, change = mutation(dressed(rows, Clothes()).decode().splitlines(), random.Random(seed))
    table = read(tmp_path / "week.csv", "\n".join(lines).encode())
    if isinstance(table, InputError):
        assert str(table).startswith("week.csv")
        assert mutation not in READ
        return
    assert change is not None
    assert table.total_offered("phone") == sum(row[1] for row in rows) + change


@pytest.mark.parametrize("seed", range(3000, 3150))
def test_broken_bytes_never_end_in_a_traceback(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    sources = sorted(path for folder in FOLDERS for path in folder.glob("*.csv"))
    source = chance.choice(sources)
    data = bytearray(source.read_bytes()[:3000])
    for _ in range(chance.choice((1, 3, 30))):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(1, 40)]
            case 2:
                data[at:at] = chance.choice((b",", b'"', b"\n", b";", b"-", b"0", b"99999999", b"\xff", b"%", b":"))
            case _:
                data[at:at] = data[: chance.randrange(60)]
    table = read(tmp_path / source.name, bytes(data))
    if isinstance(table, InputError):
        assert str(table).strip()
    else:
        assert all(np.nansum(table.offered[i]) >= 0 for i in range(len(table.channels)))
