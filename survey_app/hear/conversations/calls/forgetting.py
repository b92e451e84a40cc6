"""Forgetting calls: that somebody was rung, or rang us."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.conversations.calls.tables import PhoneCall


def forget(session: Session, invitation_ids: Collection[int], address_index: bytes | None) -> None:
    """Delete the calls about some invitations, and everything else that came from a number."""
    mine: sa.ColumnElement[bool] = PhoneCall.invitation_id.in_(invitation_ids)
    if address_index is not None:
        mine = sa.or_(mine, PhoneCall.address_index == address_index)
    session.execute(sa.delete(PhoneCall).where(mine))
