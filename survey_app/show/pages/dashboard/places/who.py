"""Who answered, in words: the response rate, who is missing and what to do, weighted beside unweighted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.ask.population.breakdown import Breakdown
from survey_app.know.evidence.places.documents import Answered, Estimate, Part, answered_of, equity_of
from survey_app.know.evidence.places.missing import NOT_STATED, missing, shares
from survey_app.know.evidence.places.store import newest
from survey_app.know.evidence.places.tables import FindingKind
from survey_app.know.measures.measures import Measure, MeasureKind
from survey_app.show.charts.dates import quarter_words
from survey_app.show.charts.phrases import figure_words
from survey_app.show.charts.table import range_words
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot

ANYHOW = "ask the teams who see them to hand out letters or the link"


@dataclass(frozen=True, slots=True)
class PartRow:
    """One category as text: number and share of people, of invited, of answers."""

    who: str
    people: str
    people_share: str
    invited: str
    invited_share: str
    answers: str
    answers_share: str


@dataclass(frozen=True, slots=True)
class WhoAnswered:
    """The compact block of a series page."""

    quarter: str
    rate: str
    missing: str
    weighted: str
    groups: bool


def replies_of(needs: Needs, measure: Measure) -> Measure | None:
    """Return the measure that counts the replies to the same instrument."""
    family = needs.measures.for_instrument(measure.instrument, measure.version)
    return next((one for one in family if one.kind is MeasureKind.REPLIES), None)


def who_answered(session: Session, needs: Needs, measure: Measure, spot: Spot) -> WhoAnswered | None:
    """Return the block of a series page; None while no quarter is over."""
    replies = replies_of(needs, measure)
    if replies is None:
        return None
    found = newest(session, FindingKind.ANSWERED, [replies.id], spot.id).get(replies.id)
    if found is None:
        return None
    answered = answered_of(found.document)
    groups = newest(session, FindingKind.EQUITY, [measure.id], spot.id).get(measure.id)
    equity = equity_of(groups.document) if groups else None
    return WhoAnswered(
        quarter=quarter_words(found.quarter),
        rate=rate_words(answered),
        missing=missing_words(answered, needs.breakdown),
        weighted=weight_words(equity.unweighted, equity.weighted, measure.unit) if equity else "",
        groups=equity is not None,
    )


def rate_words(answered: Answered) -> str:
    """Say how many of those asked answered, or why there is no rate."""
    replies = f"{answered.replies:,} replies" if answered.replies else "Too few replies to be shown"
    if not answered.invited:
        return (
            f"{replies}. Nobody was invited by name, so there is no list to divide by: replies only, no rate."
        )
    rate = answered.rate
    if rate is None:
        return f"{replies}. No response rate: it needs at least 10 people who answered and 10 who did not."
    reached = f" ({rate.rr6}% of those our messages reached)" if rate.rr6 not in {None, rate.rr2} else ""
    part = " Places with too few people are left out of the rate." if answered.partly else ""
    return (
        f"{rate.rr2}% of the {rate.n_asked:,} people whose time to answer ended in the quarter answered at "
        f"least half{reached}. {replies} were counted.{part}"
    )


def missing_words(answered: Answered, breakdown: Breakdown) -> str:
    """Say who is missing and what to do about it; empty where the breakdown is not known here."""
    if not answered.parts:
        return ""
    found = missing(answered)
    if found is None:
        known = shares(answered, _people) and shares(answered, _answers)
        if known:
            return "Nobody is missing by much: each group's share of answers is near its share of the people."
        return _not_known(answered)
    category = next((one for one in breakdown.categories if one.id == found.category), None)
    if category is None:
        return ""
    reach = category.reach or ANYHOW
    shared = (
        f"{category.named} are {found.among_people:.0f}% of the people here and {found.among_answers:.0f}%"
    )
    if found.asked_too:
        return f"{shared} of the answers. Fewer of them are invited: look at the list first. Then {reach}."
    return f"{shared} of the answers: {reach}."


def weight_words(unweighted: Estimate | None, weighted: Estimate | None, unit: str) -> str:
    """Say what weighting to the people who live here changes."""
    if unweighted is None or weighted is None:
        return ""
    return (
        f"As answered, the quarter's figure is {figure_words(unweighted.value, unit, decimals=1)} "
        f"({range_words(unweighted.low, unweighted.high, unit)}). Weighted to the people who live here it is "
        f"{figure_words(weighted.value, unit, decimals=1)} "
        f"({range_words(weighted.low, weighted.high, unit)}): its {weighted.n:,} answers are worth "
        f"{weighted.n_effective or 0:,.0f} unweighted ones (design effect {weighted.design_effect or 1:.1f})."
    )


def part_rows(answered: Answered, breakdown: Breakdown) -> list[PartRow]:
    """Return the table of categories."""
    titles = {category.id: category.title for category in breakdown.categories} | {NOT_STATED: "Not stated"}
    people, invited, answers = (shares(answered, one) for one in (_people, _invited, _answers))
    return [
        PartRow(
            titles.get(part.category, part.category),
            _number(part.people, "Not known"),
            _share(people, part.category),
            _number(part.invited, "Too few" if answered.invited else "No list"),
            _share(invited, part.category),
            _number(part.answers, "Too few"),
            _share(answers, part.category),
        )
        for part in answered.parts
    ]


def _not_known(answered: Answered) -> str:
    if not shares(answered, _people):
        return (
            "Who is missing cannot be told: there is no table of the population. Ask for one to be imported."
        )
    return "Who is missing cannot be told: some groups have too few answers to be shown."


def _people(part: Part) -> int | None:
    return part.people


def _invited(part: Part) -> int | None:
    return part.invited


def _answers(part: Part) -> int | None:
    return part.answers


def _number(n: int | None, otherwise: str) -> str:
    return otherwise if n is None else f"{n:,}"


def _share(found: dict[str, float], category: str) -> str:
    return f"{found[category]:.0f}%" if category in found else ""
