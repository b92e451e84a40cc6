"""The one plain sentence of a series: what it shows, from how many answers, and how sure that is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app.know.evidence.series import ANSWERS, LimitsStage, Point, Withheld
from survey_app.know.evidence.units import plain, spoken, top_of
from survey_app.stats.kinds import ChartKind
from survey_app.stats.variation import PointState

NO_RECORD = {
    Withheld.SMALL_NUMBER: "There is no figure {span}: the count is from 1 to 7, which is too small to show.",
    Withheld.NOT_GIVEN: "There is no figure {span}: none was given.",
}
NO_FIGURE = "There is no figure {span}: fewer than 10 people gave an answer that counts."
NOTHING_YET = "There is no figure yet: the first one needs answers from 10 people."
FIRST_OPEN = "The first figure is still being counted: its days are not over."
NO_LIMITS = "It was {value} {span}{from_n}."
TOO_EARLY_RECORD = "It takes 13 figures before chance can be told from change."
TOO_EARLY = "It takes 13 weeks of figures before chance can be told from change."
NOTHING_MOVED = "The figures so far do not show how much chance alone moves it."
ONE_SIDED = "The figures keep to one side of their middle for longer than chance explains: watch this one."
REBASED = "Its baseline is new since {day}."
NEW_LEVEL = "Its baseline is new since {day}: the average was {before} before, and is {now} since."
ANOTHER_WAY = "Since {day} people have answered another way: part of this may come from that."
ON_TRIAL = "The range is still on trial: it moves with each new figure, until there are 26."
VERDICTS = {
    PointState.COMMON_CAUSE: (
        "No real change: it was {value} {span}{from_n}, "
        "within the range that chance explains{weighed} ({lower} to {upper})."
    ),
    PointState.IMPROVEMENT: "Better: it was {value} {span}{from_n}. {reason}",
    PointState.CONCERN: "Worse: it was {value} {span}{from_n}. {reason}",
    PointState.NEUTRAL_HIGH: "Higher: it was {value} {span}{from_n}. {reason}",
    PointState.NEUTRAL_LOW: "Lower: it was {value} {span}{from_n}. {reason}",
}
REASONS = {
    "astronomical": "That is outside the range that chance explains{weighed} ({lower} to {upper}).",
    "trend": "It has moved the same way seven times in a row, which chance seldom does.",
    "two_of_three": "Two of three {bins} were near the edge of what chance explains.",
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
    before, now : float or None
        The average of the lines before these, and of these; where both are there.
    counted : str
        What `n` counts.
    missing : Withheld
        Why the latest bin has no figure, where it has none.
    """

    chart: ChartKind = ChartKind.NONE
    limits: LimitsStage = LimitsStage.NONE
    n_figures: int = 0
    one_sided: bool = False
    since: dt.date | None = None
    before: float | None = None
    now: float | None = None
    counted: str = ANSWERS
    missing: Withheld = Withheld.SMALL_NUMBER


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
    if start.day == 1 and (end + dt.timedelta(days=1)).day == 1:
        return _month_words(start, end)
    if (end - start).days < 7:
        return f"in the week of {start.day} {start:%B %Y}"
    return f"in the weeks from {start.day} {start:%B} to {end.day} {end:%B %Y}"


def summarise(
    point: Point | None,
    span: tuple[dt.date, dt.date] | None,
    unit: str,
    standing: Standing,
    *,
    is_counting: bool = False,
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
    is_counting : bool
        Whether the open bin has a figure so far; said only while no bin has closed.

    Returns
    -------
    str
        One to three short sentences without jargon.
    """
    if span is None:
        return FIRST_OPEN if is_counting else NOTHING_YET
    if point is None:
        return _no_figure(standing).format(span=span_words(*span))
    limits = [_line(limit, unit) for limit in (point.lower, point.upper)]
    # A figure beyond a limit must not read as one that is on it.
    decimals = int("astronomical" in " ".join(point.signals) and plain(point.value, unit) in limits)
    words = {
        "value": spoken(point.value, unit, decimals),
        "span": span_words(point.start, point.end),
        "from_n": _from(point.n, standing.counted),
        "bins": "weeks" if standing.counted == ANSWERS else "figures",
        "centre": _line(point.centre, unit),
        "lower": _line(point.lower, unit, decimals),
        "upper": _line(point.upper, unit, decimals),
        "weighed": WEIGHED if standing.chart.weighs and standing.counted == ANSWERS else "",
    }
    if point.state is PointState.NONE:
        return f"{NO_LIMITS.format(**words)} {_since(standing, unit)}{_why_no_limits(standing)}"
    rule = point.signals[0].rsplit("_", 1)[0] if point.signals else ""
    reason = REASONS.get(rule, "").format(**words)
    verdict = VERDICTS[point.state].format(**words, reason=reason).strip()
    told = [verdict, _since(standing, unit), ON_TRIAL if standing.limits is LimitsStage.TRIAL else ""]
    return " ".join(words.strip() for words in told if words)


def _month_words(start: dt.date, end: dt.date) -> str:
    if (start.year, start.month) == (end.year, end.month):
        return f"in {start:%B %Y}"
    first = f"{start:%B}" if start.year == end.year else f"{start:%B %Y}"
    return f"from {first} to {end:%B %Y}"


def _no_figure(standing: Standing) -> str:
    return NO_FIGURE if standing.counted == ANSWERS else NO_RECORD[standing.missing]


def _from(n: int, counted: str) -> str:
    if not counted:
        return ""
    return f", from {n} answers" if counted == ANSWERS else f", from about {n:,} {counted}"


def day_in_full(day: dt.date) -> str:
    """Return a date as people say it.

    Parameters
    ----------
    day : date
        A local date.

    Returns
    -------
    str
        For example "6 July 2026".
    """
    return f"{day.day} {day:%B %Y}"


def _since(standing: Standing, unit: str) -> str:
    if standing.since is None:
        return ""
    if standing.before is None or standing.now is None:
        return f"{REBASED.format(day=day_in_full(standing.since))} "
    averages = {"before": plain(standing.before, unit), "now": plain(standing.now, unit)}
    return f"{NEW_LEVEL.format(day=day_in_full(standing.since), **averages)} "


def _why_no_limits(standing: Standing) -> str:
    if standing.one_sided:
        return ONE_SIDED
    if standing.n_figures >= 13:
        return NOTHING_MOVED
    return TOO_EARLY if standing.counted == ANSWERS else TOO_EARLY_RECORD


def _line(value: float | None, unit: str, decimals: int = 0) -> str:
    if value is None:
        return ""
    # A limit beyond the end of the scale says no more than the end does.
    within = min(max(value, 0.0), top_of(unit))
    return plain(within, unit, decimals)
