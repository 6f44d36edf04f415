"""Markov chains solved exactly: rates or probabilities come in, stationary probabilities or expected visits go out. The
other modules of the theory package are stories told with these five functions."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.sparse import linalg as sparse_linalg

from sim.theory.checks import FloatArray, array

Move = tuple[FloatArray | float, int, int]
"""Rate of a transition at each grid point (an array of the grid's shape, or one number), and its step along each
axis."""
BOUNDARY_MASS = 1e-14
LARGEST_GRID = 200_000
LARGEST_CHAIN = 20_000
State = TypeVar("State", bound=Hashable)


def birth_death(births: ArrayLike, deaths: ArrayLike) -> FloatArray:
    """Stationary probabilities of states 0..n of a birth-death chain, from the n rates up (state i to i + 1) and the n
    rates down (state i + 1 to i): p[i + 1] / p[i] = births[i] / deaths[i], summed in logarithms so that thousands of
    states neither overflow nor underflow. A zero birth rate ends the reachable states.

    Raises ValueError for rates that are negative, not finite, of unequal number, or for a zero death rate.
    Source: Kleinrock, Queueing Systems vol. 1 (1975), section 3.1.
    """
    up = array("births", births)
    down = array("deaths", deaths, up.shape)
    if not (down > 0).all():
        raise ValueError(f"deaths[{int(np.argmin(down))}]: must be positive, got {float(down.min())!r}")
    with np.errstate(divide="ignore"):
        logs = np.concatenate(([0.0], np.cumsum(np.log(up) - np.log(down))))
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def expected_visits(start: FloatArray, moves: FloatArray) -> FloatArray:
    """Expected number of visits to each of n transient states: start (I - moves)^-1, where moves[i, j] is the chance to
    go on from i to j and the rest of a row is absorbed.

    Raises ValueError when some states are never left for good (spectral radius 1).
    Source: Kemeny and Snell, Finite Markov Chains (1960), chapter 3.
    """
    radius = float(np.abs(np.linalg.eigvals(moves)).max())
    if radius > 1 - 1e-12:
        raise ValueError(f"moves: some states are never absorbed, got spectral radius {radius:.12g}")
    return np.asarray(np.linalg.solve((np.eye(len(moves)) - moves).T, start), dtype=np.float64)


def stationary_grid(shape: tuple[int, int], moves: Sequence[Move], near: tuple[int, int]) -> FloatArray:
    """Stationary probabilities, of the stated shape, of a chain on the points of a rectangle. A move that would leave
    the rectangle does not happen. `near` is a likely state: the equations are solved relative to it (a sparse LU with
    its own balance equation left out), which keeps the numbers in range.
    """
    index = np.arange(shape[0] * shape[1]).reshape(shape)
    rows, columns, values = [], [], []
    for rate, d0, d1 in moves:
        source = index[max(0, -d0) : shape[0] - max(0, d0), max(0, -d1) : shape[1] - max(0, d1)]
        rows.append(source.ravel())
        columns.append(source.ravel() + d0 * shape[1] + d1)
        values.append(np.broadcast_to(rate, shape).ravel()[source.ravel()])
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    flow = sparse.csr_matrix(entries, shape=(index.size, index.size))
    balance = (flow - sparse.diags(np.asarray(flow.sum(axis=1)).ravel())).T.tocsc()
    fixed = int(index[near])
    others = np.delete(index.ravel(), fixed)
    weights = np.ones(index.size)
    weights[others] = sparse_linalg.spsolve(balance[others][:, others], -balance[others][:, [fixed]].toarray().ravel())
    return np.asarray((weights / weights.sum()).reshape(shape), dtype=np.float64)


def unbounded_grid(
    moves: Callable[[tuple[int, int]], Sequence[Move]], shape: tuple[int, int], near: tuple[int, int]
) -> FloatArray:
    """Stationary probabilities of a chain on a quadrant, cut to a rectangle that starts at `shape` and grows along an
    axis until that axis' last line holds less than 1e-14 of the mass. `moves` gives the moves for a rectangle.

    Raises ValueError when 200 000 states do not suffice: the chain is unstable or very large.
    """
    while shape[0] * shape[1] <= LARGEST_GRID:
        probabilities = stationary_grid(shape, moves(shape), near)
        short = (probabilities[-1].sum() > BOUNDARY_MASS, probabilities[:, -1].sum() > BOUNDARY_MASS)
        if not any(short):
            return probabilities
        shape = (shape[0] * 3 // 2 if short[0] else shape[0], shape[1] * 3 // 2 if short[1] else shape[1])
    raise ValueError(f"grid: more than {LARGEST_GRID} states needed, got {shape[0]} x {shape[1]}")


def stationary_chain(start: State, moves: Callable[[State], Iterable[tuple[float, State]]]) -> dict[State, float]:
    """Stationary probabilities of all states that can be reached from `start`, a likely one; `moves` gives rates and
    next states. The equations are solved as in `stationary_grid`.

    Raises ValueError when there are more than 20 000 states.
    """
    index, flows, frontier = {start: 0}, list[tuple[int, int, float]](), [start]
    while frontier:
        state = frontier.pop()
        for rate, following in moves(state):
            if following not in index:
                index[following] = len(index)
                frontier.append(following)
            flows.append((index[state], index[following], rate))
        if len(index) > LARGEST_CHAIN:
            raise ValueError(f"states: more than {LARGEST_CHAIN} can be reached from {start!r}")
    sources, targets, rates = (np.array(column) for column in zip(*flows, strict=True))
    flow = sparse.csr_matrix((rates, (sources, targets)), shape=(len(index), len(index)))
    balance = (flow - sparse.diags(np.asarray(flow.sum(axis=1)).ravel())).T.tocsc()
    weights = np.ones(len(index))
    weights[1:] = sparse_linalg.spsolve(balance[1:, 1:], -balance[1:, [0]].toarray().ravel())
    return dict(zip(index, (weights / weights.sum()).tolist(), strict=True))
