from __future__ import annotations

import datetime as dt

import pytest

from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce

AT = dt.datetime(2026, 11, 2, 9, 0, 0, 250_000, tzinfo=dt.UTC)
SHOWN = Shown("pulse-user-6", 1, AT, "nonce")


def test_what_was_sealed_is_read_back():
    seal = FormSeal(b"k" * 32)
    assert seal.read("token", "1", seal.make("token", "1", SHOWN)) == SHOWN


@pytest.mark.parametrize(
    ("token", "page"), [("other", "1"), ("token", "2"), ("token", "stop"), ("token\x00", "1")]
)
def test_a_seal_is_bound_to_its_token_and_page(token, page):
    seal = FormSeal(b"k" * 32)
    assert seal.read(token, page, seal.make("token", "1", SHOWN)) is None


def test_another_key_or_a_changed_letter_breaks_the_seal():
    text = FormSeal(b"k" * 32).make("token", "1", SHOWN)
    assert FormSeal(b"l" * 32).read("token", "1", text) is None
    changed = ("a" if text[0] != "a" else "b") + text[1:]
    assert FormSeal(b"k" * 32).read("token", "1", changed) is None


@pytest.mark.parametrize("text", [None, "", ".", "a.b", "x" * 1000, "\x00"])
def test_nonsense_is_no_seal(text):
    assert FormSeal(b"k" * 32).read("token", "1", text) is None


def test_no_two_showings_share_a_nonce():
    assert len({new_nonce() for _ in range(1000)}) == 1000
