"""What an invitation and a reminder say, filled for one person; the link comes in when the text is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.population.tables import ChannelChoice


@dataclass(frozen=True, slots=True)
class Texts:
    """Wording with {sender}, {count} and {link}; who rather answers on a page may get texts of their own."""

    invitation: str
    reminder: str
    web_invitation: str | None = None
    web_reminder: str | None = None
    others: Mapping[str, Texts] = field(default_factory=dict)

    def in_language(self, language: str) -> Texts:
        """Return the texts of a language; these very texts where it has none."""
        return self.others.get(language, self)

    def invitation_for(self, channel: str) -> str:
        """Return the invitation for a channel."""
        return (self.web_invitation if channel == ChannelChoice.WEB else None) or self.invitation

    def reminder_for(self, channel: str) -> str:
        """Return the reminder for a channel."""
        return (self.web_reminder if channel == ChannelChoice.WEB else None) or self.reminder


def filled(text: str, invitation: Invitation, instrument: Instrument, *, sender: str) -> str:
    """Return a text with everything in it but the link, which nobody can read in the outbox."""
    chosen = None if invitation.items is None else tuple(invitation.items)
    count = len(instrument.applicable({}, chosen))
    return text.replace("{sender}", sender).replace("{count}", str(count))
