"""Second looks: what may have got out is looked for at the provider, with no transaction open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from survey_app.ask.sending import doubts, leases
from survey_app.ask.sending.carrier import Carrier
from survey_app.ask.sending.departure import letter_of
from survey_app.ask.sending.gateways.contract import Gateway, Letter, NotSent
from survey_app.ask.sending.tables import Message
from survey_app.crypto import WrongKey
from survey_app.database import Database


def look_again(database: Database, carrier: Carrier, now: dt.datetime) -> None:
    """Look for each message in doubt whose next look is due, and settle it by what is found."""
    with database.reading() as session:
        in_doubt = leases.doubtful(session, now=now)
    for message in in_doubt:
        _settle(database, carrier, message, now)


def _settle(database: Database, carrier: Carrier, message: Message, now: dt.datetime) -> None:
    gateway = carrier.gateways.get(message.medium)
    try:
        letter = _letter(database, carrier, message, now)
        ids = _found(database, gateway, message, letter, now) if gateway else ()
    except WrongKey:
        with database.writing() as session:
            return doubts.give_up(session, message)
    except NotSent:
        with database.writing() as session:
            return doubts.postpone(session, message, now=now)
    with database.writing() as session:
        return doubts.settle(session, message, ids, now=now)


def _letter(database: Database, carrier: Carrier, message: Message, now: dt.datetime) -> Letter:
    tried_at = message.sent_at or now
    with database.reading() as session:
        return letter_of(session, message, keys=carrier.keys, hooks=carrier.hooks, now=tried_at)


def _found(
    database: Database, gateway: Gateway, message: Message, letter: Letter, now: dt.datetime
) -> Sequence[str]:
    ids = doubts.looked_for(gateway, letter, tried_at=message.sent_at or now)
    with database.reading() as session:
        later = doubts.tried_after(session, message) if ids else ()
    theirs = {one for at in later for one in doubts.looked_for(gateway, letter, tried_at=at)}
    return [one for one in ids if one not in theirs]
