"""Codes people type: read forgivingly, every slip of one character found, none stored in the clear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.ask.outreach.codes import making, starts
from survey_app.ask.outreach.codes.crockford import (
    CHECKS,
    LETTERS,
    check_of,
    in_groups,
    is_easy,
    letters_of,
    read_code,
)
from survey_app.ask.outreach.codes.making import NewCode
from survey_app.ask.outreach.codes.tables import Code, CodeKind, Screen
from tests.attacks.ground import ON_SQLITE
from tests.factories import make_campaign, make_invitation, make_participant, make_place
from tests.fakes import MONDAY_MORNING

CODES = st.integers(0, 2**50 - 1).map(letters_of).map(lambda letters: letters + check_of(letters))
LOOKS_LIKE = {"0": "oO0", "1": "iIlL1"}


@given(CODES, st.randoms())
def test_a_code_is_read_however_it_is_typed(code, luck):
    typed = ""
    for letter in code:
        typed += luck.choice(LOOKS_LIKE.get(letter, letter + letter.lower()))
        typed += luck.choice(["", "", "-", " ", "\u2013", "\u200b"])
    assert read_code(f" {typed} "[: making.LONGEST_NAME]) in {code, None if len(typed) > 38 else code}


@given(CODES, st.integers(0, 10), st.sampled_from(CHECKS))
def test_every_single_wrong_character_is_found(code, place, wrong):
    typed = code[:place] + wrong + code[place + 1 :]
    assert read_code(typed) == (code if wrong == code[place] else None)


@given(CODES, st.integers(0, 9))
def test_two_neighbours_that_changed_places_are_found(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert read_code(swapped) in ({code} if swapped == code else {None})


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    found = read_code(text)
    assert found is None or (len(found) == 11 and set(found) <= set(CHECKS))


def test_a_known_code_by_hand():
    # 1 in the last place: the number is 1, and 1 modulo 37 is 1.
    assert check_of("0000000001") == "1"
    assert check_of("ZZZZZZZZZZ") == CHECKS[(2**50 - 1) % 37]
    assert in_groups("ABCDEFGHJKX") == "ABCDE-FGHJK-X"


@ON_SQLITE
def test_codes_are_easy_to_type_made_again_and_stored_only_as_keyed_hashes(database, keys):
    with database.writing() as session:
        campaign = make_campaign(session, places=[make_place(session)])
        new = NewCode(CodeKind.POSTER, campaign.id, "riverside", "Waiting room")
        made = [making.make(session, new, keys=keys, now=MONDAY_MORNING) for _ in range(60)]
        shown = [making.shown(keys, code) for code in made]
        assert len(set(shown)) == 60
        assert all(is_easy(code[:10]) and set(code) <= set(LETTERS) for code in shown)
        for code, letters in zip(made, shown, strict=True):
            assert making.find(session, keys, in_groups(letters).lower()) is code
            columns = [str(getattr(code, column.key)) for column in Code.__table__.columns]
            assert not any(letters in column for column in columns)
        assert making.find(session, keys, "") is None
        with pytest.raises(making.BadPlace):
            making.poster(session, campaign, "atlantis", "", keys=keys, now=MONDAY_MORNING)


@ON_SQLITE
def test_an_invitation_has_one_code_however_often_its_letter_is_printed(database, keys):
    with database.writing() as session:
        place = make_place(session)
        campaign = make_campaign(session, places=[place])
        person = make_participant(session, keys, place=place, channel="letter")
        make_invitation(session, keys, campaign=campaign, participant=person)
        first, again = (making.letters(session, campaign.id, keys=keys, now=MONDAY_MORNING) for _ in range(2))
        assert first == again
        assert len(first) == 1


@ON_SQLITE
def test_the_same_page_opens_one_survey_and_a_day_has_an_end(database, keys):
    with database.writing() as session:
        campaign = make_campaign(session, places=[make_place(session)])
        code = making.poster(session, campaign, "riverside", "Door", keys=keys, now=MONDAY_MORNING)

        def begin(seed):
            opening = starts.Opening(code, seed, Screen.OWN, "en")
            return starts.begin(session, opening, keys=keys, now=MONDAY_MORNING, most=2)

        assert begin("a") == begin("a") != begin("b")
        with pytest.raises(starts.TooMany):
            begin("c")
        assert begin("b")  # whoever has begun is not turned away
        assert starts.in_tens(session, [code.id]) == {code.id: "under 10"}
