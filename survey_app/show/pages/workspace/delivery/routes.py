"""The delivery pages: of all campaigns within reach, and of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from survey_app.ask.outreach import campaigns, delivery
from survey_app.ask.outreach.budgets import budget_of, spent_on
from survey_app.ask.outreach.tables import Campaign, CampaignState
from survey_app.ask.sending import breakers, spend, tending
from survey_app.ask.sending.gateways.refusals import load_codes
from survey_app.ask.sending.policy import PENNY, policy_of, prices_of
from survey_app.ask.sending.tables import Breaker
from survey_app.clock import LONDON
from survey_app.settings import CONFIG_DIR
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.delivery.advice import meaning_of, reasons, spent_words
from survey_app.show.pages.workspace.delivery.answers import by_way
from survey_app.show.pages.workspace.delivery.verdicts import NAMES, Standing, is_open, verdict
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may


class DeliveryPages:
    """What became of the messages, and what to do about those that failed."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._codes = load_codes(CONFIG_DIR / "twilio_errors.toml")
        self._policy = policy_of(needs.settings)

    @who_may(Who.OFFICER)
    def overview(self) -> str:
        """Show all campaigns within reach together."""
        with self._needs.database.reading() as session:
            reach = Reach(session, signed_in())
            found = [one for one in campaigns.all_campaigns(session) if reach.has(one)]
            costs = delivery.costs(session, [one.id for one in found])
            shown = self._shown(session, found)
        asked = [one for one in found if one.state is not CampaignState.DRAFT]
        rows = [(one, spend.pounds(costs.get(one.id, 0))) for one in asked]
        return render_template("workspace/delivery.html", campaign=None, rows=rows, ways=[], **shown)

    @who_may(Who.OFFICER)
    def of_campaign(self, campaign_id: int) -> str:
        """Show one campaign, with its money and who answered."""
        with self._needs.database.reading() as session:
            found = Reach(session, signed_in()).campaign(session, campaign_id)
            shown = self._shown(session, [found])
            instrument = self._needs.library.get(found.instrument_id, found.instrument_version)
            ways = by_way(session, found, len(instrument.items))
            spent = spent_on(session, found.id, prices_of(self._needs.settings))
        budget = budget_of(found, self._needs.settings)
        money = {
            "spent": spend.pounds(spent.left),
            "waiting_cost": spend.pounds(spent.waiting),
            "budget": spend.pounds(budget) if budget is not None else "",
        }
        return render_template(
            "workspace/delivery.html", campaign=found, rows=[], ways=ways, **shown, **money
        )

    def _shown(self, session: Session, found: Sequence[Campaign]) -> dict[str, Any]:
        now, ids = self._needs.clock(), [one.id for one in found]
        counted = delivery.by_medium(session, ids)
        held = [one for one in breakers.standing(session).values() if is_open(one, now)]
        standing = Standing(
            held,
            counted,
            tending.is_capped(session, self._policy, now),
            tending.is_filtered(session, now),
        )
        return {
            "verdict": verdict(standing, self._codes),
            "counted": [(NAMES[medium], one, spend.pounds(one.cost)) for medium, one in counted.items()],
            "failed": reasons(delivery.why_failed(session, ids), self._codes),
            "held": [self._held(one) for one in held],
            "cap": self._cap(session),
        }

    def _held(self, one: Breaker) -> tuple[str, str, str]:
        until = one.until or self._needs.clock()
        return NAMES[one.medium], meaning_of(one.code or "", self._codes), f"{until.astimezone(LONDON):%H:%M}"

    def _cap(self, session: Session) -> str:
        left = spend.left_today(session, self._policy, self._needs.clock())
        if left is None or self._policy.daily_cap_pence is None:
            return ""
        cap = self._policy.daily_cap_pence * PENNY
        return spent_words(cap - left, cap)
