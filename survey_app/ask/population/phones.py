"""Telephone numbers: a UK mobile, however written, gets one form; every other number is refused by reason."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

from survey_app.crypto import Keys, keyed_hash

DRAMA = re.compile(r"\+447700900\d{3}")
"""Ofcom keeps 07700 900000 to 900999 for drama; the library calls them invalid, demonstrations need them."""
PUNCTUATION = re.compile(r"[\s()./\u2010-\u2015-]+")
INTERNATIONAL = re.compile(r"^(?:0{1,2}\+|00|\+)")
DRAMA_LANDLINE = re.compile(r"\+44(1632960|2079460)\d{3}")
"""Ofcom keeps 01632 960000 to 960999 and 020 7946 0000 to 0999 for drama too."""
UNITED_KINGDOM = 44
CROWN_DEPENDENCIES = frozenset({"GG", "JE", "IM"})


class PhoneFault(StrEnum):
    """Why a number cannot be sent a text, in words for whoever keeps the list."""

    EMPTY = "the number is missing"
    NOT_A_NUMBER = "is not a telephone number: expected digits such as 07700 900123"
    WRONG_LENGTH = "has too few or too many digits: expected 11, such as 07700 900123"
    FOREIGN = "is not a UK number: only UK mobile numbers are texted"
    CROWN_DEPENDENCY = "belongs to Jersey, Guernsey or the Isle of Man: texts there are charged as abroad"
    LANDLINE = "is a landline: a text might be read aloud at any hour"
    PREMIUM = "is a premium-rate number"
    SERVICE = "is a service, pager or personal number, not a mobile"
    NOT_IN_USE = "is not a UK mobile number that is in use"
    NOT_A_LANDLINE = "is not a UK landline: mobiles belong into the column phone"


class BadPhone(ValueError):
    """A number that cannot be sent a text; the message says why and never repeats the number."""

    def __init__(self, fault: PhoneFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


FAULT_OF_TYPE = {
    PhoneNumberType.FIXED_LINE: PhoneFault.LANDLINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneFault.LANDLINE,
    PhoneNumberType.UAN: PhoneFault.LANDLINE,
    PhoneNumberType.VOIP: PhoneFault.LANDLINE,
    PhoneNumberType.PREMIUM_RATE: PhoneFault.PREMIUM,
    PhoneNumberType.SHARED_COST: PhoneFault.PREMIUM,
    PhoneNumberType.TOLL_FREE: PhoneFault.SERVICE,
    PhoneNumberType.PERSONAL_NUMBER: PhoneFault.SERVICE,
    PhoneNumberType.PAGER: PhoneFault.SERVICE,
    PhoneNumberType.VOICEMAIL: PhoneFault.SERVICE,
}


def parse_phone(raw: str) -> str:
    """Return a UK mobile number in the form +447700900123, or raise BadPhone with the reason."""
    number, e164 = _parsed(raw)
    if DRAMA.fullmatch(e164):
        return e164
    fault = _fault(number)
    if fault is not None:
        raise BadPhone(fault)
    return e164


def parse_landline(raw: str) -> str:
    """Return a UK landline in the form +442079460000, to be called and never texted, or raise BadPhone."""
    number, e164 = _parsed(raw)
    if DRAMA_LANDLINE.fullmatch(e164):
        return e164
    fault = PhoneFault.NOT_A_LANDLINE if DRAMA.fullmatch(e164) else _fault(number)
    if fault is not PhoneFault.LANDLINE:
        raise BadPhone(fault or PhoneFault.NOT_A_LANDLINE)
    if phonenumbers.region_code_for_number(number) in CROWN_DEPENDENCIES:
        raise BadPhone(PhoneFault.CROWN_DEPENDENCY)
    return e164


def is_landline(raw: str) -> bool:
    """Tell whether a number is a UK landline."""
    try:
        return bool(parse_landline(raw))
    except BadPhone:
        return False


def parse_number_to_call(raw: str) -> str:
    """Return a UK number a person can be called on, mobile or landline, or raise BadPhone with the reason."""
    return parse_landline(raw) if is_landline(raw) else parse_phone(raw)


def phone_index(keys: Keys, e164: str) -> bytes:
    """Return the keyed index under which a number is found without being readable."""
    return keyed_hash(keys.index, "phone", e164)


def phone_words(e164: str) -> str:
    """Write a number as people here dial it, such as 07700 900123; what is no number stays as it is."""
    try:
        number = phonenumbers.parse(e164, "GB")
    except phonenumbers.NumberParseException:
        return e164
    style = phonenumbers.PhoneNumberFormat
    at_home = number.country_code == UNITED_KINGDOM
    return phonenumbers.format_number(number, style.NATIONAL if at_home else style.INTERNATIONAL)


def _parsed(raw: str) -> tuple[phonenumbers.PhoneNumber, str]:
    try:
        number = phonenumbers.parse(_digits(raw), "GB")
    except phonenumbers.NumberParseException:
        raise BadPhone(PhoneFault.NOT_A_NUMBER) from None
    return number, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _digits(raw: str) -> str:
    # NFKC makes full-width digits plain; other scripts' digits are read by value. Letters would be taken
    # for the keys they stand on ("0800 FLOWERS"), so they are refused.
    plain = unicodedata.normalize("NFKC", raw)
    seen = "".join(_ascii_digit(letter) for letter in plain if unicodedata.category(letter) != "Cf")
    text = PUNCTUATION.sub("", seen.lstrip("'"))
    if not text:
        raise BadPhone(PhoneFault.EMPTY)
    text = INTERNATIONAL.sub("+", text)
    # People write the trunk zero after the country code: +44 (0)7700, 0044 07700, even 0+44 0.
    text = re.sub(r"^\+?440(?=[1-9])", "+44", text)
    if not re.fullmatch(r"\+?\d{2,20}", text):
        raise BadPhone(PhoneFault.NOT_A_NUMBER)
    return text


def _ascii_digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _fault(number: phonenumbers.PhoneNumber) -> PhoneFault | None:
    if number.country_code != 44:
        return PhoneFault.FOREIGN
    if not phonenumbers.is_possible_number(number):
        return PhoneFault.WRONG_LENGTH
    kind = phonenumbers.number_type(number)
    if kind in FAULT_OF_TYPE:
        return FAULT_OF_TYPE[kind]
    if phonenumbers.region_code_for_number(number) in CROWN_DEPENDENCIES:
        return PhoneFault.CROWN_DEPENDENCY
    if kind != PhoneNumberType.MOBILE:
        return _fault_of_unknown(number)
    return None


def _fault_of_unknown(number: phonenumbers.PhoneNumber) -> PhoneFault:
    # The library accepts 9 national digits as "possible"; a mobile has 10.
    n_digits = len(str(number.national_number))
    return PhoneFault.NOT_IN_USE if n_digits == 10 else PhoneFault.WRONG_LENGTH
