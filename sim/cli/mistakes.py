"""Hydra's, OmegaConf's and YAML's complaints in a planner's words.

Comes in: an exception from composing and the overrides that led to it. Goes out: overrides that compose (a key that
the model knows but no YAML file mentions is added), or an InputError.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ..errors import TRACEBACKS, InputError, Problem, nearest
from ..files import is_number
from ..model.known_keys import Unknown, first_unknown, is_known
from . import paths
from .planner_words import told

EXAMPLE = "write key=value, such as staffing.phone.agents=30"


MANY = ("ranges",)
"""groups of which several files can be chosen together"""
OPTIONAL = ("experiment",)
"""groups of which no file may be chosen"""
MEANT = {"integration": "integration.level", "demand": "demand.scale"}
"""the key that a number given to a group was meant for"""


MERGING = "Error merging override"
"""how Hydra begins to say that a value is of another kind than what it replaces"""
LONGEST = 200
"""letters of a key"""


def shown(text: str, most: int = 60) -> str:
    """The beginning of a long text."""
    return text if len(text) <= most else text[:most] + "..."


def reject_slips(words: Sequence[str]) -> None:
    """Refuses words that Hydra would misread: a bare word, `scenario=` for `scenarios=`, a value given to a group."""
    scenarios, groups = paths.scenario_questions(), paths.groups()
    problems = []
    for word in words:
        key = word.lstrip("+~").partition("=")[0]
        if not key.strip() or len(key) > LONGEST:
            problems.append(Problem(shown(word), f"is no override: {EXAMPLE}"))
        elif "=" not in word and not word.startswith("~"):
            hint = f"; did you mean 'scenarios={word}'?" if word in scenarios else ""
            problems.append(Problem(word, f"is no override: {EXAMPLE}{hint}"))
        elif word.startswith("scenario="):
            problems.append(Problem(word, f"scenarios are chosen with 'scenarios={word.partition('=')[2]}'"))
        elif (instead := told(word)) is not None:
            problems.append(Problem(word, instead))
        else:
            problems += _no_choice(word, groups)
    if problems:
        raise InputError(problems)


def _no_choice(word: str, groups: set[str]) -> list[Problem]:
    """What is wrong with a choice of a group's file: a list where one is chosen, null, or a number."""
    key, _, value = word.lstrip("+").partition("=")
    if key not in groups or key in MANY:
        return []
    if any(is_number(each) for each in value.split(",")):
        hint = f"; did you mean '{MEANT[key]}={value}'?" if key in MEANT else ""
        return [Problem(word, f"{key} is a group of files, of which one is named{hint}")]
    if key in OPTIONAL and value.strip() == "null":
        return []
    if value.strip() in ("", "null", "~", "true", "false") or value.strip()[:1] in "[{":
        return [Problem(word, f"{key} is a group of files: name one of them (to sweep over several: -m {key}=a,b)")]
    return []


def mended(words: list[str], error: Exception) -> list[str]:
    """The overrides with what `error` complained about put right; raises InputError if only the user can do that.

    The shipped files compose (a test holds them to it), so whatever stops composing comes from what the user wrote.
    """
    if isinstance(error, InputError) or TRACEBACKS in os.environ:
        raise error
    try:
        if str(error).startswith("Could not override"):
            changed = _completed(words)
            if changed != words:
                return changed
    except InputError:
        raise
    except Exception as other:  # the groups that were chosen do not compose either
        error = other
    raise InputError(_explained(error)) from None


def _completed(words: list[str]) -> list[str]:
    """The overrides, with known keys that no YAML file mentions made additions; unknown keys are refused together."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    from .hydra_glue import compose_raw, plain

    parsed = OverridesParser.create().parse_overrides(words)
    chosen = [word for word, each in zip(words, parsed, strict=True) if _chooses(each) and not each.is_sweep_override()]
    base = plain(compose_raw(chosen))
    changed, problems = [], []
    for word, override in zip(words, parsed, strict=True):
        if word.startswith("hydra.sweeper.params="):  # keys to sweep over, which that node cannot know beforehand
            changed.append("++" + word)
            continue
        if _chooses(override) or word[0] in "+~" or override.is_hydra_override():
            changed.append(word)
            continue
        path = override.key_or_group.split(".")
        unknown = first_unknown(path, base)
        if unknown is None:  # a mapping adds entries to a closed one: dates={2026-01-12: 1.6}
            changed.append("++" + word if isinstance(override.value(), dict) else word)
        elif is_known(path, base):
            changed.append("+" + word)
        else:
            problems.append(_unknown_key(path, unknown))
    if problems:
        raise InputError(problems)
    return changed


def _chooses(override: Any) -> bool:
    """Whether an override chooses a file of a group rather than a value."""
    return "." not in override.key_or_group and override.key_or_group.split("/")[0] in paths.groups()


def _unknown_key(path: Sequence[str], unknown: Unknown) -> Problem:
    known = [*unknown.known, *(paths.groups() if unknown.depth == 0 else ())]
    wrong = path[unknown.depth]
    return Problem(".".join(path[: unknown.depth + 1]), f"unknown key{nearest(wrong, dict.fromkeys(known))}")


def _explained(error: Exception) -> Problem:
    from hydra.errors import HydraException, MissingConfigException, OverrideParseException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import MarkedYAMLError, YAMLError

    if isinstance(error, OverrideParseException):
        why = _first_line(error).removeprefix("LexerNoViableAltException: ")
        why = f" ({why})" if why != error.override else ""
        return Problem(error.override, f"is no override that can be read{why}: {EXAMPLE}")
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        group, _, name = str(error.missing_cfg_file).rpartition("/")
        return Problem(group or "configuration", f"unknown {name!r}{nearest(name, error.options or ())}")
    if isinstance(error, MarkedYAMLError) and error.problem_mark:
        mark = error.problem_mark
        return Problem(f"{mark.name}:{mark.line + 1}:{mark.column + 1}", f"cannot be read as YAML: {error.problem}")
    text = str(error) or str(error.__cause__ or type(error).__name__)
    if text.startswith(("Ambiguous value", "Sweep parameters")):
        return Problem(_quoted(text), "holds several values: add -m to sweep over them, or write a list as key=[a,b]")
    if text.startswith(MERGING):
        why = _first_line(error.__cause__ or "a value cannot take the place of a mapping")
        return Problem(_first_line(text).removeprefix(MERGING).strip(), f"cannot be set: {why}")
    if isinstance(error, (HydraException, OmegaConfBaseException, YAMLError)):
        return Problem("configuration", _first_line(text))
    if isinstance(error, ValueError) and text.startswith(("Only one of", "The --resolve")):
        return Problem("options", text)  # of Hydra's command line, whose words these are
    if isinstance(error, ValueError) and "override deletion value" in text:
        word = text.partition("input_line=")[2].split("'")[1]
        return Problem(word, "a group is taken out by its name, as in ~scenarios")
    if isinstance(error, ValueError) and "defaults" in text:
        where = _quoted(text) if "'" in text else "defaults"
        return Problem(where, "'defaults' must be a list of files, such as [override /centre: omnichannel]")
    if isinstance(error, OSError):
        return Problem(str(error.filename or "configuration"), error.strerror or text)
    if isinstance(error, RecursionError):
        return Problem("configuration", "is nested too deeply")
    kind = type(error).__name__
    return Problem("command line", f"cannot be used ({kind}: {_first_line(text)}); {TRACEBACKS}=1 shows where")


def _quoted(text: str) -> str:
    return text.split("'")[1] if text.count("'") > 1 else "override"


def _first_line(error: Any) -> str:
    """The first line with words in it."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
