"""The cases with known answers: which centres are simulated, with which seeds and lengths, and what must come out.

A case is an ordinary configuration (`centres`), exact answers (`sim.theory`, which `test_exact.py` holds to the figures
published) and where each answer is found in a run: in the catalogue of measures or, for what it does not print (such as
the mean number waiting), in the log (`theory_looks`). Names of cases and quantities are those of the list of known
answers that came with the project; the unit of time is the case's own. How they are compared is in `theory_comparison`.

Seeds, lengths and the rule for more replications were written down before the first run with these seeds; the lengths
were found with pilot runs on seed 7, which is used for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product

import numpy as np

from sim import known_centres, theory

from . import centres
from .centres import CHANNELS, HANDLE_MIN, P_GIVE_UP, P_RESOLVE, PRICE, SAVED_MIN, START, SWITCH
from .theory_comparison import Case, Length, Quantity
from .theory_looks import (
    HOUR,
    MINUTE,
    PHONE,
    SOCIAL,
    WEB,
    look_at_classes,
    look_at_day,
    look_at_impatient_queue,
    look_at_journeys,
    look_at_minutes,
    look_at_network,
    look_at_queue,
    look_at_redials,
    look_at_visitors,
)

PHONE_ROW, TEAM = ("channel", "phone"), ("pool", "agents")


def _loss_cases() -> list[Case]:
    """E01: loss systems, insensitive to the law of service. Contacts per replication: long runs, short runs. Blocking
    at 117 servers is rare and comes in bursts, which makes its sums skewed: it runs longer than its precision asks for
    (outputs/gallery/README.md)."""
    found = []
    systems = ((20, 20, 4800, 2400), (20, 25, 4800, 2400), (5, 10, 1200, 600), (100, 117, 12000, 1200))
    laws = (("exponential", 1.0, "20 min"), ("lognormal cv 2", 2.0, "90 min"), ("deterministic", 0.5, "20 min"))
    for number, ((load, servers, long, short), (law, factor, warm_up)) in enumerate(product(systems, laws)):
        config = known_centres.phone(load, known_centres.service_law(law, 1.0), servers, places=0)
        quantity = Quantity("p_block", "share", theory.erlang_b(load, servers), (*PHONE_ROW, "blocked"))
        full, quick = (Length(reps, f"{factor * n / load:g} min", warm_up, most) for reps, n, most in
                       ((64, long, 192), (32, short, 0)))  # fmt: skip
        found.append(Case(
            f"E01 a={load} c={servers} {law}", 2026112101 + number, config, lambda q=quantity: [q],  # type: ignore[misc]
            full, quick, 3.0,
        ))  # fmt: skip
    return found


def _erlang_c(rate: float, service: float, agents: int, within: float) -> list[Quantity]:
    """Calls a second, seconds, agents, seconds."""
    q = theory.ErlangC(rate, service, agents)
    return [
        Quantity("occupancy", "share", q.occupancy, (*TEAM, "occupancy")),
        Quantity("p_wait", "share", q.p_wait, (*PHONE_ROW, "delayed")),
        Quantity("asa", "s", q.asa, (*PHONE_ROW, "asa")),
        Quantity("lq", "1", q.mean_queue, "waiting"),
        Quantity("wait_given_delayed", "s", q.wait_given_delayed, "wait of delayed"),
        Quantity("service_level", "share", q.service_level(within), (*PHONE_ROW, "service_level")),
    ]


def _one_agent_fewer() -> list[Quantity]:
    """E03 with 13 agents: just below the target."""
    level = theory.ErlangC(100 / 1800, 180, 13).service_level(20)
    return [Quantity("service_level_13", "share", level, (*PHONE_ROW, "service_level"))]


_GARNETT = theory.ErlangA(48, 1, 50, 2)


def _garnett() -> list[Quantity]:
    """E04, in minutes (Garnett, Mandelbaum and Reiman 2002, table 1). The 90 % quantile of the wait is tested as a
    share, which unlike a sample quantile has no bias."""
    q = _GARNETT
    return [
        Quantity("p_abandon", "share", q.p_abandon, (*PHONE_ROW, "abandoned")),
        Quantity("p_delay", "share", q.p_delay, (*PHONE_ROW, "delayed")),
        Quantity("lq", "1", q.mean_queue, "waiting"),
        Quantity("occupancy", "share", q.occupancy, (*TEAM, "occupancy")),
        Quantity("mean_wait_all", "min", q.mean_wait_all, (*PHONE_ROW, "wait"), MINUTE),
        Quantity("mean_wait_served", "min", q.mean_wait_served, (*PHONE_ROW, "asa"), MINUTE),
        Quantity("mean_wait_abandoned", "min", q.mean_wait_abandoned, (*PHONE_ROW, "wait_of_leavers"), MINUTE),
        Quantity(f"waiting longer than wait_p90_s = {60 * q.wait_quantile(0.9):.6g}", "share", 0.1, "late"),
    ]


def _pyworkforce() -> list[Quantity]:
    """E05, in minutes (pyworkforce's guide to Erlang A; exact birth-death chain)."""
    q, t = theory.ErlangA(100 / 30, 3, 13, 5), 1 / 3
    return [
        Quantity("p_block", "share", q.p_block, (*PHONE_ROW, "blocked")),
        Quantity("p_delay", "share", q.p_delay, (*PHONE_ROW, "delayed")),
        Quantity("lq", "1", q.mean_queue, "waiting"),
        Quantity("occupancy", "share", q.occupancy, (*TEAM, "occupancy")),
        Quantity("p_abandon", "share", q.p_abandon, (*PHONE_ROW, "abandoned")),
        Quantity("p_served", "share", q.p_served, (*PHONE_ROW, "handled_share")),
        Quantity("mean_wait_all", "min", q.mean_wait_all, (*PHONE_ROW, "wait"), MINUTE),
        Quantity("throughput", "1/min", q.rate * q.p_served, "served per hour", 60.0),
        Quantity("mean_in_system", "1", q.busy + q.mean_queue, "present"),
        Quantity("mean_wait_served", "min", q.mean_wait_served, (*PHONE_ROW, "asa"), MINUTE),
        Quantity("mean_wait_abandoned", "min", q.mean_wait_abandoned, (*PHONE_ROW, "wait_of_leavers"), MINUTE),
        Quantity("p_served_within_t", "share", q.p_served_within(t), (*PHONE_ROW, "service_level")),
        Quantity("service_level_of_answered", "share", q.service_level_of_answered(t),
                 (*PHONE_ROW, "service_level_of_answered")),
        Quantity("p_wait_gt_t", "share", q.p_wait_gt(t), "late"),
        Quantity("p_abandon_within_t", "share", q.p_abandon_within(t), "left early"),
    ]  # fmt: skip


def _single_server_cases() -> list[Case]:
    """G05: one server at load 0.8, five laws of service (Pollaczek 1930, Khinchine 1932), in minutes. What is
    known about the state now is forgotten after some 100 services, so a day or two (1152 each) forget the start.
    Erlang-2 runs four times as long as its precision asks for: see the alarm in outputs/gallery/README.md."""
    laws = {"deterministic": (0.0, 6, 1, 64), "erlang2": (0.5, 10, 1, 384), "exponential": (1.0, 13, 1, 64),
            "lognormal cv 1.5": (2.25, 30, 2, 64), "h2 cv2 4": (4.0, 36, 2, 64)}  # fmt: skip
    found = []
    for number, (law, (scv, days, warm_up, replications)) in enumerate(laws.items()):
        answers = [
            Quantity("wq", "min", theory.mg1_wait(0.8, 1, scv), (*PHONE_ROW, "wait"), MINUTE),
            Quantity("p_wait", "share", 0.8, (*PHONE_ROW, "delayed")),
        ]
        config = known_centres.phone(0.8, known_centres.service_law(law, 1.0), 1)
        found.append(Case(
            f"G05 {law}", 2026112120 + number, config, lambda a=answers: a,  # type: ignore[misc]
            Length(replications, f"{days} d", f"{warm_up} d", 3 * replications),
            Length(32, f"{days / 8:g} d", f"{warm_up} d"), 10.0,
        ))  # fmt: skip
    return found


HOURS_SEEN = (0.25, 0.5, 1.0, 2.0, 6.0, 12.0, 18.0, 24.0)


def _visitors() -> list[Quantity]:
    """T01 (Eick, Massey and Whitt 1993), the peak of the period too; the number present is Poisson."""
    q = _SINUSOID
    peak = Quantity("periodic_peak", "1", q.peak, f"{q.peak_time:g} h")
    scatter = Quantity("variance over mean", "1", 1.0, "scatter", precision=0.03)
    times = [Quantity(f"mean_busy {h:g} h", "1", float(q.mean_busy(h)), f"{h:g} h") for h in HOURS_SEEN]
    return [*times, peak, scatter]


_SINUSOID = theory.SinusoidInfinite(100, 60, 24, 0.5)
_TIMES_SEEN = (*HOURS_SEEN, _SINUSOID.peak_time)


def _lecuyer() -> list[Quantity]:
    """T04, in minutes (ContactCenters, example MMCAb)."""
    d = theory.day_with_abandonment([4.2], 480, 2, 12, 1, 1 / 3)
    return [
        Quantity("expected_arrivals", "contacts", d.arrivals, "arrivals"),
        Quantity("abandons", "contacts", d.abandons, "abandons"),
        Quantity("good_served", "contacts", d.served_within, "good"),
        Quantity("service_level_of_served", "share", d.service_level_of_served,
                 (*PHONE_ROW, "service_level_of_answered")),
        Quantity("total_wait", "min", d.total_wait, "wait", MINUTE),
        Quantity("occupancy_0_T", "share", d.occupancy, (*TEAM, "occupancy")),
        Quantity("left_in_system_at_T", "contacts", d.left_at_close, "left at close"),
        Quantity("speed_of_answer", "min", d.asa, (*PHONE_ROW, "asa"), MINUTE),
        Quantity("late_or_abandoned_after_awt", "contacts", d.late, "late"),
    ]  # fmt: skip


def _cobham() -> list[Quantity]:
    """P01, in minutes (Cobham 1954). At equal laws of service the mean over both classes is that of first come, first
    served."""
    high, low = (float(x) for x in theory.priority_waits([0.3, 0.5], [1, 1], [1, 1]))
    return [
        Quantity("wq_high", "min", high, "high", MINUTE),
        Quantity("wq_low", "min", low, "low", MINUTE),
        Quantity("wq_fifo", "min", theory.mg1_wait(0.8, 1, 1), (*PHONE_ROW, "wait"), MINUTE),
    ]


def _cobham_ten() -> list[Quantity]:
    """P02, in minutes (Cobham 1954, Davis 1966, Kella and Yechiali 1985)."""
    high, low = (float(x) for x in theory.priority_waits_mmc([3, 5], 1, 10))
    fifo = theory.ErlangC(8, 1, 10)
    return [
        Quantity("p_wait", "share", fifo.p_wait, (*PHONE_ROW, "delayed")),
        Quantity("wq_high", "min", high, "high", MINUTE),
        Quantity("wq_low", "min", low, "low", MINUTE),
        Quantity("wq_fifo", "min", fifo.asa, (*PHONE_ROW, "wait"), MINUTE),
    ]


def _redials() -> list[Quantity]:
    """R03, in minutes (chain of Aguir et al. 2004, Mandelbaum et al. 2002)."""
    q = theory.RedialQueue(9, 1, 8, 1, 0.6, 2)
    return [
        Quantity("total_call_rate", "1/min", q.attempt_rate, "calls per hour", 60.0),
        Quantity("attempts_per_customer", "1", q.attempts_per_customer, ("journey", "all", "contacts")),
        Quantity("p_abandon_per_attempt", "share", q.p_abandon, (*PHONE_ROW, "abandoned")),
        Quantity("p_eventually_served", "share", q.p_served_in_the_end, ("journey", "all", "resolved")),
        Quantity("mean_queue", "1", q.mean_queue, "waiting"),
        Quantity("mean_orbit", "1", q.mean_pausing, "pausing"),
        Quantity("occupancy", "share", q.occupancy, (*TEAM, "occupancy")),
        Quantity("p_delay_external", "share", q.p_delay_first, "delayed first"),
    ]


def _walk() -> theory.Journey:
    return theory.Journey(START, P_RESOLVE, P_GIVE_UP, SWITCH)


def _journeys() -> list[Quantity]:
    """J01 (Kemeny and Snell 1960)."""
    j = _walk()
    whole = "journey", "all"
    found = [
        Quantity("contacts_per_journey", "1", j.contacts_mean, (*whole, "contacts")),
        Quantity("var_contacts", "1", j.contacts_variance, "variance"),
        Quantity("p_resolved", "share", j.p_resolved, (*whole, "resolved")),
        Quantity("p_given_up", "share", 1 - j.p_resolved, (*whole, "given_up")),
        Quantity("one_contact_resolution", "share", j.p_resolved_at_first, (*whole, "fcr")),
    ]
    visits, resolved = j.visits.tolist(), j.resolved_by_channel.tolist()
    for name, value in zip(CHANNELS, visits, strict=True):
        found.append(Quantity(f"visits_by_channel {name}", "1", value, f"visits {name}"))
    for name, value in zip(CHANNELS, resolved, strict=True):
        found.append(Quantity(f"resolved_by_channel {name}", "share", value, f"resolved {name}"))
    for k in range(1, 9):
        found.append(Quantity(f"contacts_distribution {k}", "share", j.p_contacts(k), f"exactly {k}"))
    for k in (2, 3):
        found.append(Quantity(f"p_at_least_{k}_contacts", "share", float(j.kth_contact(k).sum()), f"at least {k}"))
    fifth = j.kth_contact(5)
    found += [
        Quantity("p_5th_contact_exists", "share", float(fifth.sum()), "at least 5"),
        Quantity("p_5th_contact_is_social", "share", float(fifth[SOCIAL]), "fifth on social"),
        Quantity("share_of_5th_contacts_on_social", "share", float(j.kth_contact_share(5)[SOCIAL]),
                 ("channel", "social", "fifth")),
    ]  # fmt: skip
    for i, name in enumerate(CHANNELS):
        found.append(Quantity(f"p_ever_on {name}", "share", float(j.p_ever_on[i]), ("channel", name, "reached")))
    for k in range(1, 7):
        found.append(Quantity(f"p_distinct_channels {k}", "share", float(j.distinct_channels[k - 1]), f"{k} channels"))
    return [
        *found,
        Quantity("p_two_or_more_channels", "share", float(j.distinct_channels[1:].sum()), (*whole, "multichannel")),
        Quantity("p_three_or_more_channels", "share", float(j.distinct_channels[2:].sum()), (*whole, "three_channels")),
        Quantity("share_of_phone_contacts_with_web_earlier", "share", j.contacts_with_earlier(PHONE, WEB),
                 "phone after web"),
        Quantity("share_of_journeys_with_phone_that_also_used_web", "share", j.journeys_with_both(PHONE, WEB),
                 "phone and web"),
    ]  # fmt: skip


def _context(level: float) -> Callable[[], list[Quantity]]:
    """J03: twelve-state chain; what context is worth is an assumption of the case."""

    def answers() -> list[Quantity]:
        with_context = np.minimum(1.2 * np.array(P_RESOLVE), 0.95), 0.7 * np.array(P_GIVE_UP)
        j = theory.ContextJourney(_walk(), theory.carry_matrix(level, 6), *with_context)
        handle, saved = np.array(HANDLE_MIN), np.array(SAVED_MIN)
        person = np.array([0, 0, 1, 1, 1, 1.0])
        whole = "journey", "all"
        return [
            Quantity("contacts_per_journey", "1", j.contacts_mean, (*whole, "contacts")),
            Quantity("p_resolved", "share", j.p_resolved, (*whole, "resolved")),
            Quantity("handle_minutes_per_journey", "min", j.total(handle, handle - saved), "handle", MINUTE),
            Quantity("repeat_explanations_per_journey", "1", j.restarts, (*whole, "restarts")),
            Quantity("cost_per_journey", "money", j.total(PRICE, PRICE), (*whole, "cost_per_journey")),
            Quantity("social_contacts_per_journey", "1", float(j.visits[:, SOCIAL].sum()), "social"),
            Quantity("agent_minutes_per_journey", "min", j.total(handle * person, (handle - saved) * person),
                     (*whole, "agent_time"), MINUTE),
        ]  # fmt: skip

    return answers


def _jackson() -> list[Quantity]:
    """N01, in hours (Jackson 1963)."""
    services = [1 / rate for rate in centres.JACKSON_PER_H]
    network = theory.JacksonNetwork([60 * s for s in START], _walk().moves, services, centres.JACKSON_AGENTS)
    found = []
    for name, s in zip(CHANNELS, network.stations, strict=True):
        found.append(Quantity(f"{name} rate", "1/h", s.rate, f"rate {name}"))
        if s.occupancy is not None:
            found += [
                Quantity(f"{name} occupancy", "share", s.occupancy, ("pool", f"{name}_team", "occupancy")),
                Quantity(f"{name} p_wait", "share", s.p_wait, ("channel", name, "delayed")),
                Quantity(f"{name} mean_wait_h", "h", s.mean_wait, ("channel", name, "wait"), HOUR),
            ]
        found.append(Quantity(f"{name} mean_in_station", "1", s.mean_in_station, f"present {name}"))
    return [
        *found,
        Quantity("mean_total_in_system", "1", network.mean_in_system, "in system"),
        Quantity("mean_journey_h", "h", network.mean_journey, "journey", HOUR),
        Quantity("contacts_per_journey", "1", network.contacts_mean, ("journey", "all", "contacts")),
    ]


def _chat_and_phone() -> list[Quantity]:
    """M01, in minutes (two-dimensional chain)."""
    chat = theory.Station(4.0, 1 / 1.5, 3, 1 / 0.6, 0.7, after_service=(0, 0.3 * 0.8), after_abandon=(0, 0.5))
    phone = theory.Station(2.5, 1.0, 4, 1 / 0.5, 0.8, after_service=(0, 0.2 * 0.5), after_abandon=(0.2, 0.3))
    both = theory.TwoStations((chat, phone))
    found = [
        Quantity("contacts_per_journey", "1", both.contacts_mean, ("journey", "all", "contacts")),
        Quantity("p_journey_resolved", "share", both.p_resolved, ("journey", "all", "resolved")),
    ]
    for name, s in zip(("chat", "phone"), both.results, strict=True):
        found += [
            Quantity(f"{name}_contact_rate", "1/min", s.contact_rate, f"rate {name}", 60.0),
            Quantity(f"{name}_p_abandon_per_contact", "share", s.p_abandon, ("channel", name, "abandoned")),
            Quantity(f"mean_{name}_queue", "1", s.mean_queue, f"waiting {name}"),
            Quantity(f"{name}_wait_per_contact", "min", s.mean_wait, ("channel", name, "wait"), MINUTE),
            Quantity(f"{name}_occ", "share", s.occupancy, ("pool", f"{name}_team", "occupancy")),
        ]
    return found


def _context_cases() -> list[Case]:
    return [
        Case(f"J03 g={level:g}", 2026112140 + number, centres.journeys(level), _context(level),
             Length(64, "6 h", "2 h", 192), Length(32, "3 h", "2 h"), 3.0, look=look_at_minutes)
        for number, level in enumerate((0.0, 0.25, 0.5, 0.75, 1.0))
    ]  # fmt: skip


ONE, THREE = known_centres.exponential(1), known_centres.exponential(3)
CASES: tuple[Case, ...] = (
    *_loss_cases(),
    # 360 calls a half-hour, 4 min, 55 agents, 15 s (Tanner, Mitan)
    Case("E02", 2026112113, known_centres.phone(12, known_centres.exponential(4), 55, threshold=0.25),
         partial(_erlang_c, 0.2, 240, 55, 15),
         Length(128, "10 d", "6 h", 256), Length(32, "18 h", "3 h"), 12.0, look=look_at_queue),
    # 100 calls a half-hour, 180 s, 14 agents, 20 s
    Case("E03", 2026112114, known_centres.phone(100 / 30, THREE, 14, threshold=1 / 3),
         partial(_erlang_c, 100 / 1800, 180, 14, 20),
         Length(64, "8 d", "6 h", 192), Length(32, "12 h", "3 h"), 12.0, look=look_at_queue),
    Case("E03 13 agents", 2026112115, known_centres.phone(100 / 30, THREE, 13, threshold=1 / 3), _one_agent_fewer,
         Length(64, "1 d", "3 h", 192), Length(32, "12 h", "3 h"), 2.0),
    Case("E04", 2026112116, known_centres.phone(48, ONE, 50, patience=2), _garnett,
         Length(64, "17 h", "30 min", 192), Length(32, "90 min", "30 min"), 10.0,
         look=look_at_impatient_queue(60 * _GARNETT.wait_quantile(0.9))),
    Case("E05", 2026112117, known_centres.phone(100 / 30, THREE, 13, patience=5, threshold=1 / 3), _pyworkforce,
         Length(64, "5 d", "2 h", 192), Length(32, "12 h", "2 h"), 7.0, look=look_at_impatient_queue(20.0)),
    *_single_server_cases(),
    Case("T01", 2026112125, centres.sinusoid(100, 60, 0.5), _visitors,
         Length(400, "1 d", most=1600), Length(64, "1 d"), 5.0, end="drain",
         look=look_at_visitors(_TIMES_SEEN, _SINUSOID.mean_busy(_TIMES_SEEN))),
    Case("T04", 2026112126, centres.short_day(4.2, 480, 2, 12, 1, 1 / 3), _lecuyer,
         Length(1000, "480 min", most=4000), Length(100, "480 min"), 5.0, end="drain", look=look_at_day(20.0)),
    Case("P01", 2026112127, known_centres.two_classes(0.3, 0.5, 1), _cobham,
         Length(64, "21 d", "1 d", 192), Length(32, "3 d", "1 d"), 6.0, look=look_at_classes),
    Case("P02", 2026112128, known_centres.two_classes(3, 5, 10), _cobham_ten,
         Length(128, "5 d", "3 h", 384), Length(32, "12 h", "3 h"), 10.0, look=look_at_classes),
    Case("R03", 2026112129, known_centres.with_redials(9, 1, 8, 1, 0.6, 2), _redials,
         Length(64, "15 h", "2 h", 192), Length(32, "4 h", "2 h"), 4.0, look=look_at_redials),
    Case("J01", 2026112130, centres.journeys(), _journeys,
         Length(128, "4 d", most=256), Length(32, "16 h"), 7.0, look=look_at_journeys),
    *_context_cases(),
    Case("N01", 2026112131, centres.jackson(), _jackson,
         Length(64, "20 d", "6 h", 192), Length(32, "1 d", "6 h"), 10.0, look=look_at_network),
    Case("M01", 2026112132, centres.chat_and_phone(), _chat_and_phone,
         Length(64, "28 h", "2 h", 192), Length(32, "4 h", "2 h"), 6.0, look=look_at_network),
)  # fmt: skip
ORDER = {case.name: number for number, case in enumerate(CASES)}
