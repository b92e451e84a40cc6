"""The weekly e-mail: on Mondays, once the week before has been counted."""

from __future__ import annotations

from survey_app.ask.sending.gateways.registry import mail_gateway
from survey_app.bootstrap import Runtime
from survey_app.clock import london_day, week_of
from survey_app.know.aggregation.closing import counting_day
from survey_app.show.digest.desk import Desk
from survey_app.show.digest.posting import Post


def post_digests(runtime: Runtime) -> int:
    """Post this week's letters, each once however often this runs; return how many left."""
    with runtime.database.reading() as session:
        counted_until = counting_day(session)
    if counted_until is None or counted_until < week_of(london_day(runtime.clock())):
        return 0  # nobody has answered yet, or last week still waits for its night: an hour later, perhaps
    desk = Desk(runtime.keys, runtime.settings, runtime.measures)
    gateway = mail_gateway(runtime.settings, runtime.clock)
    return Post(runtime.database, desk, gateway, runtime.clock).week()
