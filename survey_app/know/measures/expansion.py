"""The measures of one instrument, made from its items and scales: ids, titles and plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from survey_app.ask.instruments.model import Instrument, Item, Scale
from survey_app.know.measures.formulas import top_labels
from survey_app.know.measures.model import Direction, Measure, MeasureKind
from survey_app.know.measures.modes import WORDS

SCORE_UNIT = "score 0-100"
PERCENT_UNIT = "percent"
PEOPLE_UNIT = "people"


def mean_measure(instrument: Instrument, item: Item) -> Measure:
    """Make the measure of an item's mean.

    Parameters
    ----------
    instrument : Instrument
        The version asked.
    item : Item
        One of its items.

    Returns
    -------
    Measure
        With id `<item>.mean`.
    """
    turned = ", turned round so that 100 is best" if item.reverse else ""
    return Measure(
        id=f"{item.id}.mean",
        title=item.title,
        statement=f'Average answer to "{item.text}" from 0 (worst) to 100 (best){turned}.',
        kind=MeasureKind.ITEM_MEAN,
        instrument=instrument.id,
        version=instrument.version,
        audience=instrument.audience,
        items=(item.id,),
        elements=item.elements,
        unit=SCORE_UNIT,
        direction=Direction.INCREASE,
    )


def top_measure(instrument: Instrument, item: Item) -> Measure:
    """Make the measure of an item's most positive answers.

    Parameters
    ----------
    instrument : Instrument
        The version asked.
    item : Item
        One of its items, with options.

    Returns
    -------
    Measure
        With id `<item>.top`.
    """
    labels = " or ".join(f'"{label}"' for label in top_labels(item))
    return Measure(
        id=f"{item.id}.top",
        title=f"{item.title}: most positive answers",
        statement=f'Of every 100 people who gave an answer, how many said {labels} to "{item.text}"',
        kind=MeasureKind.TOP_SHARE,
        instrument=instrument.id,
        version=instrument.version,
        audience=instrument.audience,
        items=(item.id,),
        elements=item.elements,
        unit=PERCENT_UNIT,
        direction=Direction.INCREASE,
    )


def scale_measure(instrument: Instrument, scale: Scale, elements: tuple[str, ...]) -> Measure:
    """Make the measure of a scale.

    Parameters
    ----------
    instrument : Instrument
        The version asked.
    scale : Scale
        One of its scales.
    elements : tuple of str
        What the scale speaks to, primary first; empty: its items' primary elements.

    Returns
    -------
    Measure
        With id `<instrument>.<scale>`; `items` are those whose figures it is made of.
    """
    primary = dict.fromkeys(instrument.item(item_id).elements[0] for item_id in scale.item_ids)
    return Measure(
        id=f"{instrument.id}.{scale.id}",
        title=scale.title,
        statement=f"{scale.title}: average of {len(scale.item_ids)} answers, from 0 (worst) to 100 (best).",
        kind=MeasureKind.SCALE,
        instrument=instrument.id,
        version=instrument.version,
        audience=instrument.audience,
        items=scale.item_ids,
        elements=elements or tuple(primary),
        unit=SCORE_UNIT,
        direction=Direction.INCREASE,
        scale=scale.id,
    )


def replies_measure(instrument: Instrument) -> Measure:
    """Make the measure of how many people answered.

    Parameters
    ----------
    instrument : Instrument
        The version asked.

    Returns
    -------
    Measure
        With id `<instrument>.replies`.
    """
    return Measure(
        id=f"{instrument.id}.replies",
        title=f"{instrument.title}: replies",
        statement=f'How many people answered "{instrument.title}".',
        kind=MeasureKind.REPLIES,
        instrument=instrument.id,
        version=instrument.version,
        audience=instrument.audience,
        items=(),
        elements=(),
        unit=PEOPLE_UNIT,
        direction=Direction.NEUTRAL,
    )


def mode_measure(instrument: Instrument, channel: str) -> Measure:
    """Make the measure of how many of the answers came in one way.

    Parameters
    ----------
    instrument : Instrument
        The version asked.
    channel : str
        One of those in `modes.WORDS`.

    Returns
    -------
    Measure
        With id `<instrument>.by_<channel>`.
    """
    return Measure(
        id=f"{instrument.id}.by_{channel}",
        title=f"{instrument.title}: {WORDS[channel]}",
        statement=f'Of every 100 people who answered "{instrument.title}", how many did so {WORDS[channel]}.',
        kind=MeasureKind.MODE,
        instrument=instrument.id,
        version=instrument.version,
        audience=instrument.audience,
        items=(),
        elements=(),
        unit=PERCENT_UNIT,
        direction=Direction.NEUTRAL,
        channel=channel,
    )


def helped_measure(instrument: Instrument) -> Measure:
    """Make the measure of how many people had help with answering, or let somebody else answer.

    Parameters
    ----------
    instrument : Instrument
        The version asked.

    Returns
    -------
    Measure
        With id `<instrument>.with_help`.
    """
    return Measure(
        id=f"{instrument.id}.with_help",
        title=f"{instrument.title}: with help",
        statement=(
            f'Of every 100 people who answered "{instrument.title}", how many said that somebody helped them '
            "or answered for them."
        ),
        kind=MeasureKind.HELPED,
        instrument=instrument.id,
        version=instrument.version,
        audience=instrument.audience,
        items=(),
        elements=(),
        unit=PERCENT_UNIT,
        direction=Direction.NEUTRAL,
    )


# The words of `each_item` in config/measures.toml.
ITEM_MEASURES: Mapping[str, Callable[[Instrument, Item], Measure]] = {
    "mean": mean_measure,
    "top": top_measure,
}
