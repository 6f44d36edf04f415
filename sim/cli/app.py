"""The command line: help without delay, Hydra for the rest, mistakes in plain words, exit codes.

0 done; 1 a fault of the program (with its traceback), or some points of a sweep failed; 2 a mistake of the user's;
130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError, Problem

if TYPE_CHECKING:
    from omegaconf import DictConfig

MISTAKE, INTERRUPTED = 2, 130
_RAISED: list[Exception] = []  # by the run at hand
_ADDED: set[str] = set()  # keys to which `mended` gave plus signs


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line `argv` (default: the process's own) and returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if {"-h", "--help"} & set(words):
            from .usage import usage

            print(usage(), end="")
            return 0
        if "--version" in words:
            from importlib.metadata import version

            print(f"switchboard {version('switchboard-sim')}")
            return 0
        return _with_hydra(words)
    except InputError as error:
        complain(error)
        return MISTAKE
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def complain(error: InputError, prefix: str = "error: ") -> None:
    """Every problem on a line of its own on the error stream."""
    for line in str(error).splitlines():
        print(f"{prefix}{line}", file=sys.stderr)


def _with_hydra(words: list[str]) -> int:
    if sys.version_info >= (3, 14):
        print("error: Python 3.14 is not supported yet (Hydra 1.3); use 3.11 to 3.13", file=sys.stderr)
        return MISTAKE
    from . import gather
    from .mistakes import reject_slips

    words = _options_first(words)
    reject_slips(_arguments(words).overrides)
    gather.start()
    _ADDED.clear()
    while (retry := _attempt(words)) is not None:
        words = retry
    return gather.exit_code()


def _arguments(words: list[str]) -> argparse.Namespace:
    """Hydra's reading of the command line."""
    from hydra._internal.utils import get_args_parser

    arguments, rest = get_args_parser().parse_known_args(words)
    unknown = [word for word in rest if word.startswith("-")]
    if unknown:
        raise InputError([Problem(word, "unknown option; --help shows the known ones") for word in unknown])
    arguments.overrides += rest
    return arguments


def _options_first(words: list[str]) -> list[str]:
    """Hydra's parser takes overrides on one side of an option only; people write them on both."""
    overrides: list[str] = _arguments(words).overrides
    return [word for word in words if word not in overrides] + overrides


def _attempt(words: list[str]) -> list[str] | None:
    """Runs Hydra once; the command line to try again with if a known key only had to be added, None when done."""
    from . import gather
    from .mistakes import mended

    try:
        _hydra_main(words)
    except Exception as error:
        arguments = _arguments(words)
        better = mended(arguments.overrides, error, arguments.config_dir)
        changed = {old: new for old, new in zip(arguments.overrides, better, strict=True) if old != new}
        _ADDED.update(new.partition("=")[0] for new in changed.values())
        return [changed.get(word, word) for word in words]
    finally:
        gather.finish()  # what a stopped sweep has done is not lost
    if _RAISED:
        raise _RAISED.pop()
    return None


def _hydra_main(words: list[str]) -> None:
    """Hydra's application; it reads the process's arguments, and with HYDRA_FULL_ERROR lets exceptions through."""
    import hydra

    from .hydra_glue import register, version_base
    from .paths import conf

    register()
    program = "switchboard" if Path(sys.argv[0]).name == "__main__.py" else sys.argv[0]
    before, full_error = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv, os.environ["HYDRA_FULL_ERROR"] = [program, *words], "1"
    try:
        hydra.main(config_path=str(conf()), config_name="config", **version_base())(_job)()
    finally:
        sys.argv = before
        os.environ.pop("HYDRA_FULL_ERROR")
        if full_error is not None:
            os.environ["HYDRA_FULL_ERROR"] = full_error


def _job(composed: DictConfig) -> None:
    """One composed configuration: alone, or a point of a sweep, whose failure is a result like others."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    from .gather import record
    from .hydra_glue import unresolved

    node = HydraConfig.get()
    folder = Path(node.runtime.output_dir)
    overrides = [_as_typed(str(word)) for word in unresolved(node.overrides.task)]
    if node.mode == RunMode.MULTIRUN:
        with record(folder, int(node.job.num), overrides):
            _simulate(composed, folder, overrides, brief=True)
        return
    try:
        _simulate(composed, folder, overrides)
    except Exception as error:  # raised again outside Hydra, which would print lines of its own
        _remove_empty(folder)
        _RAISED.append(error)


def _as_typed(word: str) -> str:
    """An override without the plus signs that `mended` gave it."""
    return word.lstrip("+") if word.partition("=")[0] in _ADDED else word


def _simulate(composed: DictConfig, folder: Path, overrides: list[str], brief: bool = False) -> None:
    from ..chance.jit import is_cold
    from .hydra_glue import plain
    from .load import read

    config = read(plain(composed), overrides, _named_folder())
    if is_cold():
        print("compiling (once for this version) ...", file=sys.stderr)
    from .job import run_job

    run_job(config, folder, brief)


def _named_folder() -> str | None:
    """The folder that `--config-dir` named."""
    from hydra.core.hydra_config import HydraConfig

    sources = HydraConfig.get().runtime.config_sources
    named = [str(each.path) for each in sources if each.provider == "command-line"]
    return named[0] if named else None


def _remove_empty(folder: Path) -> None:
    """A mistake found before anything was written leaves no folders behind."""
    for each in (folder, folder.parent):
        if each.is_dir() and not any(each.iterdir()):
            each.rmdir()
