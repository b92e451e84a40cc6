from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey_app.ask.instruments.elements import load_logic_model
from survey_app.ask.instruments.loader import load_library
from survey_app.ask.instruments.model import Audience, OptionKind

FOLDER = Path("instruments")
MODEL = load_logic_model(Path("config/logic_model.toml"))
LIBRARY = load_library(FOLDER, None, MODEL)
PANELS = [one for one in LIBRARY.all() if one.audience is Audience.PANEL]
ITEMS = [(instrument, item) for instrument in LIBRARY.all() for item in instrument.items]


def test_the_eight_sets_ship_with_all_their_items():
    shipped = {one.id: (one.audience, len(one.items)) for one in LIBRARY.all() if one.version == 1}
    assert shipped == {
        "pulse-user-6": (Audience.USER, 6),
        "p3c-style-10": (Audience.USER, 14),
        "access-transition-addon": (Audience.USER, 7),
        "carer": (Audience.CARER, 10),
        "team-climate-style-14": (Audience.STAFF, 14),
        "staff-integration-addon": (Audience.STAFF, 5),
        "scirocco-style-12": (Audience.PANEL, 12),
        "integration-phase-style": (Audience.PANEL, 10),
    }


@pytest.mark.parametrize("instrument", LIBRARY.all(), ids=lambda one: one.id)
def test_every_shipped_file_is_in_the_list_of_released_ones_and_of_licences(instrument):
    assert (
        f'"{instrument.id}/v{instrument.version}" = "{instrument.digest}"'
        in (FOLDER / "released.toml").read_text()
    )
    assert f"| `{instrument.id}` |" in (FOLDER / "LICENCES.md").read_text()


def test_nothing_shipped_is_called_validated():
    assert not any(instrument.validated for instrument in LIBRARY.all())


def test_an_item_has_one_home():
    ids = [item.id for _, item in ITEMS]
    assert len(set(ids)) == len(ids)


def test_every_item_can_be_answered_by_each_of_its_digits_and_labels():
    for _, item in ITEMS:
        for option in item.options:
            assert item.read(str(option.code)) == item.read(option.label.upper()) == option.code


def test_hints_about_digits_stand_in_text_messages_only():
    for _, item in ITEMS:
        assert not re.search(r"\(\d if", item.text + item.spoken)
    assert "(3 if you did not move)" in LIBRARY.latest("pulse-user-6").item("ex.moves").sms


def test_no_one_is_not_the_same_as_not_sure():
    option = LIBRARY.latest("p3c-style-10").item("pc.family").option(0)
    assert (option.label, option.kind) == ("No one", OptionKind.NOT_APPLICABLE)


def test_staff_items_have_no_not_sure():
    for name in ("team-climate-style-14", "staff-integration-addon"):
        for item in LIBRARY.latest(name).items:
            assert [option.code for option in item.options] == [1, 2, 3, 4, 5]
            assert (item.lowest, item.highest) == (1, 5)


def test_only_telling_the_story_again_is_turned_round():
    assert [item.id for _, item in ITEMS if item.reverse] == ["cc.story"]


def test_plan_questions_follow_a_plan_only():
    p3c = LIBRARY.latest("p3c-style-10")
    without = {item.id for item in p3c.applicable({"cc.plan": 2})}
    assert {item.id for item in p3c.applicable({"cc.plan": 1})} - without == {
        "cc.plan_copy",
        "cc.plan_help",
        "cc.plan_used",
    }


def test_a_panel_judges_from_0_to_5_by_described_steps_and_on_web_pages_only():
    steps = LIBRARY.latest("scirocco-style-12").items
    assert all((item.lowest, item.highest, len(item.options)) == (0, 5, 6) for item in steps)
    labels = [option.label for item in steps for option in item.options]
    assert len(set(labels)) == len(labels) == 72
    assert not any(item.sms or item.spoken for one in PANELS for item in one.items)
    phase = LIBRARY.latest("integration-phase-style").item("ip.phase")
    assert [option.code for option in phase.options] == [1, 2, 3, 4]
