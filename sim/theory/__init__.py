"""Known answers: rates, times and chances come in; exact performance goes out, by formula or by solving the chain.

The package exists so that the simulator can be checked against something it was not built from, and so that reports can
print the textbook number beside the simulated one and say why they differ. It uses numpy and scipy only, knows nothing
of the rest of `sim`, and draws no random numbers. Times are in any one unit and rates per that unit; every bad input is
a ValueError that names it.

One server group: `erlang_b`, `ErlangC`, `ErlangA`, `FiniteQueue`, `mg1_wait`, `priority_waits`, `priority_waits_mmc`,
`SharedAgent`, `SharedAgents`, `SharedSlots`. Mechanisms: `SharedLines`, `Reserve`, `SilentLeavers`, `units_blocking`,
`timed_out`, `contacts_until_solved`. Staffing: `agents_required`, `agents_required_sharing`, `agents_by_occupancy`,
`scheduled_fte`, `scheduled_heads`. Time of day: `SinusoidInfinite`, `mean_busy_piecewise`, `day_with_abandonment`.
Journeys: `Journey`, `ContextJourney`, `carry_matrix`. Networks: `JacksonNetwork`, `RedialQueue`, `TwoStations`. Tools:
`birth_death`, `expected_visits`.
"""

from sim.theory.chains import birth_death, expected_visits
from sim.theory.context import ContextJourney, carry_matrix
from sim.theory.erlang import ErlangC, erlang_b
from sim.theory.erlang_a import ErlangA
from sim.theory.infinite import SinusoidInfinite, mean_busy_piecewise
from sim.theory.journeys import Journey
from sim.theory.mechanisms import Reserve, SharedLines, SilentLeavers, contacts_until_solved, timed_out, units_blocking
from sim.theory.networks import JacksonNetwork, JacksonStation
from sim.theory.queues import FiniteQueue, SharedAgent, mg1_wait, priority_waits, priority_waits_mmc
from sim.theory.redials import RedialQueue
from sim.theory.shared_agents import SharedAgents
from sim.theory.shared_slots import SharedSlots
from sim.theory.staffing import (
    agents_by_occupancy,
    agents_required,
    agents_required_sharing,
    scheduled_fte,
    scheduled_heads,
)
from sim.theory.transient import DayWithAbandonment, day_with_abandonment
from sim.theory.two_stations import Station, StationResult, TwoStations

__all__ = [
    "ContextJourney",
    "DayWithAbandonment",
    "ErlangA",
    "ErlangC",
    "FiniteQueue",
    "JacksonNetwork",
    "JacksonStation",
    "Journey",
    "RedialQueue",
    "Reserve",
    "SharedAgent",
    "SharedAgents",
    "SharedLines",
    "SharedSlots",
    "SilentLeavers",
    "SinusoidInfinite",
    "Station",
    "StationResult",
    "TwoStations",
    "agents_by_occupancy",
    "agents_required",
    "agents_required_sharing",
    "birth_death",
    "carry_matrix",
    "contacts_until_solved",
    "day_with_abandonment",
    "erlang_b",
    "expected_visits",
    "mean_busy_piecewise",
    "mg1_wait",
    "priority_waits",
    "priority_waits_mmc",
    "scheduled_fte",
    "scheduled_heads",
    "timed_out",
    "units_blocking",
]
