"""One phone and our number, for conversations without a provider or a door."""

from __future__ import annotations

import datetime as dt
import itertools

import sqlalchemy as sa

from survey_app.ask.outreach.tables import Campaign
from survey_app.ask.population.tables import ChannelChoice
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.tables import Conversation
from survey_app.hear.conversations.turns import Conversing, take_turn
from survey_app.hear.conversations.waking import wake
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.origins import origin_of
from survey_app.hear.responses.submission import Submission
from survey_app.hear.responses.tables import Answer, Channel
from tests import factories

PHONE = "+447700900123"
UNASKED = (MessageKind.INVITE, MessageKind.REMINDER)


class Line:
    """One phone and our number, with a provider that takes what is due whenever it is let."""

    def __init__(self, session, runtime):
        self.session, self.runtime, self.clock = session, runtime, runtime.clock
        self.needs = Conversing(runtime.library, runtime.keys, runtime.wording, runtime.settings)
        self.numbers = itertools.count(1)
        place = factories.make_place(session)
        self.campaign = factories.make_campaign(session, places=[place])
        self.place = place

    def invite(self, **more):
        person = factories.make_participant(
            self.session, self.runtime.keys, place=self.place, phone=PHONE, channel=ChannelChoice.TEXT
        )
        invitation, _ = factories.make_invitation(
            self.session, self.runtime.keys, campaign=self.campaign, participant=person, **more
        )
        return invitation

    def say(self, body, *, after=10.0, dispatch=True, **more):
        """Text us some seconds after everything that waited was taken; return what we say to it."""
        if dispatch:
            self.dispatch()
            self.clock.advance(seconds=after)
        n_before = self.n_messages()
        ours = self.runtime.settings.twilio_number
        inbound = Inbound(f"SM{next(self.numbers):032}", PHONE, ours, body, self.clock(), **more)
        self.intent = take_turn(self.session, inbound, self.needs)
        self.session.expire_all()
        return [row.body for row in self.messages()[n_before:] if row.medium is not Medium.EMAIL]

    def dispatch(self):
        for row in self.messages():
            if row.state is MessageState.PENDING and row.not_before <= self.clock():
                row.state, row.sent_at, row.provider_id = MessageState.ACCEPTED, self.clock(), f"OUT{row.id}"
        self.session.flush()

    def wait(self, **length):
        """Let time go by, with the clock process awake every hour of it."""
        self.dispatch()
        until = self.clock() + dt.timedelta(**length)
        while self.clock() < until:
            self.clock.set(min(until, self.clock() + dt.timedelta(hours=1)))
            wake(self.session, self.needs, self.clock())
            self.dispatch()
        self.session.expire_all()

    def tap_on_the_web(self, invitation, **answers):
        origin = origin_of(invitation, self.session.get(Campaign, invitation.campaign_id), self.runtime.keys)
        self.clock.advance(minutes=1)
        given = {f"ex.{item}": code for item, code in answers.items()}
        key = f"web{next(self.numbers)}"
        accept(self.session, Submission(Channel.WEB, key, origin, given, self.clock()), self.runtime.library)
        self.session.expire_all()

    def messages(self):
        return self.session.scalars(sa.select(Message).order_by(Message.id)).all()

    def n_messages(self):
        return len(self.messages())

    def unasked(self):
        return [row for row in self.messages() if row.kind in UNASKED]

    def answers(self):
        query = sa.select(Answer.item_id, Answer.code).order_by(Answer.answered_at, Answer.item_id)
        return {item.removeprefix("ex."): code for item, code in self.session.execute(query)}

    def states(self):
        return self.session.scalars(sa.select(Conversation.state).order_by(Conversation.id)).all()
