"""Easy Read on the pages of a survey: offered where questions and facts are both there in the language."""

from __future__ import annotations

from survey_app.ask.instruments.easy import EasyRead, Key, load_easy_read
from survey_app.ask.outreach.tables import Appearance
from survey_app.hear.channels.web.needs import Needs
from survey_app.hear.channels.web.visits import Visit
from survey_app.settings import INSTRUMENTS_DIR
from survey_app.web.phrases import phrases_here


class EasyPages:
    """Easy wording and pictures, loaded once."""

    def __init__(self, needs: Needs) -> None:
        self._easy = load_easy_read(
            INSTRUMENTS_DIR, needs.library, unsigned_too=not needs.settings.is_production
        )

    def of(self, found: Visit) -> EasyRead | None:
        """Return the easy wording for somebody who chose it."""
        if found.appearance is not Appearance.EASY or not self.has(found):
            return None
        return self._easy[_key(found)]

    def has(self, found: Visit) -> bool:
        """Tell whether it can be offered."""
        # The start page says the facts in easy words too: a language has both, or neither is offered.
        key = _key(found)
        return key in self._easy and phrases_here().has_page(key[-1], "easy")


def _key(found: Visit) -> Key:
    return found.instrument.id, found.instrument.version, found.instrument.language
