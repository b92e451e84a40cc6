"""What the audit trail says in words: each address that changes something, as a person would tell it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "accounts.change_password": "changed their password",
        "accounts.confirm": "turned on a code at sign-in",
        "accounts.enrol": "began to set up a code at sign-in",
        "accounts.enter": "signed in",
        "accounts.keep_passkey": "made a passkey",
        "accounts.leave": "signed out",
        "accounts.make_token": "made a token for a program",
        "accounts.offer_passkey": "began to make a passkey",
        "accounts.password": "gave their password, and was asked for a code",
        "accounts.recover": "took new recovery codes",
        "accounts.remove_passkey": "removed a passkey",
        "accounts.revoke_token": "revoked a token",
        "accounts.sso": "signed in by single sign-on",
        "actions.create": "planned an action",
        "actions.cycle": "planned a cycle of an action",
        "actions.learnt": "said what a cycle taught",
        "actions.move": "moved an action on",
        "actions.reword": "changed what people are told",
        "actions.rewrite": "changed an action",
        "actions.tell": "published, texted or took down what people are told",
        "actions.write": "wrote what people are told",
        "dashboard.annotate": "added a note to a chart",
        "dashboard.figures_taken": "asked for all figures in a file",
        "dashboard.rebase": "started new lines on a chart",
        "dashboard.scorecard_begin": "began a scorecard",
        "dashboard.scorecard_discard": "threw a draft of a scorecard away",
        "dashboard.scorecard_document": "printed a scorecard",
        "dashboard.scorecard_keep": "saved a step of a scorecard",
        "dashboard.series_document": "printed a chart",
        "dashboard.set_target": "set or ended a target",
        "dashboard.take_back": "took new lines of a chart back",
        "dashboard.withdraw": "withdrew a note from a chart",
        "letters.turn": "turned their weekly e-mail on or off",
        "set_up.finish": "closed the set-up",
        "staffing.give": "gave somebody a role",
        "staffing.invite": "invited somebody",
        "staffing.move": "closed, opened or unlocked an account",
        "staffing.take": "took a role away",
        "staffing.take_back": "took an invitation back",
        "workspace.alert_closed": "closed an alert",
        "workspace.audit_give": "asked for a copy of the audit trail",
        "workspace.called": "said what came of a call",
        "workspace.create": "made a survey",
        "workspace.erase_confirm": "confirmed an erasure",
        "workspace.erase_show": "looked up how much is held about somebody",
        "workspace.forms_print": "printed paper forms",
        "workspace.groups_confirm": "confirmed which places are counted together",
        "workspace.left_alone_show": "checked a list of people to leave alone",
        "workspace.left_alone_take": "took a list of people to leave alone",
        "workspace.letters_print": "asked for letters",
        "workspace.letters_taken": "took letters as a file",
        "workspace.list_columns": "said what the columns of a list are",
        "workspace.list_drop": "deleted a list before it was taken",
        "workspace.list_take": "took a list of people",
        "workspace.move": "started, paused or ended a survey",
        "workspace.panel_close": "closed a round of a panel",
        "workspace.panel_open": "opened a round of a panel",
        "workspace.paper_desk": "changed how many people key each form",
        "workspace.paper_find": "opened a paper form",
        "workspace.paper_key": "keyed a paper form",
        "workspace.people_send": "sent a list of people",
        "workspace.place_add": "added a place",
        "workspace.place_close": "closed a place",
        "workspace.place_move": "moved a place, or looked at what that would do",
        "workspace.place_name": "renamed a place",
        "workspace.place_open": "opened a place again",
        "workspace.place_stay": "took a planned move of a place back",
        "workspace.poster_end": "ended the code of a poster",
        "workspace.poster_make": "made a poster",
        "workspace.poster_print": "printed a poster",
        "workspace.records_show": "checked a file of records",
        "workspace.records_take": "took a file of records",
        "workspace.seen": "took an alert on",
        "workspace.team_let_go": "said that somebody left a team",
        "workspace.team_list": "added a list of people to a team",
        "workspace.team_make": "made a team",
        "workspace.team_put_on": "added somebody to a team",
        "workspace.wave_move": "moved a wave on",
        "workspace.wave_plan": "planned a wave",
        "workspace.wave_pool": "chose the teams of a wave",
    }
)
NAMED = re.compile(r"\b([a-z]+)(?:_id)?=")
"""How an entry names what it is about; the copy of the trail keeps it to the letter."""


def deed_words(did: str) -> str:
    """Say what somebody did; what a command or a job wrote down stands in words already."""
    return WORDS.get(did, did)


def about_words(about: str) -> str:
    """Say what a deed was about, without the signs of its form."""
    return NAMED.sub(r"\1 ", about)
