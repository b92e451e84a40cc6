"""The steps of a wave: launched, reminded once, closed, stopped, or taken back before anybody was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves import launching
from survey_app.ask.outreach.waves.members import members_of
from survey_app.ask.outreach.waves.planning import BadWave
from survey_app.ask.outreach.waves.states import delete_planned
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.ask.outreach.waves.telling import Occasion, Teller, speeches_of, tell
from survey_app.hear.responses.ballots import closing
from survey_app.show.pages.workspace.needs import Needs

OFFICERS_ONLY = frozenset({"launch", "close", "void"})


def take_step(session: Session, wave: Wave, step: str, needs: Needs) -> None:
    """Take one step, or raise BadWave where it cannot be taken."""
    speeches = speeches_of(needs.wording.teams_by_language)
    teller = Teller(needs.keys, speeches, needs.settings.sender_name, needs.clock())
    STEPS[step](session, wave, teller, needs)


def _launch(session: Session, wave: Wave, teller: Teller, needs: Needs) -> None:
    launching.launch(session, wave.id, teller, needs.settings.data_dir)


def _delete(session: Session, wave: Wave, _teller: Teller, _needs: Needs) -> None:
    if not delete_planned(session, wave.id):
        raise BadWave("this wave was launched: it can be closed or stopped")


def _remind(session: Session, wave: Wave, teller: Teller, _needs: Needs) -> None:
    _refuse_shut(wave)
    if not launching.remind(session, wave, teller):
        raise BadWave("the one reminder of this wave was sent already")


def _close(session: Session, wave: Wave, teller: Teller, needs: Needs) -> None:
    _refuse_shut(wave)
    if closing.close(session, wave.id, needs.settings.data_dir, now=teller.now) is WaveState.VOID:
        tell(session, wave, Occasion.VOID, members_of(session, wave.id), teller)


def _void(session: Session, wave: Wave, teller: Teller, _needs: Needs) -> None:
    _refuse_shut(wave)
    closing.void(session, wave.id, now=teller.now)
    tell(session, wave, Occasion.VOID, members_of(session, wave.id), teller)


def _refuse_shut(wave: Wave) -> None:
    if wave.state is not WaveState.OPEN:
        raise BadWave("this wave is not open")


STEPS: Mapping[str, Callable[[Session, Wave, Teller, Needs], None]] = MappingProxyType(
    {"launch": _launch, "delete": _delete, "remind": _remind, "close": _close, "void": _void}
)
