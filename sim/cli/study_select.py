"""`study=select` on the command line: which scenario is best, or within a difference that does not matter of the best?

Comes in: the overrides as typed. Goes out: selection.csv and values.csv (with Parquet; written anew after each batch of
replications, so that Ctrl-C loses none that finished) and a finding in words.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from ..errors import InputError, Problem
from ..model import Configuration
from ..statistics.selection import Selection, select
from ..studies.select.race import Designs
from ..studies.select.words import selection_words, write_selection
from .study import composed_all


def run_selection(config: Configuration, folder: Path, overrides: Sequence[str]) -> None:
    """Runs the race and writes it to `folder`; raises InputError for what the user can mend."""
    asked = config.study.select
    containers = composed_all(config, overrides)
    if len(containers) < 2:
        raise InputError(Problem("study.scenarios", "needs a scenario beside the baseline"))
    designs = Designs({name: Configuration.from_mapping(each) for name, each in containers.items()}, asked)
    folder.mkdir(parents=True, exist_ok=True)
    container = containers[config.study.baseline]
    with tqdm(total=None, unit="run", disable=None) as bar:

        def said(found: Selection) -> None:
            write_selection(folder, designs, found, container, overrides)
            bar.set_description(f"{len(found.left)} designs left, at most {found.wanted} replications each")
            bar.update(sum(map(len, found.values.values())) - bar.n)

        try:
            found = select(
                designs.draw, len(designs.names), delta=asked.within, confidence=config.run.confidence,
                first=asked.first, most=asked.most, procedure=asked.procedure, said=said,
            )  # fmt: skip
        except KeyboardInterrupt:
            print(f"interrupted: what finished is in {folder}/values.csv", file=sys.stderr)
            raise
    print(selection_words(designs, found))
    print(f"\nResults: {folder}/ (selection.csv, values.csv, both with Parquet, manifest.json)")
