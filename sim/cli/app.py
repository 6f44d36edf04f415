"""The command line: help without delay, Hydra for the rest, mistakes in plain words, exit codes.

0 done; 1 a fault of the program (with its traceback), some points of a sweep failed, a rerun gave other numbers, or
`run.precision` was not reached; 2 a mistake of the user's;
130 interrupted (Ctrl-C), 143 terminated: what was finished is on disk in both cases.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import TRACEBACKS, InputError, Problem
from ..extensions import add
from .paths import given

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from ..model import Configuration

MISTAKE = 2
_STOPPED: list[int] = []  # the signal that stopped the run at hand
_RAISED: list[Exception] = []  # by the run at hand
_ADDED: set[str] = set()  # keys to which `mended` gave plus signs


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line `argv` (default: the process's own) and returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    _speak_anyhow()
    try:
        words = _with_extensions(words)
        with given(_config_dir(words)), _stoppable():
            return _answered(words)
    except InputError as error:
        complain(error)
        return MISTAKE
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 128 + (_STOPPED or [signal.SIGINT])[-1]
    except SystemExit as leaving:  # Hydra's, after its own help or a usage message
        return leaving.code if isinstance(leaving.code, int) else MISTAKE if leaving.code else 0


def _speak_anyhow() -> None:
    """A daemon has no streams, and some consoles lack our letters: neither may cost a result."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (open until the process ends)
        elif hasattr(stream, "reconfigure") and stream.errors == "strict":
            stream.reconfigure(errors="replace")


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM, which schedulers and containers send, behaves like Ctrl-C; a main thread alone can arrange it."""
    _STOPPED.clear()
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _stop(number: int, _frame: object) -> None:
    _STOPPED.append(number)
    raise KeyboardInterrupt


def _with_extensions(words: Sequence[str]) -> list[str]:
    """The command line without `--extension FILE`, which may stand anywhere and several times; the files are loaded."""
    rest: list[str] = []
    each = iter(words)
    for word in each:
        option, equals, value = word.partition("=")
        if option == "--extension":
            add(value if equals else next(each, ""))
        else:
            rest.append(word)
    return rest


def _settled() -> None:
    """Rubbish is looked for from here on, in what is new; see `sim.__main__`."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _config_dir(words: Sequence[str]) -> str | None:
    """What follows --config-dir, read without Hydra, for help is instant."""
    for word, after in zip(words, [*words[1:], None], strict=False):
        option, equals, value = word.partition("=")
        if option in ("--config-dir", "-cd"):
            return value if equals else after
    return None


def _answered(words: list[str]) -> int:
    if {"-h", "--help"} & set(words):
        from .usage import usage

        print(usage(), end="")
        return 0
    if "--version" in words:
        from importlib.metadata import version

        print(f"switchboard {version('switchboard-sim')}")
        return 0
    if words[:1] == ["rerun"]:
        from .again import rerun_command

        _settled()
        return rerun_command(words[1:])
    if words[:1] == ["verify"]:
        from .again import verify_command

        _settled()
        return verify_command(words[1:])
    return _with_hydra(words)


def complain(error: InputError, prefix: str = "error: ") -> None:
    """Every problem on a line of its own on the error stream."""
    for line in str(error).splitlines():
        plain = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line)
        print(f"{prefix}{plain}", file=sys.stderr)  # what a file holds must not move the console's cursor


def _with_hydra(words: list[str]) -> int:
    from . import gather
    from .mistakes import reject_slips

    words = _options_first(words)
    reject_slips(_arguments(words).overrides)
    gather.start()
    _ADDED.clear()
    while (retry := _attempt(words)) is not None:
        words = retry
    if gather.EMPTY:
        raise InputError(Problem("-m", "sweeps over no point: a glob or a range that matches nothing"))
    return gather.exit_code()


