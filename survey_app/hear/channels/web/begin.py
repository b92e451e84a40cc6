"""The start page and its end: what a survey is; how it looks, what it speaks, who fills it in; and thanks."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TypeVar

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.outreach import invitations
from survey_app.ask.outreach.codes import starts
from survey_app.ask.outreach.tables import Appearance, Helped
from survey_app.clock import london_day
from survey_app.hear.channels.web.easy import EasyPages
from survey_app.hear.channels.web.ended import LEAST_PEOPLE, Ended, ended
from survey_app.hear.channels.web.links import Links, way_to
from survey_app.hear.channels.web.needs import Needs
from survey_app.hear.channels.web.seal import FormSeal, Shown, new_nonce
from survey_app.hear.channels.web.visits import Standing, Visit
from survey_app.web.access import Who, who_may
from survey_app.web.phrases import phrases_here, voice_of

PAGE = "start"
SECONDS_AN_ITEM = 15
Choice = TypeVar("Choice", bound=StrEnum)


def offered(*, has_easy: bool) -> tuple[Appearance, ...]:
    """Return the ways a survey can look."""
    return tuple(one for one in Appearance if has_easy or one is not Appearance.EASY)


def minutes_for(n_items: int, seconds_each: int = SECONDS_AN_ITEM) -> int:
    """Return how long a survey takes, as its first page says."""
    return max(1, round(n_items * seconds_each / 60))


class BeginDoor:
    """The start page, its two forms and the thanks; a form that is not ours changes nothing, and leads on."""

    def __init__(self, needs: Needs, links: Links, easy: EasyPages) -> None:
        self._needs = needs
        self._links = links
        self._easy = easy
        self._seal = FormSeal(needs.keys.session)

    @who_may(Who.RESPONDENT)
    def start(self, token: str) -> str | Ended:
        """Say what the survey is and offer to begin; for links that are used up, say so."""
        found = self._links.visit(token)
        if found.standing is not Standing.OPEN or found.open_item is None:
            return ended(found)
        total = len(found.items)
        easy = self._easy.of(found)
        said = easy.instrument if easy else found.instrument
        shown = Shown(found.instrument.id, found.instrument.version, self._needs.clock(), new_nonce())
        say = voice_of(found.instrument.language)
        return render_template(
            "survey/start.html",
            lang=say.language,
            appearance=found.appearance,
            visit=found,
            here=f"/s/{found.token}",
            languages=phrases_here().named(found.languages),
            offered=offered(has_easy=self._easy.has(found)),
            seal=self._seal.make(found.token, PAGE, shown),
            title=said.title,
            intro=said.intro,
            total=total,
            minutes=minutes_for(total),
            until=say.day(_last_day(found)),
            least=LEAST_PEOPLE,
        )

    @who_may(Who.RESPONDENT)
    def choose(self, token: str) -> Response:
        """Keep how the pages look and what they and our texts speak, and show the start page in that way."""
        found = self._links.visit(token)
        look = self._said(found, Appearance, "appearance")
        language = request.form.get("language", "")
        if self._is_ours(found):
            with self._needs.database.writing() as session:
                if look is not None and found.origin.invitation_id is not None:
                    invitations.choose_appearance(session, found.origin.invitation_id, look)
                if language in found.languages:
                    self._speak(session, found, language)
        return way_to(found, None)

    @who_may(Who.RESPONDENT)
    def begin(self, token: str) -> Response:
        """Keep who fills this in, where they say so, and go to the first open item."""
        found = self._links.visit(token)
        helped = self._said(found, Helped, "helped")
        invitation_id = found.origin.invitation_id
        if helped is not None and invitation_id is not None:
            with self._needs.database.writing() as session:
                invitations.say_who_helps(session, invitation_id, helped)
        return way_to(found, found.open_item if found.standing is Standing.OPEN else None)

    @who_may(Who.RESPONDENT)
    def done(self, token: str) -> Response | Ended:
        """Thank, and say what happens next."""
        found = self._links.visit(token)
        if found.standing is Standing.OPEN:
            return way_to(found, found.open_item)
        return ended(found, just_now=True)

    def _speak(self, session: Session, found: Visit, language: str) -> None:
        if found.origin.invitation_id is not None:
            invitations.speak(session, found.origin.invitation_id, language)
        else:
            starts.speak(session, found.token, language, keys=self._needs.keys)

    def _said(self, found: Visit, kind: type[Choice], field: str) -> Choice | None:
        if not self._is_ours(found) or found.standing is not Standing.OPEN:
            return None
        return next((one for one in kind if one.value == request.form.get(field)), None)

    def _is_ours(self, found: Visit) -> bool:
        return self._seal.read(found.token, PAGE, request.form.get("seal")) is not None


def _last_day(found: Visit) -> dt.date:
    # A link that ends at midnight is of no use on the day it ends.
    return london_day(found.origin.expires_at - dt.timedelta(microseconds=1))
