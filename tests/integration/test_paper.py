"""Posters, letters and paper forms in the workspace; forms keyed in once or twice, counted once."""

from __future__ import annotations

import re

import pytest

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.codes import making
from survey_app.ask.outreach.codes.tables import Code
from survey_app.ask.outreach.tables import Campaign, Invitation, InvitationState
from survey_app.ask.population.tables import ChannelChoice, Place
from survey_app.hear.channels.paper.tables import PaperEntry, SheetState
from survey_app.hear.responses.tables import Answer, Channel, Response, ResponseState
from survey_app.jobs.counting import nightly
from survey_app.jobs.letters import letter_of, print_letters
from survey_app.jobs.printing import print_waiting
from survey_app.show.charts.documents.tables import LetterRun
from tests.attacks.ground import ON_SQLITE, all_of, everything
from tests.factories import make_campaign, make_invitation, make_participant
from tests.integration.signed_in import csrf_in, enter, settle
from tests.papers import NEEDS_PANGO, alternative_texts, n_pages

pytestmark = ON_SQLITE
PEOPLE = ("lead@example.org", "east@example.org", "officer@example.org", "east-officer@example.org")
BEST = {1: "3", 2: "3", 3: "3", 4: "1", 5: "3", 6: "1"}


@pytest.fixture
def numbers(runtime):
    """The number of an anonymous form of riverside, and of the form that goes with a letter."""
    settle(runtime, *PEOPLE)
    keys, now = runtime.keys, runtime.clock()
    with runtime.database.writing() as session:
        place = session.get_one(Place, "riverside")
        person = make_participant(session, keys, place=place, channel=ChannelChoice.LETTER)
        campaign = make_campaign(session, places=[place])
        make_invitation(session, keys, campaign=campaign, participant=person)
        (sheet,) = making.sheets(session, campaign, place.id, 1, keys=keys, now=now)
        (letter,) = making.letters(session, campaign.id, keys=keys, now=now)
        return [making.printed(keys, code) for code in (sheet, letter)]


class Keeper:
    """Somebody with a pile of forms."""

    def __init__(self, app, email):
        self.client = enter(app, email)[0]
        self.csrf = csrf_in(self.client, "/workspace/alerts")

    def post(self, address, **form):
        return self.client.post(address, data={"csrf_token": self.csrf} | form)

    def look(self, number):
        return self.post("/workspace/paper", number=number)

    def key(self, number, answers, **more):
        named = {f"item-{ordinal}": code for ordinal, code in answers.items()}
        return self.post("/workspace/paper/key", number=number, **named, **more)


def said(reply):
    return re.search(r"said=(\w+)", reply.headers.get("Location", ""))[1]


def test_a_form_is_keyed_by_who_may_counts_once_and_is_not_shown_again(app, runtime, numbers):
    lead = Keeper(app, "east@example.org")
    before = everything(runtime.database)
    page = lead.look(numbers[0].lower())
    assert page.text.count("nhsuk-radios ") >= 6 or page.text.count("<fieldset") >= 6
    missing = lead.key(numbers[0], {1: "3"})
    assert missing.status_code == 422
    assert "Question 2" in missing.text
    assert everything(runtime.database) | {"staff_session": []} == before | {"staff_session": []}
    left_out = BEST | {2: "left-out"}
    assert [said(lead.key(numbers[0], left_out)) for _ in range(2)] == ["counted", "done"]
    assert said(lead.look(numbers[0])) == "done"
    (response,) = all_of(runtime.database, Response)
    assert (response.state, response.channel) == (ResponseState.FINISHED, Channel.PAPER)
    stored = {row.item_id: row.code for row in all_of(runtime.database, Answer)}
    assert sorted(stored.values(), key=str) == [1, 1, 3, 3, 3, None]
    (entry,) = all_of(runtime.database, PaperEntry)
    assert (entry.state, entry.first_sealed) == (SheetState.COUNTED, None)


def test_the_form_of_a_letter_answers_its_invitation_and_no_second_way_counts(app, client, runtime, numbers):
    officer = Keeper(app, "officer@example.org")
    assert said(officer.key(numbers[1], BEST)) == "counted"
    (invitation,) = all_of(runtime.database, Invitation)
    assert invitation.state is InvitationState.ANSWERED
    on_the_web = client.get(client.post("/q", data={"code": numbers[1]}).headers["Location"])
    assert "already answered" in on_the_web.text
    assert client.get(f"/q/{numbers[0]}").status_code == 404  # an anonymous form is for the desk alone
    with runtime.database.writing() as session:
        invitations.forget(session, invitation.participant_id)
    assert len(all_of(runtime.database, Code)) == 1
    assert all_of(runtime.database, PaperEntry) == []


