"""Guards of the theory package: numbers of the caller come in, the same numbers go out, or a ValueError naming the
offending one. It exists so that every formula refuses nonsense in the same words."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
SUM_TOLERANCE = 1e-9


def positive(name: str, value: float) -> float:
    """Pass on a number that is finite and above zero; raise ValueError otherwise."""
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name}: must be positive and finite, got {value!r}")
    return float(value)


def not_negative(name: str, value: float) -> float:
    """Pass on a number that is finite and at least zero; raise ValueError otherwise."""
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name}: must be at least 0 and finite, got {value!r}")
    return float(value)


def fraction(name: str, value: float, *, below_one: bool = False) -> float:
    """Pass on a number in [0, 1], or in [0, 1) with `below_one`; raise ValueError otherwise."""
    if not (0 <= value <= 1) or (below_one and value == 1):
        raise ValueError(f"{name}: must be in [0, 1{')' if below_one else ']'}, got {value!r}")
    return float(value)


def whole(name: str, value: int, least: int = 0) -> int:
    """Pass on an integer of at least `least`; raise ValueError otherwise (also for 3.0 and True)."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name}: must be a whole number of at least {least}, got {value!r}")
    return int(value)


def known(name: str, value: str, options: tuple[str, ...]) -> str:
    """Pass on a word that is one of `options`; raise ValueError listing them otherwise."""
    if value not in options:
        raise ValueError(f"{name}: must be one of {', '.join(options)}, got {value!r}")
    return value


def stable(name: str, load: float, servers: int) -> None:
    """Raise ValueError unless the offered load (Erlang) is below the number of servers."""
    if not load < servers:
        raise ValueError(f"{name}: must exceed the offered load of {load:g} Erlang for a stable queue, got {servers}")


def array(name: str, values: ArrayLike, shape: tuple[int, ...] | None = None, *, upper: float = math.inf) -> FloatArray:
    """A read-only float copy of `values`, finite, in [0, upper], of the stated shape (default: any vector that is not
    empty); raise ValueError naming the first bad entry otherwise."""
    result = np.array(values, dtype=np.float64)
    if shape is None and (result.ndim != 1 or result.size == 0):
        raise ValueError(f"{name}: must be a vector with at least one entry, got shape {result.shape}")
    if shape is not None and result.shape != shape:
        raise ValueError(f"{name}: must have shape {shape}, got {result.shape}")
    bad = np.argwhere(~(np.isfinite(result) & (result >= 0) & (result <= upper)))
    if len(bad):
        place = ", ".join(str(i) for i in bad[0])
        raise ValueError(f"{name}[{place}]: must be finite and in [0, {upper:g}], got {float(result[tuple(bad[0])])!r}")
    result.flags.writeable = False
    return result


def distribution(name: str, values: ArrayLike, size: int | None = None) -> FloatArray:
    """A vector of probabilities that sums to 1 (within 1e-9); raise ValueError with the sum otherwise."""
    result = array(name, values, None if size is None else (size,), upper=1.0)
    if abs(result.sum() - 1) > SUM_TOLERANCE:
        raise ValueError(f"{name}: must sum to 1, got {float(result.sum()):.12g}")
    return result


def rows_up_to_one(name: str, values: ArrayLike, size: int, *, exactly: bool = False) -> FloatArray:
    """A square matrix of probabilities whose rows sum to at most 1 (exactly 1 with `exactly`; within 1e-9); raise
    ValueError with the row and its sum otherwise."""
    result = array(name, values, (size, size), upper=1.0)
    for row, total in enumerate(result.sum(axis=1)):
        if total > 1 + SUM_TOLERANCE or (exactly and total < 1 - SUM_TOLERANCE):
            raise ValueError(f"{name}[{row}]: must sum to {'1' if exactly else 'at most 1'}, got {float(total):.12g}")
    return result
