import datetime as dt

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach.tables import Campaign, CampaignState
from survey_app.hear.reading.model import DistressKind
from survey_app.hear.safeguarding.alerts import Distress, raise_alert
from survey_app.hear.safeguarding.tables import Alert
from tests.integration.signed_in import csrf_in, enter, settle

NEW = {
    "name": "Autumn",
    "instrument": "pulse-user-6:1",
    "localities": ["riverside"],
    "channels": ["text", "web"],
    "rhythm": "weekly",
    "weekly_sample": "40",
    "rota_items": "",
    "starts_on": "2026-11-09",
    "ends_on": "2027-05-02",
    "window_days": "7",
    "reminder_days": "3",
}


@pytest.fixture(autouse=True)
def people(runtime):
    settle(runtime, "officer@example.org", "east-officer@example.org", "lead@example.org", "east@example.org")


@pytest.fixture
def officer(app):
    return enter(app, "officer@example.org")[0]


@pytest.fixture
def east_officer(app):
    return enter(app, "east-officer@example.org")[0]


def send(client, address, **data):
    return client.post(address, data={"csrf_token": csrf_in(client)} | data)


def states(runtime):
    with runtime.database.reading() as session:
        return list(session.scalars(sa.select(Campaign.state).order_by(Campaign.id)))


def test_a_campaign_is_made_as_a_draft_started_paused_and_ended(officer, runtime):
    made = send(officer, "/workspace/campaigns/new", **NEW)
    assert (made.status_code, made.headers["Location"]) == (303, "/workspace/campaigns/1")
    assert states(runtime) == [CampaignState.DRAFT]
    for step, state in (("start", "running"), ("pause", "paused"), ("start", "running"), ("end", "ended")):
        assert send(officer, f"/workspace/campaigns/1/{step}").status_code == 303
        assert states(runtime) == [CampaignState(state)]
    assert send(officer, "/workspace/campaigns/1/start").status_code == 409
    assert officer.get("/workspace/campaigns/1/start").status_code == 405


def test_the_plan_page_says_how_long_the_list_lasts_and_shows_the_questions(officer):
    send(officer, "/workspace/campaigns/new", **NEW)
    page = officer.get("/workspace/campaigns/1").text
    assert "The list runs short" in page
    assert "Yes fully" in page
    assert "Reply 1" in page or "1 No" in page
    assert "Autumn" in officer.get("/workspace").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Enter a name"),
        ({"localities": []}, "Choose at least one locality"),
        ({"localities": ["nowhere"]}, "Localities"),
        ({"instrument": "unknown:1"}, "Questions"),
        ({"starts_on": "tomorrow"}, "First day"),
        ({"ends_on": "2026-01-01"}, "last day must not be before the first"),
        ({"weekly_sample": ""}, "weekly campaign needs"),
        ({"window_days": "90"}, "Days to answer"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused_with_the_reason(officer, runtime, changed, said):
    reply = send(officer, "/workspace/campaigns/new", **NEW | changed)
    assert reply.status_code == 422
    assert "There is a problem" in reply.text
    assert said in reply.text
    assert states(runtime) == []


@pytest.mark.parametrize(("rhythm", "sample"), [("once", None), ("weekly", 40)])
def test_everybody_once_means_everybody_whatever_stands_in_the_field_for_samples(
    officer, runtime, rhythm, sample
):
    send(officer, "/workspace/campaigns/new", **NEW | {"rhythm": rhythm, "weekly_sample": "40"})
    with runtime.database.reading() as session:
        assert session.scalar(sa.select(Campaign.weekly_sample)) == sample
    assert ("The list runs short" in officer.get("/workspace/campaigns/1").text) == (rhythm == "weekly")


def test_a_step_of_a_new_survey_tells_its_own_faults_only(officer):
    page = officer.get("/workspace/campaigns/new?step=where&name=").text
    assert "Enter a name" in page
    assert "Choose at least one locality" not in page


def test_an_officer_of_one_place_neither_sees_nor_makes_campaigns_of_another(officer, east_officer):
    send(officer, "/workspace/campaigns/new", **NEW | {"localities": ["hilltop"]})
    assert east_officer.get("/workspace/campaigns/1").status_code == 404
    assert send(east_officer, "/workspace/campaigns/1/start").status_code == 404
    assert "Autumn" not in east_officer.get("/workspace").text
    assert (
        send(east_officer, "/workspace/campaigns/new", **NEW | {"localities": ["hilltop"]}).status_code == 422
    )


def test_a_lead_does_not_run_surveys(app):
    client, _ = enter(app, "lead@example.org")
    for address in ("/workspace", "/workspace/campaigns/new", "/workspace/people"):
        assert client.get(address).status_code == 403


@pytest.fixture
def alert(runtime):
    distress = Distress(
        source="SM1",
        kind=DistressKind.CRISIS,
        sender="+447700900123",
        words="I cannot go on <b>",
        at=dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC),
        place_id="hilltop",
    )
    with runtime.database.writing() as session:
        raise_alert(session, distress, keys=runtime.keys, settings=runtime.settings)


def test_an_alert_is_read_and_taken_on_by_somebody_of_its_place(alert, app, runtime):
    client, _ = enter(app, "lead@example.org")
    page = client.get("/workspace/alerts").text
    assert "I cannot go on &lt;b&gt;" in page
    assert send(client, "/workspace/alerts/1").status_code == 303
    assert "No open alerts" in client.get("/workspace/alerts").text
    with runtime.database.reading() as session:
        assert session.get(Alert, 1).acknowledged_by == "lead@example.org"
    assert send(client, "/workspace/alerts/1").status_code == 404
    assert "I cannot go on &lt;b&gt;" in client.get("/workspace/alerts").text
    assert send(client, "/workspace/alerts/1/outcome", outcome="passed_on").status_code == 303
    assert "I cannot go on" not in client.get("/workspace/alerts").text


def test_an_alert_of_another_place_is_unknown(alert, app):
    client, _ = enter(app, "east@example.org")
    assert "No open alerts" in client.get("/workspace/alerts").text
    assert send(client, "/workspace/alerts/1").status_code == 404


def test_an_officer_sees_which_languages_are_machine_drafted(officer):
    send(officer, "/workspace/campaigns/new", **NEW)
    drafted = (
        "English; machine-drafted, needs review: Arabic, Bengali, Polish, Punjabi, Romanian, Urdu, Welsh"
    )
    for page in ("/workspace/campaigns/new", "/workspace/campaigns/1"):
        assert drafted in officer.get(page).text
