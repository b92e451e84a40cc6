"""The weekly e-mail: written from releases in scope, posted once by real SMTP, stopped by one click."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
import socket
from dataclasses import replace

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from survey_app.accounts import staff
from survey_app.accounts.tables import Staff
from survey_app.ask.population.tables import Place
from survey_app.ask.sending.gateways.contract import NotSent, Rejected, Unsure, Verdict
from survey_app.ask.sending.gateways.smtp import MailFolder
from survey_app.jobs.digests import post_digests
from survey_app.know.aggregation.tables import Counting
from survey_app.know.evidence.keeping import save
from survey_app.show.charts.store import save as keep_pictures
from survey_app.show.charts.store import undrawn
from survey_app.show.charts.tables import Rendering
from survey_app.show.digest import readers
from survey_app.show.digest.desk import Desk
from survey_app.show.digest.posting import GIVEN_UP_AFTER, Post
from survey_app.show.digest.tables import DigestPost, DigestReader, PostState
from tests.attacks.ground import ON_SQLITE
from tests.integration.signed_in import csrf_in, enter, settle
from tests.unit.show.charts.example import example
from tests.worlds import london

MONDAY = dt.date(2026, 11, 2)
LEAD, EAST = "lead@example.org", "east@example.org"
PNG = b"\x89PNG\r\n\x1a\n and a chart"


class Counter:
    """A gateway that keeps what it is given, or does what it is told."""

    def __init__(self):
        self.letters, self.fault = [], None

    def send(self, letter):
        if self.fault is not None:
            raise self.fault
        self.letters.append(letter)
        return "id"

    def find(self, _letter, **_):
        return None


@pytest.fixture
def week(runtime, clock):
    """Two changes in the west, one in the east; both readers asked for the letter; the night is over."""
    settle(runtime, LEAD, EAST)
    with runtime.database.writing() as session:
        east = [example(), example(measure="ex.say.top"), example(measure="pulse-user-6.replies")]
        save(session, east, now=clock())
        save(
            session,
            [example(measure="ex.info.mean", place="hilltop", summary="Hidden from the east.")],
            now=clock(),
        )
        for number in session.scalars(sa.select(Staff.id)):
            readers.turn_on(session, number, now=clock())
        session.add(Counting(ended_before=MONDAY, at=clock()))
        for todo in undrawn(session, limit=10):
            keep_pictures(session, todo, {Rendering.PNG: PNG}, now=clock())
    clock.set(london(MONDAY, 7, 30))
    return runtime


@pytest.fixture
def gateway():
    return Counter()


@pytest.fixture
def post(week, gateway, clock):
    desk = Desk(week.keys, week.settings, week.measures)
    return Post(week.database, desk, gateway, clock)


@pytest.fixture
def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def states(runtime):
    with runtime.database.reading() as session:
        return [tuple(row) for row in session.execute(sa.select(DigestPost.week, DigestPost.state))]


def test_a_week_is_posted_once_however_often_the_job_runs(post, gateway, week, clock):
    assert post.week() == 2
    assert post.week() == 0
    clock.advance(hours=5)
    assert post.week() == 0
    assert len(gateway.letters) == 2
    clock.advance(days=7)
    assert post.week() == 2
    assert (
        sorted(states(week))
        == [(MONDAY, PostState.SENT)] * 2 + [(MONDAY + dt.timedelta(days=7), PostState.SENT)] * 2
    )


@ON_SQLITE
def test_a_letter_names_only_places_and_figures_of_its_readers_scope(post, gateway):
    post.week()
    texts = {letter.address: letter.subject + letter.body + letter.html for letter in gateway.letters}
    assert "Hilltop" in texts[LEAD]
    assert "Hidden from the east." in texts[LEAD]
    assert "Riverside" in texts[EAST]
    assert "most positive answers" not in texts[EAST]  # of each question its strongest chart
    assert not re.search("hilltop|Hidden from the east", texts[EAST], re.IGNORECASE)
    assert "Kentmere" not in texts[EAST]


@ON_SQLITE
def test_the_letter_arrives_by_smtp_as_text_and_as_html_with_its_picture_inside(week, free_port):
    envelopes = []

    class Postbox:
        async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
            envelopes.append(envelope)
            return "250 OK"

    controller = Controller(Postbox(), hostname="127.0.0.1", port=free_port)
    controller.start()
    try:
        url = f"smtp://127.0.0.1:{free_port}"
        settings = replace(week.settings, smtp_url=url)
        assert post_digests(replace(week, settings=settings)) == 2
    finally:
        controller.stop()
    (mine,) = [one for one in envelopes if one.rcpt_tos == [EAST]]
    message = email.message_from_bytes(mine.content, policy=email.policy.default)
    html = message.get_body(("html",)).get_content()
    text = message.get_body(("plain",)).get_content()
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert message["Subject"].startswith(("Better: ", "Still better: "))
    assert picture.get_content() == PNG
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    assert 'alt="Better: it was 66 out of 100.' in html
    assert "class=" not in html
    assert "Better: it was 66 out of 100." in text
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = message["List-Unsubscribe"].strip("<>")
    assert stop.startswith("http://localhost/digest/stop/")
    assert stop in text


@ON_SQLITE
@pytest.mark.parametrize(
    ("fault", "state", "n_later"),
    [
        (NotSent("down"), PostState.NOT_SENT, 2),
        (Rejected("451", Verdict.LATER), PostState.NOT_SENT, 2),
        (Rejected("554", Verdict.NEVER), PostState.REFUSED, 0),
        (Unsure("broke"), PostState.UNKNOWN, 0),
    ],
)
def test_only_what_certainly_did_not_leave_is_tried_again(post, gateway, week, fault, state, n_later):
    gateway.fault = fault
    assert post.week() == 0
    assert [found for _, found in states(week)] == [state, state]
    gateway.fault = None
    assert post.week() == n_later


@ON_SQLITE
def test_a_letter_whose_process_died_is_given_up_and_never_sent_again(post, gateway, week, clock):
    gateway.fault = KeyboardInterrupt()  # after the claim, before anything is known
    with pytest.raises(KeyboardInterrupt):
        post.week()
    gateway.fault = None
    assert post.week() == 1  # the other reader's
    clock.advance(minutes=GIVEN_UP_AFTER.total_seconds() / 60 + 1)
    assert post.week() == 0
    assert sorted(found for _, found in states(week)) == [PostState.SENT, PostState.UNKNOWN]


@ON_SQLITE
def test_a_letter_that_cannot_be_written_keeps_nobody_elses_back(week, clock, tmp_path):
    with week.database.writing() as session:
        session.get_one(Place, "hilltop").name = "Hilltop\r\nBcc: somebody@example.org"
    folder = MailFolder(tmp_path, sender="care@example.org", clock=clock)
    post = Post(week.database, Desk(week.keys, week.settings, week.measures), folder, clock)
    assert (post.week(), post.week()) == (1, 0)
    assert sorted(found for _, found in states(week)) == [PostState.REFUSED, PostState.SENT]


@ON_SQLITE
def test_nobody_gets_it_unasked_nor_without_an_account_places_or_figures(post, gateway, week):
    with week.database.writing() as session:
        for person in session.scalars(sa.select(Staff)):
            if person.email == LEAD:
                readers.turn_off(session, person.id)
            else:
                staff.deactivate(session, person.id)
    assert post.week() == 0
    assert states(week) == []


@ON_SQLITE
def test_before_last_week_is_counted_nothing_is_posted(week, clock):
    clock.set(london(MONDAY + dt.timedelta(days=7), 7, 30))
    assert post_digests(week) == 0
    with week.database.writing() as session:
        session.add(Counting(ended_before=MONDAY + dt.timedelta(days=7), at=clock()))
    assert post_digests(week) == 2
    assert len(list((week.settings.data_dir / "mail").glob("*.eml"))) == 2


@ON_SQLITE
def test_one_click_stops_it_without_signing_in_and_looking_at_the_link_stops_nothing(week, app):
    with week.database.reading() as session:
        number = session.scalar(sa.select(Staff.id).where(Staff.email == EAST))
    token = readers.stop_token(week.keys, number)
    outside = app.test_client()

    def wanted():
        with week.database.reading() as session:
            return set(session.scalars(sa.select(DigestReader.staff_id)))

    before = wanted()
    assert "Press the button" in outside.get(f"/digest/stop/{token}").text
    for forged in (token[:-1] + ("0" if token[-1] != "0" else "1"), f"{number + 1}{token[1:]}", "1", "x-y"):
        assert outside.post(f"/digest/stop/{forged}").status_code == 404
    assert wanted() == before
    for _ in range(2):
        reply = outside.post(f"/digest/stop/{token}", data={"List-Unsubscribe": "One-Click"})
        assert reply.status_code == 200
    assert wanted() == before - {number}


@ON_SQLITE
def test_a_reader_asks_for_it_sees_it_and_stops_it(week, app):
    reader = enter(app, EAST)[0]
    page = reader.get("/dashboard/digest").text
    assert "<strong>You get it.</strong>" in page
    assert "Better: it was 66 out of 100." in page
    assert "illtop" not in page
    assert reader.post("/dashboard/digest", data={"on": "0"}).status_code == 403
    for on, words in (("0", "You do not get it"), ("1", "You get it")):
        reply = reader.post("/dashboard/digest", data={"on": on, "csrf_token": csrf_in(reader)})
        assert reply.status_code == 303
        assert words in reader.get("/dashboard/digest").text
