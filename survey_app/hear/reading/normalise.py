"""One form for every way of writing the same thing: any script's digits, unseen marks, base64."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata

PARSED_LENGTH = 320
_SHORTEST_BASE64 = 60
_KEYCAP_MARKS = frozenset("\ufe0e\ufe0f\u20e3")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u2032\u00b4`\u02bc", "'"))
_NO_WORD = re.compile(r"[^\w\s]|_")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_SENTENCE_END = re.compile(r"[.!?\u061f\u06d4\u0964]+(?:\s+|$)|\n")
_MARKS_OF_A_SCRIPT = (0, 9)  # vowel signs and virama carry meaning; accents, vowel points and nukta do not
# One form for letters that keyboards of one language lend to another, and for marks that writers leave out:
# the l of Polish, the k, y, h and n of Arabic and Urdu, tatweel and hamza; nasal and doubling marks of
# Gurmukhi and Bengali.
_LENT_LETTERS = str.maketrans(
    {
        "\u0142": "l",
        **dict.fromkeys("\u0643", "\u06a9"),
        **dict.fromkeys("\u064a\u0649\u06d2\u06d3\u06d0", "\u06cc"),
        **dict.fromkeys("\u0629\u0647\u06be\u06c1\u06c3\u06d5", "\u0647"),
        "\u06ba": "\u0646",
        "\u0671": "\u0627",
        **dict.fromkeys("\u0640\u0621\u0a02\u0a70\u0a71\u0a01\u0981", ""),
    }
)


def decoded(text: str) -> str:
    """
    Text a carrier passed on as base64, or the text itself.

    Parameters
    ----------
    text : str
        The body as received.

    Returns
    -------
    str
        The decoded body where it was base64 of mostly ASCII, else `text`.
    """
    if len(text) < _SHORTEST_BASE64 or len(text) % 4 or not _BASE64.fullmatch(text):
        return text
    try:
        plain = base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return text
    readable = sum(char.isascii() and (char.isprintable() or char.isspace()) for char in plain)
    return plain if readable * 2 >= len(plain) else text


def normalise(text: str) -> str:
    """
    Text with plain digits, plain apostrophes and nothing invisible, cut to the length that is read.

    Parameters
    ----------
    text : str
        The body as received, of any length and any characters.

    Returns
    -------
    str
        At most a few hundred characters; letters keep their case.

    Examples
    --------
    >>> normalise("\u200b\uff13.")
    '3.'
    """
    visible = "".join(_character(char) for char in decoded(text)[: 4 * PARSED_LENGTH])
    return visible.translate(_APOSTROPHES).strip()[:PARSED_LENGTH]


def _character(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() or char == "\n" else " "
    category = unicodedata.category(char)
    if char in _KEYCAP_MARKS or category in {"Cf", "Cs", "Co", "Cn"}:
        return ""
    if category == "Cc" or category.startswith("Z"):
        return " "
    return _numeral(char) if category in {"Nd", "No", "Nl"} else unicodedata.normalize("NFKC", char)


def _numeral(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", char)
    # A fraction or a Roman numeral must not turn into the digits it is made of.
    return plain if plain.isdigit() else f" {char} "


def folded(text: str) -> str:
    """
    Text without case and accents, for comparing words.

    Parameters
    ----------
    text : str
        Normalised text.

    Returns
    -------
    str
        The same words; vowel signs of Indic scripts stay, nasal and doubling marks go.
    """
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text.casefold()).translate(_LENT_LETTERS)
    return "".join(char for char in parts if unicodedata.combining(char) in _MARKS_OF_A_SCRIPT)


def words_of(text: str) -> str:
    """
    Only the words of a text, one space between them.

    Parameters
    ----------
    text : str
        Normalised text.

    Returns
    -------
    str
        Folded words; apostrophes vanish, other punctuation becomes a space.

    Examples
    --------
    >>> words_of("I DON'T know!")
    'i dont know'
    """
    bare = folded(text).replace("'", "")
    if bare.isascii():
        return " ".join(_NO_WORD.sub(" ", bare).split())
    kept = (char if char.isalnum() or unicodedata.category(char).startswith("M") else " " for char in bare)
    return " ".join("".join(kept).split())


def sentences_of(text: str) -> tuple[str, ...]:
    """
    The words of each sentence of a text.

    Parameters
    ----------
    text : str
        Normalised text.

    Returns
    -------
    tuple of str
        As `words_of` gives them; empty sentences are left out.

    Examples
    --------
    >>> sentences_of("Nobody came. STOP!")
    ('nobody came', 'stop')
    """
    return tuple(filter(None, map(words_of, _SENTENCE_END.split(text))))
