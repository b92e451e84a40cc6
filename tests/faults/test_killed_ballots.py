"""The box is killed before every statement and commit: a ballot is in it once, or its draft still waits."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from survey_app.ask.outreach.waves import keyfile
from survey_app.ask.outreach.waves.tables import WaveMember, WaveState
from survey_app.database import Database
from survey_app.hear.responses.ballots.casting import Fate
from survey_app.hear.responses.ballots.tables import Ballot, SealedBallot
from survey_app.jobs.waves import tend_waves
from tests.faults.counting_nursery import Watch
from tests.waves import open_wave

REPLIED = b"r"
MOST = 25


def in_a_child(wave, act, *, cut_at=None):
    """Fork a process that acts and is killed before a statement; return what it replied, and how it ended."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        database = Database(wave.runtime.database.url.render_as_string(hide_password=False))
        own = replace(wave, runtime=replace(wave.runtime, database=database))
        try:
            with Watch(database.engine, cut_at, lambda _: os.kill(os.getpid(), signal.SIGKILL)):
                act(own)
            os.write(mouth, REPLIED)
        finally:
            os._exit(0)
    os.close(mouth)
    _, status = os.waitpid(child, 0)
    replied = os.read(ear, 1) == REPLIED
    os.close(ear)
    return replied, os.WIFSIGNALED(status)


def of_member(wave, voter):
    return next(one.answered for one in wave.rows(WaveMember) if one.member_id == voter.member_id)


def test_a_ballot_killed_anywhere_is_cast_once_and_never_lost_after_the_reply(runtime):
    wave = open_wave(runtime, MOST)
    last = len(wave.items) - 1
    n_killed, n_cast = 0, 0
    for cut_at, voter in enumerate(wave.voters, 1):
        assert wave.fill_in(voter, [4] * last).fate is Fate.KEPT
        drafts_before = wave.counts()["ballot_draft"]
        replied, killed = in_a_child(wave, lambda own, one=voter: own.answer(one, last, 4), cut_at=cut_at)
        counts = wave.counts()
        stands = of_member(wave, voter)
        assert counts["sealed_ballot"] == counts["answered"] == n_cast + stands  # all of it, or nothing
        assert counts["ballot_draft"] == drafts_before - stands
        assert stands or not replied
        assert killed or replied
        again = wave.answer(voter, last, 4)  # the browser sends the form once more
        assert again.fate is (Fate.ALREADY if stands else Fate.CAST)
        n_cast += 1
        assert wave.counts() == {
            "answered": n_cast,
            "sealed_ballot": n_cast,
            "ballot_draft": drafts_before - 1,
            "ballot": 0,
        }
        n_killed += killed
        if not killed:
            break
    assert n_killed >= 6
    assert wave.close() is WaveState.CLOSED
    assert [len(one.answers) for one in wave.rows(Ballot)] == [len(wave.items)] * n_cast


def test_a_close_killed_anywhere_is_done_once_and_the_key_goes_after_it(runtime, clock):
    wave = open_wave(runtime, 8)
    for number, voter in enumerate(wave.voters[:7]):
        wave.fill_in(voter, [1 + number % 5] * len(wave.items))
    wave.answer(wave.voters[7], 0, 3)  # a draft that is thrown away
    before = wave.counts()
    n_killed = n_before = 0
    for cut_at in range(1, MOST):
        _, killed = in_a_child(wave, lambda own: own.close(), cut_at=cut_at)
        n_killed += killed
        if wave.wave().state is WaveState.OPEN:
            n_before += 1
            assert wave.counts() == before
            assert keyfile.load(wave.folder, wave.wave_id, wave.wave().public_key).salt == wave.key.salt
        else:
            assert wave.counts() == {"answered": 7, "sealed_ballot": 0, "ballot_draft": 0, "ballot": 7}
        if not killed:
            break
    assert n_before >= 6
    assert n_killed > n_before  # killed between the commit and the end of the key, too
    kept = sorted((one.id, sorted(one.answers.items())) for one in wave.rows(Ballot))
    clock.advance(days=30)
    for _ in range(2):
        tend_waves(runtime)
        assert wave.close() is WaveState.CLOSED
    assert sorted((one.id, sorted(one.answers.items())) for one in wave.rows(Ballot)) == kept
    assert keyfile.kept(wave.folder) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_key_that_was_half_destroyed_is_destroyed_by_the_clock(runtime, monkeypatch):
    wave = open_wave(runtime, 6)
    for voter in wave.voters:
        wave.fill_in(voter, [2] * len(wave.items))

    def die(*_more, **_named):
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", die)
        assert in_a_child(wave, lambda own: own.close()) == (False, True)
    held = keyfile.path_of(wave.folder, wave.wave_id).read_bytes()
    assert wave.key.salt not in held
    assert len(wave.rows(Ballot)) == 6
    tend_waves(runtime)
    assert keyfile.kept(wave.folder) == []
    assert wave.rows(SealedBallot) == []
