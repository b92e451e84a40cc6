"""One synthetic person answers: options drawn around a level, handed to the intake like anybody's."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument, Item, OptionKind
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Origin, Receipt, Submission
from survey_app.hear.responses.tables import Channel


class NotSynthetic(ValueError):
    """An invented answer was offered for somebody who is not marked as invented."""


def answer(
    session: Session,
    origin: Origin,
    library: Library,
    *,
    channel: Channel,
    at: dt.datetime,
    level: Callable[[str], float],
    rng: random.Random,
) -> Receipt:  # noqa: PLR0913 - one person's facts
    """Answer every applicable item of a synthetic person's invitation at once."""
    if not origin.synthetic:
        raise NotSynthetic(f"{origin.name} belongs to a real person")
    instrument = library.get(origin.instrument_id, origin.instrument_version)
    answers = _answers(instrument, origin, level, rng)
    return accept(
        session,
        Submission(
            channel=channel, key=f"synthetic:{origin.name}", origin=origin, answers=answers, received_at=at
        ),
        library,
    )


def _answers(
    instrument: Instrument, origin: Origin, level: Callable[[str], float], rng: random.Random
) -> dict[str, int | str | None]:
    chosen: dict[str, int | None] = {}
    while (item := instrument.next_item(chosen, origin.items)) is not None:
        chosen[item.id] = _choose(item, level(item.id), rng)
    return dict(chosen)


def _choose(item: Item, level: float, rng: random.Random) -> int | None:
    luck = rng.random()
    other = [option.code for option in item.options if option.kind is not OptionKind.SCORED]
    if luck < 0.02:
        return None
    if other and luck < 0.02 + 0.05 * len(other):
        return rng.choice(other)
    if not item.options:
        return round(item.lowest + level * (item.highest - item.lowest))
    # Binomial around the level: people differ, the average is the level.
    in_order = sorted(item.scored, key=lambda option: item.score(option.code) or 0.0)
    steps = len(in_order) - 1
    return in_order[sum(rng.random() < level for _ in range(steps))].code
