"""Erasure and retention: every room lets go in one transaction, while closed counts stay as they are."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from survey_app.ask.population.importing import uploads
from survey_app.bootstrap import Runtime
from survey_app.clock import day_starts_at
from survey_app.hear.erasure.finding import By
from survey_app.hear.erasure.ledger import ledger_file
from survey_app.hear.erasure.rosters import forget_old
from survey_app.hear.responses import forgetting
from survey_app.hear.safeguarding import callbacks
from survey_app.jobs.lease import queue_up
from survey_app.know.aggregation.forgetting import forget
from survey_app.know.aggregation.retiring import oldest_kept, outlived
from survey_app.know.disclosure.erasing import Eraser
from survey_app.know.disclosure.retiring import retire


def eraser_of(runtime: Runtime) -> Eraser:
    """Return what lets go of people in an installation."""
    return Eraser(runtime.keys, runtime.library, ledger_file(runtime.settings))


def erase_found(runtime: Runtime, by: By, said: str) -> int:
    """Erase everybody found by a number, address, reference or survey link; return how many those were."""
    with runtime.database.writing() as session:
        queue_up(session, None)
        return eraser_of(runtime).erase_known_by(session, by, said, now=runtime.clock())


def apply_ledger(runtime: Runtime) -> int:
    """Erase again whoever a restored copy brought back, then write down what the ledger lacks."""
    eraser = eraser_of(runtime)
    with runtime.database.reading() as session:
        lagging = eraser.lags(session)
        if not lagging:
            eraser.write_down(session)
            return 0
    with runtime.database.writing() as session:
        queue_up(session, None)
        return eraser.apply_again(session, now=runtime.clock())


def drop_old_lists(runtime: Runtime) -> None:
    """Delete lists of people that nobody confirmed within the hour."""
    with runtime.database.writing() as session:
        uploads.purge(session, runtime.clock())


def erase_person(runtime: Runtime, person: bytes) -> int:
    """Delete the responses of one pseudonym, and return how many those were."""
    with runtime.database.writing() as session:
        queue_up(session, None)
        ids = forgetting.of_person(session, person)
        eraser_of(runtime).let_go(session, ids)
        forgetting.forget(session, ids)
    return len(ids)


def keep_only(session: Session, runtime: Runtime, day: dt.date) -> int:
    """Delete the raw answers of quarters older than the settings allow; return how many responses went."""
    cutoff = oldest_kept(day, runtime.settings.retention_months)
    retire(session, before=cutoff)
    ids = outlived(session, before=cutoff, at=day_starts_at(cutoff))
    ids += forgetting.never_answered(session, day_starts_at(cutoff))
    forget(session, ids)
    forgetting.forget(session, ids)
    callbacks.purge(session, day_starts_at(day))
    forget_old(session, day=day, left_before=cutoff)
    return len(ids)
