"""Pictures of a run: the journeys, the day, the scorecard, and those of extensions.

Comes in: the `Results` of replications. Goes out: PNG for slides and SVG for print. Matplotlib is imported when the
first picture is drawn, never pyplot: a run without pictures does not pay for it, and no global state is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..extensions import calling, registered

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..runs.replicate import Results

__all__ = ["FIGURES", "draw_all"]

FIGURES = ("journeys", "day", "scorecard")
"""pictures of every run: modules of this room with `draw(results)`"""


def draw_all(results: Results, folder: Path) -> list[Path]:
    """Draws FIGURES and the pictures of extensions as .png and .svg into `folder` (made if
    missing); returns the files."""
    from .page import house_style, save

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for name in FIGURES:
        with house_style():
            files += save(import_module(f".{name}", __package__).draw(results), folder / name)
    for name, draw in registered("figure").items():
        with house_style():
            files += save(_drawn(name, draw, results), folder / name)
    return files


def _drawn(name: str, draw: Callable[[Results], Figure], results: Results) -> Figure:
    """The picture of an extension; raises InputError for a function that fails or gives something else."""
    from matplotlib.figure import Figure

    with calling("figure", name):
        made = draw(results)
        if not isinstance(made, Figure):
            raise TypeError(f"must give a matplotlib Figure, gave {type(made).__name__}")
        return made
