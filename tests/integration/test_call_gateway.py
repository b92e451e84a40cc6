"""The official client places calls with the simulated provider over loopback."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_app.ask.sending.gateways.behaviour import Mode
from survey_app.ask.sending.gateways.contract import Letter, Rejected, Unsure, Verdict
from survey_app.ask.sending.gateways.twilio_calls import TwilioCalls
from tests.attacks.ground import ON_SQLITE
from tests.fake_twilio import account_of, caller_of, exchange

LANDLINE = "+442079460123"
LETTER = Letter("invite:1", LANDLINE, "", "t" * 22)


@pytest.fixture
def joined(runtime):
    with exchange(runtime) as connected:
        yield connected


@ON_SQLITE
def test_a_call_rings_and_carries_our_token_to_both_doors(joined):
    sid = caller_of(joined.phones.settings).send(LETTER)
    (rung,) = joined.ringing()
    assert rung.sid == sid
    assert rung.call.voice_url.endswith(f"/hooks/twilio/voice?o={LETTER.callback_token}")
    assert rung.call.status_url.endswith(f"/hooks/twilio/voice/status?o={LETTER.callback_token}")


@ON_SQLITE
def test_a_call_whose_reply_is_lost_is_found_and_a_refusal_carries_its_code(joined):
    caller = caller_of(joined.phones.settings)
    tried_at = joined.phones.clock()
    assert caller.find(LETTER, tried_at=tried_at) is None
    joined.behaviour.mode = Mode.BREAK_AFTER_ACCEPTING
    with pytest.raises(Unsure):
        caller.send(LETTER)
    (rung,) = joined.ringing()
    assert caller.find(LETTER, tried_at=tried_at) == rung.sid
    joined.behaviour.mode, joined.behaviour.error_code = Mode.REFUSE, 21217
    with pytest.raises(Rejected) as refusal:
        caller.send(LETTER)
    assert (refusal.value.code, refusal.value.verdict) == ("21217", Verdict.NEVER)
    joined.behaviour.mode = Mode.BUSY
    with pytest.raises(Rejected) as refusal:
        caller.send(LETTER)
    assert refusal.value.verdict is Verdict.LATER


@ON_SQLITE
def test_calls_are_placed_one_a_second(joined):
    waits = []
    account = account_of(joined.phones.settings)
    status = f"{joined.base}/hooks/twilio/voice/status"
    url = f"{joined.base}/hooks/twilio/voice"
    caller = TwilioCalls(replace(account, status_url=status), {}, voice_url=url, pause=waits.append)
    for _ in range(3):
        caller.send(LETTER)
    assert [0 < wait <= 2 for wait in waits] == [True, True]
