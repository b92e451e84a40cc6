"""A throw-away installation with people who have just been invited."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.tables import Draw, Invitation
from survey_app.ask.population.tables import ChannelChoice, Participant, PlaceKind
from survey_app.bootstrap import Runtime, bootstrap
from survey_app.cli.database import upgrade
from survey_app.clock import london_day, utc_now, week_of
from survey_app.crypto import keyed_hash
from survey_app.settings import load_settings
from tests.factories import make_campaign, make_place

AUTH_TOKEN = secrets.token_hex(16)


@dataclass(frozen=True)
class World:
    """An installation and the surroundings in which a server finds it."""

    runtime: Runtime
    surroundings: dict[str, str]
    tokens: list[str]
    phones: list[str]


def make_world(
    folder: Path,
    url: str,
    *,
    n_links: int,
    n_phones: int,
    places: tuple[str, ...] = ("riverside",),
    base: str = "http://127.0.0.1",
) -> World:
    """Migrate a database and invite people by link and by text, living in the places in turn."""
    surroundings = {
        "SURVEY_ENV": "testing",
        "SURVEY_DATA_DIR": str(folder),
        "SURVEY_DATABASE_URL": url,
        "SURVEY_PUBLIC_BASE_URL": base,
        "SURVEY_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    }
    runtime = bootstrap(load_settings(surroundings))
    upgrade(runtime.database)
    # From 1: the number that ends in 00000 is our own.
    phones = [f"+4477009{number:05}" for number in range(1, n_phones + 1)]
    _invite(runtime, [None] * n_links + phones, places)
    return World(runtime, surroundings, _tokens(runtime), phones)


def _invite(runtime: Runtime, phones: list[str | None], places: tuple[str, ...]) -> None:
    now = utc_now() - dt.timedelta(hours=1)
    with runtime.database.writing() as session:
        top = make_place(session, "system", kind=PlaceKind.SYSTEM)
        campaign = make_campaign(session, places=[make_place(session, name, parent=top) for name in places])
        homes = itertools.cycle(places)
        people = [
            _person(runtime, number, phone, home, now)
            for (number, phone), home in zip(enumerate(phones), homes, strict=False)
        ]
        ids = session.scalars(
            sa.insert(Participant).returning(Participant.id, sort_by_parameter_order=True), people
        ).all()
        draw = Draw(
            campaign_id=campaign.id,
            week=week_of(london_day(now)),
            seed="bench",
            n_eligible=1,
            n_drawn=1,
            drawn_at=now,
        )
        session.add(draw)
        session.flush()
        askings = [
            invitations.Asking(
                campaign_id=campaign.id,
                draw_id=draw.id,
                participant_id=person_id,
                place_id=str(person["locality_id"]),
                practice_id=None,
                category=None,
                items=None,
                channel=ChannelChoice(person["channel"]),
                language="en",
                invited_at=now,
                expires_at=now + dt.timedelta(days=14),
            )
            for person_id, person in zip(ids, people, strict=True)
        ]
        invitations.issue(session, askings, keys=runtime.keys)


def _person(
    runtime: Runtime, number: int, phone: str | None, place_id: str, now: dt.datetime
) -> dict[str, object]:
    return {
        "reference": f"bench-{number}",
        "audience": "user",
        "locality_id": place_id,
        "language": "en",
        "channel": ChannelChoice.TEXT if phone else ChannelChoice.WEB,
        "consent": "given",
        "consent_at": now,
        "created_at": now,
        "synthetic": True,
        "phone_index": phone and keyed_hash(runtime.keys.index, "phone", phone),
    }


def _tokens(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as session:
        rows = session.scalars(
            sa.select(Invitation).where(Invitation.channel == ChannelChoice.WEB.value).order_by(Invitation.id)
        )
        return [invitations.token_of(runtime.keys, row) for row in rows]
