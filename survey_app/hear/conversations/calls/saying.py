"""Putting into words what a call says: openings, questions, endings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from survey_app.ask.instruments.model import Item
from survey_app.hear.conversations import outlets
from survey_app.hear.conversations.calls.speech import Line, Pace, Speech, hints_of, place_in
from survey_app.hear.conversations.turn import Conversing, Survey

PACES = (Pace.PLAIN, Pace.SLOW, Pace.SLOWEST)
OFFER_KEYS = "2345678"
"""At the opening 1 starts, 9 stops and 0 explains."""
MISSED = ("", "missed", "missed_again")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Speaks to one person: in the language of the questions, or in English."""

    needs: Conversing
    survey: Survey | None

    @property
    def language(self) -> str:
        """Return the language of the call."""
        asked = self.survey.instrument.language if self.survey is not None else "en"
        return asked if self.needs.wording.speaks(asked) else "en"

    def line(self, name: str, **values: object) -> Line:
        """Return one line of the wording's [spoken] table."""
        settings = self.needs.settings
        known = {"service": settings.service_name, "help_phone": settings.help_phone}
        return Line(self.needs.wording.speech(name, self.language, **known, **values), name)

    def ending(self, *names: str) -> Speech:
        """Return the last words of a call."""
        return self._speech([self.line(name) for name in names], waits=False)

    def opening(self, name: str, *, misses: int = 0, before: tuple[Line, ...] = ()) -> Speech:
        """Return what a call begins with, slower each time it was not understood."""
        survey = self.survey
        item = survey.instrument.next_item(survey.answers, survey.origin.items) if survey else None
        number, total = place_in(survey, item) if survey is not None else (1, 1)
        said = self.line(name.partition(":")[0], number=number, total=total)
        offers = [] if ":" in name or name == "no_survey" else self._offers()
        lines = [*before, *offers, *self._missed(misses), said]
        return replace(self._speech(lines, misses=misses), hints=("one", "start", "stop", "again"))

    def languages(self) -> dict[str, str]:
        """Return the other languages in which these questions can be asked by voice, by the key for each."""
        if self.survey is None:
            return {}
        released = self.needs.library.get(self.survey.instrument.id, self.survey.instrument.version)
        able = [code for code in released.languages if self.needs.wording.speaks(code)]
        return dict(zip(OFFER_KEYS, (code for code in able if code != self.language), strict=False))

    def _offers(self) -> list[Line]:
        wording = self.needs.wording
        return [
            Line(wording.speech("offer", code, key=key), "offer", code)
            for key, code in self.languages().items()
        ]

    def question(
        self, survey: Survey, item: Item, *, misses: int = 0, before: tuple[Line, ...] = ()
    ) -> Speech:
        """Return a question with its number."""
        number, total = place_in(survey, item)
        numbered = self.line("question", number=number, total=total)
        lines = [
            *before,
            *self._missed(misses),
            Line(numbered.words, f"question-{number}"),
            Line(item.spoken, item.id),
        ]
        return replace(self._speech(lines, misses=misses), hints=hints_of(item))

    def slower(self, speech: Speech) -> Speech:
        """Return the same, said more slowly."""
        return replace(speech, pace=Pace.SLOW)

    def lines(self, said: list[outlets.Line]) -> tuple[Line, ...]:
        """Return the lines of a turn as they are spoken."""
        spoken = [self.line(line.phrase.name, **_without_brackets(line.phrase)) for line in said]
        return tuple(line for line in spoken if line.words)

    def lead(self, prompt: outlets.Prompt) -> tuple[Line, ...]:
        """Return what stands before a question: the answer we understood."""
        if prompt.lead is None:
            return ()
        return (self.line(prompt.lead.name, **_without_brackets(prompt.lead)),)

    def _missed(self, misses: int) -> list[Line]:
        name = MISSED[min(misses, 2)]
        return [self.line(name)] if name else []

    def _speech(self, lines: list[Line], *, misses: int = 0, waits: bool = True) -> Speech:
        listener = self.survey.origin.language if self.survey is not None else "en"
        return Speech(tuple(lines), self.language, listener, PACES[min(misses, 2)], waits)


def _without_brackets(phrase: outlets.Phrase) -> dict[str, object]:
    # "3 (Mostly)" is for the eye: a voice says "3, Mostly".
    return {name: str(value).replace(" (", ", ").replace(")", "") for name, value in phrase.values.items()}
