from __future__ import annotations

import pytest

from survey_app.ask.population.addresses import (
    Addresses,
    AddressKind,
    BadAddress,
    address_key,
    parse_email,
    parse_post,
)
from survey_app.ask.population.phones import BadPhone, is_landline, parse_landline, parse_phone


@pytest.mark.parametrize(
    "raw", ["020 7946 0123", "(0)20 7946 0123", "+44 (0)20 7946 0123", "0044 2079460123"]
)
def test_a_landline_has_one_form_and_is_never_a_number_to_text(raw):
    assert parse_landline(raw.replace("(0)20", "020") if raw.startswith("(") else raw) == "+442079460123"
    with pytest.raises(BadPhone):
        parse_phone("020 7946 0123")


@pytest.mark.parametrize("raw", ["07700 900123", "07911 123456", "01534 496000", "0800 123 4567", "", "999"])
def test_what_is_not_a_uk_landline_is_refused(raw):
    assert not is_landline(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "a",
        "a@b",
        "a b@example.org",
        "a@example.org\nBcc: x@y.org",
        "a@example.org,b@example.org",
        "é@x.org",
    ],
)
def test_what_is_not_one_e_mail_address_is_refused(raw):
    with pytest.raises(BadAddress):
        parse_email(raw)


def test_a_postal_address_keeps_its_lines_and_ends_with_the_postcode():
    assert (
        parse_post(["Ann  Person", "", "1 High Street"], "ab1  2cd") == "Ann Person\n1 High Street\nAB1 2CD"
    )
    for lines, code in (([], "AB1 2CD"), (["A"], "12345"), (["A\x00"], "AB1 2CD"), (["A"] * 7, "AB1 2CD")):
        with pytest.raises(BadAddress):
            parse_post(lines, code)


def test_an_address_is_known_however_it_is_written_and_never_shown(keys):
    post = [address_key(keys, AddressKind.POST, text) for text in ("A\nAB1 2CD", "a\nab12cd")]
    mail = [address_key(keys, AddressKind.EMAIL, text) for text in ("A@Example.org", "a@example.org")]
    assert len({*post}) == len({*mail}) == 1
    assert "Example" not in repr(Addresses(email="A@Example.org"))
