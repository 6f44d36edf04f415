"""Philox4x32-10: a counter-based generator, so that a draw depends on its key and on nothing that happened before.

Comes in: a two-word key (seed, replication) and a four-word counter (entity, leg, purpose). Goes out: four 32-bit
words, or a uniform in the open interval (0, 1). Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
easy as 1, 2, 3", SC11 (2011); checked against the test vectors of their Random123 library.
"""

from __future__ import annotations

from .jit import compiled_for

MASK = 0xFFFFFFFF
MULTIPLIER_0, MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85
TWO_26, TWO_MINUS_52 = 67108864.0, 2.0**-52


@compiled_for("UniTuple(int64, 2)(int64, int64)")
def multiply(a: int, b: int) -> tuple[int, int]:
    """High and low 32 bits of the product of two 32-bit numbers. Compiled, the product is one of 64 bits, whose sign
    the mask takes off again; in plain Python it is exact."""
    product = int(a) * int(b)
    return product >> 32 & MASK, product & MASK


@compiled_for("UniTuple(int64, 4)(int64, int64, int64, int64, int64, int64)")
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Ten rounds over counter (c0..c3) with key (k0, k1), all 32-bit words."""
    for _ in range(10):
        high0, low0 = multiply(c0, MULTIPLIER_0)
        high1, low1 = multiply(c2, MULTIPLIER_1)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@compiled_for("float64(int64, int64, int64, int64, int64)")
def uniform(seed: int, replication: int, entity: int, leg: int, purpose: int) -> float:
    """A uniform in (0, 1) that belongs to (seed, replication, entity, leg, purpose): 52 random bits, never 0 or 1."""
    w0, w1, _, _ = philox(entity & MASK, entity >> 32, leg, purpose, seed, replication)
    return ((w0 >> 6) * TWO_26 + (w1 >> 6) + 0.5) * TWO_MINUS_52
