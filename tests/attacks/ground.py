"""What attacks stand on: every row of every table, the hidden field of a page, a signed webhook."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from twilio.request_validator import RequestValidator

from survey_app.database import Base
from tests.factories import make_campaign, make_invitation, make_participant, make_place

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For rules that no database engine could bend."""

MESSAGE, STATUS = "/hooks/twilio/message", "/hooks/twilio/status"
PHONE = "+447700900123"
SID = "SM" + "0123456789abcdef" * 2


def everything(database):
    """Return all rows, to compare before and after an attack; but not the trail, which notes tries too."""
    with database.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(sa.select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name != "audit_entry"
        }


def all_of(database, table):
    with database.reading() as session:
        return session.scalars(sa.select(table)).all()


def invited(runtime, **changed):
    """Make a person with an open invitation to the six-item pulse and return the token of their link."""
    with runtime.database.writing() as session:
        place = make_place(session)
        person = make_participant(session, runtime.keys, place=place, **{"phone": PHONE} | changed)
        campaign = make_campaign(session, places=[place])
        return make_invitation(session, runtime.keys, campaign=campaign, participant=person)[1]


def seal_of(page):
    """Return the hidden field that makes a form of ours."""
    found = re.search(r'name="seal" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def signed(settings, path, form):
    """Return the headers with which the provider sends a form."""
    signature = RequestValidator(settings.twilio_auth_token).compute_signature(
        settings.public_base_url + path, form
    )
    return {"X-Twilio-Signature": signature}


def text_in(settings, body="1", *, sid=SID, sender=PHONE, **more):
    """Return the form of one text that somebody sent us."""
    row = {
        "MessageSid": sid,
        "AccountSid": settings.twilio_account_sid,
        "From": sender,
        "To": settings.twilio_number,
        "Body": body,
        "NumMedia": "0",
    }
    return row | more


def send_in(client, settings, path, form):
    """Post a form as the provider would."""
    return client.post(path, data=form, headers=signed(settings, path, form))
