"""What an administrator did in the invented system: a locality moves next quarter, a surgery closed."""

from __future__ import annotations

from survey_app.ask.population.places import children, place
from survey_app.ask.population.tending import close
from survey_app.bootstrap import Runtime
from survey_app.clock import london_day
from survey_app.know.disclosure.moving import next_quarters, plan_move

MOVES, TO = "seaview", "vale"


def tend_places(runtime: Runtime) -> None:
    """Plan the move and close the surgery; a small demonstration without them has neither."""
    today = london_day(runtime.clock())
    with runtime.database.writing() as session:
        if place(session, MOVES) is None:
            return
        plan_move(session, place_id=MOVES, parent_id=TO, from_day=next_quarters(today)[0], today=today)
        for surgery in children(session, MOVES)[-1:]:
            close(session, surgery, from_day=today)
