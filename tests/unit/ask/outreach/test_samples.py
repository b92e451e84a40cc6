from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.ask.instruments.loader import load_library
from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach.samples import Candidate, candidates, choose, draw, due_week
from survey_app.ask.outreach.tables import CampaignState, Draw, Invitation, InvitationState, Rhythm
from survey_app.ask.population.consent import suppress
from survey_app.ask.population.tables import ChannelChoice, Consent
from survey_app.ask.sending.quiet_hours import next_allowed
from survey_app.clock import LONDON
from survey_app.settings import INSTRUMENTS_DIR
from tests.factories import make_campaign, make_invitation, make_participant, make_place
from tests.fakes import MONDAY_MORNING

LIBRARY = load_library(INSTRUMENTS_DIR)
PULSE = LIBRARY.get("pulse-user-6", 1)
P3C = LIBRARY.get("p3c-style-10", 1)
WEEK = dt.date(2026, 11, 2)
DAY = dt.timedelta(days=1)


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def place(session):
    return make_place(session)


def people(session, keys, place, n, **changed):
    return [make_participant(session, keys, place=place, **changed) for _ in range(n)]


def drawn(session, campaign, keys, *, week=WEEK, now=MONDAY_MORNING, instrument=PULSE):
    return draw(session, campaign, week, now=now, keys=keys, instrument=instrument)


def invited(session):
    return list(session.scalars(sa.select(Invitation).order_by(Invitation.id)))


def test_a_draw_invites_its_sample_and_logs_enough_to_draw_again(session, keys, place):
    everybody = people(session, keys, place, 12)
    campaign = make_campaign(session, places=[place], weekly_sample=5, window_days=10)
    logged = drawn(session, campaign, keys)
    assert (logged.week, logged.seed, logged.n_eligible, logged.n_drawn) == (WEEK, "7:2026-11-02", 12, 5)
    assert logged.drawn_at == MONDAY_MORNING
    asked = invited(session)
    assert len(asked) == len({row.participant_id for row in asked}) == 5
    assert {row.participant_id for row in asked} <= {person.id for person in everybody}
    for row in asked:
        assert (row.campaign_id, row.draw_id, row.place_id) == (campaign.id, logged.id, place.id)
        assert (row.state, row.items) == (InvitationState.OPEN, None)
        assert row.expires_at == row.invited_at + 10 * DAY


def test_a_week_is_drawn_once_however_often_it_is_tried(session, keys, place):
    people(session, keys, place, 12)
    campaign = make_campaign(session, places=[place], weekly_sample=5)
    assert drawn(session, campaign, keys) is not None
    assert drawn(session, campaign, keys) is None
    assert drawn(session, campaign, keys, now=MONDAY_MORNING + 2 * DAY) is None
    assert len(invited(session)) == 5
    assert session.scalar(sa.select(sa.func.count()).select_from(Draw)) == 1


def test_invitations_are_spread_over_the_week_outside_quiet_hours(session, keys, place):
    people(session, keys, place, 70)
    drawn(session, make_campaign(session, places=[place], weekly_sample=70), keys)
    times = [row.invited_at for row in invited(session)]
    assert all(MONDAY_MORNING <= at < MONDAY_MORNING + 7 * DAY for at in times)
    assert all(next_allowed(at) == at for at in times)
    per_day = Counter(at.astimezone(LONDON).weekday() for at in times)
    assert set(per_day) == set(range(7))
    assert max(per_day.values()) - min(per_day.values()) <= 2


def test_a_late_draw_uses_what_is_left_of_the_week(session, keys, place):
    people(session, keys, place, 6)
    saturday_night = dt.datetime(2026, 11, 7, 23, tzinfo=dt.UTC)
    drawn(session, make_campaign(session, places=[place]), keys, now=saturday_night)
    assert {row.invited_at.astimezone(LONDON).date() for row in invited(session)} == {dt.date(2026, 11, 8)}


