"""What Hydra has to be told once: versions, resolvers, where the files lie."""

from __future__ import annotations

import argparse
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from . import paths

OLD_WAYS = r"(?s).*(deprecated|whitelist)"
"""what Hydra 1.4 says of the ways in which an application was written"""
NO_MODE = ("hydra.run.", "hydra.sweep.")
"""keys of Hydra's that people type and that do not say whether there are many runs"""
LABEL = 80  # characters of a folder's name: file systems allow 255 bytes, screens less


def version_base() -> dict[str, str]:
    """The keyword `version_base`, which Hydra 1.3 warns about if it is absent and 1.4 if it is present."""
    import hydra

    major, minor = (int(part) for part in hydra.__version__.split(".")[:2])
    return {"version_base": "1.3"} if (major, minor) < (1, 4) else {}


SHIPPED_CENTRE, BASELINE = "omnichannel", "siloed"
"""the centre and the scenario of `conf/config.yaml`: any other centre has its own name in tables and pictures"""


def register() -> None:
    """The resolver that conf/config.yaml uses; safe to call again."""
    import omegaconf

    major, minor = (int(part) for part in omegaconf.__version__.split(".")[:2])
    name = "register_resolver" if (major, minor) >= (2, 4) else "register_new_resolver"
    for resolver, function in (("switchboard.label", label), ("switchboard.run_label", run_label)):
        getattr(omegaconf.OmegaConf, name)(resolver, function, replace=True)


@contextmanager
def unchecked_help() -> Iterator[None]:
    """Without the check of help texts that argparse makes since Python 3.14: one of released Hydra's is no text (hydra
    issues 3121 and 3147), and is never shown here."""
    check = getattr(argparse.ArgumentParser, "_check_help", None)
    if check is None:
        yield
        return
    container: Any = argparse._ActionsContainer
    container._check_help = lambda *_: None
    try:
        yield
    finally:
        container._check_help = check


@contextmanager
def quiet() -> Iterator[None]:
    """Without what Hydra and OmegaConf 1.4 tell the programmer of an application, which its users cannot mend."""
    with warnings.catch_warnings():
        for library in ("hydra", "omegaconf"):
            warnings.filterwarnings("ignore", message=OLD_WAYS, module=rf"{library}(\..*)?")
        yield


@contextmanager
def composed_once(words: Sequence[str]) -> Iterator[None]:
    """Without composing everything a first time only to see whether `hydra.mode` stands there, half a second: it stands
    on the command line or in an experiment, or nowhere. Then `-m` alone says whether there are many runs."""
    from hydra._internal.hydra import Hydra

    look: Any = getattr(Hydra, "get_mode", None)
    others = [word for word in words if not word.lstrip("+").startswith(NO_MODE)]
    if look is None or any("hydra" in word or "experiment" in word for word in others):
        yield
        return
    Hydra.get_mode = lambda *_, **__: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        Hydra.get_mode = look  # type: ignore[method-assign]


def label(*parts: Any) -> str:
    """A text that any file system takes as part of a name.

    >>> label("staffing.phone.agents=30,data.intervals=/tmp/my file.csv")
    'staffing.phone.agents=30,data.intervals=-tmp-my-file.csv'
    """
    return re.sub(r"[^\w=.,+-]+", "-", ",".join(map(str, parts)))[:LABEL].strip("-.")


def run_label(scenario: Any, name: Any, intervals: Any, centre: Any = SHIPPED_CENTRE) -> str:
    """What a run's folder is called: the scenario's name, or that of the planner's own centre.

    >>> run_label("siloed", None, "data/my file.csv"), run_label("advocates", "Bonn", "my.csv")
    ('my-file', 'Bonn,advocates')
    >>> run_label("siloed", None, None, "bonn")
    'bonn'
    """
    if not intervals and centre == SHIPPED_CENTRE:
        return label(scenario)
    own = (name or Path(str(intervals)).stem) if intervals else centre
    return label(own) if scenario in (None, BASELINE) else label(own, scenario)


def compose_raw(overrides: Sequence[str]) -> Any:
    """The composed configuration with Hydra's own node; Hydra's exceptions pass through."""
    from hydra import compose, initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.hydra_config import HydraConfig
    from hydra.core.singleton import Singleton

    from .sources import checked_files

    register()
    before = Singleton.get_state()  # a caller may be inside a Hydra application of its own
    GlobalHydra.instance().clear()
    try:
        with (
            checked_files(),
            quiet(),
            initialize_config_dir(str(paths.conf()), job_name="switchboard", **version_base()),
        ):
            composed = compose("config", overrides=list(overrides), return_hydra_config=True)
            HydraConfig.instance().set_config(composed)
            return composed
    finally:
        Singleton.set_state(before)


def plain(composed: Any) -> dict[str, Any]:
    """The plain resolved container of a composed configuration, without Hydra's node; the scenario has its name."""
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        container: dict[str, Any] = {
            str(key): OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value
            for key, value in composed.items()
            if key != "hydra"
        }
    except OmegaConfBaseException as error:
        where = str(getattr(error, "full_key", None) or "configuration")
        raise InputError(Problem(where, str(error).splitlines()[0])) from None
    scenario = container.get("scenario")
    choices = composed.hydra.runtime.choices if "hydra" in composed else HydraConfig.get().runtime.choices
    if isinstance(scenario, dict) and not scenario.get("name"):
        scenario["name"] = choices.get("scenarios") or BASELINE
    own = not (container.get("data") or {}).get("intervals") and choices.get("centre") not in (None, SHIPPED_CENTRE)
    if own and (scenario or {}).get("name") == BASELINE:  # the baseline's words are about the shipped centre
        container["scenario"] = {"name": str(choices.get("centre"))}
    return container


def unresolved(words: Any) -> list[Any]:
    """A list of texts as they were typed, interpolations included."""
    from omegaconf import OmegaConf

    return list(OmegaConf.to_container(words, resolve=False))  # type: ignore[arg-type]


def as_written(node: Any, key: str) -> str:
    """A text of a node as it stands there: a folder's name may hold what looks like an interpolation."""
    from omegaconf import OmegaConf

    return str(OmegaConf.to_container(node, resolve=False)[key])  # type: ignore[index, call-overload]
