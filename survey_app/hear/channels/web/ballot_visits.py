"""From the token of a team's link to everything its pages need to know; looking changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.instruments.loader import Library
from survey_app.ask.instruments.model import Instrument, Item
from survey_app.ask.outreach.tables import Appearance
from survey_app.ask.outreach.waves import members
from survey_app.ask.outreach.waves.keyfile import LostKey, WaveKey, load
from survey_app.ask.outreach.waves.tables import Wave, WaveState
from survey_app.ask.population.teams.tables import TeamMember
from survey_app.crypto import Keys
from survey_app.hear.responses.ballots import drafts
from survey_app.hear.responses.ballots.casting import Voter
from survey_app.hear.responses.ballots.drafts import Draft, Holder


class Standing(StrEnum):
    """What the holder of a link can still do with it."""

    OPEN = "open"
    ANSWERED = "answered"
    OVER = "over"
    VOID = "void"
    SHUT = "shut"  # open, but the key cannot be read


@dataclass(frozen=True, slots=True)
class BallotVisit:
    """One look at one member's link."""

    token: str
    member_id: int
    wave: Wave
    standing: Standing
    original: Instrument
    instrument: Instrument
    languages: tuple[str, ...]
    key: WaveKey | None
    draft: Draft

    def __repr__(self) -> str:
        return f"BallotVisit({self.standing})"

    @property
    def items(self) -> tuple[Item, ...]:
        """The statements this person is asked, given the answers so far."""
        return self.instrument.applicable(self.draft.answers)

    @property
    def open_item(self) -> Item | None:
        """The first statement not reached yet."""
        return self.instrument.next_item(self.draft.answers)

    @property
    def appearance(self) -> Appearance | None:
        """How the pages look."""
        return next((one for one in Appearance if one.value == self.draft.look), None)

    @property
    def voter(self) -> Voter | None:
        """Who answers, as the box knows them; None where nothing can be put in."""
        if self.key is None or self.wave.public_key is None:
            return None
        holder = Holder(self.wave.id, self.token, self.key)
        return Voter(holder, self.member_id, self.wave.public_key, self.instrument)

    def item_at(self, ordinal: int) -> Item | None:
        """Return the statement with this fixed number, if this person is asked it."""
        return next((item for item in self.items if item.ordinal == ordinal), None)

    def is_last(self, item: Item) -> bool:
        """Tell whether answering a statement finishes the ballot."""
        return self.instrument.next_item({**self.draft.answers, item.id: None}) is None


def visit(
    session: Session, token: str, *, keys: Keys, library: Library, data_dir: Path, spoken: Collection[str]
) -> BallotVisit | None:
    """Return what a token opens, or None."""
    found = members.find(session, keys, token)
    if found is None:
        return None
    wave = found.wave
    standing, key = _standing(found, data_dir)
    draft = Draft()
    if key is not None:
        draft = drafts.load(session, Holder(wave.id, found.token, key))
    original = library.get(wave.instrument_id, wave.instrument_version)
    said = original.in_language(draft.language or _language_of(session, found.member_id) or original.language)
    languages = tuple(one for one in original.languages if one in spoken)
    instrument = said if said.language in languages else original
    return BallotVisit(
        found.token,
        found.member_id,
        wave,
        standing,
        original,
        instrument,
        languages,
        key=key,
        draft=draft,
    )


def _language_of(session: Session, member_id: int) -> str | None:
    return session.scalar(sa.select(TeamMember.language).where(TeamMember.id == member_id))


def clothes(found: BallotVisit) -> str:
    """Return, as the tail of an address, what a page is told of look and language once the draft is gone."""
    worn = {"lang": found.draft.language, "look": found.draft.look}
    said = urlencode({name: value for name, value in worn.items() if value})
    return f"?{said}" if said else ""


def dressed(found: BallotVisit, worn: Mapping[str, str]) -> BallotVisit:
    """Return a visit in the look and language that an address names."""
    language, look = worn.get("lang", ""), worn.get("look", "")
    said = found.original.in_language(language) if language in found.languages else found.instrument
    return replace(
        found, instrument=said, draft=replace(found.draft, look=look if look in set(Appearance) else None)
    )


def _standing(found: members.Found, data_dir: Path) -> tuple[Standing, WaveKey | None]:
    wave = found.wave
    if wave.state is not WaveState.OPEN:
        return (Standing.VOID if wave.state is WaveState.VOID else Standing.OVER), None
    if found.answered:
        return Standing.ANSWERED, None
    try:
        return Standing.OPEN, load(data_dir, wave.id, wave.public_key)
    except (LostKey, OSError):
        return Standing.SHUT, None
