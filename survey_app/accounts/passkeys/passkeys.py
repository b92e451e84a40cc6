"""Making, asking, checking and forgetting passkeys; each is bound to this site: no other can ask for it."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.passkeys.tables import Passkey
from survey_app.clock import london_day
from survey_app.crypto import Keys, keyed_hash
from survey_app.database import insert_or_ignore

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

MOST = 10
LONGEST_NAME = 60
LONGEST_REPLY = 16_000
"""Characters of what a device says; a real reply is under two thousand."""


class BadPasskey(ValueError):
    """A passkey that cannot be kept; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey is bound to, and the session that asks: its challenge dies with the session."""

    origin: str
    name: str
    token: str
    keys: Keys

    @property
    def host(self) -> str:
        """Return the host; empty where browsers make no passkeys, which is at bare numbers."""
        host = urlsplit(self.origin).hostname or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host
        return ""

    def challenge(self, purpose: str) -> bytes:
        """Return what a device must sign; only who was shown the page of this session can know it."""
        return keyed_hash(self.keys.session, "passkey", f"{purpose}:{self.token}")


def of_person(session: Session, staff_id: int) -> Sequence[Passkey]:
    """Return somebody's passkeys, the oldest first."""
    return session.scalars(sa.select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.id)).all()


def offer(session: Session, site: Site, staff_id: int, email: str) -> str:
    """Return, as JSON, what a browser needs to make a passkey; devices that have one are left out."""
    import webauthn
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

    told = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_name=email,
        user_id=keyed_hash(site.keys.session, "passkey-user", str(staff_id)),
        challenge=site.challenge("make"),
        # The password was asked already: touching the device is enough.
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.DISCOURAGED
        ),
        exclude_credentials=_described(of_person(session, staff_id)),
    )
    return webauthn.options_to_json(told)


def keep(session: Session, site: Site, staff_id: int, name: str, reply: str, *, now: dt.datetime) -> None:
    """Keep the passkey that a device just made, or raise BadPasskey."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadPasskey(f"Give it a name of at most {LONGEST_NAME} characters, such as My phone")
    if len(of_person(session, staff_id)) >= MOST:
        raise BadPasskey(f"You have {MOST} passkeys: remove one first")
    try:
        made = webauthn.verify_registration_response(
            credential=reply[:LONGEST_REPLY],
            expected_challenge=site.challenge("make"),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise BadPasskey("The device did not make a passkey. Begin again, or use another device") from None
    row = {
        "staff_id": staff_id,
        "name": name,
        "credential_id": made.credential_id,
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
        "made_at": now,
    }
    if not insert_or_ignore(session, Passkey, [row]):
        raise BadPasskey("That device has a passkey here already")


def asked(session: Session, site: Site, staff_id: int) -> str:
    """Return, as JSON, what a browser needs to ask for one of somebody's passkeys; empty without any."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    kept = of_person(session, staff_id)
    if not kept or not site.host:
        return ""
    told = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=site.challenge("use"),
        allow_credentials=_described(kept),
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return webauthn.options_to_json(told)


def fits(session: Session, site: Site, staff_id: int, reply: str, *, now: dt.datetime) -> bool:
    """Tell whether one of somebody's passkeys signed the challenge of this session; count its use."""
    import webauthn
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        said = parse_authentication_credential_json(reply[:LONGEST_REPLY])
        mine = sa.and_(Passkey.staff_id == staff_id, Passkey.credential_id == said.raw_id)
        kept = session.scalars(sa.select(Passkey).where(mine)).one_or_none()
        if kept is None:
            return False
        used = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=site.challenge("use"),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=kept.sign_count,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return False
    same = sa.and_(Passkey.id == kept.id, Passkey.sign_count == kept.sign_count)
    counted = {"sign_count": used.new_sign_count, "used_on": london_day(now)}
    moved = sa.update(Passkey).where(same).values(**counted).returning(Passkey.id)
    return session.execute(moved).first() is not None


def remove(session: Session, staff_id: int, passkey_id: int) -> bool:
    """Forget one of somebody's own passkeys; False for anybody else's."""
    mine = sa.and_(Passkey.id == passkey_id, Passkey.staff_id == staff_id)
    return session.execute(sa.delete(Passkey).where(mine).returning(Passkey.id)).first() is not None


def remove_all(session: Session, staff_id: int) -> None:
    """Forget all passkeys of somebody."""
    session.execute(sa.delete(Passkey).where(Passkey.staff_id == staff_id))


def _described(kept: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers import structs

    return [structs.PublicKeyCredentialDescriptor(id=one.credential_id) for one in kept]
