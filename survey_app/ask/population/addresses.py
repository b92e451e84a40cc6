"""Where a person can be reached: mobile, landline, e-mail and post; sealed, and found by a keyed index."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import InstrumentedAttribute

from survey_app.ask.population.phones import parse_landline, parse_phone, phone_index
from survey_app.ask.population.tables import Participant
from survey_app.crypto import Keys, keyed_hash, seal, unseal

EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
POSTCODE = re.compile(r"(GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})")
LONGEST_LINE = 80


class AddressKind(StrEnum):
    """What kind of address; each has two columns in `participant` that begin with its name."""

    PHONE = "phone"
    LANDLINE = "landline"
    EMAIL = "email"
    POST = "post"


class BadAddress(ValueError):
    """An address that cannot be used; the message says why and never repeats it."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """All addresses of one person in readable form; a postal one is lines, the last is the postcode."""

    phone: str | None = None
    landline: str | None = None
    email: str | None = None
    post: str | None = None

    def __repr__(self) -> str:
        return "Addresses(...)"

    def of(self, kind: AddressKind) -> str | None:
        """Return the address of one kind."""
        return {
            AddressKind.PHONE: self.phone,
            AddressKind.LANDLINE: self.landline,
            AddressKind.EMAIL: self.email,
            AddressKind.POST: self.post,
        }[kind]


def parse_email(raw: str) -> str:
    """Return an e-mail address, or raise BadAddress."""
    plain = raw.strip()
    if len(plain) > 254 or not plain.isascii() or not EMAIL.fullmatch(plain):
        raise BadAddress("is not an e-mail address: expected one such as name@example.org")
    return plain


def parse_post(lines: list[str], postcode: str) -> str:
    """Return a postal address as lines, the postcode last, or raise BadAddress."""
    kept = [" ".join(line.split()) for line in lines if line.strip()]
    code = " ".join(postcode.upper().split())
    if not kept or len(kept) > 6:
        raise BadAddress("needs 1 to 6 lines before the postcode")
    if any(len(line) > LONGEST_LINE for line in kept):
        raise BadAddress(f"must have at most {LONGEST_LINE} characters in a line")
    if any(unicodedata.category(letter) == "Cc" for line in kept for letter in line):
        raise BadAddress("must be plain text")
    if not POSTCODE.fullmatch(code):
        raise BadAddress("needs a UK postcode such as AB1 2CD")
    return "\n".join([*kept, code])


def parse_address(kind: AddressKind, raw: str) -> str:
    """Return an address as it is kept, or raise BadAddress or BadPhone."""
    if kind is AddressKind.PHONE:
        return parse_phone(raw)
    if kind is AddressKind.LANDLINE:
        return parse_landline(raw)
    if kind is AddressKind.EMAIL:
        return parse_email(raw)
    *lines, postcode = raw.split("\n")
    return parse_post(lines, postcode)


def address_key(keys: Keys, kind: AddressKind, address: str) -> bytes:
    """Return the keyed index under which an address is known, however it is written."""
    if kind in (AddressKind.PHONE, AddressKind.LANDLINE):
        return phone_index(keys, address)
    plain = "".join(address.split()) if kind is AddressKind.POST else address
    return keyed_hash(keys.index, kind.value, plain.casefold())


def sealed_columns(keys: Keys, addresses: Addresses, reference: str) -> dict[str, bytes | None]:
    """Return what stands in the table for a person's addresses."""
    columns: dict[str, bytes | None] = {}
    for kind in AddressKind:
        address = addresses.of(kind)
        bound = bound_to(reference, kind)
        columns[f"{kind}_sealed"] = seal(keys.contact, address, bound_to=bound) if address else None
        columns[f"{kind}_index"] = address_key(keys, kind, address) if address else None
    return columns


def address_of(keys: Keys, person: Participant, kind: AddressKind) -> str | None:
    """Return one address in readable form, or None; only what sends a message needs it."""
    sealed = getattr(person, f"{kind}_sealed")
    return None if sealed is None else unseal(keys.contact, sealed, bound_to=bound_to(person.reference, kind))


def index_column(kind: AddressKind) -> InstrumentedAttribute[bytes | None]:
    """Return the column that holds the index of one kind."""
    column: InstrumentedAttribute[bytes | None] = getattr(Participant, f"{kind}_index")
    return column


def indexes_of(person: Participant) -> list[bytes]:
    """Return the indexes of every address a person has."""
    found = (getattr(person, f"{kind}_index") for kind in AddressKind)
    return [index for index in found if index is not None]


def bound_to(reference: str, kind: AddressKind) -> str:
    """Return what a sealed address belongs to; moved to another row it cannot be opened."""
    return f"participant.{kind}:{reference}"
