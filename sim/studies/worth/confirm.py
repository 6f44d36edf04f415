"""The answers once more, on replications that no search has seen: do all constraints hold there?

Comes in: a finished `Worth` study and its answers. Goes out: differences from the baseline, paired on fresh
replications, with intervals that hold together (Bonferroni, `compare`). A headcount found on the same replications that
judged it flatters itself; here it cannot. No worse is shown only where the whole interval stays within the margin that
is stated (non-inferiority); an interval that is too wide for that can tell nothing, and is no evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from tqdm import tqdm

from ...model.studies.worth import Margin
from ..compare.study import Difference, compare
from .constraints import allowed, sign_of
from .study import Answer, Worth


def confirmed(study: Worth, answers: Sequence[Answer], progress: bool = False) -> list[Difference]:
    """One `Difference` for each answer (scenario `rule at level`) and constraint; none for today's own level."""
    own = study.own
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


def judged(each: Difference, margin: Margin) -> str:
    """`shown`: not worse by more than the margin; `worse`; or `cannot tell`, which is neither.

    >>> fewer = Difference("x", "channel", "phone", "abandoned", "share", 0.05, 0.049, -0.001, 0.003, 6, "lower", 1.0)
    >>> judged(fewer, Margin()), judged(fewer, Margin(share=0.001))
    ('shown', 'cannot tell')
    """
    better = sign_of(each.measure) * each.difference
    if better - each.half_width >= -allowed(each.baseline, each.measure, margin) or each.verdict == "same":
        return "shown"
    return "worse" if better + each.half_width < 0 else "cannot tell"


def verdict(differences: Sequence[Difference], margin: Margin) -> str:
    """One sentence for all of them: how many are shown to be no worse, which are worse, how many cannot be told."""
    said = [judged(each, margin) for each in differences]
    worse = [each for each, one in zip(differences, said, strict=True) if one == "worse"]
    text = f"{said.count('shown')} of {len(said)} constraints are not worse by more than the margin (shown)"
    if worse:
        names = ", ".join(f"{each.scope}.{each.name}.{each.measure} ({each.scenario})" for each in worse)
        text += f"; {len(worse)} worse: {names}"
    return f"{text}; {said.count('cannot tell')} cannot tell, which is not the same as no worse"


def margin_words(margin: Margin) -> str:
    """`0.5 points of a share, 2 % of a time`."""
    return f"{100 * margin.share:g} points of a share, {100 * margin.time:g} % of a time"
