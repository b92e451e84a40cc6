"""Documents of the dashboard: asked for by a form, printed by a worker, opened by the person who asked."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask import Response as FlaskResponse
from markupsafe import Markup
from werkzeug.wrappers import Response

from survey_app.show.charts.documents import store
from survey_app.show.charts.documents.pictures import standing_alone
from survey_app.show.charts.documents.store import TooMuch, Wanted
from survey_app.show.charts.documents.tables import Document, DocumentState
from survey_app.show.charts.icon import icon_svg
from survey_app.show.charts.store import drawing
from survey_app.show.charts.tables import Rendering
from survey_app.show.pages.accounts.gate import asked_by_pages, signed_in
from survey_app.show.pages.dashboard.contents import Contents, Look
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tree import Tree
from survey_app.web.access import Who, who_may
from survey_app.web.conditional import if_changed


def hang_documents(door: Blueprint, needs: Needs) -> None:
    """Hang the pages of documents in the dashboard's door."""
    pages = DocumentPages(needs)
    one = "/documents/<document_id>"
    door.add_url_rule(one, "document", view_func=pages.document)
    door.add_url_rule(f"{one}/live", "document_now", view_func=pages.document_now)
    door.add_url_rule(f"{one}.pdf", "pdf", view_func=pages.pdf)
    series = "/series/<measure_id>/<place_id>/document"
    door.add_url_rule(series, "series_document", view_func=pages.series, methods=["POST"])


def to_document(needs: Needs, wanted: Wanted) -> Response:
    """Store what the reader wants printed and send them to the page that will offer it."""
    try:
        with needs.database.writing() as session:
            document_id = store.ask(session, signed_in(), wanted, now=needs.clock())
    except TooMuch:
        abort(429)
    return redirect(url_for("dashboard.document", document_id=document_id), 303)


class DocumentPages:
    """What becomes of a document, its download, and the document of a series."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._contents = Contents(needs)

    @who_may(Who.READER)
    def document(self, document_id: str) -> str:
        """Show how far a document is, and offer it once it is made."""
        found = self._one(document_id)
        return render_template(
            "dashboard/document.html", synthetic=self._needs.synthetic(), document=found, **_said(found)
        )

    @who_may(Who.READER)
    @asked_by_pages
    def document_now(self, document_id: str) -> FlaskResponse:
        """Give the part of the page that changes, if it has."""
        found = self._one(document_id)

        def make() -> FlaskResponse:
            return FlaskResponse(
                render_template("dashboard/now/document.html", document=found, **_said(found))
            )

        return if_changed(found.state.value, make)

    @who_may(Who.READER)
    def pdf(self, document_id: str) -> FlaskResponse:
        """Give the PDF."""
        found = self._one(document_id)
        if found.content is None:
            abort(404)
        disposition = f'attachment; filename="{found.file_name}.pdf"'
        return FlaskResponse(
            found.content, mimetype="application/pdf", headers={"Content-Disposition": disposition}
        )

    @who_may(Who.READER)
    def series(self, measure_id: str, place_id: str) -> Response:
        """Have one series printed: chart, sentence, limits and rules in words, table."""
        content, person = self._contents.series(measure_id, place_id), signed_in()
        with self._needs.database.reading() as session:
            if content.stamp(session, person.paths) is None:
                abort(404)
            day = self._needs.today()
            shown = content.shown(Look(session, Tree(session, person, day), person.paths, day))
            drawn = drawing(session, measure_id, place_id, Rendering.SVG)
        title = f"{shown['page'].measure.title}, {shown['place'].name}"
        icon = shown["page"].icon
        more = {
            "title": title,
            "picture": Markup(drawn.decode()) if drawn else None,  # noqa: S704 - drawn by a worker
            "sign": standing_alone(icon_svg(icon), icon.words),
        }
        html = render_template(
            "dashboard/print/series.html", **{**shown, **more, "synthetic": self._needs.synthetic()}
        )
        back = url_for("dashboard.series", measure_id=measure_id, place_id=place_id)
        return to_document(self._needs, Wanted(title, f"{measure_id}-{place_id}", back, html))

    def _one(self, document_id: str) -> Document:
        with self._needs.database.reading() as session:
            found = store.of_person(session, document_id, signed_in(), now=self._needs.clock())
            return found or abort(404)


def _said(document: Document) -> dict[str, object]:
    return {
        "waiting": document.state is DocumentState.WAITING,
        "ready": document.state is DocumentState.READY,
        "failed": document.state is DocumentState.FAILED,
        "kilobytes": max(1, len(document.content or b"") // 1024),
    }
