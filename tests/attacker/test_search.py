"""The attacker itself: its search finds what brute force finds, and each attack works on a leak."""

from __future__ import annotations

import ast
import datetime as dt
import itertools
import random
from fractions import Fraction
from pathlib import Path

import pytest

from tests.attacker import attacks
from tests.attacker.algebra import Equation, P, components, small_rows, system_of
from tests.attacker.elimination import eliminate
from tests.attacker.search import Search
from tests.attacker.seen import Seen, Truth

Q = dt.date(2026, 9, 28)
W = dt.timedelta(weeks=1)


def solved_by_force(equations: list[set[int]], sizes: list[int], k: int) -> bool:
    """Say whether figures give away atoms of fewer than k people, trying every union of atoms."""
    n = len(sizes)
    whole = rank([[int(a in e) for a in range(n)] for e in equations])
    for count in range(1, n + 1):
        for some in itertools.combinations(range(n), count):
            if sum(sizes[a] for a in some) < k:
                rest = rank([[int(a in e) for a in range(n) if a not in some] for e in equations])
                if rest < whole:
                    return True
    return False


def rank(matrix: list[list[int]]) -> int:
    rows, found = [[Fraction(value) for value in row] for row in matrix], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(found + 1, len(rows)):
            factor = rows[r][column] / rows[found][column]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


@pytest.mark.parametrize("seed", range(120))
def test_the_search_agrees_with_trying_every_union_of_atoms(seed):
    rng = random.Random(seed)
    sizes = [rng.choice([1, 2, 3, 4, 5, 12]) for _ in range(rng.randint(4, 8))]
    cells = list(itertools.accumulate(sizes, initial=0))
    people = [range(a, b) for a, b in itertools.pairwise(cells)]
    figures = [
        set(rng.sample(range(len(sizes)), rng.randint(2, len(sizes)))) for _ in range(rng.randint(2, 6))
    ]
    told = [Equation(dict.fromkeys([p for a in f for p in people[a]], 1), Fraction(0)) for f in figures]
    system = system_of(told)
    weight = [len(atom) for atom in system.atoms]

    def size(atoms):
        return sum(weight[atom] for atom in atoms)

    found = [Search(size, 10, 10**6).first(part) for part in components(small_rows(system, size, 10))]
    assert any(found) == solved_by_force(figures, sizes, 10)


def figure(kind, place, cover, truth, *, start=Q, end=None, label="", cause="night", weights=None) -> Seen:
    cover = frozenset(cover)
    if weights is None:
        total = Fraction(truth.total("i", cover))
    else:
        total = sum((w * truth.scores["i", one] for one, w in weights.items()), Fraction())
    return Seen("s", "i", kind, place, start, end or start, label, total, cover, cause, weights)


@pytest.fixture
def truth() -> Truth:
    rng = random.Random(3)
    return Truth({("i", n): rng.randrange(4) for n in range(200)}, {n: f"p{n}" for n in range(200)})


def groups(attack, seen, truth) -> set[tuple[str, frozenset[int]]]:
    return {(one.attack, one.group) for one in attack(seen, truth)}


def test_siblings_are_subtracted_from_what_stands_above_them(truth):
    seen = [figure("week", "top", range(40), truth), figure("week", "a", range(34), truth)]
    assert ("siblings", frozenset(range(34, 40))) in groups(attacks.siblings, seen, truth)


def test_overlapping_windows_give_the_week_by_which_they_differ(truth):
    seen = [
        figure("rolling", "a", range(40), truth, end=Q + 3 * W),
        figure("rolling", "a", range(7, 60), truth, start=Q + W, end=Q + 4 * W),
        figure("week", "a", range(40, 60), truth, start=Q + 4 * W),
    ]
    assert ("windows", frozenset(range(7))) in groups(attacks.windows, seen, truth)


@pytest.mark.parametrize(
    ("cause", "name"),
    [("arrival", "before and after"), ("map", "moved or regrouped"), ("erasure", "erasures")],
)
def test_a_figure_that_changes_gives_those_by_whom_it_changed(truth, cause, name):
    seen = [figure("week", "a", range(20), truth), figure("week", "a", range(17), truth, cause=cause)]
    assert groups(attacks.changes, seen, truth) == {(name, frozenset({17, 18, 19}))}


def test_a_change_right_after_one_person_answered_is_that_person(truth):
    seen = [figure("week", "a", range(20), truth), figure("week", "a", range(21), truth, cause="arrival")]
    assert groups(attacks.poll_timing, seen, truth) == {("poll timing", frozenset({20}))}


def test_categories_are_subtracted_from_the_weeks_of_a_quarter(truth):
    seen = [
        figure("week", "top", range(30), truth),
        figure("week", "top", range(30, 60), truth, start=Q + W),
        figure("category", "top", range(52), truth, label="18-64"),
    ]
    assert ("breakdowns", frozenset(range(52, 60))) in groups(attacks.breakdowns, seen, truth)


def test_a_weighted_figure_gives_a_category_that_is_not_shown(truth):
    weights = {n: Fraction(1, 3 * 40) for n in range(40)} | {n: Fraction(2, 3 * 6) for n in range(40, 46)}
    seen = [
        figure("weighted", "top", range(46), truth, weights=weights),
        figure("all", "top", range(46), truth),
    ]
    assert groups(attacks.weights, seen, truth) == {("weights", frozenset(range(40, 46)))}


def test_editions_of_one_quarter_give_those_who_left(truth):
    seen = [figure("place", "a", range(30), truth), figure("place", "a", range(27), truth)]
    assert ("restatements", frozenset({27, 28, 29})) in groups(attacks.restatements, seen, truth)


def test_ten_answers_of_few_people_are_few_people(truth):
    same = Truth(truth.scores, {n: f"p{n % 6}" for n in range(200)})
    seen = [figure("practice", "a", range(12), same)]
    assert groups(attacks.alone, seen, same)
    assert not eliminate(seen, same, by_people=False).solved
    assert eliminate(seen, same, by_people=True).solved


def test_numbers_that_contradict_each_other_are_noticed(truth):
    wrong = figure("week", "a", range(20), truth)
    other = Seen(*(getattr(wrong, f) if f != "total" else wrong.total + 1 for f in Seen.__slots__))
    with pytest.raises(ArithmeticError):
        eliminate([wrong, other], truth, by_people=False)


def test_arithmetic_is_modulo_a_prime_of_61_bits():
    assert pow(3, P - 1, P) == 1


def test_the_attacker_shares_no_code_with_the_gate():
    names = "algebra attacks calendar elimination maps naive people search seen world"
    for name in names.split():
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text())
        imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        assert not [one for one in imported if one.startswith("survey_app")], name
