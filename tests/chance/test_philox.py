"""The generator against published vectors, and against NumPy's sibling of it through a twin of any word size."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chance.philox import multiply, philox, uniform

ONES = 0xFFFFFFFF
VECTORS = [  # Random123's kat_vectors, philox4x32, 10 rounds
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
CONSTANTS = {  # bits -> multipliers, Weyl increments (Salmon et al. 2011, section 3.3)
    32: ((0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85)),
    64: ((0xD2E7470EE14C6C93, 0xCA5A826395121157), (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)),
}


def twin(bits: int, counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """Philox4x<bits>-10 in Python's unbounded integers, written from the paper."""
    (m0, m1), weyl = CONSTANTS[bits]
    mask = (1 << bits) - 1
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = m0 * c0, m1 * c2
        c0, c1, c2, c3 = (p1 >> bits) ^ c1 ^ k0, p1 & mask, (p0 >> bits) ^ c3 ^ k1, p0 & mask
        k0, k1 = (k0 + weyl[0]) & mask, (k1 + weyl[1]) & mask
    return c0, c1, c2, c3


@pytest.mark.parametrize(("counter", "key", "words"), VECTORS)
def test_published_vectors(counter: tuple[int, ...], key: tuple[int, ...], words: tuple[int, ...]) -> None:
    assert tuple(philox(*counter, *key)) == words
    assert twin(32, counter, key) == words


def test_twin_is_numpys_philox_in_64_bits() -> None:
    draw = np.random.default_rng(20260105)
    for _ in range(50):
        counter, key = draw.integers(0, 1 << 63, 4, dtype=np.uint64), draw.integers(0, 1 << 63, 2, dtype=np.uint64)
        theirs = np.random.Philox(counter=counter, key=key).random_raw(4).tolist()
        first = int(counter[0]) + 1  # NumPy steps its counter before the first block
        assert list(twin(64, (first, *map(int, counter[1:])), tuple(map(int, key)))) == theirs


def test_compiled_words_equal_the_twin() -> None:
    words = np.random.default_rng(20260106).integers(0, 1 << 32, (500, 6)).tolist()
    for c0, c1, c2, c3, k0, k1 in words:
        assert tuple(philox(c0, c1, c2, c3, k0, k1)) == twin(32, (c0, c1, c2, c3), (k0, k1))


def test_products_of_extreme_words_do_not_wrap() -> None:
    extremes = (0, 1, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, ONES)
    for a in extremes:
        for b in extremes:
            assert tuple(multiply(a, b)) == (a * b >> 32, a * b & ONES)


def test_uniform_uses_52_bits_and_every_part_of_the_key() -> None:
    key = (11, 3, (5 << 45) | 77, 2 << 8, 7 << 16)
    w0, w1, *_ = twin(32, (key[2] & ONES, key[2] >> 32, key[3], key[4]), (key[0], key[1]))
    assert uniform(*key) == ((w0 >> 6 << 26) + (w1 >> 6) + 0.5) / 2**52
    values = {uniform(*key)}
    for part in range(5):
        values.add(uniform(*(value + (i == part) for i, value in enumerate(key))))
    values.add(uniform(11, 3, (6 << 45) | 77, 2 << 8, 7 << 16))  # the high word of the entity
    assert len(values) == 7


def test_uniforms_never_reach_zero_or_one() -> None:
    """The smallest and largest words give the ends of the open interval."""
    smallest, largest = 0.5 / 2**52, ((2**26 - 1) * 2**26 + (2**26 - 1) + 0.5) / 2**52
    assert smallest > 0.0
    assert largest < 1.0
    draws = np.array([uniform(1, 0, entity, 256, 7 << 16) for entity in range(30_000)])
    assert smallest <= draws.min() < 1e-3
    assert 1 - 1e-3 < draws.max() <= largest


@pytest.mark.parametrize("part", ["seed", "replication", "entity", "leg", "purpose"])
def test_neighbouring_keys_are_uncorrelated_and_uniform(part: str) -> None:
    """Seed 20260107; |r| and the KS distance have probability 1e-5 of exceeding the bounds."""
    n, at = 20_000, ["seed", "replication", "entity", "leg", "purpose"].index(part)
    base = [20260107, 0, 1 << 45, 1 << 8, 7 << 16]
    u = np.array([uniform(*(v + i * (j == at) for j, v in enumerate(base))) for i in range(n)])
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4.42 / np.sqrt(n)
    rank = np.arange(1, n + 1) / n
    distance = max(np.max(rank - np.sort(u)), np.max(np.sort(u) - rank + 1 / n))
    assert distance < np.sqrt(-np.log(0.5e-5) / 2 / n)
