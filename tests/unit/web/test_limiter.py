from __future__ import annotations

import pytest

from survey_app.web.limiter import FailureLimiter, source_of
from tests.fakes import FakeClock


def test_a_source_is_over_budget_after_its_failures_and_not_before():
    limiter = FailureLimiter(FakeClock(), each=3)
    assert [limiter.failed("192.0.2.1") for _ in range(5)] == [False, False, False, True, True]
    assert not limiter.failed("192.0.2.2")


def test_a_new_window_forgives():
    clock = FakeClock()
    limiter = FailureLimiter(clock, each=1)
    limiter.failed("192.0.2.1")
    assert limiter.failed("192.0.2.1")
    clock.advance(minutes=10)
    assert not limiter.failed("192.0.2.1")


def test_many_sources_share_one_budget():
    limiter = FailureLimiter(FakeClock(), each=5, together=10)
    over = [limiter.failed(f"127.0.{number}.1") for number in range(12)]
    assert over == [False] * 10 + [True] * 2


def test_memory_stays_flat_however_many_sources_fail(monkeypatch):
    monkeypatch.setattr("survey_app.web.limiter.MOST_SOURCES", 50)
    limiter = FailureLimiter(FakeClock())
    for number in range(200):
        limiter.failed(f"10.0.{number}.1")
    assert len(limiter._sources) == 50


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        (None, "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_one_home_or_phone_is_one_source(address, source):
    assert source_of(address) == source


def test_a_source_whose_budget_is_spent_is_told_without_counting(clock):
    limiter = FailureLimiter(clock, each=2)
    assert not limiter.is_spent("10.0.0.1")
    limiter.failed("10.0.0.1")
    assert [limiter.is_spent("10.0.0.1") for _ in range(3)] == [False] * 3
    limiter.failed("10.0.0.1")
    assert limiter.is_spent("10.0.0.1")
    assert not limiter.is_spent("10.0.0.2")
    clock.advance(minutes=11)
    assert not limiter.is_spent("10.0.0.1")
