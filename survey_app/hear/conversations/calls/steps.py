"""One step of a call: a key or some words come in, take effect once, and the next thing is said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey_app.ask.outreach import invitations
from survey_app.hear.conversations.calls.hearing import HEARD_ANYWAY, Heard, understood
from survey_app.hear.conversations.calls.opening import Ringing, open_survey
from survey_app.hear.conversations.calls.saying import Speaker
from survey_app.hear.conversations.calls.speech import Line, Pace, Speech, VoiceOutlet
from survey_app.hear.conversations.calls.tables import CallResult, CallStage, PhoneCall
from survey_app.hear.conversations.inbound import Inbound
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.conversations.turn import Conversing, Survey
from survey_app.hear.conversations.turns import take_turn
from survey_app.hear.reading.model import Intent
from survey_app.hear.responses.tables import Channel

MOST_MISSES = 3
STOP_KEY, STOP_WORD = "9", "stop"
SIGNPOSTS = frozenset({"crisis", "emergency", "concern"})
LEFT_ALONE = frozenset({Intent.OPTOUT, Intent.WRONG_PERSON, Intent.DECEASED})
CLOSED = frozenset(
    {
        ConversationState.COMPLETED,
        ConversationState.EXPIRED,
        ConversationState.OPTED_OUT,
        ConversationState.DECLINED,
        ConversationState.WRONG_PERSON,
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step stands on."""

    session: Session
    call: PhoneCall
    ringing: Ringing
    heard: Heard
    needs: Conversing

    def survey(self) -> Survey | None:
        """Return the survey that is open for the telephone."""
        return open_survey(self.session, self.ringing, self.call.address_index, self.needs)


def take_step(step: Step) -> Speech:
    """Give a key or words their effect and return what is said next; the caller checks that it is due."""
    call, survey = step.call, step.survey()
    call.step += 1
    if call.stage is CallStage.OVER:
        return Speaker(step.needs, survey).ending("goodbye")
    if survey is None and call.stage is not CallStage.STOP_ONLY:
        return _over(step, None, "finished_already")
    if step.heard.keys == STOP_KEY:
        return _turn(step, survey, STOP_WORD)
    if call.stage is CallStage.QUESTION and survey is not None and survey.open_item is not None:
        return _at_question(step, survey)
    return _at_opening(step, survey)


def keep_spoken(call: PhoneCall, document: str) -> None:
    """Keep what was answered, so that whoever asks again for the same step hears the same."""
    call.spoken = document


def _at_opening(step: Step, survey: Survey | None) -> Speech:
    call, speaker = step.call, Speaker(step.needs, survey)
    chosen = speaker.languages().get(step.heard.keys)
    if survey is not None and chosen is not None and ":" not in call.opening:
        return _in_language(step, survey, chosen)
    meant = understood(step.heard, survey, None)
    if meant is Intent.REPEAT:
        return speaker.slower(speaker.opening(call.opening, before=_signpost_again(step, speaker)))
    if meant is Intent.HELP:
        return speaker.opening(call.opening, before=(speaker.line("help"),))
    if meant is None or (survey is None and meant not in HEARD_ANYWAY):
        return _miss(step, survey)
    if survey is not None:
        # Nothing was asked in this call yet: "one" starts, and is no answer to a question of another day.
        survey.conversation.item_id = None
        step.session.flush()
    return _turn(step, survey, step.heard.body)


def _in_language(step: Step, survey: Survey, language: str) -> Speech:
    """Say the opening again in the language somebody chose; the call and all that follows keep to it."""
    invitations.speak(step.session, survey.invitation.id, language)
    released = step.needs.library.get(survey.instrument.id, survey.instrument.version)
    step.call.misses = 0
    return Speaker(step.needs, survey.in_language(language, released)).opening(step.call.opening)


def _at_question(step: Step, survey: Survey) -> Speech:
    item = survey.open_item
    if item is not None and survey.conversation.turn != step.call.asked_turn:
        # Meanwhile it was answered another way: a key must not answer a question that nobody heard.
        step.call.asked_turn = survey.conversation.turn
        return Speaker(step.needs, survey).question(survey, item)
    if understood(step.heard, survey, item) is None:
        return _miss(step, survey)
    return _turn(step, survey, step.heard.body)


def _turn(step: Step, survey: Survey | None, body: str) -> Speech:
    outlet = VoiceOutlet()
    inbound = Inbound(
        provider_id=f"{step.call.provider_id}:{step.call.step}",
        sender=step.ringing.phone,
        our_address=step.needs.settings.twilio_number,
        body=body,
        received_at=step.ringing.at,
        channel=Channel.VOICE,
        turn=step.call.asked_turn if step.call.stage is CallStage.QUESTION else None,
    )
    intent = take_turn(step.session, inbound, step.needs, outlet)
    step.session.flush()
    return _after(step, step.survey() or survey, outlet, intent)


def _after(step: Step, survey: Survey | None, outlet: VoiceOutlet, intent: Intent | None) -> Speech:
    speaker, call = Speaker(step.needs, survey), step.call
    names = tuple(line.phrase.name for line in outlet.said)
    if survey is None or intent in LEFT_ALONE or survey.conversation.state in CLOSED:
        return _over(step, survey, *(names or (_last_word(intent, survey),)))
    if intent is Intent.DECLINE:
        # Not now: nothing is settled, so that one more call may come at a better time.
        call.stage = CallStage.OVER
        return speaker.ending(*names)
    before = speaker.lines(outlet.said)
    signpost = next((name for name in names if name in SIGNPOSTS), None)
    if signpost is not None:
        # Whoever is in distress is told where help is, and goes on only by asking to.
        call.stage, call.misses, call.opening = CallStage.OPENING, 0, f"go_on:{signpost}"
        call.result = CallResult.DONE  # no machine rings them again
        return speaker.opening("go_on", before=before)
    if outlet.prompt is not None:
        call.stage, call.misses, call.asked_turn = CallStage.QUESTION, 0, survey.conversation.turn
        call.result = None
        asked = speaker.question(survey, outlet.prompt.item, before=before + speaker.lead(outlet.prompt))
        return replace(asked, pace=Pace.SLOW) if intent is Intent.REPEAT else asked
    if call.stage is CallStage.QUESTION and survey.open_item is not None:
        call.misses = 0
        return speaker.question(survey, survey.open_item, before=before)
    return _miss(step, survey)


def _miss(step: Step, survey: Survey | None) -> Speech:
    call, speaker = step.call, Speaker(step.needs, survey)
    call.misses += 1
    if call.misses >= MOST_MISSES:
        call.stage = CallStage.OVER
        return speaker.ending("goodbye" if survey is not None else "no_survey_unknown")
    if call.stage is CallStage.QUESTION and survey is not None and survey.open_item is not None:
        return speaker.question(survey, survey.open_item, misses=call.misses)
    return speaker.opening(call.opening, misses=call.misses)


def _over(step: Step, survey: Survey | None, *names: str) -> Speech:
    step.call.stage, step.call.result = CallStage.OVER, CallResult.DONE
    # "Goodbye" comes last: what else there is for this telephone is said before it.
    return Speaker(step.needs, survey).ending(*sorted(names, key=lambda name: name != "next_survey"))


def _last_word(intent: Intent | None, survey: Survey | None) -> str:
    if intent in LEFT_ALONE:
        return "stop_done"
    return "goodbye" if survey is not None else "no_survey_unknown"


def _signpost_again(step: Step, speaker: Speaker) -> tuple[Line, ...]:
    name = step.call.opening.partition(":")[2]
    return (speaker.line(name),) if name else ()
