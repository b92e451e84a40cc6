"""Erasure and retention: every room lets go in one transaction, while closed counts stay as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from survey_app.ask.population.participants import by_phone
from survey_app.ask.population.phones import parse_number_to_call, phone_index
from survey_app.ask.population.tables import Participant
from survey_app.bootstrap import Runtime
from survey_app.clock import day_starts_at, london_day
from survey_app.hear.erasure.erasing import erase, responses_of
from survey_app.hear.erasure.rosters import forget_member, forget_old
from survey_app.hear.responses import forgetting
from survey_app.hear.safeguarding import callbacks
from survey_app.jobs.lease import queue_up
from survey_app.know.aggregation.forgetting import forget
from survey_app.know.aggregation.retiring import oldest_kept, outlived
from survey_app.know.disclosure.leavers import note_leavers
from survey_app.know.disclosure.retiring import retire


def erase_phone(runtime: Runtime, phone: str) -> int:
    """Erase everybody who is asked on a number, and return how many people those were."""
    number = parse_number_to_call(phone)
    index = phone_index(runtime.keys, number)
    with runtime.database.writing() as session:
        queue_up(session, None)
        callbacks.forget(session, runtime.keys, number)
        found = by_phone(session, index)
        for person in found:
            _erase(session, runtime, person)
        n_members = forget_member(session, index, day=london_day(runtime.clock()))
    return len(found) + n_members


def erase_person(runtime: Runtime, person: bytes) -> int:
    """Delete the responses of one pseudonym, and return how many those were."""
    with runtime.database.writing() as session:
        queue_up(session, None)
        ids = forgetting.of_person(session, person)
        _let_go(session, runtime, ids)
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


def _erase(session: Session, runtime: Runtime, person: Participant) -> None:
    _let_go(session, runtime, responses_of(session, runtime.keys, person.id))
    erase(session, runtime.keys, person, now=runtime.clock())


def _let_go(session: Session, runtime: Runtime, response_ids: Sequence[int]) -> None:
    note_leavers(session, runtime.library, response_ids)
    forget(session, response_ids)