def test_two_people_who_read_differently_settle_it_before_it_counts(app, runtime, numbers):
    officer, lead = Keeper(app, "officer@example.org"), Keeper(app, "east@example.org")
    with runtime.database.reading() as session:
        campaign = session.query(Campaign).one()
    officer.post(f"/workspace/campaigns/{campaign.id}/handouts/desk", twice="1")
    assert said(officer.key(numbers[0], BEST)) == "waits"
    assert said(officer.key(numbers[0], BEST)) == "same_person"
    assert said(officer.look(numbers[0])) == "same_person"  # before keying it all again
    assert "checked" not in lead.look(numbers[0]).text
    assert all_of(runtime.database, Response) == []
    page = lead.key(numbers[0], BEST | {3: "0"})
    assert page.status_code == 422
    assert "Two people read this form differently" in page.text
    assert page.text.count("<td>") == 2  # one question, two readings: no other answer is shown
    assert lead.key(numbers[0], BEST).status_code == 422  # not by keying a third time
    assert all_of(runtime.database, Response) == []
    assert said(officer.key(numbers[0], BEST, settles="1")) == "counted"
    (entry,) = all_of(runtime.database, PaperEntry)
    assert (entry.first_sealed, entry.second_sealed) == (None, None)
    assert len(all_of(runtime.database, Answer)) == 6


def test_two_people_who_agree_count_a_form_and_other_places_do_not_know_it(app, runtime, numbers):
    with runtime.database.writing() as session:
        making.key_twice(session, session.query(Campaign).one().id, on=True)
    officer, lead = Keeper(app, "officer@example.org"), Keeper(app, "lead@example.org")
    assert [said(officer.key(numbers[0], BEST)), said(lead.key(numbers[0], BEST))] == ["waits", "counted"]
    with runtime.database.writing() as session:
        west = make_campaign(session, places=[session.get_one(Place, "hilltop")])
        (sheet,) = making.sheets(session, west, "hilltop", 1, keys=runtime.keys, now=runtime.clock())
        number = making.printed(runtime.keys, sheet)
    assert Keeper(app, "east@example.org").look(number).status_code == 422
    assert Keeper(app, "east-officer@example.org").key(number, BEST).status_code == 422


@pytest.fixture
def home(runtime, numbers):
    with runtime.database.reading() as session:
        return f"/workspace/campaigns/{session.query(Campaign).one().id}/handouts"


@NEEDS_PANGO
def test_posters_and_forms_are_printed_and_a_code_is_ended(app, runtime, home):
    officer = Keeper(app, "officer@example.org")
    assert officer.post(f"{home}/posters", place="riverside", name=" ").status_code == 422
    assert officer.post(f"{home}/posters", place="hilltop", name="Door").status_code == 404
    assert officer.post(f"{home}/posters", place="riverside", name="Waiting room").status_code == 303
    page = officer.client.get(home).text
    shown = re.search(r"<code>([0-9A-Z-]{13})</code>", page)[1]
    assert "under 10" in page
    poster = re.search(rf'action="({home}/posters/\d+)/print"', page)[1]
    document = officer.post(f"{poster}/print").headers["Location"]
    assert print_waiting(runtime) == 1
    pdf = officer.client.get(f"{document}.pdf").data
    assert n_pages(pdf) == 1
    assert any(f"/q/{shown}" in words for words in alternative_texts(pdf))
    forms = officer.post(f"{home}/forms", place="riverside", n="3").headers["Location"]
    assert print_waiting(runtime) == 1
    assert n_pages(officer.client.get(f"{forms}.pdf").data) == 3
    officer.post(f"{poster}/end")
    assert "Ended on" in officer.client.get(home).text


@NEEDS_PANGO
def test_letters_are_printed_together_kept_sealed_and_gone_after_a_day(app, runtime, home):
    officer = Keeper(app, "officer@example.org")
    officer.post(f"{home}/letters")
    assert "Being printed" in officer.client.get(home).text
    assert (print_letters(runtime), print_letters(runtime)) == (1, 0)
    (run,) = all_of(runtime.database, LetterRun)
    assert b"%PDF" not in run.sealed
    file = f"{home}/letters/{run.id}.pdf"
    assert "What is it for?" in officer.client.get(file).text
    assert officer.post(file, reason="post").status_code == 422
    letters = officer.post(file, reason="to be posted today")
    assert n_pages(letters.data) == 2  # the letter and its form
    assert "no-store" in letters.headers["Cache-Control"]
    other = Keeper(app, "east-officer@example.org")
    assert other.client.get(f"{home}/letters/{run.id}.pdf").status_code == 404
    (invitation,) = all_of(runtime.database, Invitation)
    one = letter_of(runtime, invitation.id, ["A Person", "1 Street"])
    assert n_pages(one) == 1
    runtime.clock.advance(hours=25)
    nightly(runtime, runtime.clock().date())
    assert all_of(runtime.database, LetterRun) == []
