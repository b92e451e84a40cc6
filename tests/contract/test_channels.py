"""Every channel keeps one contract: same answers, same rows; a repeat changes nothing; a stop is kept."""

from __future__ import annotations

import random
import re

import pytest
import sqlalchemy as sa

from survey_app.accounts.tables import Staff
from survey_app.ask.outreach.codes import making
from survey_app.ask.outreach.invitations import Hooks
from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.ask.population.consent import may_ask
from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.tables import Medium, Message
from survey_app.hear.channels import kiosk, paper, sms, synthetic, web, whatsapp
from survey_app.hear.channels.paper.keying import Desk, Keying, find_sheet, key_in
from survey_app.hear.channels.synthetic import people
from survey_app.hear.channels.voice import routes as voice
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.turns import Conversing, take_turn
from survey_app.hear.responses.origins import origin_of
from survey_app.hear.responses.tables import Answer, AnswerHistory, Channel, Response, ResponseState
from tests import factories
from tests.attacks.ground import send_in

INSTRUMENT = "pulse-user-6"
PHONE = "+447700900123"


class WebPerson:
    """Fills in one page after the other, and sends each form twice."""

    def __init__(self, runtime, client, **known):
        self.runtime, self.client, self.token = runtime, client, known["token"]

    def answer(self, codes):
        for number, code in enumerate(codes, start=1):
            page = self.client.get(f"/s/{self.token}/{number}")
            seal = re.search(r'name="seal" value="([^"]+)"', page.text)[1]
            self.runtime.clock.advance(seconds=5)
            for _ in range(2):
                reply = self.client.post(
                    f"/s/{self.token}/{number}", data={"seal": seal, "answer": str(code)}
                )
                assert reply.status_code == 303

    def stop(self):
        page = self.client.get(f"/stop/{self.token}")
        form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        assert self.client.post(f"/stop/{self.token}", data=form).status_code in {200, 303}


class Letterbox:
    """A gateway that takes every letter."""

    def send(self, letter):
        return f"SM{letter.callback_token}"


class TextPerson:
    """Texts one reply after the other, and every text arrives twice."""

    medium, channel = Medium.TEXT, Channel.SMS

    def __init__(self, runtime, _client, **_known):
        self.runtime = runtime
        hooks = Hooks(keys=runtime.keys, settings=runtime.settings, clock=runtime.clock)
        carrier = Carrier({self.medium: Letterbox()}, runtime.keys, hooks)
        self.dispatcher = Dispatcher(runtime.database, carrier, runtime.clock)
        self.conversing = Conversing(runtime.library, runtime.keys, runtime.wording, runtime.settings)
        self.number = 0

    def answer(self, codes):
        self.say("1")
        for code in codes:
            self.say(str(code))

    def stop(self):
        self.say("please stop texting me")

    def said(self, body):
        return {"body": body}

    def say(self, body):
        self.number += 1
        self.runtime.clock.advance(seconds=30)
        said = self.said(body)
        for _ in range(2):
            inbound = Inbound(
                provider_id=f"SM{self.number:032}",
                sender=PHONE,
                our_address=self.runtime.settings.twilio_number,
                received_at=self.runtime.clock(),
                channel=self.channel,
                **said,
            )
            with self.runtime.database.writing() as session:
                take_turn(session, inbound, self.conversing)
        self.dispatcher.run_once()


class WhatsAppPerson(TextPerson):
    """Taps buttons where there are some, and every tap arrives twice."""

    medium, channel = Medium.WHATSAPP, Channel.WHATSAPP

    def said(self, body):
        with self.runtime.database.reading() as session:
            newest = session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).first()
        titles = {str(code): title for code, title in (newest and newest.buttons) or ()}
        if body not in titles:
            return {"body": body}
        return {"body": titles[body], "button_payload": f"a:{newest.callback_token}:{body}"}


class PhonePerson:
    """Rings us and presses one key after the other, and every request arrives twice."""

    def __init__(self, runtime, client, **_known):
        self.runtime, self.client = runtime, client

    def answer(self, codes):
        for key in ("1", *map(str, codes)):
            self.press(key)

    def stop(self):
        self.press("9")

    def press(self, key):
        if not hasattr(self, "heard"):
            self.heard = self.post(voice.PREFIX, {})
        self.runtime.clock.advance(seconds=10)
        action = re.search(r'action="http://localhost([^"]+)"', self.heard)[1].replace("&amp;", "&")
        self.heard = self.post(action, {"Digits": key})

    def post(self, path, more):
        settings = self.runtime.settings
        form = {
            "CallSid": "CA" + "1" * 32,
            "AccountSid": settings.twilio_account_sid,
            "From": PHONE,
            "To": settings.twilio_number,
            "Direction": "inbound",
        }
        first, again = (send_in(self.client, settings, path, form | more) for _ in range(2))
        assert first.data == again.data
        return first.text


