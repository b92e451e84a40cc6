"""One synthetic person answers: options drawn around a level, handed to the intake like anybody's."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument, Item, OptionKind
from survey_app.ask.outreach.tables import Helped
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Origin, Receipt, Submission
from survey_app.hear.responses.tables import Channel


class NotSynthetic(ValueError):
    """An invented answer was offered for somebody who is not marked as invented."""


@dataclass(frozen=True, slots=True)
class Experience:
    """What a synthetic person's care is like: a level from 0 to 1 for each item; their luck; who helps."""

    level: Callable[[str], float]
    luck: random.Random
    helped: Helped | None = None


def answer(
    session: Session,
    origin: Origin,
    library: Library,
    *,
    channel: Channel,
    at: dt.datetime,
    experience: Experience,
) -> Receipt:
    """Answer every applicable item of a synthetic person's invitation at once."""
    if not origin.synthetic:
        raise NotSynthetic(f"{origin.name} belongs to a real person")
    instrument = library.get(origin.instrument_id, origin.instrument_version)
    submission = Submission(
        channel=channel,
        key=f"synthetic:{origin.name}",
        origin=origin,
        answers=_answers(instrument, origin, experience),
        received_at=at,
        helped=experience.helped,
    )
    return accept(session, submission, library)


def _answers(instrument: Instrument, origin: Origin, experience: Experience) -> dict[str, int | str | None]:
    chosen: dict[str, int | None] = {}
    while (item := instrument.next_item(chosen, origin.items)) is not None:
        chosen[item.id] = _choose(item, experience.level(item.id), experience.luck)
    return dict(chosen)


def _choose(item: Item, level: float, luck: random.Random) -> int | None:
    drawn = luck.random()
    other = [option.code for option in item.options if option.kind is not OptionKind.SCORED]
    if drawn < 0.02:
        return None
    if other and drawn < 0.02 + 0.05 * len(other):
        return luck.choice(other)
    if not item.options:
        return round(item.lowest + level * (item.highest - item.lowest))
    # Binomial around the level: people differ, the average is the level.
    in_order = sorted(item.scored, key=lambda option: item.score(option.code) or 0.0)
    steps = len(in_order) - 1
    return in_order[sum(luck.random() < level for _ in range(steps))].code
