from __future__ import annotations

import random
from fractions import Fraction

import pytest

from survey_app.know.disclosure.auditor import Auditor, Refusal
from tests.unit.know.disclosure.attacker import few_people, is_pinned, solved_combination


def all_of(*cells):
    return dict.fromkeys(cells, 1)


def test_a_figure_on_fewer_than_ten_people_is_refused_and_on_ten_is_not():
    auditor = Auditor({"a": 9, "b": 10})
    assert auditor.release(all_of("a")) is Refusal.TOO_FEW
    assert auditor.release(all_of("b")) is None


def test_a_parent_and_all_but_one_of_its_places_may_not_all_be_known():
    auditor = Auditor({"a": 30, "b": 30, "small": 4})
    assert auditor.release(all_of("a", "b", "small")) is None
    assert auditor.release(all_of("a")) is None
    assert auditor.release(all_of("b")) is Refusal.SOLVES


def test_a_parent_whose_missing_places_are_ten_people_together_may():
    auditor = Auditor({"a": 30, "b": 30, "small": 4, "other": 6})
    figures = [all_of("a", "b", "small", "other"), all_of("a"), all_of("b")]
    assert [auditor.release(figure) for figure in figures] == [None] * 3


@pytest.mark.parametrize(("newcomers", "refusal"), [(1, Refusal.SOLVES), (9, Refusal.SOLVES), (10, None)])
def test_a_figure_before_and_after_few_newcomers_is_refused(newcomers, refusal):
    auditor = Auditor({"before": 40, "new": newcomers})
    auditor.know(all_of("before"))
    assert auditor.release(all_of("before", "new")) is refusal


@pytest.mark.parametrize(("erased", "refusal"), [(1, Refusal.SOLVES), (10, None)])
def test_a_figure_without_the_erased_waits_until_they_are_ten(erased, refusal):
    auditor = Auditor({"held": 40, "erased": erased})
    auditor.know(all_of("held", "erased"))
    assert auditor.release(all_of("held")) is refusal


def test_two_partitions_of_the_same_people_may_not_cross_in_few():
    people = {("north", "x"): 20, ("north", "y"): 3, ("south", "x"): 25, ("south", "y"): 0}
    auditor = Auditor(people)
    assert auditor.release(all_of(("north", "x"), ("north", "y"))) is None
    assert auditor.release(all_of(("south", "x"), ("south", "y"))) is None
    assert auditor.release(all_of(("north", "x"), ("south", "x"))) is Refusal.SOLVES


def test_a_place_that_moves_between_parents_may_not_be_found_by_regrouping():
    auditor = Auditor({"a": 30, "b": 30, "moved": 5})
    for figure in (all_of("a", "moved"), all_of("b")):
        auditor.know(figure)
    assert auditor.release(all_of("a")) is Refusal.SOLVES
    assert auditor.release(all_of("b", "moved")) is Refusal.SOLVES
    assert auditor.release(all_of("a", "b", "moved")) is None


def test_a_weighted_mean_may_not_be_taken_apart_by_its_parts():
    auditor = Auditor({"young": 12, "old": 12, "very old": 6})
    auditor.know({"young": Fraction(1, 12), "old": Fraction(1, 12), "very old": Fraction(3, 10)})
    assert auditor.release(all_of("young", "old")) is Refusal.SOLVES
    assert auditor.release(all_of("young")) is None
    assert auditor.release(all_of("old")) is Refusal.SOLVES
    assert auditor.release(all_of("old", "very old")) is Refusal.SOLVES  # less a twelfth of it: the very old


def test_a_weighted_sum_of_few_people_counts_as_solved_even_if_no_plain_sum_is():
    auditor = Auditor({"a": 40, "b": 4, "c": 4})
    auditor.know({"a": 1, "b": 1, "c": 1})
    assert auditor.release({"a": 2, "b": 2, "c": 3}) is Refusal.SOLVES
    assert auditor.release({"a": 1, "b": 2, "c": 3}) is Refusal.SOLVES


