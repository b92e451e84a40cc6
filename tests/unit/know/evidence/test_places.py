"""Places and groups beside each other: who is judged, what is withheld, why something is not said."""

from __future__ import annotations

import pytest

from survey_app.ask.instruments.elements import load_logic_model
from survey_app.ask.instruments.loader import load_library
from survey_app.know.disclosure.dispositions import Asked, Outcome
from survey_app.know.evidence.places.answering import Crowd, who_answered
from survey_app.know.evidence.places.comparing import Entrant, compare
from survey_app.know.evidence.places.documents import (
    NoSlope,
    Position,
    Smoothing,
    answered_of,
    comparison_of,
    equity_of,
)
from survey_app.know.evidence.places.figuring import Yardstick
from survey_app.know.evidence.places.grouping import Groups, contrast
from survey_app.know.evidence.places.missing import missing
from survey_app.know.measures.measures import load_measures
from survey_app.settings import CONFIG_DIR, INSTRUMENTS_DIR

ITEM = "ex.life"
AGES = ("young", "old", "oldest")


@pytest.fixture(scope="module")
def measures():
    model = load_logic_model(CONFIG_DIR / "logic_model.toml")
    library = load_library(INSTRUMENTS_DIR, None, model)
    return library, load_measures(CONFIG_DIR / "measures.toml", library, model)


@pytest.fixture(scope="module")
def yardstick(measures):
    library, found = measures

    def make(measure_id: str) -> Yardstick:
        measure = found.get(measure_id)
        return Yardstick(measure, library.get(measure.instrument, measure.version))

    return make


@pytest.fixture(scope="module")
def counts(yardstick):
    best_first = [option.code for option in yardstick("ex.life.mean").instrument.item(ITEM).scored]

    def make(*n: int) -> dict[str, dict[int, float]]:
        """Count answers from the first scored option on."""
        return {ITEM: dict(zip(best_first, n, strict=False))}

    return make


@pytest.mark.parametrize("measure_id", ["ex.life.mean", "ex.life.top"])
def test_a_place_far_from_eleven_alike_is_found_and_a_withheld_one_is_in_nothing(
    yardstick, counts, measure_id
):
    alike = [Entrant(f"p{n}", counts(20 + n, 20, 20, 20 - n)) for n in range(11)]
    odd, hidden = Entrant("odd", counts(0, 5, 20, 75)), Entrant("hidden", None)
    found = comparison_of(compare(yardstick(measure_id), [*alike, odd, hidden]))
    without = comparison_of(compare(yardstick(measure_id), [*alike, odd]))
    by_place = {one.place: one for one in found.places}
    assert by_place["odd"].position in {Position.FAR_BELOW, Position.FAR_ABOVE}
    assert {by_place[f"p{n}"].position for n in range(11)} <= {Position.USUAL, Position.ABOVE, Position.BELOW}
    assert found.places[-1] == type(odd_row := by_place["odd"])("hidden")
    assert odd_row.n == 100
    assert (found.target, found.lines, found.places[:-1]) == (without.target, without.lines, without.places)


def test_limits_are_widened_from_ten_places_on(yardstick, counts):
    spread = [Entrant(f"p{n}", counts(5 * n, 20, 20, 50 - 5 * n)) for n in range(10)]
    few = comparison_of(compare(yardstick("ex.life.mean"), spread[:9]))
    many = comparison_of(compare(yardstick("ex.life.mean"), spread))
    assert (few.widened, many.widened) == (False, True)


def test_smoothing_needs_eight_places_and_says_where_places_do_not_differ(yardstick, counts):
    mean = yardstick("ex.life.mean")
    alike = [Entrant(f"p{n}", counts(20, 20, 20, 20)) for n in range(8)]
    assert comparison_of(compare(mean, alike[:7])).smoothing is Smoothing.FEW_PLACES
    assert comparison_of(compare(mean, alike)).smoothing is Smoothing.NO_DIFFERENCES
    apart = [Entrant(f"p{n}", counts(5 * n, 20, 20, 50 - 5 * n)) for n in range(8)]
    found = comparison_of(compare(mean, apart))
    assert found.smoothing is Smoothing.SHOWN
    assert all(
        min(one.value, found.target) <= one.smoothed <= max(one.value, found.target) for one in found.places
    )


def test_one_figure_and_answers_all_alike_have_no_funnel(yardstick, counts):
    mean = yardstick("ex.life.mean")
    assert comparison_of(compare(mean, [Entrant("a", counts(20, 20))])).target is None
    assert comparison_of(compare(mean, [Entrant(name, counts(0, 30)) for name in "ab"])).target is None
    assert comparison_of(compare(mean, [Entrant("a", None)])).shown == ()


def groups(counts, by_category, **changed) -> Groups:
    facts = {
        "order": AGES,
        "ordered": True,
        "counts": {category: counts(*n) for category, n in by_category.items()},
        "residents": dict.fromkeys(AGES, 100),
        "weighted": None,
        "n_effective": None,
    }
    return Groups(**facts | changed)


FULL = {"young": (30, 20, 10, 5), "old": (20, 20, 20, 5), "oldest": (15, 15, 20, 20), "": (5, 5, 5, 5)}


