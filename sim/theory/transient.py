"""A day with impatient customers: arrival rates by interval come in, the day's abandonments, service level and waits go
out. It checks what steady-state formulas cannot: start-up from empty, changing demand, and the close.

Times are in any one unit and rates per that unit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from sim.theory.checks import FloatArray, array, not_negative, positive, whole
from sim.theory.erlang_a import ErlangA
from sim.theory.patience import Fate


@dataclass(frozen=True)
class DayWithAbandonment:
    """Expected totals of a day, the customers in the system at the close included (they are all served or leave).

    `abandons`, `served`, `served_within`, `late` (still waiting after the threshold, however it ends) count customers;
    `total_wait` and `wait_served` sum their time in queue; `occupancy` is up to the close; `left_at_close` the mean
    number in the system then.
    """

    arrivals: float
    abandons: float
    served: float
    served_within: float
    late: float
    total_wait: float
    wait_served: float
    occupancy: float
    left_at_close: float

    @property
    def service_level_of_served(self) -> float:
        """Served within the threshold, of served: a ratio of expectations."""
        return self.served_within / self.served

    @property
    def asa(self) -> float:
        """Mean wait of the served: a ratio of expectations."""
        return self.wait_served / self.served


def _generator(rate: float, down: FloatArray) -> FloatArray:
    """Transposed generator of the birth-death chain with one rate up and `down[n]` out of state n."""
    up = np.append(np.full(len(down) - 1, rate), 0.0)
    return np.diag(-down - up) + np.diag(up[:-1], -1) + np.diag(down[1:], 1)


def _time_spent(turned: FloatArray, start: FloatArray, end: FloatArray, width: float) -> FloatArray:
    """Mean time spent in each state while the chain goes from `start` to `end`: it solves time Q = end - start, of
    which one equation, implied by the others, is replaced by sum(time) = width."""
    system, right = turned.copy(), end - start
    system[-1], right[-1] = 1.0, width
    return np.asarray(np.linalg.solve(system, right), dtype=np.float64)


def day_with_abandonment(
    rates: Sequence[float], width: float, mean_service: float, servers: int, mean_patience: float, within: float
) -> DayWithAbandonment:
    """M_t/M/c+M over a day that opens empty: arrival rate rates[i] during the i-th interval of length `width`, none
    after the last, `servers` all day; `within` is the threshold of the service level.

    An arrival's fate depends on the state it finds (`Fate`), so totals are integrals of the state probabilities, which
    follow the forward equations. Dense matrix exponential, one per distinct rate: 48 intervals at 280 servers take 2 s;
    scipy's expm_multiply took 136 s. The queue is cut where steady state at the highest rate has less
    than exp(-45) left: from empty, the day stays stochastically below it.
    Raises ValueError for bad inputs, named. Source: Kleinrock (1975), section 2.4; Feldman et al., Management Science
    54 (2008) for the model.
    """
    lam = array("rates", rates)
    positive("width", width)
    not_negative("within", within)
    busiest = ErlangA(float(lam.max()), mean_service, whole("servers", servers, 1), mean_patience)
    fate = Fate(servers / mean_service, 1 / mean_patience, len(busiest.p_waiting))
    present = np.arange(servers + fate.size)
    down = np.minimum(present, servers) / mean_service + np.maximum(present - servers, 0) / mean_patience
    state, met, spent = np.eye(1, len(present))[0], np.zeros(len(present)), np.zeros(len(present))
    pieces = {rate: (turned := _generator(rate, down), linalg.expm(turned * width)) for rate in set(lam.tolist())}
    for rate in lam.tolist():
        turned, step = pieces[rate]
        begun, state = state, step @ state
        time = _time_spent(turned, begun, state, width)
        met, spent = met + rate * time, spent + time
    return _totals(met, spent, state, servers, fate, within)


def _totals(
    met: FloatArray, spent: FloatArray, state: FloatArray, servers: int, fate: Fate, within: float
) -> DayWithAbandonment:
    """Totals from arrivals met by each state, time spent in it, and the probabilities at the close."""
    at_once, waiting = float(met[:servers].sum()), met[servers:]
    served = at_once + float(waiting @ fate.p_served())
    busy = np.minimum(np.arange(len(spent)), servers)
    return DayWithAbandonment(
        arrivals=float(met.sum()),
        abandons=float(waiting @ (1 - fate.p_served())),
        served=served,
        served_within=at_once + float(waiting @ fate.p_served_within(within)),
        late=float(waiting @ fate.p_wait_gt(within)),
        total_wait=float(waiting @ fate.wait_all()),
        wait_served=float(waiting @ fate.wait_if_served()),
        occupancy=float(spent @ busy / (servers * spent.sum())),
        left_at_close=float(state @ np.arange(len(state))),
    )
