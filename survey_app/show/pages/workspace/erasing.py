"""The page that erases somebody: found, shown as counts, confirmed with a reason, gone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort, render_template, request
from sqlalchemy.orm import Session

from survey_app.accounts.audit.trail import Deed, write
from survey_app.ask.population.addresses import BadAddress
from survey_app.ask.population.phones import BadPhone
from survey_app.hear.erasure.finding import By, Held, find, held_of
from survey_app.hear.erasure.ledger import ledger_file
from survey_app.hear.erasure.rosters import members_of
from survey_app.know.disclosure.erasing import Eraser
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.people import refuse_without_reach
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

WORD = "erase"
LONGEST_REASON = 200
WAYS = {
    By.PHONE: "A telephone number: everybody who is asked on it",
    By.EMAIL: "An e-mail address",
    By.REFERENCE: "Their reference in your records",
    By.TOKEN: "The link to their survey, from a text, an e-mail or a letter",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, what it led to, and what is wrong with it by field."""

    by: str = By.PHONE
    said: str = ""
    reason: str = ""
    held: Held | None = None
    seal: str = ""
    faults: tuple[tuple[str, str], ...] = ()
    done: bool = False


class ErasurePages:
    """Erasing people; it goes through all places, and so must the role."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._eraser = Eraser(needs.keys, needs.library, ledger_file(needs.settings))

    def hang(self, door: Blueprint) -> None:
        """Hang these pages in the workspace."""
        door.add_url_rule("/people/erase", "erase_ask", view_func=self.ask, methods=["GET"])
        door.add_url_rule("/people/erase", "erase_show", view_func=self.show, methods=["POST"])
        door.add_url_rule("/people/erase/confirm", "erase_confirm", view_func=self.confirm, methods=["POST"])

    @who_may(Who.OFFICER)
    def ask(self) -> str:
        """Ask who it is about."""
        return self._page(Asked())

    @who_may(Who.OFFICER)
    def show(self) -> str | tuple[str, int]:
        """Say how much is held of the person, as counts and nothing else."""
        asked = _typed()
        with self._needs.database.reading() as session:
            refuse_without_reach(session)
            if not asked.said:
                return self._page(_with_fault(asked, "said", "Type or paste what you have")), 422
            try:
                standing = self._standing(session, asked)
            except (BadPhone, BadAddress) as bad:
                return self._page(_with_fault(asked, "said", f"What you typed {bad}")), 422
        if standing is None:
            return self._page(_with_fault(asked, "said", "Nobody is known under that")), 422
        return self._page(standing)

    @who_may(Who.OFFICER)
    def confirm(self) -> str | tuple[str, int]:
        """Erase whom the page has shown, and write down why."""
        asked = _typed()
        with self._needs.database.writing() as session:
            refuse_without_reach(session)
            try:
                standing = self._standing(session, asked)
            except (BadPhone, BadAddress):
                abort(409)
            if standing is None or request.form.get("seal") != standing.seal:
                abort(409)  # what was shown is no longer what would go
            if faults := _confirm_faults(asked):
                return self._page(replace(standing, faults=faults)), 422
            self._erase(session, asked, standing.held)
        return self._page(replace(standing, done=True))

    def _standing(self, session: Session, asked: Asked) -> Asked | None:
        keys, by = self._needs.keys, By(asked.by)
        people = find(session, keys, by, asked.said)
        members = members_of(session, keys, people, by, asked.said)
        if not people and not members:
            return None
        held = replace(held_of(session, keys, people), members=len(members))
        return replace(asked, held=held, seal=_seal([*(person.id for person in people), 0, *members]))

    def _erase(self, session: Session, asked: Asked, held: Held | None) -> None:
        now, keys = self._needs.clock(), self._needs.keys
        n_people = self._eraser.erase_known_by(session, By(asked.by), asked.said, now=now)
        about = f"people={n_people} by={asked.by}" + (f" invitations={held.invitations}" if held else "")
        write(session, Deed(signed_in().email, "people erased", about, asked.reason), keys=keys, now=now)

    def _page(self, asked: Asked) -> str:
        with self._needs.database.reading() as session:
            everywhere = Reach(session, signed_in()).everywhere
        return render_template(
            "workspace/erase.html",
            asked=asked,
            everywhere=everywhere,
            ways=[(str(by), words) for by, words in WAYS.items()],
            faults=dict(asked.faults),
            word=WORD,
        )


def _typed() -> Asked:
    form = request.form
    by = form.get("by", "")
    if by not in [*By]:
        abort(400)
    reason = " ".join(form.get("reason", "").split())
    return Asked(by=by, said=form.get("said", "")[:300].replace("\x00", "").strip(), reason=reason)


def _confirm_faults(asked: Asked) -> tuple[tuple[str, str], ...]:
    faults = []
    if not asked.reason:
        faults.append(("reason", "Say why, for example: asked by letter on 2 November"))
    if len(asked.reason) > LONGEST_REASON:
        faults.append(("reason", f"The reason must have at most {LONGEST_REASON} characters"))
    if request.form.get("word", "").strip().lower() != WORD:
        faults.append(("word", f"Type the word {WORD} to confirm"))
    return tuple(faults)


def _with_fault(asked: Asked, field: str, fault: str) -> Asked:
    return replace(asked, faults=((field, fault),))


def _seal(ids: Sequence[int]) -> str:
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:16]
