"""A small model of what each text may change, made from what people meant and what they had been asked.

It knows nothing of conversations, turns or readings: the last question that went out to a phone is what
a clear answer is about; within three seconds of its leaving it cannot have been read, so the answer is
about the question before.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import takewhile

from survey_app.ask.instruments.model import Item, OptionKind
from tests.simulation.ledger import Asked, Effect, Ledger
from tests.simulation.prompts import Prompt, prompts_to
from tests.simulation.story import TAKEN, Came, Handed, Stepped, Webbed
from tests.simulation.words import Meaning

READ_AT_EARLIEST = dt.timedelta(seconds=3)
LATE = dt.timedelta(days=4)
NOTHING: frozenset[Effect | None] = frozenset({None})
ANSWERS = frozenset({Meaning.ANSWER, Meaning.TAP, Meaning.LABEL, Meaning.SKIP, Meaning.UNSURE})
MAY_BE_MISREAD = frozenset(
    {Meaning.NONSENSE, Meaning.START, Meaning.START_AGAIN, Meaning.CORRECTION, Meaning.EMPTY}
)
MISREADINGS = 3
INVITING = ("invite:", "reminder:", "next_survey:", "call-after:")
NUMBER = re.compile(r"\s*\d\.?\s*")
"""What is read alike in every language."""


class Model:
    """What the texts of one phone may have changed."""

    def __init__(self, ledger: Ledger, phone: str) -> None:
        self.ledger = ledger
        self.phone = phone
        self.asking = [e for e in ledger.story.of(Handed, phone) if e.key.startswith("question:")]
        self.prompts = prompts_to(ledger, phone)
        self.came = [e for e in ledger.story.of(Came, phone) if not e.again]
        self.stops = ledger.stops(phone)

    def allowed(self, came: Came) -> frozenset[Effect | None]:
        """Return what a text may have changed: answers, or None for nothing."""
        if came.payload:
            return self._tapped(came)
        named = self.named(came)
        if named is not None and named.certain:
            return self._about_named(named, came)
        unnamed = self._by_order(came)
        return unnamed if named is None else NOTHING | unnamed | self._about_named(named, came)

    def named(self, came: Came) -> Prompt | None:
        """Return the question that stands over a tapped button, or that a message replies to."""
        token, theirs = came.payload.split(":")[1:2], came.replied_to
        before = (p for p in self.prompts if p.n < came.n)
        return next((p for p in before if [p.token] == token or (theirs and p.provider_id == theirs)), None)

    def _tapped(self, came: Came) -> frozenset[Effect | None]:
        named = self.named(came)
        return NOTHING if named is None else self._about_named(named, came)

    def _about_named(self, named: Prompt, came: Came) -> frozenset[Effect | None]:
        about = self._about(named, came)
        if self._closed(named.asked, came):
            return NOTHING
        newest = [p for p in self.prompts if p.n < came.n][-1]
        late = came.at >= named.asked.expires_at
        unsettled = newest is not named or late or self._dead(came) or self._has_moved(named, came)
        return NOTHING | about if unsettled or not about else about

    def _has_moved(self, newest: Prompt, came: Came) -> bool:
        """Tell whether anything was said or asked since a question left, on any way."""
        between = range(newest.n + 1, came.n)
        said = (e for kind in (Came, Stepped, Webbed) for e in self.ledger.story.of(kind, self.phone))
        return any(e.n in between for e in (*said, *self.asking))

    def _by_order(self, came: Came) -> frozenset[Effect | None]:
        """Return what words may have changed that name no question: the newest on their way is meant."""
        before = [p for p in self.prompts if p.n < came.n]
        prompts = [p for p in before if p.channel is came.channel]
        if not prompts and came.meaning is Meaning.CORRECTION:
            prompts = before  # the first words on this way: they mean what was said on another
        asked = [p for p in prompts if p.taken]
        if not asked or self._closed(asked[-1].asked, came):
            return NOTHING
        elsewhere = [p for p in self._since(asked[-1], came) if asked[-1].asked.id in p.among]
        if elsewhere and came.meaning is not Meaning.CORRECTION:
            # Asked since on another way: nobody can tell, unless that may have been another survey.
            doubtful = any(len(p.among) > 1 or not p.certain for p in elsewhere)
            doubtful |= all(p.item is asked[-1].item for p in elsewhere)  # the same question all along
            about = self._about(asked[-1], came) | self._about(self._before(asked), came)
            return NOTHING | (about if doubtful else frozenset()) | self._given_up(asked[-1], came)
        if self._is_foreign(asked[-1], came):
            return NOTHING | self._meant(asked, prompts, came) | self._given_up(asked[-1], came)
        return self._meant(asked, prompts, came)

    def _since(self, newest: Prompt, came: Came) -> list[Prompt]:
        return [p for p in self.prompts if newest.n < p.n < came.n and p.channel is not came.channel]

    def _meant(self, asked: list[Prompt], prompts: list[Prompt], came: Came) -> frozenset[Effect | None]:
        if came.meaning is Meaning.CORRECTION:
            # What was said before may have been said on another way.
            every = [p for p in self.prompts if p.n < came.n and p.taken and asked[-1].asked.id in p.among]
            every = every or asked  # a voice may have spoken of any of several surveys
            pairs = [(asked[-1], self._before(asked)), (every[-1], self._before(every))]
            about = frozenset().union(*(self._about(p, came) for pair in pairs for p in pair))
            return NOTHING | about | self._given_up(asked[-1], came)
        if came.meaning in ANSWERS:
            return self._answer(asked, prompts, came)
        if came.meaning in MAY_BE_MISREAD:
            return NOTHING | self._given_up(asked[-1], came)
        return NOTHING

    def _given_up(self, newest: Prompt, came: Came) -> frozenset[Effect]:
        """Return that a question is left out, once too much could not be read."""
        misread = self._misread(newest, came) >= MISREADINGS
        return frozenset({_effect(newest, None)}) if misread else frozenset()

    def _is_foreign(self, newest: Prompt, came: Came) -> bool:
        """Tell whether English words answer a question in another language: nobody guesses what they mean."""
        said = came.body.casefold()
        labels = {option.label.casefold() for option in newest.item.options}
        chosen = any(e.meaning is Meaning.LANGUAGE and newest.n < e.n < came.n for e in self.came)
        return (chosen or newest.language != "en") and not NUMBER.fullmatch(said) and said not in labels

    def _answer(self, asked: list[Prompt], prompts: list[Prompt], came: Came) -> frozenset[Effect | None]:
        newest, before = asked[-1], self._before(asked)
        if self._answered_on_the_web(newest, came):
            return NOTHING  # asked again: what was meant has moved on
        if came.value == 1 and self._reminded(newest, came):
            return NOTHING  # "Reply 1 to go on" makes a 1 mean that, and the question is asked again
        about = self._about(newest, came)
        if not about:  # no value of this question: misread, and perhaps for the third time
            at_once = came.at - newest.at < READ_AT_EARLIEST or not newest.certain
            about = self._about(before, came) if at_once else frozenset()
            return NOTHING | about | self._given_up(newest, came)
        if self._unsettled(newest, prompts, came):
            return NOTHING | about | self._about(before, came)
        if came.at - self._first_of(newest, asked).at < READ_AT_EARLIEST:
            return NOTHING | self._about(before, came)
        return about | NOTHING if self._said_already(newest, came) else about

    def _is_queued(self, newest: Prompt, came: Came) -> bool:
        """Tell whether a further question was waiting in the outbox: a dead sender may have claimed it."""
        left = {e.key for e in self.asking if e.n < came.n}
        return any(
            row.invitation_id == newest.asked.id
            and row.key.startswith("question:")
            and row.key not in left
            and newest.at <= row.created_at < came.at
            for row in self.ledger.texts
        )

    def _first_of(self, newest: Prompt, asked: list[Prompt]) -> Prompt:
        """Return the earliest of the texts in a row that asked the same."""
        row = takewhile(lambda p: (p.asked.id, p.item.id) == (newest.asked.id, newest.item.id), asked[::-1])
        return list(row)[-1]

    def _unsettled(self, newest: Prompt, prompts: list[Prompt], came: Came) -> bool:
        """Tell whether nobody could know what is being answered: a question in doubt, or put off."""
        asking = [e for e in self.asking if e.n < came.n]
        doubtful = not newest.certain or prompts[-1] is not newest or asking[-1].n > newest.n
        late = came.at >= newest.asked.expires_at or self._misread(newest, came) > MISREADINGS
        doubtful |= self._is_queued(newest, came) or self._was_elsewhere(newest, came)
        return doubtful or late or self._put_off(newest, came) or self._dead(came)

    def _was_elsewhere(self, newest: Prompt, came: Came) -> bool:
        """Tell whether the person did anything on another way since: what is open may have moved on."""
        between = range(newest.n + 1, came.n)
        others = [e for e in self.came if e.channel is not came.channel]
        return any(e.n in between for e in (*others, *self.ledger.story.of(Stepped, self.phone)))

    def _said_already(self, newest: Prompt, came: Came) -> bool:
        """Tell whether the same was answered before: once more means nothing."""
        earlier = (e for e in self.came if newest.n < e.n < came.n and e.meaning in ANSWERS)
        return any(self._about(newest, e) & self._about(newest, came) for e in earlier)

    def _put_off(self, newest: Prompt, came: Came) -> bool:
        between = range(newest.n, came.n)
        return any(e.meaning is Meaning.DECLINE and e.n in between for e in self.came)

    def _answered_on_the_web(self, newest: Prompt, came: Came) -> bool:
        first = min(e.n for e in self.asking if e.key == newest.key)
        return any(first < e.n < came.n for e in self.ledger.story.of(Webbed, self.phone))

    def _reminded(self, newest: Prompt, came: Came) -> bool:
        """Tell whether a reminder came since: its 1 means to go on."""
        between = range(newest.n + 1, came.n)
        since = [e for e in self.ledger.story.of(Handed, self.phone) if e.n in between and e.fate in TAKEN]
        return any(e.key.startswith(INVITING) for e in since)

    def _dead(self, came: Came) -> bool:
        return any(stop.n < came.n and not stop.by_person for stop in self.stops)

    def _closed(self, asked: Asked, came: Came) -> bool:
        finished = self.ledger.finished_by.get(asked.id)
        return (
            (finished is not None and finished < came.n)
            or any(stop.n < came.n and stop.by_person for stop in self.stops)
            or came.at >= asked.expires_at + LATE
        )

    def _before(self, asked: list[Prompt]) -> Prompt | None:
        newest = asked[-1]
        others = [p for p in asked if p.asked.id == newest.asked.id and p.item.id != newest.item.id]
        return others[-1] if others else None

    def _misread(self, prompt: Prompt, came: Came) -> int:
        """Count what could not be read since a question first went out, this text included."""
        same = [p for p in self.prompts if p.asked.id == prompt.asked.id and p.item.id == prompt.item.id]
        since = range(same[0].n, came.n + 1)
        return sum(
            e.meaning in MAY_BE_MISREAD | ANSWERS or self._is_foreign(prompt, e)
            for e in self.came
            if e.n in since
        )

    def _about(self, prompt: Prompt | None, came: Came) -> frozenset[Effect]:
        if prompt is None:
            return frozenset()
        codes = codes_of(prompt.item, came)
        return frozenset(_effect(prompt, code) for code in codes)


def _effect(prompt: Prompt, code: int | None) -> Effect:
    return Effect(prompt.asked.id, prompt.item.id, code)


def codes_of(item: Item, came: Came | Stepped) -> list[int | None]:
    """Return the codes a text can mean as an answer to an item; none where it is no answer to it."""
    if came.meaning is Meaning.SKIP:
        return [None]
    if came.meaning is Meaning.UNSURE:
        unsure = [option.code for option in item.options if option.kind is OptionKind.NOT_SURE]
        return list(unsure) or [None]
    if came.meaning is Meaning.LABEL:
        said = came.body.casefold()
        codes = [option.code for option in item.options if option.label.casefold() == said]
        # Without such an option it is a skip.
        return list(codes) or ([None] if said in {"does not apply", "not sure"} else [])
    return [option.code for option in item.options if option.code == came.value]
