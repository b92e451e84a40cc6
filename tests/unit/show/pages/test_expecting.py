import pytest

from survey_app.ask.outreach.tables import Rhythm
from survey_app.show.pages.workspace.expecting import expectation, expectations


@pytest.mark.parametrize(
    ("n_people", "rate", "said"),
    [
        (40, 0.3, "40 people at 30%: about 12 replies a week, a figure every two weeks."),
        (40, 0.15, "40 people at 15%: about 6 replies a week, a figure every four weeks."),
        (80, 0.25, "80 people at 25%: about 20 replies a week, a figure every week."),
        (10, 0.2, "10 people at 20%: about 2 replies a week, a figure every quarter, or more often together"),
        (5, 0.2, "counted with a neighbour"),
    ],
)
def test_a_sample_and_a_share_of_replies_say_how_often_there_is_a_figure(n_people, rate, said):
    assert said in expectation(n_people, rate)


def test_a_survey_that_asks_once_promises_no_rhythm():
    assert list(expectations(Rhythm.ONCE, 40)) == []
    assert len(list(expectations(Rhythm.WEEKLY, 40))) == 3
