from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.population.phones import BadPhone, PhoneFault, parse_phone, phone_index, phone_words

WAYS_OF_WRITING = [
    "07700 900123",
    "07700900123",
    "+44 (0)7700 900123",
    "+447700900123",
    "00447700900123",
    "0044 (0) 7700-900-123",
    "0+44(0)7700900123",
    "44 7700 900123",
    "447700900123",
    "7700900123",
    "(07700) 900.123",
    "07700\u00a0900\u2013123",
    "٠٧٧٠٠٩٠٠١٢٣",
    "\uff10\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13",
    "\u202a07700 900123\u202c",
    "'07700 900123",
    " 07700900123\u200b",
]


@pytest.mark.parametrize("raw", WAYS_OF_WRITING)
def test_every_way_of_writing_a_mobile_number_is_one_number(raw):
    assert parse_phone(raw) == "+447700900123"


@pytest.mark.parametrize("raw", ["07400 123456", "+44 7915 123456", "07975 777666"])
def test_real_mobile_ranges_are_taken(raw):
    assert parse_phone(raw).startswith("+447")


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ("", PhoneFault.EMPTY),
        (" - ", PhoneFault.EMPTY),
        ("none", PhoneFault.NOT_A_NUMBER),
        ("07700 900123 ext 5", PhoneFault.NOT_A_NUMBER),
        ("0800 FLOWERS", PhoneFault.NOT_A_NUMBER),
        ("tel:07700900123", PhoneFault.NOT_A_NUMBER),
        ("07700 900123 / 07700 900124", PhoneFault.NOT_A_NUMBER),
        ("999", PhoneFault.WRONG_LENGTH),
        ("07700 90012", PhoneFault.WRONG_LENGTH),
        ("07700 9001234", PhoneFault.WRONG_LENGTH),
        ("020 7946 0958", PhoneFault.LANDLINE),
        ("+44 113 496 0000", PhoneFault.LANDLINE),
        ("0333 123 4567", PhoneFault.LANDLINE),
        ("09012345678", PhoneFault.PREMIUM),
        ("+44 909 8790000", PhoneFault.PREMIUM),
        ("0800 123 4567", PhoneFault.SERVICE),
        ("070 1234 5678", PhoneFault.SERVICE),
        ("07600 123456", PhoneFault.SERVICE),
        ("07781 123456", PhoneFault.CROWN_DEPENDENCY),
        ("07797 123456", PhoneFault.CROWN_DEPENDENCY),
        ("07624 123456", PhoneFault.CROWN_DEPENDENCY),
        ("07911 123456", PhoneFault.CROWN_DEPENDENCY),
        ("+8821234567", PhoneFault.FOREIGN),
        ("+1 900 555 1234", PhoneFault.FOREIGN),
        ("0033 6 12 34 56 78", PhoneFault.FOREIGN),
        ("+353 85 012 3456", PhoneFault.FOREIGN),
    ],
)
def test_a_number_that_cannot_be_texted_is_refused_by_reason(raw, fault):
    with pytest.raises(BadPhone) as refused:
        parse_phone(raw)
    assert refused.value.fault is fault


@pytest.mark.parametrize("raw", ["0207 946 0958", "not a number 07700"])
def test_a_refusal_never_repeats_the_number(raw):
    with pytest.raises(BadPhone) as refused:
        parse_phone(raw)
    assert raw not in str(refused.value)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=24))
def test_any_text_is_either_a_uk_mobile_or_refused(raw):
    try:
        parsed = parse_phone(raw)
    except BadPhone:
        return
    assert parsed.startswith("+447")
    assert len(parsed) == 13


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 999),
    st.sampled_from(["+44", "0", "0044", "+44 (0)", "44", "+440"]),
    st.sampled_from(["", " ", "-"]),
)
def test_a_parsed_number_parses_to_itself(last, prefix, gap):
    parsed = parse_phone(f"{prefix}7700{gap}900{gap}{last:03}")
    assert parsed == f"+447700900{last:03}"
    assert parse_phone(parsed) == parsed


def test_the_index_depends_on_the_key_and_the_number(keys):
    one = phone_index(keys, "+447700900123")
    assert one == phone_index(keys, parse_phone("07700 900123"))
    assert one != phone_index(keys, "+447700900124")
    assert len(one) == 32
    assert b"900123" not in one


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("+447700900123", "07700 900123"),
        ("+442079460812", "020 7946 0812"),
        ("+33123456789", "+33 1 23 45 67 89"),
        ("unknown", "unknown"),
    ],
)
def test_a_number_is_shown_as_people_here_dial_it(kept, read):
    assert phone_words(kept) == read
