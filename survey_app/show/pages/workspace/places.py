"""The tree of places and its history: add, rename, move from a coming quarter on, close."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts.scope import has_role, may_see
from survey_app.ask.population import tending
from survey_app.ask.population.places import all_places, children
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.ask.population.tending import BadPlace
from survey_app.clock import london_day
from survey_app.know.disclosure.moving import BadMove, Effects, effects_of_move, next_quarters, plan_move
from survey_app.show.pages.accounts.gate import ROLES, signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.web.access import Who, who_may

ONE = "/places/<place_id>"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed that cannot be, by field, and a move that waits to be confirmed."""

    faults: dict[str, str] = field(default_factory=dict)
    effects: Effects | None = None
    new_parent: Place | None = None


class PlacePages:
    """What an administrator does with the places of their part of the tree."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    def hang(self, door: Blueprint) -> None:
        """Hang these pages in the workspace."""
        door.add_url_rule("/places", "places", view_func=self.overview)
        door.add_url_rule(ONE, "place", view_func=self.one)
        door.add_url_rule(f"{ONE}/add", "place_add", view_func=self.add, methods=["POST"])
        door.add_url_rule(f"{ONE}/name", "place_name", view_func=self.rename, methods=["POST"])
        door.add_url_rule(f"{ONE}/move", "place_move", view_func=self.move, methods=["POST"])
        door.add_url_rule(f"{ONE}/stay", "place_stay", view_func=self.stay, methods=["POST"])
        door.add_url_rule(f"{ONE}/close", "place_close", view_func=self.close, methods=["POST"])
        door.add_url_rule(f"{ONE}/open", "place_open", view_func=self.reopen, methods=["POST"])

    @who_may(Who.ADMINISTRATOR)
    def overview(self) -> str:
        """Show the tree below this person's places."""
        with self._needs.database.reading() as session:
            mine = [place for place in all_places(session) if _is_mine(place)]
            below = {place.id: [one for one in mine if one.parent_id == place.id] for place in mine}
            tops = [place for place in mine if place.parent_id not in below]
        return render_template("workspace/places.html", tops=tops, below=below, today=self._today())

    @who_may(Who.ADMINISTRATOR)
    def one(self, place_id: str) -> str:
        """Show one place, where it has stood, and what can be changed."""
        with self._needs.database.reading() as session:
            return self._page(session, _found(session, place_id), Asked())

    @who_may(Who.ADMINISTRATOR)
    def add(self, place_id: str) -> Response | tuple[str, int]:
        """Make a place below this one."""

        def added(session: Session, place: Place) -> None:
            form = request.form
            tending.add_place(session, name=form.get("new_name", ""), code=form.get("code", ""), parent=place)

        return self._changed(place_id, added, {"name": "new_name"})

    @who_may(Who.ADMINISTRATOR)
    def rename(self, place_id: str) -> Response | tuple[str, int]:
        """Give this place another name."""
        return self._changed(
            place_id, lambda session, place: tending.rename(session, place, name=request.form.get("name", ""))
        )

    @who_may(Who.ADMINISTRATOR)
    def move(self, place_id: str) -> str | Response | tuple[str, int]:
        """Say what a move does; with the confirmation, let it hold from that quarter on."""
        with self._needs.database.writing() as session:
            place = _found(session, place_id)
            parent, from_day = _found(session, request.form.get("parent", "")), _day("from_day")
            try:
                _refuse_parent(place, parent)
                if request.form.get("confirmed") != "yes":
                    effects = effects_of_move(session, place, from_day)
                    return self._page(session, place, Asked(effects=effects, new_parent=parent))
                plan_move(
                    session, place_id=place.id, parent_id=parent.id, from_day=from_day, today=self._today()
                )
            except BadMove as bad:
                said = str(bad)
                return self._page(session, place, Asked({"parent": said[:1].upper() + said[1:]})), 422
        return redirect(url_for("workspace.place", place_id=place_id), 303)

    @who_may(Who.ADMINISTRATOR)
    def stay(self, place_id: str) -> Response | tuple[str, int]:
        """Take a planned move back."""
        return self._changed(place_id, lambda session, place: _took_back(session, place, today=self._today()))

    @who_may(Who.ADMINISTRATOR)
    def close(self, place_id: str) -> Response | tuple[str, int]:
        """Ask nobody here any more, from today on."""
        return self._changed(
            place_id, lambda session, place: tending.close(session, place, from_day=self._today())
        )

    @who_may(Who.ADMINISTRATOR)
    def reopen(self, place_id: str) -> Response | tuple[str, int]:
        """Let people here be asked again."""
        return self._changed(place_id, tending.reopen)

    def _changed(
        self,
        place_id: str,
        change: Callable[[Session, Place], None],
        fields: dict[str, str] | None = None,
    ) -> Response | tuple[str, int]:
        with self._needs.database.writing() as session:
            place = _found(session, place_id)
            try:
                change(session, place)
            except BadPlace as bad:
                name = (fields or {}).get(bad.field, bad.field)
                return self._page(session, place, Asked({name: str(bad)})), 422
        return redirect(url_for("workspace.place", place_id=place_id), 303)

    def _page(self, session: Session, place: Place, asked: Asked) -> str:
        today = self._today()
        stays = tending.stays_of(session, place)
        parents = [one for one in all_places(session) if _may_take(one, place)]
        return render_template(
            "workspace/place.html",
            place=place,
            asked=asked,
            faults=asked.faults,
            stays=stays,
            planned=any(stay.first and stay.first > today for stay in stays),
            parents=parents,
            quarters=next_quarters(today),
            below=children(session, place.id),
            kind_below=tending.kind_below(place),
            above_is_mine=any(stay.parent.path and _is_mine(stay.parent) for stay in stays),
            may_see=lambda other: may_see(signed_in(), other.path),
            today=today,
            typed=request.form,
        )

    def _today(self) -> dt.date:
        return london_day(self._needs.clock())


def _is_mine(place: Place) -> bool:
    return has_role(signed_in(), ROLES[Who.ADMINISTRATOR], place.path)


def _found(session: Session, place_id: str) -> Place:
    place = session.get(Place, place_id.replace("\x00", "")[:40])
    if place is None or not _is_mine(place):
        abort(404)  # one of somebody else's part looks like one that is not there
    return place


def _may_take(parent: Place, place: Place) -> bool:
    fits = parent.kind is PlaceKind.PLACE and place.kind is PlaceKind.LOCALITY
    return fits and parent.id != place.parent_id and parent.closed_from is None and _is_mine(parent)


def _refuse_parent(place: Place, parent: Place) -> None:
    if parent.closed_from is not None:
        raise BadMove(f"{parent.name} is closed")
    if parent.id == place.parent_id:
        raise BadMove(f"{place.name} stands under {parent.name} already")


def _took_back(session: Session, place: Place, *, today: dt.date) -> None:
    if not tending.take_back_move(session, place, today=today):
        raise BadPlace("parent", "No move is planned")


def _day(name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        abort(400)
