"""Conversations in bad weather: steps in any order, whole worlds, and faults that must be noticed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.machine import Conversations
from tests.simulation.planted import PLANTED
from tests.simulation.play import make_play
from tests.simulation.runs import judge, many
from tests.simulation.scene import Scene

UNTROUBLED = list(HealthCheck)


def test_any_step_after_any_other_keeps_every_rule(new_runtime):
    class Here(Conversations):
        def __init__(self):
            super().__init__()
            self.scene = Scene(new_runtime())

    few = settings(max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=UNTROUBLED)
    run_state_machine_as_test(Here, settings=few)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_world_with_a_night_when_the_clocks_change_keeps_every_rule(new_runtime, seed):
    play = make_play(new_runtime(), seed, n_phones=14, days=7)
    play.run()
    assert judge(play, seed).violations == []


def test_a_world_on_either_database_keeps_every_rule(runtime):
    play = make_play(runtime, 2, n_phones=6, days=4)
    play.run()
    assert judge(play, 2).violations == []


@pytest.mark.parametrize("planted", PLANTED, ids=repr)
def test_a_planted_fault_breaks_its_rule(new_runtime, planted, monkeypatch):
    planted.plant(monkeypatch)
    scene = Scene(new_runtime())
    planted.tell(scene)
    scene.settle()
    assert planted.rule in {found.rule for found in scene.findings().found}


@pytest.mark.parametrize("planted", PLANTED, ids=repr)
def test_without_the_fault_the_same_story_breaks_nothing(new_runtime, planted):
    scene = Scene(new_runtime())
    planted.tell(scene)
    scene.settle()
    assert scene.findings().found == []


@pytest.mark.long
def test_two_thousand_conversations_keep_every_rule():
    assert [
        story for one in many(2_000, seed=1_000, workers=2, n_phones=240) for story in one.violations
    ] == []
