"""`run.precision` in a comparison: go on until the *differences* are as precise as asked.

Comes in: what is asked, and the differences known so far. Goes out: how many more replications of everything that is
compared, and what was not reached. The half-width is the one that the table shows, wide enough for all differences to
hold together; pairing makes it so narrow that a difference is often precise long before either side is. As in a run, it
doubts what skewness makes uncertain: differences of queues at the stop were then held in 91 to 97 % of 1,000
comparisons instead of 86 to 94 % (outputs/gallery/coverage_paired.csv).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...model.centre import Configuration
from ...model.run import Run
from ...runs.replicate import Results, joined, momentary, replicate
from ...statistics.kpis import Kpi
from ...statistics.precision import Held, check_asked, missing, shortfalls
from .study import Difference


def check_until(configs: Mapping[str, Configuration]) -> None:
    """Raises InputError for a measure of `run.precision` that one of the compared centres does not have."""
    for config in configs.values():
        if config.run.precision:
            check_asked(momentary(config), config)


def first_batch(config: Configuration) -> Configuration:
    """The configuration with a fixed number of replications: the comparison decides how many more."""
    return config.model_copy(update={"run": config.run.model_copy(update={"precision": ()})})


def more_of_each(run: Run, differences: Sequence[Difference], done: int) -> int:
    """Replications still to run of everything; 0 once all asked differences are precise, or may not be."""
    return missing(_held(run, differences), run, done) if run.precision else 0


def continued(results: Mapping[str, Results], count: int, progress: bool) -> dict[str, Results]:
    """All that is compared with `count` further replications; raises KeyboardInterrupt unless all of them finish."""
    longer = {}
    for name, before in results.items():
        run = before.config.run.model_copy(update={"replications": count})
        config = before.config.model_copy(update={"run": run})
        more = replicate(config, progress=progress, label=f"{name}, further", first=len(before.replications))
        if more.interrupted:
            raise KeyboardInterrupt
        longer[name] = joined(before, more)
    return longer


def not_reached(run: Run, differences: Sequence[Difference]) -> Iterator[str]:
    """A text for each asked difference that is not as precise as asked."""
    for each in differences:
        yield from shortfalls(_held(run, [each]), f"{each.scenario}: the difference in ")


def _held(run: Run, differences: Sequence[Difference]) -> list[Held]:
    """Each asked difference beside what is asked of it."""
    wanted = {asked.measure: asked for asked in run.precision}
    keys = ((each, f"{each.scope}.{each.name}.{each.measure}") for each in differences)
    return [(as_kpi(each), wanted[key]) for each, key in keys if key in wanted]


def as_kpi(each: Difference) -> Kpi:
    """A difference as a number with its interval."""
    return Kpi(each.scope, each.name, each.measure, "all", each.difference, each.half_width, each.n, each.unit)
