"""What an invitation and a reminder say, filled for one person; the link comes in when the text is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.ask.instruments.model import Instrument
from survey_app.ask.outreach.tables import Invitation
from survey_app.ask.population.tables import ChannelChoice
from survey_app.ask.sending.gateways.templates import filled as template_filled
from survey_app.ask.sending.outbox import CALL_BODY
from survey_app.ask.sending.tables import Medium, MessageKind


@dataclass(frozen=True, slots=True)
class Words:
    """What one medium says at the start and as a reminder; e-mail has a subject too."""

    invitation: str
    reminder: str
    subject: str | None = None
    reminder_subject: str | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """Wording with {sender}, {count} and {link}; who rather answers on a page may get texts of their own."""

    invitation: str
    reminder: str
    web_invitation: str | None = None
    web_reminder: str | None = None
    by_medium: Mapping[Medium, Words] = field(default_factory=dict)
    media: frozenset[Medium] = frozenset({Medium.TEXT})  # by which they can be sent here
    others: Mapping[str, Texts] = field(default_factory=dict)  # by language

    def in_language(self, language: str) -> Texts:
        """Return the texts of a language; these very texts where it has none."""
        return self.others.get(language, self)

    def invitation_for(self, channel: str) -> str:
        """Return the invitation for a channel."""
        return (self.web_invitation if channel == ChannelChoice.WEB else None) or self.invitation

    def reminder_for(self, channel: str) -> str:
        """Return the reminder for a channel."""
        return (self.web_reminder if channel == ChannelChoice.WEB else None) or self.reminder

    def words(self, medium: Medium, channel: str) -> Words:
        """Return what one medium says; a text of whoever rather answers on a page has words of its own."""
        usual = Words(self.invitation_for(channel), self.reminder_for(channel))
        return self.by_medium.get(medium, usual)


@dataclass(frozen=True, slots=True)
class Said:
    """One message's words, as the outbox keeps them."""

    body: str
    subject: str | None = None
    template: dict[str, object] | None = None


def message_of(
    texts: Texts,
    kind: MessageKind,
    medium: Medium,
    invitation: Invitation,
    instrument: Instrument,
    sender: str,
) -> Said:
    """Return the words of an invitation or a reminder; nobody is asked in a language the questions lack."""
    if medium is Medium.CALL:
        return Said(CALL_BODY)
    language = instrument.in_language(invitation.language).language
    words = texts.in_language(language).words(medium, invitation.channel)
    again = kind is MessageKind.REMINDER
    wording, subject = words.reminder if again else words.invitation, words.subject
    if again and words.reminder_subject:
        subject = words.reminder_subject
    values: dict[str, object] = {"sender": sender, "count": count_of(invitation, instrument)}
    template: dict[str, object] | None = None
    if medium is Medium.WHATSAPP:
        language = language if language in texts.others else "en"
        made = template_filled("reminder" if again else "invitation", language, wording, values)
        template = {"name": made.name, "language": made.language, "values": list(made.values)}
    return Said(_put(wording, values), _put(subject, values) if subject else None, template)


def filled(text: str, invitation: Invitation, instrument: Instrument, *, sender: str) -> str:
    """Return a text with everything in it but the link, which nobody can read in the outbox."""
    return _put(text, {"sender": sender, "count": count_of(invitation, instrument)})


def count_of(invitation: Invitation, instrument: Instrument) -> int:
    """Return how many questions a person is asked."""
    chosen = None if invitation.items is None else tuple(invitation.items)
    return len(instrument.applicable({}, chosen))


def _put(text: str, values: Mapping[str, object]) -> str:
    for place, value in values.items():
        text = text.replace("{" + place + "}", str(value))
    return text
