"""Faults planted into calls, each of which some rule must notice."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach import invitations
from survey_app.ask.population.tables import ChannelChoice
from survey_app.ask.sending import departure, outbox
from survey_app.ask.sending.quiet_hours import TEXTS
from survey_app.hear.channels.voice import reports, routes
from survey_app.hear.conversations import answering, replying
from survey_app.hear.conversations.calls import ending, steps
from survey_app.hear.conversations.calls.speech import VoiceOutlet
from survey_app.hear.conversations.calls.tables import CallResult
from survey_app.hear.conversations.prompts import Aim
from survey_app.hear.conversations.tables import Conversation, ConversationState
from tests.simulation.planted import HOUR, MINUTE, Planted
from tests.simulation.scene import PHONES, Scene
from tests.simulation.switchboard import MACHINE, Uttered
from tests.simulation.words import Meaning

M = Meaning
OPENING = "<Response><Say>Hello. We have 6 short questions about the care you get.</Say><Hangup/></Response>"


def _rings_in_the_evening(patch: pytest.MonkeyPatch) -> None:
    for room in (outbox, departure):
        patch.setattr(room, "hours_of", lambda _medium: TEXTS)
    patch.setattr(ending, "next_call", lambda at: at + dt.timedelta(hours=10.5))


def _rings_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ending, "next_call", lambda at: at + dt.timedelta(minutes=10))


def _rings_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ending, "MOST_CALLS", 9)


def _calls_back_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ending, "_n_broken_off", lambda *_what: 0)
    patch.setattr(outbox, "_n_asked", lambda *_what: 0)


def _rings_after_danger(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ending, "_result", lambda *_what: CallResult.BROKEN_OFF)
    patch.setattr(invitations.Hooks, "is_awaited", lambda *_what: True)


def _talks_to_machines(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(routes, "silence", lambda: OPENING)


def _forgets_keys(patch: pytest.MonkeyPatch) -> None:
    submit = answering.submit

    def without_keeping(turn, survey, answers):
        kept = turn.session.begin_nested()
        receipt = submit(turn, survey, answers)
        kept.rollback()
        return receipt

    patch.setattr(answering, "submit", without_keeping)


def _takes_every_step(patch: pytest.MonkeyPatch) -> None:
    def step(needs, voices):
        ringing = reports.ringing(needs.clock())
        with needs.database.writing() as session:
            call = routes.find_call(session, ringing.provider_id)
            taken = steps.Step(session, call, ringing, reports.heard(), needs.conversing)
            return routes._say(needs, voices, call, steps.take_step(taken))

    patch.setattr(routes, "_step", step)


def _any_turn_will_do(patch: pytest.MonkeyPatch) -> None:
    at_question = steps._at_question

    def whatever_is_open(step, survey):
        step.call.asked_turn = survey.conversation.turn
        return at_question(step, survey)

    patch.setattr(steps, "_at_question", whatever_is_open)
    patch.setattr(replying, "aim_of", lambda *_what: Aim.OPEN)


def _no_signpost_is_spoken(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(VoiceOutlet, "say", lambda *_what: None)


def _every_end_pauses(patch: pytest.MonkeyPatch) -> None:
    def pause(session, call):
        active = sa.update(Conversation).where(Conversation.invitation_id == call.invitation_id)
        session.execute(active.values(state=ConversationState.PAUSED))

    patch.setattr(ending, "_pause", pause)


def _ends_too_soon(patch: pytest.MonkeyPatch) -> None:
    following = Instrument.next_item

    def two_will_do(instrument, answers, chosen=None):
        return None if len(answers) >= 2 else following(instrument, answers, chosen)

    patch.setattr(Instrument, "next_item", two_will_do)


def _nobody_in(scene: Scene) -> None:
    for _ in range(30):
        scene.wait(3 * HOUR)
        scene.world.tick()


def _breaks_off_every_time(scene: Scene) -> None:
    for _ in range(30):
        call = scene.calls.pop(PHONES[0], None)
        if call is not None:
            scene.calls[PHONES[0]] = call
            scene.press("1")
            scene.hang_up()
            del scene.calls[PHONES[0]]
        scene.wait(3 * HOUR)
        scene.world.tick()


def _danger(scene: Scene) -> None:
    scene.press("1")
    call = scene.calls[PHONES[0]]
    scene.world.switchboard.step(call, Uttered(M.DISTRESS, words="I want to kill myself"))
    scene.hang_up()
    _nobody_in(scene)


def _three_keys(scene: Scene) -> None:
    scene.press("1", "2", "3")


def _a_key_comes_again(scene: Scene) -> None:
    scene.press("1", "2")
    scene.world.switchboard.again(scene.calls[PHONES[0]], Uttered(M.ANSWER, 2, keys="2"))


def _texts_while_on_the_phone(scene: Scene) -> None:
    scene.press("1")
    scene.say(M.ANSWER, 3)
    scene.say(M.ANSWER, 3)
    scene.press("2")


def _hangs_up_and_texts(scene: Scene) -> None:
    scene.press("1", "2")
    scene.world.switchboard.tells = lambda _status: (20,)
    scene.hang_up()
    scene.say(M.ANSWER, 1)
    scene.wait(MINUTE)


CALL = ChannelChoice.CALL
IN_CALLS = (
    Planted("telephones ring in the evening", _rings_in_the_evening, _nobody_in,
            "calls by day", by=CALL, picks_up="no-answer"),
    Planted("telephones ring again at once", _rings_at_once, _nobody_in,
            "calls are apart", by=CALL, picks_up="busy"),
    Planted("telephones ring for ever", _rings_for_ever, _nobody_in,
            "three calls at most", by=CALL, picks_up="no-answer"),
    Planted("whoever hangs up is called back again and again", _calls_back_again, _breaks_off_every_time,
            "one call back", by=CALL),
    Planted("whoever was in danger is rung again", _rings_after_danger, _danger,
            "no machine rings after danger", by=CALL),
    Planted("a machine hears what it is about", _talks_to_machines, _nobody_in,
            "a machine hears nothing", by=CALL, picks_up=MACHINE),
    Planted("keys are said back and not kept", _forgets_keys, _three_keys,
            "a key is kept before the next words", by=CALL),
    Planted("a step counts whenever it comes", _takes_every_step, _a_key_comes_again,
            "an old step hears what is asked now", by=CALL),
    Planted("a key answers a question nobody heard", _any_turn_will_do, _texts_while_on_the_phone,
            "a key answers what was heard", by=CALL),
    Planted("danger in a call is not signposted", _no_signpost_is_spoken, _danger,
            "danger is signposted in the call", by=CALL),
    Planted("the end of a call stops what was begun by text", _every_end_pauses, _hangs_up_and_texts,
            "a call's end stops only the call", by=CALL),
    Planted("two answers are enough", _ends_too_soon, _three_keys, "what is finished is whole", by=CALL),
)  # fmt: skip
