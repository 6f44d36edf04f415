"""What a reader found while reading one file: problems, which stop it at the end, and notices, which do not.

Exists so that every check can go on after a mistake and all mistakes are reported together, in the order of the file;
a mistake that a whole column shares is one line.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import InputError, Problem

ALIKE = 3
"""mistakes of one kind in one column that are still reported one by one"""


@dataclass(frozen=True)
class Mistake:
    """A problem at a line; `detail` is what differs between mistakes of one kind, such as the cell."""

    line: int
    column: str
    what: str
    detail: str = ""


class Findings:
    """Collects problems and notices about the file called `name`, each with a line (0: the file as a whole)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._mistakes: list[Mistake] = []
        self._notices: list[tuple[int, str]] = []

    def problem(self, line: int, column: str, what: str, detail: str = "") -> None:
        """A mistake the user must mend; `column` may be ''."""
        self._mistakes.append(Mistake(line, column, what, detail))

    def notice(self, line: int, column: str, what: str) -> None:
        """Something the reader decided for the user, or finds odd; the file is still read."""
        self._notices.append((line, f"{self._where(line, column)}: {what}"))

    def add(self, other: Findings) -> None:
        """Takes over what was found elsewhere in the same file."""
        self._mistakes += other._mistakes
        self._notices += other._notices

    def check(self) -> None:
        """Raises InputError with all problems, ordered by line, if there are any."""
        if self._mistakes:
            raise InputError(self._problems())

    @property
    def clean(self) -> bool:
        """Whether no problem was found so far."""
        return not self._mistakes

    def holds(self, what: str) -> bool:
        """Whether this problem was reported already."""
        return any(mistake.what == what for mistake in self._mistakes)

    @property
    def notices(self) -> tuple[str, ...]:
        """The notices so far, ordered by line."""
        return tuple(text for _, text in sorted(self._notices, key=lambda each: each[0]))

    def _problems(self) -> list[Problem]:
        """One problem a mistake, but a single one for many of a kind."""
        kinds: dict[tuple[str, str], list[Mistake]] = {}
        for mistake in sorted(self._mistakes, key=lambda each: each.line):
            kinds.setdefault((mistake.column, mistake.what), []).append(mistake)
        shown = [each for alike in kinds.values() for each in (alike if len(alike) <= ALIKE else alike[:1])]
        return [
            Problem(self._where(each.line, each.column), each.what + each.detail + _rest(kinds[each.column, each.what]))
            for each in sorted(shown, key=lambda each: each.line)
        ]

    def _where(self, line: int, column: str) -> str:
        return self.name + (f" line {line}" if line else "") + (f", {column}" if column else "")


def _rest(alike: list[Mistake]) -> str:
    return f" (and {len(alike) - 1} more lines like it)" if len(alike) > ALIKE else ""
