"""Who posts and how many see it: computed from the finished log, because posts change nothing in it.

Comes in: the tables of contacts and customers, the coefficients of `sim.model.feelings`. Goes out: the table of posts.
Each post is keyed by its customer and contact, so any engine that wrote the same contacts writes the same posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model.feelings import Feelings
from ..model.outcomes import End, Outcome
from ..rules import feelings as rules
from .codes import ADVERSE, ADVOCATE, PUT_THROUGH, SOLUTION
from .tables import POST_COLUMNS, Rows

Table = Mapping[str, NDArray[Any]]


def posts_of(
    felt: Feelings, channels: tuple[str, ...], contacts: Table, customers: Table, stopped: float, key: tuple[int, int]
) -> dict[str, NDArray[Any]]:
    """The table of posts of one replication; `key` is (seed, replication)."""
    rows = Rows(POST_COLUMNS)
    if felt.posts.probability > 0:
        _adverse(rows, felt, channels, contacts, stopped, key)
    if felt.advocates.probability > 0:
        _advocates(rows, felt, contacts, customers, key)
    return rows.table("entity", "number", "kind")


def _adverse(
    rows: Rows, felt: Feelings, channels: tuple[str, ...], contacts: Table, stopped: float, key: tuple[int, int]
) -> None:
    """Contacts begun angry in a public channel; seen until the reply, wholly without one, so far if still open."""
    posts, reach = felt.posts, felt.posts.reach
    public = np.array([name in felt.public for name in channels], dtype=bool)
    angry = public[contacts["channel"]] & (contacts["frustration"] >= posts.threshold)
    begun, replied, ended = (contacts[name][angry] for name in ("arrived", "answered", "ended"))
    replied = np.where(replied > ended, np.nan, replied)  # work answered after the customer had moved on
    silence = np.where(np.isnan(ended), stopped, np.inf)
    seconds = np.where(np.isnan(replied), silence, replied) - begun
    solved = np.where(contacts["outcome"][angry] == Outcome.RESOLVED, ended, np.nan)
    entities, numbers = contacts["entity"][angry], contacts["number"][angry]
    whole = np.empty(entities.size)
    rules.adverse_posts(posts.probability, reach.mean, reach.sigma, *key, entities, numbers, whole)
    columns = (column[whole >= 0] for column in (entities, numbers, begun, seconds, solved, whole))
    entities, numbers, begun, seconds, solved, whole = columns
    seen = np.empty(whole.size)
    rules.seen_by(whole, seconds, posts.half_life, seen)
    shown = seen / (1 - posts.reposted)
    rows.add_all(entities, numbers, np.full(whole.size, ADVERSE), begun, whole, shown)
    if felt.advocates.solution_seen > 0:
        over = ~np.isnan(solved)
        again = shown[over] * felt.advocates.solution_seen
        rows.add_all(entities[over], numbers[over], np.full(again.size, SOLUTION), solved[over], whole[over], again)


def _advocates(rows: Rows, felt: Feelings, contacts: Table, customers: Table, key: tuple[int, int]) -> None:
    """Customers whose issue was solved, and who leave content enough: by contacts, frustration, satisfaction."""
    advocates, reach = felt.advocates, felt.advocates.reach
    begun = np.repeat(np.arange(customers["entity"].size), customers["contacts"])  # of whom each contact is
    made = np.bincount(begun, weights=contacts["via"] != PUT_THROUGH, minlength=customers["entity"].size)
    f = customers["frustration"]
    glad = customers["end"] == End.RESOLVED
    glad &= np.exp(-felt.satisfaction.per_frustration * f) >= advocates.satisfaction
    if advocates.within_contacts is not None:
        glad &= made <= advocates.within_contacts
    if advocates.threshold is not None:
        glad &= f <= advocates.threshold
    entities, numbers, ended = (customers[name][glad] for name in ("entity", "contacts", "ended"))
    whole = np.empty(entities.size)
    rules.advocate_posts(advocates.probability, reach.mean, reach.sigma, *key, entities, numbers, whole)
    entities, numbers, ended, whole = (column[whole >= 0] for column in (entities, numbers, ended, whole))
    rows.add_all(entities, numbers, np.full(whole.size, ADVOCATE), ended, whole, whole / (1 - advocates.reposted))
