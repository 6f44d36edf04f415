"""The theory package reproduces published and independently computed answers, its formulas agree with each other in the
limits where they must, and bad inputs are refused by name.

Every expected number stands with its source. Tolerances are absolute and close to the digits given.
"""

import math
from typing import Any

import numpy as np
import pytest
from scipy import integrate, special

from sim.theory import (
    ContextJourney,
    ErlangA,
    ErlangC,
    FiniteQueue,
    JacksonNetwork,
    Journey,
    RedialQueue,
    SharedAgent,
    SinusoidInfinite,
    Station,
    TwoStations,
    agents_required,
    birth_death,
    carry_matrix,
    day_with_abandonment,
    erlang_b,
    expected_visits,
    mean_busy_piecewise,
    mg1_wait,
    priority_waits,
    priority_waits_mmc,
    scheduled_fte,
)


def exactly(expected: Any, tolerance: Any = 1e-10) -> Any:
    return pytest.approx(expected, rel=0, abs=tolerance)


# Six channels in the order web, ivr, chat, email, phone, social; chosen around a 64 % web start. Shared by the journey,
# context and Jackson cases; their answers come from the fundamental matrix (Kemeny and Snell, 1960).
WEB, IVR, CHAT, EMAIL, PHONE, SOCIAL = range(6)
START = (0.64, 0.10, 0.08, 0.05, 0.10, 0.03)
P_RESOLVE = np.array((0.36, 0.25, 0.58, 0.45, 0.68, 0.66))
P_GIVE_UP = np.array((0.10, 0.08, 0.12, 0.20, 0.15, 0.30))
SWITCH = (
    (0.10, 0.20, 0.25, 0.10, 0.33, 0.02),
    (0.05, 0.10, 0.08, 0.05, 0.70, 0.02),
    (0.05, 0.05, 0.20, 0.10, 0.52, 0.08),
    (0.05, 0.05, 0.15, 0.25, 0.42, 0.08),
    (0.03, 0.07, 0.10, 0.08, 0.60, 0.12),
    (0.02, 0.03, 0.15, 0.10, 0.30, 0.40),
)


@pytest.fixture(scope="module")
def journey() -> Any:
    return Journey(START, P_RESOLVE, P_GIVE_UP, SWITCH)


class TestErlangB:
    @pytest.mark.parametrize(
        ("load", "servers", "blocked"),
        [
            (20, 20, 0.15889196154197),
            (20, 25, 0.050221777890795),
            (5, 10, 0.018384570336648),
            (100, 117, 0.0097900711253714),
        ],
    )
    def test_blocking_matches_forty_digit_evaluation(self, load: Any, servers: Any, blocked: Any) -> None:
        """Erlang (1917), evaluated with mpmath at 40 digits."""
        assert erlang_b(load, servers) == exactly(blocked, 1e-12)

    @pytest.mark.parametrize(("load", "servers"), [(0.5, 1), (3, 7), (20, 20), (150, 120), (900, 950)])
    def test_recursion_equals_closed_formula(self, load: Any, servers: Any) -> None:
        """a^c / c! over the sum, as a ratio of Poisson probabilities (scipy's pdtr is the Poisson distribution)."""
        mass = math.exp(servers * math.log(load) - load - special.gammaln(servers + 1))
        assert erlang_b(load, servers) == pytest.approx(mass / special.pdtr(servers, load), rel=1e-11)

    def test_no_server_blocks_all_and_no_load_blocks_none(self) -> None:
        assert erlang_b(3.0, 0) == 1
        assert erlang_b(0.0, 4) == 0


class TestErlangC:
    def test_mitan_example_of_360_calls_a_half_hour(self) -> None:
        """Tanner (Mitan Ltd), "The Erlang-C Formula": 4 min, 55 agents, 15 s; published rounded."""
        q = ErlangC(rate=0.2, mean_service=240, servers=55)
        assert q.load == exactly(48, 1e-12)
        assert q.occupancy == exactly(0.87272727272727, 1e-12)
        assert q.p_wait == exactly(0.23870093637801, 1e-12)
        assert q.asa == exactly(8.1840321043889, 1e-12)
        assert q.mean_queue == exactly(1.6368064208778, 1e-12)
        assert q.wait_given_delayed == exactly(34.285714285714, 1e-12)
        assert q.service_level(15) == exactly(0.84588309217058, 1e-12)

    def test_call_centre_helper_example_needs_14_agents_and_20_scheduled(self) -> None:
        """100 calls a half-hour of 180 s, 80 % in 20 s, 30 % shrinkage: pyworkforce, guide to Erlang C."""
        q = ErlangC(100 / 1800, 180, 14)
        assert agents_required(100 / 1800, 180, 0.8, 20, max_occupancy=0.85) == 14
        assert scheduled_fte(14, 0.3) == exactly(20)
        assert ErlangC(100 / 1800, 180, 13).service_level(20) == exactly(0.79559478841778)
        assert q.load == exactly(10)
        assert q.occupancy == exactly(0.71428571428571)
        assert q.p_wait == exactly(0.17413193359505)
        assert q.asa == exactly(7.8359370117772)
        assert q.mean_queue == exactly(0.43532983398762)
        assert q.wait_given_delayed == exactly(45)
        assert q.service_level(20) == exactly(0.88835001917947)

    def test_wait_quantile_inverts_service_level(self) -> None:
        q = ErlangC(48, 1, 50)
        assert q.service_level(q.wait_quantile(0.9)) == exactly(0.9, 1e-12)
        assert ErlangC(1, 1, 20).wait_quantile(0.9) == 0


