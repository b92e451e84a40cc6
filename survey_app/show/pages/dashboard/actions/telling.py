"""You said, we did: written, looked at as people will see it, published, sent by text, taken down."""

from __future__ import annotations

import hashlib

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.ask.instruments.texts import measure_text
from survey_app.know.evidence import store
from survey_app.know.improvement.actions import news, notices
from survey_app.know.improvement.actions.notices import NotNow
from survey_app.know.improvement.actions.plain import sentences
from survey_app.know.improvement.actions.tables import Action, Notice, NoticeState
from survey_app.show.pages.dashboard.actions.desk import Desk, Found
from survey_app.show.pages.dashboard.actions.figures import figures_told
from survey_app.show.pages.dashboard.actions.forms import NoticeForm
from survey_app.show.pages.dashboard.actions.needs import Needs
from survey_app.web.access import Who, who_may

Page = str | Response | tuple[str, int]


class TellingPages:
    """From words for the public to the public page and a text."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.LEAD)
    def write(self, action_id: int) -> Page:
        """Show the form of a new notice, or keep a draft."""
        is_sent = request.method == "POST"
        form = NoticeForm(request.form or None, self._needs.teller())
        with self._needs.database.writing() if is_sent else self._needs.database.reading() as session:
            desk = Desk(self._needs, session)
            found = desk.own_action(action_id)
            if is_sent and form.validate():
                try:
                    made = notices.write(session, found.listed.action, form.said(), desk.change)
                except NotNow:
                    abort(409)
                return redirect(url_for("actions.notice", notice_id=made.id), 303)
            page = self._form_page(form, found, None)
            return (page, 422) if is_sent else page

    @who_may(Who.LEAD)
    def rewrite(self, notice_id: int) -> Page:
        """Show the form of a draft, or keep its new words."""
        is_sent = request.method == "POST"
        with self._needs.database.writing() if is_sent else self._needs.database.reading() as session:
            desk = Desk(self._needs, session)
            found, notice = desk.notice(notice_id)
            form = NoticeForm(request.form or None, self._needs.teller(), notice)
            if is_sent and form.validate():
                try:
                    notices.rewrite(session, notice, form.said(), desk.change)
                except NotNow:
                    abort(409)
                return redirect(url_for("actions.notice", notice_id=notice_id), 303)
            page = self._form_page(form, found, notice)
            return (page, 422) if is_sent else page

    @who_may(Who.LEAD)
    def notice(self, notice_id: int) -> str:
        """Show a notice as people will see it, what the text is like and about how many would get it."""
        with self._needs.database.reading() as session:
            found, notice = Desk(self._needs, session).notice(notice_id)
            return self._check_page(session, found, notice, "")

    @who_may(Who.LEAD)
    def move(self, notice_id: int, deed: str) -> Page:
        """Publish a notice, send it by text, or take it down."""
        with self._needs.database.writing() as session:
            found, notice = Desk(self._needs, session).notice(notice_id)
            try:
                self._do(session, found.listed.action, notice, deed)
            except NotNow as fault:
                return self._check_page(session, found, notice, str(fault)), 409
        return redirect(url_for("actions.notice", notice_id=notice_id), 303)

    def _do(self, session: Session, action: Action, notice: Notice, deed: str) -> None:
        now = self._needs.clock()
        if deed == "publish":
            notices.hold(session, notice)
            figures = self._figures(session, action)
            if request.form.get("seal") != seal_of(notice, figures):
                raise NotNow("The words or figures are not those you opened: read them again, then publish")
            figures = figures if "figures" in request.form else None
            notices.publish(session, notice, figures=figures, now=now)
        elif deed == "text":
            if "read" not in request.form:
                raise NotNow("Tick that you have read the text, then send it")
            news.start_texting(session, notice, now)
        else:
            notices.take_down(session, notice)

    def _figures(self, session: Session, action: Action) -> str | None:
        if action.measure_id is None or action.started_on is None:
            return None
        series = store.stored(session, action.measure_id, action.place_id)
        return figures_told(series, self._needs.measures, action.started_on) if series else None

    def _form_page(self, form: NoticeForm, found: Found, notice: Notice | None) -> str:
        return render_template(
            "actions/notice.html",
            form=form,
            action=found.listed.action,
            place=found.spot,
            notice=notice,
            room=self._needs.teller().frame.room,
        )

    def _check_page(self, session: Session, found: Found, notice: Notice, fault: str) -> str:
        teller = self._needs.teller()
        body = teller.body(notice)
        figures = self._figures(session, found.listed.action)
        n_people = news.n_reachable(session, notice, teller.now)
        return render_template(
            "actions/check.html",
            notice=notice,
            action=found.listed.action,
            place=found.spot,
            fault=fault,
            you_said=sentences(notice.you_said),
            we_did=sentences(notice.we_did),
            figures=notice.figures or figures,
            with_figures="figures" in request.form,
            seal=seal_of(notice, figures),
            body=body,
            size=measure_text(body),
            band=news.band_words(n_people),
            enough=n_people >= news.LEAST_PEOPLE,
            least=news.LEAST_PEOPLE,
            states=NoticeState,
        )


def seal_of(notice: Notice, figures: str | None) -> str:
    """Return a short text by which a form says which words and figures its reader saw."""
    seen = repr((notice.you_said, notice.we_did, notice.text, figures))
    return hashlib.sha256(seen.encode()).hexdigest()[:16]
