"""Money, exclusions, missed texts and the delivery page, through the doors people use."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from survey_app.app import create_app
from survey_app.ask.outreach import rounds
from survey_app.ask.outreach.invitations import Hooks
from survey_app.ask.outreach.samples import candidates
from survey_app.ask.outreach.tables import Campaign, CampaignState, Draw, Invitation, InvitationState, Rhythm
from survey_app.ask.outreach.texts import Texts
from survey_app.ask.population.consent import SuppressionReason, suppress
from survey_app.ask.population.participants import import_people
from survey_app.ask.population.phones import phone_index
from survey_app.ask.population.tables import ChannelChoice, Exclusion, Place
from survey_app.ask.sending import breakers, receipts
from survey_app.ask.sending.alarms import Operator
from survey_app.ask.sending.gateways.contract import NotSent, Received
from survey_app.ask.sending.tables import Medium, Message, MessageKind, MessageState
from survey_app.cli.doctor import deaf_senders
from survey_app.cli.people import people as people_commands
from survey_app.hear.conversations.tables import InboundMessage
from survey_app.hear.responses.tables import Answer
from survey_app.jobs.polling import AFTER_A_STOP, LATELY, InboundPoll
from tests.factories import make_campaign, make_invitation, make_participant
from tests.fakes import MONDAY_MORNING
from tests.integration.signed_in import csrf_in, enter, settle

# The queries of the dispatcher, of sampling and of rounds run on both engines elsewhere.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DAY = dt.timedelta(days=1)
TEXTS = Texts("{count} questions from {sender}: {link}", "Reminder: {link}")
HEADER = "reference,reason,from,until\n"


@pytest.fixture(autouse=True)
def staff(runtime):
    settle(runtime, "officer@example.org", "east-officer@example.org")


@pytest.fixture
def officer(app):
    return enter(app, "officer@example.org")[0]


@pytest.fixture
def asked(runtime):
    """Return a function that makes a campaign with invited people; it returns the ids of all three kinds."""

    def make(n=3, *, phone=None, place="riverside", invited_at=MONDAY_MORNING, **changed):
        with runtime.database.writing() as session:
            there = session.get_one(Place, place)
            campaign = make_campaign(
                session, places=[there], **{"weekly_sample": n, "reminder_days": 3} | changed
            )
            more = {"phone": phone} if phone else {}
            found = [
                make_participant(session, runtime.keys, place=there, channel=ChannelChoice.TEXT, **more)
                for _ in range(n)
            ]
            facts = {"campaign": campaign, "invited_at": invited_at}
            made = [
                make_invitation(session, runtime.keys, participant=person, **facts)[0] for person in found
            ]
            return campaign.id, [one.id for one in found], [one.id for one in made]

    return make


def minute(runtime):
    with runtime.database.writing() as session:
        return rounds.run(
            session,
            now=runtime.clock(),
            keys=runtime.keys,
            settings=runtime.settings,
            texts=TEXTS,
            library=runtime.library,
        )


def states(runtime):
    with runtime.database.reading() as session:
        return dict(session.execute(sa.select(Message.key, Message.state)).all())


def send(client, address, **data):
    return client.post(address, data={"csrf_token": csrf_in(client)} | data)


def reference_of(runtime, participant_id):
    with runtime.database.reading() as session:
        found = sa.text("SELECT reference FROM participant WHERE id = :id")
        return session.scalar(found, {"id": participant_id})


# ---- people who are left alone


def test_people_on_a_list_are_not_drawn_invited_or_reminded_and_what_waits_is_taken_back(
    runtime, asked, officer, clock
):
    campaign_id, people, invited = asked(3)
    minute(runtime)
    assert set(states(runtime).values()) == {MessageState.PENDING}
    alone = [reference_of(runtime, one) for one in people[:2]]
    rows = f"{alone[0]},bereavement,2026-11-01,\n{alone[1]},safeguarding,2026-11-01,2026-11-20\n"
    rows += "nobody-9,end_of_life,2026-11-01,\n"
    file = (io.BytesIO((HEADER + rows).encode()), "alone.csv")
    shown = send(officer, "/workspace/people/left-alone", people=file).text
    assert "2 people would be left alone from now" in shown
    assert "line 4" in shown
    assert set(states(runtime).values()) == {MessageState.PENDING}
    packed = re.search(r'name="file" value="([^"]+)"', shown)[1]
    page = send(officer, "/workspace/people/left-alone/take", file=packed).text
    assert "2 waiting texts were taken back" in page
    taken = f"{page}{officer.get('/workspace/people').text}"
    assert not any(word in taken for word in (*alone, "safeguarding,"))
    gone = {f"invite:{one}" for one in invited[:2]}
    assert {key for key, state in states(runtime).items() if state is MessageState.WITHDRAWN} == gone
    later = clock() + 28 * DAY
    with runtime.database.reading() as session:
        campaign = session.get_one(Campaign, campaign_id)
        hooks = Hooks(runtime.keys, runtime.settings, clock)
        assert [hooks.may_invite(session, one) for one in invited] == [False, False, True]
        session.execute(sa.update(Invitation).values(state=InvitationState.EXPIRED))
        assert {one.id for one in candidates(session, campaign, at=later)} == {people[1], people[2]}


def test_a_bad_list_of_people_changes_nothing_and_every_bad_line_is_named(runtime, asked, officer, tmp_path):
    _, people, _ = asked(1)
    known = reference_of(runtime, people[0])
    wrong = ("bereavement,2026-11-01,", "sad,yesterday,", "end_of_life,2026-11-02,2026-11-01")
    bad = HEADER + "".join(f"{known},{row}\n" for row in wrong)
    page = send(officer, "/workspace/people/left-alone", people=(io.BytesIO(bad.encode()), "bad.csv"))
    assert page.status_code == 422
    for words in (
        "Line 3: reason must be one of",
        "Line 3: from must be a day",
        "Line 4: until is before from",
    ):
        assert words in page.text
    path = tmp_path / "bad.csv"
    path.write_text(bad)
    ran = CliRunner().invoke(people_commands, ["exclude", str(path)], obj=lambda: runtime)
    assert "nothing was imported, 3 faults" in ran.output
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Exclusion)) == 0
    path.write_text(f"{HEADER}{known},bereavement,2026-11-01,\n")
    for _ in range(2):
        ran = CliRunner().invoke(people_commands, ["exclude", str(path)], obj=lambda: runtime)
        assert "1 people are left alone from now" in ran.output
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Exclusion)) == 1


def test_only_an_officer_of_the_whole_system_may_say_who_is_left_alone(app, runtime):
    east = enter(app, "east-officer@example.org")[0]
    file = (io.BytesIO(HEADER.encode()), "alone.csv")
    assert send(east, "/workspace/people/left-alone", people=file).status_code == 403
    assert send(east, "/workspace/people/left-alone/take", file="").status_code == 403


# ---- the contact budget, and objections that outlive their person


def test_a_phone_that_was_asked_lately_gets_no_second_survey_however_it_came_to_wait(runtime, asked, clock):
    _, _, first = asked(1, phone="+447700900555")
    minute(runtime)
    with runtime.database.writing() as session:
        session.execute(sa.update(Message).values(state=MessageState.ACCEPTED, sent_at=clock()))
        session.execute(sa.update(Invitation).values(state=InvitationState.ANSWERED))
    clock.advance(days=10)
    _, _, second = asked(1, phone="+447700900555", invited_at=clock())
    hooks = Hooks(runtime.keys, runtime.settings, clock)
    with runtime.database.reading() as session:
        assert not hooks.may_invite(session, second[0])
        assert hooks.may_invite(session, first[0])
        clock.advance(days=18, minutes=1)
        assert hooks.may_invite(session, second[0])


def test_a_suppressed_number_stays_so_when_its_person_is_erased_and_listed_again(runtime, clock):
    phone = "+447700900777"
    with runtime.database.writing() as session:
        index = phone_index(runtime.keys, phone)
        suppress(session, phone_index=index, reason=SuppressionReason.ERASED, at=clock())
        clock.advance(days=800)
        header = "reference,audience,locality,practice,phone,channel,language,consent\n"
        report = import_people(
            session,
            f"{header}new-1,user,riverside,,{phone},text,en,given\n",
            keys=runtime.keys,
            now=clock(),
            breakdown=runtime.breakdown,
        )
        assert report.suppressed == (2,)
        place = session.get_one(Place, "riverside")
        campaign = make_campaign(session, places=[place])
        assert candidates(session, campaign, at=clock()) == []


# ---- money


def test_a_survey_that_would_break_its_budget_does_not_start_and_says_the_numbers(officer, runtime, asked):
    campaign_id, *_ = asked(40, state=CampaignState.DRAFT, budget_pence=100)
    with runtime.database.writing() as session:
        session.execute(sa.delete(Invitation))
    refused = send(officer, f"/workspace/campaigns/{campaign_id}/start")
    assert refused.status_code == 422
    assert re.search(
        r"This survey may cost £[\d.]+ for [\d,]+ people, and its budget is £1\.00", refused.text
    )
    with runtime.database.writing() as session:
        campaign = session.get_one(Campaign, campaign_id)
        assert campaign.state is CampaignState.DRAFT
        campaign.budget_pence = 1_000_000
    assert send(officer, f"/workspace/campaigns/{campaign_id}/start").status_code == 303


@pytest.mark.parametrize(
    "changed",
    [
        {"fallback": ["letter"], "fallback_days": 4, "channels": ["text"]},
        {"channels": ["letter"], "fallback": ["text"], "fallback_days": 4},
        {"channels": ["letter"], "rhythm": Rhythm.ONCE, "weekly_sample": None, "fallback": ["text"]},
    ],
    ids=["texts then letters", "letters", "everybody once"],
)
def test_what_letters_cost_keeps_a_survey_from_starting(officer, runtime, asked, changed):
    once = {"starts_on": MONDAY_MORNING.date(), "ends_on": MONDAY_MORNING.date()}
    campaign_id, *_ = asked(40, state=CampaignState.DRAFT, budget_pence=2_000, **once | changed)
    with runtime.database.writing() as session:
        session.execute(sa.delete(Invitation))
        session.execute(sa.delete(Draw))
    assert send(officer, f"/workspace/campaigns/{campaign_id}/start").status_code == 422
    page = officer.get(f"/workspace/campaigns/{campaign_id}/texts").text
    assert "letter costs 85p" in page
    assert "Reply 1 to start" in page  # by text, first or where nobody answers a letter


def test_a_list_too_short_for_a_full_sample_costs_something_too(officer, runtime, asked):
    campaign_id, *_ = asked(3, state=CampaignState.DRAFT, budget_pence=1, weekly_sample=40)
    with runtime.database.writing() as session:
        session.execute(sa.delete(Invitation))
    assert send(officer, f"/workspace/campaigns/{campaign_id}/start").status_code == 422


def test_a_survey_that_asked_everybody_once_has_nobody_left_to_pay_for(officer, asked):
    once = {"rhythm": Rhythm.ONCE, "weekly_sample": None, "state": CampaignState.PAUSED}
    campaign_id, *_ = asked(40, budget_pence=1, **once)
    assert "still to come" not in officer.get(f"/workspace/campaigns/{campaign_id}").text
    assert send(officer, f"/workspace/campaigns/{campaign_id}/start").status_code == 303


def test_a_running_survey_stops_asking_when_its_budget_is_used_up(runtime, asked, clock):
    asked(5, budget_pence=25)  # an invitation is counted as two parts, 8p, until it is measured
    with runtime.database.writing() as session:
        session.execute(sa.update(Invitation).values(invited_at=clock()))
    for _ in range(6):
        minute(runtime)
    assert len(states(runtime)) == 5  # one part each: 5 times 4p, and 3p more would break it
    asked(5, budget_pence=9)
    minute(runtime)
    assert len(states(runtime)) == 6


def test_texts_are_shown_with_their_size_cost_and_the_characters_to_blame(runtime, asked):
    campaign_id, people, _ = asked(2)
    with runtime.database.writing() as session:
        session.execute(sa.text("UPDATE participant SET language = 'cy' WHERE id = :id"), {"id": people[0]})
    curly = dict(runtime.wording.texts) | {"reminder": "It\N{RIGHT SINGLE QUOTATION MARK}s open: {link}"}
    changed = replace(runtime, wording=replace(runtime.wording, texts=curly))
    officer = enter(create_app(changed), "officer@example.org")[0]
    page = officer.get(f"/workspace/campaigns/{campaign_id}/texts").text
    assert "\N{RIGHT SINGLE QUOTATION MARK} makes this a 70-character text" in page
    assert "Welsh" in page
    assert runtime.library.get("pulse-user-6", 1).in_language("cy").items[0].sms in html.unescape(page)
    assert re.search(r"characters \(GSM-7\), 1 part, 4p", page)


# ---- texts missed while nobody listened


class Provider:
    def __init__(self):
        self.texts, self.asked, self.away = [], [], False

    def received(self, *, since):
        self.asked.append(since)
        if self.away:
            raise NotSent("away")
        return [text for text in self.texts if text.sent_at >= since]


def test_a_text_missed_while_we_were_down_takes_its_turn_once(runtime, asked, clock):
    asked(1, phone="+447700900123")
    clock.advance(hours=2)
    said = [("1", 60), ("STOP texting me", 30)]
    provider = Provider()
    provider.texts = [
        Received(f"SM{n:032}", "+447700900123", "+447700900000", body, clock() - dt.timedelta(minutes=ago))
        for n, (body, ago) in enumerate(said)
    ]
    provider.texts.append(Received("SM" + "9" * 32, "Bank", "+447700900000", "Win", clock()))
    poll = InboundPoll(runtime, {Medium.TEXT: provider})
    provider.away = True
    assert poll.run() == 0
    provider.away = False
    assert [poll.run(), poll.run()] == [2, 0]
    assert [clock() - since for since in provider.asked] == [AFTER_A_STOP, AFTER_A_STOP, LATELY]
    with runtime.database.reading() as session:
        found = session.scalars(sa.select(InboundMessage).order_by(InboundMessage.id)).all()
        assert [one.intent for one in found] == ["answer", "optout"]
        kinds = session.scalars(sa.select(Message.kind).order_by(Message.id)).all()
        assert MessageKind.STOP_DONE in kinds


def test_a_text_that_is_fetched_late_is_no_answer_to_a_question_asked_after_it(runtime, asked, clock):
    asked(1, phone="+447700900123")
    provider = Provider()
    poll = InboundPoll(runtime, {Medium.TEXT: provider})

    def fetch(number, body, at):
        provider.texts.append(Received(f"SM{number:032}", "+447700900123", "+447700900000", body, at))
        poll.run()
        with runtime.database.writing() as session:
            session.execute(sa.update(Message).values(state=MessageState.ACCEPTED))

    clock.advance(minutes=10)
    fetch(1, "1", clock())
    fetch(2, "4", clock() - dt.timedelta(minutes=5))
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 0


def test_a_sender_that_cannot_receive_replies_is_named(runtime):
    assert list(deaf_senders(runtime)) == []
    deaf = replace(runtime, settings=replace(runtime.settings, twilio_number="Local Care"))
    assert "'Local Care'" in next(deaf_senders(deaf))


# ---- the page


def test_the_delivery_page_says_what_is_wrong_and_what_to_do(runtime, asked, officer, clock):
    campaign_id, _, _ = asked(30)
    minute(runtime)
    with runtime.database.writing() as session:
        for number, key in enumerate(session.scalars(sa.select(Message.key).order_by(Message.id)).all()):
            values = {"state": MessageState.ACCEPTED, "provider_id": f"SM{number}", "sent_at": clock()}
            session.execute(sa.update(Message).where(Message.key == key).values(**values, cost=400))
            code = "30005" if number < 2 else "21610" if number < 5 else ""
            said = receipts.Said(f"SM{number}", "undelivered" if code else "delivered", code)
            receipts.record(session, said, now=clock())
    page = officer.get(f"/workspace/campaigns/{campaign_id}/delivery").text
    assert "5 of 30 messages did not arrive" in page
    assert "The number is not in use any more" in page
    assert "check these people&#39;s numbers" in page.replace("'", "&#39;")
    assert "£1.20" in page
    assert ">under 10<" in page  # who told the provider to stop is not counted to the person
    assert "too few to tell" in page
    with runtime.database.writing() as session:
        operator = Operator("operator@example.org", runtime.keys)
        breakers.failed(session, Medium.TEXT, "20003", now=clock(), operator=operator, hold=True)
    page = officer.get("/workspace/delivery").text
    assert "Text messages are held: the account name or password is wrong or was revoked" in page
    assert "The next one tries at 09:15" in page
