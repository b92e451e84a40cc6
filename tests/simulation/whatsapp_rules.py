"""Rules of WhatsApp: free words for a day only, and a button answers no question but its own."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from survey_app.ask.sending.tables import Medium, MessageState
from survey_app.hear.responses.tables import Channel
from tests.simulation.findings import Findings
from tests.simulation.ledger import Ledger
from tests.simulation.model import Model
from tests.simulation.story import Came, Fate, Handed

A_DAY = dt.timedelta(hours=24)
TOO_LATE = "63016"


def check_whatsapp(ledger: Ledger, findings: Findings) -> None:
    handed = [e for e in ledger.story.of(Handed) if e.medium is Medium.WHATSAPP]
    for rule in (_free_for_a_day, _too_late_is_said_by_template):
        rule(ledger, handed, findings)
    _a_button_answers_its_own(ledger, findings)


def _free_for_a_day(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    wrote: dict[str, list[Came]] = defaultdict(list)
    for came in ledger.story.of(Came):
        if came.channel is Channel.WHATSAPP and not came.again:
            wrote[came.phone].append(came)
    for e in handed:
        if e.free:
            lately = any(e.at - A_DAY < came.at <= e.at for came in wrote[e.phone])
            findings.expect(lately, "no free words after a day", e.phone, e.key)


def _too_late_is_said_by_template(ledger: Ledger, handed: list[Handed], findings: Findings) -> None:
    late = {e.key for e in handed if e.free and _told_too_late(ledger, e)}
    for key in late:
        tries = [e for e in handed if e.key == key]
        last = max(n for n, e in enumerate(tries) if e.free and _told_too_late(ledger, e))
        free_again = any(e.free for e in tries[last + 1 :])
        findings.expect(not free_again, "what came too late is not free again", tries[0].phone, key)
        said = any(not e.free for e in tries)
        # Else it still waits, or there was no more to be asked.
        waits = ledger.by_key[key].state in {MessageState.PENDING, MessageState.WITHDRAWN}
        findings.expect(said or waits, "what came too late is said by template", tries[0].phone, key)


def _told_too_late(ledger: Ledger, e: Handed) -> bool:
    return (e.fate is Fate.REFUSED and e.code == TOO_LATE) or e.provider_id in ledger.too_late


def _a_button_answers_its_own(ledger: Ledger, findings: Findings) -> None:
    models: dict[str, Model] = {}
    for e in ledger.story.of(Came):
        if not e.payload or e.again:
            continue
        model = models.get(e.phone) or models.setdefault(e.phone, Model(ledger, e.phone))
        named = model.named(e)
        own = [] if named is None else [(named.asked.id, named.item.id, e.value)]
        for done in ledger.effects.get(e.provider_id, []):
            its = (done.invitation_id, done.item, done.code) in own
            findings.expect(its, "a button answers its own question", e.phone, f"{e.payload} did {done}")
