"""The single intake: every answer stored durably and once, whatever a channel or a network does."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Invitation, InvitationState
from survey_app.ask.population.tables import Place
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.origins import origin_of
from survey_app.hear.responses.progress import progress
from survey_app.hear.responses.settling import any_unsettled, settle
from survey_app.hear.responses.submission import Outcome, Submission
from survey_app.hear.responses.tables import (
    Answer,
    AnswerHistory,
    Channel,
    Response,
    ResponseState,
    SubmissionRow,
)
from tests.factories import make_campaign, make_invitation, make_participant
from tests.fakes import MONDAY_MORNING
from tests.worlds import World

ITEMS = ("ex.life", "ex.info", "ex.say", "ex.moves", "ex.community", "ex.carer")
EVERYTHING = dict.fromkeys(ITEMS, 1)


@pytest.fixture
def world(runtime) -> World:
    return World(runtime).build("riverside")


@pytest.fixture
def say(world):
    """Submit answers of one origin at so many seconds after Monday morning."""
    origin = world.origin("open:1", "ann", expires_at=MONDAY_MORNING + dt.timedelta(days=14))

    def submit(key, answers, *, after=10.0, issued=None, channel=Channel.WEB, origin=origin):
        at = MONDAY_MORNING + dt.timedelta(seconds=after)
        issued_at = None if issued is None else MONDAY_MORNING + dt.timedelta(seconds=issued)
        with world.runtime.database.writing() as session:
            return accept(
                session, Submission(channel, key, origin, answers, at, issued_at), world.runtime.library
            )

    return submit


def rows(world, query):
    with world.runtime.database.reading() as session:
        return [tuple(row) for row in session.execute(query)]


def counts(world) -> tuple[int, ...]:
    return tuple(
        rows(world, sa.select(sa.func.count()).select_from(table))[0][0]
        for table in (Response, SubmissionRow, Answer, AnswerHistory)
    )


def standing(world, name="open:1"):
    with world.runtime.database.reading() as session:
        return progress(session, name)


def test_the_same_key_twice_counts_once_and_gets_the_same_answer(world, say):
    first = say("k", {"ex.life": 1})
    again = say("k", {"ex.life": 4}, after=60)
    assert (first.outcome, again.outcome) == (Outcome.STORED, Outcome.REPEATED)
    assert first.next_item == again.next_item == world.instrument.item("ex.info")
    assert counts(world) == (1, 1, 1, 1)
    assert standing(world).answers == {"ex.life": 1}


def test_the_same_key_from_eight_threads_at_once_counts_once(world, say):
    with ThreadPoolExecutor(8) as threads:
        outcomes = [
            future.result().outcome
            for future in [threads.submit(say, "k", {"ex.life": 1, "ex.info": 2}) for _ in range(8)]
        ]
    assert sorted(outcomes) == [Outcome.REPEATED] * 7 + [Outcome.STORED]
    assert counts(world) == (1, 1, 2, 2)


def test_eight_keys_from_eight_threads_make_one_response_and_lose_nothing(world, say):
    with ThreadPoolExecutor(8) as threads:
        futures = [threads.submit(say, f"k{n}", {ITEMS[n % 6]: 1}, after=10 + n / 100) for n in range(8)]
        receipts = [future.result() for future in futures]
    assert {receipt.response_id for receipt in receipts} == {receipts[0].response_id}
    assert standing(world).state is ResponseState.FINISHED
    assert standing(world).answers == EVERYTHING


def test_the_same_key_in_two_channels_is_two_submissions(world, say):
    assert say("k", {"ex.life": 1}).outcome is Outcome.STORED
    assert say("k", {"ex.info": 1}, channel=Channel.SMS).outcome is Outcome.STORED
    assert counts(world)[1] == 2


def test_the_last_answer_stands_and_the_history_keeps_every_one(world, say):
    say("k1", {"ex.life": 1})
    say("k2", {"ex.life": 4}, after=20)
    assert standing(world).answers == {"ex.life": 4}
    codes = rows(world, sa.select(AnswerHistory.code).order_by(AnswerHistory.id))
    assert codes == [(1,), (4,)]


def test_one_unreadable_answer_does_not_lose_the_others(world, say):
    receipt = say("k", {"ex.life": "banana", "ex.info": 2, "ex.say": 77, "no.such": 1})
    assert receipt.outcome is Outcome.STORED
    assert set(receipt.faults) == {"ex.life", "ex.say", "no.such"}
    assert standing(world).answers == {"ex.info": 2}
    assert receipt.next_item.id == "ex.life"


@pytest.mark.parametrize("answers", [{}, {"ex.life": "banana"}, {"no.such": 1}])
def test_a_submission_with_nothing_readable_leaves_no_trace_and_its_key_stays_free(world, say, answers):
    assert say("k", answers).outcome is Outcome.REFUSED
    assert counts(world) == (0, 0, 0, 0)
    assert say("k", {"ex.life": 1}).outcome is Outcome.STORED


def test_an_item_outside_the_rota_is_refused(world, say):
    origin = world.origin("open:2", "bea", items=("ex.life", "ex.say"))
    receipt = say("k", {"ex.life": 1, "ex.info": 1}, origin=origin)
    assert set(receipt.faults) == {"ex.info"}
    assert say("k2", {"ex.say": 1}, origin=origin).finished


def test_a_skip_is_an_answer_and_the_last_item_finishes(world, say):
    receipt = say("k", EVERYTHING | {"ex.life": None})
    assert (receipt.finished, receipt.next_item) == (True, None)
    assert standing(world).state is ResponseState.FINISHED


def test_after_finishing_nothing_changes(world, say):
    say("k1", EVERYTHING)
    receipt = say("k2", {"ex.life": 4}, after=99)
    assert (receipt.outcome, receipt.finished) == (Outcome.ALREADY_FINISHED, True)
    assert standing(world).answers == EVERYTHING
    assert say("k1", EVERYTHING, after=100).outcome is Outcome.REPEATED


def test_after_its_time_a_survey_takes_no_answers(world, say):
    say("k1", {"ex.life": 1})
    late = dt.timedelta(days=14).total_seconds()
    assert say("k2", {"ex.info": 1}, after=late).outcome is Outcome.CLOSED
    with world.runtime.database.writing() as session:
        assert len(settle(session, MONDAY_MORNING + dt.timedelta(days=15))) == 1
    assert say("k3", {"ex.info": 1}, after=late - 1).outcome is Outcome.CLOSED
    assert standing(world).answers == {"ex.life": 1}


def test_a_post_faster_than_reading_is_quarantined_until_a_slower_one(world, say):
    say("k1", EVERYTHING, after=1.4, issued=0)
    assert standing(world).state is ResponseState.QUARANTINED
    with world.runtime.database.writing() as session:
        assert not any_unsettled(session)
        assert settle(session, MONDAY_MORNING + dt.timedelta(days=30)) == []
    assert say("k2", {"ex.life": 2}, after=9, issued=2).finished
    assert standing(world).state is ResponseState.FINISHED


def test_a_quick_second_answer_is_nothing_unusual(world, say):
    say("k1", {"ex.life": 1}, after=5, issued=0)
    say("k2", {"ex.info": 1}, after=6, issued=5)
    assert standing(world).state is ResponseState.STARTED


def test_answers_of_a_branch_that_closes_are_dropped_but_kept_in_the_history(world, say):
    origin = world.origin("open:3", "cat", instrument_id="p3c-style-10")
    say("k1", {"cc.plan": 1, "cc.plan_copy": 1, "cc.plan_help": 4}, origin=origin)
    say("k2", {"cc.plan": 2}, after=20, origin=origin)
    assert standing(world, "open:3").answers == {"cc.plan": 2}
    assert counts(world)[3] == 4


def test_finishing_closes_the_invitation(world, keys, say):
    with world.runtime.database.writing() as session:
        place = session.get_one(Place, "riverside")
        campaign = make_campaign(session, places=[place])
        participant = make_participant(session, keys, place=place)
        invitation, _ = make_invitation(session, keys, campaign=campaign, participant=participant)
        origin = origin_of(invitation, campaign, keys)
    assert say("k1", {"ex.life": 1}, origin=origin).finished is False
    assert say("k2", EVERYTHING, after=20, origin=origin).finished
    assert rows(world, sa.select(Invitation.state)) == [(InvitationState.ANSWERED,)]


def test_a_finished_response_settles_once_with_its_finishing_time(world, say):
    say("k", EVERYTHING, after=10)
    with world.runtime.database.writing() as session:
        assert any_unsettled(session)
        assert settle(session, MONDAY_MORNING) == []
        (settled,) = settle(session, MONDAY_MORNING + dt.timedelta(minutes=1))
        assert settled.settled_at == MONDAY_MORNING + dt.timedelta(seconds=10)
        assert settle(session, MONDAY_MORNING + dt.timedelta(days=99)) == []
        assert not any_unsettled(session)


def test_an_unfinished_response_settles_when_its_time_is_over(world, say):
    say("k", {"ex.life": 1})
    with world.runtime.database.writing() as session:
        assert settle(session, MONDAY_MORNING + dt.timedelta(days=13)) == []
        (settled,) = settle(session, MONDAY_MORNING + dt.timedelta(days=20))
    assert settled.settled_at == MONDAY_MORNING + dt.timedelta(days=14)


def test_a_transaction_that_fails_leaves_nothing(world):
    origin = world.origin("open:9", "dan")
    submission = Submission(Channel.WEB, "k", origin, {"ex.life": 1}, MONDAY_MORNING)

    def store_and_fail():
        with world.runtime.database.writing() as session:
            accept(session, submission, world.runtime.library)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power"):
        store_and_fail()
    assert counts(world) == (0, 0, 0, 0)


def test_a_submission_needs_a_key(world):
    with pytest.raises(ValueError, match="key"):
        Submission(Channel.WEB, "", world.origin("open:1", "ann"), {}, MONDAY_MORNING)
