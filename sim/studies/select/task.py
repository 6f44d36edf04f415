"""`study=select`: which alternative is best, or within a difference that does not matter of the best?

Comes in: a configuration with `study.scenarios` or `study.against`. Goes out: the `Selection`; selection.csv and
values.csv (with Parquet), written anew after each batch of replications, and the answer in words.
"""

from __future__ import annotations

from pathlib import Path

from tqdm import tqdm

from ...errors import InputError, Problem
from ...model.centre import Configuration
from ...statistics.selection import Selection, select
from ..alternatives import alternatives
from ..base import Keep, Study, nothing
from .study import Designs
from .words import selection_words, write_selection


class Race(Study):
    """The baseline and its alternatives, the clearly worse dropped early."""

    kind = "select"

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self.asked = alternatives(config)
        if len(self.asked) < 2:
            raise InputError(Problem("study.scenarios", "needs a scenario beside the baseline"))
        self.designs = Designs(self.asked, config.study.select)
        self.selection: Selection | None = None
        """the answer; while the race runs, where it stands"""

    def answer(self, progress: bool = False, keep: Keep = nothing) -> None:
        """Runs the race."""
        asked, ground = self.config.study.select, self.stand(progress)
        self.designs = Designs({name: ground.simulated(each) for name, each in self.asked.items()}, asked)
        with tqdm(total=None, unit="run", disable=None if progress else True) as bar:

            def on(selection: Selection) -> None:
                """Keeps where the race stands, and shows it."""
                self.selection = selection
                keep()
                bar.set_description(f"{len(selection.left)} designs left, at most {selection.wanted} replications each")
                bar.update(sum(map(len, selection.values.values())) - bar.n)

            self.selection = select(
                self.designs.draw, len(self.designs.names), delta=asked.within, confidence=self.config.run.confidence,
                first=asked.first, most=asked.most, procedure=asked.procedure, said=on,
            )  # fmt: skip

    def write(self, folder: Path) -> list[Path]:
        """selection and values, each as CSV and Parquet, and the manifest."""
        if self.selection is None:
            return []
        baseline = next(iter(self.asked.values()))
        folder.mkdir(parents=True, exist_ok=True)
        write_selection(folder, self.designs, self.selection, baseline.source, self.overrides)
        return [folder / name for name in ("selection.csv", "values.csv", "manifest.json")]

    def words(self) -> str:
        """Which is best, when each of the others was out, and what that stands on."""
        return selection_words(self.designs, self.selection) if self.selection else ""

    def interrupted(self, folder: Path) -> str:
        """The replications are not lost."""
        return f"what finished is in {folder}/values.csv"
