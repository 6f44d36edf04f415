"""`python -m sim rerun FOLDER [point=17]` and `python -m sim verify [full]`: words in, a text and an exit code out.

Neither composes with Hydra: what is run is in the folder's manifest, or is known by heart.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ..errors import InputError, Problem, nearest

OPTIONS = ("point", "run.workers", "run.large")
USAGE = "python -m sim rerun FOLDER [point=17] [run.workers=2] [run.large=true]"


def rerun_command(words: Sequence[str]) -> int:
    """0 for equal, 1 for different numbers; raises InputError for words that mean nothing."""
    from .load import rerun

    options: dict[str, int] = {}
    places, large = [], False
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            places.append(word)
        elif key not in OPTIONS:
            places += [word] if "/" in key else []
            if "/" not in key:
                raise InputError(Problem(key, f"unknown word{nearest(key, OPTIONS)}: {USAGE}"))
        elif key == "run.large" and value in ("true", "false"):
            large = value == "true"
        elif not value.isascii() or not value.isdigit() or (key == "run.workers" and int(value) < 1):
            raise InputError(Problem(key, f"must be a whole number, got {value!r}: {USAGE}"))
        else:
            options[key] = int(value)
    if len(places) != 1:
        raise InputError(Problem("rerun", f"takes one folder, got {len(places)}: {USAGE}"))
    try:
        done = rerun(places[0], options.get("point"), options.get("run.workers"), large)
    except OSError as error:
        raise InputError(Problem(str(error.filename or places[0]), error.strerror or str(error))) from error
    print(done.words())
    sys.stdout.flush()
    return 0 if done.equal else 1


def verify_command(words: Sequence[str]) -> int:
    """0 if every simulated value is within 4 standard errors of the exact one, 1 if not."""
    from ..known import HEADING, line, verdict, verified

    workers = None
    for word in words:
        key, _, value = word.partition("=")
        if key == "run.workers" and value.isascii() and value.isdigit() and int(value):
            workers = int(value)
        elif word != "full":
            raise InputError(Problem(word, "unknown word: python -m sim verify [full] [run.workers=2]"))
    print(HEADING)
    answers = []
    for answer in verified("full" in words, workers):
        answers.append(answer)
        print(line(answer), flush=True)
    print(verdict(answers))
    return 0 if all(answer.holds for answer in answers) else 1
