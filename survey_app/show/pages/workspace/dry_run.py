"""A dry run: whom the next draw would ask, how and when, with nothing stored and nothing sent."""

from __future__ import annotations

import datetime as dt

from flask import render_template

from survey_app.ask.outreach.rehearsal import rehearse
from survey_app.ask.population.languages import NAMES
from survey_app.clock import LONDON
from survey_app.show.charts.dates import day_words
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.forms import CHANNELS
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may


class DryRunPage:
    """Looking at the next draw before it is drawn."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER)
    def show(self, campaign_id: int) -> str:
        """Show what the next draw would do."""
        with self._needs.database.reading() as session:
            reach = Reach(session, signed_in())
            campaign = reach.campaign(session, campaign_id)
            tried = rehearse(session, campaign, self._needs.clock())
            names = {place_id: reach.name(place_id) for place_id in campaign.localities}
        return render_template(
            "workspace/dry_run.html",
            campaign=campaign,
            tried=tried,
            names=names,
            channels=CHANNELS,
            languages=NAMES,
            at=_at,
        )


def _at(instant: dt.datetime) -> str:
    local = instant.astimezone(LONDON)
    return f"{day_words(local.date(), year=False)}, {local:%H:%M}"
