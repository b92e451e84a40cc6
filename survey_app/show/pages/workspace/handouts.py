"""Posters, letters and paper forms of a survey: made, printed, counted in tens, ended."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.codes import making, starts
from survey_app.ask.outreach.codes.tables import Code, CodeKind
from survey_app.ask.outreach.tables import Campaign
from survey_app.ask.population.languages import NAMES
from survey_app.clock import london_day
from survey_app.show.charts.documents import letter_runs, store
from survey_app.show.charts.documents.handouts import House, forms_html, house_of, languages_of, poster_html
from survey_app.show.charts.documents.store import TooMuch, Wanted
from survey_app.show.charts.documents.tables import DocumentState, LetterRun
from survey_app.show.pages.accounts.gate import signed_in, signed_in_as
from survey_app.show.pages.accounts.reasons import Export, Reasons
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

ONE = "/campaigns/<int(max=2147483647):campaign_id>/handouts"


class HandoutPages:
    """What a survey officer hands out for a survey."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._reasons = Reasons(needs.database, needs.keys, needs.clock)

    def hang(self, door: Blueprint) -> None:
        """Hang the pages in the workspace's door."""
        poster = f"{ONE}/posters/<int(max=2147483647):code_id>"
        door.add_url_rule(ONE, "handouts", view_func=self.overview)
        door.add_url_rule(f"{ONE}/posters", "poster_make", view_func=self.make, methods=["POST"])
        door.add_url_rule(f"{poster}/print", "poster_print", view_func=self.printed, methods=["POST"])
        door.add_url_rule(f"{poster}/end", "poster_end", view_func=self.end, methods=["POST"])
        door.add_url_rule(f"{ONE}/forms", "forms_print", view_func=self.forms, methods=["POST"])
        door.add_url_rule(f"{ONE}/desk", "paper_desk", view_func=self.desk, methods=["POST"])
        door.add_url_rule(f"{ONE}/letters", "letters_print", view_func=self.letters, methods=["POST"])
        pdf = f"{ONE}/letters/<run_id>.pdf"
        door.add_url_rule(pdf, "letters_pdf", view_func=self.letters_ask, methods=["GET"])
        door.add_url_rule(pdf, "letters_taken", view_func=self.letters_pdf, methods=["POST"])

    @who_may(Who.OFFICER)
    def overview(self, campaign_id: int) -> str:
        """Show a survey's posters, its letters, and what to do with paper."""
        return self._page(campaign_id)

    @who_may(Who.OFFICER)
    def make(self, campaign_id: int) -> Response | tuple[str, int]:
        """Make a poster's code for a place."""
        name = " ".join(request.form.get("name", "").split())
        if not 1 <= len(name) <= making.LONGEST_NAME:
            return self._page(campaign_id, fault="Say in a few words where the poster will hang"), 422
        with self._needs.database.writing() as session:
            campaign = self._one(session, campaign_id)
            place_id, keys = request.form.get("place", ""), self._needs.keys
            try:
                making.poster(session, campaign, place_id, name, keys=keys, now=self._needs.clock())
            except making.BadPlace:
                abort(404)
        return self._back(campaign_id)

    @who_may(Who.OFFICER)
    def printed(self, campaign_id: int, code_id: int) -> Response:
        """Have a poster printed."""
        with self._needs.database.writing() as session:
            campaign, code = self._poster(session, campaign_id, code_id)
            place = Reach(session, signed_in()).name(code.place_id)
            shown = making.printed(self._needs.keys, code)
            house, instrument = house_of(self._needs.settings), self._instrument(campaign)
            chosen = _chosen(house, instrument)
            html = poster_html(house, instrument, place, shown, languages=chosen)
            title = f"Poster, {place}, {code.name}{_in(chosen)}"
            name = f"poster-{code.id}{_suffix(chosen)}"
            return self._document(session, campaign_id, Wanted(title, name, "", html))

    @who_may(Who.OFFICER)
    def end(self, campaign_id: int, code_id: int) -> Response:
        """Let a poster's code open nothing any more."""
        with self._needs.database.writing() as session:
            _, code = self._poster(session, campaign_id, code_id)
            making.end(session, code.id, self._needs.clock())
        return self._back(campaign_id)

    @who_may(Who.OFFICER)
    def forms(self, campaign_id: int) -> Response | tuple[str, int]:
        """Number some paper forms of a place and have them printed."""
        n_forms = request.form.get("n", type=int) or 0
        if not 1 <= n_forms <= making.MOST_SHEETS:
            return self._page(campaign_id, fault=f"Print 1 to {making.MOST_SHEETS} forms at once"), 422
        with self._needs.database.writing() as session:
            campaign = self._one(session, campaign_id)
            place_id, keys, now = request.form.get("place", ""), self._needs.keys, self._needs.clock()
            try:
                codes = making.sheets(session, campaign, place_id, n_forms, keys=keys, now=now)
            except making.BadPlace:
                abort(404)
            place = Reach(session, signed_in()).name(place_id)
            shown = [making.printed(keys, code) for code in codes]
            house, instrument = house_of(self._needs.settings), self._instrument(campaign)
            chosen = _chosen(house, instrument)
            html = forms_html(house, instrument, place, shown, languages=chosen)
            title = f"Paper forms, {place}, {n_forms}{_in(chosen)}"
            name = f"forms-{place_id}{_suffix(chosen)}"
            return self._document(session, campaign_id, Wanted(title, name, "", html))

    @who_may(Who.OFFICER)
    def desk(self, campaign_id: int) -> Response:
        """Ask for two people to key each form, or no longer."""
        with self._needs.database.writing() as session:
            self._one(session, campaign_id)
            making.key_twice(session, campaign_id, on=request.form.get("twice") == "1")
        return self._back(campaign_id)

    @who_may(Who.OFFICER)
    def letters(self, campaign_id: int) -> Response:
        """Have the letters of everybody who is asked by post printed together."""
        now = self._needs.clock()
        with self._needs.database.writing() as session:
            campaign = self._one(session, campaign_id)
            found = making.letters(session, campaign_id, keys=self._needs.keys, now=now)
            if found:
                letter_runs.ask(
                    session,
                    campaign_id,
                    signed_in().staff_id,
                    n_letters=len(found),
                    now=now,
                    languages=_chosen(house_of(self._needs.settings), self._instrument(campaign)),
                )
        return self._back(campaign_id)

    @who_may(Who.OFFICER)
    def letters_ask(self, campaign_id: int, run_id: str) -> str:
        """Ask what the letters are for: they name people."""
        self._letters(campaign_id, run_id)
        return self._reasons.ask(_letters_export(campaign_id, run_id))

    @who_may(Who.OFFICER)
    def letters_pdf(self, campaign_id: int, run_id: str) -> FlaskResponse | tuple[str, int]:
        """Give the letters to the person who asked for them."""
        pdf = self._letters(campaign_id, run_id)
        headers = {"Content-Disposition": f'attachment; filename="letters-{campaign_id}.pdf"'}
        return self._reasons.give(
            _letters_export(campaign_id, run_id),
            lambda: FlaskResponse(pdf, mimetype="application/pdf", headers=headers),
        )

    def _letters(self, campaign_id: int, run_id: str) -> bytes:
        with self._needs.database.reading() as session:
            self._one(session, campaign_id)
            run = next((one for one in self._runs(session, campaign_id) if one.id == run_id), None)
        return (letter_runs.content(run, self._needs.keys) if run else None) or abort(404)

    def _page(self, campaign_id: int, *, fault: str = "") -> str:
        with self._needs.database.reading() as session:
            campaign = self._one(session, campaign_id)
            reach = Reach(session, signed_in())
            posters = making.of_campaign(session, campaign_id, CodeKind.POSTER)
            counts = starts.in_tens(session, [code.id for code in posters])
            day = london_day(self._needs.clock())
            rows = [
                {
                    "code": code,
                    "shown": making.printed(self._needs.keys, code),
                    "place": reach.name(code.place_id),
                    "n": counts[code.id],
                    "live": making.is_live(code, campaign, day),
                }
                for code in posters
            ]
            return render_template(
                "workspace/handouts.html",
                campaign=campaign,
                tongues=_offered(house_of(self._needs.settings), self._instrument(campaign)),
                rows=rows,
                places=[(place_id, reach.name(place_id)) for place_id in campaign.localities],
                n_letters=making.n_letters(session, campaign_id, self._needs.clock()),
                runs=[(run, _word(run)) for run in self._runs(session, campaign_id)],
                n_forms=len(making.of_campaign(session, campaign_id, CodeKind.SHEET)),
                twice=making.keyed_twice(session, campaign_id),
                most=making.MOST_SHEETS,
                fault=fault,
            )

    def _document(self, session: Session, campaign_id: int, wanted: Wanted) -> Response:
        back = url_for("workspace.handouts", campaign_id=campaign_id)
        whole = Wanted(wanted.title, wanted.file_name, back, wanted.html)
        try:
            document_id = store.ask(session, signed_in_as(Who.READER), whole, now=self._needs.clock())
        except TooMuch:
            abort(429)
        return redirect(url_for("dashboard.document", document_id=document_id), 303)

    def _one(self, session: Session, campaign_id: int) -> Campaign:
        return Reach(session, signed_in()).campaign(session, campaign_id)

    def _poster(self, session: Session, campaign_id: int, code_id: int) -> tuple[Campaign, Code]:
        campaign = self._one(session, campaign_id)
        code = session.get(Code, code_id)
        if code is None or code.campaign_id != campaign_id or code.kind is not CodeKind.POSTER:
            abort(404)
        return campaign, code

    def _runs(self, session: Session, campaign_id: int) -> list[LetterRun]:
        now: dt.datetime = self._needs.clock()
        return letter_runs.of_person(session, campaign_id, signed_in().staff_id, now=now)

    def _instrument(self, campaign: Campaign) -> Instrument:
        return self._needs.library.get(campaign.instrument_id, campaign.instrument_version)

    def _back(self, campaign_id: int) -> Response:
        return redirect(url_for("workspace.handouts", campaign_id=campaign_id), 303)