class TestErlangA:
    def test_garnett_table_1_at_48_calls_and_50_agents(self) -> None:
        """Garnett, Mandelbaum and Reiman, M&SOM 4 (2002), Table 1: 3.1 %, 3.7 s, 12.5 s, queue 3, 93 %. Minutes."""
        q = ErlangA(rate=48, mean_service=1, servers=50, mean_patience=2)
        assert q.p_abandon == exactly(0.030912249162193)
        assert q.p_delay == exactly(0.46777406855379)
        assert q.mean_queue == exactly(2.9675759195705)
        assert q.occupancy == exactly(0.93032424080429)
        assert q.mean_wait_all == exactly(0.061824498324386)
        assert q.mean_wait_served == exactly(0.060265003992552)
        assert q.mean_wait_abandoned == exactly(0.1107140775508)
        assert q.mean_wait_all * 60 == exactly(3.7094698994632)
        assert q.wait_quantile(0.9) * 60 == exactly(12.444647715181)

    def test_erlang_c_misses_the_abandoning_queue_even_with_demand_reduced(self) -> None:
        """Same table: 20.8 s, queue 17, 58.1 s; with the 3.1 % taken off demand 8.8 s, queue 7."""
        c = ErlangC(48, 1, 50)
        assert c.asa * 60 == exactly(20.833668335905)
        assert c.mean_queue == exactly(16.666934668724)
        assert c.occupancy == exactly(0.96)
        assert c.wait_quantile(0.9) * 60 == exactly(58.138741782009)
        reduced = ErlangC(48 * (1 - ErlangA(48, 1, 50, 2).p_abandon), 1, 50)
        assert reduced.asa * 60 == exactly(8.8317029005718)
        assert reduced.mean_queue == exactly(6.8469560799863)

    def test_pyworkforce_example_of_100_calls_and_13_agents(self) -> None:
        """pyworkforce, erlanga guide (rounded there), and the exact birth-death chain. Minutes."""
        q, t = ErlangA(100 / 30, 3, 13, 5), 1 / 3
        assert q.p_block == 0
        assert q.p_delay == exactly(0.22579708404738)
        assert q.mean_queue == exactly(0.41605506055953)
        assert q.busy == exactly(9.7503669636643)
        assert q.occupancy == exactly(0.75002822797418)
        assert q.p_abandon == exactly(0.024963303633572)
        assert q.p_served == exactly(0.97503669636643)
        assert q.mean_wait_all == exactly(0.12481651816786)
        assert q.rate * q.p_served == exactly(3.2501223212214)
        assert q.busy + q.mean_queue == exactly(10.166422024224)
        assert q.mean_wait_served == exactly(0.1152328051011)
        assert q.mean_wait_abandoned == exactly(0.49914485486179)
        assert q.p_served_within(t) == exactly(0.85817770003076)
        assert q.service_level_of_answered(t) == exactly(0.88014913000592)
        assert q.p_wait_gt(t) == exactly(0.13019369529283)
        assert q.p_abandon_within(t) == exactly(0.011628604676405)

    @pytest.mark.parametrize(("rate", "servers"), [(8, 10), (190, 200), (585, 600)])
    def test_endless_patience_gives_erlang_c(self, rate: Any, servers: Any) -> None:
        a, c = ErlangA(rate, 1, servers, 1e10), ErlangC(rate, 1, servers)
        assert a.p_delay == pytest.approx(c.p_wait, rel=1e-8)
        assert a.mean_wait_all == pytest.approx(c.asa, rel=1e-8)
        assert a.p_served_within(0.02) == pytest.approx(c.service_level(0.02), rel=1e-8)
        assert a.wait_quantile(0.99) == pytest.approx(c.wait_quantile(0.99), rel=1e-7)

    @pytest.mark.parametrize(("rate", "servers"), [(8, 10), (220, 200)])
    def test_vanishing_patience_gives_erlang_b(self, rate: Any, servers: Any) -> None:
        assert ErlangA(rate, 1, servers, 1e-9).p_abandon == pytest.approx(erlang_b(rate, servers), rel=1e-6)

    def test_zero_patience_of_all_or_no_waiting_place_is_erlang_b(self) -> None:
        assert ErlangA(20, 1, 25, 2, zero_patience=1).p_abandon == exactly(erlang_b(20, 25), 1e-14)
        assert ErlangA(20, 1, 25, 2, places=0).p_block == exactly(erlang_b(20, 25), 1e-14)
        assert math.isnan(ErlangA(20, 1, 25, 2, places=0).mean_wait_abandoned)

    def test_finite_places_match_a_birth_death_chain_and_long_patience_the_finite_queue(self) -> None:
        q = ErlangA(11, 1, 8, 2, places=6, zero_patience=0.3)
        up = [11.0] * 8 + [11 * 0.7] * 6
        p = birth_death(up, [min(n, 8) + max(n - 8, 0) / 2 for n in range(1, 15)])
        assert q.p_block == exactly(p[-1], 1e-14)
        assert q.p_delay == exactly(p[8:14].sum(), 1e-14)
        assert q.p_served == exactly(p @ np.minimum(np.arange(15), 8) / 11, 1e-14)
        endless, finite = ErlangA(11, 1, 8, 1e9, places=6), FiniteQueue(11, 1, 8, 6)
        assert endless.p_block == exactly(finite.p_block, 1e-7)
        assert endless.mean_wait_all == exactly(finite.mean_wait, 1e-7)

    @pytest.mark.parametrize("load", [500.0, 700.0, 760.0, 1400.0])
    def test_seven_hundred_servers_match_a_birth_death_chain(self, load: Any) -> None:
        states = np.arange(1, 4001)
        p = birth_death(np.full(4000, load), np.minimum(states, 700) + np.maximum(states - 700, 0) / 3)
        q = ErlangA(load, 1, 700, 3)
        assert q.mean_queue == pytest.approx(p[700:] @ np.arange(3301), rel=1e-11)
        assert q.p_delay == pytest.approx(p[700:].sum(), rel=1e-11)
        assert q.p_abandon == pytest.approx(q.mean_queue / 3 / load, rel=1e-10)

    @pytest.mark.parametrize(
        "q", [ErlangA(48, 1, 50, 2), ErlangA(11, 1, 8, 0.5, places=6, zero_patience=0.3), ErlangA(450, 1, 400, 0.7)]
    )
    def test_means_are_integrals_of_the_tail_and_shares_add_up(self, q: Any) -> None:
        area, _ = integrate.quad(q.p_wait_gt, 0, 40 * q.mean_patience, limit=400, epsabs=1e-11)
        shares = q.p_served * q.mean_wait_served + q.p_abandon * q.mean_wait_abandoned
        assert q.mean_wait_all == exactly(area, 1e-8)
        assert q.mean_wait_all * (1 - q.p_block) == exactly(shares, 1e-12)
        assert q.p_served_within(100.0) == exactly(q.p_served, 1e-12)
        assert q.p_abandon_within(100.0) == exactly(q.p_abandon, 1e-12)
        assert q.p_wait_gt(q.wait_quantile(0.95)) == exactly(0.05, 1e-10)


