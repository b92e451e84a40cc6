"""What the dispatcher asks about a message to a member while it hands it over: here the link is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.ask.outreach.waves.keyfile import LostKey, WaveKey, load
from survey_app.ask.outreach.waves.members import has_answered
from survey_app.ask.outreach.waves.states import wave as find_wave
from survey_app.ask.outreach.waves.tables import WaveState
from survey_app.ask.outreach.waves.telling import Occasion, Told, read_key


def link_of(base_url: str, key: WaveKey, wave_id: str, member_id: int) -> str:
    """Return the address that opens a member's pages."""
    return f"{base_url}/t/{key.token(wave_id, member_id)}"


class WaveLinks:
    """Makes links from the key of the wave; without the key there are none."""

    def __init__(self, data_dir: Path, base_url: str) -> None:
        self._data_dir = data_dir
        self._base_url = base_url

    def links(self, session: Session, message_key: str) -> Mapping[str, str]:
        """Return what stands for each {place} of a message."""
        told = read_key(message_key)
        key = self._key(session, told) if told is not None else None
        if told is None or key is None:
            return {}
        link = link_of(self._base_url, key, told.wave_id, told.member_id)
        return {"{link}": link, "{stop_link}": f"{link}/stop"}

    def wanted(self, session: Session, message_key: str) -> bool:
        """Tell whether a message may still leave: the wave is open, its key is there, nobody answered yet."""
        told = read_key(message_key)
        if told is None or told.occasion is Occasion.VOID:
            return True
        return self._key(session, told) is not None and not has_answered(
            session, told.wave_id, told.member_id
        )

    def _key(self, session: Session, told: Told) -> WaveKey | None:
        found = find_wave(session, told.wave_id)
        if found is None or found.state is not WaveState.OPEN:
            return None
        try:
            return load(self._data_dir, found.id, found.public_key)
        except (LostKey, OSError):
            return None
