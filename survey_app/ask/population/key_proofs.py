"""Proofs of the keys a database was made with: lost or exchanged keys are noticed at start, not in use."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.ask.population.tables import KeyProof
from survey_app.crypto import Keys, keyed_hash
from survey_app.database import insert_or_ignore

PROVED = ("token", "contact", "index")
"""The session key may change: people only have to sign in again."""


def remember_keys(session: Session, keys: Keys) -> None:
    """Keep a proof of each key the first time a database sees one."""
    insert_or_ignore(session, KeyProof, [{"name": name, "proof": _proof(keys, name)} for name in PROVED])


def wrong_keys(session: Session, keys: Keys) -> list[str]:
    """Return a line for each key that is not the one this database was made with."""
    known = {row.name: row.proof for row in session.scalars(sa.select(KeyProof))}
    return [
        f"{name}.key is not the key this database was made with: put the right one back from its backup"
        for name in PROVED
        if known.get(name, _proof(keys, name)) != _proof(keys, name)
    ]


def _proof(keys: Keys, name: str) -> bytes:
    return keyed_hash(getattr(keys, name), "proof", name)
