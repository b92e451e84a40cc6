"""The second factor: codes of an authenticator app, each taken once, and recovery codes for a lost phone."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.passkeys.tables import Passkey
from survey_app.accounts.tables import RecoveryCode, StaffFactor
from survey_app.crypto import Keys, keyed_hash, seal, unseal
from survey_app.database import upsert

STEP_SECONDS = 30
DRIFT = 1
"""Steps a phone's clock may be off, either way."""
N_RECOVERY_CODES = 10
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A new secret, to be shown once: as a picture to scan and as letters to type."""

    secret: str
    address: str

    def __repr__(self) -> str:
        return "Enrolment(...)"


def has_factor(session: Session, staff_id: int) -> bool:
    """Tell whether somebody's sign-in asks for more than a password: a code, or a passkey."""
    passkey = sa.exists().where(Passkey.staff_id == staff_id)
    return has_app(session, staff_id) or bool(session.scalar(sa.select(passkey)))


def has_app(session: Session, staff_id: int) -> bool:
    """Tell whether somebody set up codes of an authenticator app."""
    confirmed = sa.exists().where(StaffFactor.staff_id == staff_id, StaffFactor.confirmed_at.is_not(None))
    return bool(session.scalar(sa.select(confirmed)))


def enrol(session: Session, staff_id: int, *, email: str, issuer: str, keys: Keys) -> Enrolment:
    """Make a secret that counts once a code of it was given; an earlier one counts until then."""
    secret = pyotp.random_base32()
    sealed = seal(keys.contact, secret, bound_to=_bound(staff_id))
    upsert(session, StaffFactor, {"staff_id": staff_id, "offered_sealed": sealed}, key=["staff_id"])
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer))


def confirm(session: Session, staff_id: int, code: str, *, keys: Keys, now: dt.datetime) -> list[str] | None:
    """Take the first code of an offered secret; return new recovery codes, or None for a wrong code."""
    factor = session.get(StaffFactor, staff_id, populate_existing=True)
    if factor is None or factor.offered_sealed is None:
        return None
    step = _step_of(unseal(keys.contact, factor.offered_sealed, bound_to=_bound(staff_id)), code, now)
    if step is None:
        return None
    factor.secret_sealed, factor.offered_sealed = factor.offered_sealed, None
    factor.confirmed_at, factor.last_step = now, step
    session.flush()
    return _new_recovery_codes(session, staff_id, keys)


def takes(session: Session, staff_id: int, code: str, *, keys: Keys, now: dt.datetime) -> bool:
    """Take a code of the app or a recovery code; each works once."""
    factor = session.get(StaffFactor, staff_id, populate_existing=True)
    if factor is None or factor.secret_sealed is None:
        return _takes_recovery(session, staff_id, code, keys, now)
    step = _step_of(unseal(keys.contact, factor.secret_sealed, bound_to=_bound(staff_id)), code, now)
    if step is None:
        return _takes_recovery(session, staff_id, code, keys, now)
    newer = sa.and_(StaffFactor.staff_id == staff_id, StaffFactor.last_step < step)
    moved = sa.update(StaffFactor).where(newer).values(last_step=step).returning(StaffFactor.staff_id)
    return session.execute(moved).first() is not None


def renew_recovery(session: Session, staff_id: int, *, keys: Keys) -> list[str] | None:
    """Return new recovery codes in place of those there were; None where no code is set up."""
    return _new_recovery_codes(session, staff_id, keys) if has_factor(session, staff_id) else None


def n_recovery_left(session: Session, staff_id: int) -> int:
    """Return how many recovery codes were not used yet."""
    left = sa.select(sa.func.count()).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return int(session.scalar(left) or 0)


def _step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdigit() and len(plain) == 6):
        return None
    totp, here = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    steps = range(here - DRIFT, here + DRIFT + 1)
    return next((step for step in steps if secrets.compare_digest(totp.generate_otp(step), plain)), None)


def _new_recovery_codes(session: Session, staff_id: int, keys: Keys) -> list[str]:
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(12)) for _ in range(N_RECOVERY_CODES)]
    session.add_all(RecoveryCode(staff_id=staff_id, code_hash=_hash(keys, staff_id, code)) for code in codes)
    session.flush()
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _takes_recovery(session: Session, staff_id: int, code: str, keys: Keys, now: dt.datetime) -> bool:
    plain = "".join(code.lower().replace("-", " ").split())[:40]
    unused = sa.and_(RecoveryCode.code_hash == _hash(keys, staff_id, plain), RecoveryCode.used_at.is_(None))
    used = sa.update(RecoveryCode).where(unused).values(used_at=now).returning(RecoveryCode.staff_id)
    return session.execute(used).first() is not None


def _hash(keys: Keys, staff_id: int, code: str) -> bytes:
    return keyed_hash(keys.session, "recovery-code", f"{staff_id}:{code}")


def _bound(staff_id: int) -> str:
    return f"factor:{staff_id}"
