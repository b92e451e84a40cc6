"""A team's figures: bounds, order, missing answers, golden vectors, and how coarse they are."""

from __future__ import annotations

import itertools
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.instruments.elements import load_logic_model
from survey_app.ask.instruments.factors import factors_of
from survey_app.ask.instruments.loader import load_library
from survey_app.know.evidence.climate import masks
from survey_app.know.evidence.climate.result import Level, Spread, Verdict, total_of
from survey_app.know.evidence.climate.rollups import admitted
from survey_app.know.evidence.climate.scoring import (
    Said,
    change_between,
    factor_figure,
    item_figure,
    n_alike,
    scores_on,
)
from survey_app.settings import CONFIG_DIR, INSTRUMENTS_DIR
from tests.teams import FACTORS, ITEMS, all_say

LIBRARY = load_library(INSTRUMENTS_DIR, None, load_logic_model(CONFIG_DIR / "logic_model.toml"))
TCI = LIBRARY.get("team-climate-style-14", 1)
VISION = factors_of(TCI)[0]

answers = st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 5))
teams = st.lists(answers.map(Said), min_size=0, max_size=30)


def vision(rows):
    """Return ballots whose four answers to the first factor are the digits of each row."""
    return [Said(dict(zip(FACTORS["vision"], map(int, row), strict=True))) for row in rows]


def test_the_four_factors_are_the_scales_that_hold_no_other():
    assert {scale.id: scale.items for scale in factors_of(TCI)} == FACTORS
    assert factors_of(LIBRARY.get("staff-integration-addon", 1)) == ()


def test_golden_vector_of_agreement_reaches_the_words():
    """r_wg(j) .9617 and AD_M .34 of the reference: a shared view, told as about 0.4."""
    figure = factor_figure(VISION, TCI, vision(["4454", "4544", "5445", "4444", "3444"]), 5)
    assert (figure.agreement.level, figure.agreement.strict, figure.agreement.ad_m) == (
        Level.SHARED,
        Level.SHARED,
        0.4,
    )
    assert figure.points == 80  # 78.75, to fives
    assert figure.spread == Spread(
        low=10, middle=10, high=90
    )  # nobody disagrees, and 95 % agree: at the ends


def test_two_camps_are_told_by_the_spread_and_not_only_by_the_mean():
    figure = factor_figure(VISION, TCI, vision(["1111", "1111", "1211", "5555", "5555", "5545"]), 6)
    assert figure.points == 50
    assert figure.agreement.level is Level.APART
    assert figure.spread == Spread(low=50, middle=10, high=50)


@given(teams, st.randoms())
@settings(max_examples=60, deadline=None)
def test_figures_stay_in_bounds_and_no_order_of_ballots_matters(said, luck):
    shuffled = luck.sample(said, len(said))
    for scale in factors_of(TCI):
        figure = factor_figure(scale, TCI, said, 6)
        assert figure == factor_figure(scale, TCI, shuffled, 6)
        scores = scores_on(scale, TCI, said)
        assert all(0 <= score <= 100 for score in scores)
        assert (figure.points is None) == (len(scores) < 6)
        if figure.points is not None:
            assert 10 <= figure.points <= 90
            assert all(10 <= share <= 90 for share in (figure.spread.low, figure.spread.high))
        assert figure.agreement is None or figure.agreement.ad_m >= 0.2
    for item in TCI.items:
        n_valid = sum(item.id in one.answers for one in said)
        assert (item_figure(item, said).points is None) == (n_valid < 10)


@given(answers)
@settings(max_examples=60, deadline=None)
def test_a_persons_factor_is_the_mean_of_what_they_answered_from_half_of_it_up(given_answers):
    for scale in factors_of(TCI):
        codes = [given_answers[item] for item in scale.items if item in given_answers]
        expected = [statistics.fmean(25 * (code - 1) for code in codes)] if len(codes) >= 2 else []
        assert scores_on(scale, TCI, [Said(given_answers)]) == pytest.approx(expected)


