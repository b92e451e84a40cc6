"""A NUL in an address or a reason: PostgreSQL takes none, and no page may break over it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from survey_app.accounts.audit.tables import AuditEntry
from tests.integration.signed_in import csrf_in, enter, settle


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_nul_leads_nowhere_and_breaks_nothing(app, runtime):
    settle(runtime, "admin@example.org")
    admin, _ = enter(app, "admin@example.org")
    form = {"csrf_token": csrf_in(admin, "/account"), "reason": "for the\x00yearly report"}
    for path in ("/dashboard/places/a%00b", "/workspace/teams/%00", "/dashboard/model?place=a%00"):
        assert admin.get(path).status_code == 404
    for path in ("/workspace/teams/a%00b/members", "/workspace/places/%00/name"):
        assert admin.post(path, data=form | {"reason": "plain"}).status_code == 404
    assert app.test_client().get("/t/%00").status_code == 404
    assert admin.post("/workspace/audit/trail.csv", data=form).status_code == 400
    with runtime.database.reading() as session:
        assert session.scalars(sa.select(AuditEntry.reason).where(AuditEntry.reason != "")).all() == []
