from __future__ import annotations

import pytest

from survey_app.ask.instruments.model import Audience
from survey_app.ask.instruments.texts import Encoding, measure_text
from survey_app.hear.conversations.questions import START, code_of, label_said, question_of
from survey_app.hear.conversations.saying import options_of
from survey_app.hear.reading.model import Intent
from survey_app.hear.reading.reader import read
from survey_app.settings import load_settings


@pytest.fixture
def items(loaded_runtime):
    """Every item that texts ask; a panel answers on the web only."""
    asked = [one for one in loaded_runtime.library.all() if one.audience is not Audience.PANEL]
    return [item for instrument in asked for item in instrument.items]


def test_a_question_offers_exactly_the_items_codes(items):
    for item in items:
        assert question_of(item).codes == frozenset(option.code for option in item.options)


def test_every_digit_and_label_of_every_item_is_read_as_its_code(items):
    for item in items:
        for option in item.scored:
            assert read(str(option.code), question_of(item)).value == option.code
            assert label_said(item, f" {option.label.upper()}. ") == option.code


def test_not_sure_is_an_option_where_the_item_has_one_and_a_skip_elsewhere(items):
    for item in items:
        kinds = {option.code: option.kind.value for option in item.options}
        code = code_of(item, Intent.DONT_KNOW)
        assert kinds.get(code) == "not_sure" if code is not None else "not_sure" not in kinds.values()
        assert code_of(item, Intent.SKIP) is None


@pytest.mark.parametrize("words", ["1", "Yes", "start", "go", "OK", "1 please", "yes please", "Start."])
def test_what_starts_a_survey(words):
    assert read(words, START).value == 1


def test_every_text_we_say_travels_in_gsm_7_and_two_segments_at_most(loaded_runtime, items):
    sender = load_settings({"SURVEY_ENV": "testing"}).sender_name
    link = "https://surveys.example.nhs.uk/s/" + "A" * 22
    for name in loaded_runtime.wording.texts:
        for item in items[:1] if "{options}" not in loaded_runtime.wording.text(name) else items:
            said = loaded_runtime.wording.text(
                name, sender=sender, count=10, options=options_of(item, loaded_runtime.wording), link=link
            )
            size = measure_text(said)
            assert (size.encoding, size.segments <= 2) == (Encoding.GSM_7, True), (name, said)
