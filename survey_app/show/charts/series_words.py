"""What a series, its points and its signals are, in plain words."""

from __future__ import annotations

from survey_app.know.evidence.series import ANSWERS, Gap, LimitsStage, Point, Series, Withheld
from survey_app.know.evidence.units import spoken
from survey_app.show.charts.dates import span_words
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import PointState

_STATES = {
    PointState.COMMON_CAUSE: "Usual ups and downs",
    PointState.IMPROVEMENT: "Better",
    PointState.CONCERN: "Worse",
    PointState.NEUTRAL_HIGH: "Higher than usual",
    PointState.NEUTRAL_LOW: "Lower than usual",
    PointState.NONE: "Too early to judge",
}
_SIGNALS = {
    "astronomical_high": "above the upper limit",
    "astronomical_low": "below the lower limit",
    "trend_high": "part of {run} rising points in a row",
    "trend_low": "part of {run} falling points in a row",
    "two_of_three_high": "two of three points close to the upper limit",
    "two_of_three_low": "two of three points close to the lower limit",
    "shift_high": "part of {run} points in a row above the average",
    "shift_low": "part of {run} points in a row below the average",
}
_FIRMNESS = {
    LimitsStage.NONE: "",
    LimitsStage.TRIAL: "They are on trial: they move with each new figure, until there are 26.",
    LimitsStage.LOCKED: "They are locked: they rest on the first 26 figures or more, and no longer move.",
}
_NUMBERS = {6: "six", 7: "seven", 8: "eight"}


def state_words(point: Point) -> str:
    """Say how a point stands against chance.

    Parameters
    ----------
    point : Point
        A point of a series.

    Returns
    -------
    str
        A short phrase.
    """
    return "Still counting" if point.provisional else _STATES[point.state]


def chart_words(series: Series) -> str:
    """Say what kind of chart a series is, and how firm its limits are.

    Parameters
    ----------
    series : Series
        As stored.

    Returns
    -------
    str
        One or two sentences without jargon; empty while there are only points.
    """
    if series.chart is ChartKind.RUN:
        return (
            "There are no limits yet: the line in the middle is the median, with half the figures above it."
        )
    told = (_width_words(series.chart, series.counted), _FIRMNESS[series.limits])
    return " ".join(words for words in told if words)


def _width_words(chart: ChartKind, counted: str) -> str:
    if chart is ChartKind.NONE:
        return ""
    if chart.weighs and counted != ANSWERS:
        return "Each point has limits of its own: they allow for how many people and days it covers."
    if chart.weighs:
        return "Each point has limits of its own: they are wider where fewer people answered."
    return "The limits are the same for every point."


def from_words(point: Point, series: Series) -> str:
    """Say what a figure rests on.

    Parameters
    ----------
    point : Point
        A point of the series.
    series : Series
        Says what is counted.

    Returns
    -------
    str
        Ends a sentence: it begins with a comma, or is empty where nothing is told.
    """
    if not series.counted:
        return ""
    about = "" if series.counted == ANSWERS else "about "
    return f", from {about}{point.n:,} {series.counted}"


def gap_words(gap: Gap, series: Series) -> tuple[str, str]:
    """Say that a bin has no figure, and why.

    Parameters
    ----------
    gap : Gap
        A bin without a figure.
    series : Series
        Says what is counted.

    Returns
    -------
    (str, str)
        Without a full stop.
    """
    if series.counted == ANSWERS:
        return "Too few answers", "Fewer than 10 people answered"
    if gap.withheld is Withheld.NOT_GIVEN:
        return "Not given", "Nobody has imported this period"
    return "*", "The count is from 1 to 7, too small to show"


def signal_words(signal: str, rules: str) -> str:
    """Say which pattern a signal is.

    Parameters
    ----------
    signal : str
        As the series carries it, such as ``shift_low``.
    rules : str
        The preset, such as ``mdc7``.

    Returns
    -------
    str
        A phrase that completes "this point is ...".

    Examples
    --------
    >>> signal_words("shift_low", "mdc7")
    'part of seven points in a row below the average'
    """
    return _SIGNALS.get(signal, signal.replace("_", " ")).format(run=run_words(rules))


def run_words(rules: str) -> str:
    """Say how many points make a run under a preset.

    Parameters
    ----------
    rules : str
        The preset, such as ``mdc6``.

    Returns
    -------
    str
        A number in words.
    """
    digits = "".join(letter for letter in rules if letter.isdigit())
    return _NUMBERS.get(int(digits or 7), digits)


def so_far_words(point: Point, unit: str) -> str:
    """Say what a period that is not over shows so far.

    Parameters
    ----------
    point : Point
        The provisional point.
    unit : str
        The measure's unit.

    Returns
    -------
    str
        Two short sentences; the second says why nothing is judged yet.
    """
    days = span_words(point.start, point.end)
    return (
        f"So far for {days}: {spoken(point.value, unit)}, from {point.n} answers. "
        "These days are not over, so the figure can still move and is not judged."
    )