def test_people_who_must_not_or_cannot_be_asked_are_never_candidates(session, keys, place):
    elsewhere = make_place(session, "hill")
    (wanted,) = people(session, keys, place, 1)
    people(session, keys, place, 1, audience=Audience.CARER)
    people(session, keys, elsewhere, 1)
    people(session, keys, place, 1, consent=Consent.WITHDRAWN)
    people(session, keys, place, 1, phone=None)
    (objected,) = people(session, keys, place, 1)
    suppress(session, phone_index=objected.phone_index, reason="opted out", at=MONDAY_MORNING)
    campaign = make_campaign(session, places=[place])
    assert [found.id for found in candidates(session, campaign, at=MONDAY_MORNING)] == [wanted.id]


@pytest.mark.parametrize(("days_ago", "may"), [(27, False), (28, True), (40, True), (-3, False)])
def test_nobody_is_asked_twice_in_28_days_by_any_campaign(session, keys, place, days_ago, may):
    (person,) = people(session, keys, place, 1)
    other = make_campaign(session, places=[place], window_days=7)
    make_invitation(
        session,
        keys,
        campaign=other,
        participant=person,
        invited_at=MONDAY_MORNING - days_ago * DAY,
        state=InvitationState.EXPIRED,
    )
    campaign = make_campaign(session, places=[place])
    assert bool(candidates(session, campaign, at=MONDAY_MORNING)) is may


def test_who_shares_a_phone_waits_until_it_has_rested(session, keys, place):
    one, other = people(session, keys, place, 2, phone="+447700900555")
    campaign = make_campaign(session, places=[place], window_days=7)
    asked, _ = make_invitation(session, keys, campaign=campaign, participant=one)
    assert candidates(session, campaign, at=MONDAY_MORNING) == []
    asked.state = InvitationState.ANSWERED
    session.flush()
    assert candidates(session, campaign, at=MONDAY_MORNING + 27 * DAY) == []
    rested = {found.id for found in candidates(session, campaign, at=MONDAY_MORNING + 28 * DAY)}
    assert rested == {one.id, other.id}


def test_the_year_of_a_weekly_campaign_gives_every_week_its_sample_and_everybody_their_rest(
    session, keys, place
):
    people(session, keys, place, 60, synthetic=True)
    campaign = make_campaign(session, places=[place], weekly_sample=10, window_days=7)
    for number in range(12):
        now = MONDAY_MORNING + number * 7 * DAY
        assert drawn(session, campaign, keys, week=WEEK + number * 7 * DAY, now=now).n_drawn == 10
    times: dict[int, list[dt.datetime]] = {}
    for row in invited(session):
        times.setdefault(row.participant_id, []).append(row.invited_at)
    gaps = [b - a for asked in times.values() for a, b in zip(sorted(asked), sorted(asked)[1:], strict=False)]
    assert gaps
    assert min(gaps) >= 28 * DAY


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.PAUSED, CampaignState.ENDED])
def test_only_a_running_campaign_draws(session, keys, place, state):
    people(session, keys, place, 3)
    assert drawn(session, make_campaign(session, places=[place], state=state), keys) is None


def test_nothing_is_drawn_outside_the_campaigns_days_or_ahead_of_its_week(session, keys, place):
    people(session, keys, place, 3)
    over = make_campaign(session, places=[place], ends_on=WEEK - DAY)
    early = make_campaign(session, places=[place], starts_on=WEEK + 7 * DAY)
    running = make_campaign(session, places=[place])
    assert drawn(session, over, keys) is None
    assert drawn(session, early, keys) is None
    assert drawn(session, running, keys, week=WEEK + 7 * DAY) is None
    assert drawn(session, running, keys, week=WEEK - 7 * DAY) is None
    assert invited(session) == []


def test_a_campaign_that_starts_or_ends_within_a_week_asks_only_on_its_days(session, keys, place):
    people(session, keys, place, 20)
    campaign = make_campaign(session, places=[place], starts_on=WEEK + 2 * DAY, ends_on=WEEK + 3 * DAY)
    drawn(session, campaign, keys)
    days = {row.invited_at.astimezone(LONDON).date() for row in invited(session)}
    assert days == {WEEK + 2 * DAY, WEEK + 3 * DAY}


