"""Rules of keys and spoken words: on disk before the next words, and answers only to what was heard."""

from __future__ import annotations

from tests.simulation.findings import Findings
from tests.simulation.ledger import Effect, Ledger
from tests.simulation.model import NOTHING, codes_of
from tests.simulation.prompts import asked_in
from tests.simulation.story import Came, Handed, Stepped, Stopped, Webbed
from tests.simulation.words import Meaning

ANSWERS = frozenset({Meaning.ANSWER, Meaning.LABEL})


def check_keys(ledger: Ledger, findings: Findings) -> None:
    last: dict[str, int] = {}  # by call, when what is being answered was said
    for step in ledger.story.of(Stepped):
        if not step.due:
            findings.expect(step.heard == step.now, "an old step hears what is asked now", step.phone, step)
            continue
        effects = ledger.effects.get(step.key, [])
        kept = [Effect(*stored) for stored in step.stored]
        moved = _has_moved(ledger, step, last.get(step.call, 0))
        in_time = kept == effects and (kept or moved or not _went_on(ledger, step))
        findings.expect(in_time, "a key is kept before the next words", step.phone, step)
        done, allowed = effects[0] if effects else None, _allowed(ledger, step, moved=moved)
        rule = "a clear key counts" if None not in allowed else "a key answers what was heard"
        findings.expect(done in allowed and len(effects) <= 1, rule, step.phone, f"{step.n} did {effects}")
        last[step.call] = step.n


def _allowed(ledger: Ledger, step: Stepped, *, moved: bool) -> frozenset[Effect | None]:
    found = asked_in(ledger, step.phone, step.before)
    if found is None or step.meaning not in ANSWERS or not step.sure:
        return NOTHING
    item, _, whose = found
    still = [asked for asked in whose if asked.invited_at <= step.at < asked.expires_at]
    about = frozenset(Effect(asked.id, item.id, code) for asked in still for code in codes_of(item, step))
    return about if about and not moved else NOTHING | about


def _went_on(ledger: Ledger, step: Stepped) -> bool:
    """Tell whether the words after an answer to one question ask another."""
    before, after = (asked_in(ledger, step.phone, words) for words in (step.before, step.heard))
    if before is None or after is None or step.meaning not in ANSWERS:
        return False
    return before[0].id != after[0].id


def _has_moved(ledger: Ledger, step: Stepped, said_at: int) -> bool:
    """Tell whether anything else happened at this telephone since its owner heard the question."""
    kinds = (Came, Webbed, Stopped, Stepped, Handed)
    others = (e for kind in kinds for e in ledger.story.of(kind, step.phone))
    return any(said_at < e.n < step.n and not (isinstance(e, Stepped) and not e.due) for e in others)
