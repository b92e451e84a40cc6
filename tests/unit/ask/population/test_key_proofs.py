from __future__ import annotations

from dataclasses import replace

import pytest

from survey_app.ask.population.key_proofs import remember_keys, wrong_keys


@pytest.mark.parametrize("name", ["token", "contact", "index"])
def test_an_exchanged_key_is_named(database, keys, name):
    with database.writing() as session:
        remember_keys(session, keys)
        remember_keys(session, replace(keys, **{name: b"x" * 32}))  # only the first sight counts
        (line,) = wrong_keys(session, replace(keys, **{name: b"x" * 32}))
    assert line.startswith(f"{name}.key ")


def test_the_same_keys_and_a_new_session_key_are_fine(database, keys):
    with database.writing() as session:
        remember_keys(session, keys)
        assert wrong_keys(session, replace(keys, session=b"n" * 32)) == []
