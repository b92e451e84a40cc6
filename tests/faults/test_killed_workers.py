from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach import invitations
from survey_app.clock import utc_now
from survey_app.crypto import load_keys
from survey_app.hear.responses.tables import Answer, AnswerHistory, Response, ResponseState, SubmissionRow
from survey_app.settings import ROOT
from tests.factories import make_campaign, make_invitation, make_participant, make_place
from tests.faults.visitors import Ledger, answer_all, seal_on, send

CLIENTS = 6
START_SECONDS = 60
MOST_SECONDS = 30
ENOUGH = 100


@dataclass
class Survey:
    """A web server with two workers on loopback, and the links it serves."""

    port: int
    master: int
    tokens: list[str]

    def workers(self) -> list[int]:
        listed = Path(f"/proc/{self.master}/task/{self.master}/children").read_text()
        return [int(word) for word in listed.split()]


@pytest.fixture
def serve(database, settings):
    """Serve fresh links from a server of a given manner until the block ends."""
    keys = load_keys(settings.data_dir / "keys", create=True)

    @contextmanager
    def serve(manner, *, n_links):
        tokens = make_links(database, keys, n_links)
        port = free_port()
        surroundings = {
            "SURVEY_ENV": "testing",
            "SURVEY_DATA_DIR": str(settings.data_dir),
            "SURVEY_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "SURVEY_PORT": str(port),
            "SURVEY_WEB_WORKERS": "2",
            "TEST_BEGAN_AT": utc_now().isoformat(),
        }
        log = settings.data_dir / "server.log"
        command = [sys.executable, "-m", "tests.faults.survey_server", manner]
        with (
            log.open("w") as output,
            subprocess.Popen(command, cwd=ROOT, env=os.environ | surroundings, stderr=output) as process,
        ):
            try:
                wait_for(port, process, log)
                yield Survey(port, process.pid, tokens)
            finally:
                process.terminate()

    return serve


def make_links(database, keys, n_links):
    with database.writing() as session:
        place = make_place(session)
        campaign = make_campaign(session, places=[place])
        people = [make_participant(session, keys, place=place, phone=None) for _ in range(n_links)]
        return [make_invitation(session, keys, campaign=campaign, participant=one)[1] for one in people]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, log):
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if send(port, "GET", "/health/live")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text()}")


def answer_while_workers_die(survey, *, seconds):
    """Let people answer while workers are killed; return the ledger and the number of kills."""
    ledger, stop = Ledger(), threading.Event()
    shares = [iter(survey.tokens[client::CLIENTS]) for client in range(CLIENTS)]
    arguments = [(survey.port, share, ledger, stop) for share in shares]
    people = [threading.Thread(target=answer_all, args=given) for given in arguments]
    for person in people:
        person.start()
    n_kills = kill_workers(survey, ledger, seconds=seconds)
    stop.set()
    for person in people:
        person.join()
    assert not ledger.surprises
    return ledger, n_kills


def kill_workers(survey, ledger, *, seconds):
    """Kill one worker after another; on a slow machine go on until there is something to lose."""
    chance, n_kills, began = random.Random(2026), 0, time.monotonic()
    while True:
        time.sleep(chance.uniform(0.3, 0.7))
        took = time.monotonic() - began
        if took > MOST_SECONDS or (took > seconds and len(ledger.acknowledged) > ENOUGH):
            return n_kills
        workers = survey.workers()
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            n_kills += 1


class Stored:
    """What the database holds in the end."""

    def __init__(self, database, keys, tokens, items):
        number_of = {item.id: item.ordinal for item in items}
        with database.reading() as session:
            found = ((token, invitations.find(session, keys, token)) for token in tokens)
            token_of = {f"invitation:{invitation.id}": token for token, invitation in found}
            responses = session.scalars(sa.select(Response)).all()
            told = {response.id: token_of[response.origin] for response in responses}
            self.n_responses = len(responses)
            self.finished = {told[one.id] for one in responses if one.state is ResponseState.FINISHED}
            self.answers = {
                (told[row.response_id], number_of[row.item_id]): row.code
                for row in session.scalars(sa.select(Answer))
            }
            self.history = [
                (told[row.response_id], number_of[row.item_id], row.code)
                for row in session.scalars(sa.select(AnswerHistory))
            ]
            self.n_submissions = session.scalar(sa.select(sa.func.count()).select_from(SubmissionRow))

    def lost(self, ledger):
        """Return every acknowledged answer that is not there as it was given."""
        return {known for known, code in ledger.acknowledged.items() if self.answers.get(known) != code}


@pytest.fixture
def stored(database, settings, loaded_runtime):
    def stored(survey):
        keys = load_keys(settings.data_dir / "keys", create=False)
        return Stored(database, keys, survey.tokens, loaded_runtime.library.get("pulse-user-6", 1).items)

    return stored


def test_no_acknowledged_answer_is_lost_or_doubled_when_workers_are_killed(serve, stored):
    with serve("honest", n_links=420) as survey:
        ledger, n_kills = answer_while_workers_die(survey, seconds=8)
    held = stored(survey)
    assert n_kills >= 10
    assert ledger.n_retries > 0
    assert len(ledger.acknowledged) > ENOUGH
    assert held.lost(ledger) == set()
    assert len(held.history) == len(set(held.history)) == len(held.answers) == held.n_submissions
    assert len(held.answers) <= len(ledger.acknowledged) + CLIENTS
    assert ledger.complete
    assert ledger.complete <= held.finished


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_check_notices_a_server_that_says_stored_too_early(serve, stored):
    with serve("hasty", n_links=420) as survey:
        ledger, _ = answer_while_workers_die(survey, seconds=4)
        time.sleep(1)  # what still waits in workers that live is stored: only kills lose answers
    lost = stored(survey).lost(ledger)
    assert 0 < len(lost) < len(ledger.acknowledged)


def test_the_same_form_sent_a_hundred_times_at_once_is_one_answer_and_one_reply(serve, stored):
    replies, together = [], threading.Barrier(100)
    with serve("honest", n_links=1) as survey:
        path = f"/s/{survey.tokens[0]}/1"
        form = {"seal": seal_on(send(survey.port, "GET", path)[2]), "answer": "2"}

        def press():
            together.wait()
            replies.append(send(survey.port, "POST", path, form))

        fingers = [threading.Thread(target=press) for _ in range(100)]
        for finger in fingers:
            finger.start()
        for finger in fingers:
            finger.join()
    held = stored(survey)
    assert len(replies) == 100
    assert {reply[:2] for reply in replies} == {(303, f"/s/{survey.tokens[0]}/2")}
    assert held.history == [(survey.tokens[0], 1, 2)]
    assert (held.n_responses, held.n_submissions, len(held.answers)) == (1, 1, 1)
