"""Pausing: "not now" gets one question the next day, "no" gets none, and both may come back by themselves."""

from __future__ import annotations

import datetime as dt

from survey_app.ask.outreach import invitations
from survey_app.ask.sending import outbox
from survey_app.clock import LONDON
from survey_app.hear.conversations.saying import move, say
from survey_app.hear.conversations.tables import ConversationState, TimerKind
from survey_app.hear.conversations.timers import set_timer
from survey_app.hear.conversations.turn import Survey, Turn

EARLIEST, LATEST = dt.time(10), dt.time(18)

NO_INTEREST = ("interest", "rather not", "diddordeb", "zainteres", "interesat")
"""Parts of words in which a no is meant for good; everything else that declines is about the moment."""


def put_off(turn: Turn, survey: Survey) -> None:
    """Take "not now" as it was meant: who is not interested is not asked again tomorrow."""
    said = turn.inbound.body.casefold()
    (decline if any(word in said for word in NO_INTEREST) else not_now)(turn, survey)


def pause(turn: Turn, survey: Survey, text: str) -> None:
    """Wait until the person goes on."""
    survey.conversation.item_id = None
    move(turn, survey, ConversationState.PAUSED)
    say(turn, text)


def not_now(turn: Turn, survey: Survey) -> None:
    """Leave somebody alone until tomorrow; the one question they get then is their reminder."""
    pause(turn, survey, "later")
    due = tomorrow(turn.inbound.received_at)
    set_timer(turn.session, survey.conversation, TimerKind.SNOOZE, due)


def decline(turn: Turn, survey: Survey) -> None:
    """Take a no to this survey: no reminder follows, and the door stays open."""
    survey.conversation.item_id = None
    move(turn, survey, ConversationState.DECLINED)
    quieten(turn, survey)
    say(turn, "later")


def hand_over(turn: Turn, survey: Survey) -> None:
    """Let people take over from the survey: nothing is asked until the person answers by themselves."""
    outbox.withdraw(turn.session, invitation_id=survey.invitation.id)
    move(turn, survey, ConversationState.HANDED_OVER)
    quieten(turn, survey)


def quieten(turn: Turn, survey: Survey) -> None:
    """Send no reminder for a survey."""
    invitations.mark_reminded(turn.session, survey.invitation.id, turn.inbound.received_at)


def tomorrow(now: dt.datetime) -> dt.datetime:
    """Return the same time on the next local day, but in the middle of the day; aware, in UTC."""
    local = now.astimezone(LONDON)
    time = min(max(local.time(), EARLIEST), LATEST)
    return dt.datetime.combine(local.date() + dt.timedelta(days=1), time, tzinfo=LONDON).astimezone(dt.UTC)
