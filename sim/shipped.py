"""Where `conf/` and `scenarios/` lie, in a source tree and in an installed package.

Comes in: nothing. Goes out: folders. Exists apart from the command line because layouts of files (`conf/data`) are
recognised where files are read.
"""

from __future__ import annotations

from pathlib import Path


def root() -> Path:
    """The folder that holds conf/ and scenarios/: the project in a source tree, `sim/_shipped` in a wheel."""
    package = Path(__file__).resolve().parent
    shipped = package / "_shipped"
    return shipped if (shipped / "conf").is_dir() else package.parent


def conf() -> Path:
    """The folder of the configuration groups."""
    return root() / "conf"
