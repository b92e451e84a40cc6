"""Somebody who reads everything about teams tries to solve for a few people: rows A077, A100-A111."""

from __future__ import annotations

import itertools
import random
import statistics

import numpy as np

from survey_app.ask.instruments.elements import load_logic_model
from survey_app.ask.instruments.factors import factors_of
from survey_app.ask.instruments.loader import load_library
from survey_app.know.evidence.climate.masks import TEN, step_for
from survey_app.know.evidence.climate.rollups import OUTSIDE, admitted, shown_to
from survey_app.know.evidence.climate.scoring import Said, factor_figure, item_figure, scores_on
from survey_app.settings import CONFIG_DIR, INSTRUMENTS_DIR
from tests.teams import FACTORS, ITEMS

LIBRARY = load_library(INSTRUMENTS_DIR, None, load_logic_model(CONFIG_DIR / "logic_model.toml"))
TCI = LIBRARY.get("team-climate-style-14", 1)
VISION = factors_of(TCI)[0]
NEEDED = 6


def ballot(luck, skips=0.0):
    """Return one person's answers around a leaning of their own."""
    leaning = luck.choice((2, 3, 4, 4, 5))
    codes = {item: min(5, max(1, leaning + luck.choice((-1, 0, 0, 1)))) for item in ITEMS}
    return Said({item: code for item, code in codes.items() if luck.random() >= skips})


class World:
    """One round of teams at places, with everything that anybody is shown of it, as equations over people."""

    def __init__(self, seed):
        self.luck = random.Random(seed)
        self.teams = {f"t{i}": self.luck.randint(5, 14) for i in range(self.luck.randint(3, 7))}
        place_of = {team: self.luck.choice("xyz") for team in self.teams}
        unions = [("", frozenset(self.teams))]
        unions += [(p, frozenset(t for t in self.teams if place_of[t] == p)) for p in "xyz"]
        unions += [("xy", frozenset(t for t in self.teams if place_of[t] in "xy"))]
        self.unions = dict(unions)
        self.shown = admitted(self.teams, [(name, teams) for name, teams in unions if teams])
        self.people = [(team, i) for team, n in self.teams.items() for i in range(n)]

    def row(self, teams):
        """Return a sum over all people of some teams: every figure of them is such a sum, before rounding."""
        return [int(team in teams) for team, _ in self.people]

    def read_by(self, leader):
        """Return what a team's leader, a member as well, knows: answer, report, the others, every roll-up."""
        own = [int(person == (leader, 0)) for person in self.people]
        found = [own, self.row({leader})]
        found += [self.row(self.unions[name]) for name in self.shown]
        if "" in self.shown:
            found.append(self.row(set(self.teams) - {leader}))
        return found


def smallest_solved(rows, people, known):
    """Return the size of the smallest group, besides what is known, whose sum the rows give away.

    Every row treats a team's members alike but for the reader: what is solved is constant on these groups.
    """
    groups = {}
    for column, person in enumerate(people):
        groups.setdefault(tuple(row[column] for row in rows), []).append(person)
    blocks = [block for key, block in groups.items() if any(key)]
    if not blocks:
        return None
    index = {person: i for i, person in enumerate(people)}
    matrix = np.array([[row[index[block[0]]] for block in blocks] for row in rows], dtype=float)
    base = np.linalg.matrix_rank(matrix)
    sizes = []
    for chosen in itertools.chain.from_iterable(
        itertools.combinations(range(len(blocks)), k) for k in (1, 2)
    ):
        size = sum(len(blocks[i]) for i in chosen)
        if any(person in known for i in chosen for person in blocks[i]):
            continue
        # Does any vector that lives on just these groups stand in the row space?
        rest = [i for i in range(len(blocks)) if i not in chosen]
        if base - np.linalg.matrix_rank(matrix[:, rest]) > 0:
            sizes.append(size)
    return min(sizes, default=None)


def test_a100_a101_a110_no_leader_solves_for_fewer_than_five_from_everything_there_is():
    n_solved, n_shown = [], 0
    for seed in range(80):
        world = World(seed)
        n_shown += len(world.shown)
        for leader, n in world.teams.items():
            if n < NEEDED:  # with a reader on the roster such a team has no report
                continue
            solved = smallest_solved(world.read_by(leader), world.people, {(leader, 0)})
            n_solved.append(solved)
    # Solved are whole teams less the reader, and never another team.
    assert min(size for size in n_solved if size is not None) >= NEEDED - 1
    assert n_shown > 80


def test_the_attacker_is_no_fool_every_union_unjudged_solves_other_teams():
    n_teams_solved = 0
    for seed in range(40):
        world = World(seed)
        world.shown = [name for name, teams in world.unions.items() if teams]
        for leader in world.teams:
            rows = [*world.read_by(leader)]
            base = np.linalg.matrix_rank(np.array(rows))
            others = (team for team in world.teams if team != leader)
            n_teams_solved += any(
                np.linalg.matrix_rank(np.array([*rows, world.row({team})])) == base for team in others
            )
    assert n_teams_solved > 20


def test_no_leader_solves_any_other_team_from_what_is_shown():
    for seed in range(40):
        world = World(seed)
        for leader in world.teams:
            rows = world.read_by(leader)
            base = np.linalg.matrix_rank(np.array(rows))
            for team in set(world.teams) - {leader}:
                assert np.linalg.matrix_rank(np.array([*rows, world.row({team})])) > base


