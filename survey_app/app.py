"""The web application: every door hung in the foundation's site. It never migrates, schedules or computes."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask, abort, request

from survey_app.ask.population.participants import any_synthetic
from survey_app.ask.sending.gateways import exchange
from survey_app.ask.sending.gateways import simulator as provider
from survey_app.ask.sending.gateways.catalogue import simulated
from survey_app.bootstrap import Runtime
from survey_app.hear.channels import hooks, notify
from survey_app.hear.channels.kiosk import routes as kiosk
from survey_app.hear.channels.voice import routes as voice
from survey_app.hear.channels.web import ballots
from survey_app.hear.channels.web import routes as web
from survey_app.know.evidence.climate.guide import load_guide
from survey_app.settings import CONFIG_DIR
from survey_app.show.api import routes as api
from survey_app.show.digest.desk import Desk
from survey_app.show.pages.accounts import routes as accounts
from survey_app.show.pages.accounts.staffing import routes as staffing
from survey_app.show.pages.climate import routes as climate
from survey_app.show.pages.dashboard import routes as dashboard
from survey_app.show.pages.dashboard.actions import routes as actions
from survey_app.show.pages.letters import routes as letters
from survey_app.show.pages.public import routes as public
from survey_app.show.pages.public import you_said
from survey_app.show.pages.set_up import routes as set_up
from survey_app.show.pages.simulator import calls
from survey_app.show.pages.simulator import post as simulated_post
from survey_app.show.pages.simulator import routes as simulator
from survey_app.show.pages.workspace import routes as workspace
from survey_app.web.access import Who, circles_of
from survey_app.web.site import new_site

Check = Callable[[], str | None]


def create_app(runtime: Runtime, *, checks: dict[str, Check] | None = None) -> Flask:
    """Build the application; `checks` are further reasons why it may not be ready."""
    app = new_site(runtime.settings)
    app.before_request(_closed_unless_marked(app, runtime))
    ready = {"database": _database_check(runtime)} | (checks or {})
    app.register_blueprint(public.blueprint(public.Needs(runtime.settings, ready)))
    app.register_blueprint(you_said.blueprint(runtime.database, _synthetic(runtime)))
    app.register_blueprint(
        web.blueprint(
            web.Needs(runtime.database, runtime.keys, runtime.clock, runtime.library, runtime.settings)
        )
    )
    app.register_blueprint(
        ballots.blueprint(
            ballots.Needs(runtime.database, runtime.keys, runtime.clock, runtime.library, runtime.settings)
        )
    )
    app.register_blueprint(
        kiosk.blueprint(
            kiosk.Needs(
                runtime.database,
                runtime.keys,
                runtime.clock,
                runtime.library,
                runtime.settings.poster_starts_a_day,
            )
        )
    )
    _hang_provider_doors(app, runtime)
    _hang_staff_doors(app, runtime)
    if not runtime.settings.is_production:
        _hang_simulator(app, runtime)
    return app


def _hang_provider_doors(app: Flask, runtime: Runtime) -> None:
    needs = hooks.Needs(
        runtime.database, runtime.clock, runtime.settings, runtime.keys, runtime.library, runtime.wording
    )
    app.register_blueprint(hooks.blueprint(needs))
    app.register_blueprint(notify.blueprint(needs))
    app.register_blueprint(
        voice.blueprint(
            voice.Needs(
                runtime.database,
                runtime.clock,
                runtime.settings,
                runtime.keys,
                runtime.library,
                runtime.wording,
            )
        )
    )


def _hang_staff_doors(app: Flask, runtime: Runtime) -> None:
    gate = accounts.Needs(runtime.database, runtime.keys, runtime.clock, runtime.settings)
    post = app.extensions["account-post"] = staffing.Post(runtime.settings, runtime.clock)
    app.register_blueprint(accounts.blueprint(gate, post))
    app.register_blueprint(
        staffing.blueprint(
            staffing.Needs(
                runtime.database,
                runtime.keys,
                runtime.clock,
                runtime.settings,
                post,
                _synthetic(runtime),
            )
        )
    )
    shown = dashboard.Needs(
        runtime.database,
        runtime.clock,
        runtime.library,
        runtime.model,
        runtime.measures,
        runtime.breakdown,
        _synthetic(runtime),
        runtime.records,
        runtime.frameworks,
        runtime.keys,
    )
    app.register_blueprint(dashboard.blueprint(shown))
    guide = load_guide(CONFIG_DIR / "climate.toml")
    spoken = climate.Needs(runtime.database, runtime.keys, guide, runtime.library, _synthetic(runtime))
    app.register_blueprint(climate.blueprint(spoken))
    acted = actions.Needs(
        runtime.database,
        runtime.clock,
        runtime.keys,
        runtime.settings,
        runtime.wording,
        runtime.measures,
        runtime.concepts,
        _synthetic(runtime),
    )
    app.register_blueprint(actions.blueprint(acted))
    desk = Desk(runtime.keys, runtime.settings, runtime.measures)
    app.register_blueprint(
        letters.blueprint(letters.Needs(runtime.database, runtime.clock, desk, _synthetic(runtime)))
    )
    worked = workspace.Needs(
        runtime.database,
        runtime.clock,
        runtime.keys,
        runtime.library,
        runtime.settings,
        runtime.breakdown,
        _synthetic(runtime),
        runtime.records,
        runtime.wording,
        runtime.model,
    )
    app.register_blueprint(workspace.blueprint(worked))
    read = api.Needs(
        runtime.database, runtime.keys, runtime.clock, runtime.measures, runtime.settings.service_name
    )
    app.register_blueprint(api.blueprint(read))
    began = set_up.Needs(runtime.database, runtime.clock, runtime.keys, runtime.settings)
    app.register_blueprint(set_up.blueprint(began))


def _hang_simulator(app: Flask, runtime: Runtime) -> None:
    needs = simulator.Needs(
        database=runtime.database,
        clock=runtime.clock,
        settings=runtime.settings,
        contents=simulated(runtime.wording.written_by_language, runtime.library.all()),
    )
    app.register_blueprint(simulator.blueprint(needs))
    app.register_blueprint(simulated_post.blueprint(runtime.settings.data_dir))
    app.register_blueprint(calls.blueprint(needs))
    app.register_blueprint(provider.blueprint(needs))
    app.register_blueprint(exchange.blueprint(needs))


def _synthetic(runtime: Runtime) -> Callable[[], bool]:
    def synthetic() -> bool:
        with runtime.database.reading() as session:
            return any_synthetic(session)

    return synthetic


def _closed_unless_marked(app: Flask, runtime: Runtime) -> Callable[[], None]:
    """Deny what says nothing about who may open it, and what is for development only."""

    def check() -> None:
        if request.endpoint is None:
            return
        circles = circles_of(app, request.endpoint)
        if not circles or (Who.DEVELOPMENT in circles and runtime.settings.is_production):
            abort(404)

    return check


def _database_check(runtime: Runtime) -> Check:
    def check() -> str | None:
        try:
            with runtime.database.reading() as session:
                session.execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError as fault:
            return f"the database does not answer: {type(fault).__name__}"
        return None

    return check
