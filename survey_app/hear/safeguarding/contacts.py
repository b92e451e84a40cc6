"""Contacts that are wrong: whoever keeps the list of people is told, without a word of what was written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.crypto import Keys
from survey_app.settings import Settings

SUBJECT = "A contact in your list needs checking"
BODY = """Somebody answered a survey text of {service}, and it seems that this phone does not reach
the person we meant. It may have a new owner, the number may have been wrong, or the person may have died.

Reference in your list: {references}

Nothing more will be sent to this number. Please check the entry before anyone writes or rings again.
This e-mail leaves out what was written and the number on purpose.
"""


@dataclass(frozen=True, slots=True)
class WrongContact:
    """A number that does not reach the people it stands for."""

    source: str
    references: tuple[str, ...]
    at: dt.datetime


def report_contact(session: Session, found: WrongContact, *, keys: Keys, settings: Settings) -> bool:
    """Queue the e-mail to whoever keeps the list; the same source is told once."""
    outgoing = Outgoing(
        key=f"contact:{found.source}",
        kind=MessageKind.ALERT,
        medium=Medium.EMAIL,
        address=settings.data_owner_email or settings.on_call_email,
        body=BODY.format(service=settings.service_name, references=", ".join(found.references)),
        not_before=found.at,
        subject=SUBJECT,
    )
    return queue(session, outgoing, keys=keys, now=found.at)
