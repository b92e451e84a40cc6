"""Faults planted into the product, each of which some rule must notice: the rules can fail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from survey_app.ask.outreach import invitations, rounds, samples
from survey_app.ask.population.tables import ChannelChoice
from survey_app.ask.sending import again, departure, doubts, leases, outbox, receipts
from survey_app.ask.sending.tables import Message, MessageState
from survey_app.bootstrap import Runtime
from survey_app.hear.conversations import prompts, replying, stopping, turns
from tests.simulation.pages import answer_by_link
from tests.simulation.scene import PHONES, Scene
from tests.simulation.script import NO_WORD, NOT_REACHED, REVERSED
from tests.simulation.story import Fate
from tests.simulation.switchboard import HUMAN
from tests.simulation.words import Meaning

Plant = Callable[[pytest.MonkeyPatch], None]
Tell = Callable[[Scene], None]
MINUTE, HOUR, DAY = 60, 3600, 86_400
M = Meaning


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault, how it is planted, a story that meets it, and the rule that must break."""

    name: str
    plant: Plant
    tell: Tell
    rule: str
    by: ChannelChoice = ChannelChoice.TEXT
    picks_up: str = HUMAN

    def scene(self, runtime: Runtime) -> Scene:
        return Scene(runtime, by=self.by, picks_up=self.picks_up)

    def __repr__(self) -> str:
        return self.name


def _seen_again(patch: pytest.MonkeyPatch) -> None:
    claim = turns.claim
    patch.setattr(turns, "claim", lambda *what: claim(*what) or True)


def _at_night(patch: pytest.MonkeyPatch) -> None:
    for room in (outbox, rounds, departure):
        patch.setattr(room, "next_allowed", lambda at, *_: at.astimezone(dt.UTC))
    patch.setattr(departure, "seconds_until_close", lambda *_: 3600)


def _blind_resend(patch: pytest.MonkeyPatch) -> None:
    def doubt(session, message_id, *, tried_at):
        again = {"state": MessageState.PENDING, "not_before": tried_at, "lease_until": None}
        session.execute(sa.update(Message).where(Message.id == message_id).values(**again))

    patch.setattr(leases, "doubt", doubt)


