"""Short stories of WhatsApp, of calls, and of surveys that change their way."""

from __future__ import annotations

import pytest

from survey_app.ask.population.tables import ChannelChoice
from survey_app.hear.responses.tables import Channel, ResponseState
from tests.simulation.ledger import Ledger
from tests.simulation.pages import answer_by_link
from tests.simulation.scene import PHONES, Scene
from tests.simulation.script import NO_WORD, NOT_REACHED
from tests.simulation.story import Fate, Handed
from tests.simulation.test_stories import DAY, holds, received
from tests.simulation.words import Meaning, Writing

M = Meaning
BY_WHATSAPP = {"channel": Channel.WHATSAPP}


@pytest.fixture
def asked(new_runtime):
    """Make a scene in which people were asked on one way."""
    return lambda by: Scene(new_runtime(), by=by)


def answers(scene, phone=PHONES[0]):
    """Return the codes that stand and the ways they came, for the one survey of a phone."""
    ledger = Ledger(scene.world)
    (mine,) = (one for one in ledger.asked_at(phone) if f"invitation:{one.id}" in _origins(ledger))
    (response,) = (row for row in ledger.responses.values() if row.origin == f"invitation:{mine.id}")
    codes = {row.item_id: row.code for row in ledger.standing if row.response_id == response.id}
    ways = [submission.channel for row, submission in ledger.history if row.response_id == response.id]
    ordered = [codes[item.id] for item in mine.instrument.items if item.id in codes]
    return response.state, ordered, list(dict.fromkeys(ways))


def _origins(ledger):
    return {row.origin for row in ledger.responses.values()}


def test_begun_by_tapping_and_finished_by_phone_and_on_the_web_it_is_one_survey(asked):
    scene = asked(ChannelChoice.WHATSAPP)
    scene.say(M.ANSWER, 1, **BY_WHATSAPP)
    scene.tap(3)
    scene.world.switchboard.dial(PHONES[0])
    scene.press("1", "2", "4")
    scene.hang_up()
    scene.wait(60)
    while answer_by_link(scene.world, PHONES[0], scene.tokens[PHONES[0]], 1):
        pass
    holds(scene)
    every = [Channel.WHATSAPP, Channel.VOICE, Channel.WEB]
    assert answers(scene) == (ResponseState.FINISHED, [3, 2, 4, 1, 1, 1], every)


def test_begun_by_phone_and_finished_by_whatsapp_and_text_nothing_is_asked_twice(asked):
    scene = asked(ChannelChoice.CALL)
    scene.press("1", "2")
    scene.hang_up()
    scene.wait(60)
    scene.say(M.ANSWER, 1, **BY_WHATSAPP)
    scene.wait(60)
    scene.tap(4)
    scene.say(M.ANSWER, 3)  # by text, to what was asked by WhatsApp: asked again by text
    scene.wait(60)
    for value in (3, 3, 1, 2):
        scene.say(M.ANSWER, value)
    holds(scene)
    every = [Channel.VOICE, Channel.WHATSAPP, Channel.SMS]
    assert answers(scene) == (ResponseState.FINISHED, [2, 4, 3, 3, 1, 2], every)


def test_a_second_text_on_the_heels_of_a_change_of_way_answers_nothing_either(asked):
    scene = asked(ChannelChoice.WHATSAPP)
    scene.say(M.ANSWER, 1, **BY_WHATSAPP)
    scene.tap(3)
    scene.wait(30)
    scene.write(M.ANSWER, 4)
    scene.wait(1)
    scene.write(M.ANSWER, 2)
    holds(scene)
    assert answers(scene) == (ResponseState.STARTED, [3], [Channel.WHATSAPP])


def test_a_text_in_the_midst_of_a_call_costs_one_key_and_no_more(asked):
    scene = asked(ChannelChoice.CALL)
    scene.press("1")
    scene.say(M.ANSWER, 3)  # asked again by text: the next key is of a turn that is over
    scene.press("2", "2")
    scene.hang_up()
    holds(scene)
    assert answers(scene)[1] == [2]


def test_a_button_tapped_after_a_pause_goes_on_and_is_no_wish_to_end(asked):
    scene = asked(ChannelChoice.WHATSAPP)
    scene.say(M.ANSWER, 1, **BY_WHATSAPP)
    for _ in range(3):
        scene.say(M.NONSENSE, **BY_WHATSAPP)
    scene.tap(3)
    scene.tap(4)
    holds(scene)
    assert answers(scene)[1] == [3, 4]


def test_word_of_a_call_that_ended_stops_nothing_that_was_asked_by_text_since(asked):
    scene = asked(ChannelChoice.CALL)
    scene.press("1", "2")
    scene.world.switchboard.tells = lambda _status: (20,)
    scene.hang_up()
    scene.next(Fate.TOO_MANY, Fate.TOO_MANY, Fate.TOO_MANY, Fate.TOO_MANY)  # so that it still waits then
    scene.say(M.ANSWER, 1)
    scene.wait(300)
    assert "2/6" in received(scene)[-1]
    holds(scene)


def test_what_came_too_late_by_whatsapp_is_said_by_template_whatever_we_are_told_of_it_later(asked):
    scene = asked(ChannelChoice.WHATSAPP)
    late = [Writing(phone, M.ANSWER, 1, "1", Channel.WHATSAPP) for phone in PHONES]
    for writing in late:
        scene.world.written(writing)
    scene.wait(25 * 3600)
    for number, writing in enumerate(late):
        scene.world.text(writing, f"IN9{number:031}")
        scene.wait(90)
    for writing in late:
        tries = [e for e in scene.world.story.of(Handed, writing.phone) if e.key.startswith("question:")]
        assert [e.free for e in tries] == [True, False]
        assert "still open" in scene.shown[writing.phone][-1].words
    holds(scene)


def test_a_question_that_failed_is_not_sent_again_once_it_was_answered_on_the_web(asked):
    scene = asked(ChannelChoice.TEXT)
    scene.script.journeys.append(NOT_REACHED)
    scene.say(M.ANSWER, 1)
    scene.wait(60)
    answer_by_link(scene.world, PHONES[0], scene.tokens[PHONES[0]], 3)
    scene.wait(1.1 * DAY)
    scene.world.tick()
    scene.wait(60)
    assert sum("1/6" in body for body in received(scene)) == 1
    holds(scene)


def test_of_two_messages_in_doubt_with_the_same_words_the_one_that_got_out_is_found(asked):
    scene = asked(ChannelChoice.WHATSAPP)
    scene.say(M.ANSWER, 1, **BY_WHATSAPP)
    scene.next(Fate.ACCEPTED, Fate.BREAKS_AFTER)
    scene.script.journeys.extend([NO_WORD, NO_WORD])
    scene.say(M.HELP, **BY_WHATSAPP)
    scene.say(M.HELP, **BY_WHATSAPP)
    holds(scene)
