"""Overrides in, a plain resolved mapping out: what the Python interface (`sim.load`) and the tests call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError
from .hydra_glue import compose_raw, plain
from .mistakes import mended, reject_slips
from .paths import given


def compose(overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> dict[str, Any]:
    """The configuration that `python -m sim` with these overrides would run, as plain dicts, lists and scalars.

    `config_dir` is a folder with scenarios (or other groups) of one's own. Raises InputError for a misspelt key, an
    unknown scenario or a text that is no override; values are checked later, by `Configuration.from_mapping`.
    """
    words = list(overrides)
    with given(config_dir):
        reject_slips(words)
        while True:
            try:
                return plain(compose_raw(words))
            except InputError:
                raise
            except Exception as error:
                words = mended(words, error)