def test_an_empty_list_is_not_logged_so_that_a_later_import_still_counts(session, keys, place):
    campaign = make_campaign(session, places=[place])
    assert drawn(session, campaign, keys) is None
    people(session, keys, place, 2)
    assert drawn(session, campaign, keys, now=MONDAY_MORNING + DAY).n_drawn == 2


def test_a_campaign_that_asks_once_asks_everybody_on_its_first_day(session, keys, place):
    people(session, keys, place, 9)
    campaign = make_campaign(
        session, places=[place], rhythm=Rhythm.ONCE, weekly_sample=None, starts_on=dt.date(2026, 10, 30)
    )
    week = due_week(campaign, MONDAY_MORNING)
    assert week == campaign.starts_on
    assert drawn(session, campaign, keys, week=week).n_drawn == 9
    assert {row.invited_at.astimezone(LONDON).date() for row in invited(session)} == {WEEK}
    assert drawn(session, campaign, keys, week=week, now=MONDAY_MORNING + 40 * DAY) is None


def test_the_channel_is_the_persons_choice_where_the_campaign_offers_it(session, keys, place):
    (text,) = people(session, keys, place, 1, channel=ChannelChoice.TEXT, language="cy")
    (web,) = people(session, keys, place, 1, channel=ChannelChoice.WEB)
    drawn(session, make_campaign(session, places=[place], channels=["web", "text"]), keys)
    chosen = {row.participant_id: (row.channel, row.language) for row in invited(session)}
    assert chosen == {text.id: ("text", "cy"), web.id: ("web", "en")}


def test_a_campaign_with_one_channel_uses_it_for_everybody(session, keys, place):
    people(session, keys, place, 3, channel=ChannelChoice.TEXT)
    drawn(session, make_campaign(session, places=[place], channels=["web"]), keys)
    assert {row.channel for row in invited(session)} == {"web"}


def test_a_rota_gives_each_person_items_of_their_own(session, keys, place):
    people(session, keys, place, 20)
    campaign = make_campaign(session, places=[place], rota_items=3, instrument_id="p3c-style-10")
    drawn(session, campaign, keys, instrument=P3C)
    chosen = [tuple(row.items) for row in invited(session)]
    assert all(len(items) >= 3 for items in chosen)
    assert len(set(chosen)) > 5


PERSON = st.builds(
    Candidate,
    id=st.integers(1, 10_000),
    locality=st.sampled_from(["north", "south", "east"]),
    shares=st.one_of(st.binary(min_size=1, max_size=1), st.integers(1, 10_000)),
    channel=st.sampled_from(ChannelChoice),
    language=st.just("en"),
)
POOL = st.lists(PERSON, max_size=60, unique_by=lambda person: person.id)


@settings(max_examples=100, deadline=None)
@given(POOL, st.integers(1, 20), st.text(max_size=8), st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_people_in_whatever_order_they_come(pool, n_each, seed, shuffler):
    turned = list(pool)
    shuffler.shuffle(turned)
    assert choose(pool, seed=seed, n_each=n_each) == choose(turned, seed=seed, n_each=n_each)


@settings(max_examples=100, deadline=None)
@given(POOL, st.one_of(st.none(), st.integers(1, 20)), st.text(max_size=8))
def test_a_sample_is_as_large_as_asked_and_has_each_phone_once(pool, n_each, seed):
    chosen = choose(pool, seed=seed, n_each=n_each)
    phones = [person.shares for person in chosen]
    assert len(phones) == len(set(phones))
    assert set(chosen) <= set(pool)
    for locality in ("north", "south", "east"):
        taken = [person for person in chosen if person.locality == locality]
        left = {p.shares for p in pool if p.locality == locality} - set(phones)
        assert n_each is None or len(taken) <= n_each
        assert not left or len(taken) == n_each


def test_over_many_seeds_everybody_is_drawn_as_often():
    pool = [Candidate(n, "north", n, ChannelChoice.WEB, "en") for n in range(20)]
    seeds = random.Random(1)
    counts = Counter(p.id for _ in range(2_000) for p in choose(pool, seed=str(seeds.random()), n_each=5))
    assert all(abs(n - 500) < 100 for n in counts.values())
