from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.ask.instruments.elements import load_logic_model
from survey_app.ask.instruments.loader import load_library
from survey_app.ask.instruments.model import Audience
from survey_app.hear.responses.tables import Channel
from survey_app.know.measures.measures import (
    Direction,
    MeasureFault,
    MeasureKind,
    Measures,
    UnknownMeasure,
    load_measures,
)
from survey_app.know.measures.modes import CODES, WORDS

PATH = Path("config/measures.toml")
MODEL = load_logic_model(Path("config/logic_model.toml"))
LIBRARY = load_library(Path("instruments"))
TINY = load_library(Path("tests/fixtures/instruments"))
MEASURES = load_measures(PATH, LIBRARY, MODEL)


def faults(tmp_path, text, library=TINY):
    path = tmp_path / "measures.toml"
    path.write_text(text)
    with pytest.raises(MeasureFault) as caught:
        load_measures(path, library, MODEL)
    return [(fault.line, fault.fault) for fault in caught.value.faults]


def test_every_item_has_a_mean_and_a_share_and_every_scale_and_instrument_its_own():
    expected = set()
    for instrument in LIBRARY.all():
        if instrument.audience is Audience.PANEL:
            continue  # named people: no block counts them
        expected |= {f"{item.id}.{word}" for item in instrument.items for word in ("mean", "top")}
        expected |= {f"{instrument.id}.{scale.id}" for scale in instrument.scales} | {
            f"{instrument.id}.replies"
        }
        if instrument.audience is not Audience.STAFF:  # staff answer by web link alone
            expected |= {f"{instrument.id}.by_sms", f"{instrument.id}.with_help"}
    assert {measure.id for measure in MEASURES.all()} == expected


def test_a_measure_says_what_it_is_in_plain_words():
    top = MEASURES.get("ex.life.top")
    assert (top.kind, top.unit, top.direction) == (MeasureKind.TOP_SHARE, "percent", Direction.INCREASE)
    assert top.statement.startswith(
        'Of every 100 people who gave an answer, how many said "Mostly" or "Yes fully"'
    )
    assert "turned round" in MEASURES.get("cc.story.mean").statement
    assert '"Never" or "Sometimes"' in MEASURES.get("cc.story.top").statement


def test_an_items_measures_speak_to_its_elements_and_a_scales_to_those_of_its_row():
    assert MEASURES.get("ex.life.mean").elements == ("outcomes.experience.1", "impact.wellbeing.2")
    assert MEASURES.get("carer.ca6").elements[0] == "outcomes.experience.6"


def test_replies_are_people_and_neither_good_nor_bad():
    replies = MEASURES.get("carer.replies")
    assert (replies.unit, replies.direction, replies.items) == ("people", Direction.NEUTRAL, ())


def test_a_way_of_answering_is_a_share_and_neither_good_nor_bad():
    by_text = MEASURES.get("pulse-user-6.by_sms")
    assert (by_text.unit, by_text.direction, by_text.channel) == ("percent", Direction.NEUTRAL, "sms")
    assert by_text.statement.endswith("how many did so by text message.")


def test_every_channel_has_a_number_of_its_own_and_words():
    assert set(CODES) == set(WORDS) == {channel.value for channel in Channel}
    assert len(set(CODES.values())) == len(CODES)


def test_a_scale_names_the_items_whose_figures_it_is_made_of():
    measure = MEASURES.get("p3c-style-10.coordination")
    assert measure.scale == "coordination"
    assert set(measure.items) == {
        "cc.story",
        "cc.together",
        "cc.contact",
        "cc.plan_copy",
        "cc.plan_help",
        "cc.plan_used",
    }


def test_measures_of_an_element_come_with_those_it_is_primary_for_first():
    found = MEASURES.for_element("components.personcentred.5")
    primary = [measure.elements[0] == "components.personcentred.5" for measure in found]
    assert primary == sorted(primary, reverse=True)
    assert primary[0]
    assert not primary[-1]
    assert MEASURES.for_element("impact.value.4") == ()


def test_measures_of_an_instrument_version_are_all_of_it():
    found = MEASURES.for_instrument("pulse-user-6", 1)
    assert len(found) == 15
    assert {measure.instrument for measure in found} == {"pulse-user-6"}
    assert MEASURES.for_instrument("pulse-user-6", 2) == ()


def test_an_unknown_measure_is_refused_by_name():
    with pytest.raises(UnknownMeasure, match=r"ex\.nothing"):
        MEASURES.get("ex.nothing")
    with pytest.raises(UnknownMeasure, match="version 2"):
        MEASURES.get("ex.life.mean", 2)


def test_the_newest_version_answers_to_an_id_unless_another_is_named():
    old = MEASURES.get("ex.life.mean")
    new = MEASURES.get("ex.info.mean").__class__(
        **{name: getattr(old, name) for name in old.__slots__} | {"version": 2}
    )
    for order in ((old, new), (new, old)):
        measures = Measures(order)
        assert measures.get("ex.life.mean") is new
        assert measures.get("ex.life.mean", 1) is old


ROW = '[[instruments]]\nid = "tiny"\nversion = 1\n'


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (ROW.replace("tiny", "large"), 2, "no instrument large v1"),
        (ROW.replace("version = 1", "version = 9"), 2, "no instrument tiny v9"),
        (ROW + 'each_item = ["median"]', 4, "expected each_item to list mean, top, found median"),
        (ROW + 'scales = [{ id = "gone" }]', 4, "no scale 'gone'"),
        (
            ROW + 'scales = [{ id = "all", elements = ["impact.value.9"] }]',
            4,
            "measure tiny.all: expected an element",
        ),
        (ROW + "replies = true\n" + ROW + "replies = true", 6, "measure tiny.replies: expected only once"),
        (ROW + "reply = true", 4, "unknown key reply"),
        ("", 1, "at least one [[instruments]]"),
        ("[[instruments]]\nid = = 2", 2, "expected TOML"),
    ],
)
def test_a_row_that_does_not_resolve_is_refused_with_its_line(tmp_path, text, line, expected):
    found = faults(tmp_path, text)
    assert any(number == line and expected in fault for number, fault in found), found


def test_a_number_item_has_a_mean_but_no_most_positive_answers(tmp_path):
    path = tmp_path / "measures.toml"
    path.write_text(ROW + 'each_item = ["mean", "top"]')
    ids = {measure.id for measure in load_measures(path, TINY, MODEL).all()}
    assert "t.visits.mean" in ids
    assert "t.visits.top" not in ids
