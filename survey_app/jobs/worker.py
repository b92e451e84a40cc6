"""A worker draws missing pictures, current week and largest places first; any number may run."""

from __future__ import annotations

import logging
import threading

from survey_app.bootstrap import Runtime
from survey_app.show.charts import store
from survey_app.show.charts.drawing.renderings import draw

IDLE_SECONDS = 0.5
BATCH = 20

log = logging.getLogger(__name__)


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Draw until told to stop."""
    while not stop.is_set():
        if not draw_some(runtime):
            stop.wait(IDLE_SECONDS)


def draw_some(runtime: Runtime, limit: int = BATCH) -> int:
    """Draw up to `limit` missing pictures and return how many were drawn."""
    with runtime.database.reading() as session:
        todo = store.undrawn(session, limit=limit)
    for missing in todo:
        pictures = draw(missing.series, title=missing.title(runtime.measures))
        with runtime.database.writing() as session:
            store.save(session, missing, pictures, now=runtime.clock())
    return len(todo)
