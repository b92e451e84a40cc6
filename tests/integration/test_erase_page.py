"""Erasing somebody in the browser: found, counted, confirmed with a reason, gone, and written down."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from survey_app.accounts.audit.tables import AuditEntry
from survey_app.ask.population.tables import Participant, Place
from survey_app.jobs.erasing import eraser_of
from tests import factories
from tests.integration.signed_in import csrf_in, enter, settle

PHONE = "+447700900123"


@pytest.fixture
def officer(app, runtime):
    settle(runtime, "officer@example.org", "east-officer@example.org")
    with runtime.database.writing() as session:
        place = session.get_one(Place, "riverside")
        for reference in ("nhs-1", "nhs-2"):
            person = factories.make_participant(
                session, runtime.keys, place=place, phone=PHONE, reference=reference
            )
        campaign = factories.make_campaign(session, places=[place])
        factories.make_invitation(session, runtime.keys, campaign=campaign, participant=person)
    return enter(app, "officer@example.org")[0]


def post(client, address, **form):
    return client.post(address, data={"csrf_token": csrf_in(client, "/account")} | form)


def left(runtime):
    with runtime.database.reading() as session:
        known = sa.select(Participant.reference).where(Participant.phone_index.is_not(None))
        return sorted(session.scalars(known))


def test_a_person_is_shown_as_counts_and_goes_with_a_word_and_a_reason(officer, runtime):
    who = {"by": "phone", "said": "07700 900123"}
    page = post(officer, "/workspace/people/erase", **who).text
    assert "<strong>2</strong> people" in page
    assert "More than one person" in page
    assert "nhs-1" not in page
    who |= {"seal": re.search(r'name="seal" value="([0-9a-f]+)"', page)[1]}
    for wrong in ({}, {"word": "erase"}, {"reason": "by letter"}, {"word": "yes", "reason": "by letter"}):
        assert post(officer, "/workspace/people/erase/confirm", **who, **wrong).status_code == 422
    right = {"word": "Erase", "reason": "asked by letter"}
    assert (
        post(officer, "/workspace/people/erase/confirm", **(who | {"seal": "0" * 16}), **right).status_code
        == 409
    )
    assert left(runtime) == ["nhs-1", "nhs-2"]
    assert "2 people are gone" in post(officer, "/workspace/people/erase/confirm", **who, **right).text
    assert left(runtime) == []
    with runtime.database.reading() as session:
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.did == "people erased"))
    assert (entry.by, entry.reason) == ("officer@example.org", "asked by letter")
    assert "900123" not in entry.about
    assert eraser_of(runtime).ledger.read_text(encoding="utf-8").count(" person ") == 2
    assert post(officer, "/workspace/people/erase", **who).status_code == 422


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_known_or_no_number_is_said_and_a_role_of_one_place_is_not_enough(app, officer, runtime):
    for by, said in (
        ("phone", "a cat"),
        ("phone", ""),
        ("email", "x"),
        ("token", "1" * 400),
    ):
        assert post(officer, "/workspace/people/erase", by=by, said=said).status_code == 422, by
    assert post(officer, "/workspace/people/erase", by="name", said="x").status_code == 400
    assert post(officer, "/workspace/people/erase", by="reference", said="\x00").status_code == 400
    east, _ = enter(app, "east-officer@example.org")
    who = {"by": "reference", "said": "nhs-1"}
    for address in ("/workspace/people/erase", "/workspace/people/erase/confirm"):
        assert post(east, address, **who).status_code == 403
    assert "Type or paste" not in east.get("/workspace/people/erase").text
    assert left(runtime) == ["nhs-1", "nhs-2"]
