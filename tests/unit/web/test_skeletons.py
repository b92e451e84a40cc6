from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from survey_app.ask.instruments.loader import load_library
from survey_app.ask.instruments.model import Item
from survey_app.hear.channels.web.fields import NAME, fault_of, form_type
from survey_app.hear.channels.web.skeletons import Look, QuestionPages, cut, mark
from survey_app.settings import CONFIG_DIR, INSTRUMENTS_DIR
from survey_app.web.phrases import Voice, load_phrases
from survey_app.web.site import new_site

PULSE = load_library(INSTRUMENTS_DIR, unsigned_too=True).get("pulse-user-6", 1)
SAY = Voice(load_phrases(CONFIG_DIR / "pages", unsigned_too=True), "en")
VALUES = {"number": 1, "total": 6, "back": "/s/t", "start": "/s/t", "stop": "/stop/t", "call": "/s/t/call"}
WAIT = Item("wait", 1, "number", "Wait", "How many weeks did you wait?", "", "", minimum=0, maximum=52)


@pytest.fixture
def in_site(settings):
    from survey_app.hear.channels.web import routes

    site = new_site(settings)
    site.register_blueprint(routes.Blueprint("survey", routes.__name__, template_folder="templates"))
    with site.test_request_context():
        yield


def test_what_is_filled_in_is_escaped():
    skeleton = cut(f"<p>{mark('words')}</p><i>{mark('words')}</i>")
    assert skeleton.filled(words="<script>") == "<p>&lt;script&gt;</p><i>&lt;script&gt;</i>"


def test_a_kept_page_carries_nothing_from_one_person_to_the_next(in_site):
    pages = QuestionPages()
    first, second = (
        pages.page(PULSE, PULSE.items[0], Look(), seal=seal, **VALUES) for seal in ("mine", "yours")
    )
    assert first.replace("mine", "yours") == second
    assert len(pages._kept) == 1
    assert "\x02" not in first


def test_pages_of_different_languages_are_kept_apart(in_site):
    pages, polish = QuestionPages(), PULSE.in_language("pl")
    for said, other in ((PULSE, polish), (polish, PULSE), (PULSE, polish)):
        page = pages.page(said, said.items[0], Look(), seal="s", **VALUES)
        assert said.items[0].text in page
        assert other.items[0].text not in page
        assert f'<html lang="{said.language}">' in page
    assert len(pages._kept) == 2


def test_an_own_answer_is_shown_only_on_the_page_of_that_answer(in_site):
    pages = QuestionPages()
    chosen = pages.page(PULSE, PULSE.items[0], Look(checked="3"), seal="s", **VALUES)
    assert chosen.count(" checked") == 1
    assert " checked" not in pages.page(PULSE, PULSE.items[0], Look(), seal="s", **VALUES)


def test_a_number_is_asked_in_a_short_line_with_its_bounds(in_site):
    pages = QuestionPages()
    page = pages.page(PULSE, WAIT, Look(checked="7", fault=fault_of(WAIT, SAY)), seal="s", **VALUES)
    assert 'inputmode="numeric"' in page
    assert 'value="7"' in page
    assert "Enter a number from 0 to 52" in page
    assert page.count("<h1") == 1


def test_a_form_hands_over_the_raw_answer_and_leaves_its_meaning_to_the_intake():
    form = form_type(PULSE.items[0], SAY)(MultiDict({NAME: "99"}))
    assert form.validate()
    assert form[NAME].data == "99"
    assert not form_type(PULSE.items[0], SAY)(MultiDict()).validate()
    assert not form_type(WAIT, SAY)(MultiDict({NAME: "1" * 10})).validate()
