"""One survey for any person: how its pages look, who helps, a call from the service, a kept answer."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Appearance, Helped, Invitation
from survey_app.ask.population.tables import Place
from survey_app.ask.sending.tables import Message, MessageState
from survey_app.hear.erasure.finding import By
from survey_app.hear.responses.tables import Answer, Response
from survey_app.hear.safeguarding.callbacks import number_of
from survey_app.hear.safeguarding.tables import CallBack, CallOutcome, CallTime
from survey_app.jobs.erasing import erase_found
from tests.attacks.ground import ON_SQLITE, PHONE, all_of, everything, seal_of
from tests.factories import make_campaign, make_invitation, make_participant
from tests.fake_twilio import exchange
from tests.integration.signed_in import csrf_in, enter, settle

pytestmark = ON_SQLITE


@pytest.fixture
def token(runtime):
    settle(runtime, "east@example.org", "officer@example.org", "east-officer@example.org")
    with runtime.database.writing() as session:
        place = session.get_one(Place, "riverside")
        person = make_participant(session, runtime.keys, place=place, phone=PHONE)
        campaign = make_campaign(session, places=[place])
        return make_invitation(session, runtime.keys, campaign=campaign, participant=person)[1]


@pytest.fixture
def choose(client):
    def choose(token, step, **fields):
        seal = seal_of(client.get(f"/s/{token}"))
        return client.post(f"/s/{token}/{step}", data={"seal": seal} | fields)

    return choose


def test_easy_read_shows_easy_wording_and_a_picture_and_stores_the_same_codes(
    client, runtime, token, choose, clock
):
    assert choose(token, "look", appearance="easy").location == f"/s/{token}"
    start = client.get(f"/s/{token}").text
    assert 'class="look-easy"' in start
    assert "You can choose to answer or not." in start
    page = client.get(f"/s/{token}/4")
    assert "I moved from one service to another." in page.text
    assert "I did not move" in page.text
    assert re.search(r'<img class="picture" src="/static/pictures/referral\.svg\?v=\w+" alt=""', page.text)
    clock.advance(seconds=5)
    client.post(f"/s/{token}/4", data={"seal": seal_of(page), "answer": "3"})
    assert [(one.item_id, one.code) for one in all_of(runtime.database, Answer)] == [("ex.moves", 3)]
    choose(token, "look", appearance="standard")
    assert "When I moved between services" in client.get(f"/s/{token}/4").text


def test_what_is_no_way_to_look_or_not_our_form_changes_nothing(client, runtime, token, choose):
    before = everything(runtime.database)
    assert client.post(f"/s/{token}/look", data={"appearance": "easy"}).location == f"/s/{token}"
    assert (
        client.post(f"/s/{token}/start", data={"helped": "myself", "seal": "x"}).location == f"/s/{token}/1"
    )
    assert choose(token, "look", appearance="<script>").location == f"/s/{token}"
    assert choose(token, "start", helped="the cat").location == f"/s/{token}/1"
    assert everything(runtime.database) == before


def test_who_helps_may_be_left_out_is_carried_by_every_answer_and_the_last_word_stands(
    client, runtime, token, choose, clock
):
    def answer(number):
        page = client.get(f"/s/{token}/{number}")
        clock.advance(seconds=5)
        client.post(f"/s/{token}/{number}", data={"seal": seal_of(page), "answer": "1"})
        (response,) = all_of(runtime.database, Response)
        return response.helped

    assert choose(token, "start").location == f"/s/{token}/1"
    assert answer(1) is None
    assert choose(token, "start", helped="myself").location == f"/s/{token}/2"  # the same link goes on
    assert answer(2) is Helped.MYSELF
    assert "Carry on" in client.get(f"/s/{token}").text
    choose(token, "start", helped="on_behalf")
    assert answer(3) is Helped.ON_BEHALF
    (invitation,) = all_of(runtime.database, Invitation)
    assert invitation.appearance is None


def test_large_text_and_high_contrast_stay_to_the_last_page(client, runtime, token, choose, clock):
    choose(token, "look", appearance="contrast")
    assert all_of(runtime.database, Invitation)[0].appearance is Appearance.CONTRAST
    for number in range(1, 7):
        page = client.get(f"/s/{token}/{number}")
        assert 'class="look-contrast"' in page.text
        clock.advance(seconds=5)
        client.post(f"/s/{token}/{number}", data={"seal": seal_of(page), "skipped": "yes"})
    for address in (f"/s/{token}", f"/s/{token}/done", f"/stop/{token}", f"/s/{token}/call"):
        page = client.get(address).text
        assert 'class="look-contrast"' in page
        assert "Ask someone to call me" in page
    before = everything(runtime.database)
    choose_again = client.post(f"/s/{token}/look", data={"appearance": "easy"})
    assert choose_again.status_code == 303
    assert everything(runtime.database) == before


def test_the_script_that_keeps_an_answer_is_told_where_to_go_on(client, token, clock):
    form = {"seal": seal_of(client.get(f"/s/{token}/1")), "answer": "3"}
    clock.advance(seconds=5)
    told = client.post(f"/s/{token}/1", data=form, headers={"Accept": "text/plain"})
    assert (told.status_code, told.mimetype, told.text) == (200, "text/plain", f"/s/{token}/2")
    assert client.post(f"/s/{token}/1", data=form).location == f"/s/{token}/2"
    faulty = client.post(f"/s/{token}/1", data=form | {"answer": ""}, headers={"Accept": "text/plain"})
    assert faulty.mimetype == "text/html"


def test_asking_for_a_call_needs_a_tick_of_its_own_and_shows_three_digits(client, runtime, token):
    page = client.get(f"/s/{token}/call")
    assert "The number ending 123" in page.text
    assert PHONE[-5:] not in page.text
    form = {"seal": seal_of(page), "which": "ours", "when": "morning"}
    refused = client.post(f"/s/{token}/call", data=form)
    assert refused.status_code == 400
    assert "Tick the box" in refused.text
    assert client.post(f"/s/{token}/call", data=form | {"consent": "yes", "seal": "x"}).status_code == 400
    bad = form | {"consent": "yes", "which": "other", "number": "<b>"}
    assert "Enter a UK telephone number" in client.post(f"/s/{token}/call", data=bad).text
    assert all_of(runtime.database, CallBack) == []
    other = form | {"consent": "yes", "which": "other", "number": "020 7946 0123"}
    for _ in range(2):
        assert client.post(f"/s/{token}/call", data=other).location == f"/s/{token}/call"
    (call,) = all_of(runtime.database, CallBack)
    assert number_of(call, runtime.keys) == "+442079460123"
    assert (call.place_id, call.wanted_when, call.consent) == ("riverside", CallTime.MORNING, "web-1")
    assert "We have passed this on" in client.get(f"/s/{token}/call").text
    assert erase_found(runtime, By.PHONE, "020 7946 0123") == 0
    assert all_of(runtime.database, CallBack) == []


def test_the_officers_of_the_place_see_the_number_until_it_is_done(app, client, runtime, token):
    form = {"seal": seal_of(client.get(f"/s/{token}/call")), "which": "ours", "consent": "yes"}
    client.post(f"/s/{token}/call", data=form)
    lead, _ = enter(app, "east@example.org")
    assert lead.get("/workspace/call-backs").status_code == 403
    officer, _ = enter(app, "east-officer@example.org")
    page = officer.get("/workspace/call-backs").text
    assert PHONE in page
    assert "Language of their survey: English" in page
    assert "Asked today" in page
    (call,) = all_of(runtime.database, CallBack)
    said = {"csrf_token": csrf_in(officer), "outcome": "nonsense"}
    assert officer.post(f"/workspace/call-backs/{call.id}", data=said).status_code == 400
    unsaid = officer.post(f"/workspace/call-backs/{call.id}", data=said | {"outcome": ""})
    assert unsaid.status_code == 422
    assert f'href="#outcome-{call.id}"' in unsaid.text
    assert (
        officer.post(f"/workspace/call-backs/{call.id}", data=said | {"outcome": "spoke"}).status_code == 303
    )
    (call,) = all_of(runtime.database, CallBack)
    assert (call.outcome, call.done_by) == (CallOutcome.SPOKE, "east-officer@example.org")
    assert PHONE not in officer.get("/workspace/call-backs").text


def test_officers_of_another_place_neither_see_nor_close_it(app, client, runtime, token):
    with runtime.database.writing() as session:
        session.execute(sa.update(Invitation).values(place_id="hilltop"))
    form = {"seal": seal_of(client.get(f"/s/{token}/call")), "which": "ours", "consent": "yes"}
    client.post(f"/s/{token}/call", data=form)
    officer, _ = enter(app, "east-officer@example.org")
    assert PHONE not in officer.get("/workspace/call-backs").text
    (call,) = all_of(runtime.database, CallBack)
    said = {"csrf_token": csrf_in(officer), "outcome": "spoke"}
    assert officer.post(f"/workspace/call-backs/{call.id}", data=said).status_code == 404


def test_by_text_the_wish_is_explained_and_call_me_passes_the_number_on(runtime, token):
    with runtime.database.writing() as session:
        session.execute(sa.update(Invitation).values(channel="text"))
    with exchange(runtime) as connected:
        connected.text(PHONE, "can someone ring me please")
        assert all_of(runtime.database, CallBack) == []
        assert "Reply CALL ME" in _last(runtime)
        connected.text(PHONE, "Call me.")
        assert "We have passed on your number" in _last(runtime)
        connected.text(PHONE, "CALL ME")
    (call,) = all_of(runtime.database, CallBack)
    assert (number_of(call, runtime.keys), call.consent) == (PHONE, "text-1")
    assert all_of(runtime.database, Response) == []
    assert erase_found(runtime, By.PHONE, PHONE) == 1
    assert all_of(runtime.database, CallBack) == []


def _last(runtime):
    with runtime.database.reading() as session:
        said = sa.select(Message.body).where(Message.medium == "text", Message.state != MessageState.REJECTED)
        return session.scalars(said.order_by(Message.id.desc())).first()
