"""What a team report says in words: figures, agreement, change, its sentence, its picture's words."""

from __future__ import annotations

from survey_app.know.evidence.climate.masks import HIGHEST, LOWEST
from survey_app.know.evidence.climate.result import (
    Agreement,
    Change,
    Figure,
    Level,
    Refused,
    Report,
    Spread,
    Verdict,
)
from survey_app.show.charts.dates import day_words

LEVELS = {
    Level.SHARED: "Shared view",
    Level.SOME: "Some agreement",
    Level.APART: "Views differ",
}
REFUSED = {
    Refused.SHARE: "Fewer than 30% of the team answered: too few to speak for it, so no figure is made.",
    Refused.NEEDED: "Too few answered: a report needs at least 5 people besides whoever reads it.",
}

KEPT = (
    "Not shown to you. You read the reports of most of these teams, and with them you could work out what "
    "the rest say. People who read all of these reports are shown all teams together, and so are people "
    "who do not read those of at least two teams with 10 people."
)
"""To whoever reads too many reports of single teams to be shown a sum of all."""


def points_words(points: int | None) -> str:
    """Write a figure as it may be told.

    Parameters
    ----------
    points : int or None
        As stored.

    Returns
    -------
    str
        With "or more" and "or less" at the ends.

    Examples
    --------
    >>> [points_words(value) for value in (70, 90, 10, None)]
    ['70', '90 or more', '10 or less', 'too few answers']
    """
    if points is None:
        return "too few answers"
    return _ended(points, "")


def share_words(percent: int) -> str:
    """Write a share of answers.

    Parameters
    ----------
    percent : int
        As stored, in tens.

    Returns
    -------
    str
        With "or more" and "or less" at the ends.

    Examples
    --------
    >>> share_words(30), share_words(10)
    ('30%', '10% or less')
    """
    return _ended(percent, "%")


def band_words(band: str) -> str:
    """Write the share of a team that answered.

    Parameters
    ----------
    band : str
        As stored in reports, with a space before the sign.

    Returns
    -------
    str
        As everywhere on pages.

    Examples
    --------
    >>> band_words("50 to 74 %")
    '50 to 74%'
    """
    return band.replace(" %", "%")


def spread_words(spread: Spread | None) -> str:
    """Say how the answers are spread.

    Parameters
    ----------
    spread : Spread or None
        As stored.

    Returns
    -------
    str
        Agree first; empty where there is none.
    """
    if spread is None:
        return ""
    parts = (("agree", spread.high), ("in between", spread.middle), ("disagree", spread.low))
    return "; ".join(f"{words} {share_words(share)}" for words, share in parts)


def agreement_words(agreement: Agreement | None) -> str:
    """Say how far the team agrees.

    Parameters
    ----------
    agreement : Agreement or None
        As stored.

    Returns
    -------
    str
        One of three levels, with what a stricter yardstick says where that is less.
    """
    if agreement is None:
        return "Not known: too few answered every statement"
    level = LEVELS[agreement.level]
    if agreement.strict is agreement.level:
        return level
    return f"{level}; by a stricter yardstick {LEVELS[agreement.strict].lower()}"


def deviation_words(agreement: Agreement | None) -> str:
    """Say how far answers lie from the middle.

    Parameters
    ----------
    agreement : Agreement or None
        As stored.

    Returns
    -------
    str
        In steps of the answers; empty where it is not known.
    """
    if agreement is None:
        return ""
    end = " or less" if agreement.ad_m <= 0.2 else ""
    return f"about {agreement.ad_m} of a step from the team's mean{end}"


def change_words(change: Change | None) -> str:
    """Say whether a figure moved.

    Parameters
    ----------
    change : Change or None
        As stored.

    Returns
    -------
    str
        With its interval; empty where there is nothing to compare with.
    """
    if change is None:
        return ""
    span = f"{change.points:+d} points, interval {change.low:+d} to {change.high:+d}".replace(
        "-", "\N{MINUS SIGN}"
    )
    if change.verdict is Verdict.SAME:
        return f"No real change ({span})"
    return f"{'Higher' if change.verdict is Verdict.HIGHER else 'Lower'} ({span})"


def report_sentence(report: Report) -> str:
    """Say in a few sentences what a wave says.

    Parameters
    ----------
    report : Report
        As stored.

    Returns
    -------
    str
        How many answered, what is highest and lowest, where views differ, what moved.
    """
    if report.refused:
        return REFUSED[report.refused]
    told = [f"{report.people} people answered, {band_words(report.share)} of the team."]
    if report.indicative:
        told.append("Read it as indicative: more than half of the team did not answer.")
    shown = sorted((one for one in report.factors if one.points is not None), key=lambda one: one.points or 0)
    if shown and points_words(shown[0].points) != points_words(shown[-1].points):
        told.append(f"Highest: {_all_at(shown, shown[-1])}. Lowest: {_all_at(shown, shown[0])}.")
    apart = [one.title for one in shown if one.agreement and one.agreement.level is Level.APART]
    if apart:
        told.append(f"Views differ on {' and '.join(apart)}: talk about that first.")
    return " ".join(told + _moved(report))


def report_title(report: Report, teams: str) -> str:
    """Name the picture.

    Parameters
    ----------
    report : Report
        As stored.
    teams : str
        Names of its teams.

    Returns
    -------
    str
        One line.
    """
    return f"{teams}, {day_words(report.closed_on)}"


def report_alt(report: Report) -> str:
    """Describe the picture.

    Parameters
    ----------
    report : Report
        As stored.

    Returns
    -------
    str
        The sentence, then every factor with its figure and the spread of answers.
    """
    each = ". ".join(
        f"{one.title}: {points_words(one.points)}{' of 100' if one.points is not None else ''}"
        f"{f' ({words})' if (words := spread_words(one.spread)) else ''}"
        for one in report.factors
    )
    return f"{report_sentence(report)} Picture of the factors, 0 to 100. {each}."


def _all_at(shown: list[Figure], like: Figure) -> str:
    # Whoever reads the same figure twice must not learn from the order which of the two is the higher.
    points = points_words(like.points)
    return f"{' and '.join(one.title for one in shown if points_words(one.points) == points)} ({points})"


def _moved(report: Report) -> list[str]:
    if not report.history:
        return []
    since = f"since {day_words(report.history[0].closed_on)}"
    told = []
    for verdict in (Verdict.HIGHER, Verdict.LOWER):
        names = [one.title for one in report.factors if one.change and one.change.verdict is verdict]
        told += [f"{verdict.value.title()} {since}: {', '.join(names)}."] if names else []
    return told or [f"No real change {since}."]


def _ended(value: int, unit: str) -> str:
    end = " or more" if value >= HIGHEST else " or less" if value <= LOWEST else ""
    return f"{value}{unit}{end}"
