"""Who said what? Somebody who holds database, write-ahead log, backups and logs tries to find out; row A111.

The attacker is even told in which order the members answered, as if they had watched everybody. What they
lack is an order of the ballots: any trace that puts these in the order of answering is a leak. Each member
answers in a way nobody else does, so that the truth is known. The same attacker reads a naive pair of tables
from end to end.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from survey_app.ask.outreach.waves.keyfile import WaveKey
from survey_app.ask.outreach.waves.tables import WaveMember, WaveState
from survey_app.hear.responses.ballots.casting import Fate
from survey_app.hear.responses.ballots.sealing import Unreadable, open_ballot
from survey_app.hear.responses.ballots.tables import Ballot, BallotDraft, SealedBallot
from tests.waves import open_wave

N = 24
LUCKY = 9
"""Hits a random order has about one of; ten and more come once in ten million tries."""

SPLIT = 2
"""Numbers that the header of a page of the log may cut in two."""

NAIVE = (
    "CREATE TABLE naive_participation (id {serial}, member_id INTEGER)",
    "CREATE TABLE naive_answer (id {serial}, answers TEXT)",
)


def codes_of(number, n_items):
    """Return answers that only this member gives."""
    return [1 + number // 5, 1 + number % 5] + [3] * (n_items - 2)


def who_said(answers, items):
    return (answers[items[0].id] - 1) * 5 + answers[items[1].id] - 1


@pytest.fixture
def wave(runtime):
    return open_wave(runtime, N)


@pytest.fixture
def order():
    """Return which member answers when."""
    numbers = list(range(N))
    random.Random(7).shuffle(numbers)
    return numbers


class Attacker:
    """Holds everything but the key of the wave, and looks for orders."""

    def __init__(self, runtime, tmp_path):
        self.runtime, self.database = runtime, runtime.database
        self.backups = tmp_path / "backups"
        self.backups.mkdir()

    def copy(self, name):
        """Take a backup: the files of SQLite as they lie there; all of the data folder but waves/."""
        for path in self.files():
            shutil.copy(path, self.backups / f"{name}-{path.name}")

    def files(self):
        folder = self.runtime.settings.data_dir
        found = [one for one in folder.rglob("*") if one.is_file() and one.parent.name != "waves"]
        if self.database.is_sqlite:
            path = self.database.url.database
            found += sorted(Path(path).parent.glob(f"{Path(path).name}*"))
        return found

    def bytes(self):
        """Return everything on disk, as far as it can be read."""
        found = {str(path): path.read_bytes() for path in [*self.files(), *self.backups.iterdir()]}
        return found | ({} if self.database.is_sqlite else self._log())

    def orders(self, table, ids, told):
        """Return every order of some rows that the database or its files give away, by name."""
        hidden = ["rowid"] if self.database.is_sqlite else ["ctid", "xmin::text::bigint, ctid"]
        sizes = "length(answers)" if self.database.is_sqlite else "pg_column_size(answers)"
        rows = sa.select(sa.column("id")).select_from(sa.table(table))
        found = {"as they come": self._ids(rows)}
        for column in [*hidden, "id", f"{sizes}, id"]:
            found[column] = self._ids(rows.order_by(sa.text(column)))
        for name, content in self.bytes().items():
            places = {one: content.find(told(one)) for one in ids}
            if sum(place >= 0 for place in places.values()) >= N - SPLIT:
                found[f"bytes of {name}"] = sorted(ids, key=places.__getitem__)
        return found

    def _ids(self, query):
        with self.database.reading() as session:
            return [bytes(one) if isinstance(one, memoryview) else one for one in session.scalars(query)]

    def _log(self):
        with self.database.reading() as session:
            folder = session.scalar(sa.text("SHOW data_directory"))
            session.execute(sa.text("SELECT pg_switch_wal()"))  # all of it is on disk then
        segments = sorted(Path(folder, "pg_wal").glob("0*"))
        return {"the log": b"".join(one.read_bytes() for one in segments)}


def hits(guessed, truth):
    """Return how many ballots an order gives to the right member, read forwards or backwards."""
    return max(sum(a == b for a, b in zip(way, truth, strict=True)) for way in (guessed, guessed[::-1]))


def rank_correlation(guessed, truth):
    when = {member: place for place, member in enumerate(truth)}
    squares = sum((place - when[member]) ** 2 for place, member in enumerate(guessed))
    return 1 - 6 * squares / (len(truth) * (len(truth) ** 2 - 1))


def test_a111_nobody_without_the_key_finds_out_who_said_what(runtime, wave, order, tmp_path, caplog):
    attacker = Attacker(runtime, tmp_path)
    make_naive(runtime)
    for turn, number in enumerate(order):
        codes = codes_of(number, len(wave.items))
        assert wave.fill_in(wave.voters[number], codes).fate is Fate.CAST
        answer_naively(runtime, number, codes)
        if turn in {5, 15, N - 1}:
            attacker.copy(f"evening{turn}")
    before_the_close(attacker, wave)
    secrets_of_the_wave = (wave.key.salt, wave.key.private.private_bytes_raw())
    sealed = [one.sealed for one in wave.rows(SealedBallot)]
    attacker.copy("last-evening")
    assert wave.close() is WaveState.CLOSED
    attacker.copy("afterwards")
    after_the_close(attacker, wave, order)
    nothing_opens_what_is_left(attacker, wave, sealed, secrets_of_the_wave)
    for voter in wave.voters:
        assert voter.holder.token not in caplog.text
    naive_is_read(attacker, order, wave)


def before_the_close(attacker, wave):
    sealed, marked = wave.rows(SealedBallot), wave.rows(WaveMember)
    assert len({len(one.sealed) for one in sealed}) == 1
    assert all(one.answered for one in marked)
    if attacker.database.is_sqlite:  # the other one would not keep it as this text
        assert not any(b'"tc.v1":' in content for content in attacker.bytes().values())
    keys = attacker.runtime.keys
    for secret in (keys.session, keys.token, keys.contact, keys.index, wave.key.public):
        thief = WaveKey(secret, X25519PrivateKey.from_private_bytes(secret))
        for one in sealed[:3]:
            with pytest.raises(Unreadable):
                open_ballot(thief, wave.wave_id, one.sealed)
    # With the key it is another story: that is why no backup may hold it.
    assert {
        who_said(open_ballot(wave.key, wave.wave_id, one.sealed).answers, wave.items) for one in sealed
    } == set(range(N))


def after_the_close(attacker, wave, order):
    ballots = {one.id: who_said(one.answers, wave.items) for one in wave.rows(Ballot)}
    assert sorted(ballots.values()) == list(range(N))
    assert wave.rows(SealedBallot) == wave.rows(BallotDraft) == []
    orders = attacker.orders("ballot", list(ballots), told=lambda one: one)
    assert len(orders) >= 6, orders.keys()
    for name, ids in orders.items():
        guessed = [ballots[one] for one in ids]
        assert hits(guessed, order) <= LUCKY, name
        assert abs(rank_correlation(guessed, order)) < 0.85, name


def nothing_opens_what_is_left(attacker, wave, sealed, secrets_of_the_wave):
    everything = attacker.bytes()
    # What was deleted may well lie in free pages, logs and backups: it is closed, and its key is nowhere.
    assert any(one in content for one in sealed for content in everything.values())
    for content in everything.values():
        for secret in secrets_of_the_wave:
            assert secret not in content
        for voter in wave.voters:
            assert voter.holder.token.encode() not in content
    assert list((wave.folder / "waves").glob("*.key")) == []


def naive_is_read(attacker, order, wave):
    with attacker.database.reading() as session:
        rows = session.execute(sa.text("SELECT id, answers FROM naive_answer")).all()
    said = {
        one.id: who_said(
            dict(zip([i.id for i in wave.items], map(int, one.answers.split(",")), strict=True)), wave.items
        )
        for one in rows
    }
    orders = attacker.orders("naive_answer", list(said), told=lambda one: said_naively(one, rows))
    assert max(hits([said[one] for one in ids], order) for ids in orders.values()) == N


def said_naively(row_id, rows):
    return next(one.answers for one in rows if one.id == row_id).encode()


def make_naive(runtime):
    serial = "INTEGER PRIMARY KEY" if runtime.database.is_sqlite else "SERIAL PRIMARY KEY"
    with runtime.database.writing() as session:
        for statement in NAIVE:
            session.execute(sa.text(statement.format(serial=serial)))


def answer_naively(runtime, number, codes):
    with runtime.database.writing() as session:
        session.execute(sa.text("INSERT INTO naive_participation (member_id) VALUES (:one)"), {"one": number})
        said = {"said": ",".join(map(str, codes))}
        session.execute(sa.text("INSERT INTO naive_answer (answers) VALUES (:said)"), said)
