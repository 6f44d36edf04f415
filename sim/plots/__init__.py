"""Three pictures of a run: the journeys, the day, the scorecard.

Comes in: the `Results` of replications. Goes out: PNG for slides and SVG for print. Matplotlib is imported when the
first picture is drawn, never pyplot: a run without pictures does not pay for it, and no global state is touched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..runs.replicate import Results

__all__ = ["draw_all"]


def draw_all(results: Results, folder: Path) -> list[Path]:
    """Draws `journeys`, `day` and `scorecard` as .png and .svg into `folder` (made if missing); returns the files."""
    from . import day, journeys, scorecard
    from .page import house_style, save

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for module in (journeys, day, scorecard):
        with house_style():
            files += save(module.draw(results), folder / module.__name__.rpartition(".")[2])
    return files
