"""One turn of a conversation: danger and the wish to stop come first, the open question last."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from survey_app.ask.population.phones import phone_index
from survey_app.ask.sending.tables import MessageKind
from survey_app.hear.conversations import calling, stopping
from survey_app.hear.conversations.finding import latest_closed, survey_from, survey_of
from survey_app.hear.conversations.guarding import is_loop
from survey_app.hear.conversations.inbound import Inbound, claim, note
from survey_app.hear.conversations.languages import switch
from survey_app.hear.conversations.outlets import Outlet, text_outlet
from survey_app.hear.conversations.outside import LATELY, outside
from survey_app.hear.conversations.pausing import hand_over, put_off
from survey_app.hear.conversations.people import place_of
from survey_app.hear.conversations.replying import at_question, before_start
from survey_app.hear.conversations.saying import say
from survey_app.hear.conversations.turn import Conversing, Survey, Turn
from survey_app.hear.conversations.understanding import Meaning, understand
from survey_app.hear.reading.model import DistressKind, Intent
from survey_app.hear.responses.tables import Channel
from survey_app.hear.safeguarding.alerts import Distress, raise_alert

__all__ = ["Conversing", "Inbound", "take_turn"]

SILENT = frozenset({Intent.AUTO_REPLY})
SIGNPOST_OF = {DistressKind.CRISIS: "crisis", DistressKind.EMERGENCY: "emergency"}
PROTECTED = frozenset({Intent.DISTRESS, Intent.OPTOUT, Intent.WRONG_PERSON, Intent.DECEASED})
MOVING = frozenset(
    {
        Intent.ANSWER,
        Intent.MULTI,
        Intent.CORRECTION,
        Intent.LATE_ANSWER,
        Intent.SKIP,
        Intent.DONT_KNOW,
        Intent.NOT_APPLICABLE,
        Intent.BACK,
    }
)
"""What moves a survey: the same word again and again is no loop, but the same opinion of many things."""

SAME_ANYWHERE: dict[Intent, Callable[[Turn, Survey], None]] = {
    Intent.HELP: lambda turn, _: say(turn, "help"),
    Intent.CONTACT_REQUEST: lambda turn, _: say(turn, "contact"),
    Intent.LANGUAGE_REQUEST: switch,
    Intent.DECLINE: put_off,
}
"""What means the same before the first question and at any later one."""


def take_turn(
    session: Session, inbound: Inbound, needs: Conversing, outlet: Outlet | None = None
) -> Intent | None:
    """Give what came in its effect and return what it was read as; None for what was seen before.

    Without an outlet the words go out as texts, on the way the person wrote.
    """
    if not claim(session, inbound, needs.keys):
        return None
    index = phone_index(needs.keys, inbound.sender)
    survey = survey_of(session, inbound, index, needs)
    late = None if survey is not None else _late(session, inbound, index, needs)
    turn = Turn(
        session, inbound, needs, index, survey, outlet or text_outlet(session, inbound, needs.keys), late
    )
    meaning = understand(turn)
    about = survey or late
    intent = meaning.reading.intent
    note(session, inbound, intent=intent, conversation_id=about.conversation.id if about else None)
    if not _protect(turn, meaning) and intent not in SILENT and not _chatters(turn, intent):
        carry_on = calling.contact if calling.is_meant(turn, intent) else _converse
        carry_on(turn, meaning)
    return intent


def _late(session: Session, inbound: Inbound, address_index: bytes, needs: Conversing) -> Survey | None:
    found = latest_closed(session, address_index, since=inbound.received_at - LATELY)
    return survey_from(session, found, needs) if found is not None else None


def _chatters(turn: Turn, intent: Intent) -> bool:
    if intent in MOVING or turn.inbound.channel is Channel.VOICE:
        return False
    return is_loop(turn.session, turn.inbound, turn.address_index, turn.needs.keys)


def _protect(turn: Turn, meaning: Meaning) -> bool:
    """Act on danger and on the wish to stop, on both where both are meant; tell whether that was all."""
    said = meaning.reading
    meant = {said.intent, *said.also}
    if Intent.DISTRESS in meant:
        _signpost(turn, said.kind or DistressKind.LOWMOOD)
    if Intent.OPTOUT in meant:
        stopping.stop(turn)
    elif meant & {Intent.WRONG_PERSON, Intent.DECEASED}:
        stopping.wrong_number(turn, answer=Intent.WRONG_PERSON in meant)
    return bool(meant & PROTECTED)


def _signpost(turn: Turn, kind: DistressKind) -> None:
    inbound = turn.inbound
    place_id = turn.survey.invitation.place_id if turn.survey else place_of(turn.session, turn.address_index)
    distress = Distress(
        inbound.provider_id, kind, inbound.sender, inbound.body, inbound.received_at, place_id
    )
    raise_alert(turn.session, distress, keys=turn.needs.keys, settings=turn.needs.settings)
    say(turn, SIGNPOST_OF.get(kind, "concern"), family="signpost", kind=MessageKind.SIGNPOST)
    if turn.survey is not None:
        hand_over(turn, turn.survey)


def _converse(turn: Turn, meaning: Meaning) -> None:
    survey, intent = turn.survey, meaning.reading.intent
    if survey is None:
        return outside(turn, meaning)
    if turn.inbound.opt_out_type == "HELP":  # the provider has sent the help text we gave it
        return None
    if intent in SAME_ANYWHERE:
        return SAME_ANYWHERE[intent](turn, survey)
    item = survey.open_item
    if item is None:
        return before_start(turn, survey, meaning)
    return at_question(turn, survey, item, meaning)
