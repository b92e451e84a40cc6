"""Erasing a person: every room lets go at once, and what was counted stays as it was."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.population.consent import is_suppressed, suppress
from survey_app.ask.population.tables import ChannelChoice, Consent, Participant, Place
from survey_app.ask.sending.tables import Message
from survey_app.cli.erase import erase as erase_command
from survey_app.hear.conversations.tables import Conversation, InboundMessage
from survey_app.hear.erasure.finding import By
from survey_app.hear.erasure.tables import Erasure
from survey_app.hear.responses.tables import Answer, AnswerHistory, Response, SubmissionRow
from survey_app.jobs.counting import nightly, top_up
from survey_app.jobs.erasing import erase_found, erase_person
from tests import factories
from tests.fake_twilio import exchange
from tests.worlds import MONDAY, World, london

PHONE = "+447700900123"
WEEK = dt.timedelta(weeks=1)
RAW = (Response, Answer, AnswerHistory, SubmissionRow, Invitation, Conversation, InboundMessage, Message)


def make_person(runtime, **changed) -> int:
    with runtime.database.writing() as session:
        place = session.get(Place, "riverside") or factories.make_place(session)
        person = factories.make_participant(
            session, runtime.keys, place=place, phone=PHONE, channel=ChannelChoice.TEXT, **changed
        )
        campaign = factories.make_campaign(session, places=[place])
        factories.make_invitation(
            session, runtime.keys, campaign=campaign, participant=person, channel="text"
        )
        return person.id


@pytest.fixture
def talked(runtime):
    """Let somebody answer two questions by text."""
    person_id = make_person(runtime, reference="nhs-1")
    with exchange(runtime) as connected:
        for word in ("1", "3", "2"):
            connected.text(PHONE, word)
    return person_id


def counts(runtime) -> dict[str, int]:
    with runtime.database.reading() as session:
        return {
            table.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in RAW
        }


def test_everything_that_could_be_linked_to_a_person_goes_at_once(runtime, talked):
    assert min(counts(runtime).values()) >= 1
    assert erase_found(runtime, By.PHONE, "07700 900123") == 1
    assert set(counts(runtime).values()) == {0}
    with runtime.database.reading() as session:
        person = session.get_one(Participant, talked)
        assert (person.phone_index, person.phone_sealed, person.consent) == (None, None, Consent.WITHDRAWN)
        assert "nhs-1" not in person.reference
        assert len(session.scalars(sa.select(Erasure)).all()) == 1
    assert erase_found(runtime, By.PHONE, PHONE) == 0


def test_an_objection_outlives_the_person(runtime, talked):
    with runtime.database.writing() as session:
        index = session.get_one(Participant, talked).phone_index
        suppress(session, phone_index=index, reason="stop", at=runtime.clock())
    erase_found(runtime, By.PHONE, PHONE)
    with runtime.database.reading() as session:
        assert is_suppressed(session, index)


def test_a_number_nobody_has_erases_nobody_and_a_bad_one_is_refused(runtime, talked):
    runner = CliRunner()
    said = runner.invoke(erase_command, ["--phone", "07700 900999"], obj=lambda: runtime)
    assert (said.exit_code, said.output) == (0, "nobody is known under that number\n")
    assert runner.invoke(erase_command, ["--phone", "a cat"], obj=lambda: runtime).exit_code == 1
    said = runner.invoke(erase_command, ["--phone", PHONE], obj=lambda: runtime)
    assert said.output == "1 person erased\n"


@pytest.fixture
def world(runtime) -> World:
    return World(runtime).build("riverside")


def pseudonym(name: str) -> bytes:
    return name.encode().ljust(32, b".")


def test_erasures_count_before_a_bin_ends(world, runtime, clock):
    world.crowd(10, MONDAY)
    clock.set(london(MONDAY, 20))
    top_up(runtime)
    assert erase_person(runtime, pseudonym(f"riverside-{MONDAY}-12-3")) == 1
    clock.set(london(MONDAY + WEEK, 3, 10))
    nightly(runtime, MONDAY + WEEK)
    assert world.blocks() == []  # nine are left: they join the next week
    world.crowd(1, MONDAY + WEEK)
    clock.set(london(MONDAY + 2 * WEEK, 3, 10))
    nightly(runtime, MONDAY + 2 * WEEK)
    assert [row[3:] for row in world.blocks()] == [(False, 10, 9)]


def test_what_waited_of_an_erased_person_is_never_counted(world, runtime, clock):
    codes = {"ex_life": 0}  # not sure: the item waits
    world.crowd(11, MONDAY, **codes)
    with runtime.database.writing() as session:
        world.answer_in(session, "valid", london(MONDAY, 13), ex_life=1)
    clock.set(london(MONDAY + WEEK, 3, 10))
    nightly(runtime, MONDAY + WEEK)
    assert len([row for row in world.waiting() if row[1] == "ex.life"]) == 12
    erase_person(runtime, pseudonym("valid"))
    world.crowd(10, MONDAY + WEEK)
    clock.set(london(MONDAY + 2 * WEEK, 3, 10))
    nightly(runtime, MONDAY + 2 * WEEK)
    (figure,) = world.figures("riverside", "ex.life")
    assert figure[1] == 10
