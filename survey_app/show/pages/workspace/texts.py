"""The texts of a campaign before it starts: what each looks like, how long it is, what it costs and why."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from sqlalchemy.orm import Session

from survey_app.ask.outreach.previews import Preview, Setting, languages_of, preview
from survey_app.ask.outreach.reaching import MEDIUM_OF
from survey_app.ask.outreach.tables import Campaign
from survey_app.ask.population.languages import NAMES as LANGUAGE_NAMES
from survey_app.ask.population.tables import ChannelChoice
from survey_app.ask.sending.policy import cost_of, prices_of
from survey_app.ask.sending.spend import pounds
from survey_app.ask.sending.tables import Medium
from survey_app.crypto import TOKEN_LENGTH
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

NAMES = {
    "invitation": "Invitation",
    "reminder": "Reminder",
    "invitation_web": "Invitation, by a link",
    "reminder_web": "Reminder, by a link",
    "thanks": "Thanks",
}
WAYS = {
    Medium.WHATSAPP: "WhatsApp message",
    Medium.CALL: "phone call",
    Medium.EMAIL: "e-mail",
    Medium.LETTER: "letter",
}


class TextPages:
    """Looking at a campaign's texts while they can still be changed."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER)
    def show(self, campaign_id: int) -> str:
        """Show every text of a campaign, in the languages of the people it asks."""
        with self._needs.database.reading() as session:
            found = Reach(session, signed_in()).campaign(session, campaign_id)
            measured = previews_of(session, found, self._needs)
        prices = prices_of(self._needs.settings)
        return render_template(
            "workspace/texts.html",
            campaign=found,
            previews=measured,
            names=NAMES,
            languages=LANGUAGE_NAMES,
            pounds=pounds,
            price=pounds(cost_of(prices, Medium.TEXT, 1)),
            others=[(WAYS[one], pounds(cost_of(prices, one, 1))) for one in WAYS if one in _media_of(found)],
        )


def _media_of(campaign: Campaign) -> set[Medium]:
    offered = {MEDIUM_OF[ChannelChoice(channel)] for channel in campaign.channels}
    return offered.union(map(Medium, campaign.fallback or ()))


def previews_of(session: Session, campaign: Campaign, needs: Needs) -> Sequence[Preview]:
    """Measure a campaign's texts in every language it needs and the wording has."""
    instrument = needs.library.get(campaign.instrument_id, campaign.instrument_version)
    link = f"{needs.settings.public_base_url}/s/{'x' * TOKEN_LENGTH}"
    setting = Setting(needs.settings.sender_name, link, prices_of(needs.settings))
    spoken = [one for one in languages_of(session, campaign) if one == "en" or one in needs.wording.others]
    return [
        preview(campaign, instrument.in_language(one), setting, one, needs.wording.in_language(one).text)
        for one in spoken
    ]
