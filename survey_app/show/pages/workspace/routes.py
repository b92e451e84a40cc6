"""The workspace's addresses: campaigns, lists of people, alerts."""

from __future__ import annotations

from flask import Blueprint

from survey_app.show.charts.dates import day_words
from survey_app.show.pages.workspace.alerts import AlertPages
from survey_app.show.pages.workspace.audit import AuditPage
from survey_app.show.pages.workspace.calls import CallPages
from survey_app.show.pages.workspace.campaigns import CampaignPages
from survey_app.show.pages.workspace.delivery.routes import DeliveryPages
from survey_app.show.pages.workspace.dry_run import DryRunPage
from survey_app.show.pages.workspace.erasing import ErasurePages
from survey_app.show.pages.workspace.exclusions import ExclusionPages
from survey_app.show.pages.workspace.groups import GroupPages
from survey_app.show.pages.workspace.handouts import HandoutPages
from survey_app.show.pages.workspace.library import LibraryPages
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.panels import PanelPages
from survey_app.show.pages.workspace.paper import PaperPages
from survey_app.show.pages.workspace.people import PeoplePages
from survey_app.show.pages.workspace.people_lists import ListPages
from survey_app.show.pages.workspace.places import PlacePages
from survey_app.show.pages.workspace.records import RecordPages
from survey_app.show.pages.workspace.teams import routes as teams
from survey_app.show.pages.workspace.texts import TextPages

__all__ = ["Needs", "blueprint"]


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of the workspace."""
    door = Blueprint("workspace", __name__, url_prefix="/workspace", template_folder="templates")
    one = "/campaigns/<int(max=2147483647):campaign_id>"
    _hang_campaigns(door, needs, one)
    _hang_library(door, needs)
    for pages in (PeoplePages(needs), ListPages(needs), ErasurePages(needs), PlacePages(needs)):
        pages.hang(door)
    _hang_delivery(door, needs, one)
    panels = PanelPages(needs)
    door.add_url_rule("/panels", "panels", view_func=panels.overview, methods=["GET"])
    door.add_url_rule("/panels", "panel_open", view_func=panels.open, methods=["POST"])
    number = "<int(max=2147483647):round_id>"
    door.add_url_rule(f"/panels/{number}/close", "panel_close", view_func=panels.close, methods=["POST"])
    _hang_records(door, needs)
    AuditPage(needs).hang(door)
    groups = GroupPages(needs)
    door.add_url_rule("/groups", "groups", view_func=groups.ask, methods=["GET"])
    door.add_url_rule("/groups/confirm", "groups_confirm", view_func=groups.confirm, methods=["POST"])
    HandoutPages(needs).hang(door)
    PaperPages(needs).hang(door)
    teams.hang(door, needs)
    _hang_alerts(door, needs)
    door.context_processor(lambda: {"synthetic": needs.synthetic(), "day_words": day_words})
    return door


def _hang_campaigns(door: Blueprint, needs: Needs, one: str) -> None:
    campaigns = CampaignPages(needs)
    door.add_url_rule("", "campaigns", view_func=campaigns.overview)
    door.add_url_rule("/campaigns/new", "new", view_func=campaigns.new, methods=["GET"])
    door.add_url_rule("/campaigns/new", "create", view_func=campaigns.create, methods=["POST"])
    door.add_url_rule(one, "campaign", view_func=campaigns.plan)
    door.add_url_rule(
        f"{one}/<any(start, pause, end):step>", "move", view_func=campaigns.move, methods=["POST"]
    )
    door.add_url_rule(f"{one}/progress", "campaign_progress", view_func=campaigns.progress)
    door.add_url_rule(f"{one}/dry-run", "dry_run", view_func=DryRunPage(needs).show)


def _hang_library(door: Blueprint, needs: Needs) -> None:
    library = LibraryPages(needs)
    one = "/library/<instrument_id>/v<int(max=9999):version>"
    door.add_url_rule("/library", "library", view_func=library.shelf)
    door.add_url_rule(one, "instrument", view_func=library.instrument)
    door.add_url_rule(f"{one}/since/<int(max=9999):since>", "instrument_changes", view_func=library.changes)


def _hang_records(door: Blueprint, needs: Needs) -> None:
    records = RecordPages(needs)
    door.add_url_rule("/records", "records", view_func=records.ask, methods=["GET"])
    door.add_url_rule("/records", "records_show", view_func=records.show, methods=["POST"])
    door.add_url_rule("/records/take", "records_take", view_func=records.take, methods=["POST"])


def _hang_alerts(door: Blueprint, needs: Needs) -> None:
    alerts, calls = AlertPages(needs), CallPages(needs)
    door.add_url_rule("/call-backs", "calls", view_func=calls.overview, methods=["GET"])
    one_call = "/call-backs/<int(max=2147483647):call_id>"
    door.add_url_rule(one_call, "called", view_func=calls.called, methods=["POST"])
    door.add_url_rule("/alerts", "alerts", view_func=alerts.overview)
    door.add_url_rule("/alerts/<int:alert_id>", "seen", view_func=alerts.seen, methods=["POST"])
    door.add_url_rule(
        "/alerts/<int:alert_id>/outcome", "alert_closed", view_func=alerts.closed, methods=["POST"]
    )


def _hang_delivery(door: Blueprint, needs: Needs, one: str) -> None:
    delivery, alone = DeliveryPages(needs), ExclusionPages(needs)
    door.add_url_rule("/delivery", "delivery", view_func=delivery.overview)
    door.add_url_rule(f"{one}/delivery", "campaign_delivery", view_func=delivery.of_campaign)
    door.add_url_rule(f"{one}/texts", "campaign_texts", view_func=TextPages(needs).show)
    door.add_url_rule("/people/left-alone", "left_alone", view_func=alone.ask, methods=["GET"])
    door.add_url_rule("/people/left-alone", "left_alone_show", view_func=alone.show, methods=["POST"])
    door.add_url_rule("/people/left-alone/take", "left_alone_take", view_func=alone.take, methods=["POST"])
