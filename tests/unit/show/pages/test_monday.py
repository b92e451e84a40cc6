import datetime as dt
from dataclasses import dataclass

import pytest
from markupsafe import Markup

from survey_app.know.evidence.changes import Tally
from survey_app.know.evidence.heads import Head
from survey_app.know.measures.frameworks import of_logic_model
from survey_app.show.charts.icon import Icon, Tone
from survey_app.show.pages.dashboard.model import stacks, subjects_of
from survey_app.show.pages.dashboard.monday import answer, chance_words
from survey_app.show.pages.dashboard.sources import Found, SourceKind, SourceTile
from survey_app.show.pages.dashboard.stories import Change, stories_of
from survey_app.show.pages.dashboard.tree import Spot
from survey_app.stats.variation import PointState

NEXT = "Knowing what comes next in Millbrook"
SUNDAY = dt.date(2026, 11, 22)
QUAYSIDE = Spot("quayside", "Quayside", "Locality", "/all/harbour/quayside/", "harbour")
HARBOUR = Spot("harbour", "Harbour", "Place", "/all/harbour/", "all")
SEAVIEW = Spot("seaview", "Seaview", "Locality", "/all/harbour/seaview/", "harbour")


@dataclass
class Named:
    title: str = "Knowing what comes next"
    name: str = "Millbrook"


@dataclass
class OneTile:
    icon: Icon
    measure: Named
    place: Named


@dataclass
class OneTold:
    tile: OneTile


def told(tone):
    return [OneTold(OneTile(Icon("", "", tone), Named(), Named()))]


def counted(*, flagged=0, by_chance=4.0):
    return Tally(SUNDAY, 130, flagged, 0, 0, by_chance)


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ((counted(flagged=25), told(Tone.WORSE), 0, 0), f"Look first at {NEXT}: it got worse."),
        ((counted(flagged=25), told(Tone.BETTER), 0, 0), f"Look first at {NEXT}: it got better."),
        ((counted(flagged=5), told(Tone.BETTER), 3, 3), "Nothing is urgent; with time, look at"),
        ((counted(), [], 2, 1), "No figure needs you this week, but something is due."),
        ((counted(), [], 2, 0), "Hear more people: no figure needs you this week."),
        ((counted(), [], 0, 0), "Nothing needs you this week."),
        ((Tally(None, 0, 0, 0, 0, 0.0), [], 0, 0), "There are no figures yet."),
    ],
)  # fmt: skip
def test_the_first_sentence_says_what_the_page_wants_of_its_reader(page, wanted):
    assert answer(*page).startswith(wanted)


def test_less_than_one_expected_mark_is_not_rounded_to_none():
    assert (chance_words(0.3), chance_words(4.4)) == ("fewer than 1", "about 4")


def change(place, measure, state=PointState.IMPROVEMENT):
    head = Head(measure.id, place.id, None, None, SUNDAY, 30, state, is_new=True)
    return Change(head, place, measure)


def test_a_story_joins_what_is_the_same_question_along_one_line_of_places(loaded_runtime):
    say, top, life = (
        loaded_runtime.measures.get(name) for name in ("ex.say.mean", "ex.say.top", "ex.life.mean")
    )
    first = change(QUAYSIDE, say)
    others = [change(QUAYSIDE, top), change(HARBOUR, say)]
    apart = [change(SEAVIEW, say), change(QUAYSIDE, life), change(HARBOUR, top, PointState.CONCERN)]
    stories = stories_of([first, *others, *apart])
    assert [story.lead for story in stories] == [first, *apart]
    assert stories[0].also == others


def test_a_source_of_another_kind_stands_beside_the_others_in_its_order(loaded_runtime):
    model = of_logic_model(loaded_runtime.model)
    element = subjects_of(model)[0]

    def one(kind):
        return SourceTile(
            kind, "", "", "1", "", "", "", None, stale=False, words="", sign=Markup(), spark=Markup()
        )

    staff = Found(
        {element: frozenset({SourceKind.STAFF, SourceKind.CARERS})}, {element: [one(SourceKind.STAFF)]}
    )
    records = Found({element: frozenset({SourceKind.RECORDS})}, {element: [one(SourceKind.RECORDS)]})
    evidence = stacks(model, [records, staff])[0].panels[0].evidence[0]
    assert [tile.kind for tile in evidence.tiles] == [SourceKind.STAFF, SourceKind.RECORDS]
    assert evidence.unanswered == ["Carers"]
    assert evidence.unmeasured == ["People", "Self-assessment", "Staff teams"]
