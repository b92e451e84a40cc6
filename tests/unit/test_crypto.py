"""Keys are kept apart, tokens cannot be guessed or confused, and a ciphertext opens only where it belongs."""

from __future__ import annotations

import base64
import re
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.crypto import Keys, WeakKey, WrongKey, derive_token, keyed_hash, load_keys, seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32


def test_keys_are_made_once_and_then_stay(tmp_path):
    made = load_keys(tmp_path, create=True)
    assert load_keys(tmp_path, create=False) == made
    assert len({made.session, made.token, made.contact, made.index}) == 4


def test_key_files_are_readable_only_by_their_owner(tmp_path):
    load_keys(tmp_path, create=True)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_production_never_makes_a_key_and_says_which_is_missing(tmp_path):
    with pytest.raises(WeakKey, match=r"session\.key is missing"):
        load_keys(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "session.key").write_bytes(base64.b64encode(b"short"))
    with pytest.raises(WeakKey, match="must hold 32 bytes"):
        load_keys(tmp_path, create=True)


def test_a_given_secret_takes_the_place_of_the_session_key_only(tmp_path):
    stored = load_keys(tmp_path, create=True)
    given_one = load_keys(tmp_path, create=True, session_secret="0123456789abcdefghijklmnopqrstuv")
    assert given_one.session != stored.session
    assert (given_one.token, given_one.contact, given_one.index) == (
        stored.token,
        stored.contact,
        stored.index,
    )


@pytest.mark.parametrize("weak", ["short", "a" * 64])
def test_a_weak_secret_is_refused(tmp_path, weak):
    with pytest.raises(WeakKey, match="SURVEY_SECRET_KEY"):
        load_keys(tmp_path, create=True, session_secret=weak)


def test_keys_never_show_themselves_in_a_log():
    assert "kkk" not in repr(Keys(KEY, KEY, KEY, KEY))


def test_a_keyed_hash_depends_on_key_purpose_and_text():
    hashes = {
        keyed_hash(KEY, "a", "b"),
        keyed_hash(OTHER, "a", "b"),
        keyed_hash(KEY, "a", "c"),
        keyed_hash(KEY, "", "ab"),
    }
    assert len(hashes) == 4


@given(st.text(max_size=40))
def test_a_token_is_22_letters_and_digits_and_always_the_same(identity):
    token = derive_token(KEY, "invitation", identity)
    assert re.fullmatch(r"[0-9A-Za-z]{22}", token)
    assert token == derive_token(KEY, "invitation", identity)
    assert token != derive_token(OTHER, "invitation", identity)
    assert token != derive_token(KEY, "something-else", identity)


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again_and_is_never_the_same_twice(words):
    sealed = seal(KEY, words, bound_to="row:1")
    assert unseal(KEY, sealed, bound_to="row:1") == words
    assert sealed != seal(KEY, words, bound_to="row:1")


def test_a_ciphertext_moved_to_another_row_does_not_open():
    with pytest.raises(WrongKey, match="row:2"):
        unseal(KEY, seal(KEY, "+447700900001", bound_to="row:1"), bound_to="row:2")


@pytest.mark.parametrize("place", [0, 12, 20, -1])
def test_a_ciphertext_changed_by_one_bit_does_not_open(place):
    sealed = bytearray(seal(KEY, "+447700900001", bound_to="row:1"))
    sealed[place] ^= 1
    with pytest.raises(WrongKey):
        unseal(KEY, bytes(sealed), bound_to="row:1")


def test_another_key_does_not_open():
    with pytest.raises(WrongKey, match="put back the key"):
        unseal(OTHER, seal(KEY, "+447700900001", bound_to="row:1"), bound_to="row:1")
