"""By what a person can be reached: which medium serves which wish, which address it takes, what follows."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

import sqlalchemy as sa

from survey_app.ask.outreach.tables import Campaign
from survey_app.ask.population.addresses import AddressKind, address_of, index_column
from survey_app.ask.population.tables import ChannelChoice, Participant, Suppression
from survey_app.ask.sending.tables import Medium
from survey_app.crypto import Keys

MEDIUM_OF = MappingProxyType(
    {
        ChannelChoice.TEXT: Medium.TEXT,
        ChannelChoice.WEB: Medium.TEXT,
        ChannelChoice.WHATSAPP: Medium.WHATSAPP,
        ChannelChoice.CALL: Medium.CALL,
        ChannelChoice.EMAIL: Medium.EMAIL,
        ChannelChoice.LETTER: Medium.LETTER,
    }
)
CHANNEL_OF = MappingProxyType({medium: ChannelChoice(medium.value) for medium in Medium})
ADDRESSES = MappingProxyType(
    {
        Medium.TEXT: (AddressKind.PHONE,),
        Medium.WHATSAPP: (AddressKind.PHONE,),
        Medium.CALL: (AddressKind.LANDLINE, AddressKind.PHONE),
        Medium.EMAIL: (AddressKind.EMAIL,),
        Medium.LETTER: (AddressKind.POST,),
    }
)
"""What a medium takes, the best first: a landline is called and never texted."""


def address_for(keys: Keys, person: Participant, medium: Medium) -> str | None:
    """Return a person's address for a medium in readable form, or None."""
    found = (address_of(keys, person, kind) for kind in ADDRESSES[medium])
    return next((address for address in found if address is not None), None)


def first_media(channel: str, campaign: Campaign) -> list[Medium]:
    """Return the media for an invitation: the person's own wish first, then what the campaign offers."""
    wished = [MEDIUM_OF[ChannelChoice(channel)]]
    return list(dict.fromkeys([*wished, *_offered(campaign)]))


def next_media(campaign: Campaign, tried: Iterable[Medium]) -> list[Medium]:
    """Return the media that may follow, in the campaign's order."""
    return [medium for medium in map(Medium, campaign.fallback or ()) if medium not in set(tried)]


def reached_by(campaign: Campaign) -> sa.ColumnElement[bool]:
    """Return the condition that a participant has an address for a campaign that never objected."""
    return sa.or_(sa.false(), *map(usable, _kinds(campaign)))


def has_address(campaign: Campaign) -> sa.ColumnElement[bool]:
    """Return the condition that a participant has an address for what a campaign offers, objected or not."""
    return sa.or_(sa.false(), *(index_column(kind).is_not(None) for kind in _kinds(campaign)))


def usable(kind: AddressKind) -> sa.ColumnElement[bool]:
    """Return the condition that a participant has an address of one kind that did not object."""
    column = index_column(kind)
    return sa.and_(column.is_not(None), ~sa.exists().where(Suppression.phone_index == column))


def _kinds(campaign: Campaign) -> list[AddressKind]:
    media = [*_offered(campaign), *map(Medium, campaign.fallback or ())]
    wanted = {kind for medium in media for kind in ADDRESSES[medium]}
    return [kind for kind in AddressKind if kind in wanted]


def _offered(campaign: Campaign) -> list[Medium]:
    return list(dict.fromkeys(MEDIUM_OF[ChannelChoice(channel)] for channel in campaign.channels))
