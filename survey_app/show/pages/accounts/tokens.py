"""One's own API tokens: what there is, making one that is shown once, revoking one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts.scope import READING, may_see, only
from survey_app.accounts.tokens import tokens
from survey_app.accounts.tokens.tables import ApiToken
from survey_app.accounts.tokens.tokens import LONGEST_DAYS, USUAL_DAYS, BadToken, Wanted
from survey_app.ask.population.places import all_places
from survey_app.clock import london_day
from survey_app.show.charts.dates import day_words
from survey_app.show.pages.accounts.gate import Needs, signed_in
from survey_app.show.pages.accounts.proving import Prover
from survey_app.web.access import Who, who_may
from survey_app.web.headers import FORGET

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Response


def hang_tokens(door: Blueprint, needs: Needs) -> None:
    """Hang the pages of API tokens."""
    pages, address = TokenPages(needs), "/account/tokens"
    door.add_url_rule(address, "tokens", view_func=pages.overview, methods=["GET"])
    door.add_url_rule(address, "make_token", view_func=pages.make, methods=["POST"])
    door.add_url_rule(
        f"{address}/<int(max=2147483647):token_id>/revoke",
        "revoke_token",
        view_func=pages.revoke,
        methods=["POST"],
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A token as its maker sees it."""

    id: int
    name: str
    place: str
    ends: str
    used: str
    state: str  # of a token that no longer works


class TokenPages:
    """What a member of staff does with their own tokens."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._prover = Prover(needs)

    @who_may(Who.STAFF)
    def overview(self) -> str:
        """List one's tokens, and offer to make one."""
        return self._page()

    @who_may(Who.STAFF)
    def make(self) -> Page:
        """Make a token and show it, once."""
        if not self._prover.proved():
            return self._page("password", self._prover.fault), 422
        now, keys = self._needs.clock(), self._needs.keys
        with self._needs.database.writing() as session:
            try:
                wanted = _wanted(session)
                token = tokens.make(session, signed_in(), wanted, now=now, keys=keys)
            except BadToken as fault:
                return self._page(fault.field, str(fault)), 422
        shown = render_template(
            "accounts/token.html", token=token, api=self._needs.settings.public_base_url + "/api/v1/series"
        )
        return shown, 200, FORGET

    @who_may(Who.STAFF)
    def revoke(self, token_id: int) -> Response:
        """End one of one's own tokens at once."""
        with self._needs.database.writing() as session:
            known = tokens.revoke(session, signed_in().staff_id, token_id, now=self._needs.clock())
        return redirect(url_for("accounts.tokens"), 303) if known else abort(404)

    def _page(self, field: str = "", fault: str = "") -> str:
        reader = only(signed_in(), READING)
        with self._needs.database.reading() as session:
            places = {place.path: place.name for place in all_places(session) if may_see(reader, place.path)}
            kept = tokens.of_person(session, signed_in().staff_id)
            shown = [self._shown(token, places) for token in kept]
        choices = [{"value": path, "text": name} for path, name in places.items()]
        return render_template(
            "accounts/tokens.html",
            tokens=shown,
            places=choices,
            field=field if field != "password" or self._prover.by_password else "name",
            fault=fault,
            usual=USUAL_DAYS,
            longest=LONGEST_DAYS,
            by_password=self._prover.by_password,
            sent=request.form,
        )

    def _shown(self, token: ApiToken, places: dict[str, str]) -> Shown:
        now = self._needs.clock()
        ended = "Revoked" if token.revoked_at else "Ended" if now >= token.expires_at else ""
        return Shown(
            id=token.id,
            name=token.name,
            place=places.get(token.place_path, "A place you no longer see"),
            ends=_day(london_day(token.expires_at)),
            used=_day(token.last_used_on) if token.last_used_on else "",
            state=ended,
        )


def _wanted(session: Session) -> Wanted:
    path, days = request.form.get("place", ""), request.form.get("days", "").strip()
    if path not in {place.path for place in all_places(session)}:
        raise BadToken("place", "Choose one of your places")
    if not (days.isascii() and days.isdigit() and len(days) <= 4):
        raise BadToken("days", f"It can work for 1 to {LONGEST_DAYS} days")
    return Wanted(request.form.get("name", ""), path, int(days))


def _day(day: dt.date) -> str:
    return day_words(day)
