"""Which ideas have a help page: each is a template of the same name, and stands in one part of the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Part(StrEnum):
    """A part of the index, in its order."""

    CHARTS = "Reading a chart"
    PEOPLE = "Who is heard"
    PLACES = "Comparing places and groups"
    ACTING = "Deciding what to do"
    ANSWERING = "For people who answer"


@dataclass(frozen=True, slots=True)
class Topic:
    """One help page."""

    title: str
    part: Part


HELP: Mapping[str, Topic] = MappingProxyType(
    {
        "common-cause": Topic("Ups and downs that mean nothing", Part.CHARTS),
        "special-cause": Topic("A change that means something", Part.CHARTS),
        "limits": Topic("The two outer lines: process limits", Part.CHARTS),
        "run-chart": Topic("A chart without limits: the run chart", Part.CHARTS),
        "provisional": Topic("A week that is not over", Part.CHARTS),
        "rebase": Topic("Baseline, and starting the lines again", Part.CHARTS),
        "annotation": Topic("Dated notes on a chart", Part.CHARTS),
        "small-numbers": Topic("Why some figures are not shown", Part.PEOPLE),
        "neighbour-group": Topic("Places that are counted together", Part.PEOPLE),
        "response-rate": Topic("Response rate", Part.PEOPLE),
        "who-answered": Topic("Who answered, and who is missing", Part.PEOPLE),
        "weighting": Topic("Weighting, and the effective number of answers", Part.PEOPLE),
        "mode": Topic("How the way of asking changes the answer", Part.PEOPLE),
        "funnel": Topic("A funnel instead of a league table", Part.PLACES),
        "smoothing": Topic("Smoothed figures", Part.PLACES),
        "equity": Topic("The equity gap", Part.PLACES),
        "false-alarms": Topic("False alarms", Part.ACTING),
        "target": Topic("Target and assurance", Part.ACTING),
        "self-assessment": Topic("Self-assessment", Part.ACTING),
        "team-climate": Topic("Team climate", Part.ACTING),
        "scorecard": Topic("Scorecard", Part.ACTING),
        "you-said-we-did": Topic("You said, we did", Part.ACTING),
        "how-to-answer": Topic("How to answer", Part.ANSWERING),
    }
)


def index() -> list[tuple[str, list[tuple[str, Topic]]]]:
    """Return the parts with their pages, for the index."""
    return [(part.value, [row for row in HELP.items() if row[1].part is part]) for part in Part]


def beside(concept: str) -> list[tuple[str, Topic]]:
    """Return the other pages of the same part."""
    return [row for row in HELP.items() if row[1].part is HELP[concept].part and row[0] != concept]
