from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.outreach.waves.keyfile import LostKey, destroy, load, new_key, path_of, store
from survey_app.ask.outreach.waves.progress import Band, band
from survey_app.hear.responses.ballots.sealing import (
    SIZE,
    Paper,
    TooLong,
    Unreadable,
    draft_id,
    fits,
    open_ballot,
    open_draft,
    pad,
    seal_ballot,
    seal_draft,
    unpad,
)

KEY, OTHER = new_key(), new_key()
ANSWERS = st.dictionaries(
    st.from_regex(r"[a-z]{1,4}\.[a-z0-9]{1,8}", fullmatch=True), st.integers(0, 10), max_size=30
)
TOKENS = st.text("0123456789ABCDEFGHIJabcdefghij", min_size=22, max_size=22)


@given(st.dictionaries(st.text(max_size=8), st.integers() | st.none() | st.text(max_size=20), max_size=12))
@settings(max_examples=25, deadline=None)
def test_whatever_fits_is_padded_to_one_size_and_comes_back(said):
    assert len(pad(said)) == SIZE
    assert unpad(pad(said)) == said


@given(st.integers(SIZE, 3 * SIZE))
@settings(max_examples=25, deadline=None)
def test_what_does_not_fit_is_refused_and_not_cut(length):
    with pytest.raises(TooLong):
        pad({"a": "x" * length})


@given(ANSWERS, st.booleans(), ANSWERS)
@settings(max_examples=25, deadline=None)
def test_ballots_come_back_whole_and_are_all_alike_outside(answers, quick, others):
    sealed = seal_ballot(KEY.public, "w1", Paper(answers, quick))
    assert open_ballot(KEY, "w1", sealed) == Paper(answers, quick)
    assert len(sealed) == len(seal_ballot(KEY.public, "w1", Paper(others, quick=False)))
    assert sealed != seal_ballot(
        KEY.public, "w1", Paper(answers, quick)
    )  # the same words never look the same
    for key, wave_id in ((OTHER, "w1"), (KEY, "w2")):
        with pytest.raises(Unreadable):
            open_ballot(key, wave_id, sealed)


@given(ANSWERS, st.integers(0, 1099), st.integers(0, 7))
@settings(max_examples=25, deadline=None)
def test_a_changed_ballot_is_not_opened(answers, at, bit):
    sealed = bytearray(seal_ballot(KEY.public, "w1", Paper(answers, quick=True)))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(Unreadable):
        open_ballot(KEY, "w1", bytes(sealed))


@given(TOKENS, TOKENS, ANSWERS)
@settings(max_examples=25, deadline=None)
def test_a_draft_needs_its_token_and_the_key_of_the_wave(token, stranger, answers):
    sealed = seal_draft(KEY, token, {"a": answers})
    assert open_draft(KEY, token, sealed) == {"a": answers}
    assert len(sealed) == len(seal_draft(KEY, stranger, {"a": {}}))
    for key, holder in ((OTHER, token), *([(KEY, stranger)] if stranger != token else [])):
        assert draft_id(key, holder) != draft_id(KEY, token)
        with pytest.raises(Unreadable):
            open_draft(key, holder, sealed)


def test_every_instrument_for_staff_fits(loaded_runtime):
    assert all(fits(one) for one in loaded_runtime.library.all())


def test_a_key_comes_back_from_its_file_until_it_is_destroyed(tmp_path):
    store(tmp_path, "w1", KEY)
    path = path_of(tmp_path, "w1")
    assert path.stat().st_mode & 0o777 == 0o600
    again = load(tmp_path, "w1", KEY.public)
    assert (again.salt, again.public, again.token("w1", 7)) == (KEY.salt, KEY.public, KEY.token("w1", 7))
    with pytest.raises(LostKey):
        load(tmp_path, "w1", OTHER.public)
    assert destroy(tmp_path, "w1")
    assert not destroy(tmp_path, "w1")
    with pytest.raises(LostKey):
        load(tmp_path, "w1", KEY.public)
    assert [one.name for one in path.parent.iterdir()] == ["CACHEDIR.TAG"]  # backups leave the folder out


def test_nothing_of_a_key_stands_in_what_is_printed():
    assert KEY.salt.hex() not in repr(KEY)
    assert json.dumps(repr(KEY)) == '"WaveKey(...)"'


@given(st.integers(0, 60), st.integers(6, 60))
@settings(max_examples=25, deadline=None)
def test_progress_says_one_of_three_things_and_moves_only_in_fives(n_answered, n_members):
    shown = n_answered // 5 * 5
    assert band(shown, n_members) is (
        Band.FEW if n_answered < 5 else Band.MANY if shown * 2 >= n_members else Band.SOME
    )
