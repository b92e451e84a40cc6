"""Teams that tests stand on: a roster, an open wave, and people who answer it in a known order."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from survey_app.ask.outreach.invitations import Hooks
from survey_app.ask.outreach.waves import members, planning
from survey_app.ask.outreach.waves.keyfile import WaveKey, load
from survey_app.ask.outreach.waves.launching import launch
from survey_app.ask.outreach.waves.links import WaveLinks
from survey_app.ask.outreach.waves.states import wave as find_wave
from survey_app.ask.outreach.waves.tables import WaveMember
from survey_app.ask.outreach.waves.telling import Teller, speeches_of
from survey_app.ask.population.tables import Place
from survey_app.ask.population.teams import roster, teams
from survey_app.ask.population.teams.sheet import read_roster
from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.tables import Medium
from survey_app.hear.responses.ballots import casting, closing
from survey_app.hear.responses.ballots.casting import Receipt, Voter
from survey_app.hear.responses.ballots.drafts import Holder
from survey_app.hear.responses.ballots.tables import Ballot, BallotDraft, SealedBallot
from tests.attacks.ground import seal_of
from tests.factories import make_place

INSTRUMENT = "team-climate-style-14"
DAY = dt.timedelta(days=1)


@dataclass
class Ground:
    """An open wave and everybody's link."""

    runtime: object
    wave_id: str
    team_id: str
    key: WaveKey
    voters: list[Voter]

    @property
    def folder(self):
        return self.runtime.settings.data_dir

    @property
    def items(self):
        return self.voters[0].instrument.items

    def answer(self, voter: Voter, number: int, code: int | None) -> Receipt:
        now = self.runtime.clock()
        with self.runtime.database.writing() as session:
            return casting.answer(session, voter, self.items[number], code, now=now, shown_at=now)

    def fill_in(self, voter: Voter, codes: list[int | None]) -> Receipt:
        """Answer everything but the last statement in one go, and the last as it is."""
        now, *last = self.runtime.clock(), len(codes) - 1, codes[-1]
        with self.runtime.database.writing() as session:
            for item, code in zip(self.items, codes[:-1], strict=False):
                casting.answer(session, voter, item, code, now=now, shown_at=now)
        return self.answer(voter, *last)

    def close(self):
        with self.runtime.database.writing() as session:
            state = closing.close(session, self.wave_id, self.folder, now=self.runtime.clock())
        with self.runtime.database.reading() as session:
            closing.destroy_keys(session, self.folder)
        return state

    def rows(self, table) -> list:
        with self.runtime.database.reading() as session:
            return list(session.scalars(sa.select(table)))

    def counts(self) -> dict[str, int]:
        n_answered = sum(one.answered for one in self.rows(WaveMember))
        found = {table.__tablename__: len(self.rows(table)) for table in (BallotDraft, SealedBallot, Ballot)}
        return found | {"answered": n_answered}

    def wave(self):
        with self.runtime.database.reading() as session:
            return find_wave(session, self.wave_id)


def people(n, start=0):
    return "\n".join(f"Person {one},person{one}@example.org," for one in range(start, start + n))


def open_wave(runtime, n_members, *, lines=None, place="riverside", instrument=INSTRUMENT) -> Ground:
    """Make a team at a place and launch a wave for it today."""
    today, now = runtime.clock().date(), runtime.clock()
    folder, library = runtime.settings.data_dir, runtime.library
    with runtime.database.writing() as session:
        if session.get(Place, place) is None:
            make_place(session, place)
        team_id = teams.make_team(session, name="Rapid response", place_id=place).id
        contacts = read_roster(lines or people(n_members))
        roster.put_on(session, team_id, contacts, keys=runtime.keys, day=today)
        new = planning.NewWave(
            "Autumn round", library.latest(instrument), (team_id,), today, today + 14 * DAY, 7
        )
        teller = Teller(runtime.keys, speeches_of(runtime.wording.teams_by_language), "Kentmere", now)
        wave = launch(session, planning.plan(session, new).id, teller, folder)
        key = load(folder, wave.id, wave.public_key)
        voters = [
            Voter(Holder(wave.id, key.token(wave.id, one), key), one, key.public, library.latest(instrument))
            for one in members.members_of(session, wave.id)
        ]
        return Ground(runtime, wave.id, team_id, key, voters)


class Post:
    """A gateway that keeps what it is given."""

    def __init__(self):
        self.sent = []

    def send(self, letter):
        self.sent.append(letter)
        return secrets.token_hex(16)

    def find(self, _letter, **_moment):
        return None


def dispatch(runtime):
    """Let the outbox leave, and return what the gateway got."""
    gateway = Post()
    links = WaveLinks(runtime.settings.data_dir, runtime.settings.public_base_url)
    hooks = Hooks(runtime.keys, runtime.settings, runtime.clock, others=links)
    carrier = Carrier({Medium.TEXT: gateway, Medium.EMAIL: gateway}, runtime.keys, hooks)
    dispatcher = Dispatcher(runtime.database, carrier, runtime.clock)
    while dispatcher.run_once():
        pass
    return gateway.sent


def path_in(letter):
    return re.search(r"http://localhost(/t/[0-9A-Za-z]{22})", letter.body)[1]


def answer_on_pages(client, path, *, n=14, choice="4"):
    """Go through the pages as a browser does; return the last reply."""
    reply = client.post(path, data={"seal": seal_of(client.get(path))})
    for _ in range(n):
        address = reply.headers["Location"]
        reply = client.post(address, data={"seal": seal_of(client.get(address)), "answer": choice})
    return reply