def test_an_odd_value_in_a_ballot_loses_nothing_else():
    odd = Said(all_say(4) | {"tc.v1": 9, "tc.x": 3})
    assert scores_on(VISION, TCI, [odd]) == [75.0]
    assert item_figure(TCI.item("tc.v1"), [odd] * 12).points is None


def test_a_change_counts_only_when_its_whole_interval_does():
    low, high = [40.0, 45.0, 50.0, 45.0, 40.0, 50.0], [85.0, 80.0, 75.0, 85.0, 80.0, 75.0]
    figure = factor_figure(VISION, TCI, vision(["4444"] * 3 + ["5454"] * 3), 6)
    up = change_between(figure, high, 45, low)
    assert up.verdict is Verdict.HIGHER
    assert up.low <= up.points <= up.high
    same = change_between(figure, high, 75, low)
    assert same.verdict is Verdict.SAME
    assert same.low % 5 == same.high % 5 == 0
    assert change_between(figure, high, None, low) is None


def test_straight_lining_counts_ballots_of_one_answer_with_enough_answers():
    said = [Said(all_say(4)), Said(all_say(3, task=4)), Said({"tc.v1": 5, "tc.v2": 5})]
    assert n_alike(TCI, said) == 1


@pytest.mark.parametrize(
    ("n", "n_asked", "share"),
    [(5, 17, "under 30 %"), (3, 10, "30 to 49 %"), (6, 12, "50 to 74 %"), (9, 12, "75 % or more")],
)
def test_how_much_of_a_roster_answered(n, n_asked, share):
    assert masks.share_band(n, n_asked) == share


def test_counts_single_nobody_out():
    told = {(count, n): masks.shown_count(count, n) for n in range(5, 30) for count in range(n + 1)}
    numbers = {key: words for key, words in told.items() if words.isdigit()}
    assert all(3 <= count <= n - 3 and n >= 10 for count, n in numbers)


@pytest.mark.parametrize("n", range(5, 120))
def test_who_knows_that_nobody_else_moved_learns_a_newcomer_no_closer_than_the_whole_scale(n):
    """Both sums are known to a step: the newcomer's score to the sum of both uncertainties."""
    width = n * masks.step_for(n) + (n + 1) * masks.step_for(n + 1)
    assert width >= 100
    assert (2 * n + 1) * masks.SHARE_STEP / 100 >= 1  # the same for shares of answers
    assert (2 * n + 1) * masks.DEVIATION_STEP >= 2  # and for deviations, of 4 steps at most


def test_the_total_follows_from_what_is_shown_and_gives_nothing_away():
    assert total_of({"a": 70, "b": 75}, 2) == 73
    assert total_of({"a": 70}, 2) is None


class TestUnions:
    def test_two_teams_are_never_shown_together(self):
        assert admitted({"a": 12, "b": 14}, [("all", frozenset("ab"))]) == []

    def test_a_team_left_by_subtraction_of_two_places_is_refused(self):
        people = dict.fromkeys("abcdefg", 8)
        wanted = [("all", frozenset("abcdefg")), ("north", frozenset("abcdef")), ("south", frozenset("abc"))]
        assert admitted(people, wanted) == ["all", "south"]

    @given(st.data())
    @settings(max_examples=40, deadline=None)
    def test_no_leader_solves_another_team_from_what_is_admitted_and_their_own(self, data):
        luck = random.Random(data.draw(st.integers(0, 10**6)))
        names = "abcdefgh"[: luck.randint(3, 8)]
        people = {name: luck.randint(5, 15) for name in names}
        wanted = [("all", frozenset(names))]
        wanted += [(str(i), frozenset(luck.sample(names, luck.randint(1, len(names))))) for i in range(6)]
        unions = dict(wanted)
        rows = [[int(name in unions[shown]) for name in names] for shown in admitted(people, wanted)]
        for own, other in itertools.permutations(range(len(names)), 2):
            known = [*rows, [int(i == own) for i in range(len(names))]]
            assert rank(known) < rank([*known, [int(i == other) for i in range(len(names))]])


def rank(rows):
    import numpy as np

    return int(np.linalg.matrix_rank(np.array(rows, dtype=float)))
