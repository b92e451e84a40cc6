"""What leaves the house on time: due samples and reminders into the outbox, the outbox to the provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from survey_app.ask.outreach import rounds
from survey_app.ask.outreach.invitations import Hooks
from survey_app.ask.outreach.panels.opening import close_over
from survey_app.ask.outreach.texts import Texts, Words
from survey_app.ask.outreach.waves.links import WaveLinks
from survey_app.ask.sending.dispatch import Carrier, Dispatcher
from survey_app.ask.sending.gateways.registry import gateways_of, media_of
from survey_app.ask.sending.policy import policy_of
from survey_app.ask.sending.tables import Medium
from survey_app.bootstrap import Runtime
from survey_app.hear.conversations.awaiting import is_awaited
from survey_app.hear.reading.wording import Wording
from survey_app.jobs.lease import Fence
from survey_app.know.improvement.actions.news import is_waiting, tell, teller_of


def round_of_invitations(runtime: Runtime, fence: Fence | None = None) -> None:
    """Draw what is due and queue invitations and reminders; twice changes nothing."""
    texts = replace(texts_of(runtime.wording), media=media_of(runtime.settings))
    with runtime.database.writing() as session:
        if fence is not None:
            fence.check(session)
        rounds.run(
            session,
            now=runtime.clock(),
            keys=runtime.keys,
            settings=runtime.settings,
            texts=texts,
            library=runtime.library,
        )
        close_over(session, runtime.clock())


def texts_of(wording: Wording) -> Texts:
    """Return what invitations and reminders say, by every medium and in every language."""
    say, write = wording.text, wording.write
    mail = Words(
        write("invitation_email"),
        write("reminder_email"),
        write("invitation_email_subject"),
        write("reminder_email_subject"),
    )
    return Texts(
        say("invitation"),
        say("reminder"),
        say("invitation_web"),
        say("reminder_web"),
        others={language: texts_of(other) for language, other in wording.others.items()},
        by_medium={
            Medium.WHATSAPP: Words(write("invitation_whatsapp"), write("reminder_whatsapp")),
            Medium.EMAIL: mail,
            Medium.LETTER: Words(write("invitation_letter"), write("reminder_letter")),
        },
    )


def round_of_news(runtime: Runtime, fence: Fence | None = None) -> int:
    """Queue what people are told about actions; return how many texts. Twice changes nothing."""
    with runtime.database.reading() as session:
        if not is_waiting(session):
            return 0
    with runtime.database.writing() as session:
        if fence is not None:
            fence.check(session)
        return tell(session, teller_of(runtime.settings, runtime.wording, runtime.keys, runtime.clock()))


def dispatcher(runtime: Runtime) -> Dispatcher:
    """Build the one sender of an installation."""
    gateways = gateways_of(runtime.settings, runtime.clock)
    carrier = Carrier(gateways, runtime.keys, hooks_of(runtime), policy_of(runtime.settings))
    return Dispatcher(runtime.database, carrier, runtime.clock)


def hooks_of(runtime: Runtime) -> Hooks:
    """Return what the sender asks the rooms above in the moment of sending."""
    return Hooks(
        runtime.keys,
        runtime.settings,
        runtime.clock,
        printing=_press(runtime),
        others=WaveLinks(runtime.settings.data_dir, runtime.settings.public_base_url),
        awaiting=is_awaited,
    )


def _press(runtime: Runtime) -> Callable[[int, str], bytes]:
    def printed(invitation_id: int, address: str) -> bytes:
        # Imported late: what prints takes a hundred megabytes, and few installations post letters.
        from survey_app.jobs.letters import letter_of

        return letter_of(runtime, invitation_id, address.splitlines())

    return printed
