from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.hear.responses.dispositions import (
    Contact,
    Disposition,
    Ending,
    Objection,
    disposition,
    objection_of,
)

ENDINGS = st.builds(
    Ending,
    share=st.none() | st.floats(0, 1),
    is_open=st.booleans(),
    is_cancelled=st.booleans(),
    objection=st.sampled_from(Objection),
    is_left_alone=st.booleans(),
    contact=st.sampled_from(Contact),
)
SILENT = Ending(None, False, False, Objection.NONE, False, Contact.REACHED)


def rows_that_hold(ending: Ending) -> list[Disposition]:
    """The table of docs/algorithms/response-rates.md, each row with all that must not be."""
    half = ending.share is not None and ending.share >= 0.5
    gone = ending.objection is Objection.NOT_THEM
    refused = ending.objection is Objection.REFUSED
    dead = ending.objection is Objection.DEAD
    is_open = ending.is_open and not refused
    said = ending.share is not None or refused
    over = not half and not gone and not is_open
    said_no = said or (ending.is_cancelled and not dead and not ending.is_left_alone)
    reached = ending.contact in (Contact.REACHED, Contact.NO_MESSAGES) and not dead
    rows = {
        Disposition.COMPLETE: half and ending.share >= 0.8,
        Disposition.PARTIAL: half and ending.share < 0.8,
        Disposition.NOT_ELIGIBLE: not half and gone,
        Disposition.OPEN: not half and not gone and is_open,
        Disposition.REFUSAL: over and said_no,
        Disposition.OTHER: over and not said and ending.is_left_alone,
        Disposition.NON_CONTACT: over and not said_no and not ending.is_left_alone and reached,
        Disposition.UNKNOWN: over and not said_no and not ending.is_left_alone and not reached,
    }
    return [name for name, holds in rows.items() if holds]


@given(ENDINGS)
def test_every_ending_has_exactly_the_one_disposition_of_the_table(ending):
    assert [disposition(ending)] == rows_that_hold(ending)


def test_every_disposition_happens_among_all_combinations():
    shares, both = (None, 0.0, 0.4, 0.6, 1.0), (False, True)
    combined = itertools.product(shares, both, both, Objection, both, Contact)
    assert {disposition(Ending(*facts)) for facts in combined} == set(Disposition)


@pytest.mark.parametrize(
    ("reason", "objection"),
    [
        (None, Objection.NONE),
        ("opted out", Objection.REFUSED),
        ("erased", Objection.REFUSED),
        ("wrong person", Objection.NOT_THEM),
        ("deceased", Objection.NOT_THEM),
        ("dead number", Objection.DEAD),
        ("provider 30005", Objection.DEAD),
        ("provider 21610", Objection.REFUSED),
    ],
)
def test_what_a_suppression_says_about_the_person(reason, objection):
    assert objection_of(reason) is objection


def test_silence_of_somebody_who_was_reached_is_a_non_contact():
    assert disposition(SILENT) is Disposition.NON_CONTACT