def read_by_several(world, read, names):
    """Return what a reader of several reports knows of teams: each report, its others, roll-ups of places."""
    rows = [world.row({team}) for team in read] + [world.row(world.unions[name]) for name in names]
    return rows + [world.row(set(world.teams) - {team}) for team in read if "" in names]


def smallest_unread(world, read, names):
    """Return how many people the smallest sum of unread teams that comes out is about; or None."""
    rows = np.array([*read_by_several(world, read, names), [0] * len(world.people)])
    base = np.linalg.matrix_rank(rows)
    unread = sorted(set(world.teams) - set(read))
    sizes = [
        sum(world.teams[team] for team in some)
        for k in range(1, len(unread) + 1)
        for some in itertools.combinations(unread, k)
        if np.linalg.matrix_rank(np.vstack([rows, world.row(set(some))])) == base
    ]
    return min(sizes, default=None)


def test_a101_whoever_reads_several_reports_solves_no_team_beyond_and_no_fewer_than_ten_people():
    n_solved_before, n_shown, n_kept = 0, 0, 0
    for seed in range(25):
        world = World(seed)
        released = [(name, world.unions[name]) for name in world.shown]
        for n_read in range(1, len(world.teams)):
            read = frozenset(world.luck.sample(sorted(world.teams), n_read))
            names = shown_to(world.teams, released, read)
            before = smallest_unread(world, read, world.shown)
            n_solved_before += before is not None and before < OUTSIDE
            n_shown, n_kept = n_shown + len(names), n_kept + len(world.shown) - len(names)
            solved = smallest_unread(world, read, names)
            assert solved is None or solved >= OUTSIDE, (seed, sorted(read))
    assert n_solved_before > 15  # without the rule
    assert n_shown > n_kept > 15


def test_the_rule_for_readers_looks_at_all_unions_at_once_and_not_at_each_alone():
    people = dict.fromkeys("abcdef", 8)
    both = [("", frozenset("abcdef")), ("north", frozenset("abc"))]
    # Of all six, b, c and f are unread; of the north b and c: each is fine, and both together give f.
    assert shown_to(people, both, frozenset("ade")) == {""}
    assert shown_to(people, both[1:], frozenset("ade")) == {"north"}
    assert shown_to(people, both, frozenset("abcdef")) == {"", "north"}
    # Two small teams together are fewer than ten others.
    assert shown_to({"a": 20, "b": 4, "c": 5}, [("", frozenset("abc"))], frozenset("a")) == frozenset()


def span_of(points, n):
    """Return what a shown mean says of the sum of n people's scores."""
    half = step_for(n) / 2
    low = 0 if points <= TEN else points - half
    high = 100 if points >= 100 - TEN else points + half
    return n * low, n * high


def test_a105_joiners_and_leavers_are_not_solved_even_if_nobody_else_moved():
    """The attacker knows both sizes exactly, and that all others answered as before."""
    widths, errors, guesses = [], [], []
    for seed in range(200):
        luck = random.Random(seed)
        said = [ballot(luck) for _ in range(luck.choice((6, 7, 8, 9, 12, 20, 24, 25, 30, 60)))]
        one = ballot(luck)
        before, after = (factor_figure(VISION, TCI, some, NEEDED).points for some in (said, [*said, one]))
        then, now = span_of(before, len(said)), span_of(after, len(said) + 1)
        low, high = now[0] - then[1], now[1] - then[0]
        widths.append(high - low)
        (truth,) = scores_on(VISION, TCI, [one])
        assert low <= truth <= high
        guess = (max(low, 0) + min(high, 100)) / 2
        errors.append(abs(guess - truth))
        guesses.append(abs(before - truth))
    assert min(widths) >= 100  # the whole scale: nothing is ruled out for sure but at its ends
    # It helps little more than supposing that the newcomer is like the team.
    assert statistics.fmean(errors) > 0.7 * statistics.fmean(guesses)


def test_a_missing_answer_is_not_solved_from_a_factor_and_its_items():
    """Where somebody skipped an item, the difference of a factor and its items is about that person."""
    widths = []
    for seed in range(100):
        luck = random.Random(seed)
        said = [ballot(luck) for _ in range(luck.choice((11, 14, 24, 25, 30)))]
        skipper = Said({item: code for item, code in ballot(luck).answers.items() if item != "tc.v4"})
        said.append(skipper)
        n = len(said)
        factor = span_of(factor_figure(VISION, TCI, said, NEEDED).points, n)
        shown = [(item_figure(TCI.item(i), said).points, n - (i == "tc.v4")) for i in FACTORS["vision"]]
        items = [span_of(points, people) for points, people in shown]
        # factor sum - items' sums / 4 = (what the skipper gained on three items) / 12
        low = factor[0] - sum(high for _, high in items) / 4
        high = factor[1] - sum(low for low, _ in items) / 4
        widths.append(12 * (high - low))
    assert min(widths) >= 300  # the whole range of what three items can give


def test_a108_a_team_of_one_mind_is_not_told_apart_from_nearly_one():
    for code in range(1, 6):
        said = [Said(dict.fromkeys(ITEMS, code))] * 11
        nearly = [*said[1:], Said(dict.fromkeys(ITEMS, code - 1 if code > 3 else code + 1))]
        one, two = (factor_figure(VISION, TCI, some, NEEDED) for some in (said, nearly))
        assert (one.points, one.spread.low, one.agreement) == (two.points, two.spread.low, two.agreement), (
            code
        )
