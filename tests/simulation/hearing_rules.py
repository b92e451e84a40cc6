"""Rules about what comes in: one effect each, answers only to what was asked, and danger always heard."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

from survey_app.ask.sending.tables import MessageKind
from survey_app.hear.conversations.tables import HELD_STATES
from tests.simulation.findings import Findings
from tests.simulation.ledger import Ledger
from tests.simulation.model import Model
from tests.simulation.story import Came, Stepped
from tests.simulation.words import ALARMS

DAY = dt.timedelta(hours=24)


def check_hearing(ledger: Ledger, findings: Findings) -> None:
    for fault in ledger.faults:
        findings.expect(False, "no exception", "", fault)
    for rule in (_one_row_each, _one_effect_each, _danger_is_heard, _one_open, _answers_stand):
        rule(ledger, findings)


def _one_row_each(ledger: Ledger, findings: Findings) -> None:
    rows = Counter(row.provider_id for row in ledger.inbound)
    for e in ledger.story.of(Came):
        findings.expect(rows[e.provider_id] == 1, "one row a text", e.phone, e.provider_id)


def _one_effect_each(ledger: Ledger, findings: Findings) -> None:
    models: dict[str, Model] = {}
    for e in ledger.story.of(Came):
        if e.again:
            continue
        model = models.get(e.phone) or models.setdefault(e.phone, Model(ledger, e.phone))
        effects = ledger.effects.get(e.provider_id, [])
        findings.expect(len(effects) <= 1, "one effect a text", e.phone, effects)
        done, allowed = effects[0] if effects else None, model.allowed(e)
        rule = "a clear answer counts" if None not in allowed else "answers only to what was asked"
        findings.expect(done in allowed, rule, e.phone, f"entry {e.n} did {done}, allowed {set(allowed)}")


def _danger_is_heard(ledger: Ledger, findings: Findings) -> None:
    raised = {alert.source for alert in ledger.alerts}
    about = {key.split(":")[1] for key in ledger.by_key if key.startswith("alert:")}
    lettered = {alert.source for alert in ledger.alerts if str(alert.id) in about}
    signposts = defaultdict(list)
    for row in ledger.texts:
        if row.kind is MessageKind.SIGNPOST:
            signposts[row.address_index].append(row.created_at)
    index = {row.provider_id: row.address_index for row in ledger.inbound}
    for e in ledger.story.of(Came):
        if e.meaning not in ALARMS or e.again:
            continue
        findings.expect(e.provider_id in raised, "danger has an alert", e.phone, e.body)
        findings.expect(e.provider_id in lettered, "an alert has a letter", e.phone, e.body)
        near = [at for at in signposts[index.get(e.provider_id)] if e.at - DAY < at <= e.at]
        findings.expect(len(near) == 1, "one signpost a day", e.phone, near)
    for e in ledger.story.of(Stepped):
        if e.meaning in ALARMS and e.due:
            findings.expect(e.key in raised, "danger has an alert", e.phone, e.body)
            findings.expect(e.key in lettered, "an alert has a letter", e.phone, e.body)
            findings.expect("999" in e.heard, "danger is signposted in the call", e.phone, e.heard)


def _one_open(ledger: Ledger, findings: Findings) -> None:
    pairs = Counter((c.our_address, c.address_index) for c in ledger.conversations if c.state in HELD_STATES)
    for n in pairs.values():
        findings.expect(n == 1, "one open conversation", "", n)


def _answers_stand(ledger: Ledger, findings: Findings) -> None:
    last: dict[tuple[int, str], int | None] = {}
    for row, _ in ledger.history:
        last[row.response_id, row.item_id] = row.code
    for answer in ledger.standing:
        same = last.get((answer.response_id, answer.item_id), "never") == answer.code
        findings.expect(same, "the last answer stands", "", (answer.response_id, answer.item_id))
    findings.expect(
        len(last) == len(ledger.standing), "no answer is lost", "", (len(last), len(ledger.standing))
    )
