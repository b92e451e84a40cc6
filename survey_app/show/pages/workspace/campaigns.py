"""Campaign pages: what runs, a new one, and how long its list of people lasts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Response as FlaskResponse
from flask import abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from survey_app.ask.instruments.model import Audience
from survey_app.ask.outreach import campaigns
from survey_app.ask.outreach.budgets import (
    REPLY_RATE,
    Estimate,
    OverBudget,
    Spent,
    budget_of,
    estimate,
    people_by_medium,
    refuse_over,
    spent_on,
)
from survey_app.ask.outreach.outlook import Outlook, outlook
from survey_app.ask.outreach.tables import Campaign, Rhythm
from survey_app.ask.population.tables import Place
from survey_app.ask.sending.gateways.registry import media_of
from survey_app.ask.sending.policy import prices_of
from survey_app.ask.sending.spend import pounds
from survey_app.clock import london_day
from survey_app.show.pages.accounts.gate import asked_by_pages, signed_in
from survey_app.show.pages.workspace.expecting import expectations
from survey_app.show.pages.workspace.forms import CampaignForm, campaign_form, new_campaign
from survey_app.show.pages.workspace.languages import languages_of
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.planning import Page, Step, copied, page_for, wanted_step, with_usual
from survey_app.show.pages.workspace.progress import progress_of
from survey_app.show.pages.workspace.reach import Reach
from survey_app.show.pages.workspace.texts import previews_of
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed

STEPS = {"start": campaigns.start, "pause": campaigns.pause, "end": campaigns.end}


@dataclass(frozen=True, slots=True)
class Money:
    """What a campaign may cost, has cost and will cost."""

    budget: int | None
    spent: Spent
    ahead: Estimate


class CampaignPages:
    """What a survey officer does with campaigns."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER)
    def overview(self) -> str:
        """List the campaigns with what became of their invitations."""
        with self._needs.database.reading() as session:
            reach = Reach(session, signed_in())
            found = [one for one in campaigns.all_campaigns(session) if reach.has(one)]
            tallies = campaigns.tallies(session)
        rows = [(one, tallies.get(one.id, campaigns.Tally())) for one in found]
        return render_template("workspace/campaigns.html", rows=rows)

    @who_may(Who.OFFICER)
    def new(self) -> str:
        """Ask for one part of a new campaign; what was said on other pages stands in the address."""
        with self._needs.database.reading() as session:
            localities = Reach(session, signed_in()).localities
        step = wanted_step(request.args.get("step", ""))
        usual = self._form(None, localities)
        form = self._form(with_usual(request.args, usual, step), localities)
        return self._step(form, page_for(form, step))

    @who_may(Who.OFFICER)
    def create(self) -> Response | tuple[str, int]:
        """Store a campaign as a draft, or show the form again with every fault."""
        faults: list[str] = []
        with self._needs.database.writing() as session:
            localities = Reach(session, signed_in()).localities
            form = self._form(request.form, localities)
            if form.validate():
                new = new_campaign(form, self._needs.library)
                try:
                    made = campaigns.create(session, new, now=self._needs.clock())
                    return redirect(url_for("workspace.campaign", campaign_id=made.id), 303)
                except campaigns.BadCampaign as bad:
                    faults = list(bad.faults)
        return self._step(form, page_for(form, Step.CHECK), faults), 422

    def _step(self, form: CampaignForm, page: Page, faults: Sequence[str] = ()) -> str:
        expected: list[str] = []
        if page.step is Step.CHECK:
            expected = list(expectations(Rhythm(form.rhythm.data), form.weekly_sample.data))
        return render_template(
            "workspace/new.html",
            form=form,
            page=page,
            faults=faults,
            spoken=self._spoken(),
            expected=expected,
        )

    @who_may(Who.OFFICER)
    def plan(self, campaign_id: int) -> str:
        """Say how long the list lasts, how many replies to expect, and what people will be asked."""
        return self._plan(campaign_id)

    def _plan(self, campaign_id: int, fault: str = "") -> str:
        with self._needs.database.reading() as session:
            reach = Reach(session, signed_in())
            campaign = reach.campaign(session, campaign_id)
            ahead = outlook(session, campaign, self._needs.clock())
            money = self._money(session, campaign, ahead)
            tally = campaigns.tallies(session).get(campaign.id, campaigns.Tally())
            names = [reach.name(place_id) for place_id in campaign.localities]
            now = progress_of(session, campaign)
        instrument = self._needs.library.get(campaign.instrument_id, campaign.instrument_version)
        return render_template(
            "workspace/plan.html",
            campaign=campaign,
            ahead=ahead,
            tally=tally,
            fault=fault,
            money=money,
            pounds=pounds,
            names=names,
            expected=expected_replies(
                campaign, ahead.n_people if campaign.weekly_sample else tally.n_drawn or ahead.n_people
            ),
            instrument=instrument,
            spoken=languages_of(instrument),
            now=now,
            often=list(expectations(campaign.rhythm, campaign.weekly_sample)),
            copy=copied(campaign),
        )

    @who_may(Who.OFFICER)
    @asked_by_pages
    def progress(self, campaign_id: int) -> FlaskResponse:
        """Give an open page how far a campaign is, if that is further than it says."""
        with self._needs.database.reading() as session:
            campaign = Reach(session, signed_in()).campaign(session, campaign_id)
            now = progress_of(session, campaign)
        return if_changed(
            now.stamp, lambda: make_response(render_template("workspace/progress.html", now=now))
        )

    @who_may(Who.OFFICER)
    def move(self, campaign_id: int, step: str) -> Response | tuple[str, int]:
        """Start, pause or end a campaign; one that cannot be paid does not start."""
        with self._needs.database.writing() as session:
            campaign = Reach(session, signed_in()).campaign(session, campaign_id)
            try:
                if step == "start":
                    self._refuse_dear(session, campaign)
                STEPS[step](session, campaign.id)
            except campaigns.CampaignOver:
                abort(409)
            except OverBudget as dear:
                fault = str(dear)
            else:
                fault = ""
        if fault:
            return self._plan(campaign_id, fault), 422
        return redirect(url_for("workspace.campaign", campaign_id=campaign_id), 303)

    def _spoken(self) -> list[tuple[str, str]]:
        asked = (one for one in self._needs.library.all() if one.audience is not Audience.PANEL)
        return [(one.title, languages_of(one)) for one in asked]

    def _form(self, sent: MultiDict[str, str] | None, localities: Iterable[Place]) -> CampaignForm:
        needs = self._needs
        return campaign_form(
            sent, needs.library, localities, london_day(needs.clock()), media_of(needs.settings)
        )

    def _refuse_dear(self, session: Session, campaign: Campaign) -> None:
        money = self._money(session, campaign, outlook(session, campaign, self._needs.clock()))
        refuse_over(money.budget, money.spent, money.ahead)

    def _money(self, session: Session, campaign: Campaign, ahead: Outlook) -> Money:
        settings = self._needs.settings
        prices = prices_of(settings)
        previews = previews_of(session, campaign, self._needs)
        people = people_by_medium(session, campaign, self._needs.clock())
        return Money(
            budget=budget_of(campaign, settings),
            spent=spent_on(session, campaign.id, prices),
            ahead=estimate(campaign, ahead, previews, people, prices),
        )


def expected_replies(campaign: Campaign, n_people: int) -> tuple[int, int]:
    """Return about how many replies a round will bring, low and high."""
    asked = min(n_people, (campaign.weekly_sample or n_people) * len(campaign.localities))
    low, high = REPLY_RATE
    return round(asked * low), round(asked * high)
