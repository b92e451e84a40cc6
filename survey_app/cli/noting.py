"""Commands leave a trace too: by whom on this machine, and what."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from survey_app.accounts.audit.trail import Deed, write

if TYPE_CHECKING:
    from survey_app.bootstrap import Runtime


def note(runtime: Runtime, did: str, about: str = "") -> None:
    """Add a command to the audit trail."""
    with runtime.database.writing() as session:
        write(session, Deed(f"command line, {_user()}", did, about), keys=runtime.keys, now=runtime.clock())


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number nobody has given a name
        return "unnamed user"
