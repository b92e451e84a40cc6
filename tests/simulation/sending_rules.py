"""Rules about what leaves: once, to nobody who asked us to stop, by day, seldom, as the provider has it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from itertools import pairwise

from survey_app.ask.sending.tables import Medium, MessageKind, MessageState
from survey_app.clock import LONDON
from tests.simulation.findings import Findings
from tests.simulation.ledger import Ledger
from tests.simulation.story import TAKEN, UNCERTAIN, Came, Handed, Stepped
from tests.simulation.words import ALARMS, STOPS, Meaning

HOURS = {Medium.CALL: (dt.time(9), dt.time(19))}
TEXTING = (dt.time(8), dt.time(20))
REST = dt.timedelta(days=28)
LAST_LOOK = dt.timedelta(minutes=15) - dt.timedelta(minutes=5)
"""A sender that dies may have claimed its batch up to five minutes before the letter it died with."""

AFTER_STOPPING = frozenset({MessageKind.STOP_DONE, MessageKind.SIGNPOST})
ASKING = frozenset({MessageKind.INVITE, MessageKind.REMINDER, MessageKind.QUESTION})
ORDER = ("queued", "sent", "undelivered", "delivered")
ANSWERING = frozenset({MessageKind.REPLY, MessageKind.QUESTION, MessageKind.SIGNPOST, MessageKind.STOP_DONE})


def check_sending(ledger: Ledger, findings: Findings) -> None:
    handed = [e for e in ledger.story.of(Handed) if e.fate in TAKEN]
    for rule in (
        _in_order,
        _sent_once,
        _three_tries,
        _left_alone,
        _by_day,
        _finished_is_finished,
        _in_peace,
        _receipts_stand,
    ):
        rule(ledger, handed, findings)
    _seldom(ledger, handed, findings)
    _no_chatter(ledger, handed, findings)


def _in_order(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    """Whoever answers the text they got last must not answer a question we asked before it."""
    newest: dict[int, int] = {}
    for e in handed:
        row = ledger.by_key[e.key]
        if row.kind is not MessageKind.QUESTION:
            continue
        overtaken = row.id < newest.get(row.invitation_id or 0, 0)
        findings.expect(not overtaken, "no old question after a newer one", e.phone, e.key)
        newest[row.invitation_id or 0] = max(row.id, newest.get(row.invitation_id or 0, 0))


def _sent_once(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    tries: dict[str, list[Handed]] = defaultdict(list)
    for e in ledger.story.of(Handed):
        tries[e.key].append(e)
    for key, every in tries.items():
        taken = Counter(e.free for e in every if e.fate in TAKEN)
        findings.expect(max(taken.values(), default=0) <= 2, "no third copy", every[0].phone, key)
        # After a doubt: one more, once the provider's list has been searched for the last time.
        for doubt, again in pairwise(every):
            looked = again.at - doubt.at >= LAST_LOOK
            looked &= ledger.by_key[key].kind is not MessageKind.STOP_DONE
            fine = (doubt.fate not in UNCERTAIN or looked) and doubt.fate is not doubt.fate.ACCEPTED
            came_too_late = doubt.free and not again.free  # a rule of WhatsApp's own tells when
            findings.expect(fine or came_too_late, "sent once", again.phone, f"{key} again")


def _three_tries(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    del ledger
    phones = {e.key: e.phone for e in handed}
    tries = Counter(key.partition("~")[0] for key in phones)
    for key, n in tries.items():
        findings.expect(n <= 3, "three tries at most", phones.get(key, ""), f"{n} of {key}")


def _left_alone(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    for e in handed:
        stopped = [stop for stop in ledger.stops(e.phone) if stop.n < e.n]
        allowed = not stopped or ledger.by_key[e.key].kind in AFTER_STOPPING
        findings.expect(allowed, "left alone", e.phone, f"{e.key} after {stopped and stopped[0].why}")
    confirmed = Counter(e.phone for e in handed if ledger.by_key[e.key].kind is MessageKind.STOP_DONE)
    for phone, n in confirmed.items():
        findings.expect(n == 1, "confirmed once", phone, f"{n} confirmations")


def _by_day(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    for e in handed:
        if not ledger.by_key[e.key].kind.unsolicited:
            continue
        local = e.at.astimezone(LONDON)
        opens, closes = HOURS.get(e.medium, TEXTING)
        rule = "calls by day" if e.medium is Medium.CALL else "quiet hours"
        findings.expect(opens <= local.time() < closes, rule, e.phone, f"{e.key} at {local}")
        if e.medium is not Medium.CALL:
            until = (e.at + dt.timedelta(seconds=e.valid_seconds or 0)).astimezone(LONDON)
            in_time = e.valid_seconds and until.date() == local.date() and until.time() < closes
            findings.expect(in_time, "may not wait into the night", e.phone, f"{e.key} valid until {until}")


def _seldom(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    unasked: dict[int, list[Handed]] = defaultdict(list)
    first: dict[int, dict[int, dt.datetime]] = defaultdict(dict)
    for e in handed:
        message = ledger.by_key[e.key]
        if message.kind.unsolicited and message.invitation_id is not None:
            asked = ledger.asked[message.invitation_id]
            unasked[asked.id].append(e)
            first[asked.participant_id].setdefault(asked.id, e.at)
    for letters in unasked.values():
        for last in letters:
            keys = {e.key for e in letters if e.n <= last.n and not _has_failed(ledger, e, last.at)}
            findings.expect(len(keys) <= 2, "at most two unasked", last.phone, sorted(keys))
    for invited in first.values():
        asked = sorted(invited, key=lambda one: ledger.asked[one].invited_at)
        phone = ledger.asked[asked[0]].phone
        apart = [ledger.asked[b].invited_at - ledger.asked[a].invited_at for a, b in pairwise(asked)]
        findings.expect(all(gap >= REST for gap in apart), "28 days of rest", phone, apart)


def _in_peace(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    """After a no, or words of danger, nothing leaves that was to be asked before."""
    about = {
        row.provider_id: ledger.invitation_by_conversation.get(row.conversation_id) for row in ledger.inbound
    }
    moments: dict[int, list[Came | Stepped]] = defaultdict(list)
    for came in ledger.story.of(Came):
        if not came.again and (came.meaning in ALARMS or ledger.is_plain_no(came)):
            moments[about.get(came.provider_id) or 0].append(came)
    for step in ledger.story.of(Stepped):
        if step.due and step.meaning in ALARMS:
            moments[about.get(step.key) or 0].append(step)
    for e in handed:
        row = ledger.by_key[e.key]
        said = [c for c in moments[row.invitation_id or -1] if c.n < e.n and row.created_at <= c.at]
        findings.expect(row.kind not in ASKING or not said, "nothing old is asked after a no", e.phone, e.key)


def _has_failed(ledger: Ledger, handed: Handed, at: dt.datetime) -> bool:
    """Tell whether the provider had told, by an instant, that a text certainly did not arrive."""

    def had_told(status: str) -> bool:
        told = ledger.said_at.get((handed.provider_id or "", status))
        return told is not None and told <= at

    return had_told("undelivered") and not had_told("delivered")


def _finished_is_finished(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    for e in handed:
        message = ledger.by_key[e.key]
        finished = ledger.finished_by.get(message.invitation_id or 0)
        asks_on = finished is not None and finished < e.n and message.kind in ASKING
        findings.expect(not asks_on, "nothing more after the end", e.phone, e.key)


def check_reconciled(ledger: Ledger, findings: Findings) -> None:
    handed = [e for e in ledger.story.of(Handed) if e.fate in TAKEN]
    ids: dict[str, set[str]] = defaultdict(set)
    listed = {accepted.provider_id for accepted in ledger.log if accepted.listed}
    for e in handed:
        findings.expect(e.key in ledger.by_key, "every text has a row", e.phone, e.key)
        ids[e.key].add(e.provider_id or "")
    phones = {e.key: e.phone for e in handed}
    for row in ledger.texts:
        phone = phones.get(row.key, "")
        found = ids.get(row.key, set())
        match row.state:
            case MessageState.ACCEPTED:
                holds = row.provider_id in found
            case MessageState.UNKNOWN:  # twice in doubt and in no list
                holds = not found & listed
            case MessageState.REJECTED | MessageState.WITHDRAWN | MessageState.LOST:
                holds = not found & listed
            case _:
                holds = False
        what = f"{row.key} is {row.state} {row.provider_id}, the provider has {sorted(found)}"
        findings.expect(holds, "outbox equals the provider's log", phone, what)


def _receipts_stand(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    phones = {e.key: e.phone for e in handed}
    for row in ledger.texts:
        if row.medium is Medium.CALL:
            continue
        said = ledger.said.get(row.provider_id or "", set())
        furthest = max(said, key=ORDER.index, default=None)
        what = f"{row.key} is {row.delivery} after {sorted(said)}"
        phone = phones.get(row.key, "")
        findings.expect(row.delivery in (furthest, "no_receipt"), "receipts only move forward", phone, what)


def _no_chatter(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    # What failed and is sent once more has a key beside the first one's.
    answers = Counter(e.phone for e in {e.key.partition("~")[0]: e for e in handed}.values()
                      if ledger.by_key[e.key].kind in ANSWERING)  # fmt: skip
    came = [e for e in ledger.story.of(Came) if not e.again]
    texts = Counter(e.phone for e in came)
    both = Counter(e.phone for e in came if e.meaning in STOPS)
    for phone, n in answers.items():
        most = texts[phone] + both[phone]
        findings.expect(n <= most, "one text back for one text", phone, f"{n} answers to {most} texts")
    machines = Counter(e.phone for e in came if e.meaning is Meaning.MACHINE)
    for phone, n in machines.items():
        if n == texts[phone]:
            findings.expect(not answers[phone], "machines do not chat", phone, f"{answers[phone]} answers")
