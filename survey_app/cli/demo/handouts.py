"""Invented posters, a shared screen, letters and forms, answered through the same functions as real ones."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.tables import Staff
from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach import campaigns
from survey_app.ask.outreach.campaigns import NewCampaign
from survey_app.ask.outreach.codes import making, starts
from survey_app.ask.outreach.codes.tables import Code, CodeKind, Screen
from survey_app.ask.outreach.samples import draw
from survey_app.ask.outreach.tables import Campaign, Rhythm
from survey_app.ask.population.tables import ChannelChoice
from survey_app.bootstrap import Runtime
from survey_app.cli.demo import world
from survey_app.cli.demo.ways import NAME as BY_POST
from survey_app.clock import day_starts_at, london_day
from survey_app.hear.channels.paper.keying import Desk, Keying, find_sheet, key_in
from survey_app.hear.channels.synthetic.people import Experience, answer
from survey_app.hear.responses.origins import open_origin
from survey_app.hear.responses.tables import Channel

NAME = "Synthetic posters and letters: people's experience pulse"
INSTRUMENT = "pulse-user-6"
PLACE = world.LOCALITIES[0][0]
POSTERS = (
    ("Waiting room (synthetic)", Screen.OWN, 23),
    ("Tablet at the desk (synthetic)", Screen.SHARED, 14),
)
N_LETTERS, N_FORMS = 8, 10
KEYED = ((3, 3, 2, 1, 3, 1), (2, 2, 3, 1, 2, 2), (1, 0, 2, 2, 1, 1))
"""What is ticked on three forms, question by question."""


def hand_out(runtime: Runtime) -> None:
    """Make a survey with posters, letters and forms, unless it is there."""
    now = runtime.clock()
    with runtime.database.writing() as session:
        keepers = list(session.scalars(sa.select(Staff).order_by(Staff.id).limit(2)))
        if session.scalar(sa.select(Campaign.id).where(Campaign.name == NAME)) or len(keepers) < 2:
            return
        campaign = _campaign(session, runtime, now)
        for name, screen, n_people in POSTERS:
            poster = making.poster(session, campaign, PLACE, name, keys=runtime.keys, now=now)
            _answers(session, runtime, campaign, poster, screen, n_people)
        carers = session.scalar(sa.select(Campaign.id).where(Campaign.name == BY_POST))
        making.letters(session, carers or campaign.id, keys=runtime.keys, now=now)
        making.key_twice(session, campaign.id, on=True)
        forms = making.sheets(session, campaign, PLACE, N_FORMS, keys=runtime.keys, now=now)
        for form, ticked in zip(forms, KEYED, strict=False):
            _key(session, runtime, form, ticked, keepers)
        _key(session, runtime, forms[3], KEYED[0], keepers, misread=True)
        _key(session, runtime, forms[4], KEYED[1], keepers[:1])


def to_open(runtime: Runtime) -> list[str]:
    """Say what can be opened with a code."""
    base, keys = runtime.settings.public_base_url, runtime.keys
    with runtime.database.reading() as session:
        campaigns_by_post = sa.select(Campaign.id).where(Campaign.name.in_((NAME, BY_POST)))
        first = {
            kind: session.scalar(
                sa.select(Code)
                .where(Code.campaign_id.in_(campaigns_by_post), Code.kind == kind)
                .order_by(Code.id.desc())
            )
            for kind in CodeKind
        }
        shown = {kind: making.printed(keys, code) for kind, code in first.items() if code}
    if len(shown) < len(CodeKind):
        return []
    return [
        f"  a poster's survey       {base}/q/{shown[CodeKind.POSTER]}",
        f"  a shared screen         {base}/kiosk/{shown[CodeKind.POSTER]}",
        f"  a letter's code         {shown[CodeKind.LETTER]}   (type it at {base}/q)",
        f"  a paper form's number   {shown[CodeKind.SHEET]}   (key it in at {base}/workspace/paper)",
    ]


def _campaign(session: Session, runtime: Runtime, now: dt.datetime) -> Campaign:
    yesterday = london_day(now) - dt.timedelta(days=1)
    made = campaigns.create(
        session,
        NewCampaign(
            name=NAME,
            instrument_id=INSTRUMENT,
            instrument_version=1,
            audience=Audience.USER,
            localities=(PLACE,),
            channels=(ChannelChoice.LETTER,),
            starts_on=yesterday,
            ends_on=yesterday + dt.timedelta(weeks=8),
            rhythm=Rhythm.ONCE,
            weekly_sample=N_LETTERS,
            window_days=21,
            reminder_days=None,
            seed=1,
        ),
        now=now,
    )
    campaigns.start(session, made.id)
    session.refresh(made)
    instrument = runtime.library.get(INSTRUMENT, 1)
    opening = day_starts_at(yesterday) + dt.timedelta(hours=8)
    draw(session, made, yesterday, now=opening, keys=runtime.keys, instrument=instrument)
    return made


def _answers(
    session: Session, runtime: Runtime, campaign: Campaign, poster: Code, screen: Screen, n_people: int
) -> None:
    luck = random.Random(poster.name)  # noqa: S311 - a demonstration must be repeatable
    channel = Channel.KIOSK if screen is Screen.SHARED else Channel.WEB
    for number in range(n_people):
        at = runtime.clock() - dt.timedelta(minutes=3 * number + 5)
        opening = starts.Opening(poster, f"synthetic {number}", screen, "cy" if number % 5 == 4 else "en")
        token = starts.begin(session, opening, keys=runtime.keys, now=at, most=n_people)
        found = starts.find(session, runtime.keys, token)
        if found is None:
            continue
        origin = open_origin(
            found[0].nonce,
            campaign,
            PLACE,
            runtime.keys,
            language=found[0].language,
            expires_at=found[0].expires_at,
        )
        answer(
            session,
            replace(origin, synthetic=True),
            runtime.library,
            channel=channel,
            at=at + dt.timedelta(minutes=2),
            experience=Experience(lambda _: 0.6, luck),
        )


def _key(
    session: Session,
    runtime: Runtime,
    form: Code,
    ticked: tuple[int, ...],
    keepers: list[Staff],
    *,
    misread: bool = False,
) -> None:
    desk = Desk(runtime.library, runtime.keys)
    for reader, keeper in enumerate(keepers):
        sheet = find_sheet(session, desk, making.printed(runtime.keys, form))
        if sheet is None:
            return
        codes = [str(code) for code in ticked]
        if misread and reader:
            codes[0] = "0"
        keyed: dict[str, str | None] = {item.id: code for item, code in zip(sheet.asked, codes, strict=True)}
        invented = replace(sheet, origin=replace(sheet.origin, synthetic=True))
        key_in(session, invented, Keying(keeper.id, keyed, runtime.clock(), twice=True), desk)