class TestStaffing:
    @pytest.mark.parametrize("patience", [None, 60.0, 600.0])
    @pytest.mark.parametrize("rate", [0.01, 0.3, 2.0])
    def test_one_agent_fewer_misses_the_target(self, rate: Any, patience: Any) -> Any:
        need = agents_required(rate, 300, 0.8, 20, mean_patience=patience)

        def level(servers: Any) -> Any:
            if patience is None:
                return ErlangC(rate, 300, servers).service_level(20) if rate * 300 < servers else 0.0
            return ErlangA(rate, 300, servers, patience).p_served_within(20)

        assert level(need) >= 0.8
        assert need == 1 or level(need - 1) < 0.8

    def test_the_occupancy_cap_asks_for_more_agents(self) -> None:
        assert agents_required(2.0, 300, 0.8, 20, max_occupancy=0.85) == math.ceil(600 / 0.85)

    def test_counting_only_the_answered_asks_for_fewer_agents(self) -> None:
        of_offered = agents_required(1.0, 300, 0.9, 20, mean_patience=60)
        assert agents_required(1.0, 300, 0.9, 20, mean_patience=60, of="answered") <= of_offered


class TestSingleQueues:
    @pytest.mark.parametrize(("scv", "wait"), [(0, 2.0), (0.5, 3.0), (1, 4.0), (1.5**2, 6.5), (4, 10.0)], ids=str)
    def test_wait_grows_with_service_variability(self, scv: Any, wait: Any) -> None:
        """Pollaczek (1930), Khinchine (1932) at load 0.8: constant to hyperexponential."""
        assert mg1_wait(0.8, 1, scv) == exactly(wait, 1e-12)

    def test_chance_to_wait_at_one_server_is_the_load(self) -> None:
        assert ErlangC(0.8, 1, 1).p_wait == exactly(0.8, 1e-12)
        assert ErlangC(0.8, 1, 1).asa == exactly(mg1_wait(0.8, 1, 1), 1e-12)

    def test_cobham_priorities_at_one_server_and_conservation_of_work(self) -> None:
        """Cobham (1954) and Kleinrock's conservation law."""
        high, low = priority_waits([0.3, 0.5], [1, 1], [1, 1])
        assert high == exactly(1.1428571428571, 1e-12)
        assert low == exactly(5.7142857142857, 1e-12)
        assert mg1_wait(0.8, 1, 1) == exactly(4, 1e-12)
        assert 0.3 * high + 0.5 * low == exactly(3.2, 1e-12)

    def test_cobham_priorities_at_ten_servers(self) -> None:
        """Cobham (1954); Davis (1966); Kella and Yechiali (1985)."""
        fifo = ErlangC(8, 1, 10)
        high, low = priority_waits_mmc([3, 5], 1, 10)
        assert fifo.p_wait == exactly(0.40918015079644, 1e-12)
        assert high == exactly(0.058454307256635, 1e-12)
        assert low == exactly(0.29227153628317, 1e-12)
        assert fifo.asa == exactly(0.20459007539822, 1e-12)

    def test_limited_processor_sharing_of_three_chats(self) -> None:
        """Avi-Itzhak and Halfin (1988); Zhang, Dai and Zwart (2009): load 0.7, three slots, constant total speed."""
        agent = SharedAgent(rate=0.7, mean_work=1, speeds=(1, 1, 1))
        assert agent.mean_sojourn == exactly(3.3333333333333, 1e-12)
        assert agent.mean_wait == exactly(1.1433333333333, 1e-12)
        assert agent.p_wait == exactly(0.343, 1e-12)
        assert agent.mean_in_chat == exactly(2.19, 1e-12)
        assert agent.mean_open == exactly(1.533, 1e-12)

    def test_chats_that_do_not_slow_each_other_are_servers(self) -> None:
        agent, servers = SharedAgent(2.1, 1, (1, 2, 3)), ErlangC(2.1, 1, 3)
        assert agent.p_wait == exactly(servers.p_wait, 1e-12)
        assert agent.mean_wait == exactly(servers.asa, 1e-12)
        assert agent.mean_in_chat == exactly(1, 1e-12)

    def test_one_place_more_than_the_servers_by_hand(self) -> None:
        """At load 1 balance makes 0, 1 and 2 in the system equally likely."""
        q = FiniteQueue(1, 1, 1, 1)
        assert q.probabilities == exactly(np.full(3, 1 / 3), 1e-14)
        assert (q.p_block, q.p_delay, q.mean_queue) == exactly((1 / 3, 1 / 3, 1 / 3), 1e-14)
        assert (q.mean_wait, q.occupancy) == exactly((0.5, 2 / 3), 1e-14)

    def test_birth_death_of_thousands_of_states_stays_finite(self) -> None:
        p = birth_death(np.full(5000, 3000.0), np.arange(1, 5001))
        assert p.sum() == exactly(1)
        assert p @ np.arange(5001) == pytest.approx(3000, rel=1e-9)


