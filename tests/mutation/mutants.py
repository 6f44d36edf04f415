"""Mutants of rules: a small change that makes a rule wrong, and the tests that are to notice it.

`before` stands once in `file` (below sim/), and `after` takes its place. A mutant that survives is a rule that no test
holds: write the test, do not take the mutant away.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One change, and where it must be noticed."""

    name: str
    file: str
    before: str
    after: str
    tests: str
    """files of tests below tests/, parted by blanks"""


RULES, HAND, SECOND = "engine/test_rules.py", "engine/test_mechanisms_by_hand.py", "engine/test_second_order.py"
TIES, DAYS, FEEL = "extreme/test_ties.py", "extreme/test_by_hand.py", "feelings/test_rules.py"

MUTANTS = (
    Mutant("a failure is transferred whatever the share", "rules/service.py",
           "return TRANSFERRED if u_transfer < transfer else FAILED", "return TRANSFERRED", RULES),
    Mutant("context removes no failures", "rules/service.py",
           "failure * (1.0 - removed)", "failure", RULES),
    Mutant("odds are multiplied as if they were probabilities", "rules/service.py",
           "return p * factor / (1.0 - p + p * factor)", "return min(1.0, p * factor)",
           RULES),
    Mutant("context does not shorten sessions", "rules/service.py",
           "        length *= 1.0 - saved", "        length *= 1.0", DAYS),
    Mutant("an agent without authority solves the issue", "rules/service.py",
           "            return FAILED\n    deflect", "            return RESOLVED\n    deflect", HAND),
    Mutant("a drop-out takes the whole session", "rules/service.py",
           "return length * (at if at >= 0.0 else uniform(seed, replication, entity, leg, _ABANDON_AT)), ABANDONED",
           "return length, ABANDONED", DAYS + " extreme/test_extremes.py engine/test_days_by_hand.py"),
    Mutant("the return factor is not used", "rules/hops.py",
           "        total += row[c] * (return_factor if used >> c & 1 else 1.0)", "        total += row[c]", RULES),
    Mutant("giving up ignores its factor", "rules/hops.py",
           "give_up = row[channels] * give_up_factor", "give_up = row[channels]", RULES),
    Mutant("sticky loss is forgotten", "rules/hops.py",
           "return CARRIED if u < g and not lost_before else LOST", "return CARRIED if u < g else LOST", RULES),
    Mutant("balking forgets the customer's own place", "rules/waiting.py",
           "(waiting + 1) * mean_handle", "waiting * mean_handle", RULES),
    Mutant("balking by number looks one too far", "rules/waiting.py",
           "shares[min(waiting, shares.size - 1)]", "shares[min(waiting + 1, shares.size - 1)]",
           "engine/test_queues_by_hand.py"),
    Mutant("places before lines", "rules/admission.py",
           "        return CLOSED\n", "        return BLOCKED\n", "extreme/test_extremes.py " + DAYS),
    Mutant("no place to wait is balking", "rules/admission.py",
           "    if full:\n        return BLOCKED", "    if full:\n        return BALKED", "extreme/test_extremes.py"),
    Mutant("the newest idle agent is chosen", "rules/routing.py",
           "since[agent] < since[best]", "since[agent] > since[best]", RULES + " engine/test_free_agents.py"),
    Mutant("a reserve of one too few", "rules/routing.py",
           "return idle - (1 if load == 0 else 0) >= reserve", "return idle >= reserve", HAND),
    Mutant("the shortest wait first", "rules/routing.py",
           "worse = at > queued_at[best]", "worse = at < queued_at[best]", RULES),
    Mutant("ageing is forgotten", "rules/routing.py",
           "offers[i, BASE] + offers[i, AGEING] * (now - at)", "offers[i, BASE]",
           RULES + " engine/test_queues_by_hand.py"),
    Mutant("the pool's rank is ignored", "rules/routing.py",
           "worse = rank > best_rank", "worse = False", RULES + " engine/test_queues_by_hand.py"),
    Mutant("the busiest agent is sent home", "rules/staff.py",
           "load[agent] < load[best]", "load[agent] > load[best]",
           DAYS + " engine/test_days_by_hand.py engine/test_free_agents.py"),
    Mutant("attention is not shared", "rules/sharing.py",
           "return attention + (now - at) / held if held > 0 else attention",
           "return attention + (now - at) if held > 0 else attention", "engine/test_measures_of_mechanisms.py " + HAND),
    Mutant("the work of a shared agent is not begun anew", "engine/simpy/sharing.py",
           "            self.work = 0.0\n        self.timer", "            pass\n        self.timer", SECOND),
    Mutant("work of former shifts counts as occupation", "engine/simpy/agents.py",
           "        self.worked[agent] = 0.0\n", "", SECOND),
    Mutant("least occupied weighs the sum", "rules/routing.py",
           "first = worked[agent] / max(now - came[agent], 1e-9)", "first = worked[agent]", RULES),
    Mutant("an agent who is sure to be the least occupied stays so for ever", "rules/trees.py",
           "    return float(now + reach)\n", "    return np.inf\n", "engine/test_free_agents.py"),
    Mutant("random agents are counted in the first tree alone", "rules/trees.py",
           "number -= mine", "number -= 0", "engine/test_free_agents.py"),
    Mutant("others start deferred work by idleness alone", "rules/routing.py",
           "            or (load[order[i - 1]] == load[agent] and since[order[i - 1]] > since[agent])",
           "            or since[order[i - 1]] > since[agent]", SECOND),
    Mutant("others start deferred work in the order of their numbers", "rules/routing.py",
           "(load[order[i - 1]] == load[agent] and since[order[i - 1]] > since[agent])", "False", SECOND),
    Mutant("equal patience beats the time-out", "engine/simpy/desk.py",
           "if timeout <= patience and timeout < inf:", "if timeout < patience and timeout < inf:", TIES),
    Mutant("a wait that is over calls a helper", "engine/simpy/desk.py",
           "if contact.waiting and contact.queued_at == queued_at:", "if contact.waiting:", SECOND),
    Mutant("whoever has no patience hangs up while rung", "engine/simpy/handling.py",
           "if contact.patience in (0.0, inf):", "if contact.patience == inf:", SECOND),
    Mutant("frustration doubles with the wait", "rules/feelings.py",
           "math.log(wait / tolerance) * PER_LOG2", "wait / tolerance",
           FEEL + " feelings/test_by_hand.py"),
    Mutant("frustration lengthens patience", "rules/feelings.py",
           "math.exp(-coefficient * f)", "math.exp(coefficient * f)", FEEL),
    Mutant("whoever was pushed on does not mind", "rules/feelings.py",
           "return f + forced_hop if pushed else f", "return f", "feelings/test_by_hand.py"),
    Mutant("a line is kept although the hop takes time", "rules/journeys.py",
           "return goes_on and at_once and same_lines", "return goes_on and same_lines", SECOND),
    Mutant("unserved attempts do not count", "rules/journeys.py",
           "min(unserved, row_of.shape[2] - 1)", "0", DAYS + " engine/test_days_by_hand.py"),
    Mutant("integration is paid without writing it off", "measures/given.py",
           "cost.set_up * YEAR / cost.written_off_over", "cost.set_up", "engine/test_measures_by_hand.py"),
    Mutant("whoever balked could have waited", "measures/contacts.py",
           "NOT_LET_IN = (O.BLOCKED, O.CLOSED, O.BALKED)", "NOT_LET_IN = (O.BLOCKED, O.CLOSED)",
           "engine/test_measures_by_hand.py"),
)  # fmt: skip
