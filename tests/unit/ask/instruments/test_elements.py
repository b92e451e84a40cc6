from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.ask.instruments.elements import LogicModelFault, UnknownElement, load_logic_model

PATH = Path("config/logic_model.toml")
MODEL = load_logic_model(PATH)


def test_the_model_has_four_columns_ten_boxes_and_forty_six_elements():
    assert (MODEL.id, MODEL.version) == ("scie-logic-model-2017", 1)
    assert [column.id for column in MODEL.columns] == ["enablers", "components", "outcomes", "impact"]
    assert [len(column.boxes) for column in MODEL.columns] == [2, 2, 3, 3]
    assert len({element.id for element in MODEL.elements}) == 46


def test_elements_and_boxes_are_found_by_id():
    assert MODEL.element("outcomes.experience.3").title == "Involved in decisions"
    assert len(MODEL.box("components.coordinated").elements) == 6
    assert MODEL.has("impact.value.4")
    assert not MODEL.has("impact.value.5")
    for find in (MODEL.element, MODEL.box):
        with pytest.raises(UnknownElement, match="scie-logic-model-2017 v1"):
            find("outcomes.nothing.1")


@pytest.mark.parametrize(
    ("old", "new", "line_text", "expected"),
    [
        (
            '{ n = 2, title = "Joint commissioning" }',
            '{ n = 1, title = "Joint" }',
            "elements = [",
            "only once",
        ),
        ('{ n = 2, title = "Joint commissioning" }', "{ n = 2 }", "elements = [", "and a title"),
        ('{ n = 2, title = "Joint commissioning" }', "7", "[[boxes]]", "expected boxes to be a table"),
        ('id = "enablers.governance"', 'id = "others.governance"', "others.governance", "its column among"),
        ('model = "scie-logic-model-2017"', "", "# The", "expected model, a text"),
        ("version = 1", 'version = "one"', 'version = "one"', "expected version, a whole number"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, old, new, line_text, expected):
    path = tmp_path / "model.toml"
    path.write_text(PATH.read_text().replace(old, new, 1))
    with pytest.raises(LogicModelFault) as caught:
        load_logic_model(path)
    lines = path.read_text().splitlines()
    assert any(
        expected in fault.fault and line_text in lines[fault.line - 1] for fault in caught.value.faults
    ), caught.value
