"""A worker draws missing pictures, current week and largest places first; any number may run."""

from __future__ import annotations

import logging
import threading

import sqlalchemy as sa

from survey_app.bootstrap import Runtime
from survey_app.show.charts import store
from survey_app.show.charts.drawing.radar import draw_panel
from survey_app.show.charts.drawing.renderings import draw
from survey_app.show.charts.panel_store import save_pictures, undrawn_panels
from survey_app.show.charts.tables import ON_PAGES, Rendering

IDLE_SECONDS = 0.25
BATCH = 20
FOR_DOWNLOADS = tuple(rendering for rendering in Rendering if rendering not in ON_PAGES)

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
    """Draw up to `limit` missing pictures of pages, else one series' others; return how many series."""
    # One at a time, so that pictures somebody is looking at never wait behind a batch of downloads.
    return _draw(runtime, limit, ON_PAGES) or _draw_panels(runtime, limit) or _draw(runtime, 1, FOR_DOWNLOADS)


def _draw(runtime: Runtime, limit: int, renderings: tuple[Rendering, ...]) -> int:
    """Draw what lacks some of these pictures; a faulty one is left out."""
    with runtime.database.reading() as session:
        todo = store.undrawn(session, limit, renderings)
    n_drawn = 0
    for missing in todo:
        try:
            pictures = draw(missing.series, missing.title(runtime.measures), renderings)
        except Exception:
            log.exception("%s at %s cannot be drawn", missing.series.measure, missing.series.place)
            continue
        with runtime.database.writing() as session:
            store.save(session, missing, pictures, now=runtime.clock())
        n_drawn += 1
    return n_drawn


def _draw_panels(runtime: Runtime, limit: int) -> int:
    """Draw what panels judged; a faulty one is left out."""
    with runtime.database.reading() as session:
        todo = undrawn_panels(session, limit)
    n_drawn = 0
    for result, place in todo:
        try:
            pictures = draw_panel(result, place)
        except Exception:
            log.exception("panel round %s cannot be drawn", result.round_id)
            continue
        with runtime.database.writing() as session:
            save_pictures(session, result, pictures, now=runtime.clock())
        n_drawn += 1
    return n_drawn
