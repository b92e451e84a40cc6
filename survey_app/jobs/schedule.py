"""The jobs of the clock process: one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from survey_app.ask.sending.dispatch import Dispatcher
from survey_app.bootstrap import Runtime
from survey_app.clock import LONDON
from survey_app.jobs.alerts import escalate_alerts
from survey_app.jobs.climate import report_teams
from survey_app.jobs.conversing import wake_conversations
from survey_app.jobs.counting import catch_up, refresh, top_up
from survey_app.jobs.digests import post_digests
from survey_app.jobs.erasing import apply_ledger, drop_old_lists
from survey_app.jobs.lease import Fence
from survey_app.jobs.outgoing import round_of_invitations, round_of_news
from survey_app.jobs.polling import InboundPoll
from survey_app.jobs.steering import SteeringWatch
from survey_app.jobs.trail import anchor_trail
from survey_app.jobs.tries import drop_old_tries
from survey_app.jobs.verdicts import judge_actions
from survey_app.jobs.waves import tend_waves


@dataclass(frozen=True, slots=True)
class Job:
    """What runs when; every job may run twice and changes nothing the second time."""

    name: str
    trigger: BaseTrigger
    run: Callable[[Fence], object]
    at_start: bool = False


def schedule(runtime: Runtime, dispatcher: Dispatcher) -> tuple[Job, ...]:
    """Return every job of the clock process."""
    # 03:10 exists once on every local date; 01:30 would run twice, or never, when the clocks change.
    at_night = CronTrigger(hour=3, minute=10, timezone=LONDON)
    # Every hour, for a clock that was down or a server that refused; who has a letter gets no other.
    on_monday = CronTrigger(day_of_week="mon", hour="7-19", minute=30, timezone=LONDON)
    poll = InboundPoll(runtime)
    return (
        Job("top-up", IntervalTrigger(seconds=0.5), lambda fence: top_up(runtime, fence)),
        Job("dispatch", IntervalTrigger(seconds=1), lambda _: dispatcher.run_once()),
        Job("invitations", IntervalTrigger(minutes=1), lambda fence: round_of_invitations(runtime, fence)),
        Job("conversations", IntervalTrigger(seconds=20), lambda fence: wake_conversations(runtime, fence)),
        Job("news", IntervalTrigger(minutes=1), lambda fence: round_of_news(runtime, fence)),
        Job("alerts", IntervalTrigger(seconds=30), lambda fence: escalate_alerts(runtime, fence)),
        Job("trail", IntervalTrigger(minutes=1), lambda _: anchor_trail(runtime)),
        Job("waves", IntervalTrigger(minutes=1), lambda fence: tend_waves(runtime, fence), at_start=True),
        Job("erasures", IntervalTrigger(minutes=1), lambda _: apply_ledger(runtime)),
        Job("uploads", IntervalTrigger(minutes=5), lambda _: drop_old_lists(runtime)),
        Job("tries", IntervalTrigger(minutes=10), lambda _: drop_old_tries(runtime)),
        Job("verdicts", IntervalTrigger(minutes=1), lambda fence: judge_actions(runtime, fence)),
        # A top-up whose series could not be stored has counted, and would not look at them again by itself.
        Job("series", IntervalTrigger(minutes=1), lambda fence: refresh(runtime, fence)),
        Job("teams", IntervalTrigger(seconds=10), lambda fence: report_teams(runtime, fence)),
        Job("steering", IntervalTrigger(seconds=1), SteeringWatch(runtime).run),
        Job("inbound", IntervalTrigger(minutes=10), poll.run, at_start=True),
        Job("nightly", at_night, lambda fence: catch_up(runtime, fence)),
        Job("digest", on_monday, lambda _: post_digests(runtime)),
    )
