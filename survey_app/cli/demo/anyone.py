"""For the demonstration: who helped the synthetic people to answer, and some of them who ask to be called."""

from __future__ import annotations

import datetime as dt
import random

import sqlalchemy as sa

from survey_app.ask.outreach.tables import Helped
from survey_app.ask.population.phones import parse_number_to_call
from survey_app.ask.population.tables import Place, PlaceKind
from survey_app.bootstrap import Runtime
from survey_app.clock import day_starts_at, london_day
from survey_app.hear.safeguarding import callbacks
from survey_app.hear.safeguarding.tables import CallOutcome, CallTime

WAITING = (
    ("07700 900811", CallTime.MORNING, "en", callbacks.WEB_CONSENT, 70),
    ("020 7946 0812", CallTime.ANY, "pl", callbacks.POSTER_CONSENT, 26),
    ("07700 900813", CallTime.EVENING, "en", callbacks.WEB_CONSENT, 3),
)
"""Numbers kept for drama; when they want a call, in what language, by what, and how many hours ago."""
DONE_HOURS_AGO = 48
BY = "Demonstration (synthetic)"


def helper_of(invitation_id: int, done: float) -> Helped | None:
    """Return who helped one synthetic person; more of them say so as the year goes on."""
    luck = random.Random(f"helped:{invitation_id}")  # noqa: S311 - a demonstration must be repeatable
    if luck.random() < 0.35 - 0.2 * done:
        return None
    return luck.choices(list(Helped), (70, 22, 8))[0]


def ask_for_calls(runtime: Runtime) -> None:
    """Let four people ask to be called, and the service call one of them."""
    now = runtime.clock()
    with runtime.database.writing() as session:
        found = sa.select(Place.id).where(Place.kind == PlaceKind.LOCALITY).order_by(Place.id)
        places = list(session.scalars(found))
        asked = [
            *WAITING,
            ("07700 900814", CallTime.AFTERNOON, "en", callbacks.WEB_CONSENT, DONE_HOURS_AGO + 20),
        ]
        for number, (phone, when, language, agreed, hours) in enumerate(asked):
            request = callbacks.CallRequest(
                source=f"demo:{number}",
                number=parse_number_to_call(phone),
                place_id=places[number % len(places)],
                language=language,
                consent=agreed,
                at=_as_kept(now - dt.timedelta(hours=hours), agreed),
                wanted_when=when,
            )
            callbacks.ask(session, request, keys=runtime.keys, settings=runtime.settings)
        called = max(callbacks.open_calls(session), key=lambda call: call.id)
        done = now - dt.timedelta(hours=DONE_HOURS_AGO)
        callbacks.finish(session, call_id=called.id, outcome=CallOutcome.SPOKE, by=BY, at=done)


def _as_kept(asked_at: dt.datetime, agreed: str) -> dt.datetime:
    return day_starts_at(london_day(asked_at)) if agreed == callbacks.POSTER_CONSENT else asked_at
