"""A worker prints letters: all of a campaign for the post room, or one for a provider that posts it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.codes import making
from survey_app.ask.outreach.codes.tables import Code
from survey_app.ask.outreach.tables import Campaign, Invitation
from survey_app.ask.population.addresses import AddressKind, address_of
from survey_app.ask.population.consent import may_ask
from survey_app.ask.population.tables import Participant, Place
from survey_app.bootstrap import Runtime
from survey_app.clock import london_day
from survey_app.show.charts.documents import letter_runs
from survey_app.show.charts.documents.handouts import Letter, house_of, letters_html
from survey_app.show.charts.documents.posting import letter_pdf
from survey_app.show.charts.documents.printing import NoPdf, pdf_of
from survey_app.show.charts.documents.tables import DocumentState, LetterRun

log = logging.getLogger(__name__)


def letter_of(runtime: Runtime, invitation_id: int, address: Sequence[str]) -> bytes:
    """Print the letter of one invitation, its code made if need be; nothing where no PDF can be made here."""
    with runtime.database.writing() as session:
        invitation = session.get_one(Invitation, invitation_id)
        code = making.letter(session, invitation, keys=runtime.keys, now=runtime.clock())
        instrument = _instrument(runtime, session, invitation.campaign_id)
        letter = _letter(runtime, session, code, address, (invitation.language.partition("-")[0],))
    try:
        return letter_pdf(house_of(runtime.settings), instrument, letter)
    except NoPdf as fault:
        log.warning("%s", fault)
        return b""


def print_letters(runtime: Runtime) -> int:
    """Print the oldest run of letters that waits; return how many runs were taken up."""
    with runtime.database.reading() as session:
        if not letter_runs.any_waiting(session):
            return 0
    with runtime.database.writing() as session:
        run = letter_runs.take(session, now=runtime.clock())
        letters = _letters(runtime, session, run) if run else []
        instrument = _instrument(runtime, session, run.campaign_id) if run else None
    if run is None or instrument is None:
        return 0
    made = _printed(runtime, instrument, letters)
    with runtime.database.writing() as session:
        letter_runs.finish(session, run.id, made, len(letters), keys=runtime.keys)
    return 1


def _letters(runtime: Runtime, session: Session, run: LetterRun) -> list[Letter]:
    codes = making.letters(session, run.campaign_id, keys=runtime.keys, now=runtime.clock())
    asked = [(code, session.get_one(Invitation, code.invitation_id)) for code in codes[: letter_runs.MOST]]
    return [
        _letter(
            runtime,
            session,
            code,
            address_lines(runtime, session, invitation.participant_id),
            tuple(run.languages.split("+")) if run.languages else (invitation.language.partition("-")[0],),
        )
        for code, invitation in asked
        if may_ask(session, invitation.participant_id)
    ]


def address_lines(runtime: Runtime, session: Session, participant_id: int) -> Sequence[str]:
    """Return what stands in the window of the envelope; without an address the organisation's reference."""
    person = session.get_one(Participant, participant_id)
    address = address_of(runtime.keys, person, AddressKind.POST)
    return address.splitlines() if address else (person.reference,)


def _letter(
    runtime: Runtime, session: Session, code: Code, address: Sequence[str], languages: tuple[str, ...]
) -> Letter:
    invitation = session.get_one(Invitation, code.invitation_id)
    place = session.scalar(sa.select(Place.name).where(Place.id == code.place_id)) or ""
    last = london_day(invitation.expires_at - dt.timedelta(seconds=1))
    return Letter(making.printed(runtime.keys, code), address, place, last, languages)


def _instrument(runtime: Runtime, session: Session, campaign_id: int) -> Instrument:
    campaign = session.get_one(Campaign, campaign_id)
    return runtime.library.get(campaign.instrument_id, campaign.instrument_version)


def _printed(runtime: Runtime, instrument: Instrument, letters: Sequence[Letter]) -> bytes | DocumentState:
    try:
        return pdf_of(letters_html(house_of(runtime.settings), instrument, letters, with_form=True))
    except NoPdf as fault:
        log.warning("%s", fault)
        return DocumentState.UNAVAILABLE
    except Exception:
        log.exception("letters cannot be printed")
        return DocumentState.FAILED
