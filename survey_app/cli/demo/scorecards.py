"""The demonstration's scorecard: what the invented system wants to change, and how it will know."""

from __future__ import annotations

from survey_app.bootstrap import Runtime
from survey_app.cli.demo import world
from survey_app.know.improvement.scorecards import store
from survey_app.know.improvement.scorecards.plan import Pick, Plan, Question

BY = "Ada Lead"
PLAN = Plan(
    name="Joined-up care board",
    owner="Integration lead",
    answers={
        Question.AMBITION: (
            "By next spring people in Harbour and Vale who need several services will say that they "
            "have a say in their care, and that moving between services no longer sets them back."
        ),
        Question.CARE: (
            "One team for each locality with district nurses, social workers and the practices. One "
            "named person whom people can call. A plan written together before anybody moves between "
            "services."
        ),
        Question.OUTCOMES: (
            "People notice that they are asked, that they get what they need to know, and that carers "
            "are helped. Staff notice that they no longer ask twice."
        ),
        Question.MEASURABLE: (
            "People's answers tell us about having a say, information, moves, community and "
            "carers. Nobody asks staff yet, and nothing tells us what the new way of working costs."
        ),
        Question.USE: (
            "The partnership board looks at it every month. A triangle gets a named person who finds "
            "out what happened. Grey circles are left alone. No place is ranked by it."
        ),
    },
    picks=(
        Pick("outcomes.experience.1", ("ex.life.mean",), "Integration lead"),
        Pick("outcomes.experience.2", ("ex.info.mean",), "Communications"),
        Pick("outcomes.experience.5", ("ex.community.mean",), "Voluntary sector"),
        Pick("enablers.governance.3", ("ex.say.mean",), "Co-production group"),
        Pick("components.coordinated.5", ("ex.moves.mean",), "Discharge team"),
        Pick("components.personcentred.5", ("ex.carer.mean",), "Carers' lead"),
        Pick("outcomes.services.5", ("ex.moves.top",), "Discharge team"),
        Pick("impact.wellbeing.2", ("ex.life.top",), "Public health"),
        Pick("impact.quality.2", ("ex.info.top", "ex.say.top"), "Quality lead"),
        Pick("impact.value.1"),
    ),
)


def make_scorecard(runtime: Runtime) -> int:
    """Save the scorecard's first version as the builder would, and return its id."""
    now = runtime.clock()
    with runtime.database.writing() as session:
        made = store.create(session, world.SYSTEM, PLAN, by=BY, now=now)
        store.save_version(session, made, "The first board, agreed by the partnership", by=BY, now=now)
    return made
