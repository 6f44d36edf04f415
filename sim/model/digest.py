"""A configuration's hash: equal for configurations that simulate the same, however they are written.

Comes in: plain sections, or a checked configuration. Goes out: SHA-256 of what a result depends on. `2 min` and `120 s`
are the same, and so are two runs that differ in workers, pictures or the log. A section that does not validate is
hashed as it stands: it gives no result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from .centre import Configuration

OUTSIDE = ("study", "data", "scenario", "exec", "run.replications", "run.precision", "run.max_replications",
           "run.workers", "run.plots", "run.log", "run.event_log", "run.large", "run.confidence")  # fmt: skip
"""Keys that say what is asked, not what is simulated: no point of a sweep has a value of its own for them."""
UNSEEN = ("exec", "run.workers", "run.plots", "run.log", "run.event_log", "run.large")
"""Keys that no number of a result depends on"""


def without(container: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """A plain mapping without some keys with dots, two levels deep."""
    found = dict(container)
    for section, names in _by_section(keys).items():
        if not names:
            found.pop(section, None)
        elif isinstance(found.get(section), Mapping):
            found[section] = {each: value for each, value in found[section].items() if each not in names}
    return found


@cache
def _by_section(keys: tuple[str, ...]) -> dict[str, set[str]]:
    """Names of keys that go, by section; none where the whole section does."""
    found: dict[str, set[str]] = {}
    for section, _, name in (key.partition(".") for key in keys):
        found.setdefault(section, set()).update([name] if name else [])
    return found


def digest(value: Any) -> str:
    """SHA-256 of plain data; the order of keys and 1 against 1.0 make no difference."""
    return hashlib.sha256(_encoded(_canonical(value)).encode()).hexdigest()


_encoded = json.JSONEncoder(sort_keys=True, default=str).encode
_PLAIN = frozenset({str, int, bool, type(None)})


def _canonical(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {str(key): _canonical(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(each) for each in value]
    return value


def section_digest(name: str, value: Any, folders: Sequence[Path] = ()) -> str:
    """The hash of one section by what it means, numbers of files in `folders` included; by how it is written if it
    cannot be read."""
    try:
        read = _section(name).dump_python(read_section(name, value, folders), mode="json", warnings=False)
    except (ValidationError, KeyError, ArithmeticError):
        return digest(["as written", value])
    return digest(without({name: read}, OUTSIDE).get(name))


def read_section(name: str, value: Any, folders: Sequence[Path] = ()) -> Any:
    """One section of a configuration, checked by itself; files that it names are looked for in `folders`.

    Raises ValidationError for one that is refused, KeyError where there is no section of the name.
    """
    return _section(name).validate_python(value, context={"folders": folders})


@cache
def _section(name: str) -> TypeAdapter[Any]:
    from .centre import Configuration

    field = Configuration.model_fields[name]
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(kind)


def configuration_digest(config: Configuration) -> str:
    """The hash of a checked configuration: what its numbers depend on."""
    return digest(without(config.model_dump(mode="json", warnings=False), UNSEEN))
