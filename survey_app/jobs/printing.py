"""A worker prints the documents people wait for, one at a time."""

from __future__ import annotations

import logging

from survey_app.bootstrap import Runtime
from survey_app.show.charts.documents import store
from survey_app.show.charts.documents.printing import NoPdf, pdf_of
from survey_app.show.charts.documents.tables import Document, DocumentState

log = logging.getLogger(__name__)


def print_waiting(runtime: Runtime) -> int:
    """Print the oldest document that waits; return how many were taken up."""
    with runtime.database.reading() as session:
        if not store.any_waiting(session):
            return 0
    with runtime.database.writing() as session:
        found = store.take(session, now=runtime.clock())
    if found is None:
        return 0
    content = _printed(found)
    with runtime.database.writing() as session:
        if isinstance(content, bytes):
            store.finish(session, found.id, content)
        else:
            store.give_up(session, found.id, content)
    return 1


def _printed(document: Document) -> bytes | DocumentState:
    try:
        return pdf_of(document.html)
    except NoPdf as fault:
        log.warning("%s", fault)
        return DocumentState.UNAVAILABLE
    except Exception:
        log.exception("a document cannot be printed")
        return DocumentState.FAILED
