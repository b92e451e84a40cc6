"""Members of panels among the participants: known by name, never drawn for any other survey."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Audience
from survey_app.ask.population.tables import ChannelChoice, Consent, Participant
from survey_app.database import insert_or_ignore


def add_members(
    session: Session, place_id: str, names: Sequence[str], *, now: dt.datetime, synthetic: bool = False
) -> dict[str, int]:
    """Return the participant of each name at a place, made where there is none; who withdrew is left out."""
    references = {reference_of(place_id, name): name for name in names}
    rows = [
        {
            "reference": reference,
            "audience": Audience.PANEL,
            "locality_id": place_id,
            "language": "en",
            "channel": ChannelChoice.WEB,
            "consent": Consent.GIVEN,
            "consent_at": now,
            "synthetic": synthetic,
            "created_at": now,
        }
        for reference in references
    ]
    insert_or_ignore(session, Participant, rows)
    query = sa.select(Participant.reference, Participant.id).where(
        Participant.reference.in_(references), Participant.consent == Consent.GIVEN
    )
    return {references[reference]: identity for reference, identity in session.execute(query)}


def reference_of(place_id: str, name: str) -> str:
    """Return the reference by which a name is the same person from round to round."""
    words = f"{place_id}:{' '.join(name.casefold().split())}"
    return f"panel-{hashlib.sha256(words.encode()).hexdigest()[:24]}"
