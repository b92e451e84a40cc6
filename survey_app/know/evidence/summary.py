"""The one plain sentence of a series: what it shows, from how many answers, and how sure that is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app.know.evidence.series import LimitsStage, Point
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import PointState

NO_FIGURE = "There is no figure {span}: fewer than 10 people gave an answer that counts."
NO_LIMITS = "It was {value} {span}, from {n} answers."
TOO_EARLY = "It takes 13 weeks of figures before chance can be told from change."
NOTHING_MOVED = "The figures so far do not show how much chance alone moves it."
ONE_SIDED = "The figures keep to one side of their middle for longer than chance explains: watch this one."
REBASED = "Its baseline is new since {day}."
ON_TRIAL = "The range is still on trial: it moves with each new figure, until there are 26."
VERDICTS = {
    PointState.COMMON_CAUSE: (
        "No real change: it was {value} {span}, from {n} answers, "
        "within the range that chance explains{weighed} ({lower} to {upper})."
    ),
    PointState.IMPROVEMENT: "Better: it was {value} {span}, from {n} answers. {reason}",
    PointState.CONCERN: "Worse: it was {value} {span}, from {n} answers. {reason}",
    PointState.NEUTRAL_HIGH: "Higher: it was {value} {span}, from {n} answers. {reason}",
    PointState.NEUTRAL_LOW: "Lower: it was {value} {span}, from {n} answers. {reason}",
}
REASONS = {
    "astronomical": "That is outside the range that chance explains{weighed} ({lower} to {upper}).",
    "trend": "It has moved the same way seven times in a row, which chance seldom does.",
    "two_of_three": "Two of three weeks were near the edge of what chance explains.",
    "shift": (
        "Seven or more figures in a row are on this side of the average ({centre}), which chance seldom does."
    ),
}
WEIGHED = " with so many answers"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a chart can say today.

    Attributes
    ----------
    chart : ChartKind
        What is drawn behind the points.
    limits : LimitsStage
        How firm the limits are.
    n_figures : int
        Figures that its lines rest on.
    one_sided : bool
        Whether a chart without limits stays on one side of its median longer than chance explains.
    since : date or None
        Day from which the present lines hold, where they are not the first.
    """

    chart: ChartKind = ChartKind.NONE
    limits: LimitsStage = LimitsStage.NONE
    n_figures: int = 0
    one_sided: bool = False
    since: dt.date | None = None


def spoken(value: float, unit: str) -> str:
    """Return a value as people say it.

    Parameters
    ----------
    value : float
        In `unit`.
    unit : str
        "score 0-100", "percent" or "people".

    Returns
    -------
    str
        For example "68 out of 100", "54%" or "31 people".
    """
    rounded = f"{value:.0f}"
    if unit == "percent":
        return f"{rounded}%"
    return f"{rounded} people" if unit == "people" else f"{rounded} out of 100"


def span_words(start: dt.date, end: dt.date) -> str:
    """Return when a bin was.

    Parameters
    ----------
    start, end : date
        First and last day.

    Returns
    -------
    str
        For example "in the week of 9 November 2026".
    """
    if (end - start).days < 7:
        return f"in the week of {start.day} {start:%B %Y}"
    return f"in the weeks from {start.day} {start:%B} to {end.day} {end:%B %Y}"


def summarise(
    point: Point | None, span: tuple[dt.date, dt.date] | None, unit: str, standing: Standing
) -> str:
    """Return the sentence for the latest closed bin.

    Parameters
    ----------
    point : Point or None
        The latest closed bin's point; None where it has no figure.
    span : (date, date) or None
        That bin; None where nothing has closed yet.
    unit : str
        The measure's unit.
    standing : Standing
        What the chart can say today.

    Returns
    -------
    str
        One to three short sentences without jargon.
    """
    if span is None:
        return "There is no figure yet: the first one needs answers from 10 people."
    if point is None:
        return NO_FIGURE.format(span=span_words(*span))
    words = {
        "value": spoken(point.value, unit),
        "span": span_words(point.start, point.end),
        "n": point.n,
        "centre": _line(point.centre, unit),
        "lower": _line(point.lower, unit),
        "upper": _line(point.upper, unit),
        "weighed": WEIGHED if standing.chart.weighs else "",
    }
    if point.state is PointState.NONE:
        return f"{NO_LIMITS.format(**words)} {_since(standing)}{_why_no_limits(standing)}"
    rule = point.signals[0].rsplit("_", 1)[0] if point.signals else ""
    reason = REASONS.get(rule, "").format(**words)
    verdict = VERDICTS[point.state].format(**words, reason=reason).strip()
    told = [verdict, _since(standing), ON_TRIAL if standing.limits is LimitsStage.TRIAL else ""]
    return " ".join(words.strip() for words in told if words)


def _since(standing: Standing) -> str:
    day = standing.since
    return f"{REBASED.format(day=f'{day.day} {day:%B %Y}')} " if day else ""


def _why_no_limits(standing: Standing) -> str:
    if standing.one_sided:
        return ONE_SIDED
    return TOO_EARLY if standing.n_figures < 13 else NOTHING_MOVED


def _line(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    # A limit beyond the end of the scale says no more than the end does.
    within = max(value, 0.0) if unit == "people" else min(max(value, 0.0), 100.0)
    return f"{within:.0f}"
