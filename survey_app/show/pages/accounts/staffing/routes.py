"""The door of staff accounts."""

from __future__ import annotations

from flask import Blueprint

from survey_app.show.pages.accounts.staffing.joining import JoinPages
from survey_app.show.pages.accounts.staffing.needs import Needs
from survey_app.show.pages.accounts.staffing.pages import StaffPages
from survey_app.show.pages.accounts.staffing.post import Post

__all__ = ["Needs", "Post", "blueprint"]


def blueprint(needs: Needs) -> Blueprint:
    """Return the door of staff accounts."""
    door = Blueprint("staffing", __name__)
    StaffPages(needs).hang(door)
    JoinPages(needs).hang(door)
    by_password = not needs.settings.sso_only
    door.context_processor(lambda: {"synthetic": needs.synthetic(), "by_password": by_password})
    return door
