"""Two windows, one ballot; and a ballot finished while its wave is closed is in or out, never lost."""

from __future__ import annotations

import threading
import time

from survey_app.ask.outreach.waves.tables import WaveState
from survey_app.hear.responses.ballots import casting
from survey_app.hear.responses.ballots.casting import Fate
from tests.waves import open_wave


def test_a_close_waits_for_a_ballot_that_is_being_finished(runtime):
    wave = open_wave(runtime, 8)
    for voter in wave.voters[:6]:
        wave.fill_in(voter, [4] * 14)
    late, later = wave.voters[6:]
    for voter in (late, later):
        wave.fill_in(voter, [2] * 13)
    closed = threading.Thread(target=wave.close)
    now, last = runtime.clock(), wave.items[-1]
    with runtime.database.writing() as session:
        receipt = casting.answer(session, late, last, 2, now=now, shown_at=now)
        closed.start()
        time.sleep(0.3)
        assert closed.is_alive()
    closed.join(10)
    assert receipt.fate is Fate.CAST
    assert wave.wave().state is WaveState.CLOSED
    assert wave.answer(later, 13, 2).fate is Fate.CLOSED
    assert wave.counts() == {"answered": 7, "sealed_ballot": 0, "ballot_draft": 0, "ballot": 7}


def test_two_windows_finish_one_ballot_once(runtime):
    wave = open_wave(runtime, 6)
    voter, fates = wave.voters[0], []
    wave.fill_in(voter, [3] * 13)

    def send(code):
        fates.append(wave.answer(voter, 13, code).fate)

    windows = [threading.Thread(target=send, args=(code,)) for code in (1, 5, 1, 5)]
    for window in windows:
        window.start()
    for window in windows:
        window.join(10)
    assert sorted(fates) == [Fate.ALREADY] * 3 + [Fate.CAST]
    assert wave.counts() == {"answered": 1, "sealed_ballot": 1, "ballot_draft": 0, "ballot": 0}
