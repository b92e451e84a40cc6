from __future__ import annotations

import pytest

from survey_app.ask.population.breakdown import BreakdownFault, load_breakdown

FIFTHS = """
id = "deprivation"
title = "Deprivation"
ordered = true
[[categories]]
id = "most"
title = "Most deprived fifth"
people = "People of the most deprived fifth"
reach = "ring them"
[[categories]]
id = "least"
title = "Least deprived fifth"
"""


def written(tmp_path, text):
    path = tmp_path / "breakdown.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_ordered_breakdown_keeps_its_order_and_what_to_do(tmp_path):
    found = load_breakdown(written(tmp_path, FIFTHS))
    assert (found.ordered, found.ids) == (True, ("most", "least"))
    most, least = found.categories
    assert (most.named, most.reach) == ("People of the most deprived fifth", "ring them")
    assert (least.named, least.reach) == ("Least deprived fifth", "")


def test_groups_stand_in_no_order_unless_it_is_said(tmp_path):
    assert load_breakdown(written(tmp_path, FIFTHS.replace("ordered = true\n", ""))).ordered is False


@pytest.mark.parametrize(
    "wrong",
    [("ordered = true", 'ordered = "yes"'), ('reach = "ring them"', 'reached = "x"'), ("least", "most")],
)
def test_a_faulty_breakdown_is_refused(tmp_path, wrong):
    with pytest.raises(BreakdownFault):
        load_breakdown(written(tmp_path, FIFTHS.replace(*wrong)))
