"""What is made of some sections of a configuration only, and so need not be made anew where these are the same.

Comes in: a function of a configuration, and the names of the sections that it reads. Goes out: the function, which
remembers what it made of the last few. The other sections are hidden from it, so that it cannot depend on them. Points
of a sweep share the sections that no factor touches (`sim.sweep.configurations`), the very objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from ..model.centre import Centre, Configuration

P = ParamSpec("P")
T = TypeVar("T")
Made = Callable[Concatenate[Configuration, P], T]
MOST = 8
"""results of a function that are remembered"""
PLAIN = (str, int, float, tuple, type(None))
MEMORIES: list[list[Any]] = []
"""of all such functions; tests clear them"""


class Only:
    """A configuration of which only some sections are there."""

    def __init__(self, config: Configuration, sections: Iterable[str]) -> None:
        vars(self).update((name, getattr(config, name)) for name in sections)

    @cached_property
    def open_channels(self) -> tuple[str, ...]:
        """As those of the configuration."""
        return cast("tuple[str, ...]", cast(Any, Centre.open_channels).fget(self))


def made_of(*sections: str) -> Callable[[Made[P, T]], Made[P, T]]:
    """Of a function of these sections and of other arguments. Names, numbers and tuples of them are the same if they
    are equal; sections and all else, which never change, if they are the very objects: equal sections may differ in the
    order of their names, which numbers what they name. What the function gives is shared, and must not be changed."""

    def remembering(make: Made[P, T]) -> Made[P, T]:
        """The function with its memory, the last result first."""
        known: list[tuple[tuple[Any, ...], tuple[Any, ...], T]] = []
        MEMORIES.append(known)

        def made(config: Configuration, *args: P.args, **kwargs: P.kwargs) -> T:
            """What is known, or else made now."""
            parts = (*(getattr(config, name) for name in sections), *args, *kwargs.values())
            key = tuple([part if isinstance(part, PLAIN) else id(part) for part in parts])
            for other, _, result in known:
                if other == key:
                    return result
            result = make(cast(Configuration, Only(config, sections)), *args, **kwargs)
            known[:] = [(key, parts, result), *known[: MOST - 1]]
            return result

        return cast("Made[P, T]", wraps(make)(made))

    return remembering
