"""Rules of handing over: a survey may change its way, but it asks nothing twice and ends whole."""

from __future__ import annotations

from collections import defaultdict

from survey_app.hear.responses.tables import ResponseState
from tests.simulation.findings import Findings
from tests.simulation.ledger import Ledger
from tests.simulation.prompts import Prompt, prompts_to
from tests.simulation.story import Came, Stepped
from tests.simulation.words import Meaning

ASKED_FOR = frozenset({Meaning.BACK, Meaning.CORRECTION, Meaning.REPEAT, Meaning.LANGUAGE})
"""What makes us ask again what was answered."""


def check_hand_over(ledger: Ledger, findings: Findings) -> None:
    answered: dict[tuple[int, str], int] = {}
    for key, effects in ledger.effects.items():
        for effect in effects:
            at = ledger.number.get(key, 0)
            pair = (effect.invitation_id, effect.item)
            answered[pair] = min(at, answered.get(pair, at))
    for phone in {asked.phone for asked in ledger.asked.values()}:
        for prompt in prompts_to(ledger, phone):
            _once(ledger, prompt, answered, findings)
    _whole(ledger, findings)


def _once(ledger: Ledger, prompt: Prompt, answered: dict[tuple[int, str], int], findings: Findings) -> None:
    if len(prompt.among) != 1:
        return
    phone = prompt.asked.phone
    first = answered.get((prompt.asked.id, prompt.item.id))
    asked_for = first is not None and any(
        first < e.n <= prompt.n and e.meaning in ASKED_FOR
        for kind in (Came, Stepped)
        for e in ledger.story.of(kind, phone)
    )
    fine = first is None or first >= prompt.n or asked_for
    findings.expect(fine, "nothing is asked twice", phone, f"{prompt.n} asks {prompt.item.id} again")


def _whole(ledger: Ledger, findings: Findings) -> None:
    codes: dict[int, dict[str, int | None]] = defaultdict(dict)
    for answer in ledger.standing:
        codes[answer.response_id][answer.item_id] = answer.code
    for response in ledger.responses.values():
        asked = ledger.asked.get(int(response.origin.split(":")[1]))
        if response.state is ResponseState.FINISHED and asked is not None:
            given = codes[response.id]
            items = {item.id for item in asked.instrument.applicable(given, asked.items)}
            findings.expect(
                items <= given.keys(), "what is finished is whole", asked.phone, items - given.keys()
            )
