"""Forgetting calls: that somebody was rung, or rang us."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey_app.hear.conversations.calls.tables import PhoneCall


def forget(session: Session, invitation_ids: Collection[int], addresses: Collection[bytes]) -> None:
    """Delete the calls about some invitations, and everything else that came from some numbers."""
    mine = sa.or_(PhoneCall.invitation_id.in_(invitation_ids), PhoneCall.address_index.in_(addresses))
    session.execute(sa.delete(PhoneCall).where(mine))
