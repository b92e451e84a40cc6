"""How much of the differences between people lies between their teams: ICC(1) and ICC(2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.stats.samples import Numbers, as_numbers

FEWEST_TEAMS = 10


@dataclass(frozen=True, slots=True)
class TeamVariance:
    """One-way analysis of variance; icc2 is None where all teams have the same mean.

    `icc1` counts teams at their mean size, `icc1_unequal` at m0, the size that is right for unequal teams.
    """

    icc1: float
    icc1_unequal: float
    icc2: float | None
    between: float
    within: float
    mean_size: float
    m0: float
    teams: int
    n: int


def team_variance(teams: Sequence[Sequence[float]] | Sequence[Numbers]) -> TeamVariance | None:
    """Split the variance of scores into between and within teams.

    Parameters
    ----------
    teams : sequence of K sequences of float
        The scores of each team's members, in one unit; teams without scores are left out.

    Returns
    -------
    TeamVariance or None
        Both ICCs without unit, negative where teams differ less than chance would have it; ``between`` and
        ``within`` are mean squares. None for fewer than two teams, no team of two, or scores all alike.

    Raises
    ------
    BadSampleError
        For missing or infinite scores.

    References
    ----------
    Bliese PD (2000), in Klein KJ, Kozlowski SWJ (eds), Multilevel Theory, ch 8. Shrout PE, Fleiss JL (1979).
    Psychol Bull 86:420-428. m0: Snedecor GW, Cochran WG (1989), Statistical Methods, 8th ed, 13.7.
    docs/algorithms/agreement.md.

    Examples
    --------
    >>> teams = [[3.8, 4.0, 4.2], [3.1, 3.4, 3.0, 3.3], [4.5, 4.4], [2.9, 3.2, 3.6, 3.1, 3.0]]
    >>> found = team_variance(teams)
    >>> round(found.icc1, 4), round(found.icc1_unequal, 4), round(found.icc2, 4)
    (0.8693, 0.8732, 0.9588)
    """
    scores = [as_numbers(team, "scores") for team in teams if len(team)]
    sizes = np.array([len(team) for team in scores], dtype=np.float64)
    n, k = int(sizes.sum()), len(scores)
    if k < 2 or n == k:
        return None
    between, within = _mean_squares(scores, sizes)
    if between == within == 0:
        return None
    mean_size, m0 = n / k, float((n - (sizes**2).sum() / n) / (k - 1))
    return TeamVariance(
        icc1=(between - within) / (between + (mean_size - 1) * within),
        icc1_unequal=(between - within) / (between + (m0 - 1) * within),
        icc2=(between - within) / between if between else None,
        between=between,
        within=within,
        mean_size=mean_size,
        m0=m0,
        teams=k,
        n=n,
    )


def shown_icc(found: TeamVariance) -> float | None:
    """Return the ICC(1) that may be shown.

    Parameters
    ----------
    found : TeamVariance
        Of all teams of a wave.

    Returns
    -------
    float or None
        For unequal teams, 0 in place of a negative one (say so next to it); None for fewer than 10 teams.
    """
    return max(0.0, found.icc1_unequal) if found.teams >= FEWEST_TEAMS else None


def _mean_squares(scores: list[Numbers], sizes: Numbers) -> tuple[float, float]:
    means = np.array([team.mean() for team in scores])
    everyone = np.concatenate(scores)
    between = float((sizes * (means - everyone.mean()) ** 2).sum()) / (len(scores) - 1)
    within = float(((everyone - np.repeat(means, sizes.astype(int))) ** 2).sum()) / (
        len(everyone) - len(scores)
    )
    noise = 1e-24 * float((everyone**2).max())  # what rounding leaves where all are alike
    return between if between > noise else 0.0, within if within > noise else 0.0
