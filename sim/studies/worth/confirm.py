"""The answers once more, on replications that no search has seen: do all constraints hold there?

Comes in: a finished `Worth` study and its answers. Goes out: differences from the baseline, paired on fresh
replications, with intervals that hold together (Bonferroni, `compare`). A headcount found on the same replications that
judged it flatters itself; here it cannot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from tqdm import tqdm

from ..compare.study import Difference, compare
from .study import Answer, Worth


def confirmed(study: Worth, answers: Sequence[Answer], progress: bool = False) -> list[Difference]:
    """One `Difference` for each answer (scenario `rule at level`) and constraint; none for today's own level."""
    own = study.config.integration.level
    mine = [each for each in answers if each.level != own]
    with tqdm(total=len(mine) + 1, desc="confirming", unit="run", disable=None if progress else True) as bar:
        baseline = study.staffed(own, study.groups.peaks, fresh=True)
        bar.update()
        found = {}
        for each in mine:
            found[name_of(each)] = study.staffed(each.level, np.array(each.peaks), fresh=True)
            bar.update()
    return compare(baseline, found, study.constraints.names)


def name_of(answer: Answer) -> str:
    """`cheapest at 0.8`."""
    return f"{answer.rule} at {answer.level:g}"


def verdict(differences: Sequence[Difference]) -> str:
    """One sentence for all of them: how many are worse, and the largest shortfall where none is."""
    said = Counter(each.verdict for each in differences)
    worse = [each for each in differences if each.verdict == "worse"]
    text = f"{len(differences) - len(worse)} of {len(differences)} constraints are not worse than today"
    if worse:
        names = ", ".join(f"{each.scope}.{each.name}.{each.measure} ({each.scenario})" for each in worse)
        return f"{text}; worse: {names}"
    return f"{text} ({said['better']} better, {len(differences) - said['better']} that cannot be told from it)"