def _arguments(words: list[str]) -> argparse.Namespace:
    """Hydra's reading of the command line."""
    from hydra._internal.utils import get_args_parser

    from .hydra_glue import unchecked_help

    with unchecked_help():
        arguments, rest = get_args_parser().parse_known_args(words)
    unknown = [word for word in rest if word.startswith("-")]
    if unknown:
        raise InputError([Problem(word, "unknown option; --help shows the known ones") for word in unknown])
    if getattr(arguments, "experimental_rerun", None) is not None:
        what = "runs whatever its pickle says: use python -m sim rerun FOLDER"
        raise InputError(Problem("--experimental-rerun", what))
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
        better = mended(arguments.overrides, error)
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

    from .hydra_glue import composed_once, quiet, register, unchecked_help, version_base
    from .paths import conf
    from .sources import checked_files

    register()
    program = "switchboard" if Path(sys.argv[0]).name == "__main__.py" else sys.argv[0]
    before, full_error = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv, os.environ["HYDRA_FULL_ERROR"] = [program, *words], "1"
    try:
        with checked_files(), unchecked_help(), quiet(), composed_once(words):
            hydra.main(config_path=str(conf()), config_name="config", **version_base())(_job)()
    finally:
        sys.argv = before
        os.environ.pop("HYDRA_FULL_ERROR")
        if full_error is not None:
            os.environ["HYDRA_FULL_ERROR"] = full_error


def _job(composed: DictConfig) -> float | None:
    """One composed configuration: alone, or a point of a sweep, whose failure is a result like others.

    Returns the objective, if one is asked for, to the sweeper; not a number for a point that failed.
    """
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    from .folders import remove_made
    from .gather import record
    from .hydra_glue import as_written, unresolved

    node = HydraConfig.get()
    folder = Path(as_written(node.runtime, "output_dir"))
    overrides = [_as_typed(str(word)) for word in unresolved(node.overrides.task)]
    if node.mode == RunMode.MULTIRUN:
        with record(folder, int(node.job.num), overrides):
            return _simulate(composed, folder, overrides, brief=True)
        return math.nan
    try:
        return _simulate(composed, folder, overrides)
    except Exception as error:  # raised again outside Hydra, which would print lines of its own
        remove_made(folder)
        _RAISED.append(error)
    return None


def _as_typed(word: str) -> str:
    """An override without the plus signs that `mended` gave it."""
    return word.lstrip("+") if word.partition("=")[0] in _ADDED else word


def _simulate(composed: DictConfig, folder: Path, overrides: list[str], brief: bool = False) -> float | None:
    from ..chance.jit import is_cold
    from ..runs.size import check_size
    from .hydra_glue import plain

    config = _read(plain(composed), overrides)
    check_size(config)
    if is_cold():
        print("compiling (once for this version) ...", file=sys.stderr)
    from .job import run_job

    _settled()
    try:
        return run_job(config, folder, brief)
    except OSError as error:
        raise _of_the_machine(error, folder) from error
    except MemoryError as error:
        raise InputError(Problem("run", f"needs more memory than there is ({error or 'none left'})")) from error


def _named_folder() -> str | None:
    """The folder that `--config-dir` named."""
    from hydra.core.hydra_config import HydraConfig

    from .hydra_glue import as_written

    sources = HydraConfig.get().runtime.config_sources
    named = [as_written(each, "path") for each in sources if each.provider == "command-line"]
    return named[0] if named else None


def _read(container: dict[str, Any], overrides: list[str]) -> Configuration:
    """The configuration; what no check foresaw (a value that arithmetic cannot take) is a message too."""
    from .load import read

    try:
        return read(container, overrides, _named_folder())
    except OSError as error:  # a name that no disk takes
        raise _of_the_machine(error, Path("configuration")) from error
    except (ArithmeticError, ValueError, TypeError, LookupError, RecursionError, MemoryError) as error:
        if TRACEBACKS in os.environ:
            raise
        what = f"these values cannot be used together ({type(error).__name__}: {error}); {TRACEBACKS}=1 shows where"
        raise InputError(Problem("configuration", what)) from error


def _of_the_machine(error: OSError, folder: Path) -> Exception:
    """A full disk, a folder that may not be written, a file that is not there: said, not traced."""
    if TRACEBACKS in os.environ or isinstance(error, BrokenPipeError):
        return error
    return InputError(Problem(str(error.filename or folder), error.strerror or str(error)))
