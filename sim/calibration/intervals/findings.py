"""What a reader found while reading one file: problems, which stop it at the end, and notices, which do not.

Exists so that every check can go on after a mistake and all mistakes are reported together, in the order of the file.
"""

from __future__ import annotations

from sim.errors import InputError, Problem


class Findings:
    """Collects problems and notices about the file called `name`, each with a line (0: the file as a whole)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._problems: list[tuple[int, Problem]] = []
        self._notices: list[tuple[int, str]] = []

    def problem(self, line: int, column: str, what: str) -> None:
        """A mistake the user must mend; `column` may be ''."""
        self._problems.append((line, Problem(self._where(line, column), what)))

    def notice(self, line: int, column: str, what: str) -> None:
        """Something the reader decided for the user, or finds odd; the file is still read."""
        self._notices.append((line, f"{self._where(line, column)}: {what}"))

    def check(self) -> None:
        """Raises InputError with all problems, ordered by line, if there are any."""
        if self._problems:
            raise InputError([problem for _, problem in sorted(self._problems, key=lambda each: each[0])])

    @property
    def clean(self) -> bool:
        """Whether no problem was found so far."""
        return not self._problems

    @property
    def notices(self) -> tuple[str, ...]:
        """The notices so far, ordered by line."""
        return tuple(text for _, text in sorted(self._notices, key=lambda each: each[0]))

    def _where(self, line: int, column: str) -> str:
        return self.name + (f" line {line}" if line else "") + (f", {column}" if column else "")
