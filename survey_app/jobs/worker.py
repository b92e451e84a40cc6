"""A worker draws missing pictures, current week and largest places first; any number may run."""

from __future__ import annotations

import logging
import threading

import sqlalchemy as sa

from survey_app.bootstrap import Runtime
from survey_app.show.charts import store
from survey_app.show.charts.drawing.renderings import draw

IDLE_SECONDS = 0.5
BATCH = 20

log = logging.getLogger(__name__)


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Draw until told to stop; a database that is away for a while does not end the worker."""
    while not stop.is_set():
        try:
            n_drawn = draw_some(runtime)
        except sa.exc.SQLAlchemyError:
            log.exception("no pictures could be stored; trying again")
            n_drawn = 0
        if not n_drawn:
            stop.wait(IDLE_SECONDS)


def draw_some(runtime: Runtime, limit: int = BATCH) -> int:
    """Draw up to `limit` missing pictures and return how many were drawn; a faulty one is left out."""
    with runtime.database.reading() as session:
        todo = store.undrawn(session, limit=limit)
    n_drawn = 0
    for missing in todo:
        try:
            pictures = draw(missing.series, title=missing.title(runtime.measures))
        except Exception:
            log.exception("%s at %s cannot be drawn", missing.series.measure, missing.series.place)
            continue
        with runtime.database.writing() as session:
            store.save(session, missing, pictures, now=runtime.clock())
        n_drawn += 1
    return n_drawn
