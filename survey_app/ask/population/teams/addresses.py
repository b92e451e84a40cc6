"""Where somebody on a team is written to: by e-mail, or by text where there is none."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.ask.population import languages
from survey_app.ask.population.addresses import AddressKind, address_key, parse_email
from survey_app.ask.population.phones import parse_phone
from survey_app.ask.population.teams.tables import TeamMember
from survey_app.crypto import Keys, seal, unseal

LONGEST_NAME = 80


class BadMember(ValueError):
    """Somebody who cannot be put on a team; the message says what was expected and repeats no address."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Name and addresses in readable form, at least one address; and the language, where somebody said it."""

    name: str
    email: str | None
    phone: str | None
    language: str | None = None

    def __repr__(self) -> str:
        return "Contact(...)"

    @property
    def kind(self) -> AddressKind:
        """Return what this person is written to by."""
        return AddressKind.EMAIL if self.email else AddressKind.PHONE

    @property
    def address(self) -> str:
        """Return the address this person is written to."""
        return self.email or self.phone or ""

    def index(self, keys: Keys) -> bytes:
        """Return the keyed index of that address, the same that the outbox knows it by."""
        return address_key(keys, self.kind, self.address)


def parse_contact(name: str, email: str, phone: str, language: str = "") -> Contact:
    """Return a person as a form or a file gives them, or raise BadMember, BadAddress or BadPhone."""
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= LONGEST_NAME or not plain.isprintable():
        raise BadMember(f"name must have 1 to {LONGEST_NAME} characters")
    if not email.strip() and not phone.strip():
        raise BadMember("an e-mail address or a mobile number is needed")
    return Contact(
        plain,
        parse_email(email) if email.strip() else None,
        parse_phone(phone) if phone.strip() else None,
        _parse_language(language),
    )


def sealed(keys: Keys, team_id: str, contact: Contact) -> dict[str, bytes | str | None]:
    """Return what stands in the table for a person."""
    index = contact.index(keys)

    def closed(part: str, said: str | None) -> bytes | None:
        return seal(keys.contact, said, bound_to=_bound_to(part, team_id, index)) if said else None

    return {
        "name_sealed": closed("name", contact.name),
        "email_sealed": closed("email", contact.email),
        "phone_sealed": closed("phone", contact.phone),
        "address_index": index,
        "language": contact.language,
    }


def contact_of(keys: Keys, member: TeamMember) -> Contact | None:
    """Return name and addresses in readable form; None for somebody who was erased."""
    if not member.name_sealed:
        return None

    def opened(part: str, closed: bytes | None) -> str | None:
        bound = _bound_to(part, member.team_id, member.address_index)
        return unseal(keys.contact, closed, bound_to=bound) if closed else None

    return Contact(
        opened("name", member.name_sealed) or "",
        opened("email", member.email_sealed),
        opened("phone", member.phone_sealed),
        member.language,
    )


def _parse_language(said: str) -> str | None:
    if not said.strip():
        return None
    code = languages.MEANT.get(said.strip().lower(), said.strip())
    if fault := languages.language_fault(code, languages.OF_TEAMS):
        raise BadMember(fault)
    return code.partition("-")[0]


def _bound_to(part: str, team_id: str, index: bytes) -> str:
    return f"team_member.{part}:{team_id}:{index.hex()}"