def _offered(house: House, instrument: Instrument) -> list[tuple[str, str]]:
    """Return what paper can be printed in: each language, and each together with the instrument's own."""
    able = languages_of(house, instrument)
    own, others = able[0], able[1:]
    # In Wales the two are shown as equals: the other language stands first, as on signs.
    both = [(f"{code}+{own}", f"{NAMES[code]} and {NAMES[own]}") for code in others]
    return [*((code, NAMES[code]) for code in able), *both]


def _chosen(house: House, instrument: Instrument) -> tuple[str, ...]:
    asked = request.form.get("languages", "")
    return tuple(asked.split("+")) if asked in dict(_offered(house, instrument)) else ()


def _in(languages: tuple[str, ...]) -> str:
    return f", {' and '.join(NAMES[code] for code in languages)}" if languages else ""


def _suffix(languages: tuple[str, ...]) -> str:
    return f"-{'-'.join(languages)}" if languages else ""


def _letters_export(campaign_id: int, run_id: str) -> Export:
    return Export(
        "Take letters away",
        "Letters with names, addresses and codes: print, post and delete the file. "
        "Whoever has it can answer for these people.",
        f"letters campaign_id={campaign_id} run_id={run_id}",
        url_for("workspace.handouts", campaign_id=campaign_id),
    )


def _word(run: LetterRun) -> str:
    return {
        DocumentState.WAITING: "Being printed. Load this page again in a minute.",
        DocumentState.READY: "Ready",
        DocumentState.FAILED: "Could not be printed. Ask for them again.",
        DocumentState.UNAVAILABLE: "This installation cannot make PDF files.",
    }[run.state]
