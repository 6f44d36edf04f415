"""Differences as rows of comparison.csv."""

from __future__ import annotations

from dataclasses import fields

from .study import Difference

COLUMNS = (*(field.name for field in fields(Difference)), "verdict", "found", "replications_to_tell")


def row_of(difference: Difference) -> list[object]:
    """A row of comparison.csv, as COLUMNS."""
    values: list[object] = [getattr(difference, field.name) for field in fields(Difference)]
    return [*values, difference.verdict, difference.found, difference.replications_to_tell or ""]
