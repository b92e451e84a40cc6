"""Texts nobody wrote to us: tapbacks, automatic replies, notices; and the quotation under a reply."""

from __future__ import annotations

import re

from survey_app.hear.reading.words import Words

_TAPBACK = re.compile(
    r"(?is)\s*\W*\s*(?:(?:dis)?liked|loved|laughed at|emphasi[sz]ed|questioned|reacted\b.{0,20}\bto|"
    r"removed (?:a|an)\b.{0,20}\bfrom|to)\s+(?:[\"\u201c\u00ab']|an image|a photo|a message)"
)
_QUOTED = re.compile(r"(?im)^\s*(?:>.*|on .{4,80} wrote:.*|-{2,}\s*original message.*|from: .*|\u201c.*)$")
_CUT = re.compile(r"(?ims)^\s*(?:on .{4,80} wrote:|-{2,}\s*original message).*")


def without_quotation(text: str) -> str:
    """
    A reply without the message it quotes.

    Parameters
    ----------
    text : str
        Normalised text.

    Returns
    -------
    str
        What the writer wrote above or between quoted lines.
    """
    if "\n" not in text and not text.startswith(">"):
        return text
    return _QUOTED.sub("", _CUT.sub("", text)).strip()


def is_tapback(text: str) -> bool:
    """
    Whether a telephone turned a reaction into words.

    Parameters
    ----------
    text : str
        Normalised text.

    Returns
    -------
    bool
        True for 'Liked "..."' and its kin, whose digits are ours.
    """
    return bool(_TAPBACK.match(text))


def is_automatic(words: str, language: Words) -> bool:
    """
    Whether a machine answered.

    Parameters
    ----------
    words : str
        Words of the text.
    language : Words
        The words of the session's language.

    Returns
    -------
    bool
        True for auto-replies and delivery notices.
    """
    return language.says("auto_reply", words)
