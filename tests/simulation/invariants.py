"""Every rule, over one story and what the database made of it."""

from __future__ import annotations

from tests.simulation.calling_rules import check_calls
from tests.simulation.findings import Findings
from tests.simulation.hand_over_rules import check_hand_over
from tests.simulation.hearing_rules import check_hearing
from tests.simulation.key_rules import check_keys
from tests.simulation.ledger import Ledger
from tests.simulation.sending_rules import check_reconciled, check_sending
from tests.simulation.whatsapp_rules import check_whatsapp


def check(ledger: Ledger, *, settled: bool = True) -> Findings:
    """Hold every rule; what only stands once all is settled is left out until then."""
    findings = Findings()
    check_sending(ledger, findings)
    if settled:
        check_reconciled(ledger, findings)
    check_hearing(ledger, findings)
    check_whatsapp(ledger, findings)
    check_calls(ledger, findings)
    check_keys(ledger, findings)
    check_hand_over(ledger, findings)
    return findings
