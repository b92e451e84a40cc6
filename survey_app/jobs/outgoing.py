"""What leaves the house on time: due samples and reminders into the outbox, the outbox to the provider."""

from __future__ import annotations

from survey_app.ask.outreach import rounds
from survey_app.ask.outreach.invitations import Hooks
from survey_app.ask.outreach.texts import Texts
from survey_app.ask.sending.dispatch import Dispatcher
from survey_app.ask.sending.gateways.choice import gateways
from survey_app.bootstrap import Runtime
from survey_app.jobs.lease import Fence


def round_of_invitations(runtime: Runtime, fence: Fence | None = None) -> None:
    """Draw what is due and queue invitations and reminders; twice changes nothing."""
    with runtime.database.writing() as session:
        if fence is not None:
            fence.check(session)
        rounds.run(
            session,
            now=runtime.clock(),
            keys=runtime.keys,
            settings=runtime.settings,
            texts=runtime.wording.texts,
        )


def dispatcher(runtime: Runtime) -> Dispatcher:
    """Build the one sender of an installation."""
    return Dispatcher(
        database=runtime.database,
        gateways=gateways(runtime.settings),
        keys=runtime.keys,
        clock=runtime.clock,
        settings=runtime.settings,
        hooks=Hooks(settings=runtime.settings, keys=runtime.keys, clock=runtime.clock),
    )
