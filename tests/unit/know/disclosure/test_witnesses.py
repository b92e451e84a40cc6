from __future__ import annotations

import random

from hypothesis import given, settings

from survey_app.know.disclosure.auditor import Auditor, Refusal
from survey_app.know.disclosure.witnesses import Witnesses
from tests.unit.know.disclosure.attacker import solved_combination
from tests.unit.know.disclosure.test_auditor_properties import K, support, worlds


def quarter(rng, *, n_blocks=8, n_categories=3):
    """Return people by (place, block, practice, category), and the figures of a small quarter in order."""
    people = {
        (place, block, practice, category): rng.choice((2, 2, 3, 4))
        for place in range(3)
        for block in range(n_blocks)
        for practice in range(2)
        for category in range(n_categories)
    }
    cells = [cell for cell, n in people.items() if n]
    keys = sorted({cell[:2] for cell in cells})
    blocks = [{cell: 1 for cell in cells if cell[:2] == key} for key in keys]
    practices = [{c: 1 for c in cells if c[0] == place and c[2] == p} for place in range(3) for p in range(2)]
    whole = [{c: 1 for c in cells if c[3] == category} for category in range(n_categories)]
    of_place = [
        {c: 1 for c in cells if c[0] == place and c[3] == category}
        for place in range(3)
        for category in range(n_categories)
    ]
    return people, blocks, [*practices, *whole, *of_place]


@given(worlds())
@settings(max_examples=300, deadline=None)
def test_in_a_hurry_nothing_goes_out_that_exact_fractions_can_solve(world):
    people, figures = world
    hurried, out = Auditor(people, k=K, effort=1), []
    for figure in figures:
        if hurried.release(figure) is None:
            out.append(figure)
            assert solved_combination(out, people, K) is None
            assert support(figure, people) >= K


def test_witnesses_let_out_what_the_search_alone_cannot_prove_in_time_and_nothing_it_refuses():
    people, blocks, asked = quarter(random.Random(2))
    quick, thorough = Auditor(people, effort=2_000), Auditor(people, effort=20_000_000)
    for block in blocks:
        quick.know(block)
        thorough.know(block)
    answers = [(quick.release(figure), thorough.release(figure)) for figure in asked]
    assert {mine for mine, _ in answers} <= {None, Refusal.UNPROVEN, Refusal.TOO_FEW}
    assert [mine for mine, its in answers if its is None].count(None) >= len(asked) - 3


def test_without_the_figures_that_are_out_every_bag_is_a_witness_and_with_the_figure_itself_none():
    people = {(block, part): 1 for block in range(12) for part in range(2)}
    witnesses = Witnesses()
    atom_of = {cell: number for number, cell in enumerate(people)}
    weight = dict.fromkeys(atom_of.values(), 1)
    for block in range(12):
        witnesses.keep({(block, part): 1 for part in range(2)})
    firsts = {(block, 0): 1 for block in range(12)}
    assert witnesses.prove(firsts, atom_of, weight, 12)
    assert not witnesses.prove(firsts, atom_of, weight, 13)
    witnesses.keep(firsts)
    assert not witnesses.prove(firsts, atom_of, weight, 1)