def test_a_leak_through_many_figures_is_found():
    # a ring of pairs: only all of them together give one cell away
    people = dict.fromkeys(range(11), 6)
    ring = [all_of(i, (i + 1) % 11) for i in range(11)]
    auditor = Auditor(people)
    assert [auditor.release(figure) for figure in ring] == [None] * 10 + [Refusal.SOLVES]


def test_small_cells_that_every_figure_treats_alike_are_one_large_group():
    auditor = Auditor({f"{i}": 1 for i in range(30)})
    assert auditor.release(all_of(*"0123456789")) is None
    assert auditor.release({f"{i}": 1 for i in range(30)}) is None
    assert auditor.release(all_of(*"012345678", "10")) is Refusal.SOLVES


def test_what_follows_from_known_figures_may_be_said():
    auditor = Auditor({"a": 10, "b": 10})
    for figure in (all_of("a"), all_of("a", "b")):
        auditor.know(figure)
    assert auditor.release(all_of("b")) is None


def test_what_is_out_is_not_judged_again_and_whoever_counts_elsewhere_counts_once():
    auditor = Auditor({"first": 10, "again": 0, "others": 12})
    auditor.know(all_of("again", "others"))
    assert auditor.release(all_of("first", "again")) is None
    assert auditor.release(all_of("others")) is Refusal.SOLVES  # it would give the repeated answers away


def test_what_cannot_be_proved_within_the_effort_is_refused():
    rng = random.Random(1)
    people = dict.fromkeys(range(24), 1)
    figures = [{cell: 1 for cell in people if rng.random() < 0.6} for _ in range(5)]
    plenty, hurried = Auditor(people, k=5), Auditor(people, k=5, effort=5)
    answers = [(plenty.release(figure), hurried.release(figure)) for figure in figures]
    assert {mine for mine, _ in answers} == {None}
    assert {mine for _, mine in answers} == {None, Refusal.UNPROVEN}


def test_an_unknown_cell_or_a_weight_that_vanishes_is_an_error_not_a_zero():
    auditor = Auditor({"a": 10})
    with pytest.raises(KeyError):
        auditor.release({"a": 1, "b": 1})
    with pytest.raises(ValueError, match="multiple"):
        auditor.release({"a": 2**61 - 1})


def random_case(rng, n_cells):
    k = rng.choice((4, 7, 10))
    people = {cell: rng.randint(1, k - 1) for cell in range(n_cells)}
    shares = [rng.choice((0.3, 0.5, 0.8)) for _ in range(rng.randint(3, 6))]
    return k, people, [{cell: 1 for cell in people if rng.random() < share} for share in shares]


def released(auditor, figures):
    return [figure for figure in figures if auditor.release(figure) is None]


def pinned_groups(figures, people, k):
    groups = [all_of(*group) for group in few_people(people, k)]
    return [group for group in groups if figures and is_pinned(group, figures, people)]


def test_linear_programming_finds_no_few_people_in_what_the_auditor_let_out():
    rng = random.Random(11)
    n_groups = 0
    for _ in range(60):
        k, people, figures = random_case(rng, rng.randint(4, 6))
        out = released(Auditor(people, k=k), figures)
        n_groups += len(few_people(people, k))
        assert pinned_groups(out, people, k) == []
    assert n_groups > 500


def test_every_refusal_for_solving_is_a_combination_that_linear_programming_pins():
    rng = random.Random(12)
    n_refused = 0
    for _ in range(250):
        k, people, figures = random_case(rng, rng.randint(4, 7))
        auditor, out = Auditor(people, k=k), []
        for figure in figures:
            refusal = auditor.release(figure)
            if refusal is Refusal.SOLVES:
                n_refused += 1
                combination = solved_combination([*out, figure], people, k)
                assert is_pinned(combination, [*out, figure], people)
                assert not out or not is_pinned(combination, out, people)
            elif refusal is None:
                out.append(figure)
    assert n_refused > 100


def test_a_threshold_alone_lets_linear_programming_find_few_people():
    rng = random.Random(11)
    leaks = 0
    for _ in range(20):
        k, people, figures = random_case(rng, 5)
        enough = [figure for figure in figures if sum(people[cell] for cell in figure) >= k]
        leaks += bool(pinned_groups(enough, people, k))
    assert leaks >= 5
