"""Alarms: one e-mail to whoever runs the service, through the outbox, about one trouble once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, MessageKind
from survey_app.crypto import Keys

NEXT = "\n\nThe delivery page shows the state and what to do: /workspace/delivery\n"

Words = tuple[str, str]
"""Subject and text."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Whom alarms go to, and the keys that seal the address."""

    email: str
    keys: Keys


def alarm(session: Session, operator: Operator, key: str, words: Words, now: dt.datetime) -> bool:
    """Queue an alarm; the same key is said once. Tell whether it was new."""
    if not operator.email:
        return False
    subject, text = words
    outgoing = Outgoing(
        key=f"alarm:{key}"[:80],
        kind=MessageKind.ALERT,
        medium=Medium.EMAIL,
        address=operator.email,
        subject=subject,
        body=text + NEXT,
        not_before=now,
    )
    return queue(session, outgoing, keys=operator.keys, now=now)


def held(medium: Medium, code: str, n_failures: int) -> Words:
    """Say that a medium is held."""
    return (
        f"Sending is held: {medium}",
        f"""The provider failed {n_failures} time(s) in a row, the last time with {code}.
Nothing more is sent by {medium} but one message every quarter of an hour, until one gets through.
Other ways of sending go on. Nothing is lost: what waits leaves then, unless its time is over.""",
    )


def chatting(code: str) -> Words:
    """Say that a phone was cut off because it and ours answered each other without end."""
    return (
        "One phone and ours talk without end",
        f"""The provider stopped texts to one phone ({code}): too many replies in half a minute.
So it goes when two machines chat. That phone is left alone for a quarter of an hour.""",
    )


FILTERING: Words = (
    "Texts are being filtered",
    """More than 2 in 100 texts of the last day were taken for unwanted advertising (30007).
The same text is not sent to those phones again. Change the wording, and look at the link in it.""",
)
CAPPED: Words = (
    "Today's spending cap is reached",
    """Invitations and reminders wait until tomorrow.
Replies to people who write to us, and texts about danger, still leave.
The cap is SURVEY_SPEND_CAP_DAY_PENCE.""",
)
