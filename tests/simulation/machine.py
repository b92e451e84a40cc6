"""The state machine of hypothesis over a scene: any step after any other, and the rules after each."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.simulation import script
from tests.simulation.pages import answer_by_link, stop_by_link
from tests.simulation.scene import PHONES, STRANGER, Scene
from tests.simulation.story import Fate
from tests.simulation.words import Meaning

phones = st.sampled_from([*PHONES, PHONES[0], PHONES[0], STRANGER])
written = [meaning for meaning in Meaning if meaning is not Meaning.TAP]  # buttons are on WhatsApp
meanings = st.sampled_from([*written, *[Meaning.ANSWER] * 12])
journeys = st.sampled_from(
    [script.NO_WORD, script.TOO_EARLY, script.DEAD_NUMBER, script.LOST, script.CALM, script.CALM]
)
MINUTE, HOUR = 60, 3600


class Conversations(RuleBasedStateMachine):
    """People and the provider do one thing after another; `scene` is set by the test."""

    scene: Scene

    @rule(phone=phones, meaning=meanings, value=st.integers(0, 4), seconds=st.sampled_from([0, 1, 2, 20]))
    def somebody_writes(self, phone, meaning, value, seconds):
        body = "No" if meaning is Meaning.LABEL else ""
        self.scene.write(meaning, value, phone=phone, body=body)
        self.scene.wait(seconds)

    @rule(value=st.integers(1, 3))
    def somebody_answers_on(self, value):
        self.scene.say(Meaning.ANSWER, value)

    @rule(number=st.integers(0, 30))
    def a_text_comes_again(self, number):
        self.scene.again(number)

    @rule(fate=st.sampled_from(Fate), journey=journeys)
    def the_next_letter_has_a_fate(self, fate, journey):
        self.scene.next(fate)
        self.scene.script.journeys.append(journey)

    @rule(seconds=st.sampled_from([30, 3 * MINUTE, 20 * MINUTE, 5 * HOUR, 26 * HOUR, 60 * HOUR]))
    def time_goes_by(self, seconds):
        self.scene.wait(seconds)
        self.scene.world.tick()

    @rule(phone=st.sampled_from(PHONES), raw=st.sampled_from([1, 2, 3, None]))
    def somebody_answers_on_the_web(self, phone, raw):
        answer_by_link(self.scene.world, phone, self.scene.tokens[phone], raw)

    @rule(phone=st.sampled_from(PHONES))
    def somebody_stops_on_the_web(self, phone):
        stop_by_link(self.scene.world, phone, self.scene.tokens[phone])

    @invariant()
    def every_rule_holds(self):
        self.scene.world.watch()
        self._hold(settled=False)

    def teardown(self):
        self.scene.settle()
        self._hold(settled=True)

    def _hold(self, *, settled: bool) -> None:
        broken = self.scene.findings(settled=settled).found
        assert not broken, f"{broken[0]}\n{self.scene.world.story.told(broken[0].phone)}"
