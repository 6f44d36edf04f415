"""Pictures of a run: the journeys, the day, the scorecard, and those of extensions.

Comes in: the `Results` of replications. Goes out: PNG for slides and SVG for print. Matplotlib is imported when the
first picture is drawn, never pyplot: a run without pictures does not pay for it, and no global state is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ..extensions import calling, registered

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..runs.replicate import Results

__all__ = ["FIGURES", "begun", "draw_all"]

Draw: TypeAlias = "Callable[[Results], Figure]"
FIGURES = ("journeys", "day", "scorecard")
"""pictures of every run: modules of this room with `draw(results)`"""


def draw_all(results: Results, folder: Path) -> list[Path]:
    """Draws FIGURES and the pictures of extensions as .png and .svg into `folder` (made if
    missing); returns the files."""
    return begun(results, folder)()


def begun(results: Results, folder: Path) -> Callable[[], list[Path]]:
    """The same, begun in processes of their own where that is possible (`apart`): what comes back waits for the
    files. Raises InputError there for a figure of an extension that fails."""
    from .apart import Drawing

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    draws: dict[str, Draw] = {name: partial(_shipped, name) for name in FIGURES}
    draws |= {name: partial(_drawn, name, draw) for name, draw in registered("figure").items()}
    tasks = {name: partial(_saved, draw, results, folder / name) for name, draw in draws.items()}
    drawing = Drawing(tasks, results.config.run.workers, _prepared)

    def files() -> list[Path]:
        """All files, once they are there."""
        drawing.finish()
        return [(folder / name).with_suffix(suffix) for name in tasks for suffix in (".png", ".svg")]

    return files


def _prepared() -> None:
    """Imports Matplotlib into a copy that draws. For each of its classes Matplotlib writes a text on its keywords, two
    fifths of the import; nobody asks a copy for help."""
    from matplotlib import artist

    setattr(artist, "kwdoc", lambda _: "")  # noqa: B010 (mypy knows that it is a function)
    import_module(".page", __package__)


def _saved(draw: Draw, results: Results, stem: Path) -> list[Path]:
    from .page import house_style, save

    with house_style():
        return save(draw(results), stem)


def _shipped(name: str, results: Results) -> Figure:
    """A picture of FIGURES."""
    figure: Figure = import_module(f".{name}", __package__).draw(results)
    return figure


def _drawn(name: str, draw: Draw, results: Results) -> Figure:
    """The picture of an extension; raises InputError for a function that fails or gives something else."""
    from matplotlib.figure import Figure

    with calling("figure", name):
        made = draw(results)
        if not isinstance(made, Figure):
            raise TypeError(f"must give a matplotlib Figure, gave {type(made).__name__}")
        return made
