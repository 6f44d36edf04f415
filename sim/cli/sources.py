"""Where Hydra finds files besides conf/, and how it reads them.

Comes in: the folders of `paths.searched`. Goes out: those folders on Hydra's search path, so that its globs
(`scenarios=glob(*)`) list what lies there, and a file source that refuses what `foreign` refuses. Both hold only while
`checked_files` is entered, so that a program with a Hydra application of its own is left alone.
"""

from __future__ import annotations

import copy
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.file_config_source import FileConfigSource as HydrasFileConfigSource
from hydra._internal.sources_registry import SourcesRegistry
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin

from ..errors import InputError, Problem
from . import paths
from .foreign import check_file, check_shape, text_of

HEADER = 512  # characters in which Hydra looks for `# @package`


class _Named(io.StringIO):
    """A text with the name of its file, which YAML's messages mention."""

    name = ""


class FileConfigSource(HydrasFileConfigSource):
    """Files as Hydra reads them, checked unless they are the package's own; it must have the name of Hydra's class,
    for the registry of sources compares names where a launcher's workers fill it again."""

    def load_config(self, config_path: str) -> ConfigResult:
        """A file's content; raises InputError for one that cannot be read or reaches too far."""
        from omegaconf import OmegaConf

        path = Path(os.path.realpath(os.path.join(self.path, self._normalize_file_name(config_path))))
        changed = path.stat().st_mtime_ns if path.is_file() else 0
        shipped = path.is_relative_to(os.path.realpath(paths.conf()))
        header, read = _read(path, changed, shipped)
        content = copy.deepcopy(read)  # Hydra takes the defaults list out of it
        if not shipped:
            plain: Any = OmegaConf.to_container(content, resolve=False)
            check_file(path, config_path.removesuffix(".yaml").strip("/"), header, plain)
        return ConfigResult(config=content, path=f"file://{self.path}", provider=self.provider, header=header)


@lru_cache(maxsize=128)
def _read(path: Path, _changed: int, shipped: bool) -> tuple[dict[str, str | None], Any]:
    """What a file's comments say and its content, read once as long as it does not change: composing is repeated."""
    text = text_of(path)
    return ConfigSource._get_header_dict(text[:HEADER]), _parsed(path, text, shipped)


def _parsed(path: Path, text: str, shipped: bool) -> Any:
    import yaml
    from omegaconf import OmegaConf

    stream = _Named(text)
    stream.name = str(path)
    try:
        if not shipped:
            check_shape(path, yaml.compose(stream, Loader=yaml.SafeLoader))
            stream.seek(0)
        return OmegaConf.load(stream)
    except RecursionError:
        raise InputError(Problem(str(path), "is nested too deeply")) from None
    except (OSError, ValueError, TypeError) as error:  # OmegaConf on a file that holds a single value, or a bad date
        raise InputError(Problem(str(path), f"cannot be read as a mapping: {error}")) from None


class Folders(SearchPathPlugin):
    """Puts the folders with scenarios on Hydra's search path."""

    active = False

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Appends them after conf/, which wins."""
        if Folders.active:
            for folder in paths.searched():
                search_path.append("switchboard", f"file://{folder}")


@contextmanager
def checked_files() -> Iterator[None]:
    """Hydra with our folders and our reading of files."""
    plugins, before = Plugins.instance(), SourcesRegistry.instance().types["file"]
    plugins.register(Folders)
    was, Folders.active = Folders.active, True
    SourcesRegistry.instance().types["file"] = FileConfigSource
    try:
        yield
    finally:
        Folders.active = was
        SourcesRegistry.instance().types["file"] = before