class SyntheticPerson:
    """Answers everything at once, twice; its luck is set so that it gives the best answer to each item."""

    def __init__(self, runtime, _client, **known):
        self.runtime, self.invitation_id = runtime, known["invitation_id"]

    def answer(self, _codes):
        certain = random.Random()
        certain.random = lambda: 0.5
        self.runtime.clock.advance(minutes=2)
        for _ in range(2):
            with self.runtime.database.writing() as session:
                invitation = session.get_one(Invitation, self.invitation_id)
                campaign = session.get_one(Campaign, invitation.campaign_id)
                origin = origin_of(invitation, campaign, self.runtime.keys, synthetic=True)
                people.answer(
                    session,
                    origin,
                    self.runtime.library,
                    channel=Channel.WEB,
                    at=self.runtime.clock(),
                    experience=people.Experience(lambda _: 1.0, certain),
                )


class PaperPerson:
    """Ticks the boxes of the form that came with a letter; the desk keys it, and keys it again."""

    def __init__(self, runtime, _client, **known):
        self.runtime = runtime
        self.desk = Desk(runtime.library, runtime.keys)
        with runtime.database.writing() as session:
            keeper = Staff(email="a@example.org", name="A", password_hash="-", created_at=runtime.clock())
            session.add(keeper)
            invitation = session.get_one(Invitation, known["invitation_id"])
            code = making.letter(session, invitation, keys=runtime.keys, now=runtime.clock())
            self.number = making.printed(runtime.keys, code)
            session.flush()
            self.keeper_id = keeper.id

    def answer(self, codes):
        items = [item.id for item in self.runtime.library.get(INSTRUMENT, 1).items]
        ticked = {item_id: str(code) for item_id, code in zip(items, codes, strict=True)}
        for _ in range(2):
            with self.runtime.database.writing() as session:
                sheet = find_sheet(session, self.desk, self.number)
                key_in(session, sheet, Keying(self.keeper_id, ticked, self.runtime.clock()), self.desk)


class KioskPerson:
    """Touches one answer after the other on a shared screen, and each button twice; nobody invited them."""

    is_invited = False

    def __init__(self, runtime, client, **known):
        self.runtime, self.client = runtime, client
        with runtime.database.writing() as session:
            invitation = session.get_one(Invitation, known["invitation_id"])
            campaign = session.get_one(Campaign, invitation.campaign_id)
            place_id, now = invitation.place_id, runtime.clock()
            code = making.poster(session, campaign, place_id, "Hall", keys=runtime.keys, now=now)
            self.home = f"/kiosk/{making.printed(runtime.keys, code)}"

    def answer(self, codes):
        address = self.touch(self.home)
        for code in codes:
            address = self.touch(address, answer=str(code))
        assert address == f"{self.home}/done?lang=en"

    def touch(self, address, **answer):
        seal = re.search(r'name="seal" value="([^"]+)"', self.client.get(address).text)[1]
        self.runtime.clock.advance(seconds=5)
        first, _ = (self.client.post(address, data={"seal": seal} | answer) for _ in range(2))
        return first.headers["Location"]


PEOPLE = {
    web.__name__: WebPerson,
    sms.__name__: TextPerson,
    whatsapp.__name__: WhatsAppPerson,
    voice.__package__: PhonePerson,
    synthetic.__name__: SyntheticPerson,
    paper.__name__: PaperPerson,
    kiosk.__name__: KioskPerson,
}


@pytest.fixture(params=sorted(PEOPLE), ids=lambda name: name.rpartition(".")[2])
def person(request, runtime, client):
    with runtime.database.writing() as session:
        place = factories.make_place(session)
        asked = factories.make_participant(session, runtime.keys, place=place, phone=PHONE)
        campaign = factories.make_campaign(session, places=[place], instrument_id=INSTRUMENT)
        invitation, token = factories.make_invitation(
            session, runtime.keys, campaign=campaign, participant=asked, channel="text"
        )
        known = {"invitation_id": invitation.id, "token": token}
        participant_id = asked.id
    person = PEOPLE[request.param](runtime, client, **known)
    person.invitation_id, person.participant_id = known["invitation_id"], participant_id
    return person


def best_codes(runtime):
    items = runtime.library.get(INSTRUMENT, 1).items
    return {item.id: max(item.scored, key=lambda option: item.score(option.code)).code for item in items}


def test_every_channel_has_a_person_here():
    from pathlib import Path

    folder = Path(web.__file__).parent.parent
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert packages == {name.rpartition(".")[2] for name in PEOPLE}


def test_the_same_answers_give_the_same_rows_and_repeats_change_nothing(runtime, person):
    codes = best_codes(runtime)
    person.answer(codes.values())
    with runtime.database.reading() as session:
        (response,) = session.scalars(sa.select(Response)).all()
        stored = {row.item_id: row.code for row in session.scalars(sa.select(Answer))}
        n_history = session.scalar(sa.select(sa.func.count()).select_from(AnswerHistory))
        invitation = session.get_one(Invitation, person.invitation_id)
    assert response.state is ResponseState.FINISHED
    assert stored == codes
    assert n_history == len(codes)
    was_invited = getattr(person, "is_invited", True)
    assert (invitation.state is InvitationState.ANSWERED) is was_invited
    assert response.origin.startswith("invitation:") is was_invited


def test_who_stops_is_left_alone(runtime, person):
    if not hasattr(person, "stop"):
        return  # invented people and those at a shared screen are never contacted; a form is no way to stop
    person.stop()
    with runtime.database.reading() as session:
        assert not may_ask(session, person.participant_id)
        assert session.get_one(Invitation, person.invitation_id).state is not InvitationState.OPEN
