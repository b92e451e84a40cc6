from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.know.disclosure.auditor import Auditor, Refusal
from tests.unit.know.disclosure.attacker import solved_combination

K = 6
COEFFICIENTS = st.sampled_from([0, 0, 0, 1, 1, 1, 1, 2, -1, Fraction(1, 3), Fraction(3, 2)])


@st.composite
def worlds(draw):
    people = dict(enumerate(draw(st.lists(st.integers(0, 8), min_size=3, max_size=7))))
    coefficients = st.lists(COEFFICIENTS, min_size=len(people), max_size=len(people))
    figures = draw(st.lists(coefficients.map(lambda row: dict(enumerate(row))), min_size=2, max_size=6))
    return people, figures


def knowing(people, figures):
    auditor = Auditor(people, k=K)
    for figure in figures:
        auditor.know(figure)
    return auditor


def support(figure, people):
    return sum(people[cell] for cell, coefficient in figure.items() if coefficient)


@given(worlds())
@settings(max_examples=300, deadline=None)
def test_the_answer_modulo_a_prime_is_that_of_exact_fractions(world):
    people, figures = world
    auditor, out = Auditor(people, k=K), []
    for figure in figures:
        enough = support(figure, people) >= K
        admissible = enough and solved_combination([*out, figure], people, K) is None
        assert (auditor.release(figure) is None) == admissible
        out += [figure] if admissible else []


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_in_which_figures_became_known_does_not_matter(world, rng):
    people, (candidate, *known) = world
    shuffled = rng.sample(known, len(known))
    assert knowing(people, known).admits(candidate) == knowing(people, shuffled).admits(candidate)


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_knowing_more_never_turns_a_refusal_into_an_admission(world):
    people, (candidate, more, *known) = world
    if not knowing(people, known).admits(candidate):
        assert not knowing(people, [*known, more]).admits(candidate)
        assert not knowing(people, [*known, candidate]).admits(candidate)


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_no_figure_on_fewer_than_k_people_is_ever_admitted(world):
    people, (candidate, *known) = world
    if support(candidate, people) < K:
        assert knowing(people, known).release(candidate) in {Refusal.TOO_FEW, Refusal.ALREADY_SOLVED}


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_asking_and_refusing_leave_no_trace(world):
    people, (candidate, *figures) = world
    asked, fresh = Auditor(people, k=K), Auditor(people, k=K)
    for figure in figures:
        before = fresh.admits(figure)
        asked.admits(candidate)
        assert (asked.release(figure) is None) == before
        if before:
            fresh.know(figure)


def test_larger_random_systems_agree_with_exact_fractions():
    rng = random.Random(3)
    answers = set()
    for _ in range(12):
        people = {cell: rng.randint(1, 5) for cell in range(12)}
        auditor, out = Auditor(people, k=K), []
        for _ in range(8):
            figure = {cell: 1 for cell in people if rng.random() < 0.5}
            admissible = solved_combination([*out, figure], people, K) is None
            refusal = auditor.release(figure)
            assert (refusal is None) == (admissible and support(figure, people) >= K)
            answers.add(refusal)
            out += [figure] if refusal is None else []
    assert {None, Refusal.SOLVES} <= answers
