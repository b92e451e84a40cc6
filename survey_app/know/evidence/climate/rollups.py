"""Which places may show all their teams together: none from which one team could be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from survey_app.know.disclosure.auditor import Auditor

FEWEST_TEAMS = 3
"""A combination of figures on two teams gives one away to whoever leads the other."""
OUTSIDE = 10


def admitted(people: Mapping[str, int], wanted: Iterable[tuple[str, frozenset[str]]]) -> list[str]:
    """Judge unions of teams in their order.

    Parameters
    ----------
    people : mapping of str to int
        Ballots by team, or by small teams that were asked as one.
    wanted : iterable of (str, frozenset of str)
        A name, and the teams whose sum would be published; the earlier wins.

    Returns
    -------
    list of str
        Names of unions that may be published together. No weighted sum of them concerns fewer than three
        teams: so who knows any one team's own report solves no other's. Outside each single team of a union
        there are at least 10 people.

    References
    ----------
    docs/algorithms/team-climate.md, docs/algorithms/auditor.md.

    Examples
    --------
    >>> people = {"a": 8, "b": 9, "c": 7, "d": 12}
    >>> north, all_of_it = frozenset("abc"), frozenset("abcd")
    >>> admitted(people, [("all", all_of_it), ("north", north)])  # all less north would be team d
    ['all']
    """
    auditor = Auditor(dict.fromkeys(people, 1), k=FEWEST_TEAMS)
    found = []
    for name, teams in wanted:
        n_people = [people[team] for team in teams]
        if sum(n_people) - max(n_people, default=0) < OUTSIDE:
            continue
        if auditor.release(dict.fromkeys(sorted(teams), 1)) is None:
            found.append(name)
    return found
