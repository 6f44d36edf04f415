"""One job: a validated configuration becomes a folder of results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..model import Configuration


def run_job(config: Configuration, container: dict[str, Any], folder: Path, overrides: list[str]) -> None:
    """Runs `config` and writes its results to `folder`; raises InputError for what the user can mend."""
    import yaml

    (folder / "configuration.yaml").write_text(yaml.safe_dump(container, sort_keys=False), encoding="utf-8")
    print(f"{config.scenario.name}: {' '.join(overrides) or 'defaults'} is valid; {folder}")
