"""Faults planted into WhatsApp and between ways, each of which some rule must notice."""

from __future__ import annotations

import pytest

from survey_app.ask.population.tables import ChannelChoice
from survey_app.ask.sending import outcomes, receipts
from survey_app.ask.sending.gateways.whatsapp import WhatsAppGateway
from survey_app.hear.conversations import replying, understanding
from survey_app.hear.conversations.saying import ask
from survey_app.hear.responses.tables import Channel
from tests.simulation.pages import answer_by_link
from tests.simulation.planted import DAY, HOUR, MINUTE, Planted
from tests.simulation.scene import PHONES, Scene
from tests.simulation.words import Meaning, Writing

M = Meaning
BY_WHATSAPP = {"channel": Channel.WHATSAPP}


def _free_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(WhatsAppGateway, "_late", lambda *_what: None)


def _gives_up_too_late(patch: pytest.MonkeyPatch) -> None:
    for room in (outcomes, receipts):
        patch.setattr(room, "say_by_template", lambda *_what, **_more: False)


def _buttons_name_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(understanding, "_named", lambda *_what: (None, False))


def _asks_what_was_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(replying, "again", lambda turn, survey: ask(turn, survey, survey.open_item))


def _silent_for_a_day(scene: Scene) -> None:
    scene.say(M.ANSWER, 1, **BY_WHATSAPP)
    scene.wait(1.2 * DAY)
    scene.world.tick()


def _long_on_its_way(scene: Scene) -> None:
    one = Writing(PHONES[0], M.ANSWER, 1, "1", Channel.WHATSAPP)
    scene.world.written(one)
    scene.wait(25 * HOUR)
    scene.world.text(one, "IN" + "7" * 32)


def _an_old_button(scene: Scene) -> None:
    scene.say(M.ANSWER, 1, **BY_WHATSAPP)
    scene.tap(3)
    scene.wait(MINUTE)
    scene.tap(4, question=0)


def _meanwhile_on_the_web(scene: Scene) -> None:
    scene.say(M.ANSWER, 1)
    scene.wait(MINUTE)
    answer_by_link(scene.world, PHONES[0], scene.tokens[PHONES[0]], 3)
    scene.wait(MINUTE)
    scene.say(M.ANSWER, 3)


WHATSAPP = ChannelChoice.WHATSAPP
IN_WHATSAPP = (
    Planted("WhatsApp is free for ever", _free_for_ever, _silent_for_a_day,
            "no free words after a day", by=WHATSAPP),
    Planted("what came too late is given up", _gives_up_too_late, _long_on_its_way,
            "what came too late is said by template", by=WHATSAPP),
    Planted("a button answers whatever is open", _buttons_name_nothing, _an_old_button,
            "a button answers its own question", by=WHATSAPP),
    Planted("what was answered on the web is asked again", _asks_what_was_open, _meanwhile_on_the_web,
            "nothing is asked twice"),
)  # fmt: skip
