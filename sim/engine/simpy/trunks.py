"""Lines: how many contacts can be connected at a time, of one channel or of several that share them."""

from __future__ import annotations


class Trunk:
    """Lines that contacts hold while connected; a hop without delay within the same trunk keeps its line."""

    __slots__ = ("connected", "lines")

    def __init__(self, lines: float) -> None:
        self.lines = lines
        self.connected = 0

    def full(self) -> bool:
        """Whether no line is free."""
        return self.connected >= self.lines

    def connect(self) -> None:
        """Take a line."""
        self.connected += 1

    def release(self) -> None:
        """Give a line back."""
        self.connected -= 1
