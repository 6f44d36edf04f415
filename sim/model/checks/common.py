"""What all checks across parts need: names that must be known, mixes that must sum to one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...errors import Problem, nearest
from ..base import NAME

SUM_TOLERANCE = 1e-6


def unknown(where: str, names: Iterable[str], known: Iterable[str], what: str) -> Iterator[Problem]:
    """A problem for each name that is not known, with the nearest that is."""
    known = list(known)
    for name in names:
        if name not in known:
            yield Problem(f"{where}.{name}", f"unknown {what}{nearest(name, known)}")


def plain_names(where: str, names: Iterable[str], taken: Iterable[str] = ()) -> Iterator[Problem]:
    """A problem for each name that is not letters, digits, spaces, _ and -, or that stands for something else."""
    reserved = tuple(taken)
    for name in names:
        if not NAME.match(name):
            what = "is no name: up to 64 letters, digits, spaces, _ and -, a letter or digit first"
            yield Problem(f"{where}.{name!r}", what)
        elif name in reserved:
            yield Problem(f"{where}.{name}", "this name has a meaning of its own in the tables; choose another")


def sums_to_one(where: str, mix: Mapping[str, float]) -> Iterator[Problem]:
    """A problem if the mix, unless it is empty, does not sum to one."""
    total = sum(mix.values())
    if mix and abs(total - 1) > SUM_TOLERANCE:
        parts = ", ".join(f"{name} {share:g}" for name, share in mix.items())
        yield Problem(where, f"must sum to 1, sums to {total:.6g} ({parts})")


def not_empty(where: str, mix: Mapping[str, float]) -> Iterator[Problem]:
    """A problem if nobody goes anywhere, which would read as giving up."""
    if not mix:
        yield Problem(where, "is empty: must sum to 1, such as {give_up: 1}")
