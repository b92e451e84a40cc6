"""Panel rounds: opened with a list of people who agreed to be named, followed, and closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.instruments.model import Audience, Instrument
from survey_app.ask.outreach.panels.opening import BadRound, NewRound, close_round, open_round
from survey_app.ask.outreach.panels.raters import COLUMNS, read_raters
from survey_app.ask.outreach.panels.rounds import links, round_by_id, rounds_at
from survey_app.ask.population.sheets import BadRows
from survey_app.clock import london_day
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

USUAL_DAYS = 21


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent, so that a faulty form comes back filled."""

    instrument: str = ""
    place: str = ""
    closes_on: str = ""
    raters: str = ""


class PanelPages:
    """What a survey officer does with panels."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.OFFICER)
    def overview(self) -> str:
        """List the rounds of one's places, with a form for a new one."""
        usual = london_day(self._needs.clock()) + dt.timedelta(days=USUAL_DAYS)
        return self._page(Asked(closes_on=usual.isoformat()))

    @who_may(Who.OFFICER)
    def open(self) -> str | tuple[str, int]:
        """Open a round and show its links, once: they are stored nowhere."""
        form = request.form
        names = ("instrument", "place", "closes_on", "raters")
        asked = Asked(*(form.get(name, "")[:20_000].strip() for name in names))
        try:
            return self._page(Asked(), shown=self._open(asked))
        except (BadRows, BadRound, ValueError) as bad:
            faults = [str(fault) for fault in bad.faults] if isinstance(bad, BadRows) else [str(bad)]
            return self._page(asked, faults=faults), 422

    @who_may(Who.OFFICER)
    def close(self, round_id: int) -> Response:
        """Close a round before its last day."""
        with self._needs.database.writing() as session:
            made = round_by_id(session, round_id)
            if made is None or made.place_id not in Reach(session, signed_in()).place_ids:
                abort(404)
            close_round(session, made, now=self._needs.clock())
        return redirect(url_for("workspace.panels"), 303)

    def _open(self, asked: Asked) -> list[tuple[str, str]]:
        instrument = self._instrument(asked.instrument)
        raters = read_raters(f"{','.join(COLUMNS)}\n{asked.raters}\n")
        closes_on = _day(asked.closes_on)
        person, needs = signed_in(), self._needs
        with needs.database.writing() as session:
            if asked.place not in Reach(session, person).place_ids:
                raise BadRound("choose a place")
            new = NewRound(instrument, asked.place, closes_on, person.email)
            made = open_round(session, new, raters, keys=needs.keys, now=needs.clock())
            return links(session, made, keys=needs.keys, settings=needs.settings)

    def _instrument(self, instrument_id: str) -> Instrument:
        for one in self._instruments():
            if one.id == instrument_id:
                return one
        raise BadRound("choose what to judge")

    def _instruments(self) -> list[Instrument]:
        known = [one for one in self._needs.library.all() if one.audience is Audience.PANEL]
        return [self._needs.library.latest(name) for name in dict.fromkeys(one.id for one in known)]

    def _page(
        self,
        asked: Asked,
        *,
        faults: list[str] | None = None,
        shown: list[tuple[str, str]] | None = None,
    ) -> str:
        with self._needs.database.reading() as session:
            reach = Reach(session, signed_in())
            return self._rendered(session, reach, {"asked": asked, "faults": faults or [], "links": shown})

    def _rendered(self, session: Session, reach: Reach, more: dict[str, object]) -> str:
        instruments = self._instruments()
        return render_template(
            "workspace/panels.html",
            rounds=rounds_at(session, reach.place_ids),
            reach=reach,
            places=[place for place in reach.places if place.kind != "practice"],
            instruments=instruments,
            titles={one.id: one.title for one in instruments},
            **more,
        )


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadRound("enter the last day as year-month-day") from None
