"""Every rule, over one story and what the database made of it."""

from __future__ import annotations

from tests.simulation.findings import Findings
from tests.simulation.hearing_rules import check_hearing
from tests.simulation.ledger import Ledger
from tests.simulation.sending_rules import check_reconciled, check_sending


def check(ledger: Ledger, *, settled: bool = True) -> Findings:
    """Hold every rule; what only stands once all is settled is left out until then."""
    findings = Findings()
    check_sending(ledger, findings)
    if settled:
        check_reconciled(ledger, findings)
    check_hearing(ledger, findings)
    return findings
