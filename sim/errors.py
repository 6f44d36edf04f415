"""A user's mistakes, said in a way that lets the user mend them.

Comes in: what a reader or a loader found wrong. Goes out: one exception that holds every problem found, so that a
file with five mistakes takes one run to mend and not five. Errors of the programmer stay ordinary exceptions.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TRACEBACKS = "SWITCHBOARD_TRACEBACKS"
"""A variable of the environment: set, an exception that would become a message is raised as it is."""
SHOWN = 20  # problems printed before "and N more": a screen, not a scroll
LISTED = 12  # known names printed before "...": a mistyped name should not print a directory


@dataclass(frozen=True)
class Problem:
    """One mistake: the place in the user's own words (file, line, column or dotted key) and what is wrong there."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class InputError(Exception):
    """A user's mistake (or several) in a file, a configuration or a command; never a fault of the program.

    `problems` keeps all of them; the text shows the first 20, one a line, and counts the rest.
    """

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)  # args rebuild it, so that it survives pickling out of a worker process

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        rest = len(self.problems) - SHOWN
        return "\n".join([*lines, f"and {rest} more"] if rest > 0 else lines)


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest known one, else the known ones; '' if there are none.

    >>> nearest("Offerd", ["offered", "agents"])
    "; did you mean 'offered'?"
    >>> nearest("colour", ["offered", "agents"])
    ' (known: offered, agents)'
    """
    names = list(known)
    folded = {each.casefold(): each for each in names}
    close = difflib.get_close_matches(name.casefold(), folded, n=1)
    if close:
        return f"; did you mean {folded[close[0]]!r}?"
    more = ", ..." if len(names) > LISTED else ""
    return f" (known: {', '.join(names[:LISTED])}{more})" if names else ""
