"""Who reads every figure and solves for few people: by exact fractions, and by linear programming."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog


def few_people(people, k):
    """Return every group of cells with fewer than k people."""
    cells = list(people)
    groups = (group for n in range(1, len(cells) + 1) for group in itertools.combinations(cells, n))
    return [group for group in groups if sum(people[cell] for cell in group) < k]


def solved_combination(figures, people, k):
    """Return a weighted sum of fewer than k people's answers that follows from the figures, or None."""
    for group in few_people(people, k):
        others = [cell for cell in people if cell not in group]
        for row in eliminated(figures, others + list(group)):
            if not any(row[: len(others)]) and any(row):
                return dict(zip(group, row[len(others) :], strict=True))
    return None


def eliminated(figures, order):
    """Return the echelon form of the figures, leading with the first cells of the order."""
    rows = [[Fraction(figure.get(cell, 0)) for cell in order] for figure in figures]
    done = 0
    for column in range(len(order)):
        lead = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if lead is None:
            continue
        rows[done], rows[lead] = rows[lead], rows[done]
        for i in range(done + 1, len(rows)):
            factor = rows[i][column] / rows[done][column]
            if factor:
                rows[i] = [mine - factor * its for mine, its in zip(rows[i], rows[done], strict=True)]
        done += 1
    return rows


def is_pinned(combination, figures, people):
    """Say whether the least and the greatest value of a weighted sum are one, given the figures' values."""
    cells = [cell for cell in people if people[cell]]
    matrix = np.array([[float(figure.get(cell, 0)) for cell in cells] for figure in figures])
    truth = np.random.default_rng(5).integers(0, 100, len(cells)).astype(float)
    ends = []
    for sign in (1, -1):
        objective = [sign * float(combination.get(cell, 0)) for cell in cells]
        result = linprog(objective, A_eq=matrix, b_eq=matrix @ truth, bounds=(None, None), method="highs")
        if result.status != 0:
            return False
        ends.append(sign * result.fun)
    return abs(ends[1] - ends[0]) < 1e-6