class TestTimeOfDay:
    def test_busy_agents_follow_a_sinusoid_late(self) -> None:
        """Eick, Massey and Whitt (1993): 100 + 60 sin(2 pi t / 24) an hour, half an hour of service, empty at 0."""
        busy = SinusoidInfinite(100, 60, 24, 0.5)
        times = (0.25, 0.5, 1, 2, 6, 12, 18, 24)
        expected = (
            20.091652891934,
            33.048363990531,
            47.660230400078,
            60.558658161798,
            79.494334204592,
            53.860836426011,
            20.505382306589,
            46.139163572248,
        )
        assert busy.mean_busy(times) == exactly(np.array(expected))
        assert busy.peak_time == exactly(6.4971732169705)
        assert busy.peak == exactly(79.746235573637)

    def test_fine_steps_converge_to_the_sinusoid(self) -> None:
        edges = np.linspace(0, 24, 2401)
        rates = 100 + 60 * np.sin(2 * np.pi * (edges[:-1] + edges[1:]) / 2 / 24)
        busy = SinusoidInfinite(100, 60, 24, 0.5)
        assert mean_busy_piecewise([1, 6, 24], edges, rates, 0.5) == exactly(busy.mean_busy([1, 6, 24]), 1e-3)

    def test_after_the_last_arrival_the_busy_decay(self) -> None:
        at_close, later = mean_busy_piecewise([2, 3], [0, 2], [10], 0.5)
        assert at_close == exactly(5 * -math.expm1(-4), 1e-12)
        assert later == exactly(at_close * math.exp(-2), 1e-12)

    @pytest.mark.parametrize("intervals", [1, 48])
    def test_lecuyer_day_with_abandonment(self, intervals: Any) -> None:
        """ContactCenters, MMCAb example (L'Ecuyer, Buist): published abandons 58.6 +- 0.9, good 1906.0 +- 2.2, service
        level 0.975, answer in 0.024 min, occupancy 0.675; exact by the forward equations. Minutes. Cutting the day into
        equal intervals changes nothing."""
        day = day_with_abandonment([4.2] * intervals, 480 / intervals, 2, 12, 1, 1 / 3)
        assert day.arrivals == exactly(2016, 1e-6)
        assert day.abandons == exactly(59.263218373814, 1e-6)
        assert day.served_within == exactly(1906.7188944498, 1e-6)
        assert day.service_level_of_served == exactly(0.97443811163258, 1e-9)
        assert day.total_wait == exactly(59.263218373814, 1e-6)
        assert day.occupancy == exactly(0.6765583441773, 1e-9)
        assert day.left_at_close == exactly(8.275348596721, 1e-8)
        assert day.asa == exactly(0.023825266827265, 1e-9)
        assert day.late == exactly(62.647375353907, 1e-6)

    def test_a_very_long_day_forgets_its_start(self) -> None:
        day, steady = day_with_abandonment([4.2], 1e6, 2, 12, 1, 1 / 3), ErlangA(4.2, 2, 12, 1)
        assert day.abandons / day.arrivals == exactly(steady.p_abandon, 1e-5)
        assert day.asa == exactly(steady.mean_wait_served, 1e-5)

    def test_a_quiet_interval_between_busy_ones_loses_fewer_customers(self) -> None:
        even = day_with_abandonment([4.0, 4.0, 4.0], 60, 2, 8, 1, 0.5)
        uneven = day_with_abandonment([6.0, 0.0, 6.0], 60, 2, 8, 1, 0.5)
        assert even.arrivals == exactly(uneven.arrivals, 1e-6)
        assert uneven.abandons > even.abandons
        assert uneven.served + uneven.abandons == exactly(uneven.arrivals, 1e-6)


