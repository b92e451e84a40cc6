"""An option's label, or a close synonym of it, written as the answer; small typing slips are forgiven."""

from __future__ import annotations

import re
from itertools import chain

from survey_app.hear.reading.model import Question
from survey_app.hear.reading.normalise import words_of
from survey_app.hear.reading.words import Words

_SHORTEST_TYPO, _LONG_LABEL = 5, 12
_DIGITS = re.compile(r"(?<!\S)\d+(?!\S)")


def label_in(text: str, words: str, question: Question, language: Words) -> int | None:
    """
    The code of the option a text names.

    Parameters
    ----------
    text : str
        Normalised text; symbols count as yes and no.
    words : str
        Its words.
    question : Question
        The open question.
    language : Words
        The words of the session's language.

    Returns
    -------
    int or None
        None where no option, or more than one, is named.
    """
    known = _known(question, language)
    if not words:
        return _symbol(text, known)
    numbers = _DIGITS.findall(words)
    named = _named(" ".join(_DIGITS.sub(" ", words).split()), known, language)
    if len(numbers) > 1 or (numbers and (named is None or str(named) != numbers[0])):
        return None
    return named


def _known(question: Question, language: Words) -> dict[str, int]:
    known: dict[str, int] = {}
    for option in question.options:
        label = words_of(option.label)
        said = (label, *map(words_of, option.synonyms))
        for other in chain(said, *(language.synonyms.get(name, ()) for name in said)):
            known[other] = option.code
    for word in language.listed("never_a_label"):
        known.pop(word, None)
    return known


def _symbol(text: str, known: dict[str, int]) -> int | None:
    codes = {
        known.get(char) for char in text if not char.isspace() and not "\U0001f3fb" <= char <= "\U0001f3ff"
    }
    return codes.pop() if len(codes) == 1 else None


def _named(words: str, known: dict[str, int], language: Words) -> int | None:
    if words in known:
        return known[words]
    if words in language.listed("no_never"):
        return None
    core = language.core(words)
    bare = _bare(core, language)
    if core in known or bare in known:
        return known[core] if core in known else known[bare]
    return _spoken_yes_or_no(core, known, language) if "yes" in known else _nearly(bare, known)


def _bare(core: str, language: Words) -> str:
    parts = core.split()
    while len(parts) > 1 and parts[0] in language.listed("label_lead"):
        parts.pop(0)
    while len(parts) > 1 and parts[-1] in language.listed("label_tail"):
        parts.pop()
    return " ".join(parts)


def _spoken_yes_or_no(core: str, known: dict[str, int], language: Words) -> int | None:
    first, _, rest = core.partition(" ")
    code, tail = known.get(first), rest.split()
    if code is None or any(word not in language.listed("yes_no_tail") for word in tail):
        return None
    denied = any(word.endswith("nt") or word in {"not", "never"} for word in tail)
    stated = any(
        word in {"did", "do", "does", "was", "were", "is", "are", "am", "have", "has", "will"}
        for word in tail
    )
    if code == known["yes"]:
        return None if denied else code
    return None if stated and not denied else code


def _nearly(core: str, known: dict[str, int]) -> int | None:
    if len(core) < _SHORTEST_TYPO or len(core) > 40:
        return None
    codes = {
        code
        for label, code in known.items()
        if label[:1] == core[:1]
        and len(label) >= _SHORTEST_TYPO
        and _within(core, label, 1 + (len(label) >= _LONG_LABEL))
    }
    return codes.pop() if len(codes) == 1 else None


def _within(one: str, other: str, most: int) -> bool:
    if abs(len(one) - len(other)) > most:
        return False
    row = list(range(len(other) + 1))
    for place, char in enumerate(one, 1):
        diagonal, row[0] = row[0], place
        for column, target in enumerate(other, 1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (char != target)),
            )
    return row[-1] <= most
