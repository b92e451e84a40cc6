from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.instruments.loader import load_library
from survey_app.ask.instruments.model import Condition
from survey_app.ask.outreach.rota import choose_items
from survey_app.settings import INSTRUMENTS_DIR

P3C = load_library(INSTRUMENTS_DIR).get("p3c-style-10", 1)
FREE = [item.id for item in P3C.items if item.show_if is None]


@pytest.mark.parametrize("n_items", [None, len(FREE), len(FREE) + 5])
def test_without_a_rota_everybody_gets_everything(n_items):
    assert choose_items(P3C, n_items, "7:week:1") is None


@settings(max_examples=60, deadline=None)
@given(st.integers(1, len(FREE) - 1), st.text(max_size=10))
def test_a_rota_gives_that_many_different_items_in_the_instruments_order(n_items, seed):
    chosen = choose_items(P3C, n_items, seed)
    assert len(set(chosen) & set(FREE)) == n_items
    assert chosen == [item.id for item in P3C.items if item.id in chosen]
    assert chosen == choose_items(P3C, n_items, seed)


def test_over_many_people_every_item_is_asked_about_as_often():
    counts = Counter(item for n in range(2_000) for item in choose_items(P3C, 3, f"7:{n}") if item in FREE)
    expected = 2_000 * 3 / len(FREE)
    assert set(counts) == set(FREE)
    assert all(abs(n - expected) < 0.2 * expected for n in counts.values())


def test_an_item_that_depends_on_another_comes_with_it_and_never_alone():
    first, second = P3C.items[0], P3C.items[1]
    follows = replace(second, show_if=Condition(first.id, frozenset({1})))
    instrument = replace(P3C, items=(first, follows, *P3C.items[2:]))
    for n in range(50):
        chosen = choose_items(instrument, 2, str(n))
        assert (first.id in chosen) == (second.id in chosen)