class TestJourneys:
    def test_contacts_by_number_and_channel(self, journey: Any) -> None:
        visits = (
            0.69923955331931,
            0.21236201614664,
            0.23461895177226,
            0.13343608921918,
            0.49073799254882,
            0.075859512666195,
        )
        counts = (
            0.476452,
            0.3133106052,
            0.13648569558808,
            0.048330672302373,
            0.016689172646443,
            0.005734361421967,
            0.001968597260155,
            0.00067572734405468,
        )
        assert journey.contacts_mean == exactly(1.8462541156724, 1e-12)
        assert journey.contacts_variance == exactly(1.1183829876742, 1e-12)
        assert journey.visits == exactly(np.array(visits), 1e-12)
        assert [journey.p_contacts(k) for k in range(1, 9)] == exactly(counts, 1e-12)
        assert journey.kth_contact(2).sum() == exactly(0.523548, 1e-12)
        assert journey.kth_contact(3).sum() == exactly(0.2102373948, 1e-12)

    def test_resolution_in_all_and_by_channel(self, journey: Any) -> None:
        by_channel = (
            0.25172623919495,
            0.053090504036661,
            0.13607899202791,
            0.060046240148632,
            0.33370183493319,
            0.050067278359688,
        )
        assert journey.p_resolved == exactly(0.88471108870104, 1e-12)
        assert 1 - journey.p_resolved == exactly(0.11528891129896, 1e-12)
        assert journey.resolved_by_channel == exactly(np.array(by_channel), 1e-12)
        assert journey.p_resolved_at_first == exactly(0.4121, 1e-12)

    def test_fifth_contacts_on_social(self, journey: Any) -> None:
        assert journey.kth_contact(5).sum() == exactly(0.02542102690955, 1e-12)
        assert journey.kth_contact(5)[SOCIAL] == exactly(0.0026712459844938, 1e-12)
        assert journey.kth_contact_share(5)[SOCIAL] == exactly(0.10508017610769, 1e-12)

    def test_channels_ever_used_and_how_many(self, journey: Any) -> None:
        ever = (
            0.64970614111212,
            0.19335190720414,
            0.21316867975617,
            0.11698408185785,
            0.39668644164892,
            0.068149234625091,
        )
        distinct = (
            0.51942471253941,
            0.34550626507313,
            0.11479245084183,
            0.018247800943881,
            0.0019319363929246,
            9.683420883267e-05,
        )
        assert journey.p_ever_on == exactly(np.array(ever), 1e-12)
        assert journey.distinct_channels == exactly(np.array(distinct), 1e-12)
        assert journey.distinct_channels[1:].sum() == exactly(0.48057528746059, 1e-12)
        assert journey.distinct_channels[2:].sum() == exactly(0.13506902238747, 1e-12)

    def test_phone_contacts_after_the_web(self, journey: Any) -> None:
        assert journey.contacts_with_earlier(PHONE, WEB) == exactly(0.52838886776765, 1e-12)
        assert journey.journeys_with_both(PHONE, WEB) == exactly(0.53247819404389, 1e-12)

    def test_one_channel_is_geometric(self) -> None:
        one = Journey([1.0], [0.5], [0.2], [[1.0]])
        assert one.contacts_mean == exactly(1 / 0.6, 1e-14)
        assert one.contacts_variance == exactly(0.4 / 0.36, 1e-14)
        assert one.distinct_channels == exactly(np.array([1.0]), 1e-14)

    @pytest.mark.parametrize(
        ("level", "contacts", "resolved", "minutes", "restarts", "cost", "social", "agent_minutes"),
        [
            (0, 1.8265321561104, 0.89078074907237, 10.898223926449, 0.66040537847788, 4.5217982731303,
             0.073767483804101, 7.6875749051625),
            (0.25, 1.80744482484, 0.89657791274699, 10.451881653734, 0.48700255650464, 4.4356748792858,
             0.07160025355254, 7.2539278519693),
            (0.5, 1.7889635322393, 0.9021636598245, 10.020438828189, 0.31931239924685, 4.3522932146573,
             0.069513818809055, 6.8348373693894),
            (0.75, 1.7710591819186, 0.90754791281311, 9.6031831484909, 0.15706310378843, 4.271521759494,
             0.067504405183834, 6.4296074674013),
            (1, 1.7537045100202, 0.91273996751974, 9.199447158667, 0.0, 4.1932372788261,
             0.065568477000629, 6.0375859732157),
        ],
    )  # fmt: skip
    def test_integration_shortens_journeys_and_saves_restarts(
        self,
        journey: Any,
        level: Any,
        contacts: Any,
        resolved: Any,
        minutes: Any,
        restarts: Any,
        cost: Any,
        social: Any,
        agent_minutes: Any,
    ) -> None:
        """Twelve-state chain; with context a contact resolves 1.2 times as often (at most 0.95), gives up 0.7 times as
        often and saves minutes; a repeat on the same channel always has it."""
        connected = ContextJourney(journey, carry_matrix(level, 6), np.minimum(1.2 * P_RESOLVE, 0.95), 0.7 * P_GIVE_UP)
        handle = np.array((4, 2, 12, 8, 7, 10.0))
        saved = np.array((0, 0.3, 3, 2, 2, 3.0))
        price = (0.1, 0.1, 3.82, 4.42, 5.25, 6.0)
        person = np.array((0, 0, 1, 1, 1, 1.0))
        assert connected.contacts_mean == exactly(contacts, 1e-12)
        assert connected.p_resolved == exactly(resolved, 1e-12)
        assert connected.total(handle, handle - saved) == exactly(minutes, 1e-12)
        assert connected.restarts == exactly(restarts, 1e-12)
        assert connected.total(price, price) == exactly(cost, 1e-12)
        assert connected.visits[:, SOCIAL].sum() == exactly(social, 1e-12)
        assert connected.total(handle * person, (handle - saved) * person) == exactly(agent_minutes, 1e-12)

    @pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
    def test_context_without_effect_changes_no_journey(self, journey: Any, level: Any) -> None:
        same = ContextJourney(journey, carry_matrix(level, 6, diagonal=0.5), P_RESOLVE, P_GIVE_UP)
        assert same.visits.sum(axis=0) == exactly(journey.visits, 1e-12)
        assert same.p_resolved == exactly(journey.p_resolved, 1e-12)


