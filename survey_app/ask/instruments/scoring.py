"""One person's score on one scale: reverse first, then the missing rule, then a percentage or a sum."""

from __future__ import annotations

import math
from dataclasses import dataclass

from survey_app.ask.instruments.model import Answers, Composite, Instrument, Item, Scale, ScaleRule


@dataclass(frozen=True, slots=True)
class _Part:
    """One item or composite of a scale: what was gained of what it can give; None gained is unanswered."""

    gained: float | None
    span: float
    base: float


def scale_score(scale: Scale, instrument: Instrument, answers: Answers) -> float | None:
    """Score one person's answers on one scale.

    Parameters
    ----------
    scale : Scale
        A scale of the instrument.
    instrument : Instrument
        The version the person answered; answers are never scored by another.
    answers : Mapping of str to int or None
        Item id to code; None is a skip, an absent item was not reached.

    Returns
    -------
    float or None
        0 to 100 for `percent`; from the smallest to the largest possible sum for `sum`; None when too
        little applies or is answered.

    Notes
    -----
    With A the applicable parts, B those answered, and x reversed where the item is:
    100 * sum over B of (x - lowest) / sum over B of (highest - lowest), if B holds at least
    `min_share` of A and A at least `min_applicable` parts. This equals filling the gaps with the
    person's own mean. `complete_only` asks for every part, so "does not apply" gives no score.

    References
    ----------
    .. [1] docs/algorithms/scoring.md
    """
    parts = [_item_part(instrument.item(item_id), answers) for item_id in scale.items]
    parts += [_composite_part(composite, instrument, answers) for composite in scale.composites]
    applicable = [part for part in parts if part is not None]
    answered = [part for part in applicable if part.gained is not None]
    if scale.complete_only and len(answered) < len(parts):
        return None
    if len(applicable) < scale.min_applicable or not answered:
        return None
    if len(answered) < math.ceil(scale.min_share * len(applicable)):
        return None
    gained = math.fsum(part.gained for part in answered if part.gained is not None)
    span = math.fsum(part.span for part in answered)
    if scale.rule is ScaleRule.PERCENT:
        return 100 * gained / span
    full = math.fsum(part.span for part in applicable)
    # Multiplying first keeps whole sums whole when everything is answered.
    return math.fsum(part.base for part in applicable) + gained * full / span


def _item_part(item: Item, answers: Answers) -> _Part | None:
    if not item.is_applicable(answers):
        return None
    score = item.score(answers.get(item.id))
    gained = None if score is None else score - item.lowest
    return _Part(gained, item.highest - item.lowest, item.lowest)


def _composite_part(composite: Composite, instrument: Instrument, answers: Answers) -> _Part | None:
    children = [_item_part(instrument.item(child), answers) for child in composite.children]
    shown = [part for part in children if part is not None]
    shares = [part.gained / part.span for part in shown if part.gained is not None]
    if composite.gate is None:
        return _open_part(shown, shares)
    gate = instrument.item(composite.gate)
    if not gate.is_applicable(answers):
        return None
    span = gate.highest - gate.lowest
    passed = gate.score(answers.get(gate.id))
    if passed is None:
        return _Part(None, span, 0.0)
    # A person without the thing asked about gets nothing; one who has it but rated nothing gets all of it.
    share = (math.fsum(shares) / len(shares) if shares else 1.0) if passed == gate.highest else 0.0
    return _Part(span * share, span, 0.0)


def _open_part(shown: list[_Part], shares: list[float]) -> _Part | None:
    if not shown:
        return None
    if len(shares) < math.ceil(0.5 * len(shown)):
        return _Part(None, 1.0, 0.0)
    return _Part(math.fsum(shares) / len(shares), 1.0, 0.0)
