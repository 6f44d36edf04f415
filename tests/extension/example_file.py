"""Where the example is, and a process that forgets what it loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim import extensions

FOLDER = Path(__file__).parent / "example"
EXAMPLE = FOLDER / "switchboard_example" / "__init__.py"


@contextmanager
def forgotten() -> Iterator[None]:
    """What is loaded inside is forgotten at its end."""
    extensions.load_installed()
    before = tuple(extensions._LOADED)
    try:
        yield
    finally:
        for module in [each for each in extensions._LOADED if each not in before]:
            extensions._forget(module)