class TestNetworks:
    def test_jackson_network_of_six_channels(self, journey: Any) -> None:
        """Jackson (1963): 60 journeys an hour; web and IVR unlimited, the rest with agents. Hours."""
        mean_services = 1 / np.array((10, 15, 8, 7.5, 8.5, 6))
        network = JacksonNetwork(60 * np.array(START), journey.moves, mean_services, (None, None, 4, 2, 6, 2))
        web, ivr, chat, email, phone, social = network.stations
        assert (web.rate, web.mean_in_station) == exactly((41.954373199159, 4.1954373199159))
        assert (ivr.rate, ivr.mean_in_station) == exactly((12.741720968799, 0.84944806458657))
        assert web.occupancy is None
        assert _row(chat) == exactly(
            (14.077137106335, 0.43991053457298, 0.12029257106865, 0.006711682825581, 1.8541234176419)
        )
        assert _row(email) == exactly(
            (8.0061653531509, 0.53374435687673, 0.37148699158428, 0.053116353237154, 1.4927470207265)
        )
        assert _row(phone) == exactly(
            (29.444279552929, 0.57733881476331, 0.17088302185828, 0.0079275022274425, 3.6974524803212)
        )
        assert _row(social) == exactly(
            (4.5515707599717, 0.37929756333097, 0.20860856333477, 0.028007054455683, 0.88607121679537)
        )
        assert network.mean_in_system == exactly(12.975279519987)
        assert network.mean_journey == exactly(0.21625465866646)
        assert network.contacts_mean == exactly(1.8462541156724)

    def test_redials_inflate_the_volume(self) -> None:
        """Two-dimensional chain of Aguir et al. (2004) and Mandelbaum et al. (2002)."""
        q = RedialQueue(rate=9, mean_service=1, servers=8, mean_patience=1, redial=0.6, mean_pause=2)
        assert q.attempt_rate == exactly(11.03034606537, 1e-9)
        assert q.attempts_per_customer == exactly(1.2255940072634, 1e-9)
        assert q.p_abandon == exactly(0.30678186240903, 1e-9)
        assert q.p_served_in_the_end == exactly(0.84960399515776, 1e-9)
        assert q.mean_queue == exactly(3.3839101089504, 1e-9)
        assert q.mean_pausing == exactly(4.0606921307405, 1e-9)
        assert q.occupancy == exactly(0.95580449455247, 1e-9)
        assert q.p_delay_first == exactly(0.83140978273191, 1e-9)

    @pytest.mark.parametrize(("rate", "servers"), [(9, 8), (150, 140)])
    def test_without_redials_it_is_erlang_a(self, rate: Any, servers: Any) -> None:
        chain, formula = RedialQueue(rate, 1, servers, 1, 0.0, 2), ErlangA(rate, 1, servers, 1)
        assert chain.p_abandon == exactly(formula.p_abandon, 1e-11)
        assert chain.p_delay_first == exactly(formula.p_delay, 1e-11)

    def test_chat_feeds_phone_and_phone_feeds_back(self) -> None:
        """Two-dimensional chain: chat leavers move to phone with 0.5, unresolved chats with 0.3 x 0.8; unresolved calls
        redial with 0.2 x 0.5, phone leavers redial with 0.3 or move to chat with 0.2."""
        chat = Station(4.0, 1 / 1.5, 3, 1 / 0.6, 0.7, after_service=(0, 0.3 * 0.8), after_abandon=(0, 0.5))
        phone = Station(2.5, 1 / 1.0, 4, 1 / 0.5, 0.8, after_service=(0, 0.2 * 0.5), after_abandon=(0.2, 0.3))
        both = TwoStations((chat, phone))
        on_chat, on_phone = both.results
        assert on_chat.contact_rate == exactly(4.1689865096843, 1e-9)
        assert on_phone.contact_rate == exactly(4.2590464010322, 1e-9)
        assert both.contacts_mean == exactly(1.2966204478025, 1e-9)
        assert on_chat.p_abandon == exactly(0.15092995765872, 1e-9)
        assert on_phone.p_abandon == exactly(0.19838538228103, 1e-9)
        assert both.p_resolved == exactly(0.8014037182611, 1e-9)
        assert on_chat.mean_queue == exactly(1.0487082623107, 1e-9)
        assert on_phone.mean_queue == exactly(1.6898650968428, 1e-9)
        assert on_chat.mean_wait == exactly(0.25154992943119, 1e-9)
        assert on_phone.mean_wait == exactly(0.39677076456206, 1e-9)
        assert on_chat.occupancy == exactly(0.78661367828841, 1e-9)
        assert on_phone.occupancy == exactly(0.8535284631527, 1e-9)

    def test_stations_that_do_not_feed_each_other_are_erlang_a(self) -> None:
        both = TwoStations((Station(4, 0.5, 3, 2), Station(2.5, 1, 2, 0.7)))
        for result, alone in zip(both.results, (ErlangA(4, 0.5, 3, 2), ErlangA(2.5, 1, 2, 0.7)), strict=True):
            assert result.p_abandon == exactly(alone.p_abandon, 1e-11)
            assert result.mean_wait == exactly(alone.mean_wait_all, 1e-11)
            assert result.occupancy == exactly(alone.occupancy, 1e-11)

    def test_contact_rates_balance_first_contacts_and_moves(self) -> None:
        chat = Station(1.0, 1.0, 1, 0.5, 0.5, after_service=(0.1, 0.3), after_abandon=(0.2, 0.6))
        phone = Station(0.0, 0.5, 1, 1.0, 0.9, after_service=(0.05, 0.0), after_abandon=(0.4, 0.1))
        both = TwoStations((chat, phone))
        for i, station in enumerate((chat, phone)):
            moved_in = sum(
                r.served_rate * s.after_service[i] + (r.contact_rate - r.served_rate) * s.after_abandon[i]
                for s, r in zip(both.stations, both.results, strict=True)
            )
            assert both.results[i].contact_rate == exactly(station.rate + moved_in, 1e-11)


