from __future__ import annotations

import pytest

from survey_app.stats.kinds import ChartKind
from survey_app.stats.limits import BadSeriesError
from survey_app.stats.processes import Manner, fit

SPIKE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
EVENTS = [45, 52, 38, 60, 41, 55, 47, 50, 39, 58]
SIZES = [80, 85, 70, 95, 78, 90, 82, 84, 72, 93]
SHARES = [x / n for x, n in zip(EVENTS, SIZES, strict=True)]
WEIGHING = [kind for kind in ChartKind if kind.weighs]


def limits(process, n=1):
    found = process.lines_at(n).limits
    return found.lower, found.upper


def test_xmr_limits_of_the_published_spike_without_screening():
    process = fit(ChartKind.XMR, SPIKE, None, Manner())
    assert process.centre == pytest.approx(1.9444, abs=1e-4)
    assert limits(process) == pytest.approx((-3.06, 6.95), abs=0.005)


def test_xmr_limits_of_the_published_spike_with_screening():
    assert limits(fit(ChartKind.XMR, SPIKE, None, Manner(screen=True))) == pytest.approx(
        (-0.72, 4.60), abs=0.005
    )


@pytest.mark.parametrize("kind", [ChartKind.XMR, ChartKind.I_PRIME])
def test_near_limits_lie_at_two_thirds_of_the_way(kind):
    lines = fit(kind, SPIKE, [9] * len(SPIKE), Manner()).lines_at(9)
    found = lines.limits
    assert (found.near_upper - lines.centre) * 3 == pytest.approx((found.upper - lines.centre) * 2)
    assert (lines.centre - found.near_lower) * 3 == pytest.approx((lines.centre - found.lower) * 2)


def test_p_and_p_prime_of_the_reference_shares():
    plain, laney = (fit(kind, SHARES, SIZES, Manner()) for kind in (ChartKind.P, ChartKind.P_PRIME))
    assert plain.centre == laney.centre == pytest.approx(0.585042, abs=5e-7)
    assert laney.sigma / plain.sigma == pytest.approx(1.071894, abs=5e-7)
    assert limits(plain, 80) == pytest.approx((0.4198, 0.7503), abs=5e-5)
    assert limits(laney, 80) == pytest.approx((0.4079, 0.7622), abs=5e-5)


def test_shares_in_percent_have_the_same_limits_in_percent():
    share = fit(ChartKind.P_PRIME, SHARES, SIZES, Manner())
    percent = fit(ChartKind.P_PRIME, [100 * share for share in SHARES], SIZES, Manner(whole=100))
    assert limits(percent, 70) == pytest.approx([100 * line for line in limits(share, 70)])


def test_ranges_are_not_taken_across_a_gap():
    values = [1, 2, None, 50, 51]
    assert fit(ChartKind.XMR, values, None, Manner()).sigma == pytest.approx(2.66 / 3)
    across = fit(ChartKind.I_PRIME, values, [9, 9, None, 9, 9], Manner())
    assert across.sigma == fit(ChartKind.I_PRIME, [50, 51], [9, 9], Manner()).sigma


@pytest.mark.parametrize("kind", [ChartKind.XMR, ChartKind.I_PRIME, ChartKind.P_PRIME, ChartKind.U_PRIME])
def test_values_without_neighbours_have_a_centre_and_no_spread(kind):
    process = fit(kind, [0.1, None, 0.2, None, 0.3], [10, None, 20, None, 30], Manner())
    assert process.centre > 0
    assert (process.sigma, process.lines_at(10).limits) == (None, None)


@pytest.mark.parametrize("kind", [kind for kind in ChartKind if kind.weighs or kind is ChartKind.XMR])
def test_nothing_at_all_gives_no_process(kind):
    assert fit(kind, [], [], Manner()) is None
    assert fit(kind, [None, None], [None, None], Manner()) is None


@pytest.mark.parametrize("kind", [ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME])
def test_shares_and_rates_of_nothing_have_no_spread(kind):
    assert fit(kind, [0, 0, 0], [10, 12, 9], Manner()).sigma is None


@pytest.mark.parametrize("kind", [ChartKind.P, ChartKind.P_PRIME])
def test_shares_of_everybody_have_no_spread(kind):
    assert fit(kind, [1, 1, 1], [10, 12, 9], Manner()).sigma is None


@pytest.mark.parametrize("kind", WEIGHING)
def test_four_times_the_answers_halve_the_distance_to_a_limit(kind):
    process = fit(kind, SHARES, SIZES, Manner(screen=True))
    few, many = process.lines_at(400).limits, process.lines_at(1600).limits
    assert few.upper - process.centre == pytest.approx(2 * (many.upper - process.centre))


@pytest.mark.parametrize(
    ("kind", "value"), [(ChartKind.P, 1.1), (ChartKind.P_PRIME, -0.1), (ChartKind.U, -1)]
)
def test_an_impossible_share_or_rate_is_refused(kind, value):
    with pytest.raises(BadSeriesError, match=r"outside|negative"):
        fit(kind, [0.5, value], [10, 10], Manner())
