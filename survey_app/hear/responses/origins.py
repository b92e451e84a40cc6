"""From an invitation to the origin of a response."""

from __future__ import annotations

import datetime as dt

from survey_app.ask.outreach.asked import Asked
from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.crypto import Keys, keyed_hash
from survey_app.hear.responses.submission import Origin

OPEN = "anyone:"
"""How the origin begins where nobody was invited: a poster, a shared screen, a numbered form."""


def origin_of(
    invitation: Invitation | Asked, campaign: Campaign | Asked, keys: Keys, *, synthetic: bool = False
) -> Origin:
    """Return the origin of the one response an invitation can have."""
    return Origin(
        name=f"invitation:{invitation.id}",
        invitation_id=invitation.id,
        person=person_of(invitation.participant_id, keys),
        instrument_id=campaign.instrument_id,
        instrument_version=campaign.instrument_version,
        audience=campaign.audience,
        place_id=invitation.place_id,
        practice_id=invitation.practice_id,
        category=invitation.category,
        items=tuple(invitation.items) if invitation.items is not None else None,
        language=invitation.language,
        expires_at=invitation.expires_at,
        synthetic=synthetic,
    )


def origin_asked(asked: Asked, keys: Keys) -> Origin:
    """Return the same, from the one row that an answer's way begins with."""
    return origin_of(asked, asked, keys, synthetic=asked.synthetic)


def person_of(participant_id: int, keys: Keys) -> bytes:
    """Return the keyed pseudonym under which a participant's responses are known to be one person's."""
    return keyed_hash(keys.index, "person", f"participant:{participant_id}")


def open_origin(
    nonce: str, campaign: Campaign, place_id: str, keys: Keys, *, language: str, expires_at: dt.datetime
) -> Origin:
    """Return the origin of one response that nobody was invited to; its pseudonym is its own alone."""
    name = f"{OPEN}{nonce}"
    return Origin(
        name=name,
        invitation_id=None,
        person=keyed_hash(keys.index, "person", name),
        instrument_id=campaign.instrument_id,
        instrument_version=campaign.instrument_version,
        audience=campaign.audience,
        place_id=place_id,
        items=None,
        language=language,
        expires_at=expires_at,
    )