def _row(station: Any) -> Any:
    return (station.rate, station.occupancy, station.p_wait, station.mean_wait, station.mean_in_station)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: erlang_b(-1, 3), r"load: .*got -1"),
        (lambda: erlang_b(1, 2.5), r"servers: .*got 2\.5"),
        (lambda: ErlangC(0, 1, 1), r"rate: must be positive.*got 0"),
        (lambda: ErlangC(2, 1, 2), r"servers: must exceed the offered load of 2 Erlang.*got 2"),
        (lambda: ErlangC(1, math.nan, 2), r"mean_service: .*got nan"),
        (lambda: ErlangC(1, 1, 2).service_level(-3), r"t: .*got -3"),
        (lambda: ErlangC(1, 1, 2).wait_quantile(1), r"p: must be in \[0, 1\), got 1"),
        (lambda: ErlangA(1, 1, 0, 1), r"servers: .*at least 1, got 0"),
        (lambda: ErlangA(1, 1, 1, math.inf), r"mean_patience: .*got inf"),
        (lambda: ErlangA(1, 1, 1, 1, places=-1), r"places: .*got -1"),
        (lambda: ErlangA(1, 1, 1, 1, zero_patience=1.5), r"zero_patience: .*got 1\.5"),
        (lambda: ErlangA(3, 1, 1, 1e12).p_abandon, r"mean_patience: too long.*got 1000000000000\.0"),
        (lambda: agents_required(1, 1, 1.0, 1), r"target: .*got 1\.0"),
        (lambda: agents_required(1, 1, 0.8, 1, max_occupancy=0), r"max_occupancy: .*got 0"),
        (lambda: agents_required(1, 1, 0.8, 1, of="all"), r"of: must be one of offered, answered, got 'all'"),
        (lambda: scheduled_fte(10, 1.0), r"shrinkage: .*got 1\.0"),
        (lambda: mg1_wait(1.2, 1, 1), r"rate x mean_service: .*got 1\.2"),
        (lambda: mg1_wait(0.5, 1, -1), r"scv: .*got -1"),
        (lambda: priority_waits([0.5, 0.6], [1, 1], [1, 1]), r"sum of rates x mean_services: .*got 1\.1"),
        (lambda: priority_waits([0.5, -0.1], [1, 1], [1, 1]), r"rates\[1\]: .*got -0\.1"),
        (lambda: priority_waits([0.5], [1, 1], [1]), r"mean_services: must have shape \(1,\), got \(2,\)"),
        (lambda: SharedAgent(1, 1, (0.5, 0.9)), r"speeds\[-1\]: .*got 0\.9"),
        (lambda: FiniteQueue(1, 1, 1, -2), r"places: .*got -2"),
        (lambda: birth_death([1, 1], [1, 0]), r"deaths\[1\]: must be positive, got 0"),
        (lambda: expected_visits(np.ones(1), np.ones((1, 1))), r"moves: .*got spectral radius 1"),
        (lambda: SinusoidInfinite(10, 11, 24, 1), r"amplitude: .*got 11"),
        (lambda: mean_busy_piecewise([1], [0, 2, 1], [1, 1], 1), r"edges: must increase.*got \[0\.0, 2\.0, 1\.0\]"),
        (lambda: day_with_abandonment([1], 0, 1, 1, 1, 1), r"width: .*got 0"),
        (lambda: Journey([0.5, 0.4], [1, 1], [0, 0], np.eye(2)), r"start: must sum to 1, got 0\.9"),
        (lambda: Journey([1], [1.2], [0], [[1]]), r"p_resolve\[0\]: .*got 1\.2"),
        (lambda: Journey([1, 0], [1, 1], [0, 0], [[1, 0], [0.5, 0.2]]), r"switch\[1\]: must sum to 1, got 0\.7"),
        (lambda: Journey([1], [0], [0], [[1]]), r"never absorbed"),
        (lambda: Journey([1], [1], [0], [[1]]).kth_contact(0), r"k: .*got 0"),
        (lambda: Journey([1], [1], [0], [[1]]).p_only_on(4), r"channels: .*got 4"),
        (lambda: Journey([1], [1], [0], [[1]]).contacts_with_earlier(0, 0), r"earlier: must differ.*got 0"),
        (lambda: carry_matrix(1.1, 3), r"level: .*got 1\.1"),
        (lambda: JacksonNetwork([1, 3], np.zeros((2, 2)), [1, 1], (2, 2)), r"station 1: servers: .*got 2"),
        (lambda: JacksonNetwork([1], [[0]], [1], ()), r"servers: must have 1 entries, got 0"),
        (lambda: RedialQueue(1, 1, 1, 1, 1.2, 1), r"redial: .*got 1\.2"),
        (lambda: Station(1, 1, 1, 1, 0.8, after_service=(0.2, 0.1)), r"p_resolve \+ after_service: .*got 1\.1"),
        (lambda: TwoStations((Station(0, 1, 1, 1), Station(0, 1, 1, 1))), r"rate: must be positive.*got 0"),
    ],
)  # fmt: skip
def test_bad_inputs_are_refused_by_name_and_value(call: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=message):
        call()
