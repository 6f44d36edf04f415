"""One job: a validated configuration becomes a folder of results."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

from ..experiments.load import overload_warnings
from ..experiments.replicate import replicate
from ..model import Configuration
from ..reports.console import tables
from ..reports.files import write_log, write_results


def run_job(config: Configuration, container: dict[str, Any], folder: Path, overrides: list[str]) -> None:
    """Runs `config` and writes its results to `folder`; raises InputError for what the user can mend."""
    notes = list(overload_warnings(config))
    for note in notes:
        print(f"warning: {note}", file=sys.stderr)
    if config.data.intervals is not None:
        from .own_centre import fitted

        config = fitted(config, container, folder, overrides)
    keep = partial(write_log, folder=folder) if config.run.log else None
    results = replicate(config, progress=True, keep=keep)
    paths = write_results(results, container, folder, overrides)
    print(tables(results))
    if config.run.plots:
        from ..plots import draw_all

        paths += draw_all(results, folder)
    print(f"\nResults: {folder}/ ({', '.join(path.name for path in paths)})")
