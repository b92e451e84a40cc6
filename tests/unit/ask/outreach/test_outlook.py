from __future__ import annotations

import datetime as dt

import pytest

from survey_app.ask.instruments.loader import load_library
from survey_app.ask.outreach.campaigns import weeks_left
from survey_app.ask.outreach.outlook import outlook
from survey_app.ask.outreach.samples import draw, due_week
from survey_app.ask.outreach.tables import Rhythm
from survey_app.ask.population.tables import Consent
from survey_app.settings import INSTRUMENTS_DIR
from tests.factories import make_campaign, make_participant, make_place
from tests.fakes import MONDAY_MORNING

PULSE = load_library(INSTRUMENTS_DIR).get("pulse-user-6", 1)
WEEK = dt.timedelta(days=7)
IN_TWENTY_WEEKS = dt.date(2026, 11, 2) + 20 * WEEK - dt.timedelta(days=1)


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


def people(session, keys, place, n, **changed):
    for _ in range(n):
        make_participant(session, keys, place=place, **{"synthetic": True} | changed)


@pytest.mark.parametrize(
    ("n_people", "n_weeks"), [(0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (24, 4), (25, 20), (90, 20)]
)
def test_a_list_of_five_samples_lasts_for_ever_and_a_shorter_one_says_when_it_ends(
    session, keys, n_people, n_weeks
):
    place = make_place(session)
    people(session, keys, place, n_people)
    campaign = make_campaign(session, places=[place], weekly_sample=5, ends_on=IN_TWENTY_WEEKS)
    found = outlook(session, campaign, MONDAY_MORNING)
    assert (found.n_people, found.n_weeks, found.n_weeks_wanted) == (n_people, n_weeks, 20)
    assert found.lasts is (n_weeks == 20)
    assert weeks_left(session, campaign, MONDAY_MORNING) == n_weeks


def test_the_locality_that_runs_short_first_decides(session, keys):
    large, small = make_place(session, "hill"), make_place(session, "vale")
    people(session, keys, large, 50)
    people(session, keys, small, 11)
    campaign = make_campaign(session, places=[large, small], weekly_sample=5, ends_on=IN_TWENTY_WEEKS)
    assert outlook(session, campaign, MONDAY_MORNING).n_weeks == 2


def test_people_who_cannot_be_asked_do_not_lengthen_the_list(session, keys):
    place = make_place(session)
    people(session, keys, place, 5)
    people(session, keys, place, 7, phone=None)
    people(session, keys, place, 9, consent=Consent.WITHDRAWN)
    found = outlook(session, make_campaign(session, places=[place], weekly_sample=5), MONDAY_MORNING)
    assert (found.n_people, found.n_without_phone, found.n_weeks) == (5, 7, 1)


@pytest.mark.parametrize("n_people", [7, 13, 22, 25])
def test_the_promise_is_kept_by_the_draws_that_follow(session, keys, n_people):
    place = make_place(session)
    people(session, keys, place, n_people)
    campaign = make_campaign(session, places=[place], weekly_sample=5, window_days=7, ends_on=IN_TWENTY_WEEKS)
    promised = weeks_left(session, campaign, MONDAY_MORNING)
    now = MONDAY_MORNING.replace(hour=0)
    full = 0
    for _ in range(20):
        drawn = draw(session, campaign, due_week(campaign, now), now=now, keys=keys, instrument=PULSE)
        if drawn is None or drawn.n_drawn < 5:
            break
        full += 1
        now += WEEK
        if full < promised:
            assert weeks_left(session, campaign, now) == promised - full
    assert full >= promised


def test_a_campaign_that_asks_once_has_one_week_until_it_is_drawn(session, keys):
    place = make_place(session)
    people(session, keys, place, 3)
    campaign = make_campaign(session, places=[place], rhythm=Rhythm.ONCE, weekly_sample=None)
    assert weeks_left(session, campaign, MONDAY_MORNING) == 1
    now = MONDAY_MORNING
    draw(session, campaign, due_week(campaign, now), now=now, keys=keys, instrument=PULSE)
    assert outlook(session, campaign, now).n_weeks_wanted == 0


def test_a_campaign_that_is_over_wants_no_more_weeks(session, keys):
    place = make_place(session)
    people(session, keys, place, 30)
    campaign = make_campaign(session, places=[place], ends_on=dt.date(2026, 11, 1))
    found = outlook(session, campaign, MONDAY_MORNING)
    assert (found.n_weeks, found.n_weeks_wanted, found.lasts) == (0, 0, True)
