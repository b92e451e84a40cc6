from __future__ import annotations

import random
from collections import Counter
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
        auditor.release(figure)
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
    people, (candidate, *figures) = world
    first, again = Auditor(people, k=K), Auditor(people, k=K)
    out = [figure for figure in figures if first.release(figure) is None]
    for figure in rng.sample(out, len(out)):
        again.know(figure)
    assert first.admits(candidate) == again.admits(candidate)


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
        assert knowing(people, known).release(candidate) is Refusal.TOO_FEW


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


def test_larger_systems_of_single_people_agree_with_exact_fractions():
    rng = random.Random(3)
    answers = Counter()
    for _ in range(60):
        people = {cell: rng.choice((1, 1, 2)) for cell in range(rng.randint(9, 11))}
        k = rng.choice((4, 5))
        auditor, out = Auditor(people, k=k), []
        for _ in range(7):
            share = rng.choice((0.4, 0.6))
            figure = {cell: 1 for cell in people if rng.random() < share}
            refusal = auditor.release(figure)
            admissible = solved_combination([*out, figure], people, k) is None
            assert (refusal is None) == (admissible and support(figure, people) >= k)
            answers[refusal] += 1
            out += [figure] if refusal is None else []
    assert answers[None] > 50
    assert answers[Refusal.SOLVES] > 50


def test_a_leak_planted_among_many_figures_is_always_found():
    rng = random.Random(4)
    n_planted = 0
    for _ in range(300):
        people = {cell: rng.choice((1, 1, 4, 7)) for cell in range(rng.randint(25, 60))}
        auditor, out = Auditor(people, effort=5_000), []
        for _ in range(rng.randint(3, 9)):
            figure = {cell: 1 for cell in people if rng.random() < rng.choice((0.3, 0.7))}
            out += [figure] if auditor.release(figure) is None else []
        few = rng.sample([cell for cell in people if people[cell] == 1], rng.randint(1, 9))
        planted = Counter({cell: rng.choice((1, 1, 2)) for cell in few})
        for figure in out:
            times = rng.randint(0, 3)
            planted.update(dict.fromkeys(figure, times))
        if support(planted, people) >= 10:
            n_planted += 1
            assert auditor.release(planted) in {Refusal.SOLVES, Refusal.UNPROVEN}
    assert n_planted > 100


def test_the_answer_does_not_depend_on_the_pivots():
    rng = random.Random(5)
    answers = Counter()
    for _ in range(400):
        people = {cell: rng.choice((1, 1, 3, 4)) for cell in range(rng.randint(6, 14))}
        mine, turned = Auditor(people, k=K), Auditor(people, k=K)
        for _ in range(6):
            share = rng.choice((0.5, 0.8, 1))
            figure = {cell: rng.choice((1, 1, 1, 2)) for cell in people if rng.random() < share}
            refusal = mine.release(figure)
            assert turned.release(figure) is refusal
            turn_at_random(turned._equations, rng)
            answers[refusal] += 1
    assert answers[None] > 200
    assert answers[Refusal.SOLVES] > 200


def turn_at_random(equations, rng):
    for row in list(equations.rows):
        lightest = min(equations.rows[row], key=lambda atom: (equations.weight[atom], rng.random()))
        if lightest == equations.pivot[row] or lightest not in equations.pivot.values():
            equations._turn(row, lightest)
