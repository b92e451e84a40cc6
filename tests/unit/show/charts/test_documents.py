import datetime as dt
import sys
from dataclasses import replace

import pytest
from markupsafe import Markup

from survey_app.accounts.scope import Granted, SignedIn
from survey_app.accounts.tables import Role, Staff
from survey_app.cli.doctor import warnings_of
from survey_app.show.charts.documents import store
from survey_app.show.charts.documents.pictures import standing_alone
from survey_app.show.charts.documents.printing import NoPdf, pdf_of
from survey_app.show.charts.documents.store import Wanted
from survey_app.show.charts.documents.tables import DocumentState
from survey_app.show.charts.icon import TOO_FEW, icon_of, icon_svg
from survey_app.show.charts.sparkline import sparkline_svg
from tests.papers import NEEDS_PANGO, alternative_texts, n_pages, opened, tagged
from tests.unit.show.charts.example import example

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
PAGE = '<html lang="en"><head><title>A title</title>{}</head><body><h1>Words</h1>{}</body></html>'
WANTED = Wanted("A title", "a-title", "/dashboard", PAGE)


@pytest.fixture
def person(database):
    with database.writing() as session:
        staff = Staff(email="a@example.org", name="A", password_hash="x", created_at=NOW)
        session.add(staff)
        session.flush()
        return SignedIn(staff.id, "A", "a@example.org", (Granted(Role.LEAD, "/kmd/east/"),))


def take(database, now=NOW):
    with database.writing() as session:
        found = store.take(session, now=now)
        return found and found.id


def test_a_document_is_made_once_for_one_person_and_gone_a_day_later(database, person):
    with database.writing() as session:
        first = store.ask(session, person, WANTED, now=NOW)
        assert store.ask(session, person, WANTED, now=NOW) == first
        assert store.any_waiting(session)
    assert take(database) == first
    assert take(database) is None  # another worker leaves it alone
    with database.writing() as session:
        store.finish(session, first, b"%PDF")
        store.give_up(session, first, DocumentState.FAILED)  # too late: it is ready
    with database.reading() as session:
        found = store.of_person(session, first, person, now=NOW)
        assert (found.state, found.content, found.html) == (DocumentState.READY, b"%PDF", "")
        for other in (
            {"staff_id": person.staff_id + 1},
            {"grants": (Granted(Role.LEAD, "/kmd/west/"),)},  # the role it was asked under is gone
            {"grants": ()},
        ):
            assert store.of_person(session, first, replace(person, **other), now=NOW) is None
        assert store.of_person(session, first, person, now=NOW + store.KEPT) is None
    with database.writing() as session:
        assert store.let_go(session, before=NOW) == 0
        assert store.let_go(session, before=NOW + dt.timedelta(seconds=1)) == 1


def test_a_document_that_ends_three_workers_is_given_up(database, person):
    with database.writing() as session:
        document_id = store.ask(session, person, WANTED, now=NOW)
    for n in range(store.MOST_TRIES):
        assert take(database, NOW + n * 2 * store.PATIENCE) == document_id
    assert take(database, NOW + dt.timedelta(hours=1)) is None
    with database.writing() as session:
        assert store.of_person(session, document_id, person, now=NOW).state is DocumentState.FAILED
        assert store.ask(session, person, WANTED, now=NOW) != document_id  # asked for afresh


def test_one_person_cannot_keep_the_workers_busy(database, person):
    with database.writing() as session:
        for n in range(store.MOST_WAITING):
            store.ask(session, person, Wanted(f"{n}", "a", "/", PAGE), now=NOW)
        with pytest.raises(store.TooMuch, match="5 documents"):
            store.ask(session, person, WANTED, now=NOW)
        with pytest.raises(store.TooMuch, match="letters"):
            store.ask(session, person, Wanted("x", "a", "/", "x" * (store.LONGEST + 1)), now=NOW)


@NEEDS_PANGO
def test_a_pdf_is_tagged_and_says_its_language_its_title_and_what_pictures_show():
    icon = standing_alone(icon_svg(icon_of(example())), "Better <b>than</b> chance")
    pdf = pdf_of(PAGE.format("", f"<table><tr><th scope=col>A</th></tr></table>{icon}"))
    assert {"Document", "H1", "Figure", "Table", "TH"} <= tagged(pdf)
    assert b"/Lang (en)" in opened(pdf)
    assert b"/Title (A title)" in opened(pdf)
    assert b"pdfuaid:part" in opened(pdf)
    assert alternative_texts(pdf) == ["Better <b>than</b> chance"]
    assert n_pages(pdf) == 1


@NEEDS_PANGO
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/a.png",
        "file:///etc/hostname",
        "/static/dashboard.css",
        "http://document.invalid/x",
        "data:text/css,body{}",
    ],
)
def test_a_document_fetches_nothing_but_its_style_sheet(url, monkeypatch):
    asked = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *args, **_: asked.append(args))
    monkeypatch.setattr("urllib.request.urlopen", lambda *args, **_: asked.append(args))
    head = f'<link rel="stylesheet" href="{url}"><link rel="attachment" href="{url}">'
    pdf = pdf_of(PAGE.format(head, f'<img src="{url}" alt="x"><svg><image href="{url}"/></svg>'))
    assert asked == []
    assert b"/EmbeddedFile" not in opened(pdf)
    assert b"/Subtype /Image" not in opened(pdf)


def test_without_pango_there_is_no_pdf_and_the_doctor_says_what_to_install(monkeypatch, loaded_runtime):
    class NoPango:
        def find_spec(self, name, *_):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    with pytest.raises(NoPdf, match="libpango"):
        pdf_of(PAGE)
    assert any("apt-get install" in line for line in warnings_of(loaded_runtime))


@NEEDS_PANGO
def test_a_document_of_one_page_is_printed_in_smaller_letters_until_it_fits():
    many = "<p>Words</p>" * 31
    assert n_pages(pdf_of(PAGE.format("", many))) == 2
    assert n_pages(pdf_of(PAGE.format('<meta name="pages" content="1">', many))) == 1


@NEEDS_PANGO
def test_the_style_sheet_of_documents_is_found():
    plain = pdf_of(PAGE.format("", ""))
    styled = pdf_of(PAGE.format('<link rel="stylesheet" href="/static/document.css?v=1">', ""))
    assert b"/MediaBox [0 0 595.275591 841.889764]" in opened(styled)
    assert plain != styled


def test_a_picture_that_stands_alone_needs_no_style_sheet():
    better = standing_alone(icon_svg(icon_of(example())), "Better & better")
    assert 'fill="#005eb8"' in better
    assert "<title>Better &amp; better</title>" in better
    assert "aria-hidden" not in better
    assert 'stroke="#768692"' in standing_alone(icon_svg(TOO_FEW), "Too few")
    assert (
        standing_alone(sparkline_svg(example()), "x").count('fill="#005eb8"') == 0
    )  # its last point is open
    assert standing_alone(Markup(), "x") == ""
