"""The steps of setting up: each is done on a page of its own, and the database says which are done."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.accounts.factor import has_factor
from survey_app.ask.outreach.tables import Campaign
from survey_app.ask.population.tables import Participant, Place, PlaceKind
from survey_app.settings import GatewayKind, Settings
from survey_app.show.pages.set_up.shipped import has_real_number, is_real


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, where, and whether it is done; `waits` names what must come before."""

    title: str
    hint: str
    href: str
    done: bool
    waits: str = ""


def steps_of(session: Session, settings: Settings, staff_id: int) -> list[Step]:
    """Return what there is to do, in order."""
    n_localities = _n(session, Place, Place.kind == PlaceKind.LOCALITY)
    n_people, n_surveys = _n(session, Participant), _n(session, Campaign)
    return [
        Step("Your account", "You are signed in as administrator of the whole system", "/account", done=True),
        Step(
            "A second step when you sign in",
            "A code from an app on your phone: whoever learns your password cannot get in with it alone",
            "/account",
            done=has_factor(session, staff_id),
        ),
        Step(
            "Places",
            f"{n_localities} {'locality' if n_localities == 1 else 'localities'} so far. Add the places of "
            "your system and the localities below them",
            "/workspace/places",
            done=n_localities > 0,
        ),
        Step(
            "People",
            f"{n_people:,} so far. Send a list of those who may be asked; you see what it does before "
            "anything is stored",
            "/workspace/people",
            done=n_people > 0,
            waits="" if n_localities else "Needs places",
        ),
        Step(
            "Texts, e-mail and addresses",
            "Who carries messages, and who is told when somebody is in danger",
            "/set-up/messages",
            done=all(fit for *_, fit in message_facts(settings)),
        ),
        Step(
            "The first survey",
            "Choose questions, places and how many are asked a week. Nothing is sent until you start it",
            "/workspace/campaigns/new",
            done=n_surveys > 0,
            waits="" if n_people else "Needs people",
        ),
    ]


def trial_of(settings: Settings) -> bool:
    """Tell whether messages stay on this machine."""
    return settings.gateway is GatewayKind.SIMULATOR


def message_facts(settings: Settings) -> list[tuple[str, str, bool]]:
    """Return what the settings say about messages: what, its value, and whether it is fit for real people."""
    carrier = {
        GatewayKind.SIMULATOR: "the simulator: no text leaves this machine",
        GatewayKind.TWILIO: "Twilio",
        GatewayKind.NOTIFY: "GOV.UK Notify",
    }[settings.gateway]
    number = settings.notify_number if settings.gateway is GatewayKind.NOTIFY else settings.twilio_number
    secure = settings.public_base_url.startswith("https://")
    return [
        ("Texts are carried by", carrier, not trial_of(settings)),
        ("Our number", number or "none", bool(number)),
        ("Links begin with", settings.public_base_url, secure),
        ("Texts are from", settings.sender_name, True),
        (
            "E-mail leaves by",
            "your mail server" if settings.smtp_url else "nothing: it is written to a folder",
            bool(settings.smtp_url),
        ),
        ("Told when somebody is in danger", settings.on_call_email, is_real(settings.on_call_email)),
        ("Told when messages do not arrive", settings.operator_email, is_real(settings.operator_email)),
        ("Told that somebody asks to be called", settings.call_back_email, is_real(settings.call_back_email)),
        ("E-mail is from", settings.from_email, is_real(settings.from_email)),
        ("Number people may ring for help", settings.help_phone, has_real_number(settings)),
    ]


def _n(
    session: Session,
    table: type[Place | Participant | Campaign],
    *chosen: sa.ColumnElement[bool],
) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(*chosen)) or 0
