"""Which places may show all their teams together: none from which one team could be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from survey_app.know.disclosure.auditor import Auditor

FEWEST_TEAMS = 3
"""A combination of figures on two teams gives one away to whoever leads the other."""
OUTSIDE = 10
FEWEST_UNREAD = FEWEST_TEAMS - 1
"""Teams that stay unknown together to whoever reads all others' reports: as many as one report leaves."""
ROUND = ""
"""The union of all teams of a round, judged before any place."""
Union = tuple[str, frozenset[str]]
"""A name, and the teams whose sum is published."""


def admitted(people: Mapping[str, int], wanted: Iterable[Union]) -> list[str]:
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


def shown_to(people: Mapping[str, int], released: Iterable[Union], read: AbstractSet[str]) -> frozenset[str]:
    """Judge what is released once more, for somebody who reads the reports of several teams.

    Parameters
    ----------
    people : mapping of str to int
        Ballots by team.
    released : iterable of (str, frozenset of str)
        Unions in the order in which they were admitted; the earlier wins.
    read : set of str
        Teams whose own report this reader may read.

    Returns
    -------
    frozenset of str
        Names of unions this reader may be shown: those of which they read every team, and those whose other
        teams are at least two with 10 people together, so that no weighted sum of all that is shown, less
        the reports, concerns fewer than two teams. Decided on counts, never on answers.

    References
    ----------
    docs/algorithms/team-climate.md.

    Examples
    --------
    >>> people = {"a": 8, "b": 9, "c": 7, "d": 12}
    >>> all_of_it = [("all", frozenset("abcd"))]
    >>> [sorted(shown_to(people, all_of_it, set(read))) for read in ("", "a", "ab", "abc", "abcd")]
    [['all'], ['all'], ['all'], [], ['all']]
    """
    unread = {team: n for team, n in people.items() if team not in read}
    auditor = Auditor(dict.fromkeys(unread, 1), k=FEWEST_UNREAD)
    found = []
    for name, teams in released:
        rest = sorted(teams - read)
        if rest and sum(unread[team] for team in rest) < OUTSIDE:
            continue
        if not rest or auditor.release(dict.fromkeys(rest, 1)) is None:
            found.append(name)
    return frozenset(found)
