"""The pages of a simulated world: answers by the link, and the page on which people stop us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_app.ask.outreach import invitations
from survey_app.ask.population import consent
from survey_app.hear.channels.web.visits import Standing, visit
from survey_app.hear.responses.intake import accept
from survey_app.hear.responses.submission import Submission
from survey_app.hear.responses.tables import Channel
from tests.simulation.story import Stopped, Webbed

if TYPE_CHECKING:
    from tests.simulation.world import World

SPOKEN = ("en",)


def answer_by_link(world: World, phone: str, token: str, raw: int | None) -> bool:
    """Answer the next item, as the page does; tell whether there was one."""
    with world.runtime.database.reading() as session:
        found = visit(
            session,
            token,
            keys=world.runtime.keys,
            library=world.runtime.library,
            now=world.clock(),
            spoken=SPOKEN,
        )
    if found is None or found.standing is not Standing.OPEN or found.open_item is None:
        return False
    item, key = found.open_item, f"web{len(world.story.entries)}"
    code = raw if raw is None or raw in {option.code for option in item.options} else 1
    submission = Submission(Channel.WEB, key, found.origin, {item.id: code}, world.clock())
    with world.no_fault("web"), world.runtime.database.writing() as session:
        outcome = accept(session, submission, world.runtime.library).outcome
        world.story.add(
            Webbed, at=world.clock(), phone=phone, key=key, item=item.id, code=code, outcome=str(outcome)
        )
    return True


def stop_by_link(world: World, phone: str, token: str) -> None:
    """Press the button of the opt-out page."""
    with world.no_fault("stop page"), world.runtime.database.writing() as session:
        invitation = invitations.find(session, world.runtime.keys, token)
        consent.withdraw(session, participant_id=invitation.participant_id, at=world.clock())
        invitations.cancel(session, invitation.participant_id)
    world.story.add(Stopped, at=world.clock(), phone=phone, by_person=True, why="stop page")
