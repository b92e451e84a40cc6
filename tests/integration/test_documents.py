import pytest

from survey_app.jobs import printing
from survey_app.jobs.counting import nightly
from survey_app.jobs.printing import print_waiting
from survey_app.know.evidence.keeping import save
from survey_app.show.charts.documents.printing import NoPdf
from survey_app.show.charts.drawing.renderings import draw
from survey_app.show.charts.store import save as keep_pictures
from survey_app.show.charts.store import undrawn
from tests.attacks.ground import ON_SQLITE
from tests.integration.signed_in import csrf_in, enter, settle
from tests.papers import NEEDS_PANGO, alternative_texts, n_pages
from tests.unit.show.charts.example import example

SERIES = "/dashboard/series/ex.say.mean/riverside"
pytestmark = ON_SQLITE


@pytest.fixture
def lead(app, runtime):
    settle(runtime, "lead@example.org", "east@example.org")
    with runtime.database.writing() as session:
        save(session, [example()], now=runtime.clock())
    return enter(app, "lead@example.org")[0]


def ask(client):
    reply = client.post(f"{SERIES}/document", data={"csrf_token": csrf_in(client)})
    assert reply.status_code == 303
    return reply.headers["Location"]


@NEEDS_PANGO
def test_a_series_is_printed_for_the_person_who_asked_and_nobody_else(app, runtime, lead, clock):
    with runtime.database.writing() as session:
        for todo in undrawn(session, limit=1):
            keep_pictures(session, todo, draw(todo.series, todo.title(runtime.measures)), now=clock())
    assert f'action="{SERIES}/document"' in lead.get(SERIES).text
    page = ask(lead)
    assert "being made" in lead.get(page).text
    before = lead.get(f"{page}/live")
    assert lead.get(f"{page}.pdf").status_code == 404
    assert (print_waiting(runtime), print_waiting(runtime)) == (1, 0)
    assert lead.get(f"{page}/live", headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
    assert f'href="{page}.pdf"' in lead.get(page).text
    reply = lead.get(f"{page}.pdf")
    assert reply.mimetype == "application/pdf"
    assert "ex.say.mean-riverside.pdf" in reply.headers["Content-Disposition"]
    assert "no-store" in reply.headers["Cache-Control"]
    assert 1 <= n_pages(reply.data) <= 3
    assert any("Riverside" in words for words in alternative_texts(reply.data))
    other, _ = enter(app, "east@example.org")
    for end in ("", "/live", ".pdf"):
        assert other.get(f"{page}{end}").status_code == 404
    foreign = {"csrf_token": csrf_in(other)}
    assert other.post("/dashboard/series/ex.say.mean/west/document", data=foreign).status_code == 404
    assert ask(lead) == page
    clock.advance(hours=25)
    nightly(runtime, clock().date())
    with runtime.database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM document").scalar() == 0


def test_where_pdf_cannot_be_made_the_page_says_what_to_do(runtime, lead, monkeypatch):
    def no_pdf(_):
        raise NoPdf("Pango is missing")

    page = ask(lead)
    monkeypatch.setattr(printing, "pdf_of", no_pdf)
    assert print_waiting(runtime) == 1
    assert "print the page instead" in lead.get(page).text


def test_one_document_that_breaks_does_not_stop_the_worker(runtime, lead, monkeypatch):
    page = ask(lead)
    monkeypatch.setattr(printing, "pdf_of", lambda _: 1 / 0)
    assert (print_waiting(runtime), print_waiting(runtime)) == (1, 0)
    assert "could not be made" in lead.get(page).text
