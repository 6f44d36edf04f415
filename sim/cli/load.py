"""From what was typed to a checked configuration that knows what it was read from.

Comes in: overrides, a plain mapping, or both. Goes out: a `Configuration` with its `Origin`: the plain mapping, the
keys that were stated on purpose, and where `data.intervals` is given the centre in which that file was recorded. The
command line and `sim.load` read in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, Problem, nearest
from ..model.centre import Centre, Configuration
from ..model.known_keys import first_unknown, is_known
from ..model.origin import Origin, leaves, with_values
from ..model.rosters import one_roster
from . import paths
from .compose import compose
from .default_centre import chosen_centre

if TYPE_CHECKING:
    from ..again import Rerun

EXAMPLE = 'write a list of texts, such as ["staffing.phone.agents=30"]'
ASKED = ("data", "study", "exec", "engine", "scenario", "scenarios", "hydra")
"""parts of a configuration that say what is asked, not what the centre is"""
OF_A_CENTRE = tuple(name for name in Centre.model_fields if name != "demand")
"""what can be assumed of a recorded centre; its demand is in the file"""


def load(
    overrides: Sequence[str] | Mapping[str, Any] = (),
    config_dir: str | Path | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Configuration:
    """The configuration of overrides, of a mapping, or of overrides with `changes` on top; see `sim.load`."""
    if isinstance(overrides, Mapping):
        return _of_mapping({**overrides, **(changes or {})}, config_dir)
    words = checked_words(overrides)
    config = read(compose(words, config_dir), words, config_dir)
    return config.at(flat(changes)) if changes else config


def checked_words(overrides: object) -> list[str]:
    """The overrides as a list of texts; raises InputError for anything else, a bare text among them."""
    if isinstance(overrides, str):
        raise InputError(Problem(overrides, f"overrides are a list, not one text: {EXAMPLE}"))
    words = list(overrides) if isinstance(overrides, Sequence) else None
    if words is None or not all(isinstance(word, str) for word in words):
        raise InputError(Problem("overrides", f"must be texts, got {overrides!r}: {EXAMPLE}"))
    return words


def _of_mapping(mapping: Mapping[str, Any], config_dir: str | Path | None) -> Configuration:
    """A whole configuration as it stands, without Hydra; a part of one on top of the shipped centre."""
    required = {name for name, field in Centre.model_fields.items() if field.is_required()}
    if required <= mapping.keys():
        return Configuration.from_mapping(mapping, () if config_dir is None else (Path(config_dir),))
    return _shipped(str(config_dir) if config_dir else None, str(Path.cwd())).at(flat(mapping))


@lru_cache(maxsize=4)
def _shipped(config_dir: str | None, _folder: str) -> Configuration:
    """The centre without overrides, composed once for each working folder."""
    return load((), config_dir)


def flat(changes: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping that is nested, has dots in its keys, or both, as values by key with dots."""
    return dict(leaves(changes))


def read(
    container: Mapping[str, Any], overrides: Sequence[str], config_dir: str | Path | None = None, whole: bool = False
) -> Configuration:
    """The checked configuration of a composed mapping; raises InputError listing every mistake. `whole`: the mapping
    is as it ran, from a manifest, with the centre that was chosen for a planner's file in it."""
    words = tuple(overrides)
    recorded: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    if part_of(container, "data").get("intervals") is not None:
        chosen = chosen_centre(compose(words, config_dir) if whole else container, words)
        notes, values = chosen.notes, chosen.values(words)
        container = with_values(container, {f"data.sl_within.{name}": each for name, each in chosen.within.items()})
        within = thresholds(container) | assumptions(container)
        typed = tuple(f"{key_of(word)}." for word in words if "." in key_of(word))
        asked = {key: each for key, each in within.items() if not f"{key}.".startswith(typed)}
        said = container["data"]
        if not whole:
            composed = compose([*words, *chosen.words], config_dir) if chosen.words else container
            container = with_values(composed, {"data": said} | values | asked)
        recorded = compose([*recorded_words(words), *chosen.words], config_dir)
        recorded = with_values(recorded, {"data": said, **values, **within})
    folders = () if config_dir is None else (Path(config_dir),)
    with paths.given(config_dir):
        stated = stated_keys(words, container)
        notes += tuple(inherited(container))
    container = one_roster(container, stated)
    config = Configuration.from_mapping(container, folders)
    library = Library(None if config_dir is None else str(config_dir))
    written = config.origin.written if config.origin else None
    return config.read_from(
        Origin(container, words, stated, recorded, notes, library=library, written=written, folders=folders)
    )


def thresholds(container: Mapping[str, Any]) -> dict[str, Any]:
    """Values by key: the wait that the file's service level counts as in target. It holds in the recorded centre, and
    in every what-if that types no target of its own."""
    within, channels = part_of(part_of(container, "data"), "sl_within"), part_of(container, "channels")
    return {
        f"channels.{name}.target.within": each
        for name, each in within.items()
        if isinstance(channels.get(name), Mapping)
    }


