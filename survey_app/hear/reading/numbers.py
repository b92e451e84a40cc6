"""The grammar of a number that answers: alone, after a few leading words, or with a reason behind it."""

from __future__ import annotations

import re
from itertools import dropwhile

from survey_app.hear.reading.model import Question
from survey_app.hear.reading.tokens import Token, tokens_of
from survey_app.hear.reading.words import Words

# Fractions, ranges, times, money, percentages and numbers grown together with letters never answer.
_NEVER = re.compile(
    r"\d\s*[/%+\u2044:\u00b0]\s*(?=\d|$)|\d\s*[%+]|\d/|[/\u00a3$\u20ac]\s*\d|\d\s*[-\u2013~]\s*\d|(?<![^\W_])-\d"
    r"|\d(?!ish\b|x+\b|thanks\b|thx\b|ta\b|pls\b|please\b)[^\W\d_]|[^\W\d_]\d|\d\s*[\u00bc-\u00be\u2150-\u215f]",
    re.IGNORECASE,
)
_HARMLESS_ONE = frozenset({"this", "that", "the", "last", "no", "any", "every", "each", "some"})


def number_in(text: str, question: Question, language: Words) -> int | None:
    """
    The number a text answers with.

    Parameters
    ----------
    text : str
        Normalised text.
    question : Question
        The open question; only its codes are accepted.
    language : Words
        The words of the session's language.

    Returns
    -------
    int or None
        None where no number is clearly meant as the answer.
    """
    whole = _without_denominator(text, question, language)
    if whole is None or _NEVER.search(whole):
        return None
    tokens = tokens_of(whole, dict(language.numbers))
    digits = [place for place, token in enumerate(tokens) if token.text[0].isdigit()]
    places = digits or [place for place, token in enumerate(tokens) if token.value is not None]
    if not places:
        return None
    if _opens(tokens, places[0], question, language):
        return tokens[places[0]].value
    return tokens[places[-1]].value if _closes(tokens, places, question, language) else None


def lone_number(text: str, language: Words) -> int | None:
    """
    The number a text consists of, whether or not the scale has it.

    Parameters
    ----------
    text : str
        Normalised text.
    language : Words
        The words of the session's language.

    Returns
    -------
    int or None
        None where there is anything else but courtesy.
    """
    tokens = [
        token for token in tokens_of(text, dict(language.numbers)) if token.word or token.value is not None
    ]
    values = [token.value for token in tokens if token.value is not None]
    others = [token for token in tokens if token.value is None and token.word not in language.listed("tail")]
    return values[0] if len(values) == 1 and not others else None


def _without_denominator(text: str, question: Question, language: Words) -> str | None:
    found = language.out_of.search(text)
    if not found:
        return text
    share, whole = (_value(word, language) for word in found.groups())
    if whole is None or share is None:
        return text
    if min(question.codes, default=0) != 1 or whole != max(question.codes, default=0):
        return None
    return f"{text[: found.start()]}{found.group(1)}{text[found.end() :]}"


def _value(word: str, language: Words) -> int | None:
    return int(word[:9]) if word.isdecimal() else language.numbers.get(word.casefold())


def _opens(tokens: tuple[Token, ...], place: int, question: Question, language: Words) -> bool:
    before, after = tokens[:place], tokens[place + 1 :]
    if tokens[place].value not in question.codes or not _leads(before, language):
        return False
    return not _names_another(after, tokens[place].value, question, language) and _follows(after, language)


def _leads(before: tuple[Token, ...], language: Words) -> bool:
    lead = language.listed("lead") | language.listed("reason")
    rude = language.rule("abuse").within
    for place, token in enumerate(before):
        named = place > 0 and token.is_name and before[place - 1].word in {"its", "is", "from", "im"}
        if token.word and token.word not in lead and not named and not rude.fullmatch(token.word):
            return False
    return True


def _follows(after: tuple[Token, ...], language: Words) -> bool:
    spoken = [token for token in after if token.word]
    if not spoken:
        return True
    first = spoken[0].word
    if after[0].is_break:
        return first not in language.listed("counts") or first in language.listed("tail")
    if first in language.listed("reason"):
        return True
    return _is_courtesy(spoken, language) or _is_signature(spoken, language)


def _is_courtesy(spoken: list[Token], language: Words) -> bool:
    words = [token.word for token in spoken]
    if any(word not in language.listed("tail") for word in words):
        return False
    first = words[0] not in language.listed("tail_never_first")
    return first or " ".join(words[:4]).startswith(tuple(language.listed("tail_first_pairs")))


def _is_signature(spoken: list[Token], language: Words) -> bool:
    courteous = language.polite | {"from"}
    names = list(dropwhile(lambda token: token.word in courteous, spoken))
    counted = any(token.word in language.listed("counts") for token in spoken)
    shouted = len(spoken[0].text) > 1 and all(token.text.isupper() for token in spoken)
    return 0 < len(names) <= 3 and not counted and not shouted and all(token.is_name for token in names)


def _names_another(after: tuple[Token, ...], value: int | None, question: Question, language: Words) -> bool:
    guarding = language.listed("correcting") | language.listed("before_a_second")
    last = max(
        (place for place, token in enumerate(after) if token.word or token.value is not None), default=-1
    )
    for place, token in enumerate(after):
        if token.value is None or token.value == value or token.value not in question.codes:
            continue
        previous = after[place - 1] if place else None
        if token.word == "one" and previous and previous.word in _HARMLESS_ONE:
            continue
        if place == last or previous is None or previous.is_break or previous.word in guarding:
            return True
    return False


def _closes(tokens: tuple[Token, ...], places: list[int], question: Question, language: Words) -> bool:
    place = places[-1]
    before, after = tokens[:place], [token for token in tokens[place + 1 :] if token.word]
    if len(places) > 1 or not before or tokens[place].value not in question.codes:
        return False
    if after and not (_is_courtesy(after, language) or _is_signature(after, language)):
        return tokens[place + 1].is_break and _leads_with_break(before)
    spoken = [token.word for token in before if token.word]
    if not spoken or language.listed("denies").intersection(spoken[-3:]):
        return False
    if spoken[-1] in language.listed("place"):
        return False
    proxy = language.listed("proxy")
    return before[-1].is_break or spoken[-1] in proxy or " ".join(spoken[-2:]) in proxy


def _leads_with_break(before: tuple[Token, ...]) -> bool:
    return before[-1].is_break and sum(bool(token.word) for token in before) <= 3
