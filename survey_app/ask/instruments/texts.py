"""How many text-message segments a text takes: GSM-7 septets or UCS-2 units, counted as networks cut them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# 3GPP TS 23.038 section 6.2.1, the default alphabet without its escape code, row by row.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
# Section 6.2.1.1, the extension table: an escape and one more septet each.
EXTENDED = "\f^{}\\[~]|€"

_SEPTETS = dict.fromkeys(BASIC, 1) | dict.fromkeys(EXTENDED, 2)


class Encoding(StrEnum):
    """How a text travels."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class TextSize:
    """A text's encoding, its length in that encoding's units, and the segments it is sent in."""

    encoding: Encoding
    units: int
    segments: int


_ALONE = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}
_JOINED = {Encoding.GSM_7: 153, Encoding.UCS_2: 67}


def measure_text(text: str) -> TextSize:
    """Measure a text message.

    Parameters
    ----------
    text : str
        The whole text as it will be sent.

    Returns
    -------
    TextSize
        Units are septets in GSM-7 and 16-bit units in UCS-2. An escaped character or a surrogate
        pair is never cut, so a part can end one unit early.

    References
    ----------
    .. [1] 3GPP TS 23.038, Alphabets and language-specific information, sections 4 and 6.2.1.
    .. [2] 3GPP TS 23.040, Technical realization of the Short Message Service, section 9.2.3.24.1.

    Examples
    --------
    >>> measure_text("Reply 1 to 4")
    TextSize(encoding=<Encoding.GSM_7: 'GSM-7'>, units=12, segments=1)
    >>> measure_text("Shwmae o'r dŵr").encoding
    <Encoding.UCS_2: 'UCS-2'>
    """
    if _SEPTETS.keys() >= set(text):
        encoding = Encoding.GSM_7
        widths = [_SEPTETS[character] for character in text]
    else:
        encoding = Encoding.UCS_2
        widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    units = sum(widths)
    segments = 1 if units <= _ALONE[encoding] else _parts(widths, _JOINED[encoding])
    return TextSize(encoding, units, segments)


def outside_gsm(text: str) -> tuple[str, ...]:
    """List the characters, each once and in order, that force a text into UCS-2.

    Parameters
    ----------
    text : str
        The whole text as it will be sent.

    Returns
    -------
    tuple of str
        Empty when the text fits GSM-7.
    """
    return tuple(dict.fromkeys(character for character in text if character not in _SEPTETS))


def _parts(widths: Iterable[int], room: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
