"""Moving a locality to another parent: from a quarter on, while closed blocks keep the parents they had."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from survey_app.ask.population.parents import plan_parent
from survey_app.know.aggregation.grouping import refuse_begun, stand_alone
from survey_app.know.aggregation.periods import quarter_start


def move_place(session: Session, *, place_id: str, parent_id: str, from_day: dt.date) -> None:
    """Let a locality stand under another place from the quarter of `from_day` on.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    place_id, parent_id : str
        The locality and its new parent.
    from_day : date
        Any day of the first quarter.

    Raises
    ------
    BadMove
        If the one is no locality or the other no place that localities stand under.
    BadGroup
        If the locality has been counted in that quarter already.

    Notes
    -----
    Its neighbour group stays with the old parent, so the locality leaves it. What waits goes with the
    locality; the new parent has no figure of the time before.
    """
    quarter = quarter_start(from_day)
    refuse_begun(session, {place_id}, quarter)
    plan_parent(session, place_id=place_id, parent_id=parent_id, from_quarter=quarter)
    stand_alone(session, place_id=place_id, from_day=quarter)  # also where a group is still to be made
