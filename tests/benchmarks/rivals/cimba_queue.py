"""The queue in Cimba (pip install cimba), in two ways. `Queue` is a store of callers' deadlines and a process for each
agent, who passes over those that have left: less than the others do, who have an event for each leaver. `Centre` has a
process for each caller, who waits for an agent with a timer running, as Cimba's documentation and its tutorial of the
park write impatience (there each visitor is put into a queue, which takes a tenth longer here than to wait for a
resource). Cimba compiles only where Numba has compiled nothing before it in the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import AGENTS, PATIENCE, PER_SECOND, SERVICE


def prepared(name: str = "Queue") -> Callable[[int, float], tuple[int, int]]:
    """One of the models, compiled. Raises ImportError without Cimba."""
    import cimba as cb

    from . import cimba_model

    def simulated(seed: int, hours: float) -> tuple[int, int]:
        """(contacts over, those that left)."""
        model = getattr(cimba_model, name)()
        window = cb.Window(warmup=0, duration=3600 * hours)
        results: Any = cb.Experiment(model, replications=1, window=window, seed=seed).run()[model]
        served, left = (int(numbers.values.sum()) for numbers in (results.served, results.left))
        return served + left, left

    assert (AGENTS, PER_SECOND, SERVICE, PATIENCE) == (50, 50 / 60, 60.0, 60.0)
    simulated(1, 0.1)
    return simulated
