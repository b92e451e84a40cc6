"""Conversations in bad weather: steps in any order, whole worlds, and faults that must be noticed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.machine import Conversations
from tests.simulation.planted import PLANTED
from tests.simulation.planted_calls import IN_CALLS
from tests.simulation.planted_whatsapp import IN_WHATSAPP
from tests.simulation.play import make_play
from tests.simulation.runs import judge
from tests.simulation.scene import Scene

EVERY = (*PLANTED, *IN_WHATSAPP, *IN_CALLS)
UNTROUBLED = list(HealthCheck)
ALWAYS = frozenset(
    {
        "a text delivered again counts again",
        "what is in doubt is sent again at once",
        "a stop in the same text hides danger",
        "a clear answer is dropped",
        "a button answers whatever is open",
        "keys are said back and not kept",
        "a machine hears what it is about",
    }
)
"""The few that are noticed in every run of the tests; the others in the long one."""


def planted_or_long(planted):
    return pytest.param(planted, marks=() if planted.name in ALWAYS else pytest.mark.long)


def test_any_step_after_any_other_keeps_every_rule(new_runtime):
    class Here(Conversations):
        def __init__(self):
            super().__init__()
            self.scene = Scene(new_runtime())

    few = settings(max_examples=6, stateful_step_count=20, derandomize=True, deadline=None)
    few = settings(few, suppress_health_check=UNTROUBLED, database=None)
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


@pytest.mark.parametrize("planted", [planted_or_long(p) for p in EVERY], ids=repr)
def test_a_planted_fault_breaks_its_rule(new_runtime, planted, monkeypatch):
    planted.plant(monkeypatch)
    scene = planted.scene(new_runtime())
    planted.tell(scene)
    scene.settle()
    assert planted.rule in {found.rule for found in scene.findings().found}


@pytest.mark.long
@pytest.mark.parametrize("planted", EVERY, ids=repr)
def test_without_the_fault_the_same_story_breaks_nothing(new_runtime, planted):
    scene = planted.scene(new_runtime())
    planted.tell(scene)
    scene.settle()
    assert scene.findings().found == []
