"""The end of a wave: enough ballots are opened all at once and shuffled, fewer are thrown away unopened."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves import keyfile
from survey_app.ask.outreach.waves.planning import NEEDED
from survey_app.ask.outreach.waves.states import OVER, hold, in_state, move
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.hear.responses.ballots import drafts
from survey_app.hear.responses.ballots.casting import ID_BYTES
from survey_app.hear.responses.ballots.sealing import Paper, Unreadable, open_ballot
from survey_app.hear.responses.ballots.tables import Ballot, SealedBallot

log = logging.getLogger(__name__)


def close(session: Session, wave_id: str, data_dir: Path, *, now: dt.datetime) -> WaveState | None:
    """End an open wave and return what it ended as; one that has ended stays as it is.

    The key is not destroyed here: nothing is certain before the commit. Call `destroy_keys` after it.
    """
    wave = hold(session, wave_id)
    if wave is None or wave.state is not WaveState.OPEN:
        return wave.state if wave is not None else None
    try:
        key = keyfile.load(data_dir, wave_id, wave.public_key)
    except keyfile.LostKey:
        return void(session, wave_id, now=now)
    sealed = session.scalars(sa.select(SealedBallot.sealed).where(SealedBallot.wave_id == wave_id)).all()
    if len(sealed) < (wave.needed or NEEDED):
        return _end(session, wave_id, WaveState.UNOPENED, now)
    papers = _opened(key, wave_id, sealed)
    if len(papers) < (wave.needed or NEEDED):
        return _end(session, wave_id, WaveState.UNOPENED, now)
    _keep(session, wave_id, papers)
    return _end(session, wave_id, WaveState.CLOSED, now)


def void(session: Session, wave_id: str, *, now: dt.datetime) -> WaveState:
    """End an open wave without opening anything: its key is lost, or it should not have been launched."""
    return _end(session, wave_id, WaveState.VOID, now)


def destroy_keys(session: Session, data_dir: Path) -> int:
    """Destroy the keys of every wave that is over, and return how many there were."""
    over = {wave.id for wave in in_state(session, *OVER)}
    return sum(keyfile.destroy(data_dir, wave_id) for wave_id in keyfile.kept(data_dir) if wave_id in over)


def lost(session: Session, data_dir: Path) -> list[Wave]:
    """Return the open waves whose key is missing or is another one.

    Where the whole folder is missing nothing is lost yet: a disk may not be there for a while.
    """
    if not (data_dir / "waves").is_dir():
        return []
    return [wave for wave in in_state(session, WaveState.OPEN) if not has_key(wave, data_dir)]


def has_key(wave: Wave, data_dir: Path) -> bool:
    """Tell whether the key of an open wave is there; a file that cannot be read is not lost."""
    try:
        keyfile.load(data_dir, wave.id, wave.public_key)
    except keyfile.LostKey:
        return False
    except OSError:
        log.warning("the key of wave %s cannot be read", wave.id)
    return True


def _opened(key: keyfile.WaveKey, wave_id: str, sealed: Sequence[bytes]) -> list[Paper]:
    papers = []
    for one in sealed:
        try:
            papers.append(open_ballot(key, wave_id, one))
        except Unreadable:
            log.exception("a ballot of wave %s cannot be opened and is left out", wave_id)
    return papers


def _keep(session: Session, wave_id: str, papers: list[Paper]) -> None:
    # Whatever a database remembers of the order of rows, it is the order of these numbers.
    ids = sorted(secrets.token_bytes(ID_BYTES) for _ in papers)
    secrets.SystemRandom().shuffle(papers)
    rows = [
        {"id": ballot_id, "wave_id": wave_id, "answers": dict(paper.answers), "quick": paper.quick}
        for ballot_id, paper in zip(ids, papers, strict=True)
    ]
    session.execute(sa.insert(Ballot), rows)


def _end(session: Session, wave_id: str, state: WaveState, now: dt.datetime) -> WaveState:
    session.connection().execute(sa.delete(SealedBallot).where(SealedBallot.wave_id == wave_id))
    drafts.discard_all(session, wave_id)
    move(session, wave_id, WaveState.OPEN, state, closed_at=now)
    return state