def assumptions(container: Mapping[str, Any]) -> dict[str, Any]:
    """Values by key that `data.assume.centre` says of the recorded centre; they hold in every what-if that types none
    of its own. Raises InputError for keys that a centre does not have, or that come from the file."""
    said = part_of(part_of(part_of(container, "data"), "assume"), "centre")
    found, problems = flat(said), []
    for key in found:
        path = key.split(".")
        unknown = first_unknown(path, container)
        where = f"data.assume.centre.{key}"
        if path[0] not in OF_A_CENTRE:
            problems.append(Problem(where, f"must be a key of {', '.join(OF_A_CENTRE)}"))
        elif unknown is not None and not is_known(path, container):
            problems.append(Problem(where, f"unknown key{nearest(path[unknown.depth], unknown.known)}"))
    if problems:
        raise InputError(problems)
    return found


def part_of(container: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A section of a plain mapping; empty where something else stands in its place, which the check of the whole
    configuration says."""
    found = container.get(name)
    return found if isinstance(found, Mapping) else {}


@dataclass(frozen=True)
class Library:
    """The shipped folders, those of the working folder, and one that was named (`sim.model.origin.Library`)."""

    config_dir: str | None = None

    def compose(self, overrides: Sequence[str]) -> Configuration:
        """The configuration that the command line with these overrides would run."""
        return load(overrides, self.config_dir)

    def scenarios(self) -> Sequence[str]:
        """Names of all scenarios, the baseline first."""
        with paths.given(self.config_dir):
            return list(paths.scenario_questions())

    def comparable(self) -> Sequence[str]:
        """Names of those that change the centre asked for rather than bring one of their own."""
        with paths.given(self.config_dir):
            return paths.changes_of_the_centre()


def key_of(word: str) -> str:
    """The key of an override, without plus signs."""
    return word.lstrip("+~").partition("=")[0]


def recorded_words(overrides: Sequence[str]) -> list[str]:
    """The part of a command line that describes the recorded centre: `data.*`, `run.seed` and whole groups."""
    kept = []
    for word in overrides:
        key = key_of(word)
        group = "." not in key and key not in ("scenarios", "engine", "study", "exec", "ranges")
        if group or key.startswith("data.") or key == "run.seed":
            kept.append(word)
    return kept


def stated_keys(overrides: Sequence[str], container: Mapping[str, Any]) -> frozenset[str]:
    """Keys of the centre that were set on purpose: typed, or in the file of the scenario that was chosen."""
    typed = {key_of(word) for word in overrides if "." in key_of(word)}
    name = str(part_of(container, "scenario").get("name") or "siloed")
    keys = typed | set(scenario_keys(name))
    return frozenset(key for key in keys if key.split(".")[0] not in ASKED)


def inherited(container: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each channel and agent group that the user's own scenario states whole under a name that the
    centre below it has too: what it does not say comes from there."""
    name = str(part_of(container, "scenario").get("name") or "")
    path = paths.scenario_files().get(name)
    if path is None or path.is_relative_to(paths.root()):
        return
    keys = set(scenario_keys(name))
    for section, mark in (("channels", "kind"), ("staffing", "serves")):
        for part, content in (container.get(section) or {}).items():
            whole = any(
                key == f"{section}.{part}.{mark}" or key.startswith(f"{section}.{part}.{mark}.") for key in keys
            )
            said = {key.split(".")[2] for key in keys if key.startswith(f"{section}.{part}.")}
            more = [key for key in content or () if key not in said]
            if whole and more:
                yield f"{section}.{part}: {', '.join(more)} come from the centre below (centre=empty brings nothing)"


def scenario_keys(name: str) -> list[str]:
    """Keys with dots that the file of a scenario sets; none for a scenario without a file here."""
    from yaml import YAMLError, safe_load

    path = paths.scenario_files().get(name)
    try:
        tree = safe_load(paths.text_of(path) or "") if path else None
    except YAMLError:  # composing says where
        return []
    return [key for key, _ in leaves(tree)] if isinstance(tree, dict) else []


def rerun(place: str | Path, point: int | None = None, workers: int | None = None, large: bool = False) -> Rerun:
    """What a folder says was run, run again with the same reading of its configuration; see `sim.rerun`."""
    from ..again import rerun as again

    values = {"run.large": large} | ({} if workers is None else {"run.workers": workers})
    return again(place, point, read=_read_again, values=values)


def _read_again(container: Mapping[str, Any], overrides: Sequence[str], stated: Sequence[str]) -> Configuration:
    """The configuration of a manifest, with the keys that were set on purpose when it was written."""
    config = read(container, overrides, whole=True)
    origin = config.origin
    return config.read_from(replace(origin, stated=frozenset(stated))) if stated and origin else config