def test_differences_are_against_the_other_stated_groups_with_a_figure(yardstick, counts):
    mean = yardstick("ex.life.mean")
    found = {one.category: one for one in equity_of(contrast(mean, groups(counts, FULL))).groups}
    assert found[""].difference is None
    part = {name: n for name, n in FULL.items() if name != "oldest"}
    fewer = {one.category: one for one in equity_of(contrast(mean, groups(counts, part))).groups}
    assert fewer["oldest"].value is None
    estimate, low, high = fewer["young"].difference
    assert estimate == pytest.approx(fewer["young"].value - fewer["old"].value, abs=1e-3)
    assert low < estimate < high
    assert fewer["young"].difference[0] == pytest.approx(-fewer["old"].difference[0])


@pytest.mark.parametrize("measure_id", ["ex.life.mean", "ex.life.top"])
def test_the_slope_follows_the_declared_order(yardstick, counts, measure_id):
    found = equity_of(contrast(yardstick(measure_id), groups(counts, FULL)))
    values = [one.value for one in found.groups[:3]]
    assert (values[0] > values[1] > values[2]) == (found.slope[0] < 0)
    assert found.slope[1] < found.slope[0] < found.slope[2]
    assert (found.ratio[0] < 1) == (found.slope[0] < 0)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ordered": False}, NoSlope.UNORDERED),
        ({"residents": {"young": 100, "old": 100}}, NoSlope.NO_POPULATION),
        ({"without": "old"}, NoSlope.WITHHELD),
        ({"small": "old"}, NoSlope.TOO_FEW),
    ],
)
def test_without_what_it_needs_there_is_no_slope_and_the_reason_is_told(yardstick, counts, changed, reason):
    given = dict(FULL)
    given.pop(changed.pop("without", None), None)
    if small := changed.pop("small", None):
        given[small] = (10, 10, 5, 4)
    found = equity_of(contrast(yardstick("ex.life.mean"), groups(counts, given, **changed)))
    assert (found.slope, found.no_slope) == (None, reason)


def asked(complete: int, silent: int, unreached: int = 0, **categories: tuple[int, int]) -> Asked:
    """Count one unit's people; categories as who answered and who did not."""
    one = Asked()
    outcomes = {Outcome.COMPLETE: complete, Outcome.NON_CONTACT: silent, Outcome.UNKNOWN: unreached}
    one.outcomes.update(outcomes)
    for name, (n_answered, n_not) in (categories or {"young": (complete, silent + unreached)}).items():
        one.categories[name] = n_answered + n_not
        one.answered[name] = n_answered
    return one


def crowd(here, **changed) -> Crowd:
    facts = {"replies": 40, "asked": here, "order": AGES, "answers": {}, "residents": {}}
    return Crowd(**facts | changed)


def test_a_rate_needs_ten_who_answered_and_ten_who_did_not_and_a_parent_leaves_the_others_out():
    assert answered_of(who_answered(crowd({"a": asked(10, 9)}))).rate is None
    assert answered_of(who_answered(crowd({"a": asked(9, 10)}))).rate is None
    both = answered_of(who_answered(crowd({"a": asked(10, 10), "b": asked(30, 9)})))
    assert (both.rate.n_asked, both.rate.rr2, both.partly) == (20, 50, True)


def invited(here) -> dict[str, int | None]:
    return {part.category: part.invited for part in answered_of(who_answered(crowd(here))).parts}


def test_the_invited_are_the_people_of_the_rate_and_no_unit_that_has_none_can_be_taken_from_them():
    even = asked(20, 20, young=(10, 10), old=(10, 10))
    hidden = asked(37, 3, young=(20, 0), old=(17, 3))
    assert invited({"a": even, "b": hidden}) == {"young": 20, "old": 20, "oldest": 0, "": 0}
    assert invited({"b": hidden}) == dict.fromkeys((*AGES, ""))


@pytest.mark.parametrize("old", [(9, 11), (11, 9), (1, 0)])
def test_nobody_is_counted_by_category_where_few_of_one_answered_or_did_not(old):
    even, uneven = asked(20, 20, young=(10, 10), old=(10, 10)), asked(30, 30, young=(20, 20), old=old)
    assert set(invited({"a": even, "b": uneven}).values()) == {None}


def test_a_parent_tells_of_those_reached_only_where_each_of_its_units_may():
    few, many = asked(37, 20, 3), asked(20, 28, 12)
    rates = [answered_of(who_answered(crowd(one))).rate for one in ({"b": many}, {"a": few, "b": many})]
    assert [(rate.n_asked, rate.rr6) for rate in rates] == [(60, 42), (120, None)]


def test_without_invitations_there_are_replies_only():
    found = answered_of(who_answered(crowd({})))
    assert (found.replies, found.invited, found.rate) == (40, False, None)


def test_who_is_missing_most_is_named_unless_a_group_is_withheld():
    residents = {"young": 500, "old": 300, "oldest": 200}
    answers = {ITEM: {"young": 60, "old": 30, "oldest": 10}}
    here = {"a": asked(50, 50, young=(25, 25), old=(15, 15), oldest=(10, 10))}
    found = missing(answered_of(who_answered(crowd(here, answers=answers, residents=residents))))
    assert (found.category, found.among_people, found.among_answers, found.asked_too) == (
        "oldest",
        20,
        10,
        False,
    )
    fewer = {ITEM: {"young": 60, "old": 30}}
    assert missing(answered_of(who_answered(crowd(here, answers=fewer, residents=residents)))) is None
