"""From the token in an address to everything a page needs to know; looking changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Answers, Audience, Instrument, Item
from survey_app.ask.outreach.asked import Asked, asked_by_token
from survey_app.ask.outreach.codes import starts
from survey_app.ask.outreach.codes.tables import Code, Screen, Start
from survey_app.ask.outreach.invitations import bare_token
from survey_app.ask.outreach.tables import Appearance, Campaign, Helped, InvitationState
from survey_app.crypto import Keys
from survey_app.hear.responses.origins import open_origin, origin_asked
from survey_app.hear.responses.progress import progress
from survey_app.hear.responses.submission import Origin
from survey_app.hear.responses.tables import ResponseState


class Standing(StrEnum):
    """What the holder of a link can still do with it."""

    OPEN = "open"
    FINISHED = "finished"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one invitation."""

    token: str
    origin: Origin
    instrument: Instrument
    languages: tuple[str, ...]
    standing: Standing
    state: ResponseState | None
    answers: Answers
    appearance: Appearance | None = None
    helped: Helped | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody was invited: there is nobody to stop asking."""
        return self.origin.invitation_id is None

    @property
    def is_panel(self) -> bool:
        """Whether the person answers by name, for a panel."""
        return self.instrument.audience is Audience.PANEL

    @property
    def items(self) -> tuple[Item, ...]:
        """The items this person is asked, given the answers so far."""
        return self.instrument.applicable(self.answers, self.origin.items)

    @property
    def next_item(self) -> Item | None:
        """The first item not reached yet."""
        return self.instrument.next_item(self.answers, self.origin.items)

    @property
    def is_held_back(self) -> bool:
        """Whether all is answered, but faster than a person reads: one more press is needed."""
        return self.state is ResponseState.QUARANTINED and self.next_item is None

    @property
    def open_item(self) -> Item | None:
        """The item to show next: the first open one, or the last one again if held back."""
        return self.next_item or (self.items[-1] if self.is_held_back else None)

    def has_shown(self, instrument: str, version: int) -> bool:
        """Tell whether a page was made from the very wording this invitation asks."""
        return (instrument, version) == (self.instrument.id, self.instrument.version)

    def item_at(self, ordinal: int) -> Item | None:
        """Return the item with this fixed number, if this person is asked it."""
        return next((item for item in self.items if item.ordinal == ordinal), None)


def visit(
    session: Session,
    token: str,
    *,
    keys: Keys,
    library: Library,
    now: dt.datetime,
    spoken: Collection[str],
) -> Visit | None:
    """Return what a token opens, in a language pages speak too; None if nothing, or only a shared screen."""
    asked = asked_by_token(session, keys, token)
    if asked is None:
        begun = starts.find(session, keys, token)
        if begun is None or begun[0].screen is Screen.SHARED:
            return None
        return opened(session, begun, keys=keys, library=library, now=now, spoken=spoken)
    origin = origin_asked(asked, keys)
    made = progress(session, origin.name)
    state = made.state if made else None
    original = library.get(origin.instrument_id, origin.instrument_version)
    said = original.in_language(origin.language)
    languages = _spoken(original, spoken)
    return Visit(
        token=bare_token(token),  # its hash is the one stored
        origin=origin,
        instrument=said if said.language in languages else original,
        languages=languages,
        standing=_standing(asked, state, now),
        state=state,
        answers=made.answers if made else {},
        appearance=asked.appearance,
        helped=asked.helped,
    )


def opened(
    session: Session,
    begun: tuple[Start, Code],
    *,
    keys: Keys,
    library: Library,
    now: dt.datetime,
    spoken: Collection[str],
) -> Visit:
    """Return the survey that somebody opened with a poster's code, in the language chosen there."""
    start, code = begun
    campaign = session.get_one(Campaign, code.campaign_id)
    original = library.get(campaign.instrument_id, campaign.instrument_version)
    languages = _spoken(original, spoken)
    instrument = original.in_language(start.language) if start.language in languages else original
    origin = open_origin(
        start.nonce,
        campaign,
        code.place_id,
        keys,
        language=instrument.language,
        expires_at=start.expires_at,
    )
    made = progress(session, origin.name)
    is_finished = made is not None and made.state is ResponseState.FINISHED
    is_over = now >= start.expires_at or (made is not None and made.state is ResponseState.EXPIRED)
    return Visit(
        token=starts.token_of(keys, start),
        origin=origin,
        instrument=instrument,
        languages=languages,
        standing=Standing.FINISHED if is_finished else Standing.CLOSED if is_over else Standing.OPEN,
        state=made.state if made else None,
        answers=made.answers if made else {},
    )


def _spoken(original: Instrument, spoken: Collection[str]) -> tuple[str, ...]:
    return tuple(language for language in original.languages if language in spoken)


def _standing(asked: Asked, state: ResponseState | None, now: dt.datetime) -> Standing:
    if state is ResponseState.FINISHED or asked.state is InvitationState.ANSWERED:
        return Standing.FINISHED
    if asked.state is not InvitationState.OPEN or state is ResponseState.EXPIRED or now >= asked.expires_at:
        return Standing.CLOSED
    return Standing.OPEN