def _confirms_lost_stops(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(doubts, "SENT_ONCE_ONLY", frozenset())


def _no_last_look(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(departure, "_wanted", lambda *_what: True)
    for taking_back in ("_withdraw", "withdraw"):
        patch.setattr(outbox, taking_back, lambda *_what, **_more: 0)


def _stop_hides_danger(patch: pytest.MonkeyPatch) -> None:
    signpost = turns._signpost

    def unless_stopping(turn, kind):
        if "stop" not in turn.inbound.body.lower():
            signpost(turn, kind)

    patch.setattr(turns, "_signpost", unless_stopping)


def _no_rest(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(samples, "rested", lambda _at: sa.true())
    patch.setattr(invitations, "phone_rested", lambda *_: sa.true())


def _thanks_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stopping.consent, "is_suppressed", lambda *_what: False)


def _forgets_the_dead(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leases, "expire", lambda *_what, **_more: None)


def _deaf_to_stop(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stopping, "stop", lambda _turn: None)


def _every_machine_is_answered(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(turns, "SILENT", frozenset())


def _keeps_asking(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(invitations.outbox, "withdraw", lambda *_what, **_more: 0)
    patch.setattr(invitations.Hooks, "still_wanted", lambda *_what: True)


def _asks_all_the_same(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(invitations.Hooks, "is_awaited", lambda *_what: True)


def _tries_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(again, "ANOTHER_DAY", {"30003": 99})


def _reminds_without_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outbox, "_n_asked", lambda *_what: 0)
    patch.setattr(invitations, "mark_reminded", lambda *_what: True)


def _takes_answers_too_soon(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(prompts, "REACTION", dt.timedelta(0))


def _drops_answers(patch: pytest.MonkeyPatch) -> None:
    answer = replying.answer

    def now_and_then(turn, survey, item, raw):
        return None if raw == 4 else answer(turn, survey, item, raw)

    patch.setattr(replying, "answer", now_and_then)


def _backwards_receipts(patch: pytest.MonkeyPatch) -> None:
    def move(session, message_id, status, error_code):
        row = sa.update(Message).where(Message.id == message_id)
        session.execute(row.values(delivery=status, error_code=error_code or None))

    patch.setattr(receipts, "_move_forward", move)


def _says(*texts: tuple[Meaning, int | None], fate: Fate = Fate.ACCEPTED) -> Tell:
    """Tell a story of texts, one at a time; the answer to the first has a fate."""

    def tell(scene: Scene) -> None:
        scene.next(fate)
        scene.script.journeys.append(NO_WORD)
        for meaning, value in texts:
            scene.say(meaning, value)

    return tell


def _twice(scene: Scene) -> None:
    scene.say(M.ANSWER, 1)
    scene.say(M.ANSWER, 2)
    scene.again(1)


def _evening(scene: Scene) -> None:
    scene.wait(2 * DAY + 13 * HOUR)
    scene.world.tick()


def _stop_at_once(scene: Scene) -> None:
    scene.write(M.ANSWER, 1)
    scene.write(M.STOP)


def _ends_on_the_web(scene: Scene) -> None:
    scene.write(M.ANSWER, 1)
    while answer_by_link(scene.world, PHONES[0], scene.tokens[PHONES[0]], 1):
        pass


def _a_fortnight(scene: Scene) -> None:
    for _ in range(14):
        scene.wait(DAY)
        scene.world.tick()


def _never_reached(scene: Scene) -> None:
    scene.script.journeys.extend([NOT_REACHED] * 9)
    scene.say(M.ANSWER, 1)
    for _ in range(5):
        scene.wait(DAY + HOUR)
        scene.world.tick()
        scene.wait(MINUTE)


def _silent(scene: Scene) -> None:
    scene.wait(2.3 * DAY)
    scene.world.tick()
    scene.say(M.ANSWER, 1)
    scene.wait(1.1 * DAY)
    scene.world.tick()


def _on_the_heels(scene: Scene) -> None:
    scene.say(M.ANSWER, 1)
    scene.wait(30)
    scene.write(M.ANSWER, 3)
    scene.wait(2)
    scene.write(M.ANSWER, 4)


def _reversed_receipts(scene: Scene) -> None:
    scene.script.journeys.append(REVERSED)
    scene.say(M.ANSWER, 1)


START, TWO, FOUR, STOP = (M.ANSWER, 1), (M.ANSWER, 2), (M.ANSWER, 4), (M.STOP, None)
NO = (M.DECLINE, None)
DANGER, MACHINE = (M.DISTRESS_STOP, None), (M.MACHINE, None)
PLANTED = (
    Planted("a text delivered again counts again", _seen_again, _twice, "one text back for one text"),
    Planted("quiet hours are ignored", _at_night, _evening, "quiet hours"),
    Planted("what is in doubt is sent again at once", _blind_resend,
            _says(START, fate=Fate.BREAKS_AFTER), "sent once"),
    Planted("a lost confirmation of a stop is sent again", _confirms_lost_stops,
            _says(STOP, fate=Fate.UNLISTED), "sent once"),
    Planted("nothing is looked at once more before it leaves", _no_last_look, _stop_at_once, "left alone"),
    Planted("a stop in the same text hides danger", _stop_hides_danger, _says(DANGER), "danger has an alert"),
    Planted("nobody has 28 days of rest", _no_rest, _a_fortnight, "28 days of rest"),
    Planted("every stop is confirmed", _thanks_twice, _says(STOP, STOP), "confirmed once"),
    Planted("claims of a dead sender are forgotten", _forgets_the_dead,
            _says(START, fate=Fate.KILLED_BEFORE), "outbox equals the provider's log"),
    Planted("a stop is not heard", _deaf_to_stop, _says(START, STOP, TWO), "left alone"),
    Planted("automatic replies are answered", _every_machine_is_answered,
            _says(MACHINE), "machines do not chat"),
    Planted("what waits for a finished survey goes out", _keeps_asking, _ends_on_the_web,
            "nothing more after the end"),
    Planted("what failed is asked again after a no", _asks_all_the_same,
            _says(START, NO, fate=Fate.BREAKS_BEFORE), "nothing old is asked after a no"),
    Planted("what fails is tried for ever", _tries_for_ever, _never_reached, "three tries at most"),
    Planted("people are reminded without end", _reminds_without_end, _silent, "at most two unasked"),
    Planted("an answer counts however soon it comes", _takes_answers_too_soon, _on_the_heels,
            "answers only to what was asked"),
    Planted("a clear answer is dropped", _drops_answers, _says(START, FOUR), "a clear answer counts"),
    Planted("a receipt moves a text backwards", _backwards_receipts, _reversed_receipts,
            "receipts only move forward"),
)  # fmt: skip
