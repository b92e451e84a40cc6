"""Our site beside a provider that runs on this machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_app.app import create_app
from tests import fake_oidc
from tests.fake_oidc import CLIENT, SECRET
from tests.integration.signed_in import settle
from tests.integration.signing_on import EAST, LEAD


@pytest.fixture
def provider(clock):
    with fake_oidc.serve(clock) as served:
        for number, email in enumerate((LEAD, EAST, "nobody-here@example.org")):
            served.people[email] = {"sub": f"subject-{number}", "email": email, "email_verified": True}
        yield served


@pytest.fixture
def site(runtime, provider):
    """Return a maker of our site, signed on to the provider."""
    settle(runtime, LEAD, EAST)

    def make(**changed):
        told = {"sso_issuer": provider.base, "sso_name": "Kentmere ID", "sso_client_id": CLIENT}
        told |= {"sso_client_secret": SECRET} | changed
        return create_app(replace(runtime, settings=replace(runtime.settings, **told)))

    return make
