import pytest

from survey_app.know.measures.frameworks import FrameworkFault, load_frameworks, of_logic_model
from survey_app.settings import CONFIG_DIR

GOOD = """id = "short"
title = "A short one"
short = "Short"
source = "Ours."
[[stages]]
id = "a"
title = "A"
[[groups]]
id = "one"
stage = "a"
elements = ["outcomes.experience.1"]
measures = ["ex.life.mean"]
"""


@pytest.fixture
def read(tmp_path, loaded_runtime):
    def read(text):
        (tmp_path / "short.toml").write_text(text)
        return load_frameworks(tmp_path, loaded_runtime.model, loaded_runtime.measures)

    return read


def test_the_shipped_frameworks_have_the_areas_they_are_known_for(loaded_runtime):
    found = load_frameworks(CONFIG_DIR / "frameworks", loaded_runtime.model, loaded_runtime.measures)
    assert [(one.id, len(one.stages)) for one in found] == [
        ("five-domains", 5),
        ("sustain", 4),
        ("icpa", 5),
        ("change-concepts", 4),
    ]
    assert sum(len(stage.groups) for stage in found[-1].stages) == 8


def test_a_framework_holds_the_elements_and_measures_it_names(read):
    (group,) = read(GOOD)[0].stages[0].groups
    assert [one.id for one in (*group.elements, *group.measures)] == ["outcomes.experience.1", "ex.life.mean"]


@pytest.mark.parametrize(
    ("good", "bad", "line", "named"),
    [
        ("outcomes.experience.1", "outcomes.experience.99", 11, "found outcomes.experience.99"),
        ("ex.life.mean", "ex.nothing.mean", 12, "found ex.nothing.mean"),
        ('stage = "a"', 'stage = "b"', 10, "group one"),
        ('id = "short"', 'id = "scie-logic-model-2017"', 1, "scie-logic-model-2017"),
        ("source", "sauce", 4, "sauce"),
    ],
)
def test_what_leads_nowhere_stops_the_start_by_name_and_line(read, good, bad, line, named):
    with pytest.raises(FrameworkFault) as stopped:
        read(GOOD.replace(good, bad))
    assert any(fault.line == line and named in fault.fault for fault in stopped.value.faults)


def test_the_logic_model_is_a_framework_like_any_other(loaded_runtime):
    own = of_logic_model(loaded_runtime.model)
    assert [stage.title for stage in own.stages] == [column.title for column in loaded_runtime.model.columns]
