"""Rules of calls: few, apart, silent to machines, none after danger, and their end stops no texts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import pairwise

from survey_app.ask.sending.tables import Medium
from survey_app.hear.conversations.tables import ConversationState
from survey_app.hear.responses.tables import Channel
from tests.simulation.findings import Findings
from tests.simulation.ledger import Ledger
from tests.simulation.story import TAKEN, Came, Handed, Rang, Stepped, Webbed
from tests.simulation.words import ALARMS

PERSON = frozenset({"human", "unknown"})
MACHINE = frozenset({"machine_start", "fax"})
MOST_CALLS, MOST_PICKED_UP = 3, 2
APART = dt.timedelta(hours=2)


def check_calls(ledger: Ledger, findings: Findings) -> None:
    placed: dict[int, list[Handed]] = defaultdict(list)
    for e in ledger.story.of(Handed):
        if e.medium is Medium.CALL and e.fate in TAKEN:
            placed[ledger.invitation_of(e) or 0].append(e)
    for invitation_id, calls in placed.items():
        _few_and_apart(ledger, calls, findings)
        _none_after_danger(ledger, invitation_id, calls, findings)
    for rang in ledger.story.of(Rang):
        if rang.outcome in MACHINE:
            findings.expect(not rang.words, "a machine hears nothing", rang.phone, rang.words)
    _paused_by_the_call_alone(ledger, findings)


def _few_and_apart(ledger: Ledger, calls: list[Handed], findings: Findings) -> None:
    phone, keys = calls[0].phone, {e.key for e in calls}
    findings.expect(len(keys) <= MOST_CALLS, "three calls at most", phone, sorted(keys))
    by_person = {e.call for e in ledger.story.of(Rang, phone) if e.outcome in PERSON}
    picked_up = {e.key for e in calls if e.provider_id in by_person}
    findings.expect(len(picked_up) <= MOST_PICKED_UP, "one call back", phone, sorted(picked_up))
    for first, then in pairwise(calls):
        fine = first.key == then.key or then.at - first.at >= APART
        findings.expect(fine, "calls are apart", phone, f"{first.key} at {first.at}, {then.key} at {then.at}")


def _none_after_danger(ledger: Ledger, invitation_id: int, calls: list[Handed], findings: Findings) -> None:
    about = {
        row.provider_id: ledger.invitation_by_conversation.get(row.conversation_id) for row in ledger.inbound
    }
    phone = calls[0].phone
    acted = [e for kind in (Came, Stepped, Webbed) for e in ledger.story.of(kind, phone)]
    cries = [
        e
        for e in acted
        if not isinstance(e, Webbed) and e.meaning in ALARMS
        and about.get(e.key if isinstance(e, Stepped) else e.provider_id) == invitation_id
    ]  # fmt: skip
    for call in calls:
        last = max((e.n for e in cries if e.n < call.n), default=None)
        since = any(last < e.n < call.n for e in acted) if last is not None else True
        findings.expect(since, "no machine rings after danger", phone, call.key)


def _paused_by_the_call_alone(ledger: Ledger, findings: Findings) -> None:
    """A call that ends stops what was asked in it, not what was asked since by text."""
    for conversation in ledger.conversations:
        if conversation.state is ConversationState.PAUSED:
            phone = ledger.asked[conversation.invitation_id].phone
            waits = conversation.item_id is not None and conversation.channel is not Channel.VOICE
            findings.expect(not waits, "a call's end stops only the call", phone, conversation.item_id)
