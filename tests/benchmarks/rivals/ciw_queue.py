"""The queue in Ciw (pip install ciw), as its guide writes it: a network of one node with reneging."""

from __future__ import annotations

from collections.abc import Callable

from . import AGENTS, PATIENCE, PER_SECOND, SERVICE


def prepared() -> Callable[[int, float], tuple[int, int]]:
    """The network. Raises ImportError without Ciw."""
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(PER_SECOND)],
        service_distributions=[ciw.dists.Exponential(1 / SERVICE)],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE)],
        number_of_servers=[AGENTS],
    )

    def simulated(seed: int, hours: float) -> tuple[int, int]:
        """(contacts over, those that left)."""
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(3600 * hours)
        records = simulation.get_all_records()
        return len(records), sum(record.record_type == "renege" for record in records)

    return simulated
