"""What a comparison of places means, in sentences: for the page, the picture's description and its title."""

from __future__ import annotations

from collections.abc import Mapping

from survey_app.know.evidence.places.documents import Compared, Comparison, Position, Smoothing
from survey_app.show.charts.phrases import figure_words

FEWEST_TO_SMOOTH = 8
FEWEST_TO_WIDEN = 10
_FAR = {Position.FAR_ABOVE: "higher", Position.FAR_BELOW: "lower"}
FAR = frozenset(_FAR)
_NEAR = {Position.ABOVE: "higher", Position.BELOW: "lower"}
_POSITIONS = {
    Position.USUAL: "Within what chance explains",
    Position.ABOVE: "A little high: may be chance",
    Position.BELOW: "A little low: may be chance",
    Position.FAR_ABOVE: "Higher than chance explains",
    Position.FAR_BELOW: "Lower than chance explains",
}


def position_words(position: Position | None) -> str:
    """Say where a place lies.

    Parameters
    ----------
    position : Position or None
        Of the funnel.

    Returns
    -------
    str
        A short phrase.
    """
    return _POSITIONS[position] if position else "Not judged"


def summary_words(comparison: Comparison, names: Mapping[str, str], unit: str) -> str:
    """Say in a few sentences what a comparison shows.

    Parameters
    ----------
    comparison : Comparison
        As stored.
    names : mapping of str to str
        Place ids to names.
    unit : str
        The measure's unit.

    Returns
    -------
    str
        The places that chance does not explain by name, with their figures; else that there are none.
    """
    shown = sorted(comparison.shown, key=lambda one: names.get(one.place, one.place))
    if comparison.target is None:
        return _no_funnel(comparison)
    far = [_told(one, names, unit, _FAR[one.position]) for one in shown if one.position in _FAR]
    near = [names.get(one.place, one.place) for one in shown if one.position in _NEAR]
    start = f"{len(shown)} places are compared."
    together = f"Together they stand at {figure_words(comparison.target, unit)}."
    if not far:
        verdict = "None differs from the others by more than chance explains."
    else:
        verdict = f"Of these, {len(far)} {_differ(len(far))} by more than chance explains: {'; '.join(far)}."
    hint = ""
    if near:
        hint = (
            f"{_listed(near)} {'lies' if len(near) == 1 else 'lie'} a little outside the inner limits, "
            "where chance alone puts one place in twenty: watch, do not act on this alone."
        )
    return " ".join(part for part in (start, together, verdict, hint, withheld_words(comparison)) if part)


def advice_words(comparison: Comparison) -> str:
    """Say what to do about a comparison.

    Parameters
    ----------
    comparison : Comparison
        As stored.

    Returns
    -------
    str
        One or two sentences.
    """
    if comparison.target is None:
        return "Look at each place by itself until more places have a figure."
    if any(one.position in _FAR for one in comparison.shown):
        return (
            "Ask first what is different there: who answered, who lives there, how they were asked. "
            "Then visit, and ask those who stand high what others could take over."
        )
    return "Do not praise or blame single places on these figures: work on what all of them share."


def smoothing_words(comparison: Comparison) -> str:
    """Say what the smoothed figures are, or why there are none.

    Parameters
    ----------
    comparison : Comparison
        As stored.

    Returns
    -------
    str
        One or two sentences.
    """
    n_shown = len(comparison.shown)
    words = {
        Smoothing.FEW_PLACES: (
            f"There are no smoothed figures: it takes {FEWEST_TO_SMOOTH} places with a figure to tell real "
            f"differences from chance, and here {'is' if n_shown == 1 else 'are'} {n_shown}."
        ),
        Smoothing.NO_DIFFERENCES: (
            "There are no smoothed figures: the places differ no more than chance would have them, so there "
            "is no evidence of real differences between them."
        ),
        Smoothing.ALIKE: "There are no smoothed figures: all answers are alike.",
        Smoothing.SHOWN: (
            "A smoothed figure pulls each place towards what all have together, the more the fewer answered. "
            "It is the better guess of how things really are there, but it is an estimate and no count."
        ),
    }
    return words[comparison.smoothing]


def reliability_words(comparison: Comparison) -> str:
    """Say whether the figures tell places apart.

    Parameters
    ----------
    comparison : Comparison
        As stored.

    Returns
    -------
    str
        Empty where nothing is known of it.
    """
    known = [one for one in comparison.shown if one.reliability is not None]
    if not known or comparison.needed is None:
        return ""
    n_enough = sum((one.reliability or 0.0) >= 0.7 for one in known)
    return (
        f"A place needs about {comparison.needed} answers a quarter before its figure tells it from the "
        f"others well (reliability 0.7); {n_enough} of {len(known)} places have them. Places stand by name: "
        "a list by value would be read as a league table."
    )


def limits_words(comparison: Comparison) -> str:
    """Say what the limits rest on.

    Parameters
    ----------
    comparison : Comparison
        As stored.

    Returns
    -------
    str
        Empty without a funnel.
    """
    if comparison.target is None:
        return ""
    if comparison.widened:
        return (
            "The places differ more than chance alone would have it, so the limits are widened by as much: "
            "who lives where differs too, and that is not a place's fault."
        )
    if len(comparison.shown) < FEWEST_TO_WIDEN:
        return (
            f"With fewer than {FEWEST_TO_WIDEN} places the limits allow for chance only, and not for places "
            "being different kinds of place. A place outside them is a question, not a verdict."
        )
    return "The limits allow for chance only: these places differ no more than that."


def withheld_words(comparison: Comparison) -> str:
    """Say how many places have no figure.

    Parameters
    ----------
    comparison : Comparison
        As stored.

    Returns
    -------
    str
        Empty where all have one.
    """
    n_withheld = len(comparison.places) - len(comparison.shown)
    if not n_withheld:
        return ""
    return f"{n_withheld} {'place has' if n_withheld == 1 else 'places have'} too few answers to be shown."


def alt_words(comparison: Comparison, names: Mapping[str, str], unit: str) -> str:
    """Describe the picture of a comparison.

    Parameters
    ----------
    comparison : Comparison
        As stored.
    names : mapping of str to str
        Place ids to names.
    unit : str
        The measure's unit.

    Returns
    -------
    str
        What it is, then what it shows.
    """
    return (
        "Funnel chart: each place by its figure and its number of answers, between limits that are wider "
        f"where fewer answered. {summary_words(comparison, names, unit)}"
    )


def _no_funnel(comparison: Comparison) -> str:
    n_shown = len(comparison.shown)
    reason = "all answers are alike" if n_shown > 1 else f"only {n_shown} of the places has a figure"
    reason = "no place has a figure" if n_shown == 0 else reason
    return f"Places cannot be compared in this quarter: {reason}. {withheld_words(comparison)}".rstrip()


def _told(one: Compared, names: Mapping[str, str], unit: str, word: str) -> str:
    figure = figure_words(one.value, unit)
    return f"{names.get(one.place, one.place)} is {word} ({figure} from {one.n} answers)"


def _differ(n: int) -> str:
    return "differs" if n == 1 else "differ"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
