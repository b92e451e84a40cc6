from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.stats.intervals import BadSampleError
from survey_app.stats.response_rates import Outcomes, eligible_share, response_rates

COUNTS = st.integers(0, 1000)


def test_the_six_rates_of_the_vector():
    rates = response_rates(Outcomes(120, 15, 8, 300, 5, 0, 40), e=0.8)
    six = (rates.rr1, rates.rr2, rates.rr3, rates.rr4, rates.rr5, rates.rr6)
    assert six == pytest.approx((0.2459, 0.2766, 0.2500, 0.2812, 0.2679, 0.3013), abs=6e-5)
    assert (rates.coop1, rates.coop3, rates.ref1) == pytest.approx((120 / 148, 120 / 143, 8 / 488))


@given(st.builds(Outcomes, *[COUNTS] * 7), st.floats(0, 1))
def test_assuming_fewer_eligible_people_never_lowers_a_rate(outcomes, e):
    rates = response_rates(outcomes, e)
    if rates.rr1 is not None:
        assert 0 <= rates.rr1 <= rates.rr3 <= rates.rr5 <= 1
        assert rates.rr2 <= rates.rr4 <= rates.rr6 <= 1
        assert rates.rr1 <= rates.rr2
        assert rates.rr5 <= rates.rr6


def test_nobody_known_to_be_eligible_gives_no_rate():
    assert set(astuple(response_rates(Outcomes(0, 0, 0, 0, 0, 3, 4)))) == {None}


def test_silence_alone_has_a_response_rate_but_no_cooperation():
    rates = response_rates(Outcomes(0, 0, 0, 9, 0))
    assert (rates.rr1, rates.ref1, rates.coop1, rates.coop3) == (0, 0, None, None)


@pytest.mark.parametrize(("complete", "e"), [(-1, 1), (1, -0.1), (1, 1.1), (1, float("nan"))])
def test_impossible_outcomes_are_refused(complete, e):
    with pytest.raises(BadSampleError, match="expected"):
        response_rates(Outcomes(complete, 0, 0, 0, 0), e)


def test_the_eligible_share_is_that_of_those_known():
    assert eligible_share(3, 1) == 0.75
    assert eligible_share(0, 0) is None
    with pytest.raises(BadSampleError, match="counts"):
        eligible_share(-1, 2)
