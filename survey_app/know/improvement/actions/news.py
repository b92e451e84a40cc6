"""Telling people by text what was done: who agreed, who has had such a text lately, and queueing it once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.eligibility import wants_news
from survey_app.ask.population.participants import phone_of
from survey_app.ask.population.places import localities_under
from survey_app.ask.population.tables import Participant
from survey_app.ask.sending.outbox import Outgoing, queue
from survey_app.ask.sending.tables import Medium, Message, MessageKind
from survey_app.clock import london_day
from survey_app.crypto import Keys, WrongKey
from survey_app.hear.reading.wording import Wording
from survey_app.know.disclosure.groups import groups_on
from survey_app.know.improvement.actions.notices import NotNow, family_of, hold
from survey_app.know.improvement.actions.plain import Frame
from survey_app.know.improvement.actions.tables import Notice, NoticeState
from survey_app.settings import Settings

LEAST_PEOPLE = 10
"""Fewer are not told by text: that one got it would say that one answered. The gate's own number."""
REST = dt.timedelta(days=28)
"""Nobody is told about actions more than once in four weeks."""
USEFUL = dt.timedelta(days=7)
"""A text that could not leave for a week is not sent any more."""
AT_MOST = 500
"""Texts queued a notice a round, as for invitations."""
BANDS = ((10, "fewer than 10"), (20, "10 to 19"), (50, "20 to 49"), (100, "50 to 99"), (500, "100 to 499"))

log = logging.getLogger(__name__)


class TooFew(NotNow):
    """Fewer people than a text needs can be told now."""


@dataclass(frozen=True, slots=True)
class Teller:
    """What turning a notice into texts needs: `address` of the public page, `own_phone` of our help line."""

    now: dt.datetime
    keys: Keys
    frame: Frame
    address: str
    own_phone: str

    def body(self, notice: Notice) -> str:
        """Return the text as it is sent."""
        return self.frame.text(notice.text, f"{self.address}/{notice.id}")


def teller_of(settings: Settings, wording: Wording, keys: Keys, now: dt.datetime) -> Teller:
    """Return what texts are made with."""
    say, sender = wording.text, settings.sender_name
    frame = Frame(say("you_said", sender=sender), say("you_said_link", sender=sender))
    return Teller(now, keys, frame, f"{settings.public_base_url}/you-said", settings.help_phone)


def band_words(n_people: int) -> str:
    """Say a number of people in bands: an exact one would tell who has just agreed.

    Examples
    --------
    >>> band_words(9), band_words(10), band_words(4_000)
    ('fewer than 10', '10 to 19', '500 or more')
    """
    return next((words for below, words in BANDS if n_people < below), "500 or more")


def n_reachable(session: Session, notice: Notice, now: dt.datetime) -> int:
    """Return how many phones a notice would be sent to now."""
    query = sa.select(sa.func.count(sa.distinct(Participant.phone_index)))
    return session.scalar(query.where(_reachable(session, notice, now))) or 0


def start_texting(session: Session, notice: Notice, now: dt.datetime) -> None:
    """Let a published notice go out by text; with fewer than ten people to tell, raise TooFew."""
    hold(session, notice)
    if notice.state is not NoticeState.PUBLISHED or notice.texting_since is not None:
        raise NotNow("Only what is published can be sent, and only once")
    if n_reachable(session, notice, now) < LEAST_PEOPLE:
        raise TooFew(
            f"Fewer than {LEAST_PEOPLE} people can be told by text now: the public page tells everybody"
        )
    notice.texting_since = now
    session.flush()


def tell(session: Session, teller: Teller) -> int:
    """Queue the texts of every notice that a lead let go; twice queues nothing twice."""
    # Locked, so that whoever takes a notice down waits and then finds all its texts.
    going = session.scalars(sa.select(Notice).where(_is_going()).order_by(Notice.id).with_for_update())
    return sum(_tell_one(session, teller, one) for one in going.all())


def is_waiting(session: Session) -> bool:
    """Tell whether some notice has texts to queue, without taking a lock."""
    return session.scalar(sa.select(Notice.id).where(_is_going()).limit(1)) is not None


def _is_going() -> sa.ColumnElement[bool]:
    return sa.and_(
        Notice.state == NoticeState.PUBLISHED, Notice.texting_since.is_not(None), Notice.texted_at.is_(None)
    )


def _tell_one(session: Session, teller: Teller, notice: Notice) -> int:
    chosen = _reachable(session, notice, teller.now)
    people = session.scalars(
        sa.select(Participant).where(chosen).order_by(Participant.id).limit(AT_MOST)
    ).all()
    phones = _opened(teller.keys, people)
    n_unread = len({person.phone_index for person in people}) - len(phones)
    n_people = n_reachable(session, notice, teller.now) - n_unread
    if n_people < LEAST_PEOPLE and not _has_begun(session, notice):
        # Some were told by another notice, or stopped, since the lead let it go: the page offers it again.
        notice.texting_since = None
        session.flush()
        return 0
    n_queued = sum(_queue(session, teller, notice, index, phones[index]) for index in phones)
    if len(people) < AT_MOST or not n_queued:
        notice.texted_at = teller.now
        session.flush()
    return n_queued


def _has_begun(session: Session, notice: Notice) -> bool:
    mine = Message.key.startswith(family_of(notice.id), autoescape=True)
    return session.scalar(sa.select(Message.id).where(mine).limit(1)) is not None


def _opened(keys: Keys, people: Iterable[Participant]) -> dict[bytes, str]:
    """Return each phone once, by its index; one sealed with another key keeps nobody else waiting."""
    phones: dict[bytes, str] = {}
    for person in people:
        try:
            phone = phone_of(keys, person)
        except WrongKey:
            log.error("the phone of participant %s cannot be opened with the contact key in use", person.id)  # noqa: TRY400 - no contact details in tracebacks
            continue
        if phone is not None and person.phone_index is not None:
            phones.setdefault(person.phone_index, phone)
    return phones


def _queue(session: Session, teller: Teller, notice: Notice, index: bytes, phone: str) -> bool:
    outgoing = Outgoing(
        # By phone, not by person: who shares a phone gets it once, and the outbox names nobody.
        key=f"{family_of(notice.id)}{index.hex()[:32]}",
        kind=MessageKind.NEWS,
        medium=Medium.TEXT,
        address=phone,
        body=teller.body(notice),
        not_before=teller.now,
        not_after=teller.now + USEFUL,
    )
    return queue(session, outgoing, keys=teller.keys, now=teller.now)


def _reachable(session: Session, notice: Notice, now: dt.datetime) -> sa.ColumnElement[bool]:
    mine = Message.address_index == Participant.phone_index
    this = sa.exists().where(mine, Message.key.startswith(family_of(notice.id), autoescape=True))
    lately = sa.exists().where(mine, Message.kind == MessageKind.NEWS, Message.created_at > now - REST)
    return sa.and_(
        wants_news(),
        Participant.locality_id.in_(_localities(session, notice.place_id, london_day(now))),
        ~this,
        ~lately,
    )


def _localities(session: Session, place_id: str, day: dt.date) -> list[str]:
    group = next((one for one in groups_on(session, day) if one.id == place_id), None)
    return list(group.places) if group else [place.id for place in localities_under(session, place_id)]
