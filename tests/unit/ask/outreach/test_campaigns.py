from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach import campaigns
from survey_app.ask.outreach.campaigns import BadCampaign, CampaignOver, NewCampaign, Tally
from survey_app.ask.outreach.tables import CampaignState, InvitationState, Rhythm
from survey_app.ask.population.tables import ChannelChoice, PlaceKind
from tests.factories import make_campaign, make_invitation, make_participant, make_place
from tests.fakes import MONDAY_MORNING

NEW = NewCampaign(
    name="Pulse",
    instrument_id="pulse-user-6",
    instrument_version=1,
    audience=Audience.USER,
    localities=("riverside",),
    channels=(ChannelChoice.TEXT, ChannelChoice.WEB),
    starts_on=dt.date(2026, 11, 2),
    ends_on=dt.date(2027, 4, 30),
    weekly_sample=40,
)


@pytest.fixture
def session(database):
    with database.writing() as session:
        make_place(session, "riverside")
        make_place(session, "town", kind=PlaceKind.PLACE)
        yield session


@pytest.mark.parametrize(
    ("n", "said"), [(0, "under 10"), (9, "under 10"), (10, "10 or more"), (1239, "1,230 or more")]
)
def test_how_many_answered_is_said_in_tens(n, said):
    assert Tally(n_answered=n).answered_in_tens == said


def test_a_new_campaign_is_a_draft_with_a_seed_of_its_own(session):
    made = campaigns.create(session, NEW, now=MONDAY_MORNING)
    other = campaigns.create(session, replace(NEW, name="Other", seed=5), now=MONDAY_MORNING)
    assert (made.state, made.channels, made.localities) == (
        CampaignState.DRAFT,
        ["text", "web"],
        ["riverside"],
    )
    assert made.seed >= 0
    assert other.seed == 5
    assert campaigns.campaign(session, made.id) is made
    assert set(campaigns.all_campaigns(session)) == {made, other}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"name": " "}, "name must have"),
        ({"localities": ()}, "at least one locality"),
        ({"localities": ("riverside", "nowhere")}, "'nowhere' is not a locality"),
        ({"localities": ("town",)}, "'town' is not a locality"),
        ({"channels": ()}, "at least one channel"),
        ({"ends_on": dt.date(2026, 11, 1)}, "last day"),
        ({"window_days": 28}, "1 to 27 days"),
        ({"window_days": 0}, "1 to 27 days"),
        ({"reminder_days": 7}, "reminder"),
        ({"reminder_days": 0}, "reminder"),
        ({"weekly_sample": None}, "weekly campaign needs"),
        ({"weekly_sample": 0}, "at least 1 person"),
        ({"rota_items": 0}, "at least 1 item"),
    ],
)
def test_a_campaign_that_cannot_work_is_refused_with_the_reason(session, changed, reason):
    with pytest.raises(BadCampaign, match=reason):
        campaigns.create(session, replace(NEW, **changed), now=MONDAY_MORNING)
    assert campaigns.all_campaigns(session) == []


def test_all_reasons_are_given_at_once_and_a_name_belongs_to_one_campaign(session):
    campaigns.create(session, NEW, now=MONDAY_MORNING)
    with pytest.raises(BadCampaign) as refused:
        campaigns.create(session, replace(NEW, channels=(), rota_items=0), now=MONDAY_MORNING)
    assert len(refused.value.faults) == 3
    assert "already a campaign named 'Pulse'" in refused.value.faults[-1]


def test_a_campaign_that_asks_once_needs_no_sample_size(session):
    made = campaigns.create(session, replace(NEW, rhythm=Rhythm.ONCE, weekly_sample=None), now=MONDAY_MORNING)
    assert made.weekly_sample is None


def test_only_started_campaigns_run_and_only_between_their_days(session):
    made = campaigns.create(session, NEW, now=MONDAY_MORNING)
    assert campaigns.running(session, NEW.starts_on) == []
    campaigns.start(session, made.id)
    campaigns.start(session, made.id)
    assert campaigns.running(session, NEW.starts_on) == [made]
    assert campaigns.running(session, NEW.ends_on) == [made]
    assert campaigns.running(session, NEW.starts_on - dt.timedelta(days=1)) == []
    assert campaigns.running(session, NEW.ends_on + dt.timedelta(days=1)) == []


def test_a_paused_campaign_can_go_on_and_an_ended_one_cannot(session):
    made = campaigns.create(session, NEW, now=MONDAY_MORNING)
    campaigns.pause(session, made.id)
    assert made.state is CampaignState.DRAFT
    campaigns.start(session, made.id)
    campaigns.pause(session, made.id)
    assert made.state is CampaignState.PAUSED
    campaigns.start(session, made.id)
    campaigns.end(session, made.id)
    assert made.state is CampaignState.ENDED
    for missing in (made.id, 999):
        with pytest.raises(CampaignOver):
            campaigns.start(session, missing)


def test_a_campaign_ends_by_itself_when_its_last_invitations_have_run_out(session):
    made = campaigns.create(session, NEW, now=MONDAY_MORNING)
    campaigns.start(session, made.id)
    assert campaigns.end_over(session, NEW.ends_on + dt.timedelta(days=7)) == 0
    assert campaigns.end_over(session, NEW.ends_on + dt.timedelta(days=8)) == 1
    assert made.state is CampaignState.ENDED


def test_tallies_count_what_became_of_the_invitations(session, keys):
    place = make_place(session, "hill")
    one, other = (make_campaign(session, places=[place]) for _ in range(2))
    make_campaign(session, places=[place])
    for campaign, state in [
        (one, InvitationState.OPEN),
        (one, InvitationState.ANSWERED),
        (one, InvitationState.ANSWERED),
        (other, InvitationState.EXPIRED),
        (other, InvitationState.CANCELLED),
    ]:
        person = make_participant(session, keys, place=place)
        make_invitation(session, keys, campaign=campaign, participant=person, state=state)
    assert campaigns.tallies(session) == {
        one.id: Tally(n_open=1, n_answered=2),
        other.id: Tally(n_expired=1, n_cancelled=1),
    }
    assert campaigns.tallies(session)[one.id].n_drawn == 3
