"""Short stories: what worlds met once, told again by hand."""

from __future__ import annotations

import pytest

from tests.simulation.pages import answer_by_link, stop_by_link
from tests.simulation.scene import PHONES, Scene
from tests.simulation.script import DEAD_NUMBER, NOT_REACHED, TOO_EARLY, Carriage
from tests.simulation.story import Fate, Handed
from tests.simulation.words import Meaning

DAY = 86_400
M = Meaning
DEAD_AT_ONCE = Carriage((), ((-1, "undelivered", "30005"),))


@pytest.fixture
def scene(new_runtime):
    return Scene(new_runtime())


def holds(scene) -> None:
    scene.settle()
    broken = scene.findings().found
    assert not broken, f"{broken[0]}\n{scene.world.story.told(broken[0].phone)}"


def received(scene, phone=PHONES[0]):
    return [e.body for e in scene.world.story.of(Handed, phone) if e.provider_id]


def test_a_text_that_broke_off_and_was_accepted_is_found_and_not_sent_again(scene):
    scene.next(Fate.HANGS_AFTER)
    scene.say(M.ANSWER, 1)
    holds(scene)
    assert sum("1/6" in body for body in received(scene)) == 1


def test_a_text_in_no_list_is_sent_once_more_and_no_third_time(scene):
    scene.next(Fate.BREAKS_BEFORE, Fate.BREAKS_BEFORE)
    scene.say(M.ANSWER, 1)
    holds(scene)
    assert sum(e.key.startswith("question") for e in scene.world.story.of(Handed, PHONES[0])) == 2


def test_receipts_that_overtake_the_reply_count(scene):
    scene.script.journeys.append(TOO_EARLY)
    scene.say(M.ANSWER, 1)
    holds(scene)


def test_two_texts_on_the_heels_of_each_other_change_no_question_that_was_not_read(scene):
    scene.say(M.ANSWER, 1)
    scene.wait(30)
    scene.write(M.ANSWER, 3)
    scene.wait(2)
    scene.write(M.ANSWER, 4)
    holds(scene)


def test_a_text_on_the_heels_of_the_first_question_is_not_met_with_silence(scene):
    scene.write(M.ANSWER, 1)
    scene.wait(2)
    assert "1/6" in received(scene)[1]
    scene.write(M.ANSWER, 1)
    scene.wait(0.5)
    assert len(received(scene)) == 2
    scene.write(M.ANSWER, 4)
    scene.wait(15)
    assert "1/6" in received(scene)[2]
    scene.say(M.ANSWER, 4)
    holds(scene)
    assert "2/6" in received(scene)[-1]


def test_whoever_has_begun_is_reminded_by_the_question_itself_and_a_1_answers_it(scene):
    scene.say(M.ANSWER, 1)
    scene.wait(2.3 * DAY)
    scene.world.tick()
    scene.wait(60)
    assert "1/6" in received(scene)[-1]
    scene.say(M.ANSWER, 1)
    holds(scene)


@pytest.mark.parametrize("fate", [Fate.REFUSED, Fate.KILLED_BEFORE, Fate.BREAKS_BEFORE])
def test_a_question_that_never_left_cannot_be_answered(scene, fate):
    scene.say(M.ANSWER, 1)
    scene.next(fate)
    scene.say(M.ANSWER, 3)
    scene.wait(30)
    scene.say(M.ANSWER, 4)
    holds(scene)


def test_questions_kept_from_a_number_the_provider_calls_dead_cannot_be_answered(scene):
    scene.say(M.ANSWER, 1)
    scene.script.journeys.append(DEAD_NUMBER)
    scene.say(M.ANSWER, 3)
    scene.wait(30)
    scene.say(M.ANSWER, 4)
    scene.say(M.ANSWER, 2)
    holds(scene)


def test_a_number_called_dead_before_the_reply_to_our_request_is_left_alone(scene):
    scene.script.journeys.append(DEAD_AT_ONCE)
    scene.say(M.ANSWER, 1)
    scene.say(M.HELP)
    holds(scene)


@pytest.mark.parametrize("said", [M.DECLINE, M.DISTRESS])
def test_a_question_that_failed_is_not_asked_again_after_a_no_or_a_cry_for_help(scene, said):
    scene.script.journeys.append(NOT_REACHED)
    scene.say(M.ANSWER, 1)
    scene.wait(60)
    scene.say(said)
    scene.wait(1.1 * DAY)
    scene.world.tick()
    holds(scene)
    assert sum("1/6" in body for body in received(scene)) == 1


def test_a_lost_question_is_not_sent_again_once_a_newer_one_has_left(scene):
    scene.next(Fate.BREAKS_BEFORE)
    scene.say(M.ANSWER, 1)
    scene.wait(60)
    scene.say(M.REPEAT)
    holds(scene)


def test_on_the_heels_of_an_answer_a_question_asked_before_is_no_more_read_than_a_new_one(scene):
    for told in ((M.ANSWER, 1), (M.ANSWER, 3), (M.ANSWER, 0)):
        scene.say(*told)
    scene.say(M.BACK)
    scene.wait(30)
    scene.write(M.ANSWER, 3)
    scene.wait(1)
    scene.write(M.ANSWER, 3)
    holds(scene)


def test_whoever_missed_one_question_can_still_answer_when_reminded(scene):
    scene.script.journeys.append(NOT_REACHED)
    scene.say(M.ANSWER, 1)
    scene.wait(1.1 * DAY)
    scene.world.tick()
    scene.wait(60)
    assert sum("1/6" in body for body in received(scene)) == 2
    scene.say(M.ANSWER, 3)
    holds(scene)
    assert "2/6" in received(scene)[-1]


def test_a_text_in_doubt_is_found_beside_a_later_one_of_the_same_words(scene):
    scene.say(M.ANSWER, 1)
    scene.next(Fate.BREAKS_AFTER)
    scene.script.journeys.append(Carriage((1,), ()))
    scene.say(M.REPEAT)
    scene.say(M.REPEAT)
    scene.say(M.STOP)
    holds(scene)


def test_of_two_texts_in_doubt_with_the_same_words_the_one_that_got_out_is_found(scene):
    scene.say(M.ANSWER, 1)
    scene.next(Fate.KILLED_BEFORE, Fate.KILLED_AFTER)
    scene.script.journeys.append(Carriage((1,), ()))
    scene.say(M.REPEAT)
    scene.wait(35)
    scene.say(M.REPEAT)
    scene.say(M.REPEAT)
    holds(scene)


def test_a_late_text_does_not_take_the_place_of_a_later_answer_on_the_web(scene):
    scene.say(M.ANSWER, 1)
    scene.wait(60)
    answer_by_link(scene.world, PHONES[0], scene.tokens[PHONES[0]], 3)
    scene.wait(7.1 * DAY)
    scene.world.tick()
    scene.say(M.ANSWER, 2)
    holds(scene)


def test_after_the_stop_page_no_answer_is_kept(scene):
    scene.say(M.ANSWER, 1)
    stop_by_link(scene.world, PHONES[0], scene.tokens[PHONES[0]])
    scene.wait(60)
    scene.say(M.ANSWER, 3)
    holds(scene)


def test_words_in_the_language_of_the_question_are_understood_whatever_was_asked_for(scene):
    scene.say(M.ANSWER, 1)
    scene.say(M.LANGUAGE)
    scene.write(M.ANSWER, 2, body="I'd say 2")
    holds(scene)
