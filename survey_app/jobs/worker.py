"""A worker prints documents and draws missing pictures, newest and largest first; any number may run."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from survey_app.bootstrap import Runtime
from survey_app.jobs.letters import print_letters
from survey_app.jobs.printing import print_waiting
from survey_app.know.evidence.places.documents import comparison_of
from survey_app.know.measures.measures import UnknownMeasure
from survey_app.show.charts import store
from survey_app.show.charts.alt import Titles
from survey_app.show.charts.climate_store import REPORTS, undrawn_reports
from survey_app.show.charts.dates import quarter_words
from survey_app.show.charts.drawing.climate import draw_report
from survey_app.show.charts.drawing.funnel import draw_funnel
from survey_app.show.charts.drawing.radar import draw_panel
from survey_app.show.charts.drawing.renderings import draw
from survey_app.show.charts.funnels import store as funnels
from survey_app.show.charts.panel_store import PANELS, undrawn_panels
from survey_app.show.charts.tables import ON_PAGES, Rendering

IDLE_SECONDS = 0.25
BATCH = 20
FOR_DOWNLOADS = tuple(rendering for rendering in Rendering if rendering not in ON_PAGES)

What = TypeVar("What")

log = logging.getLogger(__name__)
_undrawable: set[funnels.Edition] = set()  # until this process ends: a new release of one is tried again


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Work until told to stop; a database that is away for a while does not end the worker."""
    while not stop.is_set():
        try:
            # Documents first: somebody is waiting for each.
            n_done = print_waiting(runtime) or print_letters(runtime) or draw_some(runtime)
        except sa.exc.SQLAlchemyError:
            log.exception("nothing could be stored; trying again")
            n_done = 0
        if not n_done:
            stop.wait(IDLE_SECONDS)


def draw_some(runtime: Runtime, limit: int = BATCH) -> int:
    """Draw up to `limit` missing pictures of pages, else one comparison or download; return how many."""
    # One at a time, so that pictures somebody is looking at never wait behind a batch of downloads.
    return (
        _draw(runtime, limit, ON_PAGES)
        or _draw_panels(runtime, limit)
        or _draw_reports(runtime, limit)
        or draw_funnels(runtime, 1)
        or _draw(runtime, 1, FOR_DOWNLOADS)
    )


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
    with runtime.database.reading() as session:
        todo = undrawn_panels(session, limit)
    return sum(_drawn(runtime, draw_panel, PANELS.save, result, place) for result, place in todo)


def _draw_reports(runtime: Runtime, limit: int) -> int:
    with runtime.database.reading() as session:
        todo = undrawn_reports(session, limit)
    return sum(_drawn(runtime, draw_report, REPORTS.save, report, teams) for report, teams in todo)


def _drawn(
    runtime: Runtime,
    draw_one: Callable[[What, str], dict[Rendering, bytes]],
    keep: Callable[..., None],
    what: What,
    name: str,
) -> bool:
    """Draw one result and keep its pictures; a faulty one is told of and left out."""
    try:
        pictures = draw_one(what, name)
    except Exception:
        log.exception("%s of %s cannot be drawn", type(what).__name__, name)
        return False
    with runtime.database.writing() as session:
        keep(session, what, pictures, now=runtime.clock())
    return True


def draw_funnels(runtime: Runtime, limit: int) -> int:
    """Draw up to `limit` missing pictures of comparisons, past a batch that fail; return how many."""
    n_drawn = 0
    for _ in range(BATCH):
        with runtime.database.reading() as session:
            todo = funnels.undrawn(session, limit - n_drawn, but=_undrawable)
        n_drawn += sum(draw_comparison(runtime, missing) for missing in todo)
        if not todo or n_drawn >= limit:
            break
    return n_drawn


def draw_comparison(runtime: Runtime, missing: funnels.Undrawn) -> bool:
    """Draw both pictures of a comparison; one that cannot be drawn is told of and left out from then on."""
    finding = missing.finding
    place = missing.names.get(finding.place_id, finding.place_id)
    try:
        measure = runtime.measures.get(finding.measure_id)
        titles = Titles(measure.title, f"{place}. {quarter_words(finding.quarter)}")
        pictures = draw_funnel(comparison_of(finding.document), titles, missing.names, measure.unit)
    except UnknownMeasure:
        log.warning("%s is no measure any more: it is not compared", finding.measure_id)
    except Exception:
        log.exception("the comparison of %s at %s cannot be drawn", finding.measure_id, finding.place_id)
    else:
        with runtime.database.writing() as session:
            funnels.save(session, finding, pictures)
        return True
    _undrawable.add(missing.edition)
    return False
